/** Texts and numbers as times: TO_DATE, TO_TIMESTAMP, TO_TIMESTAMP_LTZ, UNIX_TIMESTAMP. */
import { type Column, readBigI64, setNull, writeBigI64, writeI64 } from '../../batch/column.js';
import { readI128 } from '../../batch/int128.js';
import { textAt } from '../../batch/strings.js';
import { ticksPerMs, writeTicks } from '../../batch/ticks.js';
import { MS_PER_DAY } from '../../types/calendar.js';
import type { PatternItem } from '../../types/date-pattern.js';
import { readTime } from '../../types/date-pattern-read.js';
import { ticksPerSecond, type DataType } from '../../types/data-type.js';
import { parseDate, parseTimestamp } from '../../types/parse-text.js';
import { readSimpleTime } from '../../types/simple-pattern-read.js';
import { type ReadTime, readSqlTimestamp } from '../../types/sql-timestamp-read.js';
import { type Zone, zoneOf, zoneOfOption } from '../../types/zone.js';
import {
  type CallSite, compiled, type KernelFamily, KernelError, type KernelFunction,
} from '../kernel.js';
import { DEFAULT_PATTERN, guarded, PatternCache } from './date-pattern-cache.js';

/** What Flink shows for TO_DATE of a text that does not follow its pattern. */
const DATE_OF_NOTHING = 622_191_233;

/** TO_DATE(text). */
function toDate(): KernelFunction {
  return (columns, selection, count, out) => {
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      const days = parseDate(textAt(columns[0]!, row));
      if (days === null) setNull(out, row);
      else out.values[row] = days;
    }
  };
}

/** TO_DATE(text, pattern): by SimpleDateFormat. */
function toDateFormat(): KernelFunction {
  const patterns = new PatternCache('simple');
  return (columns, selection, count, out) => {
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      const items = patterns.at(columns[1]!, row);
      const time = guarded(row, () => readSimpleTime(items, textAt(columns[0]!, row)));
      const localMs = time === null ? null : time.localMs - (time.offsetMs ?? 0);
      out.values[row] = localMs === null ? DATE_OF_NOTHING : Math.floor(localMs / MS_PER_DAY);
    }
  };
}

/** By java.time.format, else as java.sql.Timestamp; null where neither reads it. */
function readByPattern(items: readonly PatternItem[], text: string): ReadTime | null {
  return readTime(items, text) ?? readSqlTimestamp(text);
}

function readDefault(text: string): ReadTime | null {
  const time = parseTimestamp(text);
  if (time === null) return null;
  const msOfSecond = Math.floor(time.nanos / 1_000_000);
  return { ms: time.seconds * 1000 + msOfSecond, nanosOfMs: time.nanos % 1_000_000 };
}

function put(time: ReadTime, zone: Zone | null, row: number, out: Column): void {
  const perMs = ticksPerMs(out.type);
  const ms = zone === null ? time.ms : zone.toUtc(time.ms);
  const rest = Math.floor(time.nanosOfMs / (1_000_000 / perMs));
  if (!writeTicks(out.values as Int32Array, row, ms, cut(rest, out.type), perMs)) {
    throw new KernelError('MR3003', 'timestamp is out of range', row);
  }
}

/** Ticks within a millisecond, as many digits as the precision has. */
function cut(rest: number, type: DataType): number {
  const unit = ticksPerSecond(type.precision ?? 6) / 10 ** (type.precision ?? 6);
  return unit <= 1 ? rest : Math.floor(rest / unit) * unit;
}

/** TO_TIMESTAMP(text [, pattern]); a pattern that is none gives NULL too. */
function toTimestamp(): KernelFunction {
  const patterns = new PatternCache('time');
  return (columns, selection, count, out) => {
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      const text = textAt(columns[0]!, row);
      const time = columns[1] === undefined ? readDefault(text)
        : readOrNull(patterns, columns[1], text, row);
      if (time === null) setNull(out, row);
      else put(time, null, row, out);
    }
  };
}

function readOrNull(
  patterns: PatternCache, column: Column, text: string, row: number,
): ReadTime | null {
  try {
    const items = patterns.at(column, row);
    return guarded(row, () => readByPattern(items, text));
  } catch (error) {
    if (error instanceof KernelError) return null;
    throw error;
  }
}

/** TO_TIMESTAMP_LTZ(text [, pattern [, zone]]); by default UTC. */
function toInstantOfText(site: CallSite): KernelFunction {
  const patterns = new PatternCache('time');
  const option = site.options['zone_2'];
  const constantZone = zoneOfOption(option ?? 'UTC');
  return (columns, selection, count, out) => {
    const [source, pattern, zone] = columns;
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      const text = textAt(source!, row);
      const time = pattern === undefined ? readDefault(text)
        : readOrNull(patterns, pattern, text, row);
      if (time !== null) {
        const isNamed = zone !== undefined && option === undefined;
        put(time, isNamed ? zoneOf(textAt(zone, row)) : constantZone, row, out);
      } else if (pattern === undefined) {
        throw new KernelError('MR3001', `'${text}' to TIMESTAMP_LTZ`, row);
      } else setNull(out, row);
    }
  };
}

/** Instants of the years 0 to 9999; others are NULL. */
const LEAST_MS = -62_167_219_200_000;
const GREATEST_MS = 253_402_300_799_999;

/** TO_TIMESTAMP_LTZ(number [, precision]): units of 10^-precision seconds since 1970. */
function toInstantOfNumber(site: CallSite): KernelFunction {
  const perSecond = BigInt(ticksPerSecond(site.resultType.precision ?? 3));
  const isReal = ['FLOAT', 'DOUBLE'].includes(site.argumentTypes[0]!.root);
  return (columns, selection, count, out) => {
    const [source, precision] = columns;
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      const digits = precision === undefined ? 3
        : precision.values[precision.constant ? 0 : row]!;
      if (digits < 0 || digits > 9) {
        throw new KernelError('MR3006', 'precision of TO_TIMESTAMP_LTZ', row);
      }
      const ticks = isReal ? ticksOfReal(source!, row, perSecond, digits)
        : (wholeAt(source!, row) * perSecond) / 10n ** BigInt(digits);
      const ms = ticks === null ? Number.NaN : Number(ticks * 1000n / perSecond);
      if (ticks === null || ms < LEAST_MS || ms > GREATEST_MS) setNull(out, row);
      else writeBigI64(out.values as Int32Array, row, ticks);
    }
  };
}

/** An integer, or the whole part of a decimal. */
function wholeAt(column: Column, row: number): bigint {
  const at = column.constant ? 0 : row;
  switch (column.physical) {
    case 'i64': return readBigI64(column.values as Int32Array, at);
    case 'i128': {
      const scale = 10n ** BigInt(column.type.scale ?? 0);
      return readI128(column.values as Int32Array, at) / scale;
    }
    default: return BigInt(column.values[at]!);
  }
}

/** Rounded down to a tick; null where it is beyond all years; 0 for NaN. */
function ticksOfReal(
  column: Column, row: number, perSecond: bigint, digits: number,
): bigint | null {
  const value = column.values[column.constant ? 0 : row]!;
  if (Number.isNaN(value)) return 0n;
  const ticks = Math.floor(value * (Number(perSecond) / 10 ** digits));
  return Math.abs(ticks) < 2 ** 63 ? BigInt(ticks) : null;
}

/** Long.MIN_VALUE, which UNIX_TIMESTAMP gives for a text that does not follow its pattern. */
const NOTHING = -(2n ** 63n);

/** UNIX_TIMESTAMP(text [, pattern]): by SimpleDateFormat in the session zone. */
function unixTimestamp(site: CallSite): KernelFunction {
  const zone = zoneOfOption(site.options['zone'] ?? 'UTC');
  const patterns = new PatternCache('simple', DEFAULT_PATTERN);
  return (columns, selection, count, out) => {
    const to = out.values as Int32Array;
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      const items = patterns.at(columns[1], row);
      const time = guarded(row, () => readSimpleTime(items, textAt(columns[0]!, row)));
      if (time === null) {
        writeBigI64(to, row, NOTHING);
        continue;
      }
      const utcMs = time.offsetMs === null ? zone.toUtcLater(time.localMs)
        : time.localMs - time.offsetMs;
      writeI64(to, row, Math.trunc(utcMs / 1000));
    }
  };
}

export const temporalReadKernels: KernelFamily = {
  to_date: compiled(toDate),
  to_date_format: compiled(toDateFormat),
  to_timestamp: compiled(toTimestamp),
  to_timestamp_ltz: compiled(toInstantOfNumber),
  to_timestamp_ltz_text: compiled(toInstantOfText),
  to_timestamp_ltz_text_dynamic: compiled(toInstantOfText),
  unix_timestamp: compiled(unixTimestamp),
};
