/**
 * One value of any type as bytes that say themselves where they end: the form in which operators
 * keep values of ROW, ARRAY, MAP and MULTISET types. native/columnar/cell.h describes the bytes;
 * equal values have equal bytes. Cells never leave an operator: snapshots hold columns.
 */
import type { DataType, PhysicalName } from '../types/data-type.js';
import { ColumnBuilder } from './builder.js';
import type { Column } from './column.js';
import { CellReader } from './cell-reader.js';
import type { HeapBuilder } from './strings.js';

const SCRATCH = new Uint8Array(8);
const SINGLE = new Float32Array(SCRATCH.buffer, 0, 1);
const DOUBLE = new Float64Array(SCRATCH.buffer);

/** Whether values of this form are kept as cells. */
export function isNested(physical: PhysicalName): boolean {
  return physical === 'row' || physical === 'array' || physical === 'map';
}

/** Appends the cell of a row; returns where it starts. */
export function appendCell(heap: HeapBuilder, column: Column, row: number): number {
  const start = heap.end;
  putValue(heap, column, row);
  return start;
}

/** A column of cells; a length of 0 is NULL. */
export function decodeCells(
  type: DataType, heap: Uint8Array, starts: Int32Array, lengths: Int32Array,
): Column {
  const builder = new ColumnBuilder(type, starts.length);
  const reader = new CellReader(heap);
  for (let i = 0; i < starts.length; i++) {
    reader.at = starts[i]!;
    if (lengths[i] === 0) builder.appendNull();
    else builder.appendCell(reader);
  }
  return builder.finish();
}

/** Gives a column that was only allocated the values of cells. */
export function fillFromCells(
  out: Column, heap: Uint8Array, starts: Int32Array, lengths: Int32Array,
): void {
  const decoded = decodeCells(out.type, heap, starts, lengths);
  out.length = decoded.length;
  out.values = decoded.values;
  out.validity = decoded.validity;
  out.starts = decoded.starts;
  out.lengths = decoded.lengths;
  out.heap = decoded.heap;
  out.children = decoded.children;
}

function putValue(heap: HeapBuilder, column: Column, row: number): void {
  if (column.isNull(row)) {
    putByte(heap, 0);
    return;
  }
  putByte(heap, 1);
  const at = column.constant ? 0 : row;
  const { values } = column;
  switch (column.physical) {
    case 'bool':
    case 'i8':
      putByte(heap, values[at]!);
      return;
    case 'i16':
      putByte(heap, values[at]!);
      putByte(heap, values[at]! >> 8);
      return;
    case 'i32':
      putWord(heap, values[at]!);
      return;
    case 'i64':
      putWords(heap, values as Int32Array, 2 * at, 2);
      return;
    case 'i128':
      putWords(heap, values as Int32Array, 4 * at, 4);
      return;
    case 'f32':
      SINGLE[0] = Number.isNaN(values[at]!) ? NaN : values[at]!;
      heap.append(SCRATCH, 0, 4);
      return;
    case 'f64':
      DOUBLE[0] = Number.isNaN(values[at]!) ? NaN : values[at]!;
      heap.append(SCRATCH, 0, 8);
      return;
    case 'string':
    case 'bytes':
      putWord(heap, column.lengths[at]!);
      heap.append(column.heap, column.starts[at]!, column.lengths[at]!);
      return;
    case 'row':
      for (const child of column.children) putValue(heap, child, at);
      return;
    case 'array':
    case 'map':
      putItems(heap, column, at);
      return;
    case 'null':
      return;
  }
}

function putItems(heap: HeapBuilder, column: Column, at: number): void {
  const start = column.starts[at]!;
  const length = column.lengths[at]!;
  putWord(heap, length);
  for (let i = 0; i < length; i++) {
    for (const child of column.children) putValue(heap, child, start + i);
  }
}

function putByte(heap: HeapBuilder, byte: number): void {
  heap.reserve(1);
  heap.bytes[heap.end++] = byte;
}

/** Appends 32 bits, lowest byte first. */
export function putWord(heap: HeapBuilder, word: number): void {
  heap.reserve(4);
  const { bytes, end } = heap;
  bytes[end] = word;
  bytes[end + 1] = word >> 8;
  bytes[end + 2] = word >> 16;
  bytes[end + 3] = word >> 24;
  heap.end += 4;
}

function putWords(heap: HeapBuilder, words: Int32Array, from: number, count: number): void {
  for (let i = 0; i < count; i++) putWord(heap, words[from + i]!);
}
