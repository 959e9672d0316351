import { describe, expect, it } from 'vitest';
import { Batch } from '../../src/batch/batch.js';
import { ColumnBuilder } from '../../src/batch/builder.js';
import type { Column } from '../../src/batch/column.js';
import { compacted, concat, flattened, materialized, slice, take } from '../../src/batch/take.js';
import { columnOf, constantColumn, type Value, valueAt } from '../../src/batch/values.js';
import {
  array, BIGINT, BOOLEAN, BYTES, type DataType, decimal, DOUBLE, FLOAT, INT, map, multiset, row,
  SMALLINT, STRING, TINYINT,
} from '../../src/types/data-type.js';

const SAMPLES: readonly (readonly [DataType, readonly Value[]])[] = [
  [BOOLEAN, [true, null, false]],
  [TINYINT, [-128, null, 127]],
  [SMALLINT, [-32768, null, 32767]],
  [INT, [-2147483648, null, 2147483647]],
  [BIGINT, [-(2n ** 63n), null, 2n ** 63n - 1n]],
  [FLOAT, [1.5, null, Number.NaN]],
  [DOUBLE, [-0, null, Number.NEGATIVE_INFINITY]],
  [decimal(38, 2), [-(10n ** 38n) + 1n, null, 10n ** 38n - 1n]],
  [STRING, ['', null, 'größer 😀 than twelve bytes']],
  [BYTES, [new Uint8Array(0), null, Uint8Array.of(0, 255, 128)]],
  [row([{ name: 'a', type: INT }, { name: 'b', type: STRING }]), [[1, 'x'], null, [null, null]]],
  [array(STRING), [['a', null], null, []]],
  [map(STRING, BIGINT), [[['a', 1n], ['b', null]], null, []]],
  [multiset(STRING), [[['a', 2]], null, []]],
];

function read(column: Column, count: number): Value[] {
  return Array.from({ length: count }, (_, i) => valueAt(column, i));
}

describe.each(SAMPLES)('a column of %j', (type, values) => {
  const column = columnOf(type, values);

  it('gives back what was put in', () => {
    expect(read(column, 3)).toEqual(values);
  });

  it('copies rows of another column', () => {
    const builder = new ColumnBuilder(type, 1);
    for (let i = 0; i < 40; i++) builder.appendFrom(column, i % 3);
    expect(read(builder.finish(), 40)).toEqual(Array.from({ length: 40 }, (_, i) => values[i % 3]));
  });

  it('takes and slices rows', () => {
    expect(read(take(column, Int32Array.of(2, 2, 1, 0)), 4)).toEqual(
      [values[2], values[2], values[1], values[0]]);
    expect(read(slice(column, 1, 3), 2)).toEqual(values.slice(1));
  });

  it('concatenates flat and constant columns', () => {
    const constant = constantColumn(type, values[2]!);
    expect(read(concat([column, constant, column], [3, 2, 1]), 6)).toEqual(
      [...values, values[2], values[2], values[0]]);
    expect(read(flattened(constant, 2), 2)).toEqual([values[2], values[2]]);
  });

  it('keeps its rows when compacted', () => {
    expect(read(compacted(take(column, Int32Array.of(2, 1))), 2)).toEqual([values[2], values[1]]);
  });
});

describe('materialized', () => {
  it('renumbers rows and watermark runs', () => {
    const batch = new Batch(
      6, [columnOf(INT, [0, 1, 2, 3, 4, 5])], Int32Array.of(1, 4), Uint8Array.of(0, 1, 0, 0, 2, 3),
      [{ row: 1, watermark: 10 }, { row: 3, watermark: 20 }, { row: 4, watermark: 30 },
        { row: 6, watermark: 40 }],
    );
    const dense = materialized(batch);
    expect(dense.rowCount).toBe(2);
    expect(read(dense.columns[0]!, 2)).toEqual([1, 4]);
    expect([...dense.rowKinds!]).toEqual([1, 2]);
    expect(dense.watermarks).toEqual([
      { row: 0, watermark: 10 }, { row: 1, watermark: 30 }, { row: 2, watermark: 40 }]);
  });

  it('makes text without its heap smaller', () => {
    const texts = columnOf(STRING, ['a'.repeat(1000), 'b']);
    expect(compacted(take(texts, Int32Array.of(1))).heap.length).toBe(1);
  });
});
