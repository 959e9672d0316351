/** Pieces of Flink's texts that several operators share. */
import type { RowField } from '../../../types/data-type.js';
import type { SplitPhase, StateTtl } from '../../logical/node.js';
import type { AggregateCall, SortKey, WindowSpec } from '../plan.js';
import type { Rel } from '../rel.js';

export type Fields = readonly RowField[];

/** The columns of the first input. */
export const inputOf = (rel: Rel): Fields => rel.inputs[0]?.schema ?? [];

export const nameList = (fields: Fields): readonly string[] => fields.map((field) => field.name);
export const nameAt = (fields: Fields, index: number): string =>
  fields[index]?.name ?? `$${index}`;
export const namesAt = (fields: Fields, indexes: readonly number[]): string =>
  indexes.map((index) => nameAt(fields, index)).join(', ');

/** The output's columns. */
export const selectText = (rel: Rel): string => `select=[${nameList(rel.schema).join(', ')}]`;

export const risingTime = (column: number): SortKey =>
  ({ column, descending: false, nullsFirst: true });

/** Of an aggregation; nothing where it has no keys. */
export const keysText = (label: string, keys: readonly number[], input: Fields): string =>
  (keys.length === 0 ? '' : `${label}=[${namesAt(input, keys)}], `);

export const phaseText = (phase: SplitPhase | undefined): string =>
  (phase === undefined ? '' : `partialFinalType=[${phase}], `);

export function hintText(hint: StateTtl | undefined): string {
  const [ttl] = hint ?? [];
  return typeof ttl !== 'string' ? '' : `, stateTtlHints=[[[STATE_TTL options:[${ttl}]]]]`;
}

/** Where NULL stands is not shown. */
export function orderText(keys: readonly SortKey[], input: Fields, markTime = false): string {
  return keys.map((key) => {
    const time = input[key.column]?.type.timeAttribute;
    const mark = markTime && time !== undefined ? `${time.toUpperCase()} ` : '';
    return `${mark}${nameAt(input, key.column)} ${key.descending ? 'DESC' : 'ASC'}`;
  }).join(', ');
}

export function aggregateText(call: AggregateCall, input: Fields, name: string): string {
  const suffix = call.retract ? '_RETRACT' : '';
  const args = call.arguments.length === 0 ? '*' : namesAt(input, call.arguments);
  const distinct = call.distinct ? 'DISTINCT ' : '';
  const filter = call.filter === null ? '' : ` FILTER ${nameAt(input, call.filter)}`;
  return `${call.function}${suffix}(${distinct}${args})${filter} AS ${name}`;
}

export function windowText(
  window: WindowSpec, input: Fields, partition: readonly number[] = [],
  place = windowPlaceText(window, input),
): string {
  const parts = place === '' ? [] : [place];
  const size = window.kind === 'session' ? 'gap'
    : window.kind === 'cumulate' ? 'max_size' : 'size';
  parts.push(`${size}=[${spanText(window.sizeMs)}]`);
  if (window.kind === 'hop') parts.push(`slide=[${spanText(window.slideMs)}]`);
  if (window.kind === 'cumulate') parts.push(`step=[${spanText(window.slideMs)}]`);
  if (partition.length > 0) parts.push(`partition keys=[${namesAt(input, partition)}]`);
  if (window.offsetMs !== 0) parts.push(`offset=[${spanText(window.offsetMs)}]`);
  return `${window.kind.toUpperCase()}(${parts.join(', ')})`;
}

/** By which column rows go to windows. */
function windowPlaceText(window: WindowSpec, input: Fields): string {
  const parts: string[] = [];
  const time = window.rowtime ?? window.proctime;
  if (time !== undefined) parts.push(`time_col=[${nameAt(input, time)}]`);
  if (window.windowStart !== null) parts.push(`win_start=[${nameAt(input, window.windowStart)}]`);
  if (window.windowEnd !== null) parts.push(`win_end=[${nameAt(input, window.windowEnd)}]`);
  return parts.join(', ');
}

const SPANS = [[86_400_000, 'd'], [3_600_000, 'h'], [60_000, 'min'], [1000, 's']] as const;

/** Flink's text of a duration: in the largest unit that divides it. */
function spanText(ms: number): string {
  for (const [size, unit] of SPANS) {
    if (ms % size === 0) return `${ms / size} ${unit}`;
  }
  return `${ms} ms`;
}
