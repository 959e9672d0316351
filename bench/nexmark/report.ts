/**
 * `npm run bench -- nexmark --report`: measures the parts asked for, keeps them beside those
 * measured before, and writes the page and its plots anew.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measureDuckdb } from '../duckdb.js';
import type { BenchQuery } from '../participants/participant.js';
import {
  pageOf, plotsOf, type InputPart, type NexmarkParts,
} from '../report/nexmark-page.js';
import type { Report } from '../report/report.js';
import { measureHeap } from './heap.js';
import { prepareInput } from './input.js';
import { LATENCY_QUERIES, measureLatency, type LatencyRow } from './latency.js';
import { measureGrowth } from './scale.js';
import { measureThreads } from './threads.js';

export interface ReportRequest {
  readonly parts: readonly string[];
  /** Of the parts scale and heap; all unless given. */
  readonly queries: readonly string[] | undefined;
  readonly events: number;
  readonly seed: number;
  readonly rounds: number;
  /** Of the scale part. */
  readonly scales: readonly number[];
  readonly latencySeconds: number;
  readonly folder: string;
  /** Times every query over an input, with these statements before it: the figures so far. */
  readonly time: (input: InputName, settings: BenchQuery['setup']) => AsyncIterable<Report>;
  readonly progress: (line: string) => void;
}

export type InputName = 'json' | 'parquet' | 'generator';

const MINI_BATCH = [
  "SET 'table.exec.mini-batch.enabled' = 'true'",
  "SET 'table.exec.mini-batch.allow-latency' = '2 s'",
  "SET 'table.exec.mini-batch.size' = '50000'",
];

const GROWING = ['q3', 'q4', 'q9', 'q16', 'q17', 'q18', 'q20'];
const SPREAD = ['q4', 'q5', 'q9', 'q18'];
const FLUSHES = [0, 10, 100];

/** What it has so far, after each step: a report that ends early has that. */
type Part = (request: ReportRequest, before: NexmarkParts) => AsyncGenerator<NexmarkParts>;

const PARTS: Readonly<Record<string, Part>> = {
  json: inputPart('json'),
  parquet: inputPart('parquet'),
  generator: inputPart('generator'),
  duckdb: async function* ({ events, seed, rounds }) {
    const { table } = await prepareInput('json', events, seed);
    if (table.kind === 'json') yield { duckdb: await measureDuckdb(table.path, rounds) };
  },
  scale: async function* ({ queries, scales, seed, progress }, { scale: before = [] }) {
    const names = GROWING.filter((name) => queries?.includes(name) ?? true);
    let scale = before.filter(({ query }) => !names.includes(query));
    for await (const row of measureGrowth(names, scales, seed)) {
      progress(`${row.query} ${row.engine} ${row.events}`);
      yield { scale: scale = [...scale, row] };
    }
  },
  heap: async function* ({ queries, events, seed, progress }, { heap: before = [] }) {
    const names = GROWING.filter((name) => queries?.includes(name) ?? true);
    let heap = before.filter(({ query }) => !names.includes(query));
    for await (const row of measureHeap(names, events, seed)) {
      progress(row.query);
      yield { heap: heap = [...heap, row] };
    }
  },
  threads: async function* ({ events, seed, rounds, progress }) {
    yield { threads: await measureThreads(SPREAD, events, seed, rounds, progress) };
  },
  latency: async function* (request) {
    yield { latency: await latencyRows(request) };
  },
};

export const PART_NAMES: readonly string[] = Object.keys(PARTS);

export async function writeReport(request: ReportRequest): Promise<void> {
  mkdirSync(request.folder, { recursive: true });
  const path = join(request.folder, 'nexmark.json');
  let parts = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) as NexmarkParts : {};
  for (const name of request.parts) {
    const part = PARTS[name];
    if (part === undefined) {
      throw new Error(`unknown part: ${name}; there are ${PART_NAMES.join(', ')}`);
    }
    request.progress(name);
    for await (const measured of part(request, parts)) {
      parts = { ...parts, ...measured };
      writeFileSync(path, `${JSON.stringify(parts, null, 1)}\n`);
      writeFileSync(join(request.folder, 'nexmark.md'), pageOf(parts));
      for (const [file, svg] of plotsOf(parts)) writeFileSync(join(request.folder, file), svg);
    }
  }
}

function inputPart(input: InputName): Part {
  return async function* ({ time }, { [input]: before }) {
    let part: InputPart | null = null;
    for await (const off of time(input, [])) {
      yield { [input]: part = { off: withOthers(off, before?.off), on: before?.on ?? null } };
    }
    for await (const on of time(input, MINI_BATCH)) {
      if (part !== null) yield { [input]: { ...part, on: withOthers(on, before?.on) } };
    }
  };
}

/** Queries that were measured before over the same bytes stay beside those of this run. */
function withOthers(report: Report, before: Report | null | undefined): Report {
  const about = ({ events, input, versions }: Report): string =>
    JSON.stringify([events, input, versions]);
  if (before === null || before === undefined || about(before) !== about(report)) return report;
  return { ...report, queries: { ...before.queries, ...report.queries } };
}

async function latencyRows(
  { latencySeconds, progress }: ReportRequest,
): Promise<readonly LatencyRow[]> {
  const rows: LatencyRow[] = [];
  for (const query of Object.keys(LATENCY_QUERIES)) {
    for (const flushMs of FLUSHES) {
      rows.push(await measureLatency(query, flushMs, latencySeconds));
      progress(`${query} flush ${flushMs} ms`);
    }
  }
  return rows;
}
