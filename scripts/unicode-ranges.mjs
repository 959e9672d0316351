/** Ranges of characters, of this Node's version of Unicode. */
export const MAX_POINT = 0x10ffff;

/** Pairs [first, last] of the characters that the regular expression matches; no surrogates. */
export function rangesOf(property) {
  const found = [];
  let first = -1;
  for (let point = 0; point <= MAX_POINT + 1; point++) {
    const isSurrogate = point >= 0xd800 && point <= 0xdfff;
    const has = point <= MAX_POINT && !isSurrogate && property.test(String.fromCodePoint(point));
    if (has && first < 0) first = point;
    if (!has && first >= 0) {
      found.push([first, point - 1]);
      first = -1;
    }
  }
  return found;
}
