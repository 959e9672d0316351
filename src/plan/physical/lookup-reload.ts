/**
 * When a looked up table is read again, from its options: Flink's `lookup.cache` = FULL with a
 * reload strategy, or NONE.
 */
import { fail } from '../../errors/index.js';
import { parseDurationMs } from '../duration.js';
import type { LookupReload } from './lookup-plan.js';

const DAY_MS = 86_400_000;
const FULL = 'lookup.full-cache.';
const NOTHING: LookupReload = { everyMs: 0, from: 'last' };

/** Null: it is read once. `everyMs` 0: before each batch. */
export function lookupReload(options: Readonly<Record<string, string>>): LookupReload | null {
  const said = (key: string): string | undefined => options[key]?.toUpperCase();
  if (said('lookup.cache') === 'NONE') return NOTHING;
  if (said(`${FULL}reload-strategy`) === 'TIMED') return timed(options);
  const interval = options[`${FULL}periodic-reload.interval`];
  if (interval === undefined) return null;
  const everyMs = parseDurationMs(interval) ?? 0;
  if (everyMs <= 0) return refuse(`${FULL}periodic-reload.interval`, interval);
  const isFixed = said(`${FULL}periodic-reload.schedule-mode`) === 'FIXED_RATE';
  return { everyMs, from: isFixed ? 'first' : 'last' };
}

/** Days are those of UTC unless the time names an offset. */
function timed(options: Readonly<Record<string, string>>): LookupReload {
  const key = `${FULL}timed-reload.iso-time`;
  const time = options[key] ?? '';
  const match = /^(\d\d):(\d\d)(?::(\d\d))?(?:Z|([+-])(\d\d):(\d\d))?$/.exec(time);
  if (match === null) return refuse(key, time);
  const [hours, minutes, seconds, , offsetHours, offsetMinutes] =
    match.slice(1).map((part) => Number(part ?? 0));
  const sign = match[4] === '-' ? -1 : 1;
  const offset = sign * (offsetHours! * 60 + offsetMinutes!);
  const days = Number(options[`${FULL}timed-reload.interval-in-days`] ?? '1');
  if (hours! > 23 || minutes! > 59 || seconds! > 59) return refuse(key, time);
  if (days < 1) return refuse(`${FULL}timed-reload.interval-in-days`, String(days));
  return {
    everyMs: days * DAY_MS, from: 'epoch',
    offsetMs: ((hours! * 60 + minutes! - offset) * 60 + seconds!) * 1000,
  };
}

function refuse(key: string, value: string): never {
  return fail('MR2007', { detail: `option ${key}: ${value}` });
}
