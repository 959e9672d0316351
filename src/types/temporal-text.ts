/**
 * Dates, times and intervals as java.time prints them: `2020-01-01`, `12:30`, `2020-01-01T00:00`,
 * `2020-01-01T00:00:00Z`, `PT24H`, `P14M`. Seconds that are zero are left out of wall-clock
 * forms; fractions come in groups of three digits.
 */
import { dayOf, monthOf, packedDate, yearOf } from './calendar.js';
import { ticksPerSecond, type DataType } from './data-type.js';

const SECONDS_A_DAY = 86_400;

export function isTemporal(type: DataType): boolean {
  switch (type.root) {
    case 'DATE': case 'TIME': case 'TIMESTAMP': case 'TIMESTAMP_LTZ':
    case 'INTERVAL_DAY_TIME': case 'INTERVAL_YEAR_MONTH': return true;
    default: return false;
  }
}

/** `value` in the type's physical form: days, milliseconds, ticks or months. */
export function temporalText(value: number | bigint, type: DataType): string {
  switch (type.root) {
    case 'DATE':
      return dateText(Number(value));
    case 'TIME':
      return timeOfDayText(Number(value));
    case 'TIMESTAMP':
      return timestampText(BigInt(value), type.precision ?? 6, false);
    case 'TIMESTAMP_LTZ':
      return `${timestampText(BigInt(value), type.precision ?? 6, true)}Z`;
    case 'INTERVAL_YEAR_MONTH':
      return periodText(Number(value));
    case 'INTERVAL_DAY_TIME':
      return durationText(BigInt(value));
    default:
      throw new Error(`not a temporal type: ${type.root}`);
  }
}

export function dateText(days: number): string {
  const date = packedDate(days);
  return `${yearText(yearOf(date))}-${two(monthOf(date))}-${two(dayOf(date))}`;
}

function yearText(year: number): string {
  const digits = String(Math.abs(year)).padStart(4, '0');
  if (year < 0) return `-${digits}`;
  return year > 9999 ? `+${digits}` : digits;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** All milliseconds are shown: sums with intervals have more than the type's precision. */
function timeOfDayText(ms: number): string {
  return timeText(Math.floor(ms / 1000), (ms % 1000) * 1e6, false);
}

function timeText(second: number, nanos: number, alwaysSeconds: boolean): string {
  const clock = `${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}`;
  if (second % 60 === 0 && nanos === 0 && !alwaysSeconds) return clock;
  return `${clock}:${two(second % 60)}${fractionText(nanos)}`;
}

function fractionText(nanos: number): string {
  if (nanos === 0) return '';
  const digits = String(nanos).padStart(9, '0');
  if (nanos % 1_000_000 === 0) return `.${digits.slice(0, 3)}`;
  return nanos % 1000 === 0 ? `.${digits.slice(0, 6)}` : `.${digits}`;
}

function timestampText(ticks: bigint, precision: number, alwaysSeconds: boolean): string {
  const scale = BigInt(ticksPerSecond(precision));
  const tick = ((ticks % scale) + scale) % scale;
  const seconds = Number((ticks - tick) / scale);
  const nanos = Number(tick * (1_000_000_000n / scale));
  const days = Math.floor(seconds / SECONDS_A_DAY);
  const time = timeText(seconds - days * SECONDS_A_DAY, nanos, alwaysSeconds);
  return `${dateText(days)}T${time}`;
}

/** java.time.Period of months alone: `P14M`, `P0D`. */
function periodText(months: number): string {
  return months === 0 ? 'P0D' : `P${months}M`;
}

/** java.time.Duration of milliseconds: `PT24H`, `PT0S`, `PT1M0.5S`. */
function durationText(milliseconds: bigint): string {
  if (milliseconds === 0n) return 'PT0S';
  const seconds = milliseconds / 1000n;
  const hours = seconds / 3600n;
  const minutes = (seconds % 3600n) / 60n;
  const rest = Number(milliseconds % 60_000n);
  const head = `PT${hours === 0n ? '' : `${hours}H`}${minutes === 0n ? '' : `${minutes}M`}`;
  return rest === 0 ? head : `${head}${rest / 1000}S`;
}
