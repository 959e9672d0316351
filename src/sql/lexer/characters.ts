/**
 * Which characters names are made of: the classes of Flink's lexer.
 */

/** Blank, tab, form feed, line feed, carriage return. */
export function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d && code !== 0x0b);
}

/** May start a name. NaN (behind the end of the text) is none. */
export function isLetter(code: number): boolean {
  if (code < 0x80) {
    return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a)
      || code === 0x5f || code === 0x24;
  }
  return within(code, letterRanges);
}

/** May stand inside a name; a superset of the digits 0 to 9 that numbers are made of. */
export function isDigit(code: number): boolean {
  if (code < 0x80) return code >= 0x30 && code <= 0x39;
  return within(code, digitRanges);
}

const letterRanges = [
  0xc0, 0xd6, 0xd8, 0xf6, 0xf8, 0x1fff, 0x3040, 0x318f, 0x3300, 0x3d2d, 0x4e00, 0x9fff,
  0xf900, 0xfaff,
] as const;

const digitRanges = [
  0x660, 0x669, 0x6f0, 0x6f9, 0x966, 0x96f, 0x9e6, 0x9ef, 0xa66, 0xa6f, 0xae6, 0xaef,
  0xb66, 0xb6f, 0xbe7, 0xbef, 0xc66, 0xc6f, 0xce6, 0xcef, 0xd66, 0xd6f, 0xe50, 0xe59,
  0xed0, 0xed9, 0x1040, 0x1049,
] as const;

/** Whether a code lies in one of the ranges [first, last, first, last, ...]. */
function within(code: number, ranges: readonly number[]): boolean {
  for (let index = 0; index < ranges.length; index += 2) {
    if (code >= (ranges[index] ?? 0) && code <= (ranges[index + 1] ?? 0)) return true;
  }
  return false;
}
