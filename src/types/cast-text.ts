/**
 * Dates, times and intervals as the text CAST makes of them: `2020-01-02 03:04:05.678`,
 * `10:11:12.5`, `+1 02:03:04.567`. (java.time's forms are in temporal-text.ts.)
 */
import { packedDate, dayOf, monthOf, yearOf } from './calendar.js';

const two = (value: number): string => (value < 10 ? `0${value}` : String(value));

/** yyyy-MM-dd; of a longer year the last four digits, as in Flink. */
export function castDateText(days: number): string {
  const date = packedDate(days);
  const year = yearOf(date);
  const digits = String(Math.abs(year) % 10_000).padStart(4, '0');
  return `${year < 0 ? '-' : ''}${digits}-${two(monthOf(date))}-${two(dayOf(date))}`;
}

function clockText(secondOfDay: number): string {
  const minutes = Math.floor(secondOfDay / 60);
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(secondOfDay % 60)}`;
}

/** HH:mm:ss, then unless precision is 0 a point, at least one digit, and no zeros after it. */
export function castTimeText(ms: number, precision: number): string {
  const clock = clockText(Math.floor(ms / 1000));
  if (precision === 0) return clock;
  const digits = String(ms % 1000).padStart(3, '0').slice(0, precision);
  return `${clock}.${digits.replace(/(?<=.)0+$/, '')}`;
}

/** Seconds and nanoseconds on the wall clock with `precision` digits. */
export function castTimestampText(seconds: number, nanos: number, precision: number): string {
  const days = Math.floor(seconds / 86_400);
  const text = `${castDateText(days)} ${clockText(seconds - days * 86_400)}`;
  if (precision === 0) return text;
  return `${text}.${String(nanos).padStart(9, '0').slice(0, precision)}`;
}

/** +1-02. */
export function castMonthsText(months: number): string {
  const magnitude = Math.abs(months);
  return `${months < 0 ? '-' : '+'}${Math.floor(magnitude / 12)}-${two(magnitude % 12)}`;
}

/** +1 02:03:04.567. */
export function castMillisecondsText(ms: bigint): string {
  const magnitude = ms < 0n ? -ms : ms;
  const days = magnitude / 86_400_000n;
  const rest = Number(magnitude % 86_400_000n);
  const fraction = String(rest % 1000).padStart(3, '0');
  return `${ms < 0n ? '-' : '+'}${days} ${clockText(Math.floor(rest / 1000))}.${fraction}`;
}
