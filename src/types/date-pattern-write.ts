/** Writing times by patterns of java.time.format and of SimpleDateFormat. */
import {
  dayOf, daysOf, isoDayOfWeek, monthOf, MS_PER_DAY, packedDate, yearOf,
} from './calendar.js';
import {
  MONTHS, PatternError, type PatternItem, type PatternKind, WEEKDAYS,
} from './date-pattern.js';
import { hybridDaysOf, hybridPackedDate } from './hybrid-calendar.js';

/** Wall-clock time: whole ms since 1970, nanoseconds above them, and the zone's offset in ms. */
export interface ClockTime {
  readonly localMs: number;
  readonly nanosOfMs: number;
  readonly offsetMs: number;
  /** Whether the zone is UTC itself: the only one whose name is known. */
  readonly isUtc: boolean;
}

/** The time by the items of a pattern. */
export function writeTime(
  items: readonly PatternItem[], kind: PatternKind, time: ClockTime,
): string {
  const fields = fieldsOf(time, kind);
  const write = kind === 'time' ? timeField : simpleField;
  let text = '';
  for (const item of items) {
    if (item.letter === "'") text += item.text;
    else if (item.letter !== '[' && item.letter !== ']') text += write(item, fields);
  }
  return text;
}

interface Fields {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly dayOfYear: number;
  /** 0 = Sunday. */
  readonly weekday: number;
  readonly msOfDay: number;
  readonly nanosOfMs: number;
  readonly offsetMs: number;
  readonly isUtc: boolean;
  readonly firstOfYear: number;
  readonly days: number;
}

function fieldsOf(time: ClockTime, kind: PatternKind): Fields {
  const days = Math.floor(time.localMs / MS_PER_DAY);
  const packed = kind === 'time' ? packedDate(days) : hybridPackedDate(days);
  const year = yearOf(packed);
  const firstOfYear = kind === 'time' ? daysOf(year, 1, 1) : hybridDaysOf(year, 1, 1);
  return {
    year, month: monthOf(packed), day: dayOf(packed), dayOfYear: days - firstOfYear + 1,
    weekday: isoDayOfWeek(days) % 7, msOfDay: time.localMs - days * MS_PER_DAY,
    nanosOfMs: time.nanosOfMs, offsetMs: time.offsetMs, isUtc: time.isUtc,
    firstOfYear, days,
  };
}

const hourOf = (fields: Fields): number => Math.floor(fields.msOfDay / 3_600_000);

function pad(value: number, width: number): string {
  const text = String(Math.abs(value)).padStart(width, '0');
  return value < 0 ? `-${text}` : text;
}

/** Numbers of fields that both kinds write alike; undefined where they differ. */
function plainNumber(letter: string, fields: Fields): number | undefined {
  const { msOfDay } = fields;
  const hour = hourOf(fields);
  switch (letter) {
    case 'd': return fields.day;
    case 'D': return fields.dayOfYear;
    case 'H': return hour;
    case 'k': return hour === 0 ? 24 : hour;
    case 'K': return hour % 12;
    case 'h': return hour % 12 === 0 ? 12 : hour % 12;
    case 'm': return Math.floor(msOfDay / 60_000) % 60;
    case 's': return Math.floor(msOfDay / 1000) % 60;
    case 'w': return weekOf(fields).week;
    case 'W': return weekOfMonth(fields);
    default: return undefined;
  }
}

/** Weeks of the United States: from Sunday, the first one holds January 1. */
function weekOf(fields: Fields): { readonly year: number; readonly week: number } {
  const { year, firstOfYear, days, weekday } = fields;
  const nextYear = firstOfYear + (isLong(fields) ? 366 : 365);
  if (days - weekday + 6 >= nextYear) return { year: year + 1, week: 1 };
  const firstWeekday = isoDayOfWeek(firstOfYear) % 7;
  return { year, week: Math.floor((days - firstOfYear + firstWeekday) / 7) + 1 };
}

/** Only asked for in the last week of a year, which may hold the first day of the next. */
function isLong({ year }: Fields): boolean {
  return daysOf(year + 1, 1, 1) - daysOf(year, 1, 1) === 366;
}

function weekOfMonth({ day, weekday }: Fields): number {
  const firstWeekday = (((weekday - (day - 1)) % 7) + 7) % 7;
  return Math.floor((day - 1 + firstWeekday) / 7) + 1;
}

function monthText(month: number, count: number): string {
  const name = MONTHS[month - 1]!;
  return count === 3 ? name.slice(0, 3) : count === 4 ? name : name.slice(0, 1);
}

function weekdayText(weekday: number, count: number): string {
  const name = WEEKDAYS[weekday]!;
  return count <= 3 ? name.slice(0, 3) : count === 4 ? name : name.slice(0, 1);
}

const halfOfDay = (fields: Fields): string => (hourOf(fields) < 12 ? 'AM' : 'PM');

function timeField(item: PatternItem, fields: Fields): string {
  const { letter, count } = item;
  const plain = plainNumber(letter, fields);
  if (plain !== undefined) return pad(plain, count);
  switch (letter) {
    case 'u': return yearText(fields.year, count);
    case 'y': return yearText(fields.year > 0 ? fields.year : 1 - fields.year, count);
    case 'Y': return yearText(weekOf(fields).year, count);
    case 'M':
    case 'L': return count <= 2 ? pad(fields.month, count) : monthText(fields.month, count);
    case 'E': return weekdayText(fields.weekday, count);
    case 'e':
    case 'c': return localWeekday(item, fields);
    case 'Q':
    case 'q': return quarterText(Math.ceil(fields.month / 3), count);
    case 'F': return String(((fields.day - 1) % 7) + 1);
    case 'a': return halfOfDay(fields);
    case 'G': return eraText(fields.year > 0, count);
    default: return subSecond(item, fields);
  }
}

function localWeekday({ letter, count }: PatternItem, fields: Fields): string {
  if (letter === 'c' && count === 2) throw new PatternError('Invalid pattern "cc"');
  return count <= 2 ? pad(fields.weekday + 1, count) : weekdayText(fields.weekday, count);
}

function subSecond({ letter, count }: PatternItem, fields: Fields): string {
  const nanos = (fields.msOfDay % 1000) * 1_000_000 + fields.nanosOfMs;
  switch (letter) {
    case 'S': return pad(nanos, 9).slice(0, count);
    case 'n': return pad(nanos, count);
    case 'A': return pad(fields.msOfDay, count);
    case 'N': return String(BigInt(fields.msOfDay) * 1_000_000n + BigInt(fields.nanosOfMs))
      .padStart(count, '0');
    default: throw new PatternError(`date pattern needs a zone: ${letter}`);
  }
}

/** Two letters give two digits; from four on, more digits than letters take a sign. */
function yearText(year: number, count: number): string {
  if (count === 2) return pad(((year % 100) + 100) % 100, 2);
  const text = pad(year, count);
  return count >= 4 && year >= 0 && text.length > count ? `+${text}` : text;
}

function quarterText(quarter: number, count: number): string {
  if (count <= 2) return pad(quarter, count);
  if (count === 3) return `Q${quarter}`;
  return count === 4 ? `${['1st', '2nd', '3rd', '4th'][quarter - 1]!} quarter` : String(quarter);
}

function eraText(isCommon: boolean, count: number): string {
  if (count <= 3) return isCommon ? 'AD' : 'BC';
  if (count === 4) return isCommon ? 'Anno Domini' : 'Before Christ';
  return isCommon ? 'A' : 'B';
}

function simpleField({ letter, count }: PatternItem, fields: Fields): string {
  const plain = plainNumber(letter, fields);
  if (plain !== undefined) return pad(plain, count);
  switch (letter) {
    case 'y': return simpleYear(fields.year > 0 ? fields.year : 1 - fields.year, count);
    case 'Y': return simpleYear(weekOf(fields).year, count);
    case 'M':
    case 'L': return count <= 2 ? pad(fields.month, count)
      : monthText(fields.month, count === 3 ? 3 : 4);
    case 'E': return weekdayText(fields.weekday, count >= 4 ? 4 : 3);
    case 'u': return pad(fields.weekday === 0 ? 7 : fields.weekday, count);
    case 'F': return pad(Math.floor((fields.day - 1) / 7) + 1, count);
    case 'S': return pad(fields.msOfDay % 1000, count);
    case 'a': return halfOfDay(fields);
    case 'G': return fields.year > 0 ? 'AD' : 'BC';
    default: return zoneText(letter, count, fields);
  }
}

const simpleYear = (year: number, count: number): string =>
  (count === 2 ? pad(year % 100, 2) : pad(year, count));

function zoneText(letter: string, count: number, { offsetMs, isUtc }: Fields): string {
  if (letter === 'z') {
    if (!isUtc) throw new PatternError('names of zones are not supported');
    return count >= 4 ? 'Coordinated Universal Time' : 'UTC';
  }
  if (letter === 'X' && offsetMs === 0) return 'Z';
  const minutes = Math.floor(Math.abs(offsetMs) / 60_000);
  const sign = offsetMs < 0 ? '-' : '+';
  const hours = pad(Math.floor(minutes / 60), 2);
  if (letter === 'X' && count === 1) return `${sign}${hours}`;
  return `${sign}${hours}${letter === 'X' && count === 3 ? ':' : ''}${pad(minutes % 60, 2)}`;
}
