import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Batch } from '../../src/batch/batch.js';
import { packBatch, unpackBatch } from '../../src/batch/packed.js';
import { columnOf, type Value, valueAt } from '../../src/batch/values.js';
import { loadNative } from '../../src/native/load.js';
import { encodeValue } from '../../src/plan/physical/encode.js';
import type { PlanValue } from '../../src/plan/physical/plan.js';
import {
  hashKeys, keyGroupRange, keyGroups, subtaskOfKeyGroup,
} from '../../src/state/key-group.js';
import {
  array, BIGINT, BOOLEAN, BYTES, type DataType, DATE, decimal, DOUBLE, FLOAT, INT, row, SMALLINT,
  STRING, TINYINT,
} from '../../src/types/data-type.js';

const native = loadNative()!;

function nativeGroups(types: readonly DataType[], batch: Batch, most: number): readonly number[] {
  const schema = types.map((type, i) => ({ name: `k${i}`, type }));
  const encoded = encodeValue(schema as unknown as PlanValue);
  return [...new Uint32Array(native.keyGroups(encoded, packBatch(batch), most))];
}

const i = (bits: number): fc.Arbitrary<bigint> => fc.bigInt({
  min: -(1n << BigInt(bits - 1)), max: (1n << BigInt(bits - 1)) - 1n,
});
const text = fc.string({ unit: 'grapheme', maxLength: 40 });

/** Values of each type that may be a key. */
const TYPES: readonly (readonly [DataType, fc.Arbitrary<Value>])[] = [
  [BOOLEAN, fc.boolean()],
  [TINYINT, i(8).map(Number)], [SMALLINT, i(16).map(Number)], [INT, i(32).map(Number)],
  [DATE, i(32).map(Number)], [BIGINT, i(64)], [decimal(38, 4), i(127)],
  [FLOAT, fc.float()], [DOUBLE, fc.double()], [STRING, text],
  [BYTES, fc.uint8Array({ maxLength: 40 })],
  [array(STRING), fc.array(fc.option(text), { maxLength: 5 })],
  [row([{ name: 'a', type: INT }, { name: 'b', type: STRING }]),
    fc.tuple(i(32).map(Number), fc.option(text)).map((pair): Value => pair)],
];

describe('key groups', () => {
  it.each(TYPES.map(([type, values]) => [type.root, type, values] as const))(
    'are the same in both engines for %s', (_root, type, values) => {
      const lists = fc.array(fc.option(values), { minLength: 1, maxLength: 30 });
      fc.assert(fc.property(lists, (list) => {
        const batch = new Batch(list.length, [columnOf(type, list)]);
        const expected = [...keyGroups(batch.columns, null, list.length, 128)];
        expect(nativeGroups([type], batch, 128)).toEqual(expected);
      }), { numRuns: 60 });
    });

  it('are the same for several columns, a selection and a constant', () => {
    const ids = columnOf(BIGINT, [1n, 2n, null, 4n]);
    const constant = columnOf(STRING, ['always the same text']);
    constant.constant = true;
    const batch = new Batch(4, [ids, constant], Int32Array.of(0, 2, 3));
    expect(nativeGroups([BIGINT, STRING], batch, 32_768))
      .toEqual([...keyGroups(batch.columns, batch.selection, 3, 32_768)]);
  });

  it('never change: snapshots carry them', () => {
    const hash = (type: DataType, value: Value): number =>
      hashKeys([columnOf(type, [value])], null, 1)[0]!;
    expect([
      hash(BIGINT, 42n), hash(INT, -1), hash(STRING, 'millrace'), hash(STRING, null),
      hash(DOUBLE, NaN), hash(BOOLEAN, true),
    ]).toEqual([1261167448, 4121002018, 3167037409, 593689054, 1987204390, 953780890]);
  });

  it('tell 0.0 from -0.0, and no NaN from another', () => {
    const bits = new Float64Array(new BigUint64Array([0x7ff8000000000001n]).buffer);
    const column = columnOf(DOUBLE, [0, -0, NaN, bits[0]!]);
    const [zero, minusZero, nan, otherNan] = hashKeys([column], null, 4);
    expect(zero).not.toBe(minusZero);
    expect(nan).toBe(otherNan);
  });

  it.each([1, 2, 3, 5, 128])('ranges of %i subtasks cover every group once', (parallelism) => {
    for (let group = 0; group < 128; group++) {
      const owners = Array.from({ length: parallelism }, (_, subtask) => subtask)
        .filter((subtask) => {
          const { first, last } = keyGroupRange(subtask, parallelism, 128);
          return group >= first && group <= last;
        });
      expect(owners).toEqual([subtaskOfKeyGroup(group, parallelism, 128)]);
    }
  });
});

describe('packed batches', () => {
  it.each(TYPES.map(([type, values]) => [type.root, type, values] as const))(
    'keep values, nulls, kinds and times of %s', (_root, type, values) => {
      fc.assert(fc.property(fc.array(fc.option(values), { maxLength: 20 }), (list) => {
        const kinds = Uint8Array.from(list, (_, at) => at % 4);
        const runs = [{ row: 0, watermark: -5 }, { row: list.length, watermark: Infinity }];
        const batch = new Batch(list.length, [columnOf(type, list)], null, kinds, runs);
        const back = unpackBatch(packBatch(batch).buffer as ArrayBuffer, [type]);
        expect(list.map((_, at) => valueAt(back.columns[0]!, at)))
          .toEqual(list.map((_, at) => valueAt(batch.columns[0]!, at)));
        expect([...back.rowKinds!]).toEqual([...kinds]);
        expect(back.watermarks).toEqual(runs);
      }), { numRuns: 40 });
    });
});
