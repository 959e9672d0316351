/**
 * Reads what temporal-text.ts writes, and the SQL spelling with a space: values that a user hands
 * over from TypeScript. Null where the text is not of that form.
 */
import { daysInMonth, daysOf } from './calendar.js';
import { ticksPerSecond, type DataType } from './data-type.js';

const DATE = /^([+-]?\d{4,6})-(\d{2})-(\d{2})/;
const TIME = /^(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?$/;
const ZONE = /(Z|[+-]\d{2}:?\d{2})$/;
const PERIOD = /^(-?)P(?:(-?\d+)Y)?(?:(-?\d+)M)?(?:0D)?$/;
const DURATION = /^(-?)P(?:(-?\d+)D)?(?:T(?:(-?\d+)H)?(?:(-?\d+)M)?(?:(-?\d+(?:\.\d+)?)S)?)?$/;

/** The physical value of a temporal type: number for DATE, TIME and months, else bigint. */
export function parseTemporal(text: string, type: DataType): number | bigint | null {
  switch (type.root) {
    case 'DATE': return parseDate(text);
    case 'TIME': return parseTimeMs(text);
    case 'TIMESTAMP': return parseTimestamp(text, type.precision ?? 6);
    case 'TIMESTAMP_LTZ': return parseInstant(text, type.precision ?? 6);
    case 'INTERVAL_YEAR_MONTH': return parsePeriod(text);
    case 'INTERVAL_DAY_TIME': return parseDuration(text);
    default: return null;
  }
}

function parseDate(text: string): number | null {
  const match = DATE.exec(text);
  if (match === null || match[0].length !== text.length) return null;
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  return daysOf(year, month, day);
}

/** Seconds and nanoseconds of a time of day. */
function parseClock(text: string): { second: number; nanos: number } | null {
  const match = TIME.exec(text);
  if (match === null) return null;
  const [hour, minute, second] = match.slice(1, 4).map((part) => Number(part ?? 0));
  if (hour! > 23 || minute! > 59 || second! > 59) return null;
  const nanos = Number((match[4] ?? '').padEnd(9, '0'));
  return { second: hour! * 3600 + minute! * 60 + second!, nanos };
}

function parseTimeMs(text: string): number | null {
  const clock = parseClock(text);
  return clock === null ? null : clock.second * 1000 + Math.floor(clock.nanos / 1e6);
}

/** Digits behind the precision are dropped. */
function parseTimestamp(text: string, precision: number): bigint | null {
  const date = DATE.exec(text);
  if (date === null) return null;
  const days = parseDate(date[0]);
  const rest = text.slice(date[0].length);
  const clock = rest === '' ? { second: 0, nanos: 0 }
    : /^[T ]/.test(rest) ? parseClock(rest.slice(1)) : null;
  if (days === null || clock === null) return null;
  const scale = ticksPerSecond(precision);
  const seconds = BigInt(days) * 86_400n + BigInt(clock.second);
  const unit = 10 ** (9 - precision);
  const nanos = Math.floor(clock.nanos / unit) * unit;
  return seconds * BigInt(scale) + BigInt(Math.floor(nanos / (1e9 / scale)));
}

/** A text without a zone is taken as UTC. */
function parseInstant(text: string, precision: number): bigint | null {
  const zone = ZONE.exec(text.slice(10));
  if (zone === null) return parseTimestamp(text, precision);
  const local = parseTimestamp(text.slice(0, -zone[0].length).trimEnd(), precision);
  return local === null ? null : local - offsetTicks(zone[0], precision);
}

function offsetTicks(zone: string, precision: number): bigint {
  if (zone === 'Z') return 0n;
  const digits = zone.replace(':', '');
  const minutes = Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3, 5));
  const ticks = BigInt(minutes * 60) * BigInt(ticksPerSecond(precision));
  return zone.startsWith('-') ? -ticks : ticks;
}

function parsePeriod(text: string): number | null {
  const match = PERIOD.exec(text);
  if (match === null) return null;
  const months = Number(match[2] ?? 0) * 12 + Number(match[3] ?? 0);
  return match[1] === '-' ? -months : months;
}

function parseDuration(text: string): bigint | null {
  const match = DURATION.exec(text);
  if (match === null) return null;
  const [days, hours, minutes, seconds] = match.slice(2).map((part) => Number(part ?? 0));
  const total = days! * 86_400_000 + hours! * 3_600_000 + minutes! * 60_000;
  const milliseconds = BigInt(total) + BigInt(Math.trunc(seconds! * 1000));
  return match[1] === '-' ? -milliseconds : milliseconds;
}
