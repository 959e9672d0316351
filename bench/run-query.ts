/** One query on every participant: hashes, a warm-up, then interleaved timed runs. */
import type {
  BenchQuery, Measurement, Outcome, Participant,
} from './participants/participant.js';

/** Medians of the warm runs beside the result of the untimed one. */
export interface EngineReport extends Measurement {
  readonly rows: number;
  readonly hash: string;
  /** Every warm run, in order. */
  readonly runs: readonly Measurement[];
}

export type QueryReport = Readonly<Record<string, EngineReport>>;

export async function runQuery(
  query: BenchQuery,
  participants: readonly Participant[],
  rounds: number,
  progress: (done: string) => void,
): Promise<QueryReport> {
  const able = participants.filter((one) => takesPart(one.name, query));
  const outcomes = new Map<string, Outcome>();
  for (const one of able) {
    outcomes.set(one.name, await one.verify(query));
    await one.time(query);
    progress(`${one.name} verified`);
  }
  requireEqualHashes(query.name, outcomes);
  const runs = new Map<string, Measurement[]>(able.map((one) => [one.name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const one of able) runs.get(one.name)?.push(await one.time(query));
    progress(`round ${round + 1}`);
  }
  return Object.fromEntries(
    able.map((one) => [
      one.name,
      summarize(outcomes.get(one.name), runs.get(one.name) ?? []),
    ]),
  );
}

/** The hand-written handler knows two queries over JSON lines; Flink refuses some. */
function takesPart(engine: string, query: BenchQuery): boolean {
  if (engine === 'flink') return query.flinkRefuses !== true;
  return engine !== 'node' || (['q0', 'q17'].includes(query.name) &&
    (query.inputPath?.endsWith('.json') ?? false));
}

/**
 * Queries whose old rows Flink never takes back, so that its folded table is no table: Top-1 over
 * rows that are only added (docs/divergences/top-1.md).
 */
const UPSERTS_OF_FLINK: ReadonlySet<string> = new Set(['q9']);

function requireEqualHashes(name: string, outcomes: ReadonlyMap<string, Outcome>): void {
  const hashes = new Map([...outcomes].filter(([engine, outcome]) =>
    outcome.hash !== '' && !(engine === 'flink' && UPSERTS_OF_FLINK.has(name))));
  const distinct = new Set([...hashes.values()].map((outcome) => outcome.hash));
  if (distinct.size <= 1) return;
  const told = [...hashes].map(([engine, { rows, hash }]) => `${engine} ${rows} rows ${hash}`);
  throw new Error(`${name}: results differ: ${told.join(', ')}`);
}

function summarize(outcome: Outcome | undefined, runs: readonly Measurement[]): EngineReport {
  return {
    ms: median(runs.map((run) => run.ms)),
    cpuMs: median(runs.map((run) => run.cpuMs)),
    rssMb: Math.max(0, ...runs.map((run) => run.rssMb)),
    rows: outcome?.rows ?? 0,
    hash: outcome?.hash ?? '',
    runs,
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle] ?? NaN;
  return ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}
