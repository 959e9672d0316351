import { describe, expect, it } from 'vitest';
import { Batch } from '../../src/batch/batch.js';
import { canonicalRow, javaText, jsonRow, rowTexts } from '../../src/batch/format.js';
import { columnOf, type Value } from '../../src/batch/values.js';
import * as types from '../../src/types/data-type.js';

const CASES: readonly (readonly [types.DataType, Value, string])[] = [
  [types.TINYINT, -5, '-5'],
  [types.BIGINT, 9007199254740993n, '9007199254740993'],
  [types.DOUBLE, 1e10, '1.0E10'],
  [types.DOUBLE, 0.001, '0.001'],
  [types.DOUBLE, 123456.75, '123456.75'],
  [types.DOUBLE, 1.25e-7, '1.25E-7'],
  [types.FLOAT, Math.fround(0.1), '0.1'],
  [types.FLOAT, Math.fround(1.1e20), '1.1E20'],
  [types.decimal(10, 3), -5n, '-0.005'],
  [types.DATE, -1, '1969-12-31'],
  [types.time(3), 45_000_000, '12:30'],
  [types.timestamp(3), 1_000n, '1970-01-01T00:00:01'],
  [types.timestamp(6), 1_500n, '1970-01-01T00:00:00.001500'],
  [types.timestamp(3), -62_135_596_800_001n, '0000-12-31T23:59:59.999'],
  [types.timestampLtz(3), 0n, '1970-01-01T00:00:00Z'],
  [types.INTERVAL_DAY_TIME, 86_400_000n, 'PT24H'],
  [types.INTERVAL_DAY_TIME, 90_500n, 'PT1M30.5S'],
  [types.INTERVAL_YEAR_MONTH, 14, 'P14M'],
  [types.array(types.INT), [1, null], '[1, null]'],
  [types.row([{ name: 'a', type: types.INT }]), [1], '+I[1]'],
];

describe('rows as text', () => {
  it.each(CASES)('%o %o prints as %s', (type, value, text) => {
    expect(javaText(value, type)).toBe(text);
  });

  it('a changelog prints each row with its kind', () => {
    const columns = [columnOf(types.INT, [1, 2, 3]), columnOf(types.STRING, ['a', null, 'c'])];
    const batch = new Batch(3, columns, Int32Array.of(0, 1), Uint8Array.of(1, 2, 0));
    expect([...rowTexts(batch)]).toEqual(['-U[1, a]', '+U[2, null]']);
  });

  it('result lines spell wide integers and decimals as text and hash floats by their bits', () => {
    const columns = [
      columnOf(types.BIGINT, [7n]), columnOf(types.DOUBLE, [Number.NaN]),
      columnOf(types.FLOAT, [1.5]), columnOf(types.decimal(4, 2), [5n]),
    ];
    const batch = new Batch(1, columns);
    expect(jsonRow(batch, 0)).toBe('["7","NaN",1.5,"0.05"]');
    expect(canonicalRow(batch, 0)).toBe('["7","d7ff8000000000000","f3fc00000","0.05"]');
  });
});
