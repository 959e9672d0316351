/**
 * Reading times by patterns of SimpleDateFormat, leniently: blanks before numbers are skipped,
 * values may be out of range (month 13 is January), text behind the pattern is left alone.
 */
import { MONTHS, PatternError, type PatternItem, WEEKDAYS } from './date-pattern.js';
import { hybridDaysOf } from './hybrid-calendar.js';
import { MS_PER_DAY } from './calendar.js';

/** A wall-clock time in ms; the offset where the text names one, else null. */
export interface SimpleTime {
  readonly localMs: number;
  readonly offsetMs: number | null;
}

/** Years of two digits are 1946 to 2045: 80 years back from this release, as Java counts. */
const TWO_DIGIT_START = 1946;

const NUMBERS = 'yYMLdDHkKhmsSuwWF';
const IGNORED = 'YuwWF';

/** Offsets of the zone names that texts of the United States use, in hours. */
const ZONE_NAMES: Readonly<Record<string, number>> = {
  UTC: 0, GMT: 0, Z: 0, EST: -5, EDT: -4, CST: -6, CDT: -5, MST: -7, MDT: -6, PST: -8, PDT: -7,
};

type Values = Map<string, number>;

/** The time at the start of the text; null where it does not follow the pattern. */
export function readSimpleTime(
  items: readonly PatternItem[], text: string,
): SimpleTime | null {
  const values: Values = new Map();
  let at = 0;
  for (const [index, item] of items.entries()) {
    at = item.letter === "'" ? readLiteral(item.text, text, at)
      : readField(item, isNumberNext(items, index), text, at, values);
    if (at < 0) return null;
  }
  return resolve(values);
}

function readLiteral(literal: string, text: string, at: number): number {
  return text.startsWith(literal, at) ? at + literal.length : -1;
}

const isNumber = ({ letter, count }: PatternItem): boolean =>
  NUMBERS.includes(letter) && !('ML'.includes(letter) && count > 2);

/** A number right before another takes just as many digits as it has letters. */
function isNumberNext(items: readonly PatternItem[], index: number): boolean {
  const next = items[index + 1];
  return isNumber(items[index]!) && next !== undefined && isNumber(next);
}

function readField(
  item: PatternItem, isAbutting: boolean, text: string, from: number, values: Values,
): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t') at++;
  if (at >= text.length) return -1;
  if (isNumber(item)) {
    return readNumber(item, isAbutting ? from + item.count : null, text, at, values);
  }
  switch (item.letter) {
    case 'M':
    case 'L': return readName('M', MONTHS, text, at, values);
    case 'E': return readName('E', WEEKDAYS, text, at, values);
    case 'a': return readName('a', ['AM', 'PM'], text, at, values);
    case 'G': return readName('G', ['BC', 'AD'], text, at, values);
    case 'z':
    case 'Z':
    case 'X': return readOffset(text, at, values);
    default: throw new PatternError(`reading by date pattern letter ${item.letter}`);
  }
}

/** `end`: where the number ends at the latest, which blanks before it count for. */
function readNumber(
  item: PatternItem, end: number | null, text: string, at: number, values: Values,
): number {
  const { letter, count } = item;
  if (IGNORED.includes(letter)) {
    throw new PatternError(`reading by date pattern letter ${letter}`);
  }
  const limit = Math.min(text.length, end ?? text.length);
  const match = /^-?\d+/.exec(text.slice(at, Math.min(limit, at + 12)));
  if (match === null || match[0].length > 10) return -1;
  const digits = match[0];
  let value = Number(digits);
  if (letter === 'y' && count <= 2 && digits.length === 2 && value >= 0) {
    value += Math.floor(TWO_DIGIT_START / 100) * 100;
    if (value < TWO_DIGIT_START) value += 100;
  }
  values.set(letter === 'L' ? 'M' : letter, value);
  return at + digits.length;
}

/** Full or short names in any case; the longest one counts. */
function readName(
  letter: string, names: readonly string[], text: string, at: number, values: Values,
): number {
  const rest = text.slice(at, at + 12).toLowerCase();
  let longest = 0;
  for (const [index, name] of names.entries()) {
    const full = name.toLowerCase();
    const length = rest.startsWith(full) ? full.length : rest.startsWith(full.slice(0, 3)) ? 3 : 0;
    if (length <= longest) continue;
    longest = length;
    values.set(letter, letter === 'M' ? index + 1 : index);
  }
  return longest === 0 ? -1 : at + longest;
}

function readOffset(text: string, at: number, values: Values): number {
  const rest = text.slice(at, at + 10);
  const offset = /^(?:GMT|UTC)?([+-])(\d{1,2}):?(\d{2})?/.exec(rest);
  if (offset !== null) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3] ?? 0);
    values.set('Z', (offset[1] === '-' ? -minutes : minutes) * 60_000);
    return at + offset[0].length;
  }
  const name = /^[A-Za-z]+/.exec(rest)?.[0] ?? '';
  const hours = ZONE_NAMES[name.toUpperCase()];
  if (name === '' || hours === undefined) return -1;
  values.set('Z', hours * 3_600_000);
  return at + name.length;
}

function resolve(values: Values): SimpleTime {
  const shown = values.get('y') ?? 1970;
  const year = values.get('G') === 0 ? 1 - shown : shown;
  const dayOfYear = values.get('D');
  const days = dayOfYear !== undefined && !values.has('d')
    ? hybridDaysOf(year, 1, dayOfYear)
    : hybridDaysOf(year, values.get('M') ?? 1, values.get('d') ?? 1);
  const minutes = hourOf(values) * 60 + (values.get('m') ?? 0);
  const ms = (minutes * 60 + (values.get('s') ?? 0)) * 1000 + (values.get('S') ?? 0);
  return { localMs: days * MS_PER_DAY + ms, offsetMs: values.get('Z') ?? null };
}

function hourOf(values: Values): number {
  const hour = values.get('H') ?? values.get('k');
  if (hour !== undefined) return values.has('H') ? hour : hour % 24;
  const ofHalf = values.get('K') ?? (values.get('h') ?? 0) % 12;
  return ofHalf + 12 * (values.get('a') ?? 0);
}
