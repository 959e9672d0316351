/** Functions that look into strings: CHAR_LENGTH, POSITION, INSTR, STARTSWITH, ENDSWITH, ASCII. */
import type { Column } from '../../batch/column.js';
import { equalBytes } from '../../batch/strings.js';
import { countCodePoints, findBytes, skipCodePoints } from '../../batch/utf8.js';
import { type KernelFamily, KernelError, type KernelFunction, propagating } from '../kernel.js';

function charLength(
  columns: readonly Column[], selection: Int32Array | null, count: number, out: Column,
): void {
  const source = columns[0]!;
  const values = out.values as Int32Array;
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    const at = source.constant ? 0 : row;
    values[row] = countCodePoints(source.heap, source.starts[at]!, source.lengths[at]!);
  }
}

/** POSITION(needle, text [, from]): counted from 1; 0 where there is none. */
function position(
  columns: readonly Column[], selection: Int32Array | null, count: number, out: Column,
): void {
  const [needle, source, from] = columns;
  const froms = from?.values as Int32Array | undefined;
  const values = out.values as Int32Array;
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    const skipped = froms === undefined ? 0 : froms[from!.constant ? 0 : row]! - 1;
    values[row] = indexFrom(source!, needle!, row, Math.max(0, skipped));
  }
}

/** Where the needle stands at or behind `skipped` code points: counted from 1, or 0. */
function indexFrom(source: Column, needle: Column, row: number, skipped: number): number {
  const at = source.constant ? 0 : row;
  const by = needle.constant ? 0 : row;
  const length = needle.lengths[by]!;
  if (length === 0) return 1;
  const start = source.starts[at]!;
  const end = start + source.lengths[at]!;
  const first = skipped === 0 ? start : skipCodePoints(source.heap, start, end, skipped);
  const found = findBytes(source.heap, first, end, needle.heap, needle.starts[by]!, length);
  return found < 0 ? 0 : countCodePoints(source.heap, start, found - start) + 1;
}

/** INSTR(text, needle [, start [, occurrence]]): a negative start searches backwards. */
function instr(
  columns: readonly Column[], selection: Int32Array | null, count: number, out: Column,
): void {
  const [source, needle, start, occurrence] = columns;
  const values = out.values as Int32Array;
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    const from = start === undefined ? 1 : start.values[start.constant ? 0 : row]!;
    const nth = occurrence === undefined ? 1 : occurrence.values[occurrence.constant ? 0 : row]!;
    if (nth <= 0) throw new KernelError('MR3006', 'nthAppearance must be positive!', row);
    values[row] = from >= 0 ? nthForward(source!, needle!, row, from, nth)
      : nthBackward(source!, needle!, row, from, nth);
  }
}

function nthForward(
  source: Column, needle: Column, row: number, from: number, nth: number,
): number {
  if (from === 0) return 0;
  let found = from - 1;
  for (let i = 0; i < nth; i++) {
    found = indexFrom(source, needle, row, found);
    if (found === 0) return 0;
  }
  return found;
}

/**
 * A match must end `from` characters before the end (-1: at the end), or further left. An empty
 * needle stands behind the text.
 */
function nthBackward(
  source: Column, needle: Column, row: number, from: number, nth: number,
): number {
  const at = source.constant ? 0 : row;
  const by = needle.constant ? 0 : row;
  const start = source.starts[at]!;
  const end = start + source.lengths[at]!;
  const firsts = codePointStarts(source.heap, start, end);
  const width = countCodePoints(needle.heap, needle.starts[by]!, needle.lengths[by]!);
  if (width === 0) return firsts.length + 1;
  let open = nth;
  for (let skipped = firsts.length + from + 1 - width; skipped >= 0; skipped--) {
    const first = firsts[skipped]!;
    const length = Math.min(needle.lengths[by]!, end - first);
    const isHere = equalBytes(source.heap, first, length, needle.heap, needle.starts[by]!,
      needle.lengths[by]!);
    if (isHere && --open === 0) return skipped + 1;
  }
  return 0;
}

function codePointStarts(heap: Uint8Array, start: number, end: number): readonly number[] {
  const starts: number[] = [];
  for (let at = start; at < end; at = skipCodePoints(heap, at, end, 1)) starts.push(at);
  return starts;
}

function affix(isStart: boolean): KernelFunction {
  return (columns, selection, count, out) => {
    const [source, piece] = columns as readonly [Column, Column];
    const values = out.values as Uint8Array;
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      const at = source.constant ? 0 : row;
      const by = piece.constant ? 0 : row;
      const length = piece.lengths[by]!;
      const room = source.lengths[at]! - length;
      const start = source.starts[at]! + (isStart ? 0 : room);
      const isThere = room >= 0
        && equalBytes(source.heap, start, length, piece.heap, piece.starts[by]!, length);
      values[row] = isThere ? 1 : 0;
    }
  };
}

/** The first byte, signed; 0 for an empty string. */
function ascii(
  columns: readonly Column[], selection: Int32Array | null, count: number, out: Column,
): void {
  const source = columns[0]!;
  const values = out.values as Int32Array;
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    const at = source.constant ? 0 : row;
    values[row] = source.lengths[at] === 0 ? 0 : (source.heap[source.starts[at]!]! << 24) >> 24;
  }
}

export const stringSearchKernels: KernelFamily = {
  char_length: propagating(charLength),
  position: propagating(position),
  instr: propagating(instr),
  starts_with: propagating(affix(true)),
  ends_with: propagating(affix(false)),
  ascii: propagating(ascii),
};
