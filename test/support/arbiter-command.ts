/**
 * `npm run arbiter -- FILE.sql...`: scripts on Flink and both engines; the first difference of
 * each. `--update` writes Flink's answers beside the scripts instead.
 */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { basename, dirname } from 'node:path';
import { updateCatalogGolden } from '../arbiter/catalog-golden.js';
import { askInvalid, judgeHere, writeVerdicts } from '../arbiter/invalid-golden.js';
import {
  askScript, expandScript, folded, isFolded, SESSION_ZONE, writeGolden,
} from '../arbiter/script-golden.js';
import { findFlink, Flink } from './flink.js';
import { difference, type StatementOutcome } from './result-lines.js';
import { runScript } from './run-script.js';

function compare(
  name: string, expected: readonly StatementOutcome[], actual: readonly StatementOutcome[],
): boolean {
  for (const [i, outcome] of expected.entries()) {
    const other = actual[i];
    const found = other === undefined ? 'no answer' : difference(outcome, other);
    if (found === null) continue;
    process.stdout.write(`${name} differs at statement ${i + 1}:\n${outcome.statement}\n` +
      `${found}\n`);
    return false;
  }
  process.stdout.write(`${name} is equal: ${expected.length} statements\n`);
  return true;
}

async function check(file: string, flink: Flink | null): Promise<boolean> {
  const script = readFileSync(file, 'utf8');
  const config = { 'table.local-time-zone': SESSION_ZONE };
  const here = async (engine: 'native' | 'fallback'): Promise<StatementOutcome[]> => {
    const outcomes = await runScript(expandScript(script), engine, config);
    return isFolded(script) ? outcomes.map(folded) : outcomes;
  };
  const native = await here('native');
  const fallback = await here('fallback');
  if (flink === null) return compare(`${file}: fallback against native`, native, fallback);
  const expected = await askScript(flink, script);
  return [compare(`${file}: native`, expected, native),
    compare(`${file}: fallback`, expected, fallback)].every(Boolean);
}

async function update(file: string, flink: Flink): Promise<void> {
  if (basename(dirname(file)) === 'invalid') {
    writeVerdicts('flink.jsonl', await askInvalid(flink));
    writeVerdicts('here.jsonl', await judgeHere());
    return;
  }
  if (basename(dirname(file)) === 'catalog') {
    await updateCatalogGolden(basename(file, '.sql'), flink);
    return;
  }
  const outcomes = await askScript(flink, readFileSync(file, 'utf8'));
  writeGolden(file, outcomes);
  for (const { statement, error } of outcomes) {
    if (error === null) continue;
    process.stdout.write(`${file}: ${statement}\n  ${error.split('\n')[0] ?? ''}\n`);
  }
}

async function main(files: readonly string[], options: { update?: boolean }): Promise<void> {
  const path = findFlink();
  const flink = path === null ? null : Flink.start(path);
  if (flink === null) process.stdout.write('flink is not found: only the engines are compared\n');
  try {
    for (const file of files) {
      if (options.update === true && flink !== null) await update(file, flink);
      else if (!(await check(file, flink))) process.exitCode = 1;
    }
  } finally {
    await flink?.close();
  }
}

await new Command('arbiter').argument('<files...>', 'SQL scripts')
  .option('--update', "write Flink's answers to FILE.golden.jsonl").action(main).parseAsync();
