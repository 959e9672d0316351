/** Rank, window-rank, deduplicate and window-table-function against Flink's answers. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { Batch, ROW_KIND_TEXT } from '../../src/batch/batch.js';
import { rowTexts } from '../../src/batch/format.js';
import { columnOf, type Value } from '../../src/batch/values.js';
import type { PhysicalPlan, SortKey } from '../../src/plan/physical/plan.js';
import type { EngineName, StateChunk } from '../../src/runtime/pipeline.js';
import {
  BIGINT, type DataType, DOUBLE, INT, notNull, type RowField, STRING, timestamp,
} from '../../src/types/data-type.js';
import { ENGINES, makePipeline } from '../runtime/harness.js';
import { PlanBuilder } from '../runtime/plans.js';

type Json = string | number | null;
type JsonRow = readonly [kind: (typeof ROW_KIND_TEXT)[number], values: readonly Json[]];

interface Case {
  readonly name: string;
  readonly kind: string;
  readonly sql: string;
  readonly rows: readonly JsonRow[];
  readonly input?: readonly JsonRow[];
  readonly expect: readonly string[];
  readonly partition?: string | null;
  readonly order?: readonly (readonly [string, 'ASC' | 'DESC'])[];
  readonly start?: number;
  readonly end?: number;
  readonly number?: boolean;
  readonly keys?: readonly string[];
  readonly keepLast?: boolean;
  readonly window?: readonly ['tumble' | 'hop' | 'cumulate', number, number, number];
}

const CASES = readFileSync('test/arbiter/ranking/cases.jsonl', 'utf8')
  .trim().split('\n').map((line) => JSON.parse(line) as Case)
  // A rank that can only be 1 is a constant, and the operator knows nothing of it.
  .filter((one) => !(one.end === 1 && one.number === true));

const field = (name: string, type: DataType): RowField => ({ name, type });
const PLAIN = [
  field('k', STRING), field('v', INT), field('s', STRING), field('d', DOUBLE), field('id', BIGINT),
];
const COUNTED = [field('a', STRING), field('b', STRING), field('c', notNull(BIGINT))];
const TIMED = [
  field('k', STRING), field('v', INT), field('id', BIGINT), field('ts', timestamp(3)),
];
const BOUNDS = ['window_start', 'window_end', 'window_time'].map((name) =>
  field(name, timestamp(3)));
const RANK = field('rn', notNull(BIGINT));

function schemaOf(question: Case): readonly RowField[] {
  if (question.kind === 'update-fast') return COUNTED;
  return question.rows[0]![1].length === 5 ? PLAIN : TIMED;
}

function planOf(question: Case): PhysicalPlan {
  const builder = new PlanBuilder();
  const schema = schemaOf(question);
  const at = (name: string): number => schema.findIndex((one) => one.name === name);
  const orderBy: SortKey[] = (question.order ?? []).map(([name, direction]) => ({
    column: at(name), descending: direction === 'DESC', nullsFirst: direction === 'ASC',
  }));
  const ranks = {
    orderBy, rankStart: question.start ?? 1, rankEnd: question.end ?? 1,
    outputRankNumber: question.number ?? false,
  };
  const source = builder.external(schema);
  const withRank = (fields: readonly RowField[]): readonly RowField[] =>
    question.number === true ? [...fields, RANK] : fields;
  const partition = (question.partition ?? '').split(',').filter(Boolean).map(at);
  switch (question.kind) {
    case 'append':
    case 'retract':
    case 'update-fast': {
      const input = builder.exchange(source, partition);
      builder.collect(builder.add({
        kind: 'rank', partition, ...ranks, strategy: question.kind,
        primaryKey: question.kind === 'update-fast' ? [0, 1] : [],
        // The planner leaves -U out where its reader can do without.
        generateUpdateBefore: question.expect.some((line) => line.startsWith('-U')), stateTtlMs: 0,
      }, withRank(schema), input));
      return builder.plan();
    }
    case 'deduplicate': {
      const keys = question.keys!.map(at);
      const input = builder.exchange(builder.watermark(source, at('ts')), keys);
      builder.collect(builder.add({
        kind: 'deduplicate', keys, rowtime: at('ts'), keepLast: question.keepLast!,
        generateUpdateBefore: true, stateTtlMs: 0,
      }, schema, input));
      return builder.plan();
    }
    default:
      return windowPlan(question, builder, builder.watermark(source, at('ts')), ranks, withRank);
  }
}

function windowPlan(
  question: Case, builder: PlanBuilder, input: number,
  ranks: { orderBy: SortKey[]; rankStart: number; rankEnd: number; outputRankNumber: boolean },
  withRank: (fields: readonly RowField[]) => readonly RowField[],
): PhysicalPlan {
  const [kind, sizeMs, slideMs, offsetMs] = question.window!;
  const schema = [...TIMED, ...BOUNDS];
  const window = {
    kind, sizeMs, slideMs, offsetMs, rowtime: 3, windowStart: null, windowEnd: null, zone: null,
  };
  const named = builder.add({ kind: 'window-table-function', window }, schema, input);
  if (question.kind === 'window-table-function') builder.collect(named);
  else {
    builder.collect(builder.add({
      kind: 'window-rank', partition: [0], ...ranks, windowEnd: 5, zone: null,
    }, withRank(schema), builder.exchange(named, [0])));
  }
  return builder.plan();
}

function valueOf(value: Json, type: DataType): Value {
  if (value === null) return null;
  if (type.root === 'BIGINT') return BigInt(value);
  if (type.root === 'TIMESTAMP') return BigInt(Date.parse(`${value}Z`));
  return value;
}

function batchesOf(question: Case, size: number): readonly Batch[] {
  const schema = schemaOf(question);
  const rows = question.input ?? question.rows;
  const batches: Batch[] = [];
  for (let start = 0; start < rows.length; start += size) {
    const part = rows.slice(start, start + size);
    const columns = schema.map(({ type }, i) =>
      columnOf(type, part.map(([, values]) => valueOf(values[i]!, type))));
    const kinds = Uint8Array.from(part, ([kind]) => ROW_KIND_TEXT.indexOf(kind));
    batches.push(new Batch(part.length, columns, null, kinds.some(Boolean) ? kinds : null));
  }
  return batches;
}

/** Runs the case; with several engines a snapshot goes from one to the next after each batch. */
async function changesOf(
  question: Case, engines: readonly EngineName[], batchRows: number,
): Promise<readonly string[]> {
  const plan = planOf(question);
  const lines: string[] = [];
  let restore: readonly StateChunk[] = [];
  const batches = batchesOf(question, batchRows);
  for (let i = 0; i === 0 || (engines.length > 1 && i < batches.length); i++) {
    const mine = engines.length > 1 ? batches.slice(i, i + 1) : batches;
    const isLast = engines.length === 1 || i === batches.length - 1;
    const engine = engines[i % engines.length]!;
    restore = await runOnce(engine, plan, mine, restore, isLast, lines);
  }
  return lines;
}

async function runOnce(
  engine: EngineName, plan: PhysicalPlan, batches: readonly Batch[],
  restore: readonly StateChunk[], isLast: boolean, lines: string[],
): Promise<readonly StateChunk[]> {
  const pipeline = makePipeline(engine, plan, { restore });
  let chunks: readonly StateChunk[] = [];
  const drain = (): void => {
    for (let batch = pipeline.poll(0); batch !== null; batch = pipeline.poll(0)) {
      lines.push(...rowTexts(batch));
    }
  };
  await new Promise<void>((resolve, reject) => {
    pipeline.start((event) => {
      if (event.kind === 'output') drain();
      else if (event.kind === 'failed') reject(new Error(`${event.code} ${event.detail}`));
      else if (event.kind === 'finished') resolve();
      else if (event.kind === 'snapshot') {
        chunks = event.chunks;
        resolve();
      }
    });
    void (async () => {
      for (const batch of batches) {
        while (!pipeline.offer(0, batch)) await new Promise(setImmediate);
      }
      if (isLast) pipeline.endInput(0);
      else pipeline.barrier(1);
    })();
  });
  drain();
  await pipeline.close();
  return chunks;
}

const isOrdered = (question: Case): boolean =>
  question.kind !== 'window-rank' && !(question.kind === 'deduplicate' && !question.keepLast);

function comparable(question: Case, lines: readonly string[]): readonly string[] {
  return isOrdered(question) ? lines : [...lines].sort();
}

describe.each(ENGINES)('on the %s engine', (engine) => {
  describe.each(CASES)('$kind: $name', (question) => {
    it.each([1, 7, 4096])('emits what Flink emits, %i rows a batch', async (batchRows) => {
      const lines = await changesOf(question, [engine], batchRows);
      expect(comparable(question, lines)).toEqual(comparable(question, question.expect));
    });
  });
});

describe('with a snapshot after each batch, restored by the other engine', () => {
  it.each(CASES)('$kind: $name', async (question) => {
    const lines = await changesOf(question, ENGINES, 13);
    expect(comparable(question, lines)).toEqual(comparable(question, question.expect));
  });
});

beforeAll(() => { expect(CASES.length).toBeGreaterThan(30); });
