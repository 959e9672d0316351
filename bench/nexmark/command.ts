/** `npm run bench -- nexmark ...`: every engine on the same bytes, timed or compared. */
import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { startParticipants } from '../participants/start.js';
import { describeMachine, describeVersions } from '../report/machine.js';
import { geometricMean, printReport, type Report } from '../report/report.js';
import { runQuery, type QueryReport } from '../run-query.js';
import { writeGolden } from '../verify/golden.js';
import { VARIANTS, variantsNamed } from '../verify/variants.js';
import { verify } from '../verify/verify.js';
import { prepareDisordered, prepareInput } from './input.js';
import { nexmarkQuery, queriesOf, SET_NAMES } from './queries.js';
import { PART_NAMES, writeReport, type InputName } from './report.js';

interface NexmarkOptions {
  readonly set: string;
  readonly queries?: string;
  readonly events: string;
  readonly input: 'json' | 'parquet' | 'generator';
  readonly engines: string;
  readonly rounds: string;
  readonly seed: string;
  readonly verify?: true;
  readonly variants: string;
  readonly golden?: string;
  readonly flinkRuns: string;
  readonly report?: true;
  readonly parts: string;
  readonly scales: string;
  readonly seconds: string;
  readonly folder: string;
  readonly json?: string;
}

export function nexmarkCommand(program: Command): void {
  program
    .command('nexmark')
    .description('Nexmark queries: hashes first, then interleaved warm runs into a blackhole')
    .option('--set <name>', `of queries: ${SET_NAMES.join(' or ')}`, 'nexmark')
    .option('--queries <names>', 'comma-separated, of any set; all of --set unless given')
    .option('--events <n>', 'events in the stream', '2000000')
    .option('--input <kind>', 'json, parquet or generator', 'json')
    .option('--engines <names>', 'of native, fallback, flink, node', 'native,fallback')
    .option('--rounds <n>', 'timed runs of each engine after its warm-up', '3')
    .option('--seed <n>', 'seed of the stream', '1')
    .option('--verify', 'compare with Flink and between variants instead of timing')
    .option('--variants <names>', 'of --verify, comma-separated',
      VARIANTS.map((one) => one.name).join(','))
    .option('--flink-runs <n>', 'of --verify: how often Flink runs each query; 0: never', '2')
    .option('--golden <file>', 'of --verify: keeps what Flink says of the plain variant')
    .option('--report', 'writes the page of figures, its plots and the raw data')
    .option('--parts <names>', 'of --report, comma-separated', PART_NAMES.join(','))
    .option('--scales <ns>', 'of --report: events of the scale part', '2000000,20000000')
    .option('--seconds <n>', 'of --report: how long each latency is measured', '20')
    .option('--folder <path>', 'of --report: where it goes', 'docs/benchmarks')
    .option('--json <file>', 'where the figures go')
    .action(run);
}

async function run(options: NexmarkOptions): Promise<void> {
  if (options.verify) return compare(options);
  if (options.report) return report(options);
  let figures: Report | null = null;
  for await (figures of timed(options, options.input, [])) writeJson(options, figures);
  if (figures !== null) process.stdout.write(printReport(figures, geometricMean));
}

async function report(options: NexmarkOptions): Promise<void> {
  if (options.set !== 'nexmark') throw new Error('--report: only of the set nexmark');
  await writeReport({
    parts: options.parts.split(','), queries: options.queries?.split(','),
    events: Number(options.events), seed: Number(options.seed), rounds: Number(options.rounds),
    scales: options.scales.split(',').map(Number),
    latencySeconds: Number(options.seconds),
    folder: options.folder,
    time: (input, settings) => timed(options, input, settings),
    progress: (line) => process.stderr.write(`${line}\n`),
  });
}

/** Every query of the options over an input, with these statements before it: figures so far. */
async function* timed(
  options: NexmarkOptions, kind: InputName, settings: readonly string[],
): AsyncGenerator<Report> {
  const events = Number(options.events);
  const engines = options.engines.split(',');
  const isForFlink = engines.includes('flink');
  const input = await prepareInput(kind, events, Number(options.seed), isForFlink);
  const participants = await startParticipants(engines, input.description);
  const queries: Record<string, QueryReport> = {};
  const figures: Report = {
    machine: describeMachine(), versions: describeVersions(participants),
    input: input.description, events, queries,
  };
  try {
    for (const name of queryNames(options)) {
      const query = nexmarkQuery(name, input.table);
      const set = { ...query, setup: [...settings, ...query.setup] };
      process.stderr.write(`${name}: `);
      const times = await runQuery(set, participants, Number(options.rounds), (done) =>
        process.stderr.write(`${done} `));
      process.stderr.write(`${cpuText(times)}\n`);
      queries[name] = times;
      yield figures;
    }
  } finally {
    for (const participant of participants) await participant.close();
  }
}

const cpuText = (times: QueryReport): string => Object.entries(times)
  .map(([engine, { cpuMs }]) => `${engine} ${cpuMs.toFixed(0)} ms of CPU`).join(', ');

function queryNames({ queries, set }: NexmarkOptions): readonly string[] {
  return queries?.split(',') ?? queriesOf(set);
}

/** Ends with code 1 where anything differs. */
async function compare(options: NexmarkOptions): Promise<void> {
  const events = Number(options.events);
  const seed = Number(options.seed);
  const ordered = await prepareInput('json', events, seed);
  const disordered = await prepareDisordered(events, seed);
  const result = await verify({
    events,
    variants: variantsNamed(options.variants.split(',')),
    queries: queryNames(options),
    queryFor: (name, { input, delay }, scanParallelism) => {
      const table = input === 'ordered' ? ordered.table : disordered;
      const own = scanParallelism === undefined ? table : { ...table, scanParallelism };
      return nexmarkQuery(name, own, delay);
    },
    flinkRuns: Number(options.flinkRuns),
    progress: (line) => process.stdout.write(`${line}\n`),
  });
  writeJson(options, { events, input: ordered.description, ...result });
  const input = String(ordered.description['sha256']);
  if (options.golden !== undefined) writeGolden(options.golden, { events, seed, input }, result);
  const isMissing = result.unsupported.length > 0;
  if (isMissing || result.findings.some((one) => one.trouble !== '')) process.exitCode = 1;
}

function writeJson({ json }: NexmarkOptions, content: unknown): void {
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(content, null, 2)}\n`);
}
