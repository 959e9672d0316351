/** `npm run bench -- ...`: the yardsticks by name. */
import { Command } from 'commander';
import { measureEventLoop } from './event-loop.js';
import { measureFunctions } from './micro/functions.js';
import { runMicro } from './micro/kernels.js';
import { nexmarkCommand } from './nexmark/command.js';
import { operatorsCommand } from './operators/command.js';
import { measureStartup } from './startup.js';

const program = new Command('bench').description('measures the engines against each other');
nexmarkCommand(program);
operatorsCommand(program);
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
  .command('functions')
  .description('every scalar function on both engines, ns of CPU a row')
  .option('--rounds <n>', 'runs of each; the best counts', '7')
  .option('--like <pattern>', 'only expressions that match', '.')
  .action((options: { readonly rounds: string; readonly like: string }) => {
    const found = measureFunctions(Number(options.rounds), new RegExp(options.like));
    for (const { sql, nativeNs, fallbackNs } of found) {
      const ratio = (fallbackNs / nativeNs).toFixed(1);
      process.stdout.write(`${sql.padEnd(50)} native ${nativeNs.toFixed(1).padStart(8)} ` +
        `fallback ${fallbackNs.toFixed(1).padStart(8)} ratio ${ratio}\n`);
    }
  });
program
  .command('startup')
  .description('whole processes: bare node, import of millrace, SELECT 1 (needs npm run build)')
  .option('--rounds <n>', 'interleaved runs', '11')
  .action((options: { readonly rounds: string }) => {
    process.stdout.write(`${JSON.stringify(measureStartup(Number(options.rounds)))}\n`);
  });
await program.parseAsync();
