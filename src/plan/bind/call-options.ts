/**
 * What a call carries beside its arguments: the zones it needs, by name. They become tables when
 * the plan is made (src/plan/logical/plan-expression.ts).
 */
import type { FunctionRow } from '../../../spec/functions.js';
import { findZone, zoneOf } from '../../types/zone.js';
import type { PlanValue } from '../physical/plan.js';
import type { BoundArgument } from './signature.js';

/** Options of a call of this row; undefined where it needs none. */
export function callOptions(
  row: FunctionRow, args: readonly BoundArgument[], sessionZone: string,
): { readonly [name: string]: PlanValue } | undefined {
  const options: Record<string, PlanValue> = {};
  if (row.zone === true) options['zone'] = sessionZone;
  for (const index of row.zoneArguments ?? []) {
    const name = args[index]?.literal;
    if (typeof name === 'string') options[`zone_${index}`] = zoneName(row.kernel, name);
  }
  return Object.keys(options).length === 0 ? undefined : options;
}

/** CONVERT_TZ takes an unknown zone for UTC, as java.util.TimeZone does; others refuse it. */
function zoneName(kernel: string, name: string): string {
  if (kernel !== 'convert_tz') return zoneOf(name).table.name;
  return lenientZone(name);
}

/** The name itself, or UTC where java.util.TimeZone does not know it. */
export function lenientZone(name: string): string {
  return /^[+-]|^Z$/.test(name) || findZone(name) === undefined ? 'UTC' : name;
}
