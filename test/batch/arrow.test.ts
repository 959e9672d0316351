import * as arrow from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { toRecordBatch } from '../../src/batch/arrow-export.js';
import { fromRecordBatch } from '../../src/batch/arrow-import.js';
import { fromArrowType } from '../../src/batch/arrow-types.js';
import { Batch } from '../../src/batch/batch.js';
import { columnOf, valueAt, type Value } from '../../src/batch/values.js';
import * as types from '../../src/types/data-type.js';

const CASES: readonly (readonly [types.DataType, readonly Value[]])[] = [
  [types.BOOLEAN, [true, null, false, true]],
  [types.TINYINT, [1, -128, null, 127]],
  [types.SMALLINT, [1, -32768, null, 3]],
  [types.INT, [1, null, -2147483648, 7]],
  [types.BIGINT, [1n, -(1n << 63n), null, 9007199254740993n]],
  [types.FLOAT, [1.5, null, Number.NaN, -0]],
  [types.DOUBLE, [0.1, null, Infinity, -0]],
  [types.decimal(38, 2), [12345n, -(10n ** 37n), null, 0n]],
  [types.STRING, ['', 'ä€😀', null, 'a longer text than twelve bytes']],
  [types.BYTES, [new Uint8Array([0, 255]), null, new Uint8Array(0), new Uint8Array([7])]],
  [types.DATE, [0, -1, null, 19000]],
  [types.time(3), [0, 86399999, null, 5]],
  [types.timestamp(3), [0n, -5n, null, 1700000000000n]],
  [types.timestampLtz(9), [1n, null, 1700000000000000001n, 0n]],
  [types.INTERVAL_DAY_TIME, [1000n, null, -1n, 0n]],
  [
    types.row([{ name: 'a', type: types.INT }, { name: 'b', type: types.STRING }]),
    [[1, 'x'], null, [null, 'y'], [3, null]],
  ],
];

describe('batches and Arrow record batches', () => {
  it.each(CASES.map(([type, values]) => [types.typeToString(type), type, values] as const))(
    '%s survives a round trip through Arrow IPC',
    (_text, type, values) => {
      const batch = new Batch(values.length, [columnOf(type, values)]);
      const exported = toRecordBatch(arrow, batch, [{ name: 'c', type }]);
      const bytes = arrow.tableToIPC(new arrow.Table([exported]));
      const read = arrow.tableFromIPC(bytes).batches[0]!;
      const back = fromRecordBatch(arrow, read, [type]);
      expect(values.map((_, row) => valueAt(back.columns[0]!, row))).toEqual(values);
    },
  );

  it('only selected rows leave', () => {
    const column = columnOf(types.INT, [1, 2, 3]);
    const batch = new Batch(3, [column], Int32Array.of(0, 2));
    const exported = toRecordBatch(arrow, batch, [{ name: 'c', type: types.INT }]);
    expect([...(exported.getChildAt(0) ?? [])]).toEqual([1, 3]);
  });

  it('vectors made by Arrow itself come in, dictionaries and seconds included', () => {
    const table = arrow.tableFromArrays({
      name: ['a', 'b', null, 'a'],
      n: Int32Array.of(1, 2, 3, 4),
      u: Uint8Array.of(1, 2, 3, 255),
    });
    const batch = table.batches[0]!;
    const inferred = table.schema.fields.map((f) => fromArrowType(arrow, f.type, f.nullable)!);
    expect(inferred.map(types.typeToString)).toEqual(
      ['STRING', 'INT NOT NULL', 'SMALLINT NOT NULL']);
    const back = fromRecordBatch(arrow, batch, inferred);
    const read = back.columns.map((c) => [0, 1, 2, 3].map((row) => valueAt(c, row)));
    expect(read).toEqual([['a', 'b', null, 'a'], [1, 2, 3, 4], [1, 2, 3, 255]]);
  });
});
