/** A looked up file is read again when its options say so, and not where it has too many rows. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lookupReload } from '../../src/plan/physical/lookup-reload.js';
import type { LookupReload, PhysicalPlan } from '../../src/plan/physical/plan.js';
import { INT, type RowField, STRING } from '../../src/types/data-type.js';
import { batchOf, Driver, ENGINES, makePipeline, rowsSaid } from '../runtime/harness.js';
import { column, field, PlanBuilder } from '../runtime/plans.js';

const folder = mkdtempSync(join(tmpdir(), 'millrace-reload-'));
const TABLE: readonly RowField[] = [field('id', INT), field('name', STRING)];
const STREAM: readonly RowField[] = [field('k', INT)];
const FULL = 'lookup.full-cache.';

describe('when a table is read again', () => {
  it.each([
    [{}, null],
    [{ 'lookup.cache': 'none' }, { everyMs: 0, from: 'last' }],
    [{ [`${FULL}periodic-reload.interval`]: '5 s' }, { everyMs: 5000, from: 'last' }],
    [
      {
        [`${FULL}periodic-reload.interval`]: '1 min',
        [`${FULL}periodic-reload.schedule-mode`]: 'FIXED_RATE',
      },
      { everyMs: 60_000, from: 'first' },
    ],
    [
      { [`${FULL}reload-strategy`]: 'TIMED', [`${FULL}timed-reload.iso-time`]: '10:15+02:00' },
      { everyMs: 86_400_000, from: 'epoch', offsetMs: (8 * 60 + 15) * 60_000 },
    ],
  ] as const)('%j', (options, expected) => {
    expect(lookupReload(options)).toEqual(expected);
  });

  it.each([
    { [`${FULL}periodic-reload.interval`]: '0 s' },
    { [`${FULL}reload-strategy`]: 'TIMED' },
    { [`${FULL}reload-strategy`]: 'TIMED', [`${FULL}timed-reload.iso-time`]: '25:00' },
  ] as readonly Readonly<Record<string, string>>[])('refuses %j', (options) => {
    expect(() => lookupReload(options)).toThrow(/MR2007.*lookup\.full-cache/s);
  });
});

function planOf(path: string, reload: LookupReload | null, mostRows: number): PhysicalPlan {
  const builder = new PlanBuilder();
  const source = builder.external(STREAM);
  builder.collect(builder.add({
    kind: 'lookup-join', keys: [0], arguments: [column(0, INT)], joinType: 'left',
    condition: null, reload, mostRows,
    table: {
      connector: 'filesystem', table: 'names', options: { path },
      format: { name: 'csv', options: {} }, tableSchema: TABLE, schema: TABLE,
      columns: TABLE.map(({ name, type }) => ({ path: [name], type })),
    },
  }, [...STREAM, ...TABLE], source));
  return builder.plan();
}

describe.each(ENGINES)('a looked up file: %s', (engine) => {
  /** What key 1 finds at each time; the file says the time. */
  async function namesAt(
    times: readonly number[], reload: LookupReload | null,
  ): Promise<readonly unknown[]> {
    const path = join(folder, `${engine}-${JSON.stringify(reload).replace(/\W/g, '')}.csv`);
    writeFileSync(path, `1,at ${times[0]}\n`);
    const plan = planOf(path, reload, 10);
    const driver = new Driver(makePipeline(engine, plan, { clockMs: times[0]! }));
    const found = (): readonly unknown[] => rowsSaid(driver.said[0] ?? []).map((row) => row[2]);
    for (const [i, time] of times.entries()) {
      writeFileSync(path, `1,at ${time}\n`);
      driver.pipeline.advanceClock(time);
      await driver.offer(0, batchOf(STREAM, [[1]]));
      await expect.poll(() => found().length, { timeout: 10_000 }).toBe(i + 1);
    }
    driver.pipeline.endInput(0);
    await driver.event('finished');
    await driver.pipeline.close();
    return found();
  }

  it('is read once', async () => {
    expect(await namesAt([0, 9000], null)).toEqual(['at 0', 'at 0']);
  });

  it('is read before each batch', async () => {
    expect(await namesAt([0, 1], { everyMs: 0, from: 'last' })).toEqual(['at 0', 'at 1']);
  });

  it('is read when the interval since the last reading is over', async () => {
    expect(await namesAt([0, 40, 60, 100, 110], { everyMs: 50, from: 'last' }))
      .toEqual(['at 0', 'at 0', 'at 60', 'at 60', 'at 110']);
  });

  it('is read at multiples of the interval from the first reading', async () => {
    expect(await namesAt([5, 50, 60, 100, 106], { everyMs: 50, from: 'first' }))
      .toEqual(['at 5', 'at 5', 'at 60', 'at 60', 'at 106']);
  });

  it('is read at a time of the day', async () => {
    const reload: LookupReload = { everyMs: 1000, from: 'epoch', offsetMs: 300 };
    expect(await namesAt([100, 299, 301, 1299, 1300], reload))
      .toEqual(['at 100', 'at 100', 'at 301', 'at 301', 'at 1300']);
  });

  it('of too many rows fails by name', async () => {
    const path = join(folder, `${engine}-large.csv`);
    writeFileSync(path, '1,a\n2,b\n3,c\n');
    const driver = new Driver(makePipeline(engine, planOf(path, null, 2)));
    await driver.offer(0, batchOf(STREAM, [[1]]));
    driver.pipeline.endInput(0);
    await expect(driver.event('finished')).rejects
      .toThrow(/MR3035.*names has more than 2 rows/);
    await driver.pipeline.close();
  });
});
