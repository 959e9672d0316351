/** Flink's texts of Correlate and LookupJoin; the row a function is called for is `$cor0`. */
import type { DataType, RowField } from '../../types/data-type.js';
import type { TableFunctionCall } from '../logical/node.js';
import { expressionText, sqlTypeText, type TextStyle } from './expression-text.js';
import type { CorrelateOp, LookupJoinOp, Rel } from './rel.js';

const SHOWN_NAMES: Readonly<Record<TableFunctionCall['function'], string>> = {
  unnest: '$UNNEST_ROWS$1', 'unnest-with-ordinality': '$UNNEST_ROWS_WITH_ORDINALITY$1',
  'replicate-rows': '$REPLICATE_ROWS$1',
};

export function correlateText(
  op: CorrelateOp | LookupJoinOp, rel: Rel, style: TextStyle,
): string {
  if (op.kind === 'lookup-join') return lookupJoinText(op, rel, style);
  const input = rel.inputs[0]?.schema ?? [];
  const isAlone = rel.inputs[0]?.op.kind === 'values';
  const shown = isAlone ? rel.schema.slice(input.length) : rel.schema;
  const { call } = op;
  const name = SHOWN_NAMES[call.function];
  const own = input.map((field) => `$cor0.${field.name}`);
  const list = (names: readonly string[], separator: string): string =>
    call.arguments.map((one) => expressionText(one, names, style)).join(separator);
  const isReplication = call.function === 'replicate-rows';
  const invocation = isReplication ? list([], ', ') : list(own, ', ');
  const correlate = isReplication ? list(input.map((field) => field.name), ',') : invocation;
  const condition = op.condition === null ? ''
    : `, condition=[${expressionText(op.condition, [], 'prefix')}]`;
  return `Correlate(invocation=[${name}(${invocation})], ` +
    `correlate=[table(${name}(${correlate}))], ` +
    `select=[${shown.map((field) => field.name).join(',')}], ` +
    `rowType=[RecordType(${fieldsText(shown)})], ` +
    `joinType=[${op.joinType.toUpperCase()}]${condition})`;
}

/** Each key of the table with what it is looked up by. */
function lookupJoinText(op: LookupJoinOp, rel: Rel, style: TextStyle): string {
  const names = (rel.inputs[0]?.schema ?? []).map((field) => field.name);
  const { catalog, database, name } = op.source.table.path;
  const keys = op.keys.map((key, i) => {
    const value = op.arguments[i];
    return `${op.fields[key]?.name}=${value === undefined ? ''
      : expressionText(value, names, style)}`;
  });
  const where = op.condition === null ? '' : `where=[${expressionText(op.condition,
    op.fields.map((field) => field.name), style)}], `;
  return `LookupJoin(table=[${catalog}.${database}.${name}], ` +
    `joinType=[${op.joinType === 'left' ? 'LeftOuterJoin' : 'InnerJoin'}], ` +
    `lookup=[${keys.join(', ')}], ${where}` +
    `select=[${rel.schema.map((field) => field.name).join(', ')}])`;
}

const fieldsText = (fields: readonly RowField[]): string =>
  fields.map((field) => `${nestedText(field.type)} ${field.name}`).join(', ');

function nestedText(type: DataType): string {
  switch (type.root) {
    case 'ARRAY':
    case 'MULTISET':
      return `${type.element === undefined ? 'NULL' : nestedText(type.element)} ${type.root}`;
    case 'MAP': {
      const [key, value] = [type.key, type.element].map((one) =>
        (one === undefined ? 'NULL' : nestedText(one)));
      return `(${key}, ${value}) MAP`;
    }
    case 'ROW':
      return `RecordType:peek_no_expand(${fieldsText(type.fields ?? [])})`;
    default:
      return sqlTypeText(type, false);
  }
}
