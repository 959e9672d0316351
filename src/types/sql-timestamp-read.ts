/** Timestamps in the form of java.sql.Timestamp, which TO_TIMESTAMP falls back to. */
import { daysOf, MS_PER_DAY } from './calendar.js';

/** A wall-clock time: whole ms since 1970 and nanoseconds above them. */
export interface ReadTime {
  readonly ms: number;
  readonly nanosOfMs: number;
}

const SQL_TIMESTAMP = new RegExp(
  String.raw`^(\d{4})-(\d{1,2})-(\d{1,2})`
  + String.raw`(?: +([+-]?\d{1,9}):([+-]?\d{1,9}):([+-]?\d{1,9})(?:\.(\d{1,9}))?)?$`);

/** As java.sql.Timestamp.valueOf or Date.valueOf: hours, minutes and seconds may be too large. */
export function readSqlTimestamp(text: string): ReadTime | null {
  const match = SQL_TIMESTAMP.exec(text.trim());
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7)
    .map((part) => Number(part ?? 0)) as [number, number, number, number, number, number];
  const nanos = Number((match[7] ?? '').padEnd(9, '0'));
  if (month < 1 || month > 12 || day < 1 || day > 31) return null;
  const ms = ((hour * 60 + minute) * 60 + second) * 1000 + Math.floor(nanos / 1_000_000);
  return { ms: daysOf(year, month, day) * MS_PER_DAY + ms, nanosOfMs: nanos % 1_000_000 };
}
