/** Cost per event and bytes of state as the stream grows, from the generator into a blackhole. */
import { Catalog } from '../../src/catalog/catalog.js';
import { SessionConfig } from '../../src/plan/config.js';
import { planScript } from '../../src/plan/plan-sql.js';
import { Job } from '../../src/runtime/job.js';
import { timedStatements } from '../participants/participant.js';
import { nexmarkQuery } from './queries.js';
import type { NexmarkInput } from './tables.js';

export interface ScaleRow {
  readonly query: string;
  readonly engine: 'native' | 'fallback';
  readonly events: number;
  readonly parallelism: number;
  readonly ms: number;
  readonly cpuMs: number;
  /** Rows of state (keys of an aggregate, rows of a join) and their bytes, of all operators. */
  readonly stateRows: number;
  readonly stateBytes: number;
  readonly rssMb: number;
}

/** Each query at each number of events, after a warm-up at the first; q17 on both engines. */
export async function* measureGrowth(
  queries: readonly string[], scales: readonly number[], seed: number,
): AsyncGenerator<ScaleRow> {
  for (const query of queries) {
    const engines = query === 'q17' ? ['native', 'fallback'] as const : ['native'] as const;
    for (const engine of engines) {
      for (const [run, events] of [...scales.slice(0, 1), ...scales].entries()) {
        const input = { kind: 'generator', events, seed } as const;
        const row = await measureScale(query, engine, input, events);
        if (run > 0) yield row;
      }
    }
  }
}

export async function measureScale(
  query: string, engine: 'native' | 'fallback', input: NexmarkInput, events: number,
  parallelism = 1,
): Promise<ScaleRow> {
  const config = new SessionConfig({ 'millrace.engine': engine });
  const script = `${timedStatements(nexmarkQuery(query, input)).join(';\n')};`;
  const planned = planScript(new Catalog(), script, config).at(-1);
  if (planned === undefined) throw new Error(`${query}: no plan`);
  const job = new Job(planned.plan, { engine, parallelism, workerThreads: true });
  const cpuBefore = process.cpuUsage();
  const begun = performance.now();
  let state = { stateRows: 0, stateBytes: 0 };
  const watch = setInterval(() => (state = stateOf(job)), 20);
  job.start();
  await job.done;
  clearInterval(watch);
  const cpu = process.cpuUsage(cpuBefore);
  const last = stateOf(job);
  return {
    query, engine, events, parallelism,
    ms: Math.round(performance.now() - begun), cpuMs: Math.round((cpu.user + cpu.system) / 1000),
    ...(last.stateBytes > state.stateBytes ? last : state),
    rssMb: Math.round(process.memoryUsage.rss() / 2 ** 20),
  };
}

function stateOf(job: Job): { readonly stateRows: number; readonly stateBytes: number } {
  const { operators } = job.stats();
  return {
    stateRows: operators.reduce((sum, row) => sum + row.stateRows, 0),
    stateBytes: operators.reduce((sum, row) => sum + row.stateBytes, 0),
  };
}
