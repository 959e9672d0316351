/**
 * Every declaration of the native addon, once. native/addon/addon.cpp implements it. Batches
 * cross as packed blocks (src/batch/packed.ts), plans and schemas as encoded values.
 */

/** The first argument of a pipeline's callback. */
export const NATIVE_EVENT = {
  output: 0, room: 1, snapshot: 2, finished: 3, failed: 4, closed: 5,
} as const;

/** What `poll` gives for the end of a lane of a border. */
export const NATIVE_END = -1;
/** The same for a watermark status. */
export const NATIVE_IDLE = -2;
export const NATIVE_ACTIVE = -3;

/** operator, semantic id, table, subtask, key count, encoded fields, packed content */
export type NativeChunk = readonly [
  number, string, string, number, number, ArrayBuffer, ArrayBuffer,
];

/** operator, semantic id, table, subtask, packed content */
export type NativeRestoreChunk = readonly [number, string, string, number, Uint8Array];

/** The options of a pipeline, as the addon reads them. */
export interface NativePipelineOptions {
  readonly parallelism: number;
  readonly maxParallelism: number;
  readonly batchRows: number;
  readonly flushMs: number;
  readonly mergeSeed?: number | undefined;
  readonly clockMs?: number | undefined;
  readonly restore?: readonly NativeRestoreChunk[] | undefined;
}

/**
 * output, room: `number` is the port. snapshot: `number` the barrier, `detail` the chunks.
 * failed: `number` the operator, `detail` the code, `text` the detail.
 */
export type NativeCallback = (
  kind: number, number: number, detail: unknown, text: string | undefined,
) => void;

declare const pipelineBrand: unique symbol;
/** A pipeline in C++; freed by destroy, or when it is collected. */
export interface NativePipelineHandle {
  readonly [pipelineBrand]: true;
}

declare const nexmarkBrand: unique symbol;
/** A generator of Nexmark text in C++; freed when it is collected. */
export interface NativeNexmarkText {
  readonly [nexmarkBrand]: true;
}

/** What the addon throws. */
export interface NativeError extends Error {
  readonly code: string;
  readonly operator: number;
  /** Physical row of the batch, where one row is to blame; else -1. */
  readonly row: number;
}

export interface NativeBinding {
  readonly version: string;
  /** Hash of the tables in spec/ that the addon was generated from. */
  readonly specHash: string;
  readonly kernelNames: readonly string[];
  readonly operatorKinds: readonly string[];
  readonly sourceConnectors: readonly string[];
  readonly sinkConnectors: readonly string[];
  readonly cpuFeatures: readonly string[];
  /** The UTF-8 validation chosen for this processor: haswell is AVX2, westmere SSE 4.2. */
  readonly utf8Variant: string;

  createPipeline(
    plan: Uint8Array, options: NativePipelineOptions, callback: NativeCallback,
  ): NativePipelineHandle;
  start(pipeline: NativePipelineHandle): void;
  /** False: not taken; a room event comes. The block is copied. */
  offer(pipeline: NativePipelineHandle, input: number, block: Uint8Array): boolean;
  endInput(pipeline: NativePipelineHandle, input: number): void;
  /** At every source, but not at borders: there it comes in order, by inputBarrier. */
  barrier(pipeline: NativePipelineHandle, id: number): void;
  inputBarrier(pipeline: NativePipelineHandle, input: number, id: number): void;
  /** NATIVE_IDLE or NATIVE_ACTIVE at a border, in order. */
  inputStatus(pipeline: NativePipelineHandle, input: number, status: number): void;
  completeCheckpoint(pipeline: NativePipelineHandle): void;
  /** A block; at a border also a barrier's number or NATIVE_*; null: nothing now. */
  poll(pipeline: NativePipelineHandle, output: number): ArrayBuffer | number | null;
  /** Ten doubles an operator and subtask, in the order of OperatorStatsRow. */
  stats(pipeline: NativePipelineHandle): ArrayBuffer;
  advanceClock(pipeline: NativePipelineHandle, ms: number): void;
  cancel(pipeline: NativePipelineHandle): void;
  /** Waits for the pipeline's tasks; after the closed event there are none. */
  destroy(pipeline: NativePipelineHandle): void;

  /** One value a selected row of the block, as a block of one column. For tests. */
  evaluateExpression(
    expression: Uint8Array, schema: Uint8Array, block: Uint8Array, nowMs: number, zone: string,
  ): ArrayBuffer;
  /** The key group of each selected row, all columns being the key: Uint32. For tests. */
  keyGroups(schema: Uint8Array, block: Uint8Array, maxParallelism: number): ArrayBuffer;

  /** The selected rows of a block as JSON lines. For tests. */
  encodeJson(schema: Uint8Array, options: Uint8Array, block: Uint8Array): ArrayBuffer;
  /** Nexmark events as text; the options are an encoded map. MR2008 for a bad one. */
  nexmarkText(options: Uint8Array, format: string): NativeNexmarkText;
  /** The next whole lines; null at the end. */
  nextNexmarkText(text: NativeNexmarkText): ArrayBuffer | null;
}
