/** Runs a plan on an engine: offers batches, polls outputs, takes snapshots on the way. */
import { Batch } from '../../src/batch/batch.js';
import { columnOf, type Value, valueAt } from '../../src/batch/values.js';
import { encodePlan } from '../../src/plan/physical/encode.js';
import type { PhysicalPlan } from '../../src/plan/physical/plan.js';
import { loadNative } from '../../src/native/load.js';
import { makeFallbackPipeline } from '../../src/runtime/fallback/fallback-pipeline.js';
import { makeNativePipeline } from '../../src/runtime/native/native-pipeline.js';
import type {
  EngineName, Pipeline, PipelineEvent, PipelineOptions, StateChunk,
} from '../../src/runtime/pipeline.js';
import type { RowField } from '../../src/types/data-type.js';
import { makeMixed } from '../support/mixed-engines.js';

export type Row = readonly Value[];

export const ENGINES: readonly EngineName[] = ['native', 'fallback'];

/** Engines of a test's pipelines: one, or nodes drawn for either by a seed. */
export type TestEngine = EngineName | `mixed ${number}`;

export const TEST_ENGINES: readonly TestEngine[] = [
  ...ENGINES, 'mixed 1', 'mixed 2', 'mixed 3', 'mixed 4',
];

const DEFAULTS: PipelineOptions = {
  parallelism: 1, maxParallelism: 128, batchRows: 4096, flushMs: 10,
};

/** A pipeline of the engine asked for; an engine that is not there is an error, never a skip. */
export function makePipeline(
  engine: TestEngine, plan: PhysicalPlan, options: Partial<PipelineOptions> = {},
): Pipeline {
  const all = { ...DEFAULTS, ...options };
  if (engine.startsWith('mixed')) return makeMixed(plan, Number(engine.slice(6)), all);
  if (engine === 'fallback') return makeFallbackPipeline(plan, all);
  const binding = loadNative();
  if (binding === null) throw new Error('the native engine is not built');
  const outputTypes = outputSchemas(plan).map((schema) => schema.map((row) => row.type));
  const pipeline = makeNativePipeline(binding, { encoded: encodePlan(plan), outputTypes }, all);
  if (pipeline.engine !== engine) throw new Error(`asked for ${engine}, got ${pipeline.engine}`);
  return pipeline;
}

function outputSchemas(plan: PhysicalPlan): readonly (readonly RowField[])[] {
  const schemas: (readonly RowField[])[] = [];
  for (const node of plan.nodes) {
    const output = node.kind === 'sink' ? node.options['output'] : undefined;
    if (output !== undefined) schemas[Number(output)] = node.schema;
  }
  return schemas;
}

export function batchOf(schema: readonly RowField[], rows: readonly Row[]): Batch {
  return new Batch(rows.length, schema.map((row, i) =>
    columnOf(row.type, rows.map((values) => values[i]!))));
}

/** Rows cut into batches of `size`. */
export function batchesOf(
  schema: readonly RowField[], rows: readonly Row[], size: number,
): readonly Batch[] {
  const batches: Batch[] = [];
  for (let at = 0; at < rows.length; at += size) {
    batches.push(batchOf(schema, rows.slice(at, at + size)));
  }
  return batches;
}

export function rowsOf(batch: Batch): readonly Row[] {
  const rows = batch.selection ?? Int32Array.from({ length: batch.rowCount }, (_, row) => row);
  return Array.from(rows, (row) => batch.columns.map((column) => valueAt(column, row)));
}

/** One thing that an output said, independent of batches: a row, or the watermark after it. */
export type Said = Row | { readonly watermark: number };

/** Rows and watermarks of a batch in order. */
function saidBy(batch: Batch): readonly Said[] {
  const said: Said[] = [];
  const rows = rowsOf(batch);
  let run = 0;
  for (let row = 0; row <= rows.length; row++) {
    const at = batch.watermarks[run];
    if (at !== undefined && at.row <= row) {
      said.push({ watermark: at.watermark });
      run++;
    }
    if (row < rows.length) said.push(rows[row]!);
  }
  return said;
}

/** What is done to a running pipeline. */
export type Step =
  | { readonly kind: 'offer'; readonly input: number; readonly batch: Batch }
  | { readonly kind: 'end'; readonly input: number }
  /** Snapshot, close, and go on with a new pipeline restored from it. */
  | { readonly kind: 'recover' };

export interface Run {
  /** By output. */
  readonly said: readonly (readonly Said[])[];
  readonly pipelines: number;
}

/** A pipeline under test: its outputs are drained all the time. */
export class Driver {
  readonly said: Said[][] = [];
  private readonly waiting = new Map<string, (event: PipelineEvent) => void>();
  private failure: Error | null = null;
  private seen = new Map<string, PipelineEvent>();

  constructor(readonly pipeline: Pipeline) {
    pipeline.start((event) => this.receive(event));
  }

  private receive(event: PipelineEvent): void {
    if (event.kind === 'output') this.drain(event.output);
    if (event.kind === 'failed') {
      this.failure = new Error(`${event.code} ${event.detail} @${event.operator}`);
      for (const resolve of this.waiting.values()) resolve(event);
      return;
    }
    const key = event.kind === 'snapshot' ? `snapshot${event.id}` : event.kind;
    this.seen.set(key, event);
    this.waiting.get(key)?.(event);
  }

  drain(output: number): void {
    const list = (this.said[output] ??= []);
    for (let batch = this.pipeline.poll(output); batch !== null;) {
      list.push(...saidBy(batch));
      batch = this.pipeline.poll(output);
    }
  }

  async event(key: string): Promise<PipelineEvent> {
    if (this.failure !== null) throw this.failure;
    let event = this.seen.get(key);
    event ??= await new Promise<PipelineEvent>((resolve) => this.waiting.set(key, resolve));
    this.seen.delete(key);
    if (this.failure !== null) throw this.failure;
    return event;
  }

  async offer(input: number, batch: Batch): Promise<void> {
    this.seen.delete('room');
    while (!this.pipeline.offer(input, batch)) await this.event('room');
  }

  async snapshot(id: number): Promise<readonly StateChunk[]> {
    this.pipeline.barrier(id);
    const event = await this.event(`snapshot${id}`);
    return event.kind === 'snapshot' ? event.chunks : [];
  }
}

/** Runs the steps, ends every input, waits for the end. `next` makes the pipeline of a recovery. */
export async function run(
  engines: readonly TestEngine[], plan: PhysicalPlan, steps: readonly Step[],
  options: Partial<PipelineOptions> = {}, rescale: readonly number[] = [],
): Promise<Run> {
  let generation = 0;
  const make = (restore: readonly StateChunk[]): Driver => {
    const engine = engines[generation % engines.length]!;
    const parallelism = rescale[generation % Math.max(1, rescale.length)]
      ?? options.parallelism ?? 1;
    generation++;
    return new Driver(makePipeline(engine, plan, { ...options, parallelism, restore }));
  };
  let driver = make([]);
  const said: Said[][] = [];
  const keep = (): void => {
    driver.said.forEach((list, output) => (said[output] ??= []).push(...list));
  };
  const ended = new Set<number>();
  for (const step of steps) {
    if (step.kind === 'offer') await driver.offer(step.input, step.batch);
    else if (step.kind === 'end') {
      driver.pipeline.endInput(step.input);
      ended.add(step.input);
    } else {
      const chunks = await driver.snapshot(generation);
      outputsOf(plan).forEach((output) => driver.drain(output));
      keep();
      await driver.pipeline.close();
      driver = make(chunks);
      for (const input of ended) driver.pipeline.endInput(input);
    }
  }
  for (const input of inputsOf(plan)) if (!ended.has(input)) driver.pipeline.endInput(input);
  await driver.event('finished');
  keep();
  await driver.pipeline.close();
  return { said, pipelines: generation };
}

function inputsOf(plan: PhysicalPlan): readonly number[] {
  return plan.nodes.flatMap((node) =>
    node.kind === 'source' && node.connector === 'external' ? [Number(node.options['input'])] : []);
}

function outputsOf(plan: PhysicalPlan): readonly number[] {
  return plan.nodes.flatMap((node) => {
    const output = node.kind === 'sink' ? node.options['output'] : undefined;
    return output === undefined ? [] : [Number(output)];
  });
}

/** The rows among what was said. */
export function rowsSaid(said: readonly Said[]): readonly Row[] {
  return said.filter((item): item is Row => Array.isArray(item));
}
