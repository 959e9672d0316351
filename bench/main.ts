/** `npm run bench -- nexmark ...`: paired, interleaved runs of every engine on the same bytes. */
import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { measureEventLoop } from './event-loop.js';
import { runMicro } from './micro/kernels.js';
import { prepareInput } from './nexmark/input.js';
import { nexmarkQuery, QUERY_NAMES } from './nexmark/queries.js';
import { startParticipants } from './participants/start.js';
import { describeMachine, describeVersions } from './report/machine.js';
import { geometricMean, printReport, type Report } from './report/report.js';
import { runQuery, type QueryReport } from './run-query.js';
import { measureStartup } from './startup.js';

interface NexmarkOptions {
  readonly queries: string;
  readonly events: string;
  readonly input: 'json' | 'parquet' | 'generator';
  readonly engines: string;
  readonly rounds: string;
  readonly seed: string;
  readonly json?: string;
}

async function nexmark(options: NexmarkOptions): Promise<void> {
  const events = Number(options.events);
  const input = await prepareInput(options.input, events, Number(options.seed));
  const participants = await startParticipants(options.engines.split(','), input.table.kind);
  const queries: Record<string, QueryReport> = {};
  try {
    for (const name of options.queries.split(',')) {
      const query = nexmarkQuery(name, input.table);
      process.stderr.write(`${name}: `);
      queries[name] = await runQuery(query, participants, Number(options.rounds), (done) =>
        process.stderr.write(`${done} `));
      process.stderr.write('\n');
    }
  } finally {
    for (const participant of participants) await participant.close();
  }
  const report: Report = {
    machine: describeMachine(),
    versions: describeVersions(participants),
    input: input.description,
    events,
    queries,
  };
  if (options.json !== undefined) {
    writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
  }
  process.stdout.write(printReport(report, geometricMean));
}

const program = new Command('bench').description('measures the engines against each other');
program
  .command('nexmark')
  .description('Nexmark queries: hashes first, then interleaved warm runs into a blackhole')
  .option('--queries <names>', 'comma-separated', QUERY_NAMES.join(','))
  .option('--events <n>', 'events in the stream', '2000000')
  .option('--input <kind>', 'json, parquet or generator', 'json')
  .option('--engines <names>', 'of native, fallback, flink, node', 'native,fallback')
  .option('--rounds <n>', 'timed runs of each engine after its warm-up', '3')
  .option('--seed <n>', 'seed of the stream', '1')
  .option('--json <file>', 'where the report goes')
  .action(nexmark);
program
  .command('event-loop')
  .description('longest block of the event loop while a native job runs flat out')
  .option('--events <n>', 'events of the job', '10000000')
  .action(async (options: { readonly events: string }) => {
    const report = await measureEventLoop(Number(options.events));
    process.stdout.write(`${JSON.stringify(report)}\n`);
  });
program
  .command('micro')
  .description('kernels of the TypeScript engine over a batch in cache')
  .option('--seconds <n>', 'per case', '1')
  .action((options: { readonly seconds: string }) => {
    process.stdout.write(`${runMicro(Number(options.seconds)).join('\n')}\n`);
  });
program
  .command('startup')
  .description('whole processes: bare node, import of millrace, SELECT 1 (needs npm run build)')
  .option('--rounds <n>', 'interleaved runs', '11')
  .action((options: { readonly rounds: string }) => {
    process.stdout.write(`${JSON.stringify(measureStartup(Number(options.rounds)))}\n`);
  });
await program.parseAsync();
