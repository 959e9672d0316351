/** The TypeScript engine's subtasks in worker threads. */
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeThreadedPipeline }
  from '../../src/runtime/fallback/threads/threaded-pipeline.js';
import { workerFile } from '../../src/runtime/fallback/threads/workers.js';
import type { Pipeline } from '../../src/runtime/pipeline.js';
import { BIGINT, STRING, timestamp } from '../../src/types/data-type.js';
import { buildFallbackWorker } from '../support/fallback-worker.js';
import { batchesOf, batchOf, Driver, type Row, rowsSaid } from './harness.js';
import { call, column, EVENTS, idAbove, literal, PlanBuilder } from './plans.js';

const ROWS = Array.from({ length: 512 }, (_, i): Row => [BigInt(i), `name ${i % 50}`, BigInt(i)]);
const ALL = [column(0, BIGINT), column(1, STRING), column(2, timestamp(3))];

function spreadPlan(divisor: bigint | null = null): ReturnType<PlanBuilder['plan']> {
  const builder = new PlanBuilder();
  const timed = builder.watermark(builder.external(EVENTS), 2);
  const spread = builder.exchange(timed, [1]);
  const rest = divisor === null ? column(0, BIGINT)
    : call('divide', BIGINT, literal(1n, BIGINT),
      call('subtract', BIGINT, column(0, BIGINT), literal(divisor, BIGINT)));
  builder.collect(builder.calc(spread, [rest, ...ALL.slice(1)], idAbove(3)));
  return builder.plan();
}

function make(plan = spreadPlan(), batchRows = 64): Pipeline {
  return makeThreadedPipeline(plan,
    { parallelism: 3, maxParallelism: 128, batchRows, flushMs: 10 }, workerFile()!);
}

beforeAll(buildFallbackWorker);

describe('subtasks in worker threads', () => {
  it.each([1, 7, 4096])('lose and double no row in batches of %i', async (size) => {
    const driver = new Driver(make());
    for (const batch of batchesOf(EVENTS, ROWS, size)) await driver.offer(0, batch);
    driver.pipeline.endInput(0);
    await driver.event('finished');
    await driver.pipeline.close();
    const ids = rowsSaid(driver.said[0]!).map(([id]) => Number(id)).sort((a, b) => a - b);
    expect(ids).toEqual(Array.from({ length: 508 }, (_, i) => i + 4));
    expect(driver.said[0]!.at(-1)).toEqual({ watermark: Infinity });
    const calc = driver.pipeline.stats().operators.filter((row) => row.operator === 3);
    expect(calc.map((row) => row.subtask)).toEqual([0, 1, 2]);
    expect(calc.reduce((sum, row) => sum + row.rowsOut, 0)).toBe(508);
  });

  it('fail once, naming code and operator', async () => {
    const pipeline = make(spreadPlan(300n));
    const events: string[] = [];
    const failed = new Promise<void>((resolve) => {
      pipeline.start((event) => {
        events.push(event.kind);
        if (event.kind !== 'failed') return;
        expect([event.code, event.operator]).toEqual(['MR3002', 3]);
        resolve();
      });
    });
    pipeline.offer(0, batchOf(EVENTS, ROWS));
    pipeline.endInput(0);
    await failed;
    await pipeline.close();
    expect(events.filter((kind) => kind === 'failed')).toHaveLength(1);
    expect(events).not.toContain('finished');
  });

  it('hold the inputs back while nobody polls, and are cancelled then', async () => {
    const pipeline = make(spreadPlan(), 256);
    pipeline.start(() => undefined);
    const batch = batchOf(EVENTS, ROWS);
    let taken = 0;
    for (let turn = 0; turn < 60; turn++) {
      while (taken < 10_000 && pipeline.offer(0, batch)) taken++;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(taken).toBeGreaterThan(16);
    expect(taken).toBeLessThan(1_000);
    await pipeline.close();
    expect(pipeline.poll(0)).toBeNull();
  });

  it('a worker that ends by itself fails the pipeline', async () => {
    const file = join(tmpdir(), `millrace-no-worker-${process.pid}.mjs`);
    writeFileSync(file, "throw new Error('no memory left');");
    const pipeline = makeThreadedPipeline(spreadPlan(),
      { parallelism: 2, maxParallelism: 128, batchRows: 64, flushMs: 10 }, file);
    const failure = await new Promise<string>((resolve) => {
      pipeline.start((event) => {
        if (event.kind === 'failed') resolve(`${event.code} ${event.detail}`);
      });
    });
    expect(failure).toMatch(/^MR9001 worker of subtask [01]: no memory left/);
    await pipeline.close();
  });

  it('a pipeline that was never started closes', async () => {
    await make().close();
  });

  it('a barrier gathers the state of every worker, another pipeline goes on from it', async () => {
    const driver = new Driver(make());
    await driver.offer(0, batchOf(EVENTS, ROWS.slice(0, 100)));
    const chunks = await driver.snapshot(1);
    expect(new Set(chunks.map((chunk) => chunk.subtask))).toEqual(new Set([0, 1, 2]));
    expect(chunks.map((chunk) => chunk.table)).toContain('watermark');
    await driver.pipeline.close();
  });
});
