/**
 * A batch as an apache-arrow RecordBatch. Buffers are shared where the layouts agree (fixed-width
 * values), packed where they differ (booleans to bits, string views to offsets).
 */
import type * as arrowModule from 'apache-arrow';
import type { DataType, RowField } from '../types/data-type.js';
import { toArrowField, toArrowType, type Arrow } from './arrow-types.js';
import type { Batch } from './batch.js';
import type { Column } from './column.js';
import { materialized } from './take.js';

/** Selected rows only; row kinds and watermarks are not carried. */
export function toRecordBatch(
  arrow: Arrow, batch: Batch, fields: readonly RowField[],
): arrowModule.RecordBatch {
  const dense = materialized(batch);
  const schema = new arrow.Schema(fields.map((f) => toArrowField(arrow, f.name, f.type)));
  const children = dense.columns.map((column, i) =>
    toArrowData(arrow, column, fields[i]?.type ?? column.type, dense.rowCount));
  const struct = new arrow.Struct(schema.fields);
  const data = arrow.makeData({ type: struct, length: dense.rowCount, children });
  return new arrow.RecordBatch(schema, data);
}

/** The column must be flat and hold at least `rowCount` rows. */
function toArrowData(
  arrow: Arrow, column: Column, type: DataType, rowCount: number,
): arrowModule.Data {
  const arrowType = toArrowType(arrow, type);
  const base = { type: arrowType, length: rowCount, ...validityOf(column, rowCount) };
  switch (column.physical) {
    case 'null':
      return arrow.makeData({ type: new arrow.Null(), length: rowCount });
    case 'bool':
      return arrow.makeData({ ...base, data: packBits(column.values, rowCount) } as never);
    case 'string':
    case 'bytes':
      return arrow.makeData({ ...base, ...packText(column, rowCount) } as never);
    case 'row':
      return arrow.makeData({
        ...base,
        children: column.children.map((child) =>
          toArrowData(arrow, child, child.type, rowCount)),
      } as never);
    case 'array':
    case 'map':
      return arrow.makeData({
        ...base, ...packRanges(arrow, column, arrowType, rowCount),
      } as never);
    default:
      return arrow.makeData({ ...base, data: wordsOf(column, rowCount) } as never);
  }
}

function validityOf(column: Column, rowCount: number): object {
  if (column.validity === null) return { nullCount: 0 };
  return { nullCount: -1, nullBitmap: column.validity.slice(0, (rowCount + 7) >> 3) };
}

function packBits(values: ArrayLike<number>, rowCount: number): Uint8Array {
  const bits = new Uint8Array((rowCount + 7) >> 3);
  for (let row = 0; row < rowCount; row++) {
    if (values[row] !== 0) bits[row >> 3]! |= 1 << (row & 7);
  }
  return bits;
}

function packText(column: Column, rowCount: number): object {
  const valueOffsets = new Int32Array(rowCount + 1);
  for (let row = 0; row < rowCount; row++) {
    const length = column.isNull(row) ? 0 : column.lengths[row]!;
    valueOffsets[row + 1] = valueOffsets[row]! + length;
  }
  const data = new Uint8Array(valueOffsets[rowCount]!);
  for (let row = 0; row < rowCount; row++) {
    const length = valueOffsets[row + 1]! - valueOffsets[row]!;
    const start = column.starts[row]!;
    if (length > 0) data.set(column.heap.subarray(start, start + length), valueOffsets[row]!);
  }
  return { valueOffsets, data };
}

/** Ranges must lie in order and without gaps, as `materialized` leaves them. */
function packRanges(
  arrow: Arrow, column: Column, arrowType: arrowModule.DataType, rowCount: number,
): object {
  const valueOffsets = new Int32Array(rowCount + 1);
  for (let row = 0; row < rowCount; row++) {
    valueOffsets[row + 1] = valueOffsets[row]! + (column.isNull(row) ? 0 : column.lengths[row]!);
  }
  const count = valueOffsets[rowCount]!;
  const children = column.children.map((child) => toArrowData(arrow, child, child.type, count));
  if (column.physical === 'array') return { valueOffsets, child: children[0] };
  const entries = arrowType.children[0]!.type;
  const child = arrow.makeData({ type: entries, length: count, children } as never);
  return { valueOffsets, child };
}

/** i64 and i128 are paired words here and 64-bit or 32-bit words in Arrow: the same bytes. */
function wordsOf(column: Column, rowCount: number): ArrayBufferView {
  const { values } = column;
  if (column.physical === 'i64') {
    const aligned = values.byteOffset % 8 === 0 ? values : values.slice(0, rowCount * 2);
    return new BigInt64Array(aligned.buffer, aligned.byteOffset, rowCount);
  }
  if (column.physical === 'i128') {
    return new Uint32Array(values.buffer, values.byteOffset, rowCount * 4);
  }
  return values.subarray(0, rowCount);
}
