/**
 * Reading a catalog table: the records' columns, then the computed columns, then the watermark.
 */
import { fail } from '../../errors/index.js';
import type { CatalogTable } from '../../catalog/table.js';
import { withNullable, type DataType, type RowField } from '../../types/data-type.js';
import { project, watermark } from '../logical/build.js';
import { column, constant, type Expression } from '../logical/expression.js';
import type { LogicalNode, Scan } from '../logical/node.js';
import { coerce } from './cast.js';
import { ExpressionBinder } from './expression-binder.js';
import { scopeOf } from './scope.js';
import type { BindSession } from './session.js';
import { isSourceWatermark } from './watermark-call.js';

/** Time attributes and constraints as the table declares them; output in declared order. */
export function scanTable(
  session: BindSession, table: CatalogTable, hints: Readonly<Record<string, string>> = {},
): LogicalNode {
  const scan = bareScan(table, { ...table.options, ...hints });
  const computed = withComputedColumns(session, table, scan);
  if (table.watermark === null) return computed;
  const { column: name, expression } = table.watermark;
  const rowtime = computed.schema.findIndex((field) => field.name === name);
  const type = computed.schema[rowtime]?.type;
  if (type === undefined) return fail('MR2002', { name });
  if (isSourceWatermark(expression)) return withSourceWatermark(computed, rowtime, type, scan);
  const binder = new ExpressionBinder(session, scopeOf([table.path.name], computed.schema),
    { clause: 'WATERMARK', aggregates: false, over: false });
  return watermark(computed, rowtime, coerce(binder.bind(expression), type, binder.zone));
}

/** Rows of a TypeScript program come without watermarks; other connectors have none to give. */
function withSourceWatermark(
  input: LogicalNode, rowtime: number, type: DataType, { options }: Scan,
): LogicalNode {
  const connector = options['connector'] ?? '';
  if (connector !== 'values') {
    fail('MR2100', { feature: `SOURCE_WATERMARK() of the connector ${connector}` });
  }
  return watermark(input, rowtime, constant(null, withNullable(type, true)));
}

/** The columns that come from outside: physical and metadata ones. */
function bareScan(table: CatalogTable, options: Readonly<Record<string, string>>): Scan {
  const stored = table.columns.flatMap((one): readonly RowField[] =>
    one.kind === 'computed' ? [] : [{ name: one.name, type: keyed(table, one.name, one.type) }]);
  return Object.freeze({
    kind: 'scan', table, options, schema: stored,
    columns: stored.map((field) => ({ path: [field.name], type: field.type })),
  });
}

/** Columns of a primary key are NOT NULL. */
function keyed(table: CatalogTable, name: string, type: DataType): DataType {
  return table.primaryKey.includes(name) ? { ...type, nullable: false } : type;
}

function withComputedColumns(
  session: BindSession, table: CatalogTable, scan: Scan,
): LogicalNode {
  if (!table.columns.some((one) => one.kind === 'computed')) return scan;
  const binder = new ExpressionBinder(session, scopeOf([table.path.name], scan.schema),
    { clause: 'a computed column', aggregates: false, over: false });
  const byName = new Map(scan.schema.map((field, i) => [field.name, column(i, field.type)]));
  const expressions = table.columns.map((one): Expression =>
    one.kind === 'computed' ? binder.bind(one.expression)
      : byName.get(one.name) ?? fail('MR2002', { name: one.name }));
  return project(scan, expressions, table.columns.map((one) => one.name));
}

