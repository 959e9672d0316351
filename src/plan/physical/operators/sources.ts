/** Where rows come from, and what raises their time and mends their changes. */
import { pathText } from '../../../catalog/table.js';
import { plainType, toPlanExpression } from '../../logical/plan-expression.js';
import { expressionText, literalText, sqlTypeText, type TextStyle } from '../expression-text.js';
import type { Rel, SourceOp, ValuesOp } from '../rel.js';
import {
  always, asBelow, asItIs, conditionOf, never, orNull, passesFullDelete, passesOldRow, type RowsOf,
} from './row.js';
import { inputOf, nameAt, nameList, namesAt } from './text.js';

function sourceText(op: SourceOp, rel: Rel): string {
  const { catalog, database, name } = op.table.path;
  const limit = op.limit === undefined ? '' : `, limit=[${op.limit}]`;
  return `TableSourceScan(table=[[${catalog}, ${database}, ${name}${limit}]], ` +
    `fields=[${nameList(rel.schema).join(', ')}])`;
}

/** Strings are shown without their type. */
function valuesText(op: ValuesOp, { schema }: Rel, style: TextStyle): string {
  const shown = schema.map(({ type }) =>
    (type.root === 'VARCHAR' ? { ...type, root: 'CHAR' as const } : type));
  const rows = op.rows.map((row) => `{ ${row.map((value, i) =>
    literalText(value, shown[i], 'prefix')).join(', ')} }`);
  const fields = schema.map((field) => `${sqlTypeText(field.type, false)} ${field.name}`);
  const type = style === 'prefix' ? `type=[RecordType(${fields.join(', ')})], ` : '';
  return `Values(${type}tuples=[[${rows.join(', ')}]])`;
}

export const SOURCES: RowsOf<
  'source' | 'values' | 'watermark-assigner' | 'drop-update-before' | 'changelog-normalize'
> = {
  source: {
    describe: sourceText,
    payload: ({ hasUpdateBefore: _kinds, ...op }) => ({
      ...op, table: pathText(op.table.path),
      columns: op.columns.map((one) => ({ ...one, type: plainType(one.type) })),
      tableSchema: op.tableSchema.map(({ name, type }) => ({ name, type: plainType(type) })),
    }),
    signature: (op) =>
      [op.kind, op.connector, pathText(op.table.path), op.columns.map((one) => one.path)],
  },
  values: { describe: valuesText, payload: asItIs },
  'watermark-assigner': {
    describe: (op, rel, style) => {
      const input = inputOf(rel);
      return `WatermarkAssigner(rowtime=[${nameAt(input, op.rowtime)}], ` +
        `watermark=[${expressionText(op.watermark, nameList(input), style)}])`;
    },
    payload: (op) => ({ ...op, watermark: toPlanExpression(op.watermark) }),
    signature: (op) => [op.kind, op.rowtime, toPlanExpression(op.watermark)],
    takesOldRow: passesOldRow, canDropOldRows: asBelow, takesFullDelete: passesFullDelete,
    expressions: (node) => [node.watermark],
  },
  'drop-update-before': {
    describe: () => 'DropUpdateBefore',
    payload: asItIs, takesOldRow: always, takesFullDelete: passesFullDelete,
  },
  'changelog-normalize': {
    describe: (op, rel, style) => {
      const input = inputOf(rel);
      const where = op.condition === null ? ''
        : `, condition=[${expressionText(op.condition, nameList(input), style)}]`;
      return `ChangelogNormalize(key=[${namesAt(input, op.keys)}]${where})`;
    },
    payload: ({ kind, keys, condition }, { oldRow, context }) => ({
      kind, keys, generateUpdateBefore: oldRow, condition: orNull(condition),
      stateTtlMs: context.stateTtlMs,
    }),
    signature: (op) => [op.kind, op.keys, orNull(op.condition)],
    takesOldRow: never, takesFullDelete: never, expressions: conditionOf,
  },
};
