/**
 * The operators of one task, chained by direct calls: what one emits, the next processes before
 * the call returns.
 */
import { Batch, MAX_WATERMARK, MIN_WATERMARK, watermarkBatch } from '../../batch/batch.js';
import { allocateColumn } from '../../batch/column.js';
import { makeSink, makeSource } from '../../connectors/factory.js';
import type { Source } from '../../connectors/source.js';
import { MillraceError } from '../../errors/index.js';
import { KernelError } from '../../expr/evaluate.js';
import { makeOperator } from '../../operators/factory.js';
import type { Operator, OperatorContext, Output, StateTable } from '../../operators/operator.js';
import type { StateChunk } from '../pipeline.js';
import { restoredBatches, type SubtaskPlace, withKeyGroups } from '../state-chunks.js';
import type { Fragment, Graph, GraphNode } from './graph.js';
import { type Idleness, idlenessOf } from './idleness.js';
import type { OutputPort } from './ports.js';
import type { Router } from './router.js';

/** A failure on its way out of a chain: the plan node to blame stands beside it. */
export class ChainFailure extends Error {
  constructor(readonly operator: number, override readonly cause: unknown) {
    super('operator failed');
  }

  /** Code and detail as the native engine reports them. */
  get codeAndDetail(): { readonly code: string; readonly detail: string } {
    const { cause } = this;
    if (cause instanceof KernelError) return { code: cause.code, detail: cause.detail };
    if (cause instanceof MillraceError) return { code: cause.code, detail: detailOf(cause) };
    return { code: 'MR9001', detail: cause instanceof Error ? cause.message : String(cause) };
  }
}

/** What follows the static words of an error's text. */
function detailOf(error: MillraceError): string {
  const at = error.text.indexOf(': ');
  return at < 0 ? '' : error.text.slice(at + 2);
}

/** Something with state tables: an operator or a source. */
interface Stateful {
  readonly stateTables: readonly StateTable[];
  snapshot?(table: StateTable): Batch;
  restore?(table: StateTable, content: Batch): void;
}

/** One node of the plan in one task. */
export class ChainNode implements Output {
  operator: Operator | null = null;
  source: Source | null = null;
  readonly consumers: { readonly node: ChainNode; readonly input: number }[] = [];
  readonly routers: Router[] = [];
  output: OutputPort | null = null;
  openInputs: number;
  sentEndOfTime = false;
  rowsIn = 0;
  rowsOut = 0;
  batchesIn = 0;
  watermark = MIN_WATERMARK;
  /** Of a watermark assigner with a timeout. */
  readonly idleness: Idleness | null;
  /** The watermark status of what this node emits. */
  private isIdle = false;

  constructor(
    readonly graphNode: GraphNode, private readonly subtask: number, nowMs: () => number,
  ) {
    this.openInputs = graphNode.plan.inputs.length;
    this.idleness = idlenessOf(graphNode.plan, nowMs);
  }

  /** What this node produces goes on to its consumers. */
  emit(batch: Batch): void {
    const last = batch.watermarks.at(-1);
    if (batch.activeCount === 0 && last === undefined) return;
    this.rowsOut += batch.activeCount;
    if (last?.watermark === MAX_WATERMARK) this.sentEndOfTime = true;
    for (const router of this.routers) this.blamed(() => router.send(batch));
    for (const { node, input } of this.consumers) node.process(batch, input);
    this.output?.push(batch, this.subtask);
  }

  process(batch: Batch, input: number): void {
    this.rowsIn += batch.activeCount;
    this.batchesIn++;
    const last = batch.watermarks.at(-1);
    if (last !== undefined) this.watermark = last.watermark;
    const wakes = this.idleness !== null &&
      (batch.activeCount > 0 || last?.watermark === MAX_WATERMARK);
    if (wakes && this.idleness?.isIdle === true) this.sendStatus(false);
    try {
      this.operator!.process(batch, input, this);
    } catch (error) {
      throw this.failure(error);
    }
    if (wakes) this.idleness?.touch();
  }

  /** An input had nothing to read: where that lasts for the timeout, this node is idle. */
  starve(): void {
    if (this.idleness?.starve() !== true) return;
    this.process(this.emptyBatch(0), 0);
    this.sendStatus(true);
  }

  /**
   * An input is idle, or active again. One of several may let the watermark rise; the node itself
   * is idle where all are.
   */
  takeStatus(isIdle: boolean, input: number): void {
    const inputs = this.operator?.inputWatermarks;
    if (inputs === undefined) {
      this.sendStatus(isIdle);
      return;
    }
    if (inputs.setIdle(input, isIdle)) this.process(this.emptyBatch(input), input);
    this.sendStatus(inputs.isIdle);
  }

  /** In order with what was emitted. */
  sendStatus(isIdle: boolean): void {
    if (isIdle === this.isIdle) return;
    this.isIdle = isIdle;
    for (const router of this.routers) router.sendStatus(isIdle);
    for (const { node, input } of this.consumers) node.takeStatus(isIdle, input);
    this.output?.pushStatus(isIdle, this.subtask);
  }

  /** The end of an input, before `finish`: the watermark of the others may rise. */
  takeEnd(input: number): void {
    if (this.operator?.inputWatermarks?.end(input) !== true) return;
    this.process(this.emptyBatch(input), input);
  }

  private emptyBatch(input: number): Batch {
    const schema = this.graphNode.inputSchemas[input]!;
    return new Batch(0, schema.map((field) => allocateColumn(field.type, 0)));
  }

  /** Runs a step of this node; a failure gets its id, unless it has one from further down. */
  blamed<Value>(step: () => Value): Value {
    try {
      return step();
    } catch (error) {
      throw this.failure(error);
    }
  }

  private failure(error: unknown): ChainFailure {
    return error instanceof ChainFailure ? error : new ChainFailure(this.graphNode.plan.id, error);
  }
}

export class Chain {
  /** In topological order. */
  readonly nodes: readonly ChainNode[];

  constructor(
    private readonly graph: Graph, fragment: Fragment, private readonly context: OperatorContext,
  ) {
    const made: ChainNode[] = [];
    this.nodes = made;
    try {
      for (const position of fragment.nodes) made.push(this.makeNode(graph.nodes[position]!));
    } catch (error) {
      this.close();
      throw error;
    }
    for (const node of made) {
      for (const target of node.graphNode.local) {
        node.consumers.push({ node: this.find(target.node), input: target.input });
      }
    }
  }

  /** The node at a position of the plan, which must be in this fragment. */
  find(position: number): ChainNode {
    return this.nodes.find((node) => node.graphNode === this.graph.nodes[position])!;
  }

  private makeNode(graphNode: GraphNode): ChainNode {
    const node = new ChainNode(graphNode, this.context.subtask, this.context.nowMs);
    const { plan } = graphNode;
    if (plan.kind === 'values' || plan.kind === 'source') {
      if (graphNode.external < 0) node.source = makeSource(plan, this.context);
    } else if (plan.kind === 'sink') {
      node.operator = makeSink(plan, graphNode.inputSchemas, this.context);
    } else node.operator = makeOperator(plan, graphNode.inputSchemas, this.context);
    return node;
  }

  /** One input of a node has ended; MAX went before. */
  endInput(node: ChainNode, input: number): void {
    node.takeEnd(input);
    if (--node.openInputs > 0) return;
    node.blamed(() => node.operator!.finish?.(node));
    this.sendEnd(node);
  }

  /** A source has no more rows. */
  endSource(node: ChainNode): void {
    this.sendEnd(node);
  }

  /** The end of time, in case the operator did not pass it on, then the end itself. */
  private sendEnd(node: ChainNode): void {
    if (!node.sentEndOfTime) {
      const columns = node.graphNode.plan.schema.map((field) => allocateColumn(field.type, 0));
      node.emit(watermarkBatch(columns, MAX_WATERMARK));
    }
    for (const router of node.routers) router.sendEnd();
    node.output?.pushControl({ kind: 'end' });
    for (const consumer of node.consumers) this.endInput(consumer.node, consumer.input);
  }

  prepareBarrier(): void {
    for (const node of this.nodes) node.blamed(() => node.operator?.prepareBarrier?.(node));
  }

  /** Chunks of every operator and source. */
  snapshot(): readonly StateChunk[] {
    return this.nodes.flatMap((node) => node.blamed(() => this.snapshotNode(node)));
  }

  private snapshotNode(node: ChainNode): readonly StateChunk[] {
    const stateful: Stateful | null = node.operator ?? node.source;
    if (stateful === null) return [];
    const { id, semanticId } = node.graphNode.plan;
    const { subtask, maxParallelism } = this.context;
    return stateful.stateTables.map((table) => ({
      operator: id, semanticId, table: table.name, subtask, keyCount: table.keyCount,
      ...withKeyGroups(table, stateful.snapshot!(table), maxParallelism),
    }));
  }

  restore(chunks: readonly StateChunk[]): void {
    for (const node of this.nodes) node.blamed(() => this.restoreNode(node, chunks));
  }

  private restoreNode(node: ChainNode, chunks: readonly StateChunk[]): void {
    const stateful: Stateful | null = node.operator ?? node.source;
    const own = chunks.filter((chunk) => this.isChunkOf(node, chunk));
    if (stateful === null || own.length === 0) return;
    const place: SubtaskPlace = this.context;
    for (const table of stateful.stateTables) {
      const ofTable = own.filter((chunk) => chunk.table === table.name);
      for (const content of restoredBatches(table, ofTable, place)) {
        stateful.restore!(table, content);
      }
    }
  }

  /** By semantic id; by node id too where several nodes of the plan share one. */
  private isChunkOf(node: ChainNode, chunk: StateChunk): boolean {
    const { id, semanticId } = node.graphNode.plan;
    if (chunk.semanticId !== semanticId) return false;
    if (chunk.operator === id) return true;
    const sharers = this.graph.nodes.filter((other) => other.plan.semanticId === semanticId);
    return sharers.length === 1;
  }

  deadlineMs(): number {
    let earliest = Infinity;
    for (const { operator } of this.nodes) {
      earliest = Math.min(earliest, operator?.deadlineMs?.() ?? Infinity);
    }
    return earliest;
  }

  onClock(nowMs: number): void {
    for (const node of this.nodes) {
      const { operator } = node;
      if ((operator?.deadlineMs?.() ?? Infinity) > nowMs) continue;
      node.blamed(() => operator!.onClock?.(nowMs, node));
    }
  }

  checkpointComplete(): void {
    for (const node of this.nodes) node.blamed(() => node.operator?.checkpointComplete?.());
  }

  close(): void {
    for (const node of this.nodes) {
      node.operator?.close?.();
      node.source?.close();
    }
  }
}
