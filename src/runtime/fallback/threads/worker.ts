/** The entry of a worker: runs its shares of pipelines as the thread of their job says. */
import { parentPort } from 'node:worker_threads';
import { decodePlan } from '../../../plan/physical/decode.js';
import type { PhysicalPlan } from '../../../plan/physical/plan.js';
import type { DataType } from '../../../types/data-type.js';
import { MillraceError } from '../../../errors/index.js';
import type { EnginePipeline, PipelineEvent } from '../../pipeline.js';
import { makeFallbackPipeline } from '../fallback-pipeline.js';
import { makeGraph } from '../graph.js';
import { type Command, CREDITS, type Parcel, type Report } from './messages.js';
import { buffersOf, messageOf, packChunk, parcelOf, unpackChunk } from './parcel.js';
import { ThreadShare } from './thread-share.js';

/** How often a running share tells its figures, ms. */
const STATS_MS = 250;

type Make = Extract<Command, { kind: 'make' }>;

const shares = new Map<number, RunningShare>();

function report(said: Report, buffers: readonly ArrayBuffer[] = []): void {
  parentPort!.postMessage(said, [...buffers]);
}

class RunningShare {
  private readonly share: ThreadShare;
  private readonly pipeline: EnginePipeline;
  private readonly inputTypes = new Map<number, readonly DataType[]>();
  /** Parcels of an input that its port has no room for. */
  private readonly waiting = new Map<number, Parcel[]>();
  private readonly credits = new Map<number, number>();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly id: number, command: Make) {
    const plan = decodePlan(command.plan);
    const graph = makeGraph(plan, command.options.parallelism);
    this.findInputTypes(plan);
    this.share = new ThreadShare(command.subtask, command.peers, (link) =>
      graph.nodes[graph.links[link]!.producer]!.plan.schema.map((field) => field.type));
    const restore = command.restore.map(unpackChunk);
    this.pipeline = makeFallbackPipeline(plan, { ...command.options, restore }, this.share);
    this.pipeline.start((event) => this.tell(event));
    this.timer = setInterval(() => this.tellStats(), STATS_MS);
  }

  take(command: Command): void {
    switch (command.kind) {
      case 'input':
        this.input(command.port, command.parcel);
        return;
      case 'taken':
        this.credits.set(command.port, (this.credits.get(command.port) ?? CREDITS) + 1);
        this.sendOutput(command.port);
        return;
      case 'barrier':
        this.pipeline.barrier(command.id);
        return;
      case 'complete':
        this.pipeline.completeCheckpoint();
        return;
      default:
        return;
    }
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    this.tellStats();
    await this.pipeline.close();
    this.share.close();
  }

  private findInputTypes(plan: PhysicalPlan): void {
    for (const node of plan.nodes) {
      if (node.kind !== 'source' || node.connector !== 'external') continue;
      const first = Number(node.options['input']);
      const types = node.schema.map((field) => field.type);
      const lanes = Math.max(1, Number(node.options['lanes'] ?? 0));
      for (let port = first; port < first + lanes; port++) this.inputTypes.set(port, types);
    }
  }

  private input(port: number, parcel: Parcel): void {
    const waiting = this.waiting.get(port) ?? [];
    this.waiting.set(port, waiting);
    waiting.push(parcel);
    this.passInput(port);
  }

  private passInput(port: number): void {
    const waiting = this.waiting.get(port) ?? [];
    while (waiting.length > 0) {
      const message = messageOf(waiting[0]!, this.inputTypes.get(port)!);
      if (message.kind === 'batch') {
        if (!this.pipeline.offer(port, message.batch)) return;
        report({ kind: 'accepted', pipeline: this.id, port });
      } else if (message.kind === 'end') this.pipeline.endInput(port);
      else if (message.kind === 'barrier') this.pipeline.offerBarrier(port, message.id);
      else this.pipeline.offerStatus(port, message.kind === 'idle');
      waiting.shift();
    }
  }

  private sendOutput(port: number): void {
    for (let left = this.credits.get(port) ?? CREDITS; left > 0; left--) {
      const message = this.pipeline.take(port);
      if (message === null) return;
      this.credits.set(port, left - 1);
      const parcel = parcelOf(message);
      report({ kind: 'output', pipeline: this.id, port, parcel }, buffersOf(parcel));
    }
  }

  private tell(event: PipelineEvent): void {
    const pipeline = this.id;
    switch (event.kind) {
      case 'output':
        this.sendOutput(event.output);
        return;
      case 'room':
        this.passInput(event.input);
        return;
      case 'snapshot': {
        const chunks = event.chunks.map(packChunk);
        const buffers = chunks.map((chunk) => chunk.block);
        report({ kind: 'snapshot', pipeline, id: event.id, chunks }, buffers);
        return;
      }
      case 'finished':
        this.tellStats();
        report({ kind: 'finished', pipeline });
        return;
      case 'failed':
        this.tellStats();
        report({ ...event, pipeline });
        return;
    }
  }

  private tellStats(): void {
    report({ kind: 'stats', pipeline: this.id, rows: this.pipeline.stats().operators });
  }
}

function make(command: Make): void {
  const { pipeline } = command;
  try {
    shares.set(pipeline, new RunningShare(pipeline, command));
  } catch (error) {
    const code = error instanceof MillraceError ? error.code : 'MR9001';
    const detail = error instanceof Error ? error.message : String(error);
    report({ kind: 'failed', pipeline, code, detail, operator: -1 });
  }
}

async function close(pipeline: number): Promise<void> {
  await shares.get(pipeline)?.close();
  shares.delete(pipeline);
  report({ kind: 'closed', pipeline });
}

parentPort!.on('message', (command: Command) => {
  if (command.kind === 'make') make(command);
  else if (command.kind === 'close') void close(command.pipeline);
  else shares.get(command.pipeline)?.take(command);
});
