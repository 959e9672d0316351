/** Watermark status on its way through tasks: combined, over exchanges, between engines. */
import { describe, expect, it } from 'vitest';
import { type Batch, watermarkBatch } from '../../src/batch/batch.js';
import { columnOf } from '../../src/batch/values.js';
import type { PhysicalPlan } from '../../src/plan/physical/plan.js';
import type { EnginePipeline } from '../../src/runtime/pipeline.js';
import type { RowField } from '../../src/types/data-type.js';
import { parseScript } from '../support/stream-script.js';
import { planOf } from '../support/stream-run.js';
import { Combined, randomFrom, type Rule, Valve } from '../support/watermark-rules.js';
import { batchOf, Driver, ENGINES, makePipeline, type Row, rowsSaid } from './harness.js';
import { EVENTS, PlanBuilder } from './plans.js';

const WINDOWS = parseScript(`
# about: windows
source s (name STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
option s scan.watermark.idle-timeout 1 s
query SELECT name, COUNT(*) FROM s GROUP BY name, TUMBLE(ts, INTERVAL '10' SECOND)
`, 'idleness.test.ts');

const JOINED = parseScript(`
# about: joined
source l (k BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
source r (k BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
query SELECT l.k FROM l JOIN r ON l.k = r.k
`, 'idleness.test.ts');

/** The external source as a border of three lanes, which are read apart. */
function withLanes(plan: PhysicalPlan): PhysicalPlan {
  const nodes = plan.nodes.map((node) => (node.kind !== 'source' ? node
    : { ...node, options: { ...node.options, lanes: '3' } }));
  return { ...plan, nodes };
}

/** A pipeline whose inputs take status too. */
class Lanes {
  readonly driver: Driver;
  private barriers = 0;

  constructor(private readonly pipeline: EnginePipeline, private readonly borders: number) {
    this.driver = new Driver(pipeline);
  }

  /** Waits until everything offered so far has come out. */
  async settle(): Promise<void> {
    const id = ++this.barriers;
    const taken = this.driver.snapshot(id);
    for (let lane = 0; lane < this.borders; lane++) this.pipeline.offerBarrier(lane, id);
    await taken;
    this.driver.drain(0);
  }

  async rows(lane: number, rows: readonly Row[]): Promise<void> {
    await this.driver.offer(lane, batchOf(EVENTS.slice(1), rows));
    await this.settle();
  }

  async advance(ms: number): Promise<void> {
    this.pipeline.advanceClock(ms);
    await this.settle();
    await this.settle();
  }

  get counts(): readonly string[] {
    return rowsSaid(this.driver.said[0] ?? []).map((row) => row.join(' ')).sort();
  }

  close(): Promise<void> {
    return this.pipeline.close();
  }
}

function lanesOf(
  engine: (typeof ENGINES)[number], plan: PhysicalPlan, parallelism: number, borders: number,
): Lanes {
  return new Lanes(
    makePipeline(engine, plan, { parallelism, clockMs: 0 }) as EnginePipeline, borders);
}

describe.each(ENGINES)('%s: a source of three subtasks', (engine) => {
  it('fires windows although one subtask never had a row', async () => {
    const lanes = lanesOf(engine, withLanes(planOf(WINDOWS)), 3, 3);
    await lanes.rows(0, [['a', 1_000n], ['b', 12_000n]]);
    await lanes.rows(2, [['a', 3_000n], ['c', 15_000n]]);
    await lanes.advance(900);
    await lanes.rows(0, [['b', 13_000n]]);
    await lanes.rows(2, [['a', 16_000n]]);
    expect(lanes.counts).toEqual([]);
    await lanes.advance(1_000);
    expect(lanes.counts).toEqual(['a 2']);
    // It comes back far behind, and does not hold the others back.
    await lanes.rows(1, [['a', 2_000n]]);
    await lanes.rows(0, [['a', 21_000n]]);
    await lanes.rows(2, [['a', 22_000n]]);
    expect(lanes.counts).toEqual(['a 1', 'a 2', 'b 2', 'c 1']);
    await lanes.close();
  });

  it('gives the highest watermark where all are idle, then waits for the first that is not',
    async () => {
      const lanes = lanesOf(engine, withLanes(planOf(WINDOWS)), 3, 3);
      await lanes.rows(0, [['a', 1_000n]]);
      await lanes.rows(2, [['b', 14_000n]]);
      await lanes.advance(1_000);
      expect(lanes.counts).toEqual(['a 1']);
      await lanes.rows(1, [['b', 19_000n]]);
      expect(lanes.counts).toEqual(['a 1']);
      await lanes.rows(1, [['b', 20_000n]]);
      expect(lanes.counts).toEqual(['a 1', 'b 2']);
      await lanes.close();
    });
});

function watermarkAt(schema: readonly RowField[], watermark: number): Batch {
  return watermarkBatch(schema.map((field) => columnOf(field.type, [])), watermark);
}

interface Combination {
  readonly name: string;
  readonly plan: PhysicalPlan;
  readonly borders: number;
  readonly inputs: number;
  readonly rule: (count: number) => Rule;
}

/** The assigners are left out: watermarks and status are offered as they are. */
function passing(plan: PhysicalPlan): PhysicalPlan {
  const into = new Map<number, number>();
  const nodes = plan.nodes.flatMap((node) => {
    if (node.kind === 'watermark-assigner') {
      into.set(node.id, into.get(node.inputs[0]!) ?? node.inputs[0]!);
      return [];
    }
    return [{ ...node, inputs: node.inputs.map((id) => into.get(id) ?? id) }];
  });
  return { ...plan, nodes };
}

function channelPlan(): PhysicalPlan {
  const builder = new PlanBuilder();
  builder.collect(builder.external(EVENTS));
  return withLanes(builder.plan());
}

function unionPlan(): PhysicalPlan {
  const builder = new PlanBuilder();
  const inputs = [0, 1, 2].map((input) => builder.external(EVENTS, input));
  builder.collect(builder.union(...inputs));
  return builder.plan();
}

const COMBINATIONS: readonly Combination[] = [
  {
    name: 'channels of a task', plan: channelPlan(), borders: 3, inputs: 3,
    rule: (count) => new Valve(count),
  },
  {
    name: 'inputs of a union', plan: unionPlan(), borders: 0, inputs: 3,
    rule: (count) => new Valve(count),
  },
  {
    name: 'inputs of a join', plan: passing(planOf(JOINED)), borders: 0, inputs: 2,
    rule: (count) => new Combined(count),
  },
];

describe.each(ENGINES)('%s: watermarks', (engine) => {
  it.each(COMBINATIONS)('of $name rise as in Flink', async ({ plan, borders, inputs, rule }) => {
    const source = plan.nodes.find((node) => node.kind === 'source')!;
    for (let seed = 1; seed <= 12; seed++) {
      const draw = randomFrom(seed);
      const expected = rule(inputs);
      const pipeline = makePipeline(engine, plan) as EnginePipeline;
      const lanes = new Lanes(pipeline, borders);
      for (let step = 0; step < 25; step++) {
        const input = draw(inputs);
        if (draw(5) < 2) {
          const isIdle = draw(2) === 0;
          expected.status(input, isIdle);
          pipeline.offerStatus(input, isIdle);
        } else {
          const watermark = draw(20) + step;
          expected.watermark(input, watermark);
          await lanes.driver.offer(input, watermarkAt(source.schema, watermark));
        }
        await lanes.settle();
      }
      const said = (lanes.driver.said[0] ?? []).map((one) =>
        (one as { readonly watermark: number }).watermark);
      expect(said, `seed ${seed}`).toEqual(
        expected.said.filter((one) => typeof one === 'number'));
      await lanes.close();
    }
  });
});
