/** Views of a table's columns as fields. */
import { withNullable, type DataType, type RowField } from '../types/data-type.js';
import type { CatalogTable } from './table.js';

/** The columns that stand in the records, in order. */
export function physicalFields(table: CatalogTable): readonly RowField[] {
  return table.columns.flatMap((one): readonly RowField[] =>
    one.kind === 'physical' ? [{ name: one.name, type: typeIn(table, one.name, one.type) }] : []);
}

/** Columns of a primary key are NOT NULL. */
function typeIn(table: CatalogTable, name: string, type: DataType): DataType {
  return table.primaryKey.includes(name) ? withNullable(type, false) : type;
}
