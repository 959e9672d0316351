/**
 * One subtask of one fragment: runs whenever it has input and its outputs have room.
 * native/pipeline/task.h is the same of the native engine.
 */
import { Batch, NO_RUNS } from '../../batch/batch.js';
import { allocateColumn } from '../../batch/column.js';
import { InputWatermarks } from '../../batch/watermark.js';
import type { Message, StateChunk } from '../pipeline.js';
import type { Chain, ChainNode } from './chain.js';
import type { Channel, Wakeable } from './channel.js';
import type { InputPort, OutputPort } from './ports.js';
import type { Router } from './router.js';

/** What a task needs of its pipeline. */
export interface TaskHost {
  nowMs(): number;
  wake(task: Task): void;
  acknowledge(barrier: number, chunks: readonly StateChunk[]): void;
  taskFinished(): void;
}

/** Where an input gets its messages from; undefined: nothing now. */
interface Feed {
  next(): Message | undefined;
  /** Whether it must be asked again after a while, since nobody will wake the task. */
  needsPolling(): boolean;
  injectBarrier?(id: number): void;
}

interface Port {
  readonly node: ChainNode;
  readonly input: number;
  readonly isSource: boolean;
  readonly watermarks: InputWatermarks;
  readonly inputs: Input[];
  /** Watermark assigners that are idle when this port has nothing for long. */
  readonly watches: readonly ChainNode[];
  openChannels: number;
}

interface Input {
  readonly port: Port;
  readonly channel: number;
  readonly feed: Feed;
  hasEnded: boolean;
  /** Has delivered the barrier that the others have not. */
  isBlocked: boolean;
  /** Had nothing when it was asked last, or nothing between two barriers. */
  isStarved: boolean;
  /** Gave a barrier last. */
  sawBarrier: boolean;
}

/** What a step did. */
export type StepResult = 'progress' | 'nothing' | 'no room';

export class Task implements Wakeable {
  private readonly routers: Router[] = [];
  private readonly outputs: OutputPort[] = [];
  private readonly inputs: Input[] = [];
  private openPorts = 0;
  private nextInput = 0;
  private barriersMissing = 0;
  private chosen: Input | null = null;
  private isCheckpointComplete = false;

  constructor(
    private readonly host: TaskHost, readonly chain: Chain,
    /** State of the merge order's random numbers; undefined = arrival. */
    private randomState: number | undefined,
  ) {}

  /** Without ports: the source of the task itself, if it has one. */
  addSource(node: ChainNode, external: readonly InputPort[]): void {
    const feeds = external.map((port) => new ExternalFeed(port));
    this.addInputs(node, 0, true, feeds.length === 0 ? [new SourceFeed(node)] : feeds);
  }

  addPort(node: ChainNode, input: number, channels: readonly Channel[]): void {
    this.addInputs(node, input, false, channels.map((channel) => new ChannelFeed(channel)));
  }

  private addInputs(
    node: ChainNode, input: number, isSource: boolean, feeds: readonly Feed[],
  ): void {
    const port: Port = {
      node, input, isSource, watermarks: new InputWatermarks(feeds.length, true), inputs: [],
      watches: watchesBehind(node), openChannels: feeds.length,
    };
    feeds.forEach((feed, channel) => port.inputs.push({
      port, channel, feed, hasEnded: false, isBlocked: false, isStarved: false, sawBarrier: false,
    }));
    this.inputs.push(...port.inputs);
    this.openPorts++;
  }

  addRouter(node: ChainNode, router: Router): void {
    node.routers.push(router);
    this.routers.push(router);
  }

  addOutput(node: ChainNode, output: OutputPort): void {
    node.output = output;
    this.outputs.push(output);
    output.addProducer(this);
  }

  wake(): void {
    this.host.wake(this);
  }

  injectBarrier(id: number): void {
    for (const input of this.inputs) input.feed.injectBarrier?.(id);
    this.wake();
  }

  completeCheckpoint(): void {
    this.isCheckpointComplete = true;
    this.wake();
  }

  /** One batch or one piece of control, of the next input in turn. */
  step(): StepResult {
    this.tendClock();
    if (!this.hasRoom()) return 'no room';
    const progressed = this.randomState === undefined ? this.stepInTurn() : this.stepSeeded();
    for (const router of this.routers) progressed ? router.flushIfDue() : router.flush();
    return progressed ? 'progress' : 'nothing';
  }

  /** Whether a source must be asked again after a while. */
  needsPolling(): boolean {
    return this.inputs.some((input) => !input.hasEnded && input.feed.needsPolling());
  }

  /** When the task wants to run although it has no input, on the task clock. */
  deadlineMs(): number {
    let earliest = this.chain.deadlineMs();
    for (const { port } of this.inputs) {
      if (port.watches.length === 0 || !isStarved(port)) continue;
      for (const { idleness } of port.watches) {
        earliest = Math.min(earliest, idleness?.deadlineMs ?? Infinity);
      }
    }
    return earliest;
  }

  private tendClock(): void {
    if (this.isCheckpointComplete) {
      this.isCheckpointComplete = false;
      this.chain.checkpointComplete();
    }
    const deadline = this.chain.deadlineMs();
    if (deadline === Infinity) return;
    const now = this.host.nowMs();
    if (now >= deadline) this.chain.onClock(now);
  }

  private hasRoom(): boolean {
    for (const router of this.routers) if (!router.hasRoom()) return false;
    for (const output of this.outputs) if (!output.hasRoom()) return false;
    return true;
  }

  private stepInTurn(): boolean {
    for (let tried = 0; tried < this.inputs.length; tried++) {
      const input = this.inputs[this.nextInput]!;
      this.nextInput = (this.nextInput + 1) % this.inputs.length;
      if (!input.isBlocked && this.stepInput(input)) return true;
    }
    return false;
  }

  /** Draws the input whose batch comes next and waits for it: the seed alone fixes the order. */
  private stepSeeded(): boolean {
    for (const input of this.inputs) {
      const isWaitedFor = !input.hasEnded && !isIdle(input);
      if (!isWaitedFor && !input.isBlocked && this.stepInput(input)) return true;
    }
    const { chosen } = this;
    if (chosen !== null && (chosen.isBlocked || chosen.hasEnded || isIdle(chosen))) {
      this.chosen = null;
    }
    if (this.chosen === null) {
      const open = this.inputs.filter((input) =>
        !input.hasEnded && !input.isBlocked && !isIdle(input));
      if (open.length === 0) return false;
      this.chosen = open[this.nextRandom() % open.length]!;
    }
    const progressed = this.stepInput(this.chosen);
    if (progressed) this.chosen = null;
    return progressed;
  }

  /** mulberry32; native/pipeline/task.cpp draws the same numbers. */
  private nextRandom(): number {
    this.randomState = (this.randomState! + 0x6d2b79f5) | 0;
    let t = Math.imul(this.randomState ^ (this.randomState >>> 15), this.randomState | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }

  private stepInput(input: Input): boolean {
    const message = input.feed.next();
    this.noteStarved(input, message);
    if (message === undefined) return false;
    switch (message.kind) {
      case 'batch':
        this.takeBatch(input, message.batch);
        return true;
      case 'barrier':
        this.takeBarrier(input, message.id);
        return true;
      case 'idle':
      case 'active':
        this.takeStatus(input, message.kind === 'idle');
        return true;
      case 'end':
        this.takeEnd(input);
        return true;
    }
  }

  /** Where idleness is due at a barrier, it goes in front of it. */
  private noteStarved(input: Input, message: Message | undefined): void {
    const { port, isStarved: wasStarved, sawBarrier } = input;
    input.sawBarrier = message?.kind === 'barrier';
    input.isStarved = message === undefined || (input.sawBarrier && (wasStarved || sawBarrier));
    if (!input.isStarved || port.watches.length === 0 || !isStarved(port)) return;
    for (const node of port.watches) node.starve();
  }

  private takeBatch(input: Input, batch: Batch): void {
    const { port } = input;
    if (port.watermarks.count === 1) {
      pass(port, batch);
      return;
    }
    const runs = port.watermarks.merge(input.channel, batch.watermarks);
    if (batch.activeCount === 0 && runs.length === 0) return;
    const merged = new Batch(
      batch.rowCount, batch.columns, batch.selection, batch.rowKinds, runs,
    );
    pass(port, merged);
  }

  private takeEnd(input: Input): void {
    const { port } = input;
    input.hasEnded = true;
    port.openChannels--;
    const raised = port.watermarks.end(input.channel);
    if (raised && port.watermarks.count > 1) this.passMergedWatermark(input);
    if (port.openChannels > 0) return;
    if (port.isSource) this.chain.endSource(port.node);
    else this.chain.endInput(port.node, port.input);
    if (--this.openPorts === 0) this.host.taskFinished();
  }

  private takeStatus(input: Input, idle: boolean): void {
    const { port } = input;
    if (port.watermarks.setIdle(input.channel, idle)) this.passMergedWatermark(input);
    const { node, watermarks } = port;
    if (port.isSource) node.sendStatus(watermarks.isIdle);
    else node.takeStatus(watermarks.isIdle, port.input);
  }

  private passMergedWatermark({ port, channel }: Input): void {
    const { plan, inputSchemas } = port.node.graphNode;
    const schema = port.isSource ? plan.schema : inputSchemas[port.input]!;
    const columns = schema.map((field) => allocateColumn(field.type, 0));
    const runs = port.watermarks.merge(channel, NO_RUNS);
    pass(port, new Batch(0, columns, null, null, runs));
  }

  /** Aligned: an input that has delivered the barrier waits until all have. */
  private takeBarrier(input: Input, id: number): void {
    if (this.barriersMissing === 0) this.barriersMissing = this.inputs.length;
    input.isBlocked = true;
    if (--this.barriersMissing > 0) return;
    for (const other of this.inputs) other.isBlocked = false;
    this.chain.prepareBarrier();
    const chunks = this.chain.snapshot();
    for (const router of this.routers) router.sendBarrier(id);
    for (const output of this.outputs) output.pushControl({ kind: 'barrier', id });
    this.host.acknowledge(id, chunks);
  }
}

function pass(port: Port, batch: Batch): void {
  if (port.isSource) port.node.emit(batch);
  else port.node.process(batch, port.input);
}

/** Assigners with a timeout that read this node or what it emits, without another input. */
function watchesBehind(node: ChainNode): readonly ChainNode[] {
  if (node.idleness !== null) return [node];
  if (node.graphNode.inputs.length > 1) return [];
  return node.consumers.flatMap((consumer) => watchesBehind(consumer.node));
}

/** Whether none of the open channels of a port had anything. */
function isStarved({ inputs }: Port): boolean {
  let isOpen = false;
  for (const { hasEnded, isBlocked, isStarved: hadNothing } of inputs) {
    if (hasEnded) continue;
    if (!hadNothing || isBlocked) return false;
    isOpen = true;
  }
  return isOpen;
}

function isIdle({ port, channel }: Input): boolean {
  return port.watermarks.isIdleAt(channel);
}

class ChannelFeed implements Feed {
  constructor(private readonly channel: Channel) {}

  next(): Message | undefined {
    return this.channel.pop();
  }

  needsPolling(): boolean {
    return false;
  }
}

class ExternalFeed implements Feed {
  constructor(private readonly port: InputPort) {}

  next(): Message | undefined {
    return this.port.pop();
  }

  needsPolling(): boolean {
    return false;
  }

  /** At a border it comes from the other side, in order. */
  injectBarrier(id: number): void {
    if (!this.port.isBorder) this.port.pushControl({ kind: 'barrier', id });
  }
}

/**
 * A source of this task. Without one (an external source's other subtasks) it ends at once, before
 * the first barrier: an end behind a barrier would raise the watermark for rows in front of it.
 * It is idle before it ends, so that it never counts.
 */
class SourceFeed implements Feed {
  private readonly barriers: number[] = [];
  private hasEnded = false;
  private isIdle = false;
  private saidIdle = false;

  constructor(private readonly node: ChainNode) {}

  next(): Message | undefined {
    const { source } = this.node;
    const barrier = source === null && !this.hasEnded ? undefined : this.barriers.shift();
    if (barrier !== undefined) return { kind: 'barrier', id: barrier };
    this.isIdle = false;
    if (this.hasEnded) return undefined;
    if (source === null && !this.saidIdle) {
      this.saidIdle = true;
      return { kind: 'idle' };
    }
    const polled = source === null ? 'end' : this.node.blamed(() => source.poll());
    if (polled === 'end') {
      this.hasEnded = true;
      return { kind: 'end' };
    }
    this.isIdle = polled === 'idle';
    return polled === 'idle' ? undefined : { kind: 'batch', batch: polled };
  }

  needsPolling(): boolean {
    return this.isIdle;
  }

  injectBarrier(id: number): void {
    this.barriers.push(id);
  }
}
