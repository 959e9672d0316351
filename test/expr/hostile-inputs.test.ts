/**
 * Every function and every cast over hostile values (test/support/hostile): both engines give the
 * same values or the same error, in bounded time.
 */
import { describe, expect, it } from 'vitest';
import { Batch } from '../../src/batch/batch.js';
import type { Value } from '../../src/batch/values.js';
import { typeToString } from '../../src/types/data-type.js';
import { ENGINES } from '../support/expression.js';
import {
  CAST_PAIRS, castCall, HOSTILE_FUNCTIONS, HOSTILE_ROWS, HOSTILE_SQL, hostileCall,
  type HostileCall, sqlCall, withLongText,
} from '../support/hostile/calls.js';
import { evaluateFallback, evaluateNative, type Outcome } from './both-engines.js';
import { randomOf } from './random-expression.js';

const ROUNDS = Number(process.env['MILLRACE_HOSTILE_ROUNDS'] ?? 12);
const SEED = Number(process.env['MILLRACE_HOSTILE_SEED'] ?? 1);

/** Kernels whose last bits are those of the system's mathematical library. */
const REAL = new Set(['power', 'log', 'ln', 'log10', 'log2', 'exp', 'sin', 'cos', 'tan', 'cot',
  'asin', 'acos', 'atan', 'atan2', 'sinh', 'cosh', 'tanh']);

/** Both outcomes row by row where the whole batch fails, so that no row hides behind another. */
function outcomes({ expression, columns }: HostileCall): readonly (readonly [Outcome, Outcome])[] {
  const whole = new Batch(HOSTILE_ROWS, columns);
  const both = [evaluateNative(expression, whole), evaluateFallback(expression, whole)] as const;
  if ('values' in both[0] && 'values' in both[1]) return [both];
  const rows = Array.from({ length: HOSTILE_ROWS }, (_, i) =>
    new Batch(HOSTILE_ROWS, columns, Int32Array.of(i)));
  return [both, ...rows.map((one) =>
    [evaluateNative(expression, one), evaluateFallback(expression, one)] as const)];
}

/** Whether two doubles are the same but for the last two bits that libraries differ in. */
function isClose(a: Value, b: Value): boolean {
  return typeof a === 'number' && typeof b === 'number' &&
    Math.abs(a - b) <= Math.abs(b) * 2 ** -51;
}

/** The values of `fallback` where those of `native` are as good; of a text too long only that. */
function settled(native: Outcome, fallback: Outcome, kernel: string): Outcome {
  if ('values' in native && 'values' in fallback && REAL.has(kernel)) {
    return { values: native.values.map((value, i) =>
      (isClose(value, fallback.values[i]!) ? fallback.values[i]! : value)) };
  }
  const isHeap = 'code' in native && 'code' in fallback && native.code === 'MR3005';
  return isHeap && fallback.code === native.code ? fallback : native;
}

function expectAgreement({ name, expression, columns }: HostileCall): void {
  const kernel = expression.kind === 'call' ? expression.kernel : '';
  for (const [native, fallback] of outcomes({ name, expression, columns })) {
    expect({ name, expression, result: settled(native, fallback, kernel) })
      .toEqual({ name, expression, result: fallback });
  }
}

describe.runIf(ENGINES.includes('native'))('both engines agree on hostile values', () => {
  it.each(HOSTILE_FUNCTIONS.map((row) => [row.name, row] as const))('of %s', (_, row) => {
    const random = randomOf(SEED * 7919 + row.name.length * 31 + row.kernel.length);
    let compared = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const call = hostileCall(random, row);
      if (call === null) continue;
      expectAgreement(round % 4 === 0 ? withLongText(random, call) : call);
      compared++;
    }
    expect(compared).toBeGreaterThan(0);
  });

  it.each(HOSTILE_SQL)('of %s', (sql) => {
    expectAgreement(sqlCall(randomOf(SEED + sql.length), sql));
  });

  const froms = new Map(CAST_PAIRS.map((pair) => [typeToString(pair[0]), pair[0]]));
  it.each([...froms])('cast from %s', (_, from) => {
    const random = randomOf(SEED);
    for (const pair of CAST_PAIRS.filter(([other]) => other === from)) {
      for (const isTry of [false, true]) expectAgreement(castCall(random, pair, isTry));
    }
  });
});
