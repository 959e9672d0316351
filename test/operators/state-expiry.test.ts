/** State that outlives its time is let go bit by bit; taking rows of one key back stays cheap. */
import { describe, expect, it } from 'vitest';
import { Batch, ROW_KIND } from '../../src/batch/batch.js';
import { allocateColumn, writeI64 } from '../../src/batch/column.js';
import type { PhysicalPlan } from '../../src/plan/physical/plan.js';
import { Expiry, sweepLimit } from '../../src/state/expiry.js';
import { BIGINT, notNull } from '../../src/types/data-type.js';
import { Driver, ENGINES, makePipeline } from '../runtime/harness.js';
import { field, PlanBuilder } from '../runtime/plans.js';

const LONG = notNull(BIGINT);
const TTL_MS = 1000;
const BATCH_ROWS = 4096;

/** Rows (key, value) for values from `first`; `keyOf` a value. */
function rows(
  first: number, count: number, keyOf: (value: number) => number, kind: number = ROW_KIND.INSERT,
): Batch {
  const columns = [allocateColumn(LONG, count), allocateColumn(LONG, count)];
  for (let i = 0; i < count; i++) {
    writeI64(columns[0]!.values as Int32Array, i, keyOf(first + i));
    writeI64(columns[1]!.values as Int32Array, i, first + i);
  }
  const kinds = kind === ROW_KIND.INSERT ? null : new Uint8Array(count).fill(kind);
  return new Batch(count, columns, null, kinds);
}

/** Has the operator of the plan take batches, and waits until it has. */
class Taker {
  private taken = 0;

  constructor(readonly driver: Driver, private readonly operator: number) {}

  async take(batch: Batch): Promise<void> {
    await this.driver.offer(0, batch);
    this.taken += batch.rowCount;
    while (this.stats.rowsIn < this.taken) await new Promise((done) => setTimeout(done, 1));
  }

  get stats() {
    const all = this.driver.pipeline.stats().operators;
    return all.find((one) => one.operator === this.operator)!;
  }
}

describe('entries in the order of their writes', () => {
  const drain = (expiry: Expiry, nowMs: number): readonly number[] => {
    const gone: number[] = [];
    for (let id = expiry.oldestExpired(nowMs); id >= 0; id = expiry.oldestExpired(nowMs)) {
      gone.push(id);
      expiry.forget(id);
    }
    return gone;
  };

  it('go when nobody wrote them for their time', () => {
    const expiry = new Expiry(10);
    for (const id of [0, 1, 2]) expiry.touch(id, id);
    expiry.touch(0, 5);
    expect(drain(expiry, 11)).toEqual([1]);
    expect(drain(expiry, 15)).toEqual([2, 0]);
    expect(drain(expiry, 99)).toEqual([]);
  });

  it('are put in order when they are restored', () => {
    const expiry = new Expiry(10);
    [30, 10, 20].forEach((time, id) => expiry.restore(id, time));
    expiry.touch(1, 25);
    expect(drain(expiry, 99)).toEqual([2, 1, 0]);
  });

  it('are noted again only where a cleanup timer would come too early', () => {
    const expiry = new Expiry(10, 15);
    expiry.touch(0, 0);
    expiry.touch(0, 5);
    expect(expiry.timeOf(0)).toBe(0);
    expiry.touch(0, 6);
    expect(expiry.timeOf(0)).toBe(6);
    expiry.renew(0, 60);
    expect([expiry.timeOf(0), expiry.isExpired(0, 65), expiry.isExpired(0, 66)])
      .toEqual([51, false, true]);
  });

  it('keep their times under new numbers, and a clock that runs back changes nothing', () => {
    const expiry = new Expiry(10);
    [5, 6, 7].forEach((time, id) => expiry.touch(id, time));
    expiry.touch(0, 1);
    expiry.renumber(Int32Array.of(2, 0));
    expect([expiry.timeOf(0), expiry.timeOf(1), expiry.timeOf(2)]).toEqual([7, 5, -Infinity]);
    expect(drain(expiry, 99)).toEqual([1, 0]);
  });
});

function deduplication(): { readonly plan: PhysicalPlan; readonly operator: number } {
  const builder = new PlanBuilder();
  const schema = [field('k', LONG), field('v', LONG)];
  const input = builder.exchange(builder.external(schema), [0]);
  const operator = builder.add({
    kind: 'deduplicate', keys: [0], rowtime: null, keepLast: false, generateUpdateBefore: false,
    stateTtlMs: TTL_MS,
  }, schema, input);
  builder.blackhole(operator);
  return { plan: builder.plan(), operator };
}

describe.each(ENGINES)('a million keys that nobody touches again: %s', (engine) => {
  it('are freed by what comes next, so many a batch, and their memory is used again', async () => {
    const { plan, operator } = deduplication();
    const taker = new Taker(new Driver(makePipeline(engine, plan, { clockMs: 0 })), operator);
    const keys = 1_000_000;
    const fill = async (from: number): Promise<number> => {
      for (let at = 0; at < keys; at += BATCH_ROWS) {
        await taker.take(rows(from + at, Math.min(BATCH_ROWS, keys - at), (value) => value));
      }
      return taker.stats.stateBytes;
    };
    const stateRows = () => expect.poll(() => taker.stats.stateRows, { timeout: 10_000 });
    const peak = await fill(0);
    await stateRows().toBe(keys);

    taker.driver.pipeline.advanceClock(TTL_MS);
    await taker.take(rows(-1, 1, () => -1));
    await stateRows().toBe(keys + 1 - sweepLimit(1));

    const batches = Math.ceil(keys / sweepLimit(BATCH_ROWS));
    for (let i = 0; i < batches; i++) await taker.take(rows(-1, BATCH_ROWS, () => -1));
    await stateRows().toBe(1);

    expect(await fill(2 * keys)).toBeLessThan(peak * 1.1);
    await taker.driver.pipeline.close();
  }, 120_000);
});

function joinOf(): { readonly plan: PhysicalPlan; readonly operator: number } {
  const builder = new PlanBuilder();
  const schema = [field('k', LONG), field('v', LONG)];
  const side = {
    keys: [0], uniqueness: 'none', uniqueKey: [], takesUpdateBefore: true, insertOnly: false,
    stateTtlMs: 0,
  } as const;
  const inputs = [0, 1].map((input) => builder.exchange(builder.external(schema, input), [0]));
  const operator = builder.add({
    kind: 'join', joinType: 'inner', left: side, right: side, filterNulls: [true],
    condition: null,
  }, [...schema, ...schema], ...inputs);
  builder.blackhole(operator);
  return { plan: builder.plan(), operator };
}

/** Processor time, us, of taking back all rows of a key that has `count`, the last one first. */
async function retractionUs(engine: (typeof ENGINES)[number], count: number): Promise<number> {
  const { plan, operator } = joinOf();
  const taker = new Taker(new Driver(makePipeline(engine, plan)), operator);
  for (let at = 0; at < count; at += BATCH_ROWS) await taker.take(rows(at, BATCH_ROWS, () => 7));
  const before = process.cpuUsage();
  for (let at = count - BATCH_ROWS; at >= 0; at -= BATCH_ROWS) {
    await taker.take(rows(at, BATCH_ROWS, () => 7, ROW_KIND.DELETE));
  }
  await expect.poll(() => taker.stats.stateRows, { timeout: 10_000 }).toBe(0);
  const { user } = process.cpuUsage(before);
  await taker.driver.pipeline.close();
  return user;
}

describe.each(ENGINES)('a join key with many rows: %s', (engine) => {
  it('has its rows taken back in a time that grows with their number, not its square', async () => {
    const [few, many] = [8 * BATCH_ROWS, 64 * BATCH_ROWS];
    const least = async (count: number): Promise<number> => {
      const runs: number[] = [];
      for (let run = 0; run < 3; run++) runs.push(await retractionUs(engine, count));
      return Math.min(...runs);
    };
    await retractionUs(engine, few);
    expect(await least(many) / await least(few)).toBeLessThan(24);
  }, 120_000);
});
