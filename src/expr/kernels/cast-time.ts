/**
 * DATE, TIME, TIMESTAMP, TIMESTAMP_LTZ to each other, and intervals to themselves. Digits that the
 * target's precision lacks are cut toward the past.
 */
import {
  readBigI64, readI64, setNull, writeBigI64, writeI64, type Column,
} from '../../batch/column.js';
import { MS_PER_DAY } from '../../types/calendar.js';
import { ticksPerSecond, type DataType } from '../../types/data-type.js';
import { isTimestamp } from '../../types/merging.js';
import { type Zone, zoneOfOption } from '../../types/zone.js';
import { isSmallI64 } from '../i64.js';
import { type CallSite, KernelError, type KernelFunction } from '../kernel.js';
import { indexIn, rowLoop } from '../loop.js';

/** The loop for this pair; null if they are no dates or times. */
export function timeCast(site: CallSite): KernelFunction | null {
  const from = site.argumentTypes[0];
  const to = site.resultType;
  if (from === undefined) return null;
  if (isTimestamp(from)) return fromTimestamp(site, from, to);
  if ((from.root === 'DATE' || from.root === 'TIME') && isTimestamp(to)) {
    return toTimestamp(site, from, to);
  }
  if (from.root !== to.root) return null;
  switch (to.root) {
    case 'TIME':
      return rowLoop(`o[k] = x[i] - x[i] % ${timeStep(to)};`, ['i32'], 'i32');
    case 'DATE':
    case 'INTERVAL_YEAR_MONTH':
      return rowLoop('o[k] = x[i];', ['i32'], 'i32');
    case 'INTERVAL_DAY_TIME':
      return rowLoop('o[k] = x[i]; o[k + 1] = x[i + 1];', ['i64'], 'i64');
    default:
      return null;
  }
}

/** The zone of a call that crosses between instants and the wall clock. */
export function siteZone(site: CallSite): Zone {
  return zoneOfOption(site.options['zone'] ?? 'UTC');
}

/** Milliseconds of the smallest step of a TIME's precision. */
export function timeStep(type: DataType): number {
  return 10 ** Math.max(0, 3 - (type.precision ?? 0));
}

/** Smallest step of a timestamp's precision in ticks of its type. */
export function tickStep(type: DataType): number {
  return Math.max(1, ticksPerSecond(type.precision ?? 6) / 10 ** (type.precision ?? 6));
}

function fromTimestamp(site: CallSite, from: DataType, to: DataType): KernelFunction | null {
  if (isTimestamp(to)) return timestampToTimestamp(site, from, to);
  const localMs = localMsReader(site, from);
  // As in Flink, the day of a TIMESTAMP before 1970 is cut toward the epoch.
  const day = from.root === 'TIMESTAMP' ? Math.trunc : Math.floor;
  if (to.root === 'DATE') {
    return timestampMap(localMs, (ms) => day(ms / MS_PER_DAY));
  }
  if (to.root !== 'TIME') return null;
  const step = timeStep(to);
  return timestampMap(localMs, (ms) => {
    const time = ms - Math.floor(ms / MS_PER_DAY) * MS_PER_DAY;
    return time - (time % step);
  });
}

type MsReader = (words: Int32Array, index: number) => number;

/** Milliseconds on the wall clock of a timestamp. */
function localMsReader(site: CallSite, from: DataType): MsReader {
  const perMs = ticksPerSecond(from.precision ?? 6) / 1000;
  const zone = from.root === 'TIMESTAMP_LTZ' ? siteZone(site) : null;
  return (words, index) => {
    const ms = ticksToMs(words, index, perMs);
    return zone === null ? ms : zone.toLocal(ms);
  };
}

/** Whole milliseconds, toward the past. */
export function ticksToMs(words: Int32Array, index: number, perMs: number): number {
  if (perMs === 1 || isSmallI64(words, 2 * index)) {
    return Math.floor(readI64(words, index) / perMs);
  }
  const ticks = readBigI64(words, index);
  const unit = BigInt(perMs);
  const rest = ((ticks % unit) + unit) % unit;
  return Number((ticks - rest) / unit);
}

function timestampMap(read: MsReader, f: (ms: number) => number): KernelFunction {
  return (columns, selection, count, out) => {
    const a = columns[0]!;
    for (let n = 0; n < count; n++) {
      const row = selection === null ? n : selection[n]!;
      out.values[row] = f(read(a.values as Int32Array, indexIn(a, row)));
    }
  };
}

function timestampToTimestamp(site: CallSite, from: DataType, to: DataType): KernelFunction {
  const perMs = ticksPerSecond(from.precision ?? 6) / 1000;
  const zone = from.root === to.root ? null : siteZone(site);
  const convert = tickConverter(site, ticksPerSecond(from.precision ?? 6), to);
  return (columns, selection, count, out) => {
    const a = columns[0]!;
    const x = a.values as Int32Array;
    for (let n = 0; n < count; n++) {
      const row = selection === null ? n : selection[n]!;
      const index = indexIn(a, row);
      let shift = 0;
      if (zone !== null) {
        const ms = ticksToMs(x, index, perMs);
        shift = (to.root === 'TIMESTAMP_LTZ' ? zone.toUtc(ms) : zone.toLocal(ms)) - ms;
      }
      const small = isSmallI64(x, 2 * index) ? readI64(x, index) + shift * perMs : Number.NaN;
      if (Number.isSafeInteger(small)) convert.small(small, out, row);
      else convert.large(readBigI64(x, index) + BigInt(shift * perMs), out, row);
    }
  };
}

interface TickConverter {
  readonly small: (ticks: number, out: Column, row: number) => void;
  readonly large: (ticks: bigint, out: Column, row: number) => void;
}

/** Ticks of `perSecond` as ticks of `to`, cut to its precision; past 64 bits MR3003 or NULL. */
function tickConverter(site: CallSite, perSecond: number, to: DataType): TickConverter {
  const target = ticksPerSecond(to.precision ?? 6);
  const step = tickStep(to);
  const large = (ticks: bigint, out: Column, row: number): void => {
    const scaled = target >= perSecond
      ? ticks * BigInt(target / perSecond) : floorDivide(ticks, BigInt(perSecond / target));
    const cut = floorDivide(scaled, BigInt(step)) * BigInt(step);
    if (BigInt.asIntN(64, scaled) !== scaled) outOfRange(site, out, row);
    else writeBigI64(out.values as Int32Array, row, cut);
  };
  const small = (ticks: number, out: Column, row: number): void => {
    const scaled = target >= perSecond
      ? ticks * (target / perSecond) : Math.floor(ticks / (perSecond / target));
    if (!Number.isSafeInteger(scaled)) large(BigInt(ticks), out, row);
    else writeI64(out.values as Int32Array, row, Math.floor(scaled / step) * step);
  };
  return { small, large };
}

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}

function outOfRange(site: CallSite, out: Column, row: number): void {
  if (site.options['try'] === true) {
    setNull(out, row);
    return;
  }
  throw new KernelError('MR3003', 'timestamp beyond the range of its precision', row);
}

/** DATE counts days, TIME milliseconds of 1970-01-01. */
function toTimestamp(site: CallSite, from: DataType, to: DataType): KernelFunction {
  const unitMs = from.root === 'DATE' ? MS_PER_DAY : 1;
  const zone = to.root === 'TIMESTAMP_LTZ' ? siteZone(site) : null;
  const convert = tickConverter(site, 1000, to);
  return (columns, selection, count, out) => {
    const a = columns[0]!;
    for (let n = 0; n < count; n++) {
      const row = selection === null ? n : selection[n]!;
      const ms = a.values[indexIn(a, row)]! * unitMs;
      convert.small(zone === null ? ms : zone.toUtc(ms), out, row);
    }
  };
}
