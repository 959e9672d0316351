/** Functions that put strings together: ||, CONCAT, CONCAT_WS, REPEAT, REPLACE, REVERSE, ... */
import { type Column, setNull } from '../../batch/column.js';
import { HeapBuilder } from '../../batch/strings.js';
import { findBytes, sequenceBytes } from '../../batch/utf8.js';
import { type KernelFamily, ownNulls, propagating } from '../kernel.js';

function concat(
  columns: readonly Column[], selection: Int32Array | null, count: number, out: Column,
): void {
  const heap = new HeapBuilder(count * 16);
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    out.starts[row] = heap.end;
    for (let k = 0; k < columns.length; k++) {
      const column = columns[k]!;
      const at = column.constant ? 0 : row;
      heap.append(column.heap, column.starts[at]!, column.lengths[at]!);
    }
    out.lengths[row] = heap.end - out.starts[row]!;
  }
  out.heap = heap.finish();
}

/** NULL values are left out; a NULL separator makes NULL. */
function concatWithSeparator(
  columns: readonly Column[], selection: Int32Array | null, count: number, out: Column,
): void {
  const heap = new HeapBuilder(count * 16);
  const separator = columns[0]!;
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    if (separator.isNull(row)) {
      setNull(out, row);
      continue;
    }
    out.starts[row] = heap.end;
    appendJoined(columns, row, heap);
    out.lengths[row] = heap.end - out.starts[row]!;
  }
  out.heap = heap.finish();
}

function appendJoined(columns: readonly Column[], row: number, heap: HeapBuilder): void {
  const separator = columns[0]!;
  const by = separator.constant ? 0 : row;
  let isFirst = true;
  for (let k = 1; k < columns.length; k++) {
    const column = columns[k]!;
    if (column.isNull(row)) continue;
    if (!isFirst) heap.append(separator.heap, separator.starts[by]!, separator.lengths[by]!);
    const at = column.constant ? 0 : row;
    heap.append(column.heap, column.starts[at]!, column.lengths[at]!);
    isFirst = false;
  }
}

function repeat(
  columns: readonly Column[], selection: Int32Array | null, count: number, out: Column,
): void {
  const [source, times] = columns as readonly [Column, Column];
  const numbers = times.values as Int32Array;
  const heap = new HeapBuilder(count * 16);
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    const at = source.constant ? 0 : row;
    const length = source.lengths[at]!;
    const number = length === 0 ? 0 : Math.max(0, numbers[times.constant ? 0 : row]!);
    heap.reserve(number * length);
    out.starts[row] = heap.end;
    for (let k = 0; k < number; k++) heap.append(source.heap, source.starts[at]!, length);
    out.lengths[row] = heap.end - out.starts[row]!;
  }
  out.heap = heap.finish();
}

/** REPLACE(text, search, replacement), left to right, as String.replace of Java. */
function replace(
  columns: readonly Column[], selection: Int32Array | null, count: number, out: Column,
): void {
  const heap = new HeapBuilder(count * 16);
  const search = columns[1]!;
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    out.starts[row] = heap.end;
    if (search.lengths[search.constant ? 0 : row] === 0) appendInterleaved(columns, row, heap);
    else appendReplaced(columns, row, heap);
    out.lengths[row] = heap.end - out.starts[row]!;
  }
  out.heap = heap.finish();
}

function appendReplaced(columns: readonly Column[], row: number, heap: HeapBuilder): void {
  const [source, search, replacement] = columns as readonly [Column, Column, Column];
  const at = source.constant ? 0 : row;
  const searchAt = search.constant ? 0 : row;
  const replacementAt = replacement.constant ? 0 : row;
  const searchLength = search.lengths[searchAt]!;
  const end = source.starts[at]! + source.lengths[at]!;
  let start = source.starts[at]!;
  for (;;) {
    const found = findBytes(source.heap, start, end, search.heap, search.starts[searchAt]!,
      searchLength);
    if (found < 0) break;
    heap.append(source.heap, start, found - start);
    heap.append(replacement.heap, replacement.starts[replacementAt]!,
      replacement.lengths[replacementAt]!);
    start = found + searchLength;
  }
  heap.append(source.heap, start, end - start);
}

const QUESTION_MARK = Uint8Array.of(0x3f);

/**
 * An empty search string stands before, between and behind all UTF-16 units. A pair of surrogates
 * is torn apart, and either half becomes `?`.
 */
function appendInterleaved(columns: readonly Column[], row: number, heap: HeapBuilder): void {
  const [source, , replacement] = columns as readonly [Column, Column, Column];
  const at = source.constant ? 0 : row;
  const by = replacement.constant ? 0 : row;
  const start = replacement.starts[by]!;
  const length = replacement.lengths[by]!;
  const end = source.starts[at]! + source.lengths[at]!;
  heap.append(replacement.heap, start, length);
  for (let i = source.starts[at]!; i < end;) {
    const size = Math.min(sequenceBytes(source.heap[i]!), end - i);
    if (size === 4 && length > 0) {
      heap.append(QUESTION_MARK, 0, 1);
      heap.append(replacement.heap, start, length);
      heap.append(QUESTION_MARK, 0, 1);
    } else {
      heap.append(source.heap, i, size);
    }
    heap.append(replacement.heap, start, length);
    i += size;
  }
}

function reverse(
  columns: readonly Column[], selection: Int32Array | null, count: number, out: Column,
): void {
  const source = columns[0]!;
  const heap = new HeapBuilder(count * 16);
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    const at = source.constant ? 0 : row;
    const length = source.lengths[at]!;
    heap.reserve(length);
    out.starts[row] = heap.end;
    out.lengths[row] = length;
    reverseInto(source.heap, source.starts[at]!, length, heap.bytes, heap.end);
    heap.end += length;
  }
  out.heap = heap.finish();
}

function reverseInto(
  source: Uint8Array, start: number, length: number, target: Uint8Array, at: number,
): void {
  const end = start + length;
  let to = at + length;
  for (let i = start; i < end;) {
    const size = Math.min(sequenceBytes(source[i]!), end - i);
    to -= size;
    for (let k = 0; k < size; k++) target[to + k] = source[i + k]!;
    i += size;
  }
}

export const stringBuildKernels: KernelFamily = {
  concat: propagating(concat),
  concat_ws: ownNulls(() => concatWithSeparator),
  repeat: propagating(repeat),
  replace: propagating(replace),
  reverse: propagating(reverse),
};
