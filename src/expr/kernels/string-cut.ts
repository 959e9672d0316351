/**
 * Functions whose result is a piece of their first argument: TRIM, SUBSTRING, LEFT, RIGHT,
 * SPLIT_INDEX. The result shares the argument's heap; no byte is copied.
 */
import { type Column, setNull } from '../../batch/column.js';
import { textAt } from '../../batch/strings.js';
import {
  countCodePoints, findBytes, sequenceBytes, skipCodePoints,
} from '../../batch/utf8.js';
import { constantColumn } from '../../batch/values.js';
import { STRING } from '../../types/data-type.js';
import { type KernelFamily, type KernelFunction, propagating } from '../kernel.js';

const BLANK = constantColumn(STRING, ' ');

type Side = 'both' | 'leading' | 'trailing';

/** LTRIM, RTRIM, BTRIM: code points of the second argument are taken away; by default blanks. */
function trim(side: Side): KernelFunction {
  return (columns, selection, count, out) =>
    trimRows(side, columns[0]!, columns[1] ?? BLANK, selection, count, out);
}

/** TRIM(side, characters, text): the side is BOTH, LEADING or TRAILING, a constant. */
function trimSide(
  columns: readonly Column[], selection: Int32Array | null, count: number, out: Column,
): void {
  const side = textAt(columns[0]!, 0).toLowerCase() as Side;
  trimRows(side, columns[2]!, columns[1]!, selection, count, out);
}

function trimRows(
  side: Side, source: Column, set: Column, selection: Int32Array | null, count: number,
  out: Column,
): void {
  const { heap } = source;
  const step = source.constant ? 0 : 1;
  out.heap = heap;
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    const at = set.constant ? 0 : row;
    const setStart = set.starts[at]!;
    const setEnd = setStart + set.lengths[at]!;
    let start = source.starts[row * step]!;
    let end = start + source.lengths[row * step]!;
    if (side !== 'trailing') start = trimStart(heap, start, end, set.heap, setStart, setEnd);
    if (side !== 'leading') end = trimEnd(heap, start, end, set.heap, setStart, setEnd);
    out.starts[row] = start;
    out.lengths[row] = end - start;
  }
}

function trimStart(
  heap: Uint8Array, start: number, end: number, set: Uint8Array, setStart: number,
  setEnd: number,
): number {
  let at = start;
  while (at < end) {
    const length = Math.min(sequenceBytes(heap[at]!), end - at);
    if (!isInSet(heap, at, length, set, setStart, setEnd)) break;
    at += length;
  }
  return at;
}

function trimEnd(
  heap: Uint8Array, start: number, end: number, set: Uint8Array, setStart: number,
  setEnd: number,
): number {
  let at = end;
  while (at > start) {
    let first = at - 1;
    while (first > start && (heap[first]! & 0xc0) === 0x80) first--;
    if (!isInSet(heap, first, at - first, set, setStart, setEnd)) break;
    at = first;
  }
  return at;
}

/** Whether a code point is one of those in the set. */
function isInSet(
  heap: Uint8Array, at: number, length: number, set: Uint8Array, setStart: number,
  setEnd: number,
): boolean {
  for (let i = setStart; i < setEnd;) {
    const size = sequenceBytes(set[i]!);
    if (size === length) {
      let same = 0;
      while (same < length && set[i + same] === heap[at + same]) same++;
      if (same === length) return true;
    }
    i += size;
  }
  return false;
}

/** SUBSTRING(text, start [, length]): from 1; negative counts from the end; 0 is as 1. */
function substring(
  columns: readonly Column[], selection: Int32Array | null, count: number, out: Column,
): void {
  const source = columns[0]!;
  const from = columns[1]!;
  const size = columns[2];
  const froms = from.values as Int32Array;
  const sizes = size?.values as Int32Array | undefined;
  out.heap = source.heap;
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    const at = source.constant ? 0 : row;
    const length = sizes === undefined ? 0x7fffffff : sizes[size!.constant ? 0 : row]!;
    if (length < 0) setNull(out, row);
    else cut(source, at, froms[from.constant ? 0 : row]!, length, out, row);
  }
}

function cut(
  source: Column, at: number, from: number, length: number, out: Column, row: number,
): void {
  const { heap } = source;
  const start = source.starts[at]!;
  const end = start + source.lengths[at]!;
  let skipped = from > 0 ? from - 1 : 0;
  if (from < 0) {
    skipped = countCodePoints(heap, start, end - start) + from;
    if (skipped < 0) {
      out.starts[row] = start;
      out.lengths[row] = 0;
      return;
    }
  }
  const first = skipCodePoints(heap, start, end, skipped);
  out.starts[row] = first;
  out.lengths[row] = skipCodePoints(heap, first, end, length) - first;
}

/** LEFT(text, n), RIGHT(text, n): n code points; a negative n gives the empty string. */
function leftOrRight(isLeft: boolean): KernelFunction {
  return (columns, selection, count, out) => {
    const source = columns[0]!;
    const size = columns[1]!;
    const sizes = size.values as Int32Array;
    out.heap = source.heap;
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      const at = source.constant ? 0 : row;
      const start = source.starts[at]!;
      const end = start + source.lengths[at]!;
      const length = Math.max(0, sizes[size.constant ? 0 : row]!);
      const kept = isLeft ? 0 : countCodePoints(source.heap, start, end - start) - length;
      const first = kept <= 0 ? start : skipCodePoints(source.heap, start, end, kept);
      out.starts[row] = first;
      out.lengths[row] = isLeft ? skipCodePoints(source.heap, start, end, length) - start
        : end - first;
    }
  };
}

/** SPLIT_INDEX(text, separator, index): pieces counted from 0; NULL where there is none. */
function splitIndex(
  columns: readonly Column[], selection: Int32Array | null, count: number, out: Column,
): void {
  const [source, separator, index] = columns as readonly [Column, Column, Column];
  const indexes = index.values as Int32Array;
  out.heap = source.heap;
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    const at = source.constant ? 0 : row;
    const by = separator.constant ? 0 : row;
    const wanted = indexes[index.constant ? 0 : row]!;
    pickPiece(source, at, wanted, separator.heap, separator.starts[by]!, separator.lengths[by]!,
      out, row);
  }
}

/** SPLIT_INDEX(text, code, index): the separator is the character of a code 1..255. */
function splitIndexCode(
  columns: readonly Column[], selection: Int32Array | null, count: number, out: Column,
): void {
  const [source, code, index] = columns as readonly [Column, Column, Column];
  const codes = code.values as Int32Array;
  const indexes = index.values as Int32Array;
  out.heap = source.heap;
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    const value = codes[code.constant ? 0 : row]!;
    if (value < 1 || value > 255) {
      setNull(out, row);
      continue;
    }
    const bytes = value < 0x80 ? Uint8Array.of(value)
      : Uint8Array.of(0xc0 | (value >> 6), 0x80 | (value & 0x3f));
    pickPiece(source, source.constant ? 0 : row, indexes[index.constant ? 0 : row]!, bytes, 0,
      bytes.length, out, row);
  }
}

function pickPiece(
  source: Column, at: number, wanted: number, separator: Uint8Array, separatorStart: number,
  separatorLength: number, out: Column, row: number,
): void {
  const { heap } = source;
  let start = source.starts[at]!;
  const end = start + source.lengths[at]!;
  if (wanted < 0 || start === end) {
    setNull(out, row);
    return;
  }
  for (let piece = 0; ; piece++) {
    const next = separatorLength === 0 ? findBlank(heap, start, end)
      : findBytes(heap, start, end, separator, separatorStart, separatorLength);
    if (piece === wanted) {
      out.starts[row] = start;
      out.lengths[row] = (next < 0 ? end : next) - start;
      return;
    }
    if (next < 0) break;
    start = next + Math.max(1, separatorLength);
  }
  setNull(out, row);
}

/** An empty separator splits at blanks (those of ASCII that Java calls whitespace). */
function findBlank(heap: Uint8Array, start: number, end: number): number {
  for (let i = start; i < end; i++) {
    const byte = heap[i]!;
    if (byte === 0x20 || (byte >= 0x09 && byte <= 0x0d) || (byte >= 0x1c && byte <= 0x1f)) {
      return i;
    }
  }
  return -1;
}

export const stringCutKernels: KernelFamily = {
  trim: propagating(trimSide),
  trim_both: propagating(trim('both')),
  trim_leading: propagating(trim('leading')),
  trim_trailing: propagating(trim('trailing')),
  substring: propagating(substring),
  left: propagating(leftOrRight(true)),
  right: propagating(leftOrRight(false)),
  split_index: propagating(splitIndex),
  split_index_code: propagating(splitIndexCode),
};
