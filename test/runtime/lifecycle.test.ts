import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { encodePlan } from '../../src/plan/physical/encode.js';
import { loadNative, nativeStatus } from '../../src/native/load.js';
import { BIGINT, STRING, timestamp } from '../../src/types/data-type.js';
import { batchOf, Driver, makePipeline, TEST_ENGINES, type Row } from './harness.js';
import { call, column, EVENTS, idAbove, literal, PlanBuilder } from './plans.js';

const ROWS = Array.from({ length: 512 }, (_, i): Row => [BigInt(i), `name ${i % 50}`, BigInt(i)]);
const ALL = [column(0, BIGINT), column(1, STRING), column(2, timestamp(3))];

function simplePlan(): ReturnType<PlanBuilder['plan']> {
  const builder = new PlanBuilder();
  const timed = builder.watermark(builder.external(EVENTS), 2);
  builder.collect(builder.calc(builder.exchange(timed, [1]), ALL, idAbove(3)));
  return builder.plan();
}

/** Fails at the row whose id is 300. */
function failingPlan(): ReturnType<PlanBuilder['plan']> {
  const builder = new PlanBuilder();
  const source = builder.external(EVENTS);
  const rest = call('subtract', BIGINT, column(0, BIGINT), literal(300n, BIGINT));
  builder.collect(builder.calc(source, [call('divide', BIGINT, literal(1n, BIGINT), rest)]));
  return builder.plan();
}

describe.each(TEST_ENGINES)('life of a pipeline on %s', (engine) => {
  it('a failing row fails the pipeline once, naming code and operator', async () => {
    const pipeline = makePipeline(engine, failingPlan());
    const events: string[] = [];
    const failed = new Promise<void>((resolve) => {
      pipeline.start((event) => {
        events.push(event.kind);
        if (event.kind !== 'failed') return;
        expect(event.code).toBe('MR3002');
        expect(event.operator).toBe(1);
        resolve();
      });
    });
    pipeline.offer(0, batchOf(EVENTS, ROWS));
    await failed;
    pipeline.offer(0, batchOf(EVENTS, ROWS));
    await new Promise((resolve) => setTimeout(resolve, 20));
    await pipeline.close();
    expect(events.filter((kind) => kind === 'failed')).toHaveLength(1);
    expect(events).not.toContain('finished');
  });

  it('outputs that nobody polls hold the inputs back', async () => {
    const pipeline = makePipeline(engine, simplePlan(), { parallelism: 2 });
    pipeline.start(() => undefined);
    const batch = batchOf(EVENTS, ROWS);
    let taken = 0;
    for (let turn = 0; turn < 60; turn++) {
      while (taken < 10_000 && pipeline.offer(0, batch)) taken++;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect(taken).toBeGreaterThan(16);
    // Sixteen offered, and what eight joined batches a channel and sixteen in the output hold;
    // the same again at each border.
    expect(taken).toBeLessThan(engine.startsWith('mixed') ? 1_600 : 400);
    await pipeline.close();
  });

  it('a cancelled pipeline says nothing more, and closing twice is harmless', async () => {
    const pipeline = makePipeline(engine, simplePlan());
    let isCancelled = false;
    pipeline.start(() => expect(isCancelled).toBe(false));
    for (let i = 0; i < 8; i++) pipeline.offer(0, batchOf(EVENTS, ROWS));
    await new Promise((resolve) => setTimeout(resolve, 5));
    pipeline.cancel();
    await new Promise((resolve) => setImmediate(resolve));
    isCancelled = true;
    await pipeline.close();
    await pipeline.close();
    expect(pipeline.poll(0)).toBeNull();
  });

  it('a pipeline that was never started closes', async () => {
    await makePipeline(engine, simplePlan(), { parallelism: 3 }).close();
  });

  it('counts rows by operator', async () => {
    const driver = new Driver(makePipeline(engine, simplePlan()));
    await driver.offer(0, batchOf(EVENTS, ROWS));
    driver.pipeline.endInput(0);
    await driver.event('finished');
    const calc = driver.pipeline.stats().operators.find((row) => row.operator === 3)!;
    expect(calc).toMatchObject({ rowsIn: 512, rowsOut: 508, lateRows: 0, watermark: Infinity });
    await driver.pipeline.close();
  });

  it('keeps the event loop free while it works', async () => {
    const builder = new PlanBuilder();
    const spread = builder.exchange(builder.watermark(builder.external(EVENTS), 2), [1]);
    builder.blackhole(builder.calc(spread, ALL, idAbove(3)));
    const driver = new Driver(makePipeline(engine, builder.plan()));
    const begun = performance.now();
    let turns = 0;
    let isRunning = true;
    const turn = (): void => {
      turns++;
      if (isRunning) setImmediate(turn);
    };
    turn();
    const batch = batchOf(EVENTS, ROWS);
    for (let i = 0; i < 400; i++) await driver.offer(0, batch);
    driver.pipeline.endInput(0);
    await driver.event('finished');
    isRunning = false;
    const meanMs = (performance.now() - begun) / turns;
    await driver.pipeline.close();
    // The mean, and with room: other processes take turns on this machine's cores as well.
    expect(meanMs).toBeLessThan(50);
  });
});

describe('plans from outside', () => {
  it('a damaged plan is an error by code, never a crash', () => {
    const binding = loadNative()!;
    const good = encodePlan(simplePlan());
    const options = { parallelism: 1, maxParallelism: 128, batchRows: 64, flushMs: 0 };
    let seed = 1;
    const random = (): number => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0);
    let refused = 0;
    for (let round = 0; round < 2_000; round++) {
      const bytes = good.slice(0, round % 3 === 0 ? random() % good.length : good.length);
      for (let k = 0; k < 1 + (round % 4) && bytes.length > 0; k++) {
        bytes[random() % bytes.length] = random() & 0xff;
      }
      try {
        binding.destroy(binding.createPipeline(bytes, options, () => undefined));
      } catch (error) {
        expect((error as { code: string }).code).toMatch(/^MR\d{4}$/);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(500);
  });

  it('a damaged batch fails the pipeline, never the process', async () => {
    const binding = loadNative()!;
    const options = { parallelism: 1, maxParallelism: 128, batchRows: 64, flushMs: 0 };
    const code = await new Promise((resolve) => {
      const handle = binding.createPipeline(encodePlan(simplePlan()), options,
        (kind, _number, detail) => {
          if (kind === 4) resolve(detail);
        });
      binding.start(handle);
      binding.offer(handle, 0, new Uint8Array(100).fill(7));
    });
    expect(code).toBe('MR5001');
  });
});

/** Runs a script in a process of its own; gives its exit code, signal and output. */
async function inProcess(
  script: string, plan = busyPlan(),
): Promise<{ code: number | null; out: string }> {
  const status = nativeStatus();
  if (status.binding === null) throw new Error(status.reason);
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, ADDON: status.path },
  });
  child.stdin.end(encodePlan(plan));
  let out = '';
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr.on('data', (data: Buffer) => (out += data.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out };
}

/** Runs for ever: a generator into a sink that forgets. */
function busyPlan(): ReturnType<PlanBuilder['plan']> {
  const builder = new PlanBuilder();
  const rows = Array.from({ length: 200_000 }, (_, i) => [BigInt(i)]);
  const schema = [{ name: 'a', type: BIGINT }];
  const values = builder.add({ kind: 'values', rows }, schema);
  const calc = builder.calc(builder.exchange(values, [0]), [column(0, BIGINT)]);
  builder.blackhole(calc);
  return builder.plan();
}

/** One task that always has something to do and never anything to wait for. */
function endlessPlan(): ReturnType<PlanBuilder['plan']> {
  const builder = new PlanBuilder();
  const schema = [{ name: 'price', type: BIGINT }];
  const source = builder.add({
    kind: 'source', connector: 'nexmark', table: 't', format: null, tableSchema: schema,
    options: { 'events.num': '1000000000000' },
    columns: [{ path: ['bid', 'price'], type: BIGINT }],
  }, schema);
  builder.blackhole(source);
  return builder.plan();
}

const PRELUDE = `
  import { createRequire } from 'node:module';
  const addon = createRequire(process.cwd() + '/')(process.env.ADDON);
  import { readFileSync } from 'node:fs';
  const plan = new Uint8Array(readFileSync(0));
  const options = { parallelism: 3, maxParallelism: 128, batchRows: 16, flushMs: 0 };
  const begin = (done) => {
    const handle = addon.createPipeline(plan, options, (kind) => done(kind));
    addon.start(handle);
    return handle;
  };
`;

describe('the addon and its environments', () => {
  it('process.exit while pipelines are busy ends the process cleanly', async () => {
    const { code, out } = await inProcess(`${PRELUDE}
      for (let i = 0; i < 4; i++) begin(() => {});
      setTimeout(() => { console.log('bye'); process.exit(7); }, 30);`);
    expect(out).toBe('bye\n');
    expect(code).toBe(7);
  });

  it('process.exit while one task never rests ends the process cleanly', async () => {
    const { code, out } = await inProcess(`${PRELUDE}
      options.parallelism = 1;
      begin(() => {});
      setTimeout(() => { console.log('bye'); process.exit(7); }, 30);`, endlessPlan());
    expect(out).toBe('bye\n');
    expect(code).toBe(7);
  });

  it('an exception while pipelines are busy ends the process as usual', async () => {
    const { code, out } = await inProcess(`${PRELUDE}
      for (let i = 0; i < 4; i++) begin(() => {});
      setTimeout(() => { throw new Error('as usual'); }, 30);`);
    expect(out).toContain('as usual');
    expect(code).toBe(1);
  });

  it('runs in several workers at once, and outlives each', async () => {
    const worker = `
      import { createRequire } from 'node:module';
      import { workerData, parentPort } from 'node:worker_threads';
      const addon = createRequire('/')(workerData.addon);
      const options = { parallelism: 2, maxParallelism: 128, batchRows: 256, flushMs: 0 };
      const handle = addon.createPipeline(workerData.plan, options, (kind) => {
        if (kind !== 3) return;
        parentPort.postMessage('finished');
        if (!workerData.linger) addon.destroy(handle);
      });
      addon.start(handle);
      if (workerData.abandon) process.exit(0);`;
    const { code, out } = await inProcess(`
      import { Worker } from 'node:worker_threads';
      const source = ${JSON.stringify(worker)};
      import { readFileSync } from 'node:fs';
      const plan = new Uint8Array(readFileSync(0));
      let finished = 0;
      for (let round = 0; round < 3; round++) {
        await Promise.all([0, 1, 2, 3].map((i) => new Promise((resolve) => {
          const workerData = { addon: process.env.ADDON, plan, linger: i === 1, abandon: i === 2 };
          const worker = new Worker(source, { eval: true, workerData });
          worker.on('message', () => { finished++; if (i === 1) void worker.terminate(); });
          worker.on('exit', resolve);
        })));
      }
      console.log('finished', finished);`);
    expect(out).toBe('finished 9\n');
    expect(code).toBe(0);
  });
});
