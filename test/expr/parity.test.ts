import { expect, test } from 'vitest';
import type { Value } from '../../src/batch/values.js';
import { loadNative } from '../../src/native/load.js';
import { DYNAMIC_SUFFIX, kernelNames } from '../../src/expr/registry.js';
import { resolveFunction } from '../../src/plan/bind/functions.js';
import type { PlanExpression } from '../../src/plan/physical/plan.js';
import { DOUBLE } from '../../src/types/data-type.js';
import { evaluateFallback, evaluateNative, makeBatch } from './both-engines.js';
import {
  COLUMN_TYPES, randomExpression, randomOf, randomRows, type Random,
} from './random-expression.js';

test('both engines have the same kernels', () => {
  const native = [...loadNative()!.kernelNames];
  const missing = kernelNames().filter((name) => !native.includes(name));
  expect(native.filter((name) => !kernelNames().includes(name))).toEqual([]);
  expect(missing.sort()).toEqual(
    ['convert_tz', 'to_timestamp_ltz_text'].map((name) => `${name}${DYNAMIC_SUFFIX}`));
});

function randomSelection(random: Random, rowCount: number): Int32Array | undefined {
  if (random() < 0.5) return undefined;
  const kept = random();
  const rows = Array.from({ length: rowCount }, (_, row) => row).filter(() => random() < kept);
  return Int32Array.from(rows);
}

function show(value: PlanExpression): string {
  return JSON.stringify(value, (key, part: unknown) =>
    (typeof part === 'bigint' ? `${part}n` : key === 'zone' ? 'zone' : part));
}

/** One seed, one expression over one batch. */
function checkSeed(seed: number): void {
  const random = randomOf(seed);
  const expression = randomExpression(random, 3);
  const rows = randomRows(random, 1 + Math.floor(random() * 150));
  const batch = makeBatch(COLUMN_TYPES, rows, randomSelection(random, rows.length));
  const fallback = evaluateFallback(expression, batch);
  const native = evaluateNative(expression, batch);
  expect(native, `seed ${seed}: ${show(expression)}`).toEqual(fallback);
}

test('random expressions give equal values and equal failures on both engines', () => {
  const count = Number(process.env['MILLRACE_PARITY_SEEDS'] ?? 500);
  for (let seed = 1; seed <= count; seed++) checkSeed(seed);
});

const TRANSCENDENTAL: readonly string[] = [
  'EXP', 'LN', 'LOG10', 'LOG2', 'SIN', 'COS', 'TAN', 'COT', 'ASIN', 'ACOS', 'ATAN', 'SINH', 'COSH',
  'TANH', 'DEGREES', 'RADIANS', 'SQRT',
];

/** Libraries of mathematics differ in the last digits. */
function isNear(a: Value, b: Value): boolean {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return true;
  if (typeof a !== 'number' || typeof b !== 'number') return false;
  return Math.abs(a - b) <= 1e-14 * Math.max(Math.abs(a), Math.abs(b));
}

test.each(TRANSCENDENTAL)('%s is the same to 14 digits on both engines', (name) => {
  const { kernel } = resolveFunction(name, [{ type: DOUBLE }]);
  const column: PlanExpression = { kind: 'column', index: 0, type: DOUBLE };
  const expression: PlanExpression = { kind: 'call', kernel, arguments: [column], type: DOUBLE };
  const inputs = [0, -0, 1, -1, 0.5, -0.5, 2, 10, 100, 1e-10, 1e10, NaN, Infinity, -Infinity, null];
  const batch = makeBatch([DOUBLE], inputs.map((value) => [value]));
  const fallback = evaluateFallback(expression, batch);
  const native = evaluateNative(expression, batch);
  if (!('values' in fallback) || !('values' in native)) throw new Error('no values');
  const { values } = native;
  expect(fallback.values.filter((value, i) => !isNear(value, values[i]!))).toEqual([]);
});
