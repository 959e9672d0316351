/**
 * BIGINT on pairs of 32-bit words, low word first, at word indexes (2 * row). Products and
 * quotients of values below 2^53 go through numbers; beyond that products are made of 16-bit
 * pieces and only quotients take a BigInt.
 */
import { readBigI64, readI64, writeBigI64, writeI64 } from '../batch/column.js';

/** Whether the value is exact as a number. */
export function isSmallI64(words: Int32Array, at: number): boolean {
  const high = words[at + 1]!;
  return high >= -0x200000 && high < 0x200000;
}

/** The high word of the unsigned product of two 32-bit words. */
function highOfProduct(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = (middle & 0xffff) + aLow * bHigh;
  return aHigh * bHigh + (middle >>> 16) + (carry >>> 16);
}

/** o[k] = x[i] * y[j], wrapping. */
export function multiplyI64(
  x: Int32Array, i: number, y: Int32Array, j: number, o: Int32Array, k: number,
): void {
  const a = x[i]!;
  const b = y[j]!;
  const high = highOfProduct(a, b) + Math.imul(a, y[j + 1]!) + Math.imul(x[i + 1]!, b);
  o[k] = Math.imul(a, b);
  o[k + 1] = high;
}

/** o[k] = x[i] / y[j] cut toward zero; the smallest value / -1 wraps. The divisor is not 0. */
export function divideI64(
  x: Int32Array, i: number, y: Int32Array, j: number, o: Int32Array, k: number,
): void {
  if (isSmallI64(x, i) && isSmallI64(y, j)) {
    writeI64(o, k >> 1, Math.trunc(readI64(x, i >> 1) / readI64(y, j >> 1)));
  } else {
    writeBigI64(o, k >> 1, readBigI64(x, i >> 1) / readBigI64(y, j >> 1));
  }
}

/** o[k] = x[i] % y[j], with the sign of x. The divisor is not 0. */
export function moduloI64(
  x: Int32Array, i: number, y: Int32Array, j: number, o: Int32Array, k: number,
): void {
  if (isSmallI64(x, i) && isSmallI64(y, j)) {
    writeI64(o, k >> 1, readI64(x, i >> 1) % readI64(y, j >> 1));
  } else {
    writeBigI64(o, k >> 1, readBigI64(x, i >> 1) % readBigI64(y, j >> 1));
  }
}

/** Negative, 0 or positive. */
export function compareI64(
  x: Int32Array, i: number, y: Int32Array, j: number,
): number {
  const a = x[i + 1]!;
  const b = y[j + 1]!;
  if (a !== b) return a < b ? -1 : 1;
  return (x[i]! >>> 0) - (y[j]! >>> 0);
}
