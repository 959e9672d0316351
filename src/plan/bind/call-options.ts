/**
 * What a call carries beside its arguments: compiled patterns, and the zones it needs, by name.
 * These become tables when the plan is made (src/plan/logical/plan-expression.ts).
 */
import type { FunctionRow } from '../../../spec/functions.js';
import { fail } from '../../errors/index.js';
import { compileRegexp, type RegexpProgram } from '../../expr/regexp/compile.js';
import { RegexpSyntaxError, RegexpUnsupportedError } from '../../expr/regexp/node.js';
import { similarToRegexp } from '../../expr/regexp/similar.js';
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
  if (row.pattern === 'pairs') Object.assign(options, pairPrograms(args));
  const program = patternProgram(row, args);
  if (program !== undefined) options['program'] = program;
  return Object.keys(options).length === 0 ? undefined : options;
}

/** Whether a pattern or a zone is not constant. */
export function isDynamic(row: FunctionRow, args: readonly BoundArgument[]): boolean {
  const hasPattern = row.pattern !== undefined && row.pattern !== 'pairs';
  const needed = [...(row.zoneArguments ?? []), ...(hasPattern ? [1, 2] : [])];
  return needed.some((index) => {
    const isPart = index < args.length && (row.pattern !== 'regexp' || index === 1);
    return isPart && args[index]!.literal === undefined;
  });
}

/** The program of a constant pattern; null where the text is no pattern of Java. */
function patternProgram(
  row: FunctionRow, args: readonly BoundArgument[],
): RegexpProgram | null | undefined {
  const pattern = args[1]?.literal;
  const hasOne = row.pattern === 'regexp' || row.pattern === 'similar';
  if (!hasOne || typeof pattern !== 'string' || isDynamic(row, args)) {
    return undefined;
  }
  try {
    if (row.pattern === 'regexp') return compileRegexp(pattern);
    const escape = args[2]?.literal;
    return compileRegexp(similarToRegexp(pattern, typeof escape === 'string' ? escape : null));
  } catch (error) {
    if (error instanceof RegexpUnsupportedError) {
      fail('MR2100', { feature: `regular expression with ${error.message}` });
    }
    if (!(error instanceof RegexpSyntaxError)) throw error;
    if (row.pattern === 'similar') fail('MR2007', { detail: `SIMILAR TO: ${error.message}` });
    return null;
  }
}

/** STR_TO_MAP: what parts pairs, and what parts a key from its value. */
function pairPrograms(args: readonly BoundArgument[]): { readonly [name: string]: PlanValue } {
  return { list_program: partingProgram(args[1], ','), pair_program: partingProgram(args[2], '=') };
}

function partingProgram(argument: BoundArgument | undefined, usual: string): RegexpProgram {
  const text = argument === undefined ? usual : argument.literal;
  if (typeof text !== 'string') {
    fail('MR2100', { feature: 'STR_TO_MAP with delimiters that are not constant' });
  }
  try {
    return compileRegexp(text);
  } catch (error) {
    if (error instanceof RegexpUnsupportedError) {
      fail('MR2100', { feature: `regular expression with ${error.message}` });
    }
    if (!(error instanceof RegexpSyntaxError)) throw error;
    return fail('MR2007', { detail: `STR_TO_MAP: ${error.message}` });
  }
}

/** CONVERT_TZ takes an unknown zone for UTC, as java.util.TimeZone does; others refuse it. */
function zoneName(kernel: string, name: string): string {
  if (kernel !== 'convert_tz') return zoneOf(name).table.name;
  return lenientZone(name);
}

/** The name itself, or UTC where java.util.TimeZone does not know it. */
function lenientZone(name: string): string {
  return /^[+-]|^Z$/.test(name) || findZone(name) === undefined ? 'UTC' : name;
}
