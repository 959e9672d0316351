/** Rows of a column in any order, with NULL where there is none. */
import type { DataType } from '../types/data-type.js';
import { allocateColumn, Column, fullValidity } from './column.js';
import { flattened, take } from './take.js';

/** In a list of rows: none. */
export const ABSENT = -1;

/** The rows under another type of the same form. */
export function takeOrNull(column: Column, rows: Int32Array, type: DataType): Column {
  const count = rows.length;
  const hasAbsent = rows.includes(ABSENT);
  if (!hasAbsent) {
    return retyped(column.constant ? flattened(column, count) : take(column, rows), type);
  }
  const isAbsent = (i: number): boolean => rows[i] === ABSENT;
  if (column.length === 0) return withNullsWhere(allocateColumn(type, count), count, () => true);
  const taken = column.constant ? flattened(column, count)
    : take(column, rows.map((row) => (row === ABSENT ? 0 : row)));
  return withNullsWhere(retyped(taken, type), count, isAbsent);
}

/** Marks rows NULL, in the column itself. */
export function withNullsWhere(
  column: Column, rowCount: number, isNull: (row: number) => boolean,
): Column {
  let { validity } = column;
  for (let i = 0; i < rowCount; i++) {
    if (!isNull(i)) continue;
    validity ??= fullValidity(rowCount);
    validity[i >> 3]! &= ~(1 << (i & 7));
  }
  column.validity = validity;
  return column;
}

/** The same values under another type. */
export function retyped(column: Column, type: DataType): Column {
  return new Column(
    type, column.length, column.values, column.validity, column.starts, column.lengths,
    column.heap, column.children, column.constant,
  );
}
