/** Functions that make rows of a row, of a table's changes, of a pattern of rows. */
import { pathText } from '../../../catalog/table.js';
import type { DataType, RowField } from '../../../types/data-type.js';
import { columnsIn, conjunction, conjuncts, type Expression } from '../../logical/expression.js';
import { plainType, toPlanExpression } from '../../logical/plan-expression.js';
import type { TableFunctionCall } from '../../logical/node.js';
import {
  expressionText, recordTypeText, sqlTypeText, type TextStyle,
} from '../expression-text.js';
import { lookupReload } from '../lookup-reload.js';
import type { MatchExpression } from '../match-plan.js';
import type { MatchNode } from '../plan.js';
import type { CorrelateOp, LookupJoinOp, MatchOp, Rel, ShownCall } from '../rel.js';
import {
  always, asBelow, never, orNull, passesOldRow, type RowsOf,
} from './row.js';
import { inputOf, nameList, namesAt, orderText, risingTime, selectText } from './text.js';

const SHOWN_NAMES: Readonly<Record<TableFunctionCall['function'], string>> = {
  unnest: '$UNNEST_ROWS$1', 'unnest-with-ordinality': '$UNNEST_ROWS_WITH_ORDINALITY$1',
  'replicate-rows': '$REPLICATE_ROWS$1',
};

/** The row a function is called for is `$cor0`. */
function correlateText(op: CorrelateOp, rel: Rel, style: TextStyle): string {
  const input = inputOf(rel);
  const isAlone = rel.inputs[0]?.op.kind === 'values';
  const shown = isAlone ? rel.schema.slice(input.length) : rel.schema;
  const { call } = op;
  const name = SHOWN_NAMES[call.function];
  const own = input.map((field) => `$cor0.${field.name}`);
  const list = (names: readonly string[], separator: string): string =>
    call.arguments.map((one) => expressionText(one, names, style)).join(separator);
  const isReplication = call.function === 'replicate-rows';
  const invocation = isReplication ? list([], ', ') : list(own, ', ');
  const correlate = isReplication ? list(nameList(input), ',') : invocation;
  const condition = op.condition === null ? ''
    : `, condition=[${expressionText(op.condition, [], 'prefix')}]`;
  return `Correlate(invocation=[${name}(${invocation})], ` +
    `correlate=[table(${name}(${correlate}))], ` +
    `select=[${nameList(shown).join(',')}], ` +
    `rowType=[RecordType(${fieldsText(shown)})], ` +
    `joinType=[${op.joinType.toUpperCase()}]${condition})`;
}

/** Each key of the table with what it is looked up by. */
function lookupJoinText(op: LookupJoinOp, rel: Rel, style: TextStyle): string {
  const names = nameList(inputOf(rel));
  const { catalog, database, name } = op.source.table.path;
  const keys = op.keys.map((key, i) => {
    const value = op.arguments[i];
    return `${op.fields[key]?.name}=${value === undefined ? ''
      : expressionText(value, names, style)}`;
  });
  const where = lookupConditionText(op, names, style);
  return `LookupJoin(table=[${catalog}.${database}.${name}], ` +
    `joinType=[${op.joinType === 'left' ? 'LeftOuterJoin' : 'InnerJoin'}], ` +
    `lookup=[${keys.join(', ')}], ${where}${selectText(rel)})`;
}

/** Flink writes the parts that are about both sides without anything between them. */
function lookupConditionText(
  { condition, conditionSeesInput, fields }: LookupJoinOp, input: readonly string[],
  style: TextStyle,
): string {
  if (condition === null) return '';
  const names = nameList(fields);
  if (conditionSeesInput !== true) return `where=[${expressionText(condition, names, style)}], `;
  const parts = conjuncts(condition);
  const isInside = (part: Expression): boolean => {
    const used = [...columnsIn(part)];
    return used.length > 0 && used.every((index) => index >= input.length);
  };
  const both = [...input, ...names];
  const inside = conjunction(parts.filter(isInside));
  const across = parts.filter((part) => !isInside(part))
    .map((part) => expressionText(part, both, 'prefix'));
  return `${inside === null ? '' : `where=[${expressionText(inside, both, style)}], `}` +
    `joinCondition=[${across.join('')}], `;
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

function processFunctionText({ invocation, uid }: ShownCall, { schema }: Rel): string {
  return `ProcessTableFunction(invocation=[${invocation}], uid=[${uid}], ` +
    `select=[${nameList(schema).join(',')}], rowType=[${recordTypeText(schema)}])`;
}

/** The Execution Plan shows plain strings and no NOT NULL. */
function matchText(op: MatchOp, rel: Rel, style: TextStyle): string {
  const { shown } = op;
  const input = inputOf(rel);
  const keys = namesAt(input, op.partition);
  const order = orderText([risingTime(op.timeColumn), ...op.orderBy], input);
  const measures = shown.measures.map((one, i) => {
    const text = style === 'prefix' ? one
      : one.replaceAll("_UTF-16LE'", "'").replaceAll(' NOT NULL)', ')');
    return `${text} AS ${rel.schema[op.partition.length + i]?.name ?? i}`;
  });
  const subset = shown.subsets.length === 0 ? '' : `subset=[${shown.subsets.join(', ')}], `;
  return `Match(${keys === '' ? '' : `partitionBy=[${keys}], `}orderBy=[${order}], ` +
    `measures=[${measures.join(', ')}], rowsPerMatch=[ONE ROW PER MATCH], ` +
    `after=[${shown.after}], pattern=[${shown.pattern}], ${subset}` +
    `define=[{${shown.define.join(', ')}}])`;
}

/** Of measures and of conditions. */
export const matchExpressions = (node: MatchNode): readonly MatchExpression[] =>
  [...node.measures, ...node.conditions.flatMap((one) => one ?? [])];

const plainField = ({ name, type }: RowField): RowField => ({ name, type: plainType(type) });

export const FUNCTIONS: RowsOf<
  'correlate' | 'lookup-join' | 'to-changelog' | 'from-changelog' | 'match'
> = {
  correlate: {
    describe: correlateText,
    payload: ({ kind, joinType, call, condition }) => ({
      kind, function: call.function, joinType,
      arguments: call.arguments.map(toPlanExpression), condition: orNull(condition),
    }),
    signature: ({ kind, joinType, call, condition }) =>
      [kind, joinType, call.function, call.arguments.map(toPlanExpression), orNull(condition)],
    takesOldRow: passesOldRow, canDropOldRows: asBelow,
    expressions: (node) =>
      (node.condition === null ? node.arguments : [...node.arguments, node.condition]),
  },
  'lookup-join': {
    describe: lookupJoinText,
    payload: ({
      kind, joinType, source, fields, keys, arguments: values, condition, conditionSeesInput,
    }, { context }) => ({
      kind, joinType, keys, arguments: values.map(toPlanExpression), condition: orNull(condition),
      reload: lookupReload(source.options), mostRows: context.lookupMostRows,
      ...(conditionSeesInput === true ? { conditionSeesInput } : {}),
      table: {
        connector: source.connector, options: source.options, format: source.format,
        table: pathText(source.table.path), schema: fields.map(plainField),
        columns: source.columns.map((one) => ({ ...one, type: plainType(one.type) })),
        tableSchema: source.tableSchema.map(plainField),
      },
    }),
    signature: (op) => [op.kind, op.joinType, op.source.connector, pathText(op.source.table.path),
      op.keys, op.arguments.map(toPlanExpression), orNull(op.condition),
      ...(op.conditionSeesInput === true ? ['both'] : [])],
    takesOldRow: passesOldRow, canDropOldRows: asBelow,
    expressions: (node) =>
      (node.condition === null ? node.arguments : [...node.arguments, node.condition]),
  },
  'to-changelog': {
    describe: (op, rel) => processFunctionText(op.shownAs, rel),
    payload: ({ shownAs: _shown, ...rest }) => rest,
    signature: (op) => [op.kind, op.codes],
    takesOldRow: always,
  },
  'from-changelog': {
    describe: (op, rel) => processFunctionText(op.shownAs, rel),
    payload: ({ shownAs: _shown, ...rest }) => rest,
    signature: (op) => [op.kind, op.opColumn, op.codes, op.kinds],
    canDropOldRows: never,
  },
  match: {
    describe: matchText,
    payload: ({ timeColumn: _time, shown: _shown, ...rest }) => rest,
    signature: ({ shown: _shown, variables: _names, ...rest }) => rest,
    expressions: (node) => matchExpressions(node).flatMap((one) =>
      [one.expression, ...one.groups.flatMap((group) => group.values)]),
  },
};
