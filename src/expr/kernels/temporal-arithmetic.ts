/**
 * Dates, times and timestamps plus and minus intervals; TIMESTAMPADD; TIMESTAMPDIFF. A month later
 * is the same day of the month, or the last one (2021-01-31 + 1 month = 02-28).
 */
import { type Column, readBigI64, readI64, writeBigI64, writeI64 } from '../../batch/column.js';
import { type SplitTicks, splitTicks, ticksPerMs, writeTicks } from '../../batch/ticks.js';
import { textAt } from '../../batch/strings.js';
import { addMonths, MS_PER_DAY } from '../../types/calendar.js';
import { monthsBetween, UNIT_MONTHS, UNIT_MS } from '../../types/time-unit.js';
import type { DataType } from '../../types/data-type.js';
import {
  type CallSite, compiled, type KernelFamily, KernelError, type KernelFunction,
} from '../kernel.js';

/** Adds months (of an interval of months) or milliseconds to a value. */
interface Shift {
  readonly months: boolean;
  /** The months or milliseconds of a row. Months wrap at 32 bits, as Java's int does. */
  readonly read: (row: number) => number;
  /** The milliseconds of a row in 64 bits, where `read` is no exact number. */
  readonly readExact: (row: number) => bigint;
  /** The whole days of a row's milliseconds. */
  readonly readDays: (row: number) => number;
}

const isMonths = (type: DataType): boolean => type.root === 'INTERVAL_YEAR_MONTH';

function intervalShift(column: Column, sign: 1 | -1): Shift {
  const values = column.values as Int32Array;
  const months = isMonths(column.type);
  const read = (row: number): number => {
    const at = column.constant ? 0 : row;
    return sign * (months ? values[at]! : readI64(values, at));
  };
  const readExact = (row: number): bigint =>
    BigInt.asIntN(64, BigInt(sign) * readBigI64(values, column.constant ? 0 : row));
  return { months, read, readExact, readDays: daysOf(read, readExact) };
}

const BIG_DAY = BigInt(MS_PER_DAY);

/** Whole days, wrapping at 32 bits as Java's int does. */
function daysOf(
  read: (row: number) => number, readExact: (row: number) => bigint,
): (row: number) => number {
  return (row) => {
    const ms = read(row);
    return Number.isSafeInteger(ms) ? Math.trunc(ms / MS_PER_DAY) | 0
      : Number(BigInt.asIntN(32, readExact(row) / BIG_DAY));
  };
}

/** TIMESTAMPADD counts units. */
function unitShift(unit: string, column: Column): Shift {
  const months = UNIT_MONTHS[unit];
  const each = months ?? UNIT_MS[unit] ?? 0;
  const values = column.values as Int32Array;
  const countAt = (row: number): number => readI64(values, column.constant ? 0 : row);
  if (months !== undefined) {
    const read = (row: number): number => Math.imul(each, values[column.constant ? 0 : 2 * row]!);
    return { months: true, read, readExact: () => 0n, readDays: read };
  }
  const read = (row: number): number => each * countAt(row);
  const readExact = (row: number): bigint =>
    BigInt.asIntN(64, BigInt(each) * readBigI64(values, column.constant ? 0 : row));
  return { months: false, read, readExact, readDays: daysOf(read, readExact) };
}

function shiftRows(
  site: CallSite, from: DataType, source: Column, shift: Shift, selection: Int32Array | null,
  count: number, out: Column,
): void {
  const isTimestamp = site.resultType.root.startsWith('TIMESTAMP');
  if (isTimestamp) shiftTimestamps(from, source, shift, selection, count, out);
  else if (from.root === 'TIME') shiftTimes(source, shift, selection, count, out);
  else shiftDates(source, shift, selection, count, out);
}

function outOfRange(row: number): KernelError {
  return new KernelError('MR3003', 'timestamp is out of range', row);
}

function shiftTimestamps(
  from: DataType, source: Column, shift: Shift, selection: Int32Array | null, count: number,
  out: Column,
): void {
  const isDate = from.root === 'DATE';
  const perMs = isDate ? 1 : ticksPerMs(from);
  const toPerMs = ticksPerMs(out.type);
  const values = source.values as Int32Array;
  const split: SplitTicks = { ms: 0, rest: 0 };
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    const at = source.constant ? 0 : row;
    if (isDate) split.ms = values[at]! * MS_PER_DAY;
    else splitTicks(values, at, perMs, split);
    const amount = shift.read(row);
    const ms = shift.months ? shiftMonths(split.ms, amount) : split.ms + amount;
    const rest = split.rest * (toPerMs / perMs);
    const isExact = Math.abs(amount) <= Number.MAX_SAFE_INTEGER && Number.isSafeInteger(ms);
    if (!isExact || !writeTicks(out.values as Int32Array, row, ms, rest, toPerMs)) {
      throw outOfRange(row);
    }
  }
}

function shiftMonths(ms: number, months: number): number {
  const days = Math.floor(ms / MS_PER_DAY);
  return addMonths(days, months) * MS_PER_DAY + ms - days * MS_PER_DAY;
}

/** Hours of an interval that fill no day are cut off. */
function shiftDates(
  source: Column, shift: Shift, selection: Int32Array | null, count: number, out: Column,
): void {
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    const days = source.values[source.constant ? 0 : row]!;
    out.values[row] = shift.months ? addMonths(days, shift.read(row))
      : days + shift.readDays(row);
  }
}

/** Times of day go round; months do not move them. */
function shiftTimes(
  source: Column, shift: Shift, selection: Int32Array | null, count: number, out: Column,
): void {
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    const time = source.values[source.constant ? 0 : row]!;
    const amount = shift.months ? 0 : shift.read(row);
    const moved = Number.isSafeInteger(time + amount) ? (time + amount) % MS_PER_DAY
      : Number(BigInt.asIntN(64, BigInt(time) + shift.readExact(row)) % BIG_DAY);
    out.values[row] = moved < 0 ? moved + MS_PER_DAY : moved;
  }
}

function addInterval(sign: 1 | -1): (site: CallSite) => KernelFunction {
  return (site) => (columns, selection, count, out) => {
    const [a, b] = columns as readonly [Column, Column];
    const isFirst = a.type.root.startsWith('INTERVAL');
    const [source, interval] = isFirst ? [b, a] : [a, b];
    const shift = intervalShift(interval, sign);
    shiftRows(site, source.type, source, shift, selection, count, out);
  };
}

function addUnits(site: CallSite): KernelFunction {
  return (columns, selection, count, out) => {
    const [unit, amount, source] = columns as readonly [Column, Column, Column];
    const shift = unitShift(textAt(unit, 0), amount);
    shiftRows(site, source.type, source, shift, selection, count, out);
  };
}

/** Reads a date, time or timestamp as whole milliseconds. */
function msReader(column: Column): (row: number) => number {
  const values = column.values as Int32Array;
  if (column.type.root === 'DATE') return (row) => values[column.constant ? 0 : row]! * MS_PER_DAY;
  if (column.type.root === 'TIME') return (row) => values[column.constant ? 0 : row]!;
  const perMs = ticksPerMs(column.type);
  const split: SplitTicks = { ms: 0, rest: 0 };
  return (row) => {
    splitTicks(values, column.constant ? 0 : row, perMs, split);
    return split.ms;
  };
}

/** Months between two times: one less where the last one is not full by the time of day. */
function monthsOfTimes(later: number, earlier: number): number {
  const laterDays = Math.floor(later / MS_PER_DAY);
  const earlierDays = Math.floor(earlier / MS_PER_DAY);
  const months = monthsBetween(laterDays, earlierDays);
  const isSameDay = addMonths(earlierDays, months) === laterDays;
  const isShort = later - laterDays * MS_PER_DAY < earlier - earlierDays * MS_PER_DAY;
  return isSameDay && isShort ? months - 1 : months;
}

/** Units below a second count whole seconds, as Flink does, and wrap to the result's width. */
const PER_SECOND: Readonly<Record<string, bigint>> = {
  MILLISECOND: 1000n, MICROSECOND: 1_000_000n, NANOSECOND: 1_000_000_000n,
};

/** The whole units between two times; Flink counts years for decades. */
/** Flink divides seconds that have wrapped around in 32 bits. */
function weeksBetween(later: number, earlier: number): bigint {
  const seconds = BigInt.asIntN(32, BigInt(Math.trunc((later - earlier) / 1000)));
  return seconds / 604_800n;
}

function difference(unit: string): ((later: number, earlier: number) => bigint) | undefined {
  const months = unit === 'DECADE' ? UNIT_MONTHS['YEAR'] : UNIT_MONTHS[unit];
  if (months !== undefined) {
    return (later, earlier) => BigInt(Math.trunc(monthsOfTimes(later, earlier) / months));
  }
  const perSecond = PER_SECOND[unit];
  if (perSecond !== undefined) {
    return (later, earlier) => BigInt(Math.trunc((later - earlier) / 1000)) * perSecond;
  }
  if (unit === 'WEEK') return weeksBetween;
  const each = UNIT_MS[unit];
  if (each === undefined) return undefined;
  return (later, earlier) => BigInt(Math.trunc((later - earlier) / each));
}

/** TIMESTAMPDIFF(unit, earlier, later). */
function timestampDiff(site: CallSite): KernelFunction {
  const isWide = site.resultType.root === 'BIGINT';
  return (columns, selection, count, out) => {
    const unit = textAt(columns[0]!, 0);
    const measure = difference(unit);
    if (measure === undefined) {
      throw new KernelError('MR3006', `unit of TIMESTAMPDIFF: ${unit}`, selection?.[0] ?? 0);
    }
    const earlier = msReader(columns[1]!);
    const later = msReader(columns[2]!);
    const to = out.values as Int32Array;
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      const value = measure(later(row), earlier(row));
      if (isWide) writeBigI64(to, row, value);
      else to[row] = Number(BigInt.asIntN(32, value));
    }
  };
}

/** (a - b) unit as an interval: milliseconds, or months where the result is one of months. */
function subtractTimes(site: CallSite): KernelFunction {
  const inMonths = isMonths(site.resultType);
  return (columns, selection, count, out) => {
    const left = msReader(columns[1]!);
    const right = msReader(columns[2]!);
    const to = out.values as Int32Array;
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      if (inMonths) to[row] = monthsOfTimes(left(row), right(row));
      else writeI64(to, row, left(row) - right(row));
    }
  };
}

/** An interval times a BIGINT, wrapping as Java's integers do. */
function multiplyInterval(): KernelFunction {
  return (columns, selection, count, out) => {
    const isFirst = columns[0]!.type.root.startsWith('INTERVAL');
    const [interval, factor] = isFirst ? [columns[0]!, columns[1]!] : [columns[1]!, columns[0]!];
    const months = isMonths(interval.type);
    const from = interval.values as Int32Array;
    const to = out.values as Int32Array;
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      const at = interval.constant ? 0 : row;
      const times = readBigI64(factor.values as Int32Array, factor.constant ? 0 : row);
      if (months) to[row] = Number(BigInt.asIntN(32, BigInt(from[at]!) * times));
      else writeBigI64(to, row, readBigI64(from, at) * times);
    }
  };
}

export const temporalArithmeticKernels: KernelFamily = {
  add_interval: compiled(addInterval(1)),
  subtract_interval: compiled(addInterval(-1)),
  timestamp_add: compiled(addUnits),
  timestamp_diff: compiled(timestampDiff),
  subtract_times: compiled(subtractTimes),
  multiply_interval: compiled(multiplyInterval),
};
