/** FLOOR and CEIL of dates, times and timestamps to a unit. */
import { type SplitTicks, splitTicks, ticksPerMs, writeTicks } from '../../batch/ticks.js';
import { textAt } from '../../batch/strings.js';
import { MS_PER_DAY } from '../../types/calendar.js';
import { dateRounding, UNIT_MS } from '../../types/time-unit.js';
import { zoneOfOption } from '../../types/zone.js';
import {
  type CallSite, compiled, type KernelFamily, KernelError, type KernelFunction,
} from '../kernel.js';

/** Rounds whole milliseconds of the wall clock; `rest` says whether there are ticks above. */
type RoundMs = (ms: number, hasRest: boolean) => number;

/**
 * Units longer than a day round the date, which before 1970 is cut toward it, as in Flink: CEIL
 * leaves the first day of a unit where it is, with its time cut off. Shorter
 * units round milliseconds; ticks above count for CEIL TO MILLISECOND.
 */
function msRounding(unit: string, isUp: boolean): RoundMs | undefined {
  const ofDate = dateRounding(unit, isUp);
  if (ofDate !== undefined) return (ms) => ofDate(Math.trunc(ms / MS_PER_DAY)) * MS_PER_DAY;
  const each = UNIT_MS[unit];
  if (each === undefined) return undefined;
  if (!isUp) return (ms) => Math.floor(ms / each) * each;
  if (each === 1) return (ms, hasRest) => (hasRest ? ms + 1 : ms);
  return (ms) => Math.ceil(ms / each) * each + 0;
}

function rounder(isUp: boolean): (site: CallSite) => KernelFunction {
  return (site) => {
    const type = site.argumentTypes[0]!;
    if (type.root === 'DATE') return roundDates(isUp);
    return type.root === 'TIME' ? roundTimes(isUp) : roundTimestamps(site, isUp);
  };
}

function unknownUnit(unit: string, selection: Int32Array | null): KernelError {
  return new KernelError('MR3006', `unit of FLOOR or CEIL: ${unit}`, selection?.[0] ?? 0);
}

/** An instant is rounded on the wall clock and moved back by the offset that it had itself. */
function roundTimestamps(site: CallSite, isUp: boolean): KernelFunction {
  const type = site.argumentTypes[0]!;
  const perMs = ticksPerMs(type);
  const zone = type.root === 'TIMESTAMP_LTZ' ? zoneOfOption(site.options['zone'] ?? 'UTC') : null;
  const split: SplitTicks = { ms: 0, rest: 0 };
  return (columns, selection, count, out) => {
    const source = columns[0]!;
    const unit = textAt(columns[1]!, 0);
    const round = msRounding(unit, isUp);
    if (round === undefined) throw unknownUnit(unit, selection);
    const from = source.values as Int32Array;
    const to = out.values as Int32Array;
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      splitTicks(from, source.constant ? 0 : row, perMs, split);
      const local = zone === null ? split.ms : zone.toLocal(split.ms);
      const rounded = round(local, split.rest > 0);
      const ms = rounded - (local - split.ms);
      if (!writeTicks(to, row, ms, 0, perMs)) {
        throw new KernelError('MR3003', 'timestamp is out of range', row);
      }
    }
  };
}

/** CEIL of a date TO DAY is the next day; shorter units change nothing. */
function roundDates(isUp: boolean): KernelFunction {
  return (columns, selection, count, out) => {
    const source = columns[0]!;
    const unit = textAt(columns[1]!, 0);
    const round = dateRounding(unit, isUp) ?? ((days: number) =>
      (isUp && unit === 'DAY' ? days + 1 : days));
    const from = source.values as Int32Array;
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      out.values[row] = round(from[source.constant ? 0 : row]!);
    }
  };
}

function roundTimes(isUp: boolean): KernelFunction {
  return (columns, selection, count, out) => {
    const source = columns[0]!;
    const unit = textAt(columns[1]!, 0);
    const each = UNIT_MS[unit];
    if (each === undefined || each > 3_600_000) throw unknownUnit(unit, selection);
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      const value = source.values[source.constant ? 0 : row]!;
      out.values[row] = (isUp ? Math.ceil(value / each) : Math.floor(value / each)) * each;
    }
  };
}

export const temporalRoundKernels: KernelFamily = {
  floor_time: compiled(rounder(false)),
  ceil_time: compiled(rounder(true)),
};
