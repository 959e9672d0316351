/**
 * A running job: a plan on an engine, its inputs pumped in, its outputs handed out, its end and
 * its error told once.
 */
import type { Batch } from '../batch/batch.js';
import { errorOf, type ErrorCode } from '../errors/index.js';
import type { PhysicalPlan } from '../plan/physical/plan.js';
import { BatchQueue } from './batch-queue.js';
import { decideEngines, makePipeline, type EngineChoice } from './engine.js';
import type {
  EngineName, Pipeline, PipelineEvent, PipelineOptions, PipelineStats, StateChunk,
} from './pipeline.js';
import { runtimeError } from './runtime-error.js';

export type BatchSource = Iterable<Batch> | AsyncIterable<Batch>;

export interface JobOptions extends Partial<PipelineOptions> {
  readonly engine: EngineChoice;
  /** Under auto: node kinds and numbers that are to run on the fallback. */
  readonly fallbackOperators?: ReadonlySet<string>;
  /** By number of pipeline input. */
  readonly inputs?: readonly BatchSource[];
  /** How many outputs the plan has. */
  readonly outputCount?: number;
  /** Aborting cancels the job; its `done` rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

const ENGINES: readonly EngineName[] = ['native', 'fallback'];

/** Flink's default number of key groups. */
export const DEFAULT_MAX_PARALLELISM = 128;
const DEFAULT_BATCH_ROWS = 4096;
const DEFAULT_FLUSH_MS = 10;

function pipelineOptions(options: JobOptions): PipelineOptions {
  const {
    engine: _e, fallbackOperators: _f, inputs: _i, outputCount: _o, signal: _s, ...rest
  } = options;
  return {
    parallelism: 1,
    maxParallelism: DEFAULT_MAX_PARALLELISM,
    batchRows: DEFAULT_BATCH_ROWS,
    flushMs: DEFAULT_FLUSH_MS,
    ...rest,
  };
}

type Settle = { readonly resolve: () => void; readonly reject: (error: unknown) => void };

export class Job {
  /** Those that run it: one, or native and fallback. */
  readonly engines: readonly EngineName[];
  readonly outputs: readonly BatchQueue[];
  /** Rejects with the job's MillraceError, or the reason it was aborted for. */
  readonly done: Promise<void>;
  private readonly pipeline: Pipeline;
  private readonly sourceIds: ReadonlySet<number>;
  private readonly sinkIds: ReadonlySet<number>;
  private readonly rooms = new Map<number, () => void>();
  private readonly checkpoints = new Map<number, (chunks: readonly StateChunk[]) => void>();
  private nextCheckpoint = 1;
  private settle: Settle = { resolve: () => {}, reject: () => {} };
  private closed: Promise<void> | null = null;
  private lastStats: PipelineStats | null = null;

  constructor(private readonly plan: PhysicalPlan, private readonly options: JobOptions) {
    options.signal?.throwIfAborted();
    const engines = decideEngines(plan, options.engine, options.fallbackOperators);
    this.engines = ENGINES.filter((engine) => engines.some((one) => one.engine === engine));
    this.pipeline = makePipeline(plan, engines, pipelineOptions(options));
    this.outputs = Array.from({ length: options.outputCount ?? 0 }, (_, output) =>
      new BatchQueue(() => (this.closed === null ? this.pipeline.poll(output) : null)));
    this.sourceIds = idsOf(plan, 'source', 'values');
    this.sinkIds = idsOf(plan, 'sink');
    this.done = new Promise((resolve, reject) => (this.settle = { resolve, reject }));
    this.done.catch(() => {});
  }

  start(): this {
    const { signal } = this.options;
    signal?.addEventListener('abort', this.onAbort, { once: true });
    this.pipeline.start((event) => this.handle(event));
    (this.options.inputs ?? []).forEach((source, input) => {
      void this.pump(source, input).catch((error: unknown) => this.end(error));
    });
    if (signal?.aborted === true) this.onAbort();
    return this;
  }

  /** Stops soon; `done` rejects with the cancellation unless the job had ended before. */
  async cancel(reason: unknown = errorOf('MR4030', {})): Promise<void> {
    if (this.closed === null) this.end(reason);
    await this.closed;
  }

  /** State of every operator between two batches; resolves when the barrier has passed. */
  checkpoint(): Promise<readonly StateChunk[]> {
    const id = this.nextCheckpoint++;
    return new Promise((resolve, reject) => {
      this.checkpoints.set(id, resolve);
      this.done.then(() => reject(errorOf('MR5003', {})), reject);
      this.pipeline.barrier(id);
    });
  }

  /** The last checkpoint is durable. */
  completeCheckpoint(): void {
    if (this.closed === null) this.pipeline.completeCheckpoint();
  }

  advanceClock(ms: number): void {
    this.pipeline.advanceClock(ms);
  }

  stats(): PipelineStats {
    return this.lastStats ?? this.pipeline.stats();
  }

  /** What the live line shows. */
  progress(): { rowsRead: number; lateRows: number; badRecords: number; watermark: number } {
    const { operators } = this.stats();
    const sinks = operators.filter((row) => this.sinkIds.has(row.operator));
    const sources = operators.filter((row) => this.sourceIds.has(row.operator));
    return {
      rowsRead: sum(sources.map((row) => row.rowsOut)),
      lateRows: sum(operators.map((row) => row.lateRows)),
      badRecords: sum(operators.map((row) => row.badRecords)),
      watermark: sinks.reduce((low, row) => Math.min(low, row.watermark), Infinity),
    };
  }

  private readonly onAbort = (): void => {
    void this.cancel(this.options.signal?.reason);
  };

  private handle(event: PipelineEvent): void {
    switch (event.kind) {
      case 'output':
        this.outputs[event.output]?.notify();
        return;
      case 'room':
        this.rooms.get(event.input)?.();
        return;
      case 'snapshot':
        this.checkpoints.get(event.id)?.(event.chunks);
        this.checkpoints.delete(event.id);
        return;
      case 'finished':
        this.end(null);
        return;
      case 'failed':
        this.end(runtimeError(event.code as ErrorCode, event.detail, event.operator, this.plan));
        return;
    }
  }

  /** The first call decides how the job ended. */
  private end(error: unknown): void {
    if (this.closed !== null) return;
    this.lastStats = this.pipeline.stats();
    this.options.signal?.removeEventListener('abort', this.onAbort);
    if (error !== null) this.pipeline.cancel();
    this.closed = this.pipeline.close();
    for (const wake of this.rooms.values()) wake();
    for (const output of this.outputs) {
      if (error === null) output.end();
      else output.fail(error);
    }
    void this.closed.then(
      () => (error === null ? this.settle.resolve() : this.settle.reject(error)),
      (failure: unknown) => this.settle.reject(failure));
  }

  private async pump(source: BatchSource, input: number): Promise<void> {
    for await (const batch of source) {
      while (this.closed === null && !this.pipeline.offer(input, batch)) {
        await new Promise<void>((resolve) => this.rooms.set(input, resolve));
        this.rooms.delete(input);
      }
      if (this.closed !== null) return;
    }
    if (this.closed === null) this.pipeline.endInput(input);
  }
}

function idsOf(plan: PhysicalPlan, ...kinds: readonly string[]): ReadonlySet<number> {
  return new Set(plan.nodes.filter((node) => kinds.includes(node.kind)).map((node) => node.id));
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
