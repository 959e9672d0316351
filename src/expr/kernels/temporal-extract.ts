/** EXTRACT and the functions named after units: YEAR, MONTH, DAYOFWEEK, HOUR, ... */
import { type Column, writeI64 } from '../../batch/column.js';
import { type SplitTicks, splitTicks, ticksPerMs } from '../../batch/ticks.js';
import { textAt } from '../../batch/strings.js';
import { MS_PER_DAY } from '../../types/calendar.js';
import { dateField } from '../../types/time-unit.js';
import type { DataType } from '../../types/data-type.js';
import { zoneOfOption, type Zone } from '../../types/zone.js';
import {
  type CallSite, compiled, type KernelFamily, KernelError, type KernelFunction,
} from '../kernel.js';

/** Milliseconds that a unit's field is taken from, and those of one unit of it. */
const TIME_FIELDS: Readonly<Record<string, readonly [within: number, each: number]>> = {
  HOUR: [MS_PER_DAY, 3_600_000],
  MINUTE: [3_600_000, 60_000],
  SECOND: [60_000, 1000],
  MILLISECOND: [1000, 1],
  EPOCH: [Number.POSITIVE_INFINITY, 1000],
};

/** The field of one value: whole ms of the wall clock, and nanoseconds above them. */
type Field = (ms: number, nanos: number) => number;

/** Days and times of day come from Java's truncating `/` and `%`: before 1970 they are odd. */
function timestampField(unit: string): Field | undefined {
  const ofDate = dateField(unit);
  if (ofDate !== undefined) return (ms) => ofDate(Math.trunc(ms / MS_PER_DAY));
  if (unit === 'MICROSECOND') return (ms, nanos) => (ms % 1000) * 1000 + Math.trunc(nanos / 1000);
  if (unit === 'NANOSECOND') return (ms, nanos) => (ms % 1000) * 1_000_000 + nanos;
  const field = TIME_FIELDS[unit];
  return field === undefined ? undefined : (ms) => truncated(ms, field[0], field[1]);
}

function truncated(value: number, within: number, each: number): number {
  const part = within === Number.POSITIVE_INFINITY ? value : value % within;
  return Math.trunc(part / each) + 0;
}

/** Flink takes the number of days for milliseconds where it reads a time of day from a date. */
function dateOnlyField(unit: string): Field | undefined {
  const ofDate = dateField(unit);
  if (ofDate !== undefined) return ofDate;
  if (unit === 'EPOCH') return (days) => days * 86_400;
  const field = TIME_FIELDS[unit];
  return field === undefined ? undefined : (days) => truncated(days, field[0], field[1]);
}

function intervalField(unit: string): Field | undefined {
  if (unit === 'DAY') return (ms) => Math.trunc(ms / MS_PER_DAY) + 0;
  if (unit === 'EPOCH') return undefined;
  const field = TIME_FIELDS[unit];
  return field === undefined ? undefined : (ms) => truncated(ms, field[0], field[1]);
}

function monthIntervalField(unit: string): Field | undefined {
  switch (unit) {
    case 'YEAR': return (months) => Math.trunc(months / 12) + 0;
    case 'MONTH': return (months) => (months % 12) + 0;
    case 'QUARTER': return (months) => Math.trunc(((months % 12) - 1) / 3) + 1;
    default: return undefined;
  }
}

function fieldOf(unit: string, type: DataType): Field | undefined {
  switch (type.root) {
    case 'DATE': return dateOnlyField(unit);
    case 'TIME': return unit === 'EPOCH' ? undefined : intervalField(unit === 'DAY' ? '' : unit);
    case 'INTERVAL_DAY_TIME': return intervalField(unit);
    case 'INTERVAL_YEAR_MONTH': return monthIntervalField(unit);
    default: return timestampField(unit);
  }
}

function extractor(site: CallSite, unitOf: (columns: readonly Column[]) => string): KernelFunction {
  const type = site.argumentTypes.at(-1)!;
  const zone = type.root === 'TIMESTAMP_LTZ' ? zoneOfOption(site.options['zone'] ?? 'UTC') : null;
  const isWide = type.root.startsWith('TIMESTAMP') || type.root === 'INTERVAL_DAY_TIME';
  const perMs = type.root.startsWith('TIMESTAMP') ? ticksPerMs(type) : 1;
  return (columns, selection, count, out) => {
    const unit = unitOf(columns);
    const field = fieldOf(unit, type);
    if (field === undefined) {
      throw new KernelError('MR3006', `unit ${unit}`, selection?.[0] ?? 0);
    }
    const source = columns.at(-1)!;
    if (isWide) extractWide(field, source, perMs, zone, selection, count, out);
    else extractNarrow(field, source, selection, count, out);
  };
}

function extractWide(
  field: Field, source: Column, perMs: number, zone: Zone | null, selection: Int32Array | null,
  count: number, out: Column,
): void {
  const from = source.values as Int32Array;
  const to = out.values as Int32Array;
  const split: SplitTicks = { ms: 0, rest: 0 };
  const nanosPerTick = 1_000_000 / perMs;
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    splitTicks(from, source.constant ? 0 : row, perMs, split);
    const ms = zone === null ? split.ms : zone.toLocal(split.ms);
    writeI64(to, row, field(ms, split.rest * nanosPerTick));
  }
}

function extractNarrow(
  field: Field, source: Column, selection: Int32Array | null, count: number, out: Column,
): void {
  const from = source.values as Int32Array;
  const to = out.values as Int32Array;
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    writeI64(to, row, field(from[source.constant ? 0 : row]!, 0));
  }
}

const fixedUnit = (unit: string) => compiled((site) => extractor(site, () => unit));

export const temporalExtractKernels: KernelFamily = {
  extract: compiled((site) => extractor(site, (columns) => textAt(columns[0]!, 0))),
  year: fixedUnit('YEAR'),
  quarter: fixedUnit('QUARTER'),
  month: fixedUnit('MONTH'),
  week: fixedUnit('WEEK'),
  day_of_year: fixedUnit('DOY'),
  day_of_month: fixedUnit('DAY'),
  day_of_week: fixedUnit('DOW'),
  hour: fixedUnit('HOUR'),
  minute: fixedUnit('MINUTE'),
  second: fixedUnit('SECOND'),
};
