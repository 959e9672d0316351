import { describe, expect, it } from 'vitest';
import { type Batch, ROW_KIND } from '../../src/batch/batch.js';
import { BIGINT, STRING, timestamp } from '../../src/types/data-type.js';
import {
  batchesOf, batchOf, Driver, ENGINES, makePipeline, TEST_ENGINES, type Row, rowsSaid, run,
  type Said, type Step,
} from './harness.js';
import { column, EVENTS, idAbove, PlanBuilder } from './plans.js';

const TS = timestamp(3);
const ALL = [column(0, BIGINT), column(1, STRING), column(2, TS)];

function events(count: number, offset = 0): readonly Row[] {
  return Array.from({ length: count }, (_, i): Row => [
    BigInt(i + offset), i % 7 === 0 ? null : `name of a length that varies ${i % 13}`,
    BigInt(1_000 + ((i * 37) % 11) * 10 + i * 5),
  ]);
}

function offers(input: number, batches: readonly Batch[]): readonly Step[] {
  return batches.map((batch) => ({ kind: 'offer', input, batch }));
}

function interleaved(...lists: readonly (readonly Step[])[]): readonly Step[] {
  const longest = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list[i] ?? [])).flat();
}

/** Two inputs with watermarks, filtered, together, spread by name, together again. */
function unionPlan(withExchange: boolean): ReturnType<PlanBuilder['plan']> {
  const builder = new PlanBuilder();
  const first = builder.watermark(builder.external(EVENTS, 0), 2);
  const second = builder.watermark(builder.external(EVENTS, 1), 2);
  const union = builder.union(builder.calc(first, ALL, idAbove(5)), builder.calc(second, ALL));
  const spread = withExchange ? builder.exchange(union, [1]) : union;
  builder.collect(builder.calc(spread, ALL, idAbove(9)));
  return builder.plan();
}

function sorted(said: readonly Said[]): readonly string[] {
  return rowsSaid(said).map((row) => row.map(String).join('|')).sort();
}

function expectedUnion(a: readonly Row[], b: readonly Row[]): readonly string[] {
  return [...a, ...b].filter((row) => (row[0] as bigint) > 9n)
    .map((row) => row.map(String).join('|')).sort();
}

function watermarksRise(said: readonly Said[]): boolean {
  let last = -Infinity;
  for (const item of said) {
    if (Array.isArray(item)) continue;
    const { watermark } = item as { watermark: number };
    if (watermark <= last) return false;
    last = watermark;
  }
  return true;
}

const A = events(120);
const B = events(90, 1000);

describe.each(TEST_ENGINES)('several inputs on %s', (engine) => {
  it.each([1, 3])('union and hash exchange lose and double no row at parallelism %i', async (p) => {
    const steps = interleaved(
      offers(0, batchesOf(EVENTS, A, 7)), offers(1, batchesOf(EVENTS, B, 11)),
    );
    const { said } = await run([engine], unionPlan(true), steps, { parallelism: p, batchRows: 16 });
    expect(sorted(said[0]!)).toEqual(expectedUnion(A, B));
    expect(watermarksRise(said[0]!)).toBe(true);
    expect(said[0]!.at(-1)).toEqual({ watermark: Infinity });
  });

  it('the watermark of a union is the lowest of its inputs', async () => {
    const late = batchOf(EVENTS, [[100n, 'x', 5_000n]]);
    const early = batchOf(EVENTS, [[101n, 'y', 2_000n]]);
    const steps: readonly Step[] = [
      { kind: 'offer', input: 0, batch: late }, { kind: 'offer', input: 1, batch: early },
    ];
    const { said } = await run([engine], unionPlan(false), steps);
    const marks = said[0]!.filter((item) => !Array.isArray(item));
    // The input that ended first no longer holds the other back: before the other's row, where
    // that one comes the longer way through both engines.
    const [low, high] = [{ watermark: 2_000 }, { watermark: 5_000 }];
    const possible = [[low], [low, high], ...(engine.startsWith('mixed') ? [[high]] : [])];
    expect(possible).toContainEqual(marks.slice(0, -1));
    expect(marks.at(-1)).toEqual({ watermark: Infinity });
  });

  it('rows of one key keep their order through a hash exchange at parallelism 3', async () => {
    const builder = new PlanBuilder();
    const spread = builder.exchange(builder.external(EVENTS), [1]);
    builder.collect(builder.calc(spread, ALL));
    const { said } = await run(
      [engine], builder.plan(), offers(0, batchesOf(EVENTS, A, 5)), { parallelism: 3 },
    );
    const byName = new Map<unknown, bigint[]>();
    for (const row of rowsSaid(said[0]!)) {
      byName.set(row[1], [...(byName.get(row[1]) ?? []), row[0] as bigint]);
    }
    for (const ids of byName.values()) {
      expect(ids).toEqual([...ids].sort((x, y) => Number(x - y)));
    }
    expect(byName.size).toBe(new Set(A.map((row) => row[1])).size);
  });

  it('a query that reads one source in two depths does not wait for itself', async () => {
    const builder = new PlanBuilder();
    const source = builder.external(EVENTS);
    const spread = builder.calc(builder.exchange(builder.calc(source, ALL), [0]), ALL, idAbove(50));
    builder.collect(builder.union(builder.calc(source, ALL), spread));
    const { said } = await run(
      [engine], builder.plan(), offers(0, batchesOf(EVENTS, A, 1)), { parallelism: 2 },
    );
    expect(rowsSaid(said[0]!)).toHaveLength(A.length + A.length - 51);
  });

  it('two sinks get the same rows from one node', async () => {
    const builder = new PlanBuilder();
    const source = builder.external(EVENTS);
    const calc = builder.calc(source, ALL, idAbove(100));
    builder.collect(calc, 0);
    builder.collect(calc, 1);
    const { said } = await run([engine], builder.plan(), offers(0, batchesOf(EVENTS, A, 50)));
    expect(said[0]).toEqual(said[1]);
    expect(rowsSaid(said[0]!)).toHaveLength(19);
  });

  it('limit skips and keeps across batches', async () => {
    const builder = new PlanBuilder();
    builder.collect(builder.limit(builder.exchange(builder.external(EVENTS), []), 3, 5));
    const { said } = await run([engine], builder.plan(), offers(0, batchesOf(EVENTS, A, 2)));
    expect(rowsSaid(said[0]!).map((row) => row[0])).toEqual([3n, 4n, 5n, 6n, 7n]);
  });

  it('values are emitted once, by one subtask', async () => {
    const builder = new PlanBuilder();
    const schema = [{ name: 'a', type: BIGINT }, { name: 'b', type: STRING }];
    const rows = [[1n, 'one'], [2n, null], [3n, 'a text of more than twelve bytes']] as const;
    const values = builder.add({ kind: 'values', rows }, schema);
    builder.collect(values);
    const { said } = await run([engine], builder.plan(), [], { parallelism: 3, batchRows: 2 });
    expect(rowsSaid(said[0]!)).toEqual(rows);
  });

  it('row kinds pass through calc and exchange', async () => {
    const builder = new PlanBuilder();
    const spread = builder.exchange(builder.external(EVENTS), [0]);
    builder.collect(builder.calc(spread, ALL, idAbove(0)));
    const pipeline = makePipeline(engine, builder.plan());
    const batch = batchOf(EVENTS, events(4));
    const kinds = Uint8Array.of(
      ROW_KIND.INSERT, ROW_KIND.UPDATE_BEFORE, ROW_KIND.UPDATE_AFTER, ROW_KIND.DELETE,
    );
    const found: number[] = [];
    const ended = new Promise<void>((resolve) => {
      pipeline.start((event) => {
        for (let out = pipeline.poll(0); out !== null; out = pipeline.poll(0)) {
          found.push(...(out.rowKinds ?? new Uint8Array(out.rowCount)));
        }
        if (event.kind === 'finished') resolve();
      });
    });
    pipeline.offer(0, Object.assign(Object.create(Object.getPrototypeOf(batch) as object), batch, {
      rowKinds: kinds,
    }) as Batch);
    pipeline.endInput(0);
    await ended;
    await pipeline.close();
    expect(found).toEqual([1, 2, 3]);
  });
});

describe('a seeded merge', () => {
  const steps = interleaved(
    offers(0, batchesOf(EVENTS, A, 4)), offers(1, batchesOf(EVENTS, B, 4)),
  );

  it.each([1, 2, 3, 4])('with seed %i has one order, on both engines', async (mergeSeed) => {
    const native = await run(['native'], unionPlan(true), steps, { mergeSeed });
    const again = await run(['native'], unionPlan(true), steps, { mergeSeed });
    const fallback = await run(['fallback'], unionPlan(true), steps, { mergeSeed });
    expect(native.said).toEqual(again.said);
    expect(native.said).toEqual(fallback.said);
  });

  it('differs between seeds', async () => {
    const one = await run(['native'], unionPlan(true), steps, { mergeSeed: 1 });
    const two = await run(['native'], unionPlan(true), steps, { mergeSeed: 2 });
    expect(one.said).not.toEqual(two.said);
    expect(sorted(one.said[0]!)).toEqual(sorted(two.said[0]!));
  });
});

describe('checkpoint and recovery', () => {
  const recover: Step = { kind: 'recover' };
  const plain = offers(0, batchesOf(EVENTS, A, 9));
  const restless = plain.flatMap((step) => [recover, step]).concat(recover);

  function timedPlan(): ReturnType<PlanBuilder['plan']> {
    const builder = new PlanBuilder();
    const timed = builder.watermark(builder.external(EVENTS), 2);
    const limited = builder.limit(builder.exchange(builder.calc(timed, ALL), []), 10, 100);
    builder.collect(limited);
    return builder.plan();
  }

  it.each([
    ['native', ['native']], ['fallback', ['fallback']], ['one, then the other',
      ['native', 'fallback']],
  ] as const)('after every event changes no row: %s', async (_name, engines) => {
    const once = await run([engines[0]], timedPlan(), plain);
    const often = await run(engines, timedPlan(), restless);
    expect(often.pipelines).toBe(restless.filter((step) => step.kind === 'recover').length + 1);
    expect(rowsSaid(often.said[0]!)).toEqual(rowsSaid(once.said[0]!));
  });

  it.each(ENGINES)('into another parallelism keeps the rows on %s', async (engine) => {
    const steps = interleaved(
      offers(0, batchesOf(EVENTS, A, 30)), offers(1, batchesOf(EVENTS, B, 30)), [recover, recover],
    );
    const { said } = await run([engine], unionPlan(true), steps, {}, [1, 3, 2]);
    expect(sorted(said[0]!)).toEqual(expectedUnion(A, B));
  });

  it('snapshots of both engines have equal content', async () => {
    const [native, fallback] = await Promise.all(ENGINES.map(async (engine) => {
      const driver = new Driver(makePipeline(engine, timedPlan()));
      for (const batch of batchesOf(EVENTS, A, 40)) await driver.offer(0, batch);
      const chunks = await driver.snapshot(1);
      await driver.pipeline.close();
      return chunks.map(({ content, ...rest }) => ({ ...rest, rows: batchRows(content) }));
    }));
    expect(native).toEqual(fallback);
    expect(native!.length).toBeGreaterThan(1);
  });
});

function batchRows(batch: Batch): readonly unknown[] {
  return Array.from({ length: batch.rowCount }, (_, row) =>
    batch.columns.map((col) => [...col.values.slice(row * 2, row * 2 + 2)]));
}
