/**
 * Reading times by patterns of java.time.format.DateTimeFormatter, in its smart and strict mode:
 * numbers by their width, names with their case, the whole text.
 */
import {
  dayOf, daysInMonth, daysOf, isoDayOfWeek, monthOf, MS_PER_DAY, packedDate, yearOf,
} from './calendar.js';
import { MONTHS, PatternError, type PatternItem, WEEKDAYS } from './date-pattern.js';
import type { ReadTime } from './sql-timestamp-read.js';

/** Letters of numbers. `S` is a fraction. */
const NUMBERS = 'uyDdHkKhmsSnMLQq';

/** Values read, by letter; `M` and `L` are one, `E` from Sunday = 0. */
type Values = Map<string, number>;

/** Widths of a number: fewest and most digits. */
interface Width {
  readonly least: number;
  readonly most: number;
}

function isNumber({ letter, count }: PatternItem): boolean {
  if (!NUMBERS.includes(letter)) return false;
  return !('MLQq'.includes(letter) && count > 2);
}

/** Numbers of a fixed width give way to nothing; others leave room for fixed ones behind them. */
function widthOf({ letter, count }: PatternItem): Width {
  if (letter === 'S' || count === 2) return { least: count, most: count };
  if (letter === 'D' && count === 3) return { least: 3, most: 3 };
  return { least: count, most: 19 };
}

const isFixed = (item: PatternItem): boolean => {
  const { least, most } = widthOf(item);
  return least === most;
};

/** Reads the whole text; null where it does not follow the pattern or is no time. */
export function readTime(items: readonly PatternItem[], text: string): ReadTime | null {
  const values: Values = new Map();
  const end = readItems(items, 0, items.length, text, 0, values);
  return end === text.length ? resolve(values) : null;
}

/** Reads the items first .. last - 1 from `at`; returns where they end, or -1. */
function readItems(
  items: readonly PatternItem[], first: number, last: number, text: string, at: number,
  values: Values,
): number {
  let position = at;
  for (let i = first; i < last; i++) {
    const item = items[i]!;
    if (item.letter === '[') {
      const close = closingOf(items, i);
      const tried: Values = new Map(values);
      const end = readItems(items, i + 1, close, text, position, tried);
      if (end >= 0) {
        position = end;
        for (const [letter, value] of tried) values.set(letter, value);
      }
      i = close;
      continue;
    }
    position = readItem(item, reservedBehind(items, i), text, position, values);
    if (position < 0) return -1;
  }
  return position;
}

function closingOf(items: readonly PatternItem[], open: number): number {
  let depth = 0;
  for (let i = open; ; i++) {
    if (items[i]!.letter === '[') depth++;
    else if (items[i]!.letter === ']' && --depth === 0) return i;
  }
}

/** Digits that fixed numbers right behind a number of free width need. */
function reservedBehind(items: readonly PatternItem[], index: number): number {
  let reserved = 0;
  for (let i = index + 1; i < items.length; i++) {
    const item = items[i]!;
    if (!isNumber(item) || !isFixed(item)) break;
    reserved += widthOf(item).most;
  }
  return reserved;
}

function readItem(
  item: PatternItem, reserved: number, text: string, at: number, values: Values,
): number {
  if (item.letter === "'") return text.startsWith(item.text, at) ? at + item.text.length : -1;
  if (isNumber(item)) return readNumber(item, reserved, text, at, values);
  switch (item.letter) {
    case 'M':
    case 'L': return readName('M', MONTHS, item.count, text, at, values);
    case 'E': return readName('E', WEEKDAYS, Math.max(3, item.count), text, at, values);
    case 'a': return readName('a', ['AM', 'PM'], 4, text, at, values);
    case 'X':
    case 'x':
    case 'Z': return readOffset(text, at);
    default: throw new PatternError(`reading by date pattern letter ${item.letter}`);
  }
}

function readNumber(
  item: PatternItem, reserved: number, text: string, at: number, values: Values,
): number {
  const { least, most } = widthOf(item);
  const isYear = item.letter === 'y' || item.letter === 'u';
  const sign = isYear && least !== most && /[+-]/.test(text[at] ?? '') ? text[at]! : '';
  const start = at + sign.length;
  let end = start;
  while (end < text.length && end - start < most && /[0-9]/.test(text[end]!)) end++;
  if (least !== most && reserved > 0) end = Math.max(start + least, end - reserved);
  const digits = text.slice(start, end);
  if (digits.length < least || !/^\d+$/.test(digits) || digits.length > 10) return -1;
  if (isYear && item.count >= 4 && sign !== '-') {
    if (sign === '+' ? digits.length <= least : digits.length > least) return -1;
  }
  return setNumber(item, Number(sign + digits), digits, values) ? end : -1;
}

/** False where a value contradicts one read before. */
function setNumber(
  { letter, count }: PatternItem, value: number, digits: string, values: Values,
): boolean {
  if (letter === 'S') return setValue(values, 'n', Number(digits.padEnd(9, '0')));
  if (count === 2 && (letter === 'y' || letter === 'u')) {
    return setValue(values, letter, 2000 + value);
  }
  return setValue(values, letter === 'L' ? 'M' : letter, value);
}

function setValue(values: Values, letter: string, value: number): boolean {
  const known = values.get(letter);
  values.set(letter, value);
  return known === undefined || known === value;
}

/** Three letters are the short name, four the full one. */
function readName(
  letter: string, names: readonly string[], count: number, text: string, at: number,
  values: Values,
): number {
  for (const [index, full] of names.entries()) {
    const name = count === 3 ? full.slice(0, 3) : full;
    if (!text.startsWith(name, at)) continue;
    const value = letter === 'M' ? index + 1 : index;
    return setValue(values, letter, value) ? at + name.length : -1;
  }
  return -1;
}

/** The offset is read over: only the wall clock counts. */
function readOffset(text: string, at: number): number {
  const match = /^(?:Z|[+-]\d{2}(?::?\d{2})?(?::?\d{2})?)/.exec(text.slice(at, at + 9));
  return match === null ? -1 : at + match[0].length;
}

/** Ranges of what was read, by letter. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  M: [1, 12], d: [1, 31], D: [1, 366], H: [0, 24], k: [1, 24], K: [0, 11], h: [1, 12],
  m: [0, 59], s: [0, 59], n: [0, 999_999_999], y: [1, 999_999_999], Q: [1, 4], q: [1, 4],
};

/** What is missing is that of 1970-01-01 00:00. */
function resolve(values: Values): ReadTime | null {
  for (const [letter, value] of values) {
    const range = RANGES[letter];
    if (range !== undefined && (value < range[0] || value > range[1])) return null;
  }
  const days = resolveDate(values);
  const nanos = values.get('n') ?? 0;
  const hour = resolveHour(values);
  const minute = values.get('m') ?? 0;
  const second = values.get('s') ?? 0;
  if (days === null || hour > 24 || (hour === 24 && (minute > 0 || second > 0 || nanos > 0))) {
    return null;
  }
  const ms = ((hour * 60 + minute) * 60 + second) * 1000 + Math.floor(nanos / 1_000_000);
  return { ms: days * MS_PER_DAY + ms, nanosOfMs: nanos % 1_000_000 };
}

function resolveDate(values: Values): number | null {
  const year = values.get('u') ?? values.get('y');
  const month = values.get('M');
  const day = values.get('d');
  const dayOfYear = values.get('D');
  let days: number;
  if (year !== undefined && dayOfYear !== undefined) {
    days = daysOf(year, 1, 1) + dayOfYear - 1;
    if (yearOf(packedDate(days)) !== year) return null;
    if (month !== undefined && month !== monthOf(packedDate(days))) return null;
    if (day !== undefined && day !== dayOf(packedDate(days))) return null;
  } else {
    const length = daysInMonth(year ?? 1970, month ?? 1);
    const isWhole = year !== undefined && month !== undefined;
    if (day !== undefined && day > length && !isWhole) return null;
    days = daysOf(year ?? 1970, month ?? 1, Math.min(day ?? 1, length));
  }
  const weekday = values.get('E');
  return weekday === undefined || weekday === isoDayOfWeek(days) % 7 ? days : null;
}

function resolveHour(values: Values): number {
  const hour = values.get('H');
  if (hour !== undefined) return hour;
  const clock = values.get('k');
  if (clock !== undefined) return clock % 24;
  const half = values.get('a');
  const ofHalf = values.get('K') ?? values.get('h');
  return half === undefined || ofHalf === undefined ? 0 : (ofHalf % 12) + 12 * half;
}
