/**
 * `npm run conformance -- [--dir DIR] [--set SET] [--engine ENGINE] [--json] [--update]`: the
 * cases of a folder on an engine. A line of figures for each set; the outcome of every case in
 * .cache/conformance/<set>-<engine>.jsonl. `--update` runs both engines and rewrites the ratchet.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import type { EngineChoice } from '../../src/index.js';
import { DEFAULT_FOLDER, SETS, type SetName } from './cases.js';
import type { CaseResult } from './outcome.js';
import { passingIds, readRatchet, writeRatchet } from './ratchet.js';
import { figures, runSet, type SetResult } from './run-set.js';

interface Options {
  readonly dir: string;
  readonly set?: SetName;
  readonly engine: EngineChoice;
  readonly json?: boolean;
  readonly update?: boolean;
}

const OUTPUT = join(import.meta.dirname, '../../.cache/conformance');

async function main(options: Options): Promise<void> {
  const folder = resolve(options.dir);
  if (!existsSync(folder)) {
    process.stdout.write(`no conformance cases: there is no folder ${folder}\n`);
    return;
  }
  const sets = options.set === undefined ? SETS : [options.set];
  for (const set of sets) {
    if (options.update === true) await update(folder, set);
    else await report(folder, set, options.engine, options.json === true);
  }
}

async function report(
  folder: string, set: SetName, engine: EngineChoice, json: boolean,
): Promise<SetResult> {
  const result = await runSet(folder, set, engine);
  if (result === null) throw new Error(`the folder ${folder} is gone`);
  mkdirSync(OUTPUT, { recursive: true });
  const file = join(OUTPUT, `${set}-${engine}.jsonl`);
  writeFileSync(file, result.cases.map((one) => `${JSON.stringify(one)}\n`).join(''));
  if (!json) process.stdout.write(families(result.cases));
  process.stdout.write(`${JSON.stringify(figures(result))}\n`);
  return result;
}

/** The commonest reasons, with values left out. */
function families(cases: readonly CaseResult[]): string {
  const counts = new Map<string, number>();
  for (const { status, reason } of cases) {
    if (status === 'passed') continue;
    const family = `${status}: ${(reason ?? '').slice(0, 90)}`;
    counts.set(family, (counts.get(family) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a).slice(0, 12)
    .map(([family, count]) => `${String(count).padStart(5)}  ${family}\n`).join('');
}

async function update(folder: string, set: SetName): Promise<void> {
  const runs: SetResult[] = [];
  for (const engine of ['native', 'fallback'] as const) {
    runs.push(await report(folder, set, engine, true));
  }
  const known = new Set(runs[0]?.cases.map(({ id }) => id));
  const old = readRatchet()[set] ?? [];
  const passing = passingIds(runs.map(({ cases }) => cases));
  const kept = old.filter((id) => !known.has(id));
  writeRatchet({ ...readRatchet(), [set]: [...new Set([...kept, ...passing])].sort() });
}

await new Command('conformance')
  .option('--dir <folder>', 'folder of *.jsonl files', DEFAULT_FOLDER)
  .addOption(new Option('--set <name>', 'only one set').choices(SETS))
  .addOption(new Option('--engine <name>', 'which engine runs the cases')
    .choices(['auto', 'native', 'fallback']).default('auto'))
  .option('--json', 'no list of reasons, only the figures')
  .option('--update', 'run both engines and rewrite ratchet.json')
  .action(main).parseAsync();
