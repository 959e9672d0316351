/**
 * LIKE. A pattern is compiled to pieces between its `%`; each piece is bytes and single-character
 * marks. `_` is any code point but a line break (Flink matches it with `.` of java.util.regex),
 * `%` is anything. Without ESCAPE no character escapes.
 */
import type { Column } from '../../batch/column.js';
import { bytesAt } from '../../batch/strings.js';
import { sequenceBytes } from '../../batch/utf8.js';
import { type KernelFamily, KernelError, type KernelFunction } from '../kernel.js';

const PERCENT = 0x25;
const UNDERSCORE = 0x5f;

/** A mark in a piece for one code point. No byte has this value. */
const ANY = 256;

/** The pieces between `%`, in order: first and last are anchored to the ends of the text. */
export type LikePattern = readonly (readonly number[])[];

/** Compiles a pattern; undefined where an escape stands before an ordinary character. */
export function compileLike(
  pattern: Uint8Array, escape: Uint8Array | null,
): LikePattern | undefined {
  const pieces: number[][] = [[]];
  for (let i = 0; i < pattern.length; i++) {
    const byte = pattern[i]!;
    const piece = pieces.at(-1)!;
    if (escape !== null && startsAt(pattern, i, escape)) {
      i += escape.length;
      const next = pattern[i];
      const isEscape = startsAt(pattern, i, escape);
      if (next !== PERCENT && next !== UNDERSCORE && !isEscape) return undefined;
      if (isEscape) {
        piece.push(...escape);
        i += escape.length - 1;
      } else piece.push(next!);
    } else if (byte === PERCENT) pieces.push([]);
    else piece.push(byte === UNDERSCORE ? ANY : byte);
  }
  return pieces;
}

function startsAt(bytes: Uint8Array, at: number, piece: Uint8Array): boolean {
  return at + piece.length <= bytes.length && piece.every((byte, i) => bytes[at + i] === byte);
}

/** Whether the whole range matches. */
function matchesLike(
  pattern: LikePattern, heap: Uint8Array, start: number, end: number,
): boolean {
  const first = pattern[0]!;
  let at = matchPiece(first, heap, start, end);
  if (pattern.length === 1 || at < 0) return at === end;
  for (let i = 1; i < pattern.length - 1; i++) {
    at = findPiece(pattern[i]!, heap, at, end);
    if (at < 0) return false;
  }
  return endsWithPiece(pattern.at(-1)!, heap, at, end);
}

/** Where the piece ends that starts at `at`, or -1. */
function matchPiece(piece: readonly number[], heap: Uint8Array, at: number, end: number): number {
  let next = at;
  for (let i = 0; i < piece.length; i++) {
    if (next >= end) return -1;
    if (piece[i] === ANY) {
      if (isLineBreak(heap, next)) return -1;
      next = Math.min(end, next + sequenceBytes(heap[next]!));
    } else if (heap[next++] !== piece[i]) return -1;
  }
  return next;
}

/** \n, \r, U+0085, U+2028 and U+2029. */
function isLineBreak(heap: Uint8Array, at: number): boolean {
  const first = heap[at]!;
  if (first < 0x80) return first === 0x0a || first === 0x0d;
  if (first === 0xc2) return heap[at + 1] === 0x85;
  return first === 0xe2 && heap[at + 1] === 0x80 && (heap[at + 2]! & 0xfe) === 0xa8;
}

function findPiece(piece: readonly number[], heap: Uint8Array, from: number, end: number): number {
  for (let at = from; at <= end; at++) {
    if (at < end && (heap[at]! & 0xc0) === 0x80) continue;
    const next = matchPiece(piece, heap, at, end);
    if (next >= 0) return next;
  }
  return -1;
}

function endsWithPiece(
  piece: readonly number[], heap: Uint8Array, from: number, end: number,
): boolean {
  if (piece.length === 0) return true;
  let at = end;
  for (let i = piece.length - 1; i >= 0; i--) {
    if (at <= from) return false;
    at--;
    if (piece[i] === ANY) {
      while (at > from && (heap[at]! & 0xc0) === 0x80) at--;
    }
  }
  return matchPiece(piece, heap, at, end) === end;
}

/** LIKE(text, pattern [, escape]). */
function like(): KernelFunction {
  let known: LikePattern = [[]];
  return (columns, selection, count, out) => {
    const [source, pattern, escape] = columns;
    const values = out.values as Uint8Array;
    const isFixed = pattern!.constant && (escape === undefined || escape.constant);
    if (isFixed && count > 0) known = compileAt(bytesAt(pattern!, 0), escape, selection?.[0] ?? 0);
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      if (!isFixed) known = compileAt(bytesAt(pattern!, row), escape, row);
      const at = source!.constant ? 0 : row;
      const start = source!.starts[at]!;
      values[row] = matchesLike(known, source!.heap, start, start + source!.lengths[at]!) ? 1 : 0;
    }
  };
}

function compileAt(pattern: Uint8Array, escape: Column | undefined, row: number): LikePattern {
  const given = escape === undefined ? null : bytesAt(escape, row);
  const mark = given === null || given.length === 0 ? null : given;
  if (mark !== null && sequenceBytes(mark[0]!) !== mark.length) {
    throw new KernelError('MR3006', `escape of LIKE must be one character: ${text(mark)}`, row);
  }
  const compiled = compileLike(pattern, mark);
  if (compiled === undefined) {
    throw new KernelError('MR3006', `escape sequence of LIKE: ${text(pattern)}`, row);
  }
  return compiled;
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}

export const likeKernels: KernelFamily = {
  like: { nulls: 'propagate', compile: like },
};
