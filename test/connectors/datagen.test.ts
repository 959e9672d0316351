import { describe, expect, it } from 'vitest';
import {
  BIGINT, BOOLEAN, BYTES, char, DATE, decimal, DOUBLE, FLOAT, INT, row, SMALLINT, STRING, time,
  timestamp, timestampLtz, TINYINT, varchar, array, type DataType,
} from '../../src/types/data-type.js';
import { Driver, ENGINES, makePipeline, type Row } from '../runtime/harness.js';
import { rowsAcrossRecovery, sourcePlan, sourceRows, type SourceSetup } from './source-runs.js';

const CLOCK = { clockMs: 1_700_000_000_123 };

function tableOf(
  columns: Readonly<Record<string, DataType>>, options: Readonly<Record<string, string>>,
): SourceSetup {
  return {
    connector: 'datagen', options: { 'rows-per-second': '1000000', ...options },
    columns: Object.entries(columns).map(([name, type]) => ({ path: [name], type })),
  };
}

const EVERY_TYPE: Readonly<Record<string, DataType>> = {
  a: TINYINT, b: SMALLINT, c: INT, d: BIGINT, e: FLOAT, f: DOUBLE, g: decimal(10, 2),
  h: decimal(38, 4), i: STRING, j: varchar(7), k: char(3), l: BYTES, m: BOOLEAN, n: DATE,
  o: time(3), p: timestamp(3), q: timestampLtz(6), s: INT,
  r: row([{ name: 'x', type: INT }, { name: 'y', type: row([{ name: 'z', type: STRING }]) }]),
};

const column = (rows: readonly Row[], index: number): readonly unknown[] =>
  rows.map((values) => values[index]);

describe('datagen', () => {
  it('gives the same random rows of every type on both engines', async () => {
    const setup = tableOf(EVERY_TYPE, {
      'number-of-rows': '3000', seed: '11', 'fields.c.null-rate': '0.25', 'fields.i.length': '20',
      'fields.j.var-len': 'true', 'fields.p.max-past': '10 d', 'fields.q.max-past': '5000',
      'fields.r.null-rate': '0.5', 'fields.r.y.z.length': '3', 'fields.d.min': '-5',
      'fields.d.max': '9007199254740993', 'fields.s.kind': 'sequence', 'fields.s.start': '10',
      'fields.s.end': '20000', 'fields.g.min': '-1.25', 'fields.g.max': '3', 'fields.f.max': '1',
    });
    const native = await sourceRows('native', setup, CLOCK);
    expect(native).toHaveLength(3000);
    expect(await sourceRows('fallback', setup, { ...CLOCK, batchRows: 123 })).toEqual(native);
    const other = { ...setup, options: { ...setup.options, seed: '12' } };
    expect(await sourceRows('native', other, CLOCK)).not.toEqual(native);
  });

  it.each(ENGINES)('keeps to bounds, lengths and shares (%s)', async (engine) => {
    const setup = tableOf({ v: INT, t: STRING, u: varchar(9), p: timestamp(3), n: BIGINT }, {
      'number-of-rows': '4000', 'fields.v.min': '-2', 'fields.v.max': '2',
      'fields.u.var-len': 'true', 'fields.p.max-past': '1 s', 'fields.n.null-rate': '0.3',
    });
    const rows = await sourceRows(engine, setup, CLOCK);
    expect([...new Set(column(rows, 0))].map(Number).sort((a, b) => a - b)).toEqual(
      [-2, -1, 0, 1, 2]);
    expect(column(rows, 1).every((text) => /^[0-9a-f]{100}$/.test(String(text)))).toBe(true);
    expect(new Set(column(rows, 2).map((text) => String(text).length)).size).toBe(9);
    const ages = column(rows, 3).map((ticks) => CLOCK.clockMs - Number(ticks));
    expect([Math.min(...ages), Math.max(...ages)].map((age) => Math.round(age / 100))).toEqual(
      [0, 10]);
    const nulls = column(rows, 4).filter((value) => value === null).length / rows.length;
    expect(nulls).toBeCloseTo(0.3, 1);
  });

  it('ends with its shortest sequence, shared out among subtasks', async () => {
    const setup = tableOf({ i: INT, t: STRING, d: decimal(10, 2) }, {
      'fields.i.kind': 'sequence', 'fields.i.start': '5', 'fields.i.end': '1004',
      'fields.t.kind': 'sequence', 'fields.t.start': '-3', 'fields.t.end': '5000',
      'fields.d.kind': 'sequence', 'fields.d.start': '1', 'fields.d.end': '2000',
    });
    const expected = Array.from({ length: 1000 }, (_, i) =>
      [5 + i, String(i - 3), BigInt(100 * (i + 1))]);
    for (const engine of ENGINES) {
      expect(await sourceRows(engine, setup)).toEqual(expected);
      const shared = await sourceRows(engine, setup, { parallelism: 3 });
      expect([...shared].sort((a, b) => Number(a[0]) - Number(b[0]))).toEqual(expected);
    }
  });

  it('makes a column the same whichever others are read', async () => {
    const setup = tableOf(EVERY_TYPE, { 'number-of-rows': '50', 'fields.r.null-rate': '0.5' });
    const all = await sourceRows('native', setup, CLOCK);
    const columns = [{ path: ['r', 'y', 'z'], type: STRING }, { path: ['d'], type: BIGINT }];
    const schema = setup.columns.map(({ path, type }) => ({ name: path[0]!, type }));
    for (const engine of ENGINES) {
      const plan = sourcePlan({ ...setup, columns });
      const [source, ...rest] = plan.nodes;
      const nodes = [{ ...source!, tableSchema: schema }, ...rest] as typeof plan.nodes;
      const rows = await rowsOfPlan(engine, { ...plan, nodes });
      expect(rows).toEqual(all.map((values) => {
        const parent = values[18] as Row | null;
        return [parent === null ? null : (parent[1] as Row)[0], values[3]];
      }));
    }
  });

  it.each([['native', 'fallback'], ['fallback', 'native']] as const)(
    'goes on where a snapshot was taken: %s, then %s', async (first, second) => {
      const setup = tableOf({ a: INT, b: STRING }, { 'number-of-rows': '5000' });
      const { before, after } = await rowsAcrossRecovery([first, second], setup, { batchRows: 50 });
      const all = await sourceRows(first, setup);
      const cut = all.length - after.length;
      expect(cut).toBeLessThanOrEqual(before.length);
      expect(after).toEqual(all.slice(cut));
      expect(before.slice(0, cut)).toEqual(all.slice(0, cut));
    });

  it.each(ENGINES)('refuses what it cannot make (%s)', async (engine) => {
    const cases: readonly (readonly [DataType, Record<string, string>, RegExp])[] = [
      [INT, { 'fields.v.kind': 'normal' }, /MR2008/], [INT, { 'fields.v.max': '3e9' }, /MR2008/],
      [INT, { 'fields.v.min': '5', 'fields.v.max': '4' }, /MR2008/],
      [INT, { 'fields.v.kind': 'sequence', 'fields.v.start': '1' }, /MR2009/],
      [DATE, { 'fields.v.kind': 'sequence' }, /MR2100/], [array(INT), {}, /MR2100/],
      [STRING, { 'fields.v.length': '0' }, /MR2008/], [INT, { seed: 'x' }, /MR2008/],
      [DOUBLE, { 'fields.v.null-rate': '2' }, /MR2008/],
      [timestamp(3), { 'fields.v.max-past': 'long' }, /MR2008/],
    ];
    for (const [type, options, error] of cases) {
      await expect(sourceRows(engine, tableOf({ v: type }, options))).rejects.toThrow(error);
    }
  });
});

async function rowsOfPlan(
  engine: (typeof ENGINES)[number], plan: ReturnType<typeof sourcePlan>,
): Promise<readonly Row[]> {
  const driver = new Driver(makePipeline(engine, plan, CLOCK));
  await driver.event('finished');
  const rows = (driver.said[0] ?? []).filter((said): said is Row => Array.isArray(said));
  await driver.pipeline.close();
  return rows;
}
