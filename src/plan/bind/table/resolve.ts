/**
 * A draft checked as a whole: names are there and unique, expressions have types, the row time is
 * a timestamp, the key stands on physical columns. What options mean is settled when the table is
 * read or written.
 */
import { fail, suggest, type Position } from '../../../errors/index.js';
import type {
  CatalogTable, TableColumn, TableDistribution, WatermarkDefinition,
} from '../../../catalog/table.js';
import { notNull, type RowField } from '../../../types/data-type.js';
import { ExpressionBinder } from '../expression-binder.js';
import { scopeOf } from '../scope.js';
import type { BindSession } from '../session.js';
import { isSourceWatermark } from '../watermark-call.js';
import type { DraftColumn, DraftName, TableDraft } from './draft.js';

export function resolveTable(session: BindSession, draft: TableDraft): CatalogTable {
  checkUnique(draft.columns);
  const key = keyNames(draft);
  const columns = typedColumns(session, draft, key);
  const { distribution, comment, partitions } = draft;
  const table: CatalogTable = {
    kind: 'table', path: draft.path, temporary: draft.temporary, columns,
    options: draft.options, primaryKey: key,
    ...(key.length === 0 ? {} : { primaryKeyName: draft.primaryKey?.name ?? keyName(key) }),
    partitionedBy: draft.partitionedBy.map((one) => knownColumn(columns, one)),
    watermark: watermarkIn(draft, columns),
    ...(distribution === null ? {} : { distribution: distributionIn(distribution, columns) }),
    ...(partitions.length === 0 ? {} : { partitions }),
    ...(comment === undefined ? {} : { comment }),
  };
  checkWatermark(session, table, draft.watermark?.position);
  return table;
}

const keyName = (columns: readonly string[]): string => `PK_${columns.join('_')}`;

function checkUnique(columns: readonly DraftColumn[]): void {
  const names = new Set<string>();
  for (const { name, position } of columns) {
    if (names.has(name)) fail('MR2010', { name: `column ${name}` }, { position });
    names.add(name);
  }
}

function keyNames({ primaryKey, columns }: TableDraft): readonly string[] {
  if (primaryKey === null) return [];
  const names = primaryKey.columns.map((one) => knownColumn(columns, one));
  for (const [i, name] of names.entries()) {
    const position: Position | undefined = primaryKey.columns[i]?.position;
    if (names.indexOf(name) < i) {
      fail('MR2016', { detail: `column ${name} is twice in the primary key` }, { position });
    }
    if (columns.find((one) => one.name === name)?.kind !== 'physical') {
      const detail = `a primary key stands on physical columns: ${name}`;
      fail('MR2016', { detail }, { position });
    }
  }
  return names;
}

/** Computed columns see the physical and metadata columns, wherever those stand. */
function typedColumns(
  session: BindSession, { columns, path }: TableDraft, key: readonly string[],
): readonly TableColumn[] {
  const stored = columns.flatMap((one): readonly RowField[] =>
    one.kind === 'computed' ? []
      : [{ name: one.name, type: key.includes(one.name) ? notNull(one.type) : one.type }]);
  const binder = new ExpressionBinder(session, scopeOf([path.name], stored),
    { clause: 'a computed column', aggregates: false, over: false });
  return columns.map((one): TableColumn => {
    const { position: _written, ...column } = one;
    if (column.kind === 'computed') {
      return { ...column, type: binder.bind(column.expression).type };
    }
    const field = stored.find((other) => other.name === one.name);
    return { ...column, type: field?.type ?? column.type };
  });
}

function knownColumn(
  columns: readonly { readonly name: string }[], { name, position }: DraftName,
): string {
  if (columns.some((one) => one.name === name)) return name;
  const suggestion = suggest(name, columns.map((one) => one.name));
  return fail('MR2002', { name, suggestion }, { position });
}

function distributionIn(
  { columns: names, ...rest }: NonNullable<TableDraft['distribution']>,
  columns: readonly TableColumn[],
): TableDistribution {
  const physical = columns.filter((one) => one.kind === 'physical');
  if (rest.buckets !== undefined && rest.buckets < 1) {
    fail('MR2016', { detail: `a table has at least one bucket: ${rest.buckets}` });
  }
  return { ...rest, columns: names.map((one) => knownColumn(physical, one)) };
}

function watermarkIn(
  { watermark }: TableDraft, columns: readonly TableColumn[],
): WatermarkDefinition | null {
  if (watermark === null) return null;
  const { column: name, expression, text, position } = watermark;
  knownColumn(columns, { name, ...(position === undefined ? {} : { position }) });
  const type = columns.find((one) => one.name === name)?.type;
  const isTime = type?.root === 'TIMESTAMP' || type?.root === 'TIMESTAMP_LTZ';
  if (!isTime || (type.precision ?? 0) > 3) {
    const detail = `the row time must be TIMESTAMP(p) or TIMESTAMP_LTZ(p) with p up to 3: ${name}`;
    fail('MR2007', { detail }, { position });
  }
  return { column: name, expression, text };
}

/** Binds the expression once, so that a wrong watermark is an error of the definition. */
function checkWatermark(session: BindSession, table: CatalogTable, position?: Position): void {
  if (table.watermark === null || isSourceWatermark(table.watermark.expression)) return;
  const binder = new ExpressionBinder(session, scopeOf([table.path.name], table.columns),
    { clause: 'WATERMARK', aggregates: false, over: false });
  const { root } = binder.bind(table.watermark.expression).type;
  if (root === 'TIMESTAMP' || root === 'TIMESTAMP_LTZ') return;
  fail('MR2007', { detail: `a watermark must be a timestamp, not ${root}` }, { position });
}
