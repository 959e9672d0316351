#!/usr/bin/env node
/** The command `millrace`. Each subcommand loads what it needs when it runs. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { EXIT_CODE } from './exit-code.js';
import { PACKAGE_VERSION } from '../native/version.js';

const engineOption = (): Option =>
  new Option('--engine <name>', 'which engine runs the operators')
    .choices(['auto', 'native', 'fallback']).default('auto');

function collectPair(
  pair: string, all: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const at = pair.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('It takes key=value.');
  return { ...all, [pair.slice(0, at)]: pair.slice(at + 1) };
}

const setOption = (): Option =>
  new Option('--set <key=value>', 'a session option, as SET does; may be repeated')
    .argParser(collectPair);

const program = new Command('millrace')
  .description('Flink SQL in Node.js: runs SQL scripts on a vectorized engine')
  .version(PACKAGE_VERSION)
  .showHelpAfterError('(add --help for the options)')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT_CODE.ok : EXIT_CODE.user));

program.command('run')
  .description('run SQL scripts, each in a session of its own')
  .argument('<file...>', 'SQL files; - reads standard input')
  .addOption(engineOption())
  .addOption(setOption())
  .option('--parallelism <n>', 'subtasks of each operator')
  .addOption(new Option('--format <name>', 'how results are printed')
    .choices(['table', 'changelog', 'json']).default('table'))
  .option('--hash', 'with --format json: no rows, only counts and hash')
  .action(async (files: string[], options) => {
    const { runFiles } = await import('./run.js');
    process.exitCode = await runFiles(files, options);
  });

program.command('explain')
  .description('print the plan of each query and INSERT of a script, and which engine runs it')
  .argument('<file>', 'an SQL file; - reads standard input')
  .addOption(engineOption())
  .addOption(setOption())
  .action(async (file: string, options) => {
    const { explainFile } = await import('./explain.js');
    process.exitCode = await explainFile(file, options);
  });

program.command('doctor')
  .description('versions, the engine that will run and why, processor features')
  .action(async () => {
    const { doctor } = await import('./doctor.js');
    process.exitCode = await doctor();
  });

const nexmark = program.command('nexmark').description('the Nexmark stream');
nexmark.command('generate')
  .description('write a seeded Nexmark stream to a file')
  .option('--events <n>', 'how many events', '1000000')
  .option('--seed <n>', 'equal seeds give equal bytes', '1')
  .addOption(new Option('--format <name>', 'json: one object a line; csv').choices(['json', 'csv'])
    .default('json'))
  .requiredOption('-o, --output <file>', 'the file to write; - writes to standard output')
  .action(async (options) => {
    const { generate } = await import('./nexmark.js');
    process.exitCode = await generate(options);
  });

await program.parseAsync();
