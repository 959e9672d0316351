/** A pipeline of the native engine: calls go to the addon, its events come from its callback. */
import type { Batch } from '../../batch/batch.js';
import { packBatch, unpackBatch } from '../../batch/packed.js';
import { type ErrorCode, errorOf, errorRows, MillraceError } from '../../errors/index.js';
import {
  NATIVE_ACTIVE, NATIVE_END, NATIVE_EVENT, NATIVE_IDLE, type NativeBinding, type NativeChunk,
  type NativeError, type NativePipelineHandle,
} from '../../native/binding.js';
import { decodeValue } from '../../plan/physical/decode.js';
import type { DataType, RowField } from '../../types/data-type.js';
import type {
  EnginePipeline, Message, OperatorStatsRow, PipelineEvent, PipelineOptions, PipelineStats,
  StateChunk,
} from '../pipeline.js';
import { runtimeError } from '../runtime-error.js';

const STATS_NUMBERS = 10;

/** What `poll` says by a number that is no barrier's. */
const CONTROLS: ReadonlyMap<number, Message> = new Map([
  [NATIVE_END, { kind: 'end' }], [NATIVE_IDLE, { kind: 'idle' }],
  [NATIVE_ACTIVE, { kind: 'active' }],
]);

/** What the pipeline must know of the plan beside its bytes. */
export interface NativePlan {
  readonly encoded: Uint8Array;
  /** Column types of each output, by number of its port. */
  readonly outputTypes: readonly (readonly DataType[])[];
}

/** Makes a pipeline; throws a MillraceError for a plan that the engine cannot run. */
export function makeNativePipeline(
  binding: NativeBinding, plan: NativePlan, options: PipelineOptions,
): EnginePipeline {
  return new NativePipeline(binding, plan, options);
}

class NativePipeline implements EnginePipeline {
  readonly engine = 'native';
  private readonly handle: NativePipelineHandle;
  private onEvent: ((event: PipelineEvent) => void) | null = null;
  private isClosing = false;
  private isClosed = false;
  private resolveClosed: (() => void) | null = null;
  private lastStats: PipelineStats = { engine: 'native', operators: [] };

  constructor(
    private readonly binding: NativeBinding, private readonly plan: NativePlan,
    options: PipelineOptions,
  ) {
    const { restore, ...rest } = options;
    const chunks = restore?.map((chunk) => [
      chunk.operator, chunk.semanticId, chunk.table, chunk.subtask, packBatch(chunk.content),
    ] as const);
    try {
      this.handle = binding.createPipeline(
        plan.encoded, chunks === undefined ? rest : { ...rest, restore: chunks },
        (kind, number, detail, text) => this.receive(kind, number, detail, text),
      );
    } catch (error) {
      throw fromNative(error);
    }
  }

  start(onEvent: (event: PipelineEvent) => void): void {
    this.onEvent = onEvent;
    this.binding.start(this.handle);
  }

  offer(input: number, batch: Batch): boolean {
    return this.binding.offer(this.handle, input, packBatch(batch));
  }

  endInput(input: number): void {
    this.binding.endInput(this.handle, input);
  }

  barrier(id: number): void {
    this.binding.barrier(this.handle, id);
  }

  offerBarrier(input: number, id: number): void {
    this.binding.inputBarrier(this.handle, input, id);
  }

  offerStatus(input: number, isIdle: boolean): void {
    this.binding.inputStatus(this.handle, input, isIdle ? NATIVE_IDLE : NATIVE_ACTIVE);
  }

  completeCheckpoint(): void {
    this.binding.completeCheckpoint(this.handle);
  }

  poll(output: number): Batch | null {
    const message = this.take(output);
    return message?.kind === 'batch' ? message.batch : null;
  }

  take(output: number): Message | null {
    if (this.isClosing) return null;
    const taken = this.binding.poll(this.handle, output);
    if (taken === null) return null;
    if (typeof taken === 'number') {
      return CONTROLS.get(taken) ?? { kind: 'barrier', id: taken };
    }
    checkYoungMemory();
    return { kind: 'batch', batch: unpackBatch(taken, this.plan.outputTypes[output]!) };
  }

  advanceClock(ms: number): void {
    this.binding.advanceClock(this.handle, ms);
  }

  stats(): PipelineStats {
    if (this.isClosed) return this.lastStats;
    const numbers = new Float64Array(this.binding.stats(this.handle));
    const operators: OperatorStatsRow[] = [];
    for (let at = 0; at < numbers.length; at += STATS_NUMBERS) operators.push(row(numbers, at));
    return { engine: 'native', operators };
  }

  cancel(): void {
    if (!this.isClosed) this.binding.cancel(this.handle);
  }

  /** Waits for the tasks without blocking the event loop, then frees everything. */
  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosing = true;
    this.onEvent = null;
    if (this.resolveClosed === null && !this.hasStopped) {
      const stopped = new Promise<void>((resolve) => {
        this.resolveClosed = resolve;
      });
      this.cancel();
      await stopped;
    }
    this.destroy();
  }

  private hasStopped = false;

  private destroy(): void {
    if (this.isClosed) return;
    this.lastStats = this.stats();
    this.isClosed = true;
    this.binding.destroy(this.handle);
  }

  private receive(kind: number, number: number, detail: unknown, text: string | undefined): void {
    if (kind === NATIVE_EVENT.closed) {
      this.hasStopped = true;
      this.resolveClosed?.();
      return;
    }
    const event = eventOf(kind, number, detail, text);
    if (event !== null) this.onEvent?.(event);
  }
}

/**
 * V8 weighs the memory behind young objects when it allocates a buffer itself, not when it is given
 * one. Asked so, it frees the batches of an output by short scavenges; else they would pile up to
 * marking the whole heap, tens of milliseconds several times a second.
 */
function checkYoungMemory(): void {
  new ArrayBuffer(1);
}

function row(numbers: Float64Array, at: number): OperatorStatsRow {
  const [
    operator, subtask, rowsIn, rowsOut, batchesIn, lateRows, badRecords, stateRows, stateBytes,
    watermark,
  ] = numbers.subarray(at, at + STATS_NUMBERS) as unknown as readonly number[];
  return {
    operator: operator!, subtask: subtask!, rowsIn: rowsIn!, rowsOut: rowsOut!,
    batchesIn: batchesIn!, lateRows: lateRows!, badRecords: badRecords!, stateRows: stateRows!,
    stateBytes: stateBytes!, watermark: watermark!,
  };
}

function eventOf(
  kind: number, number: number, detail: unknown, text: string | undefined,
): PipelineEvent | null {
  switch (kind) {
    case NATIVE_EVENT.output:
      return { kind: 'output', output: number };
    case NATIVE_EVENT.room:
      return { kind: 'room', input: number };
    case NATIVE_EVENT.snapshot: {
      const chunks = (detail as readonly NativeChunk[]).map(chunkOf);
      return { kind: 'snapshot', id: number, chunks };
    }
    case NATIVE_EVENT.finished:
      return { kind: 'finished' };
    case NATIVE_EVENT.failed:
      return { kind: 'failed', code: detail as string, detail: text ?? '', operator: number };
    default:
      return null;
  }
}

function chunkOf(chunk: NativeChunk): StateChunk {
  const [operator, semanticId, table, subtask, keyCount, encodedFields, content] = chunk;
  const fields = decodeValue(new Uint8Array(encodedFields)) as unknown as readonly RowField[];
  return {
    operator, semanticId, table, subtask, keyCount, fields,
    content: unpackBatch(content, fields.map((field) => field.type)),
  };
}

/** An error that the addon threw, as one of ours. */
function fromNative(error: unknown): MillraceError {
  const { code, message } = error as Partial<NativeError>;
  if (code !== undefined && code in errorRows) {
    return runtimeError(code as ErrorCode, message ?? '');
  }
  return errorOf('MR9001', { detail: String(error) }, { cause: error });
}
