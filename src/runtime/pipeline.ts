/**
 * A pipeline runs one encoded plan (or one island of it) on one engine. Both engines implement
 * this interface; src/native/binding.ts declares how the native one is reached.
 *
 * Inputs are the plan's `external` sources (by `options.input`), outputs its `collect` and
 * `print` sinks (by `options.output`). All calls are made on the JavaScript thread.
 *
 * A border to the other engine is a sink or an external source with `options.lanes`: it has that
 * many ports, one for each subtask of the producer, numbered from its own on. Control passes a
 * border in order with the batches; islands/cut.ts makes such plans.
 */
import type { Batch } from '../batch/batch.js';
import type { RowField } from '../types/data-type.js';

export type EngineName = 'native' | 'fallback';

/** What travels through a plan, in order. */
export type Message =
  | { readonly kind: 'batch'; readonly batch: Batch }
  | { readonly kind: 'barrier'; readonly id: number }
  /** Watermark status: nothing is expected from here for now, or rows come again. */
  | { readonly kind: 'idle' }
  | { readonly kind: 'active' }
  | { readonly kind: 'end' };

/** One chunk of one operator's state table. Column 0 is INT `key_group`. */
export interface StateChunk {
  /** Plan node id and its semantic id. */
  readonly operator: number;
  readonly semanticId: string;
  readonly table: string;
  readonly subtask: number;
  /** Names and types of the columns, `key_group` first. */
  readonly fields: readonly RowField[];
  /** How many columns behind `key_group` are the key. */
  readonly keyCount: number;
  readonly content: Batch;
}

export interface PipelineOptions {
  readonly parallelism: number;
  /** Number of key groups: 128 unless set. */
  readonly maxParallelism: number;
  /** Rows a batch that sources fill: 4096 unless set. */
  readonly batchRows: number;
  /** Longest time a source holds rows back, ms: 10 unless set; 0 = none. */
  readonly flushMs: number;
  /** Seeds the order in which several inputs' batches are merged; undefined = arrival. */
  readonly mergeSeed?: number;
  /** Virtual clock in ms; undefined = the system clock. */
  readonly clockMs?: number;
  /** Whether the fallback runs its subtasks in workers, where there are several. */
  readonly workerThreads?: boolean;
  /** State to start from. */
  readonly restore?: readonly StateChunk[];
}

export interface OperatorStatsRow {
  readonly operator: number;
  readonly subtask: number;
  readonly rowsIn: number;
  readonly rowsOut: number;
  readonly batchesIn: number;
  readonly lateRows: number;
  readonly badRecords: number;
  readonly stateRows: number;
  readonly stateBytes: number;
  /** Lowest watermark the operator has seen, ms; -Infinity before the first. */
  readonly watermark: number;
}

export interface PipelineStats {
  readonly engine: EngineName | 'mixed';
  readonly operators: readonly OperatorStatsRow[];
}

/** What a pipeline says of itself. Each may come at any time between two JavaScript turns. */
export type PipelineEvent =
  /** `poll(output)` has at least one batch. */
  | { readonly kind: 'output'; readonly output: number }
  /** `offer(input)` will be taken again. */
  | { readonly kind: 'room'; readonly input: number }
  /** The barrier has passed every task; its state is complete. */
  | { readonly kind: 'snapshot'; readonly id: number; readonly chunks: readonly StateChunk[] }
  /** Every input ended, everything was emitted and polled or committed. */
  | { readonly kind: 'finished' }
  /** Nothing more comes after this. `code` is a row of spec/errors.ts. */
  | {
      readonly kind: 'failed';
      readonly code: string;
      readonly detail: string;
      readonly operator: number;
    };

export interface Pipeline {
  readonly engine: EngineName | 'mixed';
  /** Called once; before it nothing runs and no event comes. */
  start(onEvent: (event: PipelineEvent) => void): void;
  /** False: the queue is full, the batch was not taken; wait for 'room'. */
  offer(input: number, batch: Batch): boolean;
  endInput(input: number): void;
  /** Injects a barrier at every source, between two batches; at borders it is offered. */
  barrier(id: number): void;
  /** Tells the operators that the checkpoint of the last barrier is durable. */
  completeCheckpoint(): void;
  poll(output: number): Batch | null;
  /** Moves a virtual clock. */
  advanceClock(ms: number): void;
  stats(): PipelineStats;
  /** Stops soon, without an event; `close` waits for it and frees everything. */
  cancel(): void;
  close(): Promise<void>;
}

/** A pipeline of one engine: what the other one's half of a plan can be joined to. */
export interface EnginePipeline extends Pipeline {
  readonly engine: EngineName;
  /** Puts a barrier that came through a border behind what was offered before it. */
  offerBarrier(input: number, id: number): void;
  /** The same with a watermark status. */
  offerStatus(input: number, isIdle: boolean): void;
  /** The next message of a lane of a border; null: nothing now. */
  take(output: number): Message | null;
}
