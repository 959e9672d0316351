import { describe, expect, it } from 'vitest';
import { BIGINT, STRING, timestamp } from '../../src/types/data-type.js';
import { batchesOf, ENGINES, makePipeline, type Row, rowsSaid, run, type Step } from './harness.js';
import { column, EVENTS, idAbove, PlanBuilder } from './plans.js';

function events(count: number): readonly Row[] {
  return Array.from({ length: count }, (_, i): Row => [
    BigInt(i), i % 7 === 0 ? null : `name of a length that varies ${i % 13}`,
    BigInt(1_000 + ((i * 37) % 11) * 10 + i * 5),
  ]);
}

function offers(input: number, rows: readonly Row[], size: number): readonly Step[] {
  return batchesOf(EVENTS, rows, size).map((batch) => ({ kind: 'offer', input, batch }));
}

function filterPlan(): ReturnType<PlanBuilder['plan']> {
  const builder = new PlanBuilder();
  const source = builder.external(EVENTS);
  const timed = builder.watermark(source, 2);
  const calc = builder.calc(
    timed, [column(1, STRING), column(0, BIGINT), column(2, timestamp(3))], idAbove(20),
  );
  builder.collect(calc);
  return builder.plan();
}

describe.each(ENGINES)('pipeline on %s', (engine) => {
  it('runs the engine that was asked for', async () => {
    const pipeline = makePipeline(engine, filterPlan());
    expect(pipeline.engine).toBe(engine);
    await pipeline.close();
  });

  it.each([1, 7, 4096])('filters and projects rows in batches of %i', async (size) => {
    const rows = events(100);
    const { said } = await run([engine], filterPlan(), offers(0, rows, size));
    expect(rowsSaid(said[0]!)).toEqual(rows.slice(21).map(([id, name, ts]) => [name, id, ts]));
  });
});

describe('both engines', () => {
  it.each([1, 7, 4096])('say the same rows and watermarks in batches of %i', async (size) => {
    const steps = offers(0, events(300), size);
    const native = await run(['native'], filterPlan(), steps);
    const fallback = await run(['fallback'], filterPlan(), steps);
    expect(native.said).toEqual(fallback.said);
    expect(native.said[0]!.at(-1)).toEqual({ watermark: Infinity });
  });
});
