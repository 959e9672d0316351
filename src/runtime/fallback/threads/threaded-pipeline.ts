/**
 * A pipeline of the TypeScript engine whose subtasks run in workers: worker k runs subtask k of
 * every fragment. This thread hands over inputs, takes outputs, spreads barriers and gathers
 * snapshots; rows that change their subtask go from worker to worker.
 */
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { Batch } from '../../../batch/batch.js';
import { packBatch } from '../../../batch/packed.js';
import { InputWatermarks } from '../../../batch/watermark.js';
import { encodePlan } from '../../../plan/physical/encode.js';
import type { PhysicalPlan } from '../../../plan/physical/plan.js';
import type { DataType } from '../../../types/data-type.js';
import type {
  EnginePipeline, Message, OperatorStatsRow, PipelineEvent, PipelineOptions, PipelineStats,
  StateChunk,
} from '../../pipeline.js';
import { type Graph, makeGraph } from '../graph.js';
import type { Command, Report } from './messages.js';
import { messageOf, packChunk, unpackChunk } from './parcel.js';
import { hireWorker, type HiredWorker } from './workers.js';

/** Batches of an input that may wait for a worker. */
const INPUT_BATCHES = 16;

let nextPipeline = 0;

interface InputState {
  readonly subtask: number;
  waiting: number;
  wasRefused: boolean;
}

interface OutputState {
  readonly types: readonly DataType[];
  readonly messages: { readonly message: Message; readonly subtask: number }[];
  /** Of all subtasks; null at a border, where each lane has one. */
  readonly watermarks: InputWatermarks | null;
}

interface PendingSnapshot {
  missing: number;
  readonly chunks: StateChunk[];
}

/** `file` is the worker's code. MR9001 for a plan that is none; other errors come as events. */
export function makeThreadedPipeline(
  plan: PhysicalPlan, options: PipelineOptions, file: string,
): EnginePipeline {
  return new ThreadedPipeline(plan, options, file);
}

class ThreadedPipeline implements EnginePipeline {
  readonly engine = 'fallback';
  private readonly id = nextPipeline++;
  private readonly graph: Graph;
  private readonly inputs: InputState[] = [];
  private readonly outputs: OutputState[] = [];
  private workers: readonly HiredWorker[] = [];
  private readonly snapshots = new Map<number, PendingSnapshot>();
  private readonly stopped: (() => void)[] = [];
  private readonly dead = new Set<number>();
  private rows: readonly (readonly OperatorStatsRow[])[];
  private unfinished: number;
  private isStopped = false;
  private isFinishTold = false;
  private closing: Promise<void> | null = null;
  private onEvent: ((event: PipelineEvent) => void) | null = null;

  constructor(
    private readonly plan: PhysicalPlan, private readonly options: PipelineOptions,
    private readonly file: string,
  ) {
    this.graph = makeGraph(plan, options.parallelism);
    this.unfinished = options.parallelism;
    this.rows = Array.from({ length: options.parallelism }, () => []);
    for (const node of this.graph.nodes) {
      const { parallelism } = this.graph.fragments[node.fragment] ?? { parallelism: 1 };
      const types = node.plan.schema.map((field) => field.type);
      for (let lane = 0; lane < Math.max(1, node.lanes); lane++) {
        const subtask = node.lanes === parallelism ? lane : 0;
        if (node.external >= 0) {
          this.inputs[node.external + lane] = { subtask, waiting: 0, wasRefused: false };
        }
        if (node.output < 0) continue;
        const watermarks = node.lanes > 0 ? null : new InputWatermarks(parallelism, true);
        this.outputs[node.output + lane] = { types, messages: [], watermarks };
      }
    }
  }

  start(onEvent: (event: PipelineEvent) => void): void {
    this.onEvent = onEvent;
    const { parallelism } = this.options;
    this.workers = Array.from({ length: parallelism }, (_, subtask) => hireWorker(this.file,
      (report) => this.receive(subtask, report), (error) => this.died(subtask, error)));
    const plan = encodePlan(this.plan);
    const { restore = [], workerThreads: _, ...options } = this.options;
    const peers = portsOfPairs(parallelism);
    this.workers.forEach((worker, subtask) => {
      const chunks = restore.map(packChunk);
      const ports = peers[subtask]!;
      worker.post({
        kind: 'make', pipeline: this.id, subtask, plan, options, restore: chunks, peers: ports,
      }, [...chunks.map((chunk) => chunk.block), ...ports.filter((port) => port !== null)]);
    });
  }

  offer(input: number, batch: Batch): boolean {
    if (this.isStopped) return true;
    const state = this.inputs[input]!;
    if (state.waiting >= INPUT_BATCHES) {
      state.wasRefused = true;
      return false;
    }
    state.waiting++;
    const block = packBatch(batch).buffer as ArrayBuffer;
    this.workers[state.subtask]!.post({
      kind: 'input', pipeline: this.id, port: input, parcel: { kind: 'batch', block },
    }, [block]);
    return true;
  }

  endInput(input: number): void {
    this.control(input, { kind: 'end' });
  }

  offerBarrier(input: number, id: number): void {
    this.control(input, { kind: 'barrier', id });
  }

  offerStatus(input: number, isIdle: boolean): void {
    this.control(input, { kind: isIdle ? 'idle' : 'active' });
  }

  barrier(id: number): void {
    this.snapshots.set(id, { missing: this.workers.length, chunks: [] });
    this.postAll({ kind: 'barrier', pipeline: this.id, id });
  }

  completeCheckpoint(): void {
    this.postAll({ kind: 'complete', pipeline: this.id });
  }

  poll(output: number): Batch | null {
    const message = this.take(output);
    return message?.kind === 'batch' ? message.batch : null;
  }

  take(output: number): Message | null {
    const taken = this.isStopped ? undefined : this.outputs[output]!.messages.shift();
    if (taken === undefined) return null;
    this.workers[taken.subtask]!.post({ kind: 'taken', pipeline: this.id, port: output }, []);
    this.tellFinish();
    return taken.message;
  }

  /** Pipelines with a virtual clock stay on one thread. */
  advanceClock(): void {}

  /** As the workers told them last: a quarter of a second ago at most. */
  stats(): PipelineStats {
    return { engine: 'fallback', operators: this.rows.flat() };
  }

  cancel(): void {
    this.isStopped = true;
    this.closing ??= this.closeWorkers();
  }

  async close(): Promise<void> {
    this.cancel();
    this.onEvent = null;
    await this.closing;
  }

  private control(input: number, parcel: Exclude<Message, { kind: 'batch' }>): void {
    if (this.isStopped) return;
    this.workers[this.inputs[input]!.subtask]!.post(
      { kind: 'input', pipeline: this.id, port: input, parcel }, []);
  }

  private postAll(command: Command): void {
    if (!this.isStopped) for (const worker of this.workers) worker.post(command, []);
  }

  private async closeWorkers(): Promise<void> {
    await Promise.all(this.workers.map((worker, subtask) => new Promise<void>((resolve) => {
      if (this.dead.has(subtask)) resolve();
      this.stopped[subtask] = resolve;
      worker.post({ kind: 'close', pipeline: this.id }, []);
    })));
    for (const worker of this.workers) worker.release();
  }

  private receive(subtask: number, report: Report): void {
    if (report.pipeline !== this.id) return;
    if (report.kind === 'closed') this.stopped[subtask]?.();
    else if (report.kind === 'stats') this.rows = this.rows.with(subtask, report.rows);
    else if (!this.isStopped) this.progress(subtask, report);
  }

  private progress(
    subtask: number, report: Exclude<Report, { kind: 'closed' | 'stats' }>,
  ): void {
    switch (report.kind) {
      case 'output':
        this.put(subtask, report.port, messageOf(report.parcel, this.outputs[report.port]!.types));
        return;
      case 'accepted':
        this.accepted(report.port);
        return;
      case 'snapshot':
        this.acknowledge(report.id, report.chunks.map(unpackChunk));
        return;
      case 'finished':
        this.unfinished--;
        this.tellFinish();
        return;
      case 'failed':
        this.fail({ ...report, kind: 'failed' });
        return;
    }
  }

  private put(subtask: number, port: number, message: Message): void {
    const output = this.outputs[port]!;
    const wasEmpty = output.messages.length === 0;
    output.messages.push({ subtask, message: merged(output.watermarks, subtask, message) });
    if (wasEmpty) this.onEvent?.({ kind: 'output', output: port });
  }

  private accepted(port: number): void {
    const state = this.inputs[port]!;
    state.waiting--;
    if (!state.wasRefused || state.waiting > INPUT_BATCHES / 2) return;
    state.wasRefused = false;
    this.onEvent?.({ kind: 'room', input: port });
  }

  private acknowledge(id: number, chunks: readonly StateChunk[]): void {
    const pending = this.snapshots.get(id);
    if (pending === undefined) return;
    pending.chunks.push(...chunks);
    if (--pending.missing > 0) return;
    this.snapshots.delete(id);
    const order = (a: StateChunk, b: StateChunk): number => a.operator - b.operator ||
      (a.table < b.table ? -1 : a.table > b.table ? 1 : 0) || a.subtask - b.subtask;
    this.onEvent?.({ kind: 'snapshot', id, chunks: pending.chunks.sort(order) });
  }

  private tellFinish(): void {
    if (this.unfinished > 0 || this.isFinishTold || this.isStopped) return;
    if (this.outputs.some((output) => output.messages.length > 0)) return;
    this.isFinishTold = true;
    this.onEvent?.({ kind: 'finished' });
  }

  private fail(event: PipelineEvent): void {
    if (this.isStopped) return;
    const { onEvent } = this;
    this.cancel();
    onEvent?.(event);
  }

  private died(subtask: number, error: Error): void {
    this.dead.add(subtask);
    this.stopped[subtask]?.();
    const detail = `worker of subtask ${subtask}: ${error.message}`;
    this.fail({ kind: 'failed', code: 'MR9001', detail, operator: -1 });
  }
}

/** The watermarks of one subtask turned into those of all. */
function merged(
  watermarks: InputWatermarks | null, subtask: number, message: Message,
): Message {
  if (watermarks === null || message.kind !== 'batch' || watermarks.count === 1) {
    return message;
  }
  const { rowCount, columns, selection, rowKinds, watermarks: runs } = message.batch;
  const common = watermarks.merge(subtask, runs);
  return { kind: 'batch', batch: new Batch(rowCount, columns, selection, rowKinds, common) };
}

/** For each worker its ports to the others, by subtask. */
function portsOfPairs(count: number): readonly (readonly (MessagePort | null)[])[] {
  const ports = Array.from({ length: count }, () =>
    Array.from({ length: count }, (): MessagePort | null => null));
  for (let a = 0; a < count; a++) {
    for (let b = a + 1; b < count; b++) {
      const { port1, port2 } = new MessageChannel();
      ports[a]![b] = port1;
      ports[b]![a] = port2;
    }
  }
  return ports;
}
