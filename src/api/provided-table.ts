/** Tables whose rows TypeScript provides: rows, changes, Arrow tables. */
import type * as arrow from 'apache-arrow';
import { fromRecordBatch } from '../batch/arrow-import.js';
import { fromArrowType, type Arrow } from '../batch/arrow-types.js';
import { Batch } from '../batch/batch.js';
import type { Column } from '../batch/column.js';
import { columnOf, valueAt, type Value } from '../batch/values.js';
import { errorOf } from '../errors/index.js';
import { withNullable, type RowField } from '../types/data-type.js';
import type { BatchProvider, TableRead } from './external-data.js';
import { batchOfRows, type InputChange, type InputRow } from './rows-import.js';
import { parseSchema } from './schema.js';

export interface ProvidedTable {
  readonly columns: readonly RowField[];
  readonly provider: BatchProvider;
}

/** MR2020 without a schema (columns as DDL text). */
export function rowsTable(rows: readonly InputRow[], schema: string | undefined): ProvidedTable {
  if (schema === undefined) throw errorOf('MR2020', {});
  return { columns: parseSchema(schema), provider: (read) => changeBatches(read, rows) };
}

/** Rows, or changes with their kinds, cut into batches. */
export function* changeBatches(
  { columns, tableSchema, batchRows }: TableRead,
  rows: readonly InputRow[] | readonly InputChange[],
): Generator<Batch> {
  const isChange = (row: InputRow | InputChange): row is InputChange =>
    !Array.isArray(row) && 'kind' in row && 'row' in row;
  const areChanges = rows.every(isChange);
  for (let start = 0; start < rows.length; start += batchRows) {
    const part = rows.slice(start, start + batchRows);
    if (!areChanges) yield batchOfRows(columns, tableSchema, part as readonly InputRow[]);
    else {
      const changes = part as readonly InputChange[];
      yield batchOfRows(columns, tableSchema, changes.map((one) => one.row),
        changes.map((one) => one.kind));
    }
  }
}

/** MR2100 for an Arrow type that has none of ours. */
export function arrowTable(library: Arrow, table: arrow.Table): ProvidedTable {
  const columns = table.schema.fields.map((field): RowField => {
    const type = fromArrowType(library, field.type, field.nullable);
    if (type === null) {
      throw errorOf('MR2100', { feature: `Arrow type ${String(field.type)} of ${field.name}` });
    }
    return { name: field.name, type };
  });
  const names = columns.map((column) => column.name);
  return {
    columns,
    *provider(read) {
      for (const source of table.batches) {
        const batch = fromRecordBatch(library, source, columns.map((column) => column.type));
        yield new Batch(batch.rowCount, read.columns.map(({ path }) =>
          columnAtPath(batch.columns[names.indexOf(path[0] ?? '')]!, path.slice(1))));
      }
    },
  };
}

/** A field of nested rows as a column; NULL below a NULL row. */
function columnAtPath(column: Column, [name, ...rest]: readonly string[]): Column {
  if (name === undefined) return column;
  const at = (column.type.fields ?? []).findIndex((field) => field.name === name);
  const values = Array.from({ length: column.length }, (_, row): Value => {
    const value = valueAt(column, row) as readonly Value[] | null;
    return value?.[at] ?? null;
  });
  return columnAtPath(columnOf(withNullable(column.type.fields![at]!.type, true), values), rest);
}
