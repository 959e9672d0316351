/**
 * Timestamps in their physical form: an i64 of milliseconds, microseconds or nanoseconds by
 * precision. Here split into whole milliseconds and the ticks within one, exactly and without a
 * bigint.
 */
import type { DataType } from '../types/data-type.js';

const TWO_32 = 4294967296;

/** Ticks a millisecond: 1, 1000 or 1000000. */
export function ticksPerMs(type: DataType): number {
  const precision = type.precision ?? 6;
  if (precision <= 3) return 1;
  return precision <= 6 ? 1000 : 1_000_000;
}

/** An instant or wall-clock time in two parts; one is kept by a kernel and filled row by row. */
export interface SplitTicks {
  /** Whole milliseconds, rounded down. */
  ms: number;
  /** Ticks above them: 0 .. ticksPerMs - 1. */
  rest: number;
}

/** Reads the row into `into`. */
export function splitTicks(
  values: Int32Array, row: number, perMs: number, into: SplitTicks,
): void {
  const low = values[2 * row]! >>> 0;
  const high = values[2 * row + 1]!;
  if (perMs === 1) {
    into.ms = high * TWO_32 + low;
    into.rest = 0;
    return;
  }
  const quotient = Math.floor(high / perMs);
  const within = (high - quotient * perMs) * TWO_32 + low;
  const whole = Math.floor(within / perMs);
  into.ms = quotient * TWO_32 + whole;
  into.rest = within - whole * perMs;
}

/** Writes ms * perMs + rest; false where an i64 cannot hold it. */
export function writeTicks(
  values: Int32Array, row: number, ms: number, rest: number, perMs: number,
): boolean {
  const highMs = Math.floor(ms / TWO_32);
  const low = (ms - highMs * TWO_32) * perMs + rest;
  const carry = Math.floor(low / TWO_32);
  const high = highMs * perMs + carry;
  values[2 * row] = low - carry * TWO_32;
  values[2 * row + 1] = high;
  return high >= -0x80000000 && high <= 0x7fffffff;
}
