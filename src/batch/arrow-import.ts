/**
 * An apache-arrow RecordBatch as a batch of ours. Values are shared where the layouts agree and
 * copied where they differ.
 */
import type * as arrowModule from 'apache-arrow';
import { physicalOf, type DataType } from '../types/data-type.js';
import type { Arrow } from './arrow-types.js';
import { Batch } from './batch.js';
import { Column, setNull, type Values } from './column.js';
import { columnOf, type Value } from './values.js';

const NO_BYTES = new Uint8Array(0);

/** `types` names our type of each column, as `fromArrowType` gave or the user declared. */
export function fromRecordBatch(
  arrow: Arrow, source: arrowModule.RecordBatch, types: readonly DataType[],
): Batch {
  const columns = types.map((type, i) => {
    const vector = source.getChildAt(i);
    const data = vector?.data[0];
    if (data === undefined) throw new Error(`record batch has no column ${i}`);
    return fromData(arrow, data, type);
  });
  return new Batch(source.numRows, columns);
}

function fromData(arrow: Arrow, data: arrowModule.Data, type: DataType): Column {
  const physical = physicalOf(type);
  if (arrow.DataType.isDictionary(data.type) || !sharesLayout(arrow, data, type)) {
    return convert(arrow, data, type);
  }
  const length = data.length;
  const column = new Column(type, length, NO_BYTES, validityOf(data));
  if (physical === 'string' || physical === 'bytes') return withText(column, data);
  if (physical === 'row') {
    column.children = (type.fields ?? []).map((field, i) =>
      fromData(arrow, sliceOf(data, data.children[i]!), field.type));
    return column;
  }
  column.values = valuesOf(data, physical);
  return column;
}

/** A struct's children do not carry the struct's own offset. */
function sliceOf(parent: arrowModule.Data, child: arrowModule.Data): arrowModule.Data {
  return child.length === parent.length ? child : child.slice(parent.offset, parent.length);
}

function sharesLayout(arrow: Arrow, data: arrowModule.Data, type: DataType): boolean {
  const { DataType: is } = arrow;
  const physical = physicalOf(type);
  if (physical === 'null' || physical === 'array' || physical === 'map') return false;
  if (is.isInt(data.type)) return data.type.isSigned;
  if (is.isDate(data.type)) return data.type.unit === arrow.DateUnit.DAY;
  if (is.isTime(data.type)) return data.type.unit === arrow.TimeUnit.MILLISECOND;
  if (is.isDuration(data.type)) return data.type.unit === arrow.TimeUnit.MILLISECOND;
  if (is.isTimestamp(data.type)) return data.type.unit !== arrow.TimeUnit.SECOND;
  if (is.isFloat(data.type)) return data.type.precision !== arrow.Precision.HALF;
  return !is.isLargeUtf8(data.type) && !is.isLargeBinary(data.type);
}

function validityOf(data: arrowModule.Data): Uint8Array | null {
  if (data.nullCount === 0 || data.nullBitmap === undefined || data.nullBitmap === null) {
    return null;
  }
  const bits = new Uint8Array((data.length + 7) >> 3);
  for (let row = 0; row < data.length; row++) {
    const at = data.offset + row;
    if ((data.nullBitmap[at >> 3]! & (1 << (at & 7))) !== 0) bits[row >> 3]! |= 1 << (row & 7);
  }
  return bits;
}

function withText(column: Column, data: arrowModule.Data): Column {
  const offsets = data.valueOffsets as Int32Array;
  column.starts = offsets.slice(0, column.length);
  column.lengths = new Int32Array(column.length);
  for (let row = 0; row < column.length; row++) {
    column.lengths[row] = offsets[row + 1]! - offsets[row]!;
  }
  column.heap = data.values as Uint8Array;
  return column;
}

function valuesOf(data: arrowModule.Data, physical: string): Values {
  if (physical === 'bool') {
    const bytes = new Uint8Array(data.length);
    const bits = data.values as Uint8Array;
    for (let row = 0; row < data.length; row++) {
      const at = data.offset + row;
      bytes[row] = (bits[at >> 3]! >> (at & 7)) & 1;
    }
    return bytes;
  }
  const values = data.values as ArrayBufferView;
  if (physical === 'i64') return new Int32Array(values.buffer, values.byteOffset, data.length * 2);
  if (physical === 'i128') return new Int32Array(values.buffer, values.byteOffset, data.length * 4);
  return values as Values;
}

/** The slow way, value by value, for layouts that differ: dictionaries, seconds, unsigned. */
function convert(arrow: Arrow, data: arrowModule.Data, type: DataType): Column {
  const vector = new arrow.Vector([data]);
  const values: Value[] = [];
  for (let row = 0; row < data.length; row++) {
    values.push(convertValue(arrow, vector.get(row) as unknown, data.type, type));
  }
  const column = columnOf(type, values);
  values.forEach((value, row) => {
    if (value === null && !column.isNull(row)) setNull(column, row);
  });
  return column;
}

function convertValue(
  arrow: Arrow, value: unknown, from: arrowModule.DataType, type: DataType,
): Value {
  if (value === null || value === undefined) return null;
  const { DataType: is } = arrow;
  const source = is.isDictionary(from) ? from.dictionary as arrowModule.DataType : from;
  const number = typeof value === 'bigint' ? value : Number(value);
  if (is.isTimestamp(source)) return BigInt(number);
  if (is.isDate(source)) return Math.floor(Number(value) / 86_400_000);
  if (is.isTime(source)) return timeOfDay(Number(value), source.unit);
  switch (physicalOf(type)) {
    case 'string': return String(value);
    case 'bytes': return value as Uint8Array;
    case 'bool': return Boolean(value);
    case 'i64':
    case 'i128': return BigInt(number);
    default: return Number(value);
  }
}

/** Milliseconds of a time of day counted in Arrow's unit. */
function timeOfDay(value: number, unit: number): number {
  return Math.floor([value * 1e3, value, value / 1e3, value / 1e6][unit] ?? value);
}
