/** docs/benchmarks/nexmark.md and its plots, from the data of the parts that were measured. */
import type { DuckdbRow } from '../duckdb.js';
import type { HeapRow } from '../nexmark/heap.js';
import type { LatencyRow } from '../nexmark/latency.js';
import type { ScaleRow } from '../nexmark/scale.js';
import type { QueryReport } from '../run-query.js';
import { FLINK_GENERATOR } from './flink-generator.js';
import { barChart } from './plots.js';
import { geometricMean, ratio, type Report } from './report.js';

/** One input with both settings of mini-batch. */
export interface InputPart {
  readonly off: Report;
  readonly on: Report | null;
}

/** Each part may be measured on its own; what is absent was not. */
export interface NexmarkParts {
  readonly json?: InputPart;
  readonly parquet?: InputPart;
  readonly generator?: InputPart;
  readonly scale?: readonly ScaleRow[];
  readonly threads?: readonly ScaleRow[];
  readonly latency?: readonly LatencyRow[];
  readonly duckdb?: readonly DuckdbRow[];
  readonly heap?: readonly HeapRow[];
}

const INPUTS = ['json', 'parquet', 'generator'] as const;

/** Name and SVG text of each plot. */
export function plotsOf(parts: NexmarkParts): ReadonlyMap<string, string> {
  const plots = new Map<string, string>();
  for (const input of INPUTS) {
    const part = parts[input];
    if (part === undefined) continue;
    for (const slow of ['flink', 'fallback']) {
      const bars = ratiosOf(part, 'native', slow);
      if (bars.length === 0) continue;
      plots.set(`nexmark-${input}-${slow}.svg`, barChart(
        `native : ${slow}, ${input}, CPU time`, bars));
    }
  }
  return plots;
}

export function pageOf(parts: NexmarkParts): string {
  const sections = [
    HEAD,
    ...INPUTS.flatMap((input) => {
      const part = parts[input];
      return part === undefined ? [] : [inputSection(input, part)];
    }),
    ...(parts.duckdb === undefined ? [] : [duckdbSection(parts.duckdb)]),
    ...(parts.scale === undefined ? [] : [scaleSection(parts.scale)]),
    ...(parts.heap === undefined ? [] : [heapSection(parts.heap)]),
    ...(parts.threads === undefined ? [] : [threadsSection(parts.threads)]),
    ...(parts.latency === undefined ? [] : [latencySection(parts.latency)]),
  ];
  return `${sections.join('\n\n')}\n`;
}

const HEAD = `# Nexmark

Made by \`npm run bench -- nexmark --report\` (bench/README.md); the raw data, every run of it,
stands beside in [nexmark.json](nexmark.json). CPU seconds of the whole process, INSERT into a
blackhole that demands every column, parallelism 1, state in memory; medians of interleaved warm
runs. Flink 2.3.0 runs with object reuse and heap state. The hash is that of the folded result,
from a run that is not timed; where engines differ the bench fails. A ratio counts with the setting
of mini-batch that is the faster one for Flink; q9's hash of Flink is left out
([why](../divergences/top-1.md)).`;

interface Named {
  readonly name: string;
  readonly value: number;
}

interface Pair {
  readonly fast: string;
  readonly slow: string;
  readonly all: readonly Named[];
}

/** For each query with the setting that is faster for the slower one of the pair. */
function ratiosOf(
  { off, on }: InputPart, fast: string, slow: string,
): readonly Named[] {
  return Object.keys(off.queries).flatMap((name) => {
    const settings = [off.queries[name], on?.queries[name]];
    const faster = settings.filter((one): one is QueryReport => one?.[slow] !== undefined)
      .sort((a, b) => a[slow]!.cpuMs - b[slow]!.cpuMs)[0];
    const value = faster === undefined ? null : ratio(faster, fast, slow);
    return value === null ? [] : [{ name, value }];
  });
}

const PAIRS = [
  ['native', 'flink'], ['native', 'fallback'], ['fallback', 'flink'], ['native', 'node'],
] as const;

function inputSection(input: string, part: InputPart): string {
  const { machine, versions, events } = part.off;
  const about = Object.entries(part.off.input).map(([key, value]) => `${key} ${value}`).join(', ');
  const pairs: Pair[] = PAIRS.map(([fast, slow]) =>
    ({ fast, slow, all: ratiosOf(part, fast, slow) })).filter(({ all }) => all.length > 0);
  const names = Object.keys(part.off.queries);
  if (input === 'generator') pairs.push(referenceOf(part.off));
  const ratios = table(
    ['query', ...pairs.map(({ fast, slow }) => `${fast} : ${slow}`)],
    [
      ...names.map((name) => [name, ...pairs.map(({ all }) =>
        fixed(all.find((one) => one.name === name)?.value))]),
      ['geometric mean', ...pairs.map(({ all }) =>
        fixed(geometricMean(all.map((one) => one.value))))],
      ['least', ...pairs.map(({ all }) => fixed(Math.min(...all.map((one) => one.value))))],
    ]);
  const plots = ['flink', 'fallback'].filter((slow) => ratiosOf(part, 'native', slow).length > 0)
    .map((slow) => `![native : ${slow}](nexmark-${input}-${slow}.svg)`);
  const settings = [
    ['no mini-batch', part.off] as const,
    ...(part.on === null ? [] : [['mini-batch 2 s, 50,000 rows', part.on] as const]),
  ];
  return [
    `## Input: ${input}`, '',
    `${events} events; ${about}. ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, ` +
      `${machine.platform}; ${Object.entries(versions).map((one) => one.join(' ')).join(', ')}.`,
    '', ratios, '', ...(input === 'generator' ? [REFERENCE, ''] : []), ...plots, '',
    ...settings.flatMap(([name, report]) => [`### ${input}, ${name}`, '', figures(report), '']),
  ].join('\n').trimEnd();
}

const REFERENCE = 'Flink\'s own generator takes no part in a run of the bench: its figures are ' +
  'those of bench/report/flink-generator.ts, measured apart on a machine of this kind, one core, ' +
  'warm, heap state.';

function referenceOf({ events, queries }: Report): Pair {
  const all = Object.entries(queries).flatMap(([name, { native }]) => {
    const flink = FLINK_GENERATOR[name];
    if (native === undefined || flink === undefined) return [];
    return [{ name, value: events / native.cpuMs / flink }];
  });
  return { fast: 'native', slow: 'Flink, own generator', all };
}

function figures(report: Report): string {
  const rows = Object.entries(report.queries).flatMap(([name, engines]) =>
    Object.entries(engines).map(([engine, one]) => [
      name, engine, fixed(report.events / one.cpuMs), one.ms.toFixed(0), one.cpuMs.toFixed(0),
      String(one.rssMb), String(one.rows), one.hash,
    ]));
  return table(
    ['query', 'engine', 'thousand events/s a CPU second', 'ms', 'CPU ms', 'RSS MB', 'rows', 'hash'],
    rows);
}

function duckdbSection(rows: readonly DuckdbRow[]): string {
  return ['## Beside DuckDB in batch', '',
    'Aggregation over columns in memory, one thread and one process each, hot; millrace with ' +
      'bundles of a million rows. The ratio is DuckDB\'s CPU time over that of the native ' +
      'engine.', '',
    table(['aggregation', 'groups', 'native CPU ms', 'DuckDB CPU ms', 'ratio'], rows.map((row) => [
      row.name, String(row.groups), row.native.cpuMs.toFixed(0), row.duckdb.cpuMs.toFixed(0),
      fixed(row.ratio),
    ]))].join('\n');
}

function scaleSection(rows: readonly ScaleRow[]): string {
  return ['## Scale', '', 'From the generator. State: of all operators, at its largest.', '',
    table(['query', 'engine', 'events', 'CPU ns an event', 'against the smallest', 'state rows',
      'state bytes', 'bytes a row', 'RSS MB'], rows.map((row) => {
      const smallest = rows.find((one) => one.query === row.query && one.engine === row.engine);
      const cost = row.cpuMs / row.events;
      return [
        row.query, row.engine, String(row.events), (cost * 1e6).toFixed(0),
        fixed(cost / ((smallest?.cpuMs ?? NaN) / (smallest?.events ?? NaN))),
        String(row.stateRows), String(row.stateBytes), fixed(row.stateBytes / row.stateRows),
        String(row.rssMb),
      ];
    }))].join('\n');
}

function heapSection(rows: readonly HeapRow[]): string {
  return ['## State beside Flink\'s heap', '',
    'From JSON lines. Flink: what lived on its heap at the most while the query ran, above the ' +
      'least; that is of the process and not of its state alone.', '',
    table(['query', 'events', 'state rows', 'native bytes a row', 'Flink bytes a row', 'ratio'],
      rows.map((row) => [
        row.query, String(row.events), String(row.stateRows),
        fixed(row.nativeBytes / row.stateRows), fixed(row.flinkBytes / row.stateRows),
        fixed(row.flinkBytes / row.nativeBytes),
      ]))].join('\n');
}

function threadsSection(rows: readonly ScaleRow[]): string {
  const one = rows.filter((row) => row.parallelism === 1);
  return ['## Two worker threads', '',
    'From JSON lines, wall time, least of the rounds; each in a process whose pool has as many ' +
      'threads.', '',
    table(['query', 'one thread ms', 'two threads ms', 'ratio'], one.map((row) => {
      const two = rows.find((other) => other.query === row.query && other.parallelism === 2);
      return [row.query, String(row.ms), String(two?.ms ?? ''), fixed(row.ms / (two?.ms ?? NaN))];
    }))].join('\n');
}

function latencySection(rows: readonly LatencyRow[]): string {
  return ['## Latency', '',
    'From the time at which an event (of q5 and q7: the event whose watermark closes the ' +
      'window) is due to the row in the program, the generator at half of what the query takes; ' +
      'rows due in the first second warm up.',
    '',
    table(['query', 'flush ms', 'events/s', 'rows', 'p50 ms', 'p99 ms', 'p99.9 ms'],
      rows.map((row) => [
        row.query, String(row.flushMs), String(row.rate), String(row.rows), row.p50.toFixed(1),
        row.p99.toFixed(1), row.p999.toFixed(1),
      ]))].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = `|---|${head.slice(1).map(() => '--:|').join('')}`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

function fixed(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return '';
  return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2);
}
