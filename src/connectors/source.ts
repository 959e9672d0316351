/**
 * The contract of a source of the TypeScript engine; `Source` in native/operators/operator.h
 * states the same for the native one. It belongs to one task and is called between slices.
 */
import type { Batch } from '../batch/batch.js';
import type { StateTable } from '../operators/operator.js';
import type { SourceNode } from '../plan/physical/plan.js';

export interface SourceStats {
  /** Records skipped because they could not be read. */
  badRecords: number;
}

export interface Source {
  /** A batch of rows (maybe none); 'idle': nothing now, ask in a later turn; 'end': no more. */
  poll(): Batch | 'idle' | 'end';
  readonly stateTables: readonly StateTable[];
  /** The position between the batches polled and those to come. */
  snapshot(table: StateTable): Batch;
  /** Before the first poll; several chunks of one table add up. */
  restore(table: StateTable, content: Batch): void;
  stats(): SourceStats;
  /** Gives up files and buffers. May be called at any time, once. */
  close(): void;
}

/** What a source may ask of its task. */
export interface SourceContext {
  /** Not below `parallelism` where the table is read by fewer subtasks: nothing to read here. */
  readonly subtask: number;
  readonly parallelism: number;
  /** Rows a batch should have. */
  readonly batchRows: number;
  /** Session zone. */
  readonly zone: string;
  nowMs(): number;
}

/** Makes a source from its plan node; throws a MillraceError for options it cannot serve. */
export type SourceFactory = (node: SourceNode, context: SourceContext) => Source;
