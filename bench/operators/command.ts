/** `npm run bench -- operators`: every operator on both engines. */
import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { inputsOf, type OperatorReport, runOperator } from './run.js';
import { OPERATOR_BENCHES } from './table.js';

interface Options {
  readonly operators?: string;
  readonly events: string;
  readonly rounds: string;
  readonly json?: string;
}

export function operatorsCommand(program: Command): void {
  program
    .command('operators')
    .description('every operator on both engines, by CPU; fails where native is slower')
    .option('--operators <kinds>', 'kinds of spec/operators.ts, with commas')
    .option('--events <n>', 'events of the generator', '200000')
    .option('--rounds <n>', 'runs of each; the best counts', '3')
    .option('--json <file>', 'writes the figures there')
    .action(run);
}

function millionRows({ events }: OperatorReport, cpuMs: number): string {
  return `${cpuMs.toFixed(0).padStart(6)} ms ${(events / cpuMs / 1000).toFixed(2).padStart(6)} M/s`;
}

function lineOf(report: OperatorReport): string {
  const { name, cpuMs, hashes } = report;
  const ratio = (cpuMs.fallback / cpuMs.native).toFixed(1);
  return `${name.padEnd(44)} native ${millionRows(report, cpuMs.native)}  ` +
    `fallback ${millionRows(report, cpuMs.fallback)}  ratio ${ratio.padStart(5)}  ` +
    `${hashes.native} ${hashes.fallback}`;
}

/** What is wrong with a row, each in a line. */
export function faultsOf({ name, hashes, cpuMs }: OperatorReport): readonly string[] {
  const faults: string[] = [];
  if (hashes.native !== hashes.fallback) {
    faults.push(`${name}: results differ: native ${hashes.native}, fallback ${hashes.fallback}`);
  }
  if (cpuMs.native > cpuMs.fallback) {
    faults.push(`${name}: native is slower than the fallback: ${cpuMs.native} ms of CPU, ` +
      `fallback ${cpuMs.fallback} ms`);
  }
  return faults;
}

async function run(options: Options): Promise<void> {
  const kinds = options.operators?.split(',');
  const chosen = OPERATOR_BENCHES.filter(({ kind }) => kinds?.includes(kind) ?? true);
  const unknown = kinds?.filter((one) => !chosen.some(({ kind }) => kind === one)) ?? [];
  if (unknown.length > 0) throw new Error(`no bench for ${unknown.join(', ')}`);
  const inputs = inputsOf(Number(options.events));
  const reports: OperatorReport[] = [];
  for (const bench of chosen) {
    const report = await runOperator(bench, inputs, Number(options.rounds));
    reports.push(report);
    process.stdout.write(`${lineOf(report)}\n`);
  }
  if (options.json !== undefined) {
    writeFileSync(options.json, `${JSON.stringify(reports, null, 2)}\n`);
  }
  const faults = reports.flatMap(faultsOf);
  for (const fault of faults) process.stdout.write(`${fault}\n`);
  if (faults.length > 0) process.exitCode = 1;
}
