/** Runs stream scripts on an engine, in one of the modes that must not show in the result. */
import { Batch } from '../../src/batch/batch.js';
import { columnOf, literalAt, type Value, valueAt } from '../../src/batch/values.js';
import { Catalog } from '../../src/catalog/catalog.js';
import { SessionConfig } from '../../src/plan/config.js';
import { planScript } from '../../src/plan/plan-sql.js';
import type {
  LookupJoinNode, LookupSource, PhysicalNode, PhysicalPlan, SourceNode,
} from '../../src/plan/physical/plan.js';
import type {
  EngineName, Pipeline, PipelineEvent, StateChunk,
} from '../../src/runtime/pipeline.js';
import { makePipeline, type TestEngine } from '../runtime/harness.js';
import {
  KIND_SIGNS, type ScriptEvent, type ScriptRow, scriptText, scriptValue, type StreamScript,
} from './stream-script.js';

export interface StreamMode {
  readonly name: string;
  /** The engine of the first pipeline, of the one after the first recovery, ... */
  readonly engines: readonly TestEngine[];
  readonly batchRows: number;
  readonly parallelism: number;
  /** Snapshot and restore after every push. */
  readonly recoverAlways: boolean;
  /** Parallelism after the first recovery, after the third, ... */
  readonly rescaledTo?: number;
}

const BOTH: readonly EngineName[] = ['native', 'fallback'];

export const STREAM_MODES: readonly StreamMode[] = [
  ...BOTH.flatMap((engine): StreamMode[] => [
    ...[1, 7, 4096].map((batchRows) => ({
      name: `${engine}, batches of ${batchRows}`, engines: [engine], batchRows, parallelism: 1,
      recoverAlways: false,
    })),
    {
      name: `${engine}, restored after every push`, engines: [engine], batchRows: 4096,
      parallelism: 1, recoverAlways: true,
    },
    {
      name: `${engine}, parallelism 3`, engines: [engine], batchRows: 7, parallelism: 3,
      recoverAlways: false,
    },
  ]),
  {
    name: 'engines in turn, restored after every push', engines: BOTH, batchRows: 7,
    parallelism: 1, recoverAlways: true,
  },
  ...[1, 7, 4096].map((batchRows) => ({
    name: `mixed, batches of ${batchRows}`, engines: [`mixed ${batchRows}`] as const, batchRows,
    parallelism: 1, recoverAlways: false,
  })),
  {
    name: 'mixtures and engines in turn, restored after every push',
    engines: ['mixed 1', 'mixed 2', 'native', 'mixed 3', 'fallback', 'mixed 4'], batchRows: 4096,
    parallelism: 1, recoverAlways: true,
  },
  ...BOTH.map((engine): StreamMode => ({
    name: `${engine}, rescaled after every push`, engines: [engine], batchRows: 7,
    parallelism: 1, rescaledTo: 3, recoverAlways: true,
  })),
  {
    name: 'mixed, parallelism 3', engines: ['mixed 5', 'mixed 6'], batchRows: 7, parallelism: 3,
    recoverAlways: false,
  },
];

/** The plan of a script, its sources fed from outside, its query collected. */
export function planOf(script: StreamScript): PhysicalPlan {
  const catalog = new Catalog();
  const config = new SessionConfig();
  const tables = script.sources.map(({ name, columns, options }) => {
    const pairs = Object.entries({ connector: 'values', ...options })
      .map(([key, value]) => `'${key}' = '${value}'`);
    return `CREATE TABLE ${name} (${columns}) WITH (${pairs.join(', ')});`;
  });
  const settings = script.settings.map(([key, value]) => `SET '${key}' = '${value}';`);
  const text = [...settings, ...tables, ...statementOf(script)].join('\n');
  const planned = planScript(catalog, text, config).at(-1);
  if (planned === undefined) throw new Error(`${script.path}: no plan`);
  const nodes = planned.plan.nodes.map((node) => prepared(node, script));
  return { ...planned.plan, nodes };
}

function statementOf({ sink, query }: StreamScript): readonly string[] {
  if (sink === null) return [query];
  return [`CREATE TABLE sink_t (${sink}) WITH ('connector' = 'values');`,
    `INSERT INTO sink_t ${query}`];
}

/** Sources become inputs of the pipeline, the sink its output. */
function prepared(node: PhysicalNode, script: StreamScript): PhysicalNode {
  if (node.kind === 'sink') return { ...node, connector: 'collect', options: { output: '0' } };
  if (node.kind === 'lookup-join') return withTable(node, script);
  if (node.kind !== 'source') return node;
  const input = script.sources.findIndex(({ name }) => tableName(node) === name);
  return { ...node, connector: 'external', options: { input: String(input) } };
}

/** A looked up table is all that the script pushes into it, wherever it does. */
function withTable(node: LookupJoinNode, script: StreamScript): LookupJoinNode {
  const name = tableName(node.table);
  const pushed = script.events.flatMap((event) =>
    (event.kind === 'push' && event.source === name ? event.rows : []));
  const { columns } = batchOf(node.table, pushed);
  const rows = pushed.map((_, row) => columns.map((column) => literalAt(column, row)));
  return { ...node, table: { ...node.table, rows } };
}

function tableName(node: Pick<SourceNode, 'table'>): string {
  return node.table.split('.').at(-1)!.replaceAll('`', '');
}

/** A row that came out: its kind and its text as in a script. */
interface OutRow {
  readonly kind: number;
  readonly text: string;
}

/** What the events of a script lead to. */
export interface StreamResult {
  /** Rows since the last `emit`, by event; what came after the last one under -1. */
  readonly emitted: ReadonlyMap<number, readonly string[]>;
  readonly views: ReadonlyMap<number, readonly string[]>;
  readonly stats: ReadonlyMap<number, number>;
}

class Session {
  private pipeline: Pipeline;
  private generation = 0;
  private snapshots = 0;
  private clockMs = 0;
  private failure: Error | null = null;
  private readonly seen = new Map<string, PipelineEvent>();
  private wake: (() => void) | null = null;
  readonly out: OutRow[] = [];

  constructor(private readonly plan: PhysicalPlan, private readonly mode: StreamMode) {
    this.pipeline = this.make([]);
  }

  private make(restore: readonly StateChunk[]): Pipeline {
    const { engines, rescaledTo } = this.mode;
    const isRescaled = this.generation % 2 === 1 && rescaledTo !== undefined;
    const parallelism = isRescaled ? rescaledTo : this.mode.parallelism;
    const engine = engines[this.generation++ % engines.length]!;
    const pipeline = makePipeline(engine, this.plan, {
      parallelism, restore, clockMs: this.clockMs,
    });
    if (!engine.startsWith(pipeline.engine)) {
      throw new Error(`${pipeline.engine} ran, not ${engine}`);
    }
    pipeline.start((event) => {
      if (event.kind === 'output') this.drain();
      if (event.kind === 'failed') this.failure = new Error(`${event.code} ${event.detail}`);
      this.seen.set(event.kind === 'snapshot' ? `snapshot ${event.id}` : event.kind, event);
      this.wake?.();
    });
    return pipeline;
  }

  private drain(): void {
    for (let batch = this.pipeline.poll(0); batch !== null; batch = this.pipeline.poll(0)) {
      for (let i = 0; i < batch.activeCount; i++) {
        const row = batch.selection === null ? i : batch.selection[i]!;
        const texts = batch.columns.map((column) => scriptText(valueAt(column, row), column.type));
        this.out.push({ kind: batch.rowKinds?.[row] ?? 0, text: texts.join(' ') });
      }
    }
  }

  private async event(key: string): Promise<PipelineEvent> {
    for (;;) {
      if (this.failure !== null) throw this.failure;
      const event = this.seen.get(key);
      if (event !== undefined) {
        this.seen.delete(key);
        return event;
      }
      await new Promise<void>((resolve) => (this.wake = resolve));
      this.wake = null;
    }
  }

  async push(input: number, rows: readonly ScriptRow[]): Promise<void> {
    const { batchRows } = this.mode;
    const node = this.plan.nodes.find((one): one is SourceNode =>
      one.kind === 'source' && one.options['input'] === String(input));
    if (node === undefined) return;
    for (let at = 0; at < rows.length; at += batchRows) {
      const batch = batchOf(node, rows.slice(at, at + batchRows));
      this.seen.delete('room');
      while (!this.pipeline.offer(input, batch)) await this.event('room');
    }
  }

  /** Waits until everything offered so far has come out. */
  async settle(): Promise<readonly StateChunk[]> {
    const id = ++this.snapshots;
    this.pipeline.barrier(id);
    const event = await this.event(`snapshot ${id}`);
    this.drain();
    return event.kind === 'snapshot' ? event.chunks : [];
  }

  async recover(): Promise<void> {
    const chunks = await this.settle();
    await this.pipeline.close();
    this.pipeline = this.make(chunks);
  }

  advance(ms: number): void {
    this.clockMs += ms;
    this.pipeline.advanceClock(this.clockMs);
  }

  async finish(): Promise<void> {
    for (const node of this.plan.nodes) {
      if (node.kind === 'source') this.pipeline.endInput(Number(node.options['input']));
    }
    await this.event('finished');
    this.drain();
  }

  stat(name: string): number {
    return this.pipeline.stats().operators
      .reduce((sum, row) => sum + Number(row[name as 'lateRows'] ?? 0), 0);
  }

  async close(): Promise<void> {
    await this.pipeline.close();
  }
}

function batchOf(node: LookupSource, rows: readonly ScriptRow[]): Batch {
  const columns = node.schema.map((field, i) => {
    const name = node.columns[i]!.path[0]!;
    const at = node.tableSchema.findIndex((column) => column.name === name);
    const values = rows.map((row): Value => scriptValue(row.values[at] ?? null, field.type));
    return columnOf(field.type, values);
  });
  const kinds = Uint8Array.from(rows, (row) => row.kind);
  return new Batch(rows.length, columns, null, kinds.some((kind) => kind !== 0) ? kinds : null);
}

/** Runs the events; a failure is thrown as `CODE detail`. */
export async function runScript(script: StreamScript, mode: StreamMode): Promise<StreamResult> {
  const session = new Session(planOf(script), mode);
  const emitted = new Map<number, readonly string[]>();
  const views = new Map<number, readonly string[]>();
  const stats = new Map<number, number>();
  let from = 0;
  let last = -1;
  try {
    for (const [index, event] of script.events.entries()) {
      if (event.kind === 'push') {
        const input = script.sources.findIndex(({ name }) => name === event.source);
        // The order between sources is that of the script.
        if (last >= 0 && last !== input) await session.settle();
        last = input;
        await session.push(input, event.rows);
        if (mode.recoverAlways) await session.recover();
      } else if (event.kind === 'emit') {
        if (!isFinished(script.events, index)) await session.settle();
        emitted.set(index, session.out.slice(from).map(lineOf));
        from = session.out.length;
      } else if (event.kind === 'view') {
        if (!isFinished(script.events, index)) await session.settle();
        views.set(index, folded(session.out));
      } else if (event.kind === 'stats') {
        stats.set(index, session.stat(event.name));
      } else {
        await control(session, event);
      }
    }
  } finally {
    await session.close();
  }
  emitted.set(-1, session.out.slice(from).map(lineOf));
  return { emitted, views, stats };
}

async function control(session: Session, event: ScriptEvent): Promise<void> {
  if (event.kind === 'advance') session.advance(event.ms);
  if (event.kind === 'recover') await session.recover();
  if (event.kind === 'finish') await session.finish();
  if (event.kind === 'error') await session.finish();
}

function isFinished(events: readonly ScriptEvent[], index: number): boolean {
  return events.slice(0, index).some((event) => event.kind === 'finish');
}

function lineOf(row: OutRow): string {
  return `${KIND_SIGNS[row.kind]} ${row.text}`;
}

/** The rows that a changelog adds up to, sorted; a row taken back that is not there is an error. */
function folded(rows: readonly OutRow[]): string[] {
  const counts = new Map<string, number>();
  for (const { kind, text } of rows) {
    const count = (counts.get(text) ?? 0) + (kind === 1 || kind === 3 ? -1 : 1);
    if (count === 0) counts.delete(text);
    else counts.set(text, count);
  }
  return [...counts].flatMap(([text, count]) => {
    if (count < 0) throw new Error(`taken back without being there: ${text}`);
    return Array.from({ length: count }, () => text);
  }).sort();
}
