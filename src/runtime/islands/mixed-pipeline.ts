/**
 * A pipeline whose plan runs on both engines: one pipeline for the islands of each, and pumps at
 * the borders. To its job it is one: one barrier, one snapshot, one end, the first failure.
 */
import type { Batch } from '../../batch/batch.js';
import { fail, MillraceError } from '../../errors/index.js';
import type { PhysicalPlan } from '../../plan/physical/plan.js';
import type {
  EngineName, EnginePipeline, OperatorStatsRow, Pipeline, PipelineEvent, PipelineOptions,
  PipelineStats, StateChunk,
} from '../pipeline.js';
import type { CutPlan, Port } from './cut.js';
import { Pump } from './pump.js';

const ENGINES = ['native', 'fallback'] as const;

export type MakeHalf = (
  engine: EngineName, plan: PhysicalPlan, options: PipelineOptions,
) => EnginePipeline;

/** Makes both halves; throws a MillraceError where one cannot be made, and leaves nothing. */
export function makeMixedPipeline(
  plan: PhysicalPlan, cut: CutPlan, options: PipelineOptions, makeHalf: MakeHalf,
): Pipeline {
  const { restore, ...rest } = options;
  const owned = restore === undefined ? null : chunksByHalf(plan, cut, restore);
  const make = (engine: EngineName): EnginePipeline => makeHalf(engine, cut.halves[engine],
    owned === null ? rest : { ...rest, restore: owned[engine] });
  const native = make('native');
  try {
    return new MixedPipeline(cut, { native, fallback: make('fallback') });
  } catch (error) {
    void native.close();
    throw error;
  }
}

/**
 * Whose chunk it is, is decided by the whole plan: by semantic id, and by node id too where
 * several nodes share one. A half sees only some of them.
 */
function chunksByHalf(
  plan: PhysicalPlan, cut: CutPlan, chunks: readonly StateChunk[],
): Readonly<Record<EngineName, readonly StateChunk[]>> {
  const owned: Record<EngineName, StateChunk[]> = { native: [], fallback: [] };
  const nativeIds = new Set(cut.halves.native.nodes.map((node) => node.id));
  for (const chunk of chunks) {
    const sharers = plan.nodes.filter((node) => node.semanticId === chunk.semanticId);
    const owner = sharers.length === 1 ? sharers[0]
      : sharers.find((node) => node.id === chunk.operator);
    if (owner === undefined) continue;
    owned[nativeIds.has(owner.id) ? 'native' : 'fallback'].push({ ...chunk, operator: owner.id });
  }
  return owned;
}

interface PendingSnapshot {
  missing: number;
  readonly chunks: StateChunk[];
}

class MixedPipeline implements Pipeline {
  readonly engine = 'mixed';
  private readonly pumps: readonly Pump[];
  /** By engine and number: the pump that reads an output, the one that fills an input. */
  private readonly readers = { native: new Map<number, Pump>(), fallback: new Map<number, Pump>() };
  private readonly fillers = { native: new Map<number, Pump>(), fallback: new Map<number, Pump>() };
  private readonly snapshots = new Map<number, PendingSnapshot>();
  private unfinished: number = ENGINES.length;
  private isStopped = false;
  private onEvent: ((event: PipelineEvent) => void) | null = null;

  constructor(
    private readonly cut: CutPlan,
    private readonly halves: Readonly<Record<EngineName, EnginePipeline>>,
  ) {
    this.pumps = cut.lanes.map(({ from, output, to, input }) => {
      const pump = new Pump({ pipeline: halves[from], port: output },
        { pipeline: halves[to], port: input }, (error) => this.failBy(error));
      this.readers[from].set(output, pump);
      this.fillers[to].set(input, pump);
      return pump;
    });
  }

  start(onEvent: (event: PipelineEvent) => void): void {
    this.onEvent = onEvent;
    for (const engine of ENGINES) this.halves[engine].start((event) => this.receive(engine, event));
  }

  offer(input: number, batch: Batch): boolean {
    const { engine, number } = this.port(this.cut.inputs, input);
    return this.halves[engine].offer(number, batch);
  }

  endInput(input: number): void {
    const { engine, number } = this.port(this.cut.inputs, input);
    this.halves[engine].endInput(number);
  }

  /** Both halves expect it before either can pass it on: pumps run later. */
  barrier(id: number): void {
    this.snapshots.set(id, { missing: ENGINES.length, chunks: [] });
    for (const engine of ENGINES) this.halves[engine].barrier(id);
  }

  completeCheckpoint(): void {
    for (const engine of ENGINES) this.halves[engine].completeCheckpoint();
  }

  poll(output: number): Batch | null {
    const { engine, number } = this.port(this.cut.outputs, output);
    return this.halves[engine].poll(number);
  }

  advanceClock(ms: number): void {
    for (const engine of ENGINES) this.halves[engine].advanceClock(ms);
  }

  stats(): PipelineStats {
    const rows = ENGINES.flatMap((engine) => this.halves[engine].stats().operators)
      .filter((row) => !this.cut.standIns.has(row.operator));
    return { engine: 'mixed', operators: rows.sort(byOperator) };
  }

  cancel(): void {
    this.isStopped = true;
    for (const pump of this.pumps) pump.stop();
    for (const engine of ENGINES) this.halves[engine].cancel();
  }

  async close(): Promise<void> {
    this.cancel();
    this.onEvent = null;
    await Promise.all(ENGINES.map((engine) => this.halves[engine].close()));
  }

  private port(ports: readonly Port[], number: number): Port {
    return ports[number] ?? fail('MR9001', { detail: 'no such port' });
  }

  private receive(engine: EngineName, event: PipelineEvent): void {
    if (this.isStopped) return;
    switch (event.kind) {
      case 'output':
        this.ready(this.readers[engine], this.cut.outputs, engine, event.output,
          (output) => ({ kind: 'output', output }));
        return;
      case 'room':
        this.ready(this.fillers[engine], this.cut.inputs, engine, event.input,
          (input) => ({ kind: 'room', input }));
        return;
      case 'snapshot':
        this.acknowledge(event.id, event.chunks);
        return;
      case 'finished':
        if (--this.unfinished === 0) this.onEvent?.({ kind: 'finished' });
        return;
      case 'failed':
        this.fail({ ...event, operator: this.cut.standIns.get(event.operator) ?? event.operator });
        return;
    }
  }

  /** At a border the pump's turn has come; else the job is told, by its own number. */
  private ready(
    pumps: ReadonlyMap<number, Pump>, ports: readonly Port[], engine: EngineName, number: number,
    eventOf: (own: number) => PipelineEvent,
  ): void {
    const pump = pumps.get(number);
    if (pump !== undefined) {
      pump.run();
      return;
    }
    const own = ports.findIndex((port) => port.engine === engine && port.number === number);
    this.onEvent?.(eventOf(own));
  }

  private acknowledge(id: number, chunks: readonly StateChunk[]): void {
    const pending = this.snapshots.get(id);
    if (pending === undefined) return;
    pending.chunks.push(...chunks);
    if (--pending.missing > 0) return;
    this.snapshots.delete(id);
    this.onEvent?.({ kind: 'snapshot', id, chunks: pending.chunks.sort(byChunk) });
  }

  private failBy(error: unknown): void {
    const isOurs = error instanceof MillraceError;
    const detail = error instanceof Error ? error.message : String(error);
    this.fail({ kind: 'failed', code: isOurs ? error.code : 'MR9001', detail, operator: -1 });
  }

  /** The first failure ends both halves; a half that is cancelled says no more. */
  private fail(event: PipelineEvent): void {
    if (this.isStopped) return;
    const { onEvent } = this;
    this.cancel();
    onEvent?.(event);
  }
}

function byOperator(a: OperatorStatsRow, b: OperatorStatsRow): number {
  return a.operator - b.operator || a.subtask - b.subtask;
}

/** The order in which each engine gives its chunks. */
function byChunk(a: StateChunk, b: StateChunk): number {
  const byTable = a.table < b.table ? -1 : a.table > b.table ? 1 : 0;
  return a.operator - b.operator || byTable || a.subtask - b.subtask;
}
