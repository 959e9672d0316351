/**
 * Time zones as tables of transitions, read from Intl once and carried in plans as options, so
 * that the native engine needs no zone database. native/kernels/zone.h reads the same table.
 *
 * Local time to UTC follows java.time: in a gap the clock before it goes on (02:30 becomes 03:30),
 * in an overlap the earlier instant is meant.
 */
import { fail } from '../errors/index.js';
import { daysOf, MS_PER_DAY } from './calendar.js';

/** Form of a zone in a plan: `offsets[i]` seconds hold from second `at[i]` on, `first` before. */
export interface ZoneTable {
  readonly name: string;
  readonly first: number;
  readonly at: readonly number[];
  readonly offsets: readonly number[];
}

/** Years whose transitions are in a table; before and after, the nearest offset holds. */
const FIRST_YEAR = 1850;
const LAST_YEAR = 2200;

/** Longest stretch that is looked at for one transition: none is undone within it. */
const PROBE_MS = 20 * MS_PER_DAY;

const FIXED = /^(?:(?:GMT|UTC|UT)?([+-])(\d{1,2})(?::?(\d{2}))?(?::?(\d{2}))?|Z|UTC|GMT|UT)$/;

export class Zone {
  readonly #at: Float64Array;
  readonly #offsets: Float64Array;
  /** Local ms at which the offset after a transition takes over. */
  readonly #localAt: Float64Array;
  readonly #first: number;

  constructor(readonly table: ZoneTable) {
    this.#first = table.first * 1000;
    this.#at = Float64Array.from(table.at, (second) => second * 1000);
    this.#offsets = Float64Array.from(table.offsets, (second) => second * 1000);
    this.#localAt = this.#at.map((at, i) => {
      const before = i === 0 ? this.#first : this.#offsets[i - 1]!;
      return at + Math.max(before, this.#offsets[i]!);
    });
  }

  /** Ms to add to UTC at an instant (ms since the epoch). */
  offsetAt(utcMs: number): number {
    const index = lastAtOrBefore(this.#at, utcMs);
    return index < 0 ? this.#first : this.#offsets[index]!;
  }

  toLocal(utcMs: number): number {
    return utcMs + this.offsetAt(utcMs);
  }

  toUtc(localMs: number): number {
    const index = lastAtOrBefore(this.#localAt, localMs);
    return localMs - (index < 0 ? this.#first : this.#offsets[index]!);
  }

  /** Like toUtc, but in an overlap the later instant (java.util.Calendar: standard time). */
  toUtcLater(localMs: number): number {
    const index = lastAtOrBefore(this.#localAt, localMs) + 1;
    const at = this.#at[index];
    const after = this.#offsets[index];
    if (at !== undefined && after !== undefined && localMs - after >= at) return localMs - after;
    return this.toUtc(localMs);
  }
}

function lastAtOrBefore(at: Float64Array, ms: number): number {
  let low = 0;
  let high = at.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (at[middle]! <= ms) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

const ZONES = new Map<string, Zone>();

/** Most zones kept; there are some 600 names. */
const MAX_ZONES = 1000;

/** The zone of a Java zone id (`Asia/Shanghai`, `GMT+08:00`, `UTC`); undefined if unknown. */
export function findZone(name: string): Zone | undefined {
  const known = ZONES.get(name);
  if (known !== undefined) return known;
  const table = fixedTable(name) ?? regionTable(name);
  if (table === undefined) return undefined;
  const zone = new Zone(table);
  if (ZONES.size < MAX_ZONES) ZONES.set(name, zone);
  return zone;
}

/** Like findZone; an unknown name is an MR2008. */
export function zoneOf(name: string): Zone {
  const zone = findZone(name);
  if (zone === undefined) {
    fail('MR2008', { name: 'zone', value: name, expected: 'a region such as Europe/Paris' });
  }
  return zone;
}

/** A zone as a plan's option: a name for a fixed offset, else the table. Unknown: MR2008. */
export function zoneOption(name: string): string | ZoneOption {
  const { table } = zoneOf(name);
  return table.at.length === 0 ? name : { ...table };
}

/** A zone table as plain data of a plan. */
export type ZoneOption = {
  readonly [Member in keyof ZoneTable]: ZoneTable[Member];
};

/** The zone that a plan's option holds: a name or a table. */
export function zoneOfOption(option: unknown): Zone {
  if (typeof option === 'string') return zoneOf(option);
  const table = option as ZoneTable;
  const known = ZONES.get(table.name);
  return known ?? new Zone(table);
}

function fixedTable(name: string): ZoneTable | undefined {
  const match = FIXED.exec(name);
  if (match === null) return undefined;
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = match;
  const magnitude = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  if (magnitude > 18 * 3600) return undefined;
  return { name, first: sign === '-' ? -magnitude : magnitude, at: [], offsets: [] };
}

function regionTable(name: string): ZoneTable | undefined {
  const format = formatOf(name);
  if (format === undefined) return undefined;
  const at: number[] = [];
  const offsets: number[] = [];
  const end = daysOf(LAST_YEAR, 1, 1) * MS_PER_DAY;
  let from = daysOf(FIRST_YEAR, 1, 1) * MS_PER_DAY;
  const first = offsetOf(format, from);
  let offset = first;
  for (; from < end; from += PROBE_MS) {
    const next = offsetOf(format, from + PROBE_MS);
    if (next === offset) continue;
    at.push(transitionIn(format, from, from + PROBE_MS, offset) / 1000);
    offsets.push(next);
    offset = next;
  }
  return { name, first, at, offsets };
}

/** The first instant in (from, to] whose offset is not `before`, to the second. */
function transitionIn(
  format: Intl.DateTimeFormat, from: number, to: number, before: number,
): number {
  let low = from;
  let high = to;
  while (high - low > 1000) {
    const middle = Math.floor((low + high) / 2000) * 1000;
    if (offsetOf(format, middle) === before) low = middle;
    else high = middle;
  }
  return high;
}

function formatOf(name: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: name, hourCycle: 'h23', era: 'short', year: 'numeric', month: 'numeric',
      day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
    });
  } catch {
    return undefined;
  }
}

/** Seconds east of UTC at an instant, from the wall clock that Intl shows. */
function offsetOf(format: Intl.DateTimeFormat, utcMs: number): number {
  const fields = new Map(format.formatToParts(utcMs).map((part) => [part.type, part.value]));
  const field = (type: Intl.DateTimeFormatPartTypes): number => Number(fields.get(type));
  const days = daysOf(field('year'), field('month'), field('day'));
  const seconds = days * 86_400 + field('hour') * 3600 + field('minute') * 60 + field('second');
  return seconds - Math.floor(utcMs / 1000);
}
