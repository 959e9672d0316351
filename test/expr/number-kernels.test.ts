import { describe, expect, test } from 'vitest';
import { Batch } from '../../src/batch/batch.js';
import { columnOf, type Value, valueAt } from '../../src/batch/values.js';
import { compileExpression, KernelError } from '../../src/expr/evaluate.js';
import { resolveFunction } from '../../src/plan/bind/functions.js';
import type { PlanExpression } from '../../src/plan/physical/plan.js';
import {
  BIGINT, BOOLEAN, DOUBLE, FLOAT, INT, STRING, TINYINT, decimal, typesEqual, withNullable,
  type DataType,
} from '../../src/types/data-type.js';

/** Values of name(columns...) row by row; no casts, so types must be as the kernel takes them. */
function evaluate(
  name: string, types: readonly DataType[], rows: readonly (readonly Value[])[],
): readonly Value[] {
  const resolved = resolveFunction(name, types.map((type) => ({ type })));
  for (const [i, type] of types.entries()) {
    expect(typesEqual(type, resolved.parameterTypes[i]!, true)).toBe(true);
  }
  const expression: PlanExpression = {
    kind: 'call', kernel: resolved.kernel, type: withNullable(resolved.resultType, true),
    arguments: types.map((type, index) => ({ kind: 'column', index, type })),
  };
  const columns = types.map((type, i) => columnOf(type, rows.map((row) => row[i]!)));
  const compiled = compileExpression(expression);
  const out = compiled.evaluate(
    new Batch(rows.length, columns), null, rows.length, { nowMs: 0, zone: 'UTC' },
  );
  return rows.map((_, row) => valueAt(out, row));
}

const MAX = 9223372036854775807n;
const MIN = -9223372036854775808n;

describe('integers', () => {
  test('sums, differences and products wrap', () => {
    expect(evaluate('+', [INT, INT], [[2147483647, 1], [1, null]])).toEqual([-2147483648, null]);
    expect(evaluate('*', [TINYINT, TINYINT], [[100, 3]])).toEqual([44]);
    const rows = [[MAX, 1n], [MIN, -1n], [4294967296n, 4294967296n], [-1n, 1n], [MAX, MAX]];
    expect(evaluate('+', [BIGINT, BIGINT], rows)).toEqual([MIN, MAX, 8589934592n, 0n, -2n]);
    expect(evaluate('-', [BIGINT, BIGINT], rows)).toEqual(
      [MAX - 1n, MIN + 1n, 0n, -2n, 0n]);
    expect(evaluate('*', [BIGINT, BIGINT], rows)).toEqual([MAX, MIN, 0n, -1n, 1n]);
  });

  test('quotients are cut toward zero and the rest has the sign of the dividend', () => {
    expect(evaluate('/', [INT, INT], [[7, -2], [-2147483648, -1]])).toEqual([-3, -2147483648]);
    expect(evaluate('%', [INT, INT], [[-26, 5], [-2147483648, -1]])).toEqual([-1, 0]);
    expect(evaluate('/', [BIGINT, BIGINT], [[MIN, -1n], [MAX, 10n]])).toEqual(
      [MIN, 922337203685477580n]);
    expect(evaluate('%', [BIGINT, BIGINT], [[MAX, 10n], [-7n, 3n]])).toEqual([7n, -1n]);
  });

  test('the lowest row with a zero divisor is reported', () => {
    const rows = [[1, 1], [1, null], [1, 0], [1, 0]];
    const failing = () => evaluate('/', [INT, INT], rows);
    expect(failing).toThrow(KernelError);
    try {
      failing();
    } catch (error) {
      expect(error).toMatchObject({ code: 'MR3002', row: 2 });
    }
  });

  test('a null row with a zero divisor does not fail', () => {
    expect(evaluate('%', [BIGINT, BIGINT], [[null, 0n], [5n, 3n]])).toEqual([null, 2n]);
  });
});

describe('decimals', () => {
  const big = 99999999999999999999999999999999999999n;

  test('are exact to 38 digits and NULL beyond', () => {
    const types = [decimal(38, 0), decimal(38, 0)];
    expect(evaluate('+', types, [[big, 0n], [big, 1n], [-big, 1n]])).toEqual(
      [big, null, -big + 1n]);
    expect(evaluate('*', types, [[big, 1n], [big, 2n], [3n, 4n]])).toEqual([big, null, 12n]);
  });

  test('operands of other scales meet, and quotients round half up', () => {
    expect(evaluate('+', [decimal(10, 2), decimal(5, 3)], [[150n, 1500n]])).toEqual([3000n]);
    // 10.00 / 3.0: DECIMAL(10,2) / DECIMAL(5,1) has 8 digits behind the point.
    const quotients = evaluate('/', [decimal(10, 2), decimal(5, 1)], [
      [1000n, 30n], [-2000n, 30n],
    ]);
    expect(quotients).toEqual([333333333n, -666666667n]);
  });

  test('the rest of a division keeps the larger scale', () => {
    expect(evaluate('%', [decimal(10, 2), decimal(10, 0)], [[-755n, 3n]])).toEqual([-155n]);
  });
});

describe('floating point', () => {
  test('singles round to single, zero divides to infinity', () => {
    expect(evaluate('+', [FLOAT, FLOAT], [[Math.fround(0.1), Math.fround(0.2)]])).toEqual(
      [Math.fround(Math.fround(0.1) + Math.fround(0.2))]);
    expect(evaluate('/', [DOUBLE, DOUBLE], [[1, 0], [-1, 0], [0, 0]])).toEqual(
      [Infinity, -Infinity, NaN]);
  });
});

describe('comparisons', () => {
  test('NaN is equal to nothing and -0.0 equals 0.0', () => {
    const rows = [[NaN, NaN], [-0, 0], [1, 2]];
    expect(evaluate('=', [DOUBLE, DOUBLE], rows)).toEqual([false, true, false]);
    expect(evaluate('<>', [DOUBLE, DOUBLE], rows)).toEqual([true, false, true]);
  });

  test('BIGINT compares beyond 2^53', () => {
    const rows = [[MAX, MAX - 1n], [MIN, MAX], [-1n, -1n], [null, 1n]];
    expect(evaluate('>', [BIGINT, BIGINT], rows)).toEqual([true, false, false, null]);
    expect(evaluate('<=', [BIGINT, BIGINT], rows)).toEqual([false, true, true, null]);
  });

  test('decimals of different scales compare exactly', () => {
    expect(evaluate('=', [decimal(5, 1), decimal(5, 3)], [[15n, 1500n], [15n, 1501n]])).toEqual(
      [true, false]);
  });

  test('strings compare as unsigned bytes', () => {
    const rows = [['\u{10000}', '\uffff'], ['a', 'ab'], ['', '']];
    expect(evaluate('>', [STRING, STRING], rows)).toEqual([true, false, false]);
  });

  test('IS DISTINCT FROM takes NULL for a value', () => {
    const rows = [[null, null], [null, 1], [1, 1], [1, 2]];
    expect(evaluate('IS DISTINCT FROM', [INT, INT], rows)).toEqual([false, true, false, true]);
    expect(evaluate('IS NOT DISTINCT FROM', [INT, INT], rows)).toEqual([true, false, true, false]);
  });

  test('GREATEST and LEAST are NULL if an argument is', () => {
    const rows = [['b', 'abc', 'a'], ['b', null, 'a']];
    expect(evaluate('GREATEST', [STRING, STRING, STRING], rows)).toEqual(['b', null]);
    expect(evaluate('LEAST', [BIGINT, BIGINT], [[MAX, MIN]])).toEqual([MIN]);
    expect(evaluate('GREATEST', [decimal(20, 2), decimal(20, 2)], [[-5n, -7n]])).toEqual([-5n]);
  });
});

describe('three-valued logic', () => {
  test('tests of truth never give NULL', () => {
    const rows = [[true], [false], [null]];
    expect(evaluate('IS TRUE', [BOOLEAN], rows)).toEqual([true, false, false]);
    expect(evaluate('IS NOT FALSE', [BOOLEAN], rows)).toEqual([true, false, true]);
    expect(evaluate('NOT', [BOOLEAN], rows)).toEqual([false, true, null]);
    expect(evaluate('IS NULL', [BOOLEAN], rows)).toEqual([false, false, true]);
  });
});
