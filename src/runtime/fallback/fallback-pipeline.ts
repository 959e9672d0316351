/**
 * A pipeline of the TypeScript engine: its tasks take turns on this thread, in slices of at most
 * SLICE_MS, with the event loop in between. Events are handed out between two slices.
 */
import type { Batch } from '../../batch/batch.js';
import { fail } from '../../errors/index.js';
import type { PhysicalPlan } from '../../plan/physical/plan.js';
import type {
  EnginePipeline, Message, OperatorStatsRow, PipelineEvent, PipelineOptions, PipelineStats,
  StateChunk,
} from '../pipeline.js';
import { openTable } from '../../connectors/factory.js';
import type { OperatorContext } from '../../operators/operator.js';
import { Chain, ChainFailure } from './chain.js';
import { Channel, type Share, type Target } from './channel.js';
import { type Graph, type GraphNode, type Link, makeGraph } from './graph.js';
import { InputPort, OutputPort } from './ports.js';
import { Router } from './router.js';
import { Task, type TaskHost } from './task.js';

/** Longest time that one slice keeps the event loop, ms, a single step aside. */
const SLICE_MS = 8;
/** How often a source that had nothing is asked again, ms: twice while rows may be held back. */
const idlePollMs = (flushMs: number): number => Math.min(5, Math.max(1, flushMs / 2));
/** Batches that a queue holds before its producer waits. */
const CHANNEL_BATCHES = 8;
const PORT_BATCHES = 16;

/**
 * Makes a pipeline; throws a MillraceError for a plan that the engine cannot run. With a share it
 * is a part of one, whose other parts run in other threads.
 */
export function makeFallbackPipeline(
  plan: PhysicalPlan, options: PipelineOptions, share: Share | null = null,
): EnginePipeline {
  return new FallbackPipeline(plan, options, share);
}

interface PendingSnapshot {
  missing: number;
  readonly chunks: StateChunk[];
}

class FallbackPipeline implements EnginePipeline, TaskHost {
  readonly engine = 'fallback';
  private readonly graph: Graph;
  private readonly inputs: readonly InputPort[];
  private readonly outputs: readonly OutputPort[];
  /** By fragment, then subtask; null: another thread's. */
  private readonly tasks: readonly (readonly (Task | null)[])[];
  private readonly runnable = new Set<Task>();
  private readonly snapshots = new Map<number, PendingSnapshot>();
  private readonly events: PipelineEvent[] = [];
  private onEvent: ((event: PipelineEvent) => void) | null = null;
  private clockMs: number | undefined;
  private unfinished: number;
  private isStopped = false;
  private isScheduled = false;
  private isFinishAnnounced = false;
  private isReleased = false;
  private idleTimer: NodeJS.Timeout | null = null;

  constructor(
    plan: PhysicalPlan, private readonly options: PipelineOptions,
    private readonly share: Share | null,
  ) {
    this.graph = makeGraph(plan, options.parallelism);
    this.clockMs = options.clockMs;
    const capacity = options.mergeSeed === undefined ? PORT_BATCHES : Infinity;
    this.inputs = Array.from({ length: this.graph.inputCount }, (_, input) =>
      new InputPort(capacity, this.hasBorder('external', input),
        () => this.post({ kind: 'room', input })));
    this.outputs = this.makeOutputs();
    this.tasks = this.makeTasks(plan.zone);
    this.graph.links.forEach((link, number) => this.connect(link, number));
    this.unfinished = this.allTasks.length;
  }

  private get allTasks(): readonly Task[] {
    return this.tasks.flat().filter((task) => task !== null);
  }

  private makeOutputs(): readonly OutputPort[] {
    return Array.from({ length: this.graph.outputCount }, (_, output) => {
      const node = this.nodeOfPort('output', output);
      const isBorder = node.lanes > 0;
      const isAlone = isBorder || this.share !== null;
      const writers = isAlone ? 1 : this.graph.fragments[node.fragment]!.parallelism;
      return new OutputPort(
        PORT_BATCHES, writers, isBorder, () => this.post({ kind: 'output', output }),
      );
    });
  }

  /** The node that a port belongs to; the graph has checked that there is one. */
  private nodeOfPort(side: 'external' | 'output', number: number): GraphNode {
    return this.graph.nodes.find((node) => {
      const first = node[side];
      return first >= 0 && number >= first && number < first + Math.max(1, node.lanes);
    })!;
  }

  private hasBorder(side: 'external' | 'output', number: number): boolean {
    return this.nodeOfPort(side, number).lanes > 0;
  }

  private makeTasks(zone: string): readonly (readonly (Task | null)[])[] {
    const { maxParallelism, batchRows, mergeSeed } = this.options;
    return this.graph.fragments.map((fragment, index) =>
      Array.from({ length: fragment.parallelism }, (_, subtask) => {
        if (this.share !== null && this.share.subtask !== subtask) return null;
        const context: OperatorContext = {
          subtask, parallelism: fragment.parallelism, maxParallelism, batchRows, zone,
          nowMs: () => this.nowMs(),
          openTable: (table) => openTable(table, { batchRows, zone, nowMs: () => this.nowMs() }),
        };
        const chain = new Chain(this.graph, fragment, context);
        const salt = Math.imul(index * 1024 + subtask, 0x9e3779b9);
        const seed = mergeSeed === undefined ? undefined : mergeSeed ^ salt;
        const task = new Task(this, chain, seed);
        this.connectPorts(task, subtask);
        return task;
      }));
  }

  /** Sources, external inputs and outputs. */
  private connectPorts(task: Task, subtask: number): void {
    for (const node of task.chain.nodes) {
      const { output, lanes, plan } = node.graphNode;
      if (plan.kind === 'source' || plan.kind === 'values') {
        const ports = this.externalPorts(node.graphNode, subtask);
        for (const port of ports) port.consumer = task;
        task.addSource(node, ports);
      }
      if (output >= 0) task.addOutput(node, this.outputs[output + (lanes > 0 ? subtask : 0)]!);
    }
  }

  /**
   * The batches of an external input go to subtask 0; at a border each lane goes to its own
   * subtask, or, where there are not as many, all of them to subtask 0.
   */
  private externalPorts(
    { external, lanes, fragment }: GraphNode, subtask: number,
  ): readonly InputPort[] {
    if (external < 0) return [];
    const isOneToOne = lanes === this.graph.fragments[fragment]!.parallelism;
    if (isOneToOne) return [this.inputs[external + subtask]!];
    return subtask === 0 ? this.inputs.slice(external, external + Math.max(1, lanes)) : [];
  }

  /**
   * One channel from each subtask of the producer to each of the consumer; to its own one alone
   * where rows stay in their subtask.
   */
  private connect(link: Link, number: number): void {
    const producers = this.tasks[this.graph.nodes[link.producer]!.fragment]!;
    const consumers = this.tasks[this.graph.nodes[link.consumer.node]!.fragment]!;
    const capacity = this.options.mergeSeed === undefined ? CHANNEL_BATCHES : Infinity;
    const isOneToOne = link.distribution === 'forward' && producers.length === consumers.length;
    const incoming = consumers.map((): Channel[] => []);
    producers.forEach((producer, from) => {
      const outgoing: Target[] = [];
      consumers.forEach((consumer, to) => {
        if (isOneToOne && from !== to) return;
        if (producer !== null && consumer !== null) {
          const channel = new Channel(capacity, producer, consumer);
          outgoing.push(channel);
          incoming[to]!.push(channel);
        } else if (producer !== null) outgoing.push(this.share!.sender(number, to, producer));
        else if (consumer !== null) {
          incoming[to]!.push(this.share!.receiver(number, from, consumer));
        }
      });
      if (producer === null) return;
      const { batchRows, flushMs, maxParallelism } = this.options;
      const node = producer.chain.find(link.producer);
      const { schema } = node.graphNode.plan;
      producer.addRouter(
        node, new Router(link, schema, batchRows, flushMs, maxParallelism, outgoing),
      );
    });
    consumers.forEach((consumer, to) => {
      if (consumer === null) return;
      const node = consumer.chain.find(link.consumer.node);
      consumer.addPort(node, link.consumer.input, incoming[to]!);
    });
  }

  start(onEvent: (event: PipelineEvent) => void): void {
    this.onEvent = onEvent;
    this.guarded(() => {
      const { restore } = this.options;
      if (restore === undefined || restore.length === 0) return;
      for (const task of this.allTasks) task.chain.restore(restore);
    });
    for (const task of this.allTasks) this.wake(task);
  }

  offer(input: number, batch: Batch): boolean {
    return this.isStopped || this.input(input).offer(batch);
  }

  endInput(input: number): void {
    this.input(input).pushControl({ kind: 'end' });
  }

  private input(input: number): InputPort {
    return this.inputs[input] ?? fail('MR9001', { detail: 'no such input' });
  }

  barrier(id: number): void {
    this.snapshots.set(id, { missing: this.allTasks.length, chunks: [] });
    for (const task of this.allTasks) task.injectBarrier(id);
  }

  offerBarrier(input: number, id: number): void {
    this.input(input).pushControl({ kind: 'barrier', id });
  }

  offerStatus(input: number, isIdle: boolean): void {
    this.input(input).pushControl({ kind: isIdle ? 'idle' : 'active' });
  }

  completeCheckpoint(): void {
    for (const task of this.allTasks) task.completeCheckpoint();
  }

  poll(output: number): Batch | null {
    const message = this.take(output);
    return message?.kind === 'batch' ? message.batch : null;
  }

  take(output: number): Message | null {
    if (this.isReleased) return null;
    const port = this.outputs[output] ?? fail('MR9001', { detail: 'no such output' });
    const message = port.poll();
    this.announceFinish();
    return message;
  }

  advanceClock(ms: number): void {
    this.clockMs = ms;
    for (const task of this.allTasks) this.wake(task);
  }

  stats(): PipelineStats {
    const operators = this.tasks.flatMap((subtasks) => subtasks.flatMap((task, subtask) =>
      (task?.chain.nodes ?? []).map((node): OperatorStatsRow => {
        const stats = node.operator?.stats?.();
        return {
          operator: node.graphNode.plan.id, subtask, rowsIn: node.rowsIn, rowsOut: node.rowsOut,
          batchesIn: node.batchesIn, lateRows: stats?.lateRows ?? 0,
          badRecords: node.source?.stats().badRecords ?? 0, stateRows: stats?.stateRows ?? 0,
          stateBytes: stats?.stateBytes ?? 0, watermark: node.watermark,
        };
      })));
    return { engine: 'fallback', operators };
  }

  cancel(): void {
    this.isStopped = true;
    this.runnable.clear();
    if (this.idleTimer !== null) clearTimeout(this.idleTimer);
    this.idleTimer = null;
  }

  close(): Promise<void> {
    this.cancel();
    this.onEvent = null;
    if (!this.isReleased) for (const task of this.allTasks) task.chain.close();
    this.isReleased = true;
    return Promise.resolve();
  }

  nowMs(): number {
    return this.clockMs ?? Date.now();
  }

  wake(task: Task): void {
    if (this.isStopped || this.onEvent === null) return;
    this.runnable.add(task);
    this.schedule();
  }

  acknowledge(barrier: number, chunks: readonly StateChunk[]): void {
    const pending = this.snapshots.get(barrier);
    if (pending === undefined) return;
    pending.chunks.push(...chunks);
    if (--pending.missing > 0) return;
    this.snapshots.delete(barrier);
    pending.chunks.sort((a, b) =>
      a.operator - b.operator || compareText(a.table, b.table) || a.subtask - b.subtask);
    this.post({ kind: 'snapshot', id: barrier, chunks: pending.chunks });
  }

  taskFinished(): void {
    this.unfinished--;
    this.announceFinish();
  }

  private announceFinish(): void {
    if (this.unfinished > 0 || this.isFinishAnnounced || this.isStopped) return;
    if (!this.outputs.every((output) => output.isEmpty)) return;
    this.isFinishAnnounced = true;
    this.post({ kind: 'finished' });
  }

  private post(event: PipelineEvent): void {
    this.events.push(event);
    this.schedule();
  }

  private schedule(): void {
    if (this.isScheduled || this.onEvent === null) return;
    this.isScheduled = true;
    setImmediate(() => {
      this.isScheduled = false;
      this.slice();
    });
  }

  private slice(): void {
    const ends = performance.now() + SLICE_MS;
    this.guarded(() => this.runTasks(ends));
    this.handOutEvents();
    if (this.runnable.size > 0) this.schedule();
    else this.pollLater();
  }

  /** The tasks in turn, one step each, until the slice is over or nothing is runnable. */
  private runTasks(ends: number): void {
    while (this.runnable.size > 0 && !this.isStopped) {
      for (const task of this.runnable) {
        const result = task.step();
        if (result !== 'progress') this.runnable.delete(task);
        if (performance.now() >= ends) return;
      }
    }
  }

  private handOutEvents(): void {
    const events = this.events.splice(0);
    for (const event of events) {
      if (this.isStopped && event.kind !== 'failed') continue;
      this.onEvent?.(event);
    }
  }

  /** Sources that had nothing, and operators that wait for the clock. */
  private pollLater(): void {
    if (this.isStopped || this.idleTimer !== null) return;
    const waits = this.allTasks.map((task) => this.waitOf(task));
    const wait = Math.min(Infinity, ...waits);
    if (wait === Infinity) return;
    this.idleTimer = setTimeout(() => {
      this.idleTimer = null;
      for (const task of this.allTasks) this.wake(task);
    }, wait);
  }

  private waitOf(task: Task): number {
    if (task.needsPolling()) return idlePollMs(this.options.flushMs);
    const deadline = this.clockMs === undefined ? task.deadlineMs() : Infinity;
    return deadline === Infinity ? Infinity : Math.max(0, Math.min(deadline - Date.now(), 3.6e6));
  }

  /** A failure poisons the pipeline: one event, then silence. */
  private guarded(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.cancel();
      this.events.length = 0;
      const failure = error instanceof ChainFailure ? error : new ChainFailure(-1, error);
      const { operator } = failure;
      this.post({ kind: 'failed', ...failure.codeAndDetail, operator });
    }
  }
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
