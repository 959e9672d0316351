/**
 * GROUPING(a, b, ...), GROUPING_ID(a, b, ...) and GROUP_ID(): which keys a row of a grouped query
 * is not grouped by, one bit a key, the first key the highest. They are told by the number of the
 * row's set, so that they cost a comparison and no state.
 */
import { fail } from '../../errors/index.js';
import type { FunctionCall } from '../../sql/ast/call.js';
import type { Position } from '../../sql/ast/node.js';
import { BIGINT, notNull } from '../../types/data-type.js';
import { call, constant, type Call, type Expression, expressionsEqual }
  from '../logical/expression.js';
import type { ExpressionBinder } from './expression-binder.js';

const RESULT = notNull(BIGINT);
const NAMES: ReadonlySet<string> = new Set(['GROUPING', 'GROUPING_ID', 'GROUP_ID']);

export const isGroupingName = (name: string): boolean => NAMES.has(name);

/** Stands for the call until the keys of the query are known. */
export function bindGroupingCall(
  binder: ExpressionBinder, syntax: FunctionCall, name: string,
): Expression {
  const { position } = syntax;
  if (binder.rules.grouped !== true || !binder.rules.aggregates) {
    fail('MR2022', { detail: `${name} in a query that does not group` }, { position });
  }
  const isGroupId = name === 'GROUP_ID';
  if (isGroupId !== (syntax.arguments.length === 0)) {
    const signatures = isGroupId ? 'GROUP_ID()' : `${name}(<key>, <key>...)`;
    fail('MR2006', { call: `${name}(...)`, signatures }, { position });
  }
  // A set that is written twice is one set here, as Flink has it: the number of its copy is 0.
  if (isGroupId) return constant(0n, RESULT);
  const bound = call({
    name: 'GROUPING', kernel: 'grouping', arguments: binder.bindAll(syntax.arguments), type: RESULT,
  });
  binder.positions.set(bound, position);
  return bound;
}

export const isGroupingCall = (expression: Expression): expression is Call =>
  expression.kind === 'call' && expression.kernel === 'grouping';

/** The bits of keys that are not in a set, the first key the highest. */
function missedKeys(keys: readonly number[], set: readonly number[]): bigint {
  return keys.reduce((bits, key) => bits * 2n + (set.includes(key) ? 0n : 1n), 0n);
}

/** The numbers of the sets: their missed keys; a copy of a set before it counts on from there. */
export function setNumbers(keyCount: number, sets: readonly (readonly number[])[]):
readonly bigint[] {
  const keys = Array.from({ length: keyCount }, (_, key) => key);
  const missed = sets.map((set) => missedKeys(keys, set));
  return missed.map((bits, at) =>
    (missed.indexOf(bits) === at ? bits : bits + (BigInt(at) << BigInt(keyCount))));
}

/** What tells the sets of a query apart: the column with their numbers, in the sets' order. */
export interface SetNumbers {
  readonly column: Expression;
  readonly numbers: readonly bigint[];
}

/** The call over the grouped rows; `sets` and `numbers` are null where all keys group together. */
export function groupingValue(
  binder: ExpressionBinder, asked: Call, keys: readonly Expression[],
  sets: readonly (readonly number[])[] | null, numbers: SetNumbers | null, position: Position,
): Expression {
  const places = asked.arguments.map((one) => {
    const place = keys.findIndex((key) => expressionsEqual(key, one));
    if (place < 0) fail('MR2022', { detail: 'GROUPING of what is no key' }, { position });
    return place;
  });
  if (sets === null || numbers === null) return constant(0n, RESULT);
  const values = sets.map((set) => missedKeys(places, set));
  const otherwise = values.at(-1) ?? 0n;
  const branches: Expression[] = [];
  for (let at = 0; values.slice(at).some((value) => value !== otherwise);) {
    const value = values[at]!;
    const same = [];
    for (; values[at] === value; at++) {
      const number = constant(numbers.numbers[at]!, RESULT);
      same.push(binder.call('=', [numbers.column, number], position));
    }
    branches.push(same.length === 1 ? same[0]! : binder.call('OR', same, position),
      constant(value, RESULT));
  }
  if (branches.length === 0) return constant(otherwise, RESULT);
  return binder.call('CASE', [...branches, constant(otherwise, RESULT)], position);
}
