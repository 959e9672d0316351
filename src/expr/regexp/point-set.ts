/** Sets of code points as sorted, disjoint ranges: [first, last, first, last, ...]. */

export type PointSet = readonly number[];

export const MAX_POINT = 0x10ffff;

/** Ranges in any order, overlapping or not, as a set. */
export function setOf(ranges: readonly number[]): PointSet {
  const pairs: [number, number][] = [];
  for (let i = 0; i < ranges.length; i += 2) pairs.push([ranges[i]!, ranges[i + 1]!]);
  pairs.sort((a, b) => a[0] - b[0]);
  const result: number[] = [];
  for (const [first, last] of pairs) {
    const end = result.at(-1);
    if (end !== undefined && first <= end + 1) result[result.length - 1] = Math.max(end, last);
    else result.push(first, last);
  }
  return result;
}

export const union = (a: PointSet, b: PointSet): PointSet => setOf([...a, ...b]);

export function complement(set: PointSet): PointSet {
  const result: number[] = [];
  let next = 0;
  for (let i = 0; i < set.length; i += 2) {
    if (set[i]! > next) result.push(next, set[i]! - 1);
    next = set[i + 1]! + 1;
  }
  if (next <= MAX_POINT) result.push(next, MAX_POINT);
  return result;
}

export function intersection(a: PointSet, b: PointSet): PointSet {
  return complement(union(complement(a), complement(b)));
}

/** The set with the other case of its ASCII letters: (?i) of Java without (?u). */
export function withBothCases(set: PointSet): PointSet {
  const upper = intersection(set, [0x41, 0x5a]);
  const lower = intersection(set, [0x61, 0x7a]);
  return setOf([...set, ...upper.map((point) => point + 32), ...lower.map((point) => point - 32)]);
}

const DIGIT: PointSet = [0x30, 0x39];
const ALPHA: PointSet = [0x41, 0x5a, 0x61, 0x7a];
const ALNUM: PointSet = [0x30, 0x39, 0x41, 0x5a, 0x61, 0x7a];
const SPACE: PointSet = [0x09, 0x0d, 0x20, 0x20];

/** \d \w \s \h \v, by letter; capitals are their complements. */
export const ESCAPED_SETS: Readonly<Record<string, PointSet>> = {
  d: DIGIT,
  w: [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a],
  s: SPACE,
  h: [0x09, 0x09, 0x20, 0x20, 0xa0, 0xa0, 0x1680, 0x1680, 0x180e, 0x180e, 0x2000, 0x200a,
    0x202f, 0x202f, 0x205f, 0x205f, 0x3000, 0x3000],
  v: [0x0a, 0x0d, 0x85, 0x85, 0x2028, 0x2029],
};

/** \p{Alpha} and kin: of ASCII alone, as in Java. */
const NAMED: Readonly<Record<string, PointSet>> = {
  Lower: [0x61, 0x7a], Upper: [0x41, 0x5a], ASCII: [0, 0x7f], Alpha: ALPHA, Digit: DIGIT,
  Alnum: ALNUM, Punct: [0x21, 0x2f, 0x3a, 0x40, 0x5b, 0x60, 0x7b, 0x7e], Graph: [0x21, 0x7e],
  Print: [0x20, 0x7e], Blank: [0x09, 0x09, 0x20, 0x20], Cntrl: [0, 0x1f, 0x7f, 0x7f],
  XDigit: [0x30, 0x39, 0x41, 0x46, 0x61, 0x66], Space: SPACE,
};

const CATEGORY = new RegExp('^(?:Is|general_category=|gc=)?'
  + '(L[ulmto]?|M[nce]?|N[dlo]?|P[cdseifo]?|S[mcko]?|Z[slp]?)$');
const PROPERTIES = new Map<string, PointSet>();

/** The set of \p{name}; undefined where the name is not known. */
export function namedSet(name: string): PointSet | undefined {
  const named = NAMED[name];
  if (named !== undefined) return named;
  const category = name === 'IsAlphabetic' ? 'Alphabetic' : CATEGORY.exec(name)?.[1];
  if (category === undefined) return undefined;
  let set = PROPERTIES.get(category);
  if (set === undefined) {
    set = scanned(new RegExp(`^\\p{${category}}$`, 'u'));
    PROPERTIES.set(category, set);
  }
  return set;
}

/** What \b takes for a part of a word: letters and digits of all scripts, and `_`. */
export function wordSet(): PointSet {
  return union([0x5f, 0x5f], union(namedSet('L')!, namedSet('Nd')!));
}

function scanned(property: RegExp): PointSet {
  const ranges: number[] = [];
  for (let point = 0; point <= MAX_POINT; point++) {
    if (point >= 0xd800 && point <= 0xdfff) continue;
    if (!property.test(String.fromCodePoint(point))) continue;
    if (ranges.at(-1) === point - 1) ranges[ranges.length - 1] = point;
    else ranges.push(point, point);
  }
  return setOf(ranges);
}
