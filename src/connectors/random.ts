/**
 * The random numbers of the generators, the same in native/sources/random.h: 32-bit hashes of
 * (seed, record number, field), so that a value never depends on which others are made.
 * All results are unsigned 32-bit numbers unless said otherwise.
 */
export const GOLDEN = 0x9e3779b9;

const TWO_32 = 4294967296;

/** A bijection of 32 bits in which every input bit reaches every output bit; signed. */
export function mix(value: number): number {
  let x = value ^ (value >>> 16);
  x = Math.imul(x, 0x7feb352d);
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  return x ^ (x >>> 16);
}

/** seed: an integer in [0, 2^53). Signed. */
export function seedKey(seed: number): number {
  return mix(mix(seed ^ GOLDEN) ^ Math.floor(seed / TWO_32));
}

/** The key of a record; records of one seed have different keys below 2^32. Signed. */
export function recordKey(seed: number, number: number): number {
  const high = Math.floor(number / TWO_32);
  const base = high === 0 ? seed : mix((seed + Math.imul(high, 0x85ebca6b)) | 0);
  return mix((Math.imul(number % TWO_32, 0x9e3779b1) + base) | 0);
}

export function draw(key: number, field: number): number {
  return mix(key ^ Math.imul(field, GOLDEN)) >>> 0;
}

/** The k-th number of a field that needs many. */
export function drawAt(fieldKey: number, k: number): number {
  return mix((fieldKey + Math.imul(k, GOLDEN)) | 0) >>> 0;
}

/** A number in [0, n), n at most 2^21. */
export function below(u: number, n: number): number {
  return Math.floor((u * n) / TWO_32);
}

/** A number in [0, n) of any n below 2^53, from two draws; `below` where n is small. */
export function belowWide(u: number, v: number, n: number): number {
  if (n <= 2097152) return below(u, n);
  return Math.floor(((u * 1048576 + (v >>> 12)) / 4503599627370496) * n);
}
