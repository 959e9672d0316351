/**
 * The i128 form: four 32-bit words a row, lowest first (the bytes of an int128).
 */

/** An i128 as a bigint. */
export function readI128(values: Int32Array, row: number): bigint {
  const at = 4 * row;
  const low = (BigInt(values[at + 1]! >>> 0) << 32n) | BigInt(values[at]! >>> 0);
  const high = (BigInt(values[at + 3]!) << 32n) | BigInt(values[at + 2]! >>> 0);
  return (high << 64n) | low;
}

/** Writes the low 128 bits of a bigint. */
export function writeI128(values: Int32Array, row: number, value: bigint): void {
  const at = 4 * row;
  values[at] = Number(BigInt.asIntN(32, value));
  values[at + 1] = Number(BigInt.asIntN(32, value >> 32n));
  values[at + 2] = Number(BigInt.asIntN(32, value >> 64n));
  values[at + 3] = Number(BigInt.asIntN(32, value >> 96n));
}
