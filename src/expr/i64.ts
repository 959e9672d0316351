/** BIGINT on pairs of 32-bit words, low word first. */

/** Whether the value at word index `at` (2 * row) is exact as a number. */
export function isSmallI64(words: Int32Array, at: number): boolean {
  const high = words[at + 1]!;
  return high >= -0x200000 && high < 0x200000;
}
