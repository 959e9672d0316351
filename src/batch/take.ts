/**
 * Rearranging rows: gather by index, slice, concatenate, and doing away with selections.
 * Strings keep their heap where they can: bytes are copied by `concat` and `compacted` only.
 */
import { Batch } from './batch.js';
import { allocateValues, Column, fullValidity, type Values } from './column.js';
import { HeapBuilder } from './strings.js';

const NO_RANGES = new Int32Array(0);

/** The rows at `indexes`, in that order; shares heap and collection items. Constant stays so. */
export function take(column: Column, indexes: Int32Array): Column {
  if (column.constant) return column;
  const count = indexes.length;
  const isRow = column.physical === 'row';
  return new Column(
    column.type, count,
    takeValues(column, indexes),
    takeValidity(column, indexes),
    takeInts(column.starts, indexes), takeInts(column.lengths, indexes),
    column.heap,
    isRow ? column.children.map((child) => take(child, indexes)) : column.children,
  );
}

function takeValues(column: Column, indexes: Int32Array): Values {
  const count = indexes.length;
  const from = column.values;
  const to = allocateValues(column.physical, count);
  if (column.physical === 'i64') takeWords(from as Int32Array, to as Int32Array, indexes, 2);
  else if (column.physical === 'i128') takeWords(from as Int32Array, to as Int32Array, indexes, 4);
  else if (to.length > 0) for (let i = 0; i < count; i++) to[i] = from[indexes[i]!]!;
  return to;
}

function takeWords(from: Int32Array, to: Int32Array, indexes: Int32Array, words: number): void {
  for (let i = 0; i < indexes.length; i++) {
    const at = indexes[i]! * words;
    for (let k = 0; k < words; k++) to[i * words + k] = from[at + k]!;
  }
}

function takeInts(from: Int32Array, indexes: Int32Array): Int32Array {
  if (from.length === 0) return NO_RANGES;
  const to = new Int32Array(indexes.length);
  for (let i = 0; i < to.length; i++) to[i] = from[indexes[i]!]!;
  return to;
}

function takeValidity(column: Column, indexes: Int32Array): Uint8Array | null {
  const from = column.validity;
  if (from === null) return null;
  const to = new Uint8Array((indexes.length + 7) >> 3);
  for (let i = 0; i < indexes.length; i++) {
    const row = indexes[i]!;
    if ((from[row >> 3]! & (1 << (row & 7))) !== 0) to[i >> 3]! |= 1 << (i & 7);
  }
  return to;
}

/** The rows start .. end - 1 as a column of their own. */
export function slice(column: Column, start: number, end: number): Column {
  if (column.constant) return column;
  return take(column, rangeOf(start, end));
}

function rangeOf(start: number, end: number): Int32Array {
  const indexes = new Int32Array(Math.max(0, end - start));
  for (let i = 0; i < indexes.length; i++) indexes[i] = start + i;
  return indexes;
}

/** A column that is not constant: one value for each of `rowCount` rows. */
export function flattened(column: Column, rowCount: number): Column {
  if (!column.constant) return column;
  const flat = new Column(
    column.type, column.length, column.values, column.validity, column.starts, column.lengths,
    column.heap,
    column.physical === 'row' ? column.children.map((child) => flattened(child, 1))
      : column.children,
  );
  return take(flat, new Int32Array(rowCount));
}

/** The rows of several columns of one type after each other; `counts` are their row counts. */
export function concat(columns: readonly Column[], counts: readonly number[]): Column {
  const flat = columns.map((column, i) => slice(flattened(column, counts[i]!), 0, counts[i]!));
  const first = flat[0]!;
  if (flat.length === 1) return first;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const out = new Column(first.type, total, allocateValues(first.physical, total));
  out.validity = concatValidity(flat, counts, total);
  if (first.physical === 'string' || first.physical === 'bytes') concatText(out, flat, total);
  else if (first.physical === 'array' || first.physical === 'map') concatLists(out, flat, total);
  else if (first.physical === 'row') {
    out.children = first.children.map((_, i) => concat(flat.map((c) => c.children[i]!), counts));
  } else concatValues(out, flat);
  return out;
}

function concatValues(out: Column, columns: readonly Column[]): void {
  let at = 0;
  for (const column of columns) {
    out.values.set(column.values, at);
    at += column.values.length;
  }
}

function concatValidity(
  columns: readonly Column[], counts: readonly number[], total: number,
): Uint8Array | null {
  if (columns.every((column) => column.validity === null)) return null;
  const validity = fullValidity(total);
  let at = 0;
  columns.forEach((column, i) => {
    for (let row = 0; row < counts[i]!; row++, at++) {
      if (column.isNull(row)) validity[at >> 3]! &= ~(1 << (at & 7));
    }
  });
  return validity;
}

function concatText(out: Column, columns: readonly Column[], total: number): void {
  out.starts = new Int32Array(total);
  out.lengths = new Int32Array(total);
  const shared = columns.every((column) => column.heap === columns[0]!.heap);
  const heap = new HeapBuilder(shared ? 0 : textBytes(columns));
  let at = 0;
  for (const column of columns) {
    for (let row = 0; row < column.length; row++, at++) {
      const start = column.starts[row]!;
      const length = column.isNull(row) ? 0 : column.lengths[row]!;
      out.starts[at] = shared ? start : heap.append(column.heap, start, length);
      out.lengths[at] = length;
    }
  }
  out.heap = shared ? columns[0]!.heap : heap.finish();
}

function textBytes(columns: readonly Column[]): number {
  let bytes = 0;
  for (const column of columns) {
    for (let row = 0; row < column.length; row++) bytes += column.lengths[row]!;
  }
  return bytes;
}

function concatLists(out: Column, columns: readonly Column[], total: number): void {
  out.starts = new Int32Array(total);
  out.lengths = new Int32Array(total);
  const items = columns.map((column) => column.children[0]!.length);
  let at = 0;
  let offset = 0;
  columns.forEach((column, i) => {
    for (let row = 0; row < column.length; row++, at++) {
      out.starts[at] = column.starts[row]! + offset;
      out.lengths[at] = column.lengths[row]!;
    }
    offset += items[i]!;
  });
  out.children = columns[0]!.children.map((_, i) =>
    concat(columns.map((column) => column.children[i]!), items));
}

/** The same column with a heap of just its own bytes, so that no larger one is kept alive. */
export function compacted(column: Column): Column {
  if (column.physical === 'row') {
    const same = new Column(column.type, column.length, column.values, column.validity);
    same.constant = column.constant;
    same.children = column.children.map((child) => compacted(child));
    return same;
  }
  if (column.physical !== 'string' && column.physical !== 'bytes') return column;
  const heap = new HeapBuilder(textBytes([column]));
  const starts = new Int32Array(column.length);
  const lengths = new Int32Array(column.length);
  for (let row = 0; row < column.length; row++) {
    if (column.isNull(row)) continue;
    lengths[row] = column.lengths[row]!;
    starts[row] = heap.append(column.heap, column.starts[row]!, lengths[row]!);
  }
  return new Column(
    column.type, column.length, column.values, column.validity, starts, lengths, heap.finish(),
    [], column.constant,
  );
}

/**
 * The batch without its selection: only the rows alive, renumbered from 0. Watermark runs move
 * with the rows they stand before.
 */
export function materialized(batch: Batch): Batch {
  const { selection } = batch;
  if (selection === null) return batch;
  const kinds = batch.rowKinds;
  const rowKinds = kinds === null ? null : Uint8Array.from(selection, (row) => kinds[row]!);
  return new Batch(
    selection.length, batch.columns.map((column) => take(column, selection)), null, rowKinds,
    movedWatermarks(batch, selection),
  );
}

function movedWatermarks(batch: Batch, selection: Int32Array): Batch['watermarks'] {
  const moved: { row: number; watermark: number }[] = [];
  let position = 0;
  for (const run of batch.watermarks) {
    while (position < selection.length && selection[position]! < run.row) position++;
    const last = moved.at(-1);
    if (last !== undefined && last.row === position) last.watermark = run.watermark;
    else moved.push({ row: position, watermark: run.watermark });
  }
  return moved;
}
