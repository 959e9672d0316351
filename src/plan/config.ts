/**
 * Session options: texts by key, read by type through the rows of spec/config.ts.
 */
import { CONFIG, FLINK_PREFIXES, type ConfigKey, type ConfigRow } from '../../spec/config.js';
import { fail, suggest } from '../errors/index.js';
import { parseDurationMs } from './duration.js';

const ROWS = new Map<string, ConfigRow>(CONFIG.map((row) => [row.key, row]));

/** `effect` is false for an option of Flink that changes nothing here. */
export interface SetOutcome {
  readonly effect: boolean;
}

export class SessionConfig {
  readonly #values = new Map<string, string>();

  constructor(values: Readonly<Record<string, string>> = {}) {
    for (const [key, value] of Object.entries(values)) this.set(key, value);
  }

  /** MR2004 for a key that neither we nor Flink know, MR2008 for a value of the wrong type. */
  set(key: string, value: string): SetOutcome {
    const row = ROWS.get(key);
    if (row !== undefined) checkValue(row, value);
    else if (!FLINK_PREFIXES.some((prefix) => key.startsWith(prefix))) unknownKey(key);
    else if (closeKey(key) !== undefined) unknownKey(key);
    this.#values.set(key, value);
    return { effect: row !== undefined };
  }

  /** False for an option of Flink that changes nothing here. */
  hasEffect(key: string): boolean {
    return ROWS.has(key);
  }

  /** Back to the default; of all options without a key. */
  reset(key?: string): void {
    if (key === undefined) this.#values.clear();
    else this.#values.delete(key);
  }

  text(key: ConfigKey): string {
    return this.#values.get(key) ?? ROWS.get(key)?.default ?? '';
  }

  integer(key: ConfigKey): number {
    return Number(this.text(key));
  }

  boolean(key: ConfigKey): boolean {
    return this.text(key).toLowerCase() === 'true';
  }

  durationMs(key: ConfigKey): number {
    return parseDurationMs(this.text(key)) ?? 0;
  }

  /** The session zone by name; the process's own unless set. */
  get zone(): string {
    const text = this.text('table.local-time-zone');
    return text === 'default' ? processZone() : text;
  }

  /** What was set, sorted by key. */
  entries(): readonly (readonly [key: string, value: string])[] {
    return [...this.#values].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  copy(): SessionConfig {
    return new SessionConfig(Object.fromEntries(this.#values));
  }
}

/** The last answer, and the variable that decides it: asking takes a good part of a millisecond. */
let knownZone = { variable: undefined as string | undefined, zone: '' };

function processZone(): string {
  const variable = process.env['TZ'];
  if (knownZone.zone === '' || knownZone.variable !== variable) {
    knownZone = { variable, zone: Intl.DateTimeFormat().resolvedOptions().timeZone };
  }
  return knownZone.zone;
}

function unknownKey(name: string): never {
  return fail('MR2004', { name, suggestion: closeKey(name) });
}

/** A key of ours that differs by a slip of the hand. */
function closeKey(key: string): string | undefined {
  const close = suggest(key, ROWS.keys());
  return close !== undefined && Math.abs(close.length - key.length) <= 1 ? close : undefined;
}

function checkValue(row: ConfigRow, value: string): void {
  const expected = expectation(row, value);
  if (expected !== undefined) fail('MR2008', { name: row.key, value, expected });
}

/** What was expected; undefined if the value is right. */
function expectation(row: ConfigRow, value: string): string | undefined {
  switch (row.type) {
    case 'boolean':
      return /^(true|false)$/i.test(value) ? undefined : 'expected true or false';
    case 'integer':
      return integerExpectation(row, value);
    case 'duration':
      return parseDurationMs(value) === undefined ? 'expected a duration such as 2 s' : undefined;
    case 'zone':
      return value === 'default' || isZone(value)
        ? undefined : 'expected a zone such as Europe/Berlin or UTC';
    case 'string':
      return row.values === undefined || row.values.some((one) => one === value ||
        one.toLowerCase() === value.toLowerCase())
        ? undefined : `expected one of ${row.values.join(', ')}`;
  }
}

function integerExpectation({ least, most }: ConfigRow, value: string): string | undefined {
  const range = most === undefined
    ? least === undefined ? '' : ` from ${least} on`
    : least === most ? `: ${most}` : ` from ${least} to ${most}`;
  const fits = /^-?\d{1,10}$/.test(value) &&
    Number(value) >= (least ?? -Infinity) && Number(value) <= (most ?? Infinity);
  return fits ? undefined : `expected an integer${range}`;
}

function isZone(name: string): boolean {
  if (/^(UTC|GMT)?[+-]\d{1,2}(:\d{2})?$/.test(name)) return true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
