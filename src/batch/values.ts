/**
 * Single values of columns as JavaScript values, for edges where rows are wanted one by one
 * (printing, constant folding, tests). Hot loops read the typed arrays.
 *
 *     bool                boolean
 *     i8 i16 i32 f32 f64  number
 *     i64, i128           bigint (timestamps in ticks, decimals unscaled)
 *     string              string
 *     bytes               Uint8Array
 *     row, array          list of values
 *     map, multiset       list of [key, value]
 */
import type { LiteralValue } from '../plan/physical/plan.js';
import { physicalOf, type DataType } from '../types/data-type.js';
import { ColumnBuilder } from './builder.js';
import { type Column, readBigI64 } from './column.js';
import { readI128 } from './int128.js';
import { bytesAt, textAt } from './strings.js';

/** A value of any type; null of any type. */
export type Value = LiteralValue | readonly Value[];

/** The value of a row. Bytes are copied. */
export function valueAt(column: Column, row: number): Value {
  if (column.isNull(row)) return null;
  const at = column.constant ? 0 : row;
  switch (column.physical) {
    case 'bool':
      return column.values[at] !== 0;
    case 'i64':
      return readBigI64(column.values as Int32Array, at);
    case 'i128':
      return readI128(column.values as Int32Array, at);
    case 'string':
      return textAt(column, at);
    case 'bytes':
      return bytesAt(column, at).slice();
    case 'row':
      return column.children.map((child) => valueAt(child, at));
    case 'array':
      return range(column, at, (i) => valueAt(column.children[0]!, i));
    case 'map':
      return range(column, at, (i) => column.children.map((child) => valueAt(child, i)));
    case 'null':
      return null;
    default:
      return column.values[at]!;
  }
}

function range(column: Column, at: number, read: (index: number) => Value): readonly Value[] {
  const start = column.starts[at]!;
  return Array.from({ length: column.lengths[at]! }, (_, i) => read(start + i));
}

/** Like valueAt where the type is no row, array or map. */
export function literalAt(column: Column, row: number): LiteralValue {
  const value = valueAt(column, row);
  if (isList(value)) throw new Error(`no literal form of ${column.type.root}`);
  return value;
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** A constant column of one value. */
export function constantColumn(type: DataType, value: Value): Column {
  const column = columnOf(type, [value]);
  column.constant = true;
  return column;
}

/** A column of the given values. */
export function columnOf(type: DataType, values: readonly Value[]): Column {
  const builder = new ColumnBuilder(type, values.length);
  for (const value of values) builder.append(value);
  return builder.finish();
}

/** Whether values of this type stand in a plan as literals. */
export function hasLiteralForm(type: DataType): boolean {
  const physical = physicalOf(type);
  return physical !== 'row' && physical !== 'array' && physical !== 'map';
}
