/**
 * The contract of an operator of the TypeScript engine; native/operators/operator.h states the
 * same for the native one. An operator is built from its plan node, belongs to one task, and is
 * never called from two places at once.
 *
 *     restore* (at most once, before anything else)
 *     process*                     batches, in order per input; may emit any number of batches
 *     prepareBarrier, snapshot     between two batches; may be repeated
 *     finish                       once, after every input has ended (a MAX watermark came before)
 *     onClock                      between two batches, at the operator's own deadline
 *
 * A batch that an operator receives is immutable in its columns: other consumers may hold them.
 * With several inputs the operator merges watermarks itself (InputWatermarks in
 * src/batch/watermark.ts) and shows them as `inputWatermarks`: its task marks idle inputs there
 * and passes an empty batch where that raises time. No operator sees status otherwise. An operator
 * that emits no rows for a batch still passes its watermarks on. Failures are thrown
 * MillraceErrors; any other error is our own fault.
 *
 * Emission is decided by rows and watermarks, never by a batch's edges: cutting the input
 * otherwise gives the same changes per key.
 */
import type { Batch } from '../batch/batch.js';
import type { InputWatermarks } from '../batch/watermark.js';
import type { LookupSource } from '../plan/physical/plan.js';
import type { RowField } from '../types/data-type.js';

/** Takes what an operator emits. The batch belongs to the receiver from then on. */
export interface Output {
  emit(batch: Batch): void;
}

/**
 * A named table of state. `fields` starts with the key columns of the operator; the runtime puts
 * an INT column `key_group` before them in a snapshot and drops it at a restore.
 */
export interface StateTable {
  readonly name: string;
  readonly fields: readonly RowField[];
  /** How many of the fields, from the first, are the key. 0: operator state, in key group 0. */
  readonly keyCount: number;
}

export interface OperatorStats {
  /** Rows dropped because they came behind the watermark. */
  lateRows: number;
  /** Rows of state held now, and their bytes as far as they are known. */
  stateRows: number;
  stateBytes: number;
}

export interface Operator {
  /** Handles one batch of the numbered input. The batch may be empty and only raise time. */
  process(batch: Batch, input: number, output: Output): void;
  /** Emits what a bundle still holds, so that the snapshot needs no bundle. */
  prepareBarrier?(output: Output): void;
  /** After the last input ended. */
  finish?(output: Output): void;
  /** The tables `snapshot` writes and `restore` reads. Empty for an operator without state. */
  readonly stateTables: readonly StateTable[];
  /** Of an operator of several inputs, which merges them in `process`. */
  readonly inputWatermarks?: InputWatermarks;
  /** The whole logical content of one table. Rows in no particular order unless it says so. */
  snapshot?(table: StateTable): Batch;
  /** Called once a chunk; several chunks of one table add up. */
  restore?(table: StateTable, content: Batch): void;
  stats?(): OperatorStats;
  /**
   * When the task clock reaches this, ms (asked after each call), `onClock` is called. Infinity:
   * no call wanted.
   */
  deadlineMs?(): number;
  onClock?(nowMs: number, output: Output): void;
  /** The checkpoint of the last barrier is durable: what was prepared may be committed. */
  checkpointComplete?(): void;
  /** Gives up files and buffers; called once, also after a failure. */
  close?(): void;
}

/** What an operator may ask of its task. */
export interface OperatorContext {
  /** This task's place among `parallelism`. */
  readonly subtask: number;
  readonly parallelism: number;
  readonly maxParallelism: number;
  /** Rows a batch that an operator fills by itself should have. */
  readonly batchRows: number;
  /** The task clock in ms since the epoch; virtual in tests. */
  nowMs(): number;
  /** Session zone. */
  readonly zone: string;
  /** All rows of a table, for lookups. */
  openTable?(table: LookupSource): TableReader;
}

/** Gives the rows of a bounded table: 'idle' is none now. */
export interface TableReader {
  poll(): Batch | 'idle' | 'end';
  close(): void;
}
