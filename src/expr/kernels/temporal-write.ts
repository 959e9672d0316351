/** Times as text: DATE_FORMAT, FROM_UNIXTIME, CONVERT_TZ. */
import { type Column, readBigI64, readI64, setNull } from '../../batch/column.js';
import { HeapBuilder, textAt } from '../../batch/strings.js';
import { type SplitTicks, splitTicks, ticksPerMs } from '../../batch/ticks.js';
import type { PatternItem } from '../../types/date-pattern.js';
import { writeTime } from '../../types/date-pattern-write.js';
import { readSimpleTime } from '../../types/simple-pattern-read.js';
import { findZone, type Zone, zoneOfOption } from '../../types/zone.js';
import {
  type CallSite, compiled, KernelError, type KernelFamily, type KernelFunction,
} from '../kernel.js';
import { DEFAULT_PATTERN, guarded, PatternCache } from './date-pattern-cache.js';

const UTC_NAME = /^(UTC|Z|GMT)$/;

/** Text of an instant by a SimpleDateFormat pattern in a zone. */
function simpleText(items: readonly PatternItem[], utcMs: number, zone: Zone): string {
  const offsetMs = zone.offsetAt(utcMs);
  const isUtc = UTC_NAME.test(zone.table.name);
  return writeTime(items, 'simple', { localMs: utcMs + offsetMs, nanosOfMs: 0, offsetMs, isUtc });
}

/** DATE_FORMAT(timestamp, pattern): java.time.format, in the session zone for an instant. */
function dateFormat(site: CallSite): KernelFunction {
  const type = site.argumentTypes[0]!;
  const perMs = ticksPerMs(type);
  const zone = type.root === 'TIMESTAMP_LTZ' ? zoneOfOption(site.options['zone'] ?? 'UTC') : null;
  const patterns = new PatternCache('time');
  const split: SplitTicks = { ms: 0, rest: 0 };
  return (columns, selection, count, out) => {
    const source = columns[0]!;
    const heap = new HeapBuilder(count * 16);
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      const items = patterns.at(columns[1]!, row);
      splitTicks(source.values as Int32Array, source.constant ? 0 : row, perMs, split);
      const localMs = zone === null ? split.ms : zone.toLocal(split.ms);
      const nanosOfMs = split.rest * (1_000_000 / perMs);
      const text = guarded(row, () =>
        writeTime(items, 'time', { localMs, nanosOfMs, offsetMs: 0, isUtc: false }));
      out.starts[row] = heap.appendText(text);
      out.lengths[row] = heap.end - out.starts[row]!;
    }
    out.heap = heap.finish();
  };
}

/** DATE_FORMAT(text, pattern): the text is read and written as SimpleDateFormat does. */
function dateFormatText(): KernelFunction {
  const utc = zoneOfOption('UTC');
  const readPattern = new PatternCache('simple', DEFAULT_PATTERN);
  const patterns = new PatternCache('simple');
  return (columns, selection, count, out) => {
    const heap = new HeapBuilder(count * 16);
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      const items = patterns.at(columns[1]!, row);
      const time = readSimpleTime(readPattern.at(undefined, row), textAt(columns[0]!, row));
      if (time === null) setNull(out, row);
      else append(guarded(row, () => simpleText(items, time.localMs, utc)), row, heap, out);
    }
    out.heap = heap.finish();
  };
}

function append(text: string, row: number, heap: HeapBuilder, out: Column): void {
  out.starts[row] = heap.appendText(text);
  out.lengths[row] = heap.end - out.starts[row]!;
}

/** FROM_UNIXTIME(seconds [, pattern]). */
/** More seconds wrap around as milliseconds in 64 bits. */
const MAX_SECONDS = 2 ** 63 / 1000 - 1;
/** Around the year 5,000,000: days of both engines fit 32 bits to there. */
const MAX_UNIX_MS = 157_000_000_000_000_000;
/** More than a number near MAX_UNIX_MS is off, less than a second. */
const ROUNDING_MS = 32;

const wrappedMs = (values: Int32Array, at: number): number =>
  Number(BigInt.asIntN(64, readBigI64(values, at) * 1000n));

function fromUnixTime(site: CallSite): KernelFunction {
  const zone = zoneOfOption(site.options['zone'] ?? 'UTC');
  const patterns = new PatternCache('simple', DEFAULT_PATTERN);
  return (columns, selection, count, out) => {
    const source = columns[0]!;
    const heap = new HeapBuilder(count * 20);
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      const items = patterns.at(columns[1], row);
      const at = source.constant ? 0 : row;
      const seconds = readI64(source.values as Int32Array, at);
      const product = Math.abs(seconds) < MAX_SECONDS ? seconds * 1000
        : wrappedMs(source.values as Int32Array, at);
      const ms = Number.isSafeInteger(product) ? product : product + ROUNDING_MS;
      if (Math.abs(ms) > MAX_UNIX_MS) {
        throw new KernelError('MR3006', 'seconds beyond the year 5000000', row);
      }
      append(guarded(row, () => simpleText(items, ms, zone)), row, heap, out);
    }
    out.heap = heap.finish();
  };
}

/** CONVERT_TZ(text, from, to). */
function convertZone(site: CallSite): KernelFunction {
  const patterns = new PatternCache('simple', DEFAULT_PATTERN);
  return (columns, selection, count, out) => {
    const heap = new HeapBuilder(count * 20);
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      const items = patterns.at(undefined, row);
      const time = readSimpleTime(items, textAt(columns[0]!, row));
      if (time === null) {
        setNull(out, row);
        continue;
      }
      const from = zoneArgument(site, columns, 1, row);
      const to = zoneArgument(site, columns, 2, row);
      append(simpleText(items, from.toUtcLater(time.localMs), to), row, heap, out);
    }
    out.heap = heap.finish();
  };
}

/** The zone of a constant argument from the options; of another by its name, UTC if unknown. */
function zoneArgument(
  site: CallSite, columns: readonly Column[], index: number, row: number,
): Zone {
  const option = site.options[`zone_${index}`];
  if (option !== undefined) return zoneOfOption(option);
  const name = textAt(columns[index]!, row);
  return (/^[+-]|^Z$/.test(name) ? undefined : findZone(name)) ?? zoneOfOption('UTC');
}

export const temporalWriteKernels: KernelFamily = {
  date_format: compiled(dateFormat),
  date_format_text: compiled(dateFormatText),
  from_unixtime: compiled(fromUnixTime),
  convert_tz: compiled(convertZone),
  convert_tz_dynamic: compiled(convertZone),
};
