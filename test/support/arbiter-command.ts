/** `npm run arbiter -- FILE.sql`: one script on Flink and both engines; the first difference. */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { findFlink, Flink } from './flink.js';
import { difference, outcomesOf, type StatementOutcome } from './result-lines.js';
import { runScript } from './run-script.js';

async function askFlink(path: string, script: string): Promise<StatementOutcome[]> {
  const flink = Flink.start(path);
  try {
    const settings = "SET 'pipeline.auto-watermark-interval' = '0';\n";
    const lines = await flink.ask({ script: settings + script });
    return outcomesOf(lines).slice(1);
  } finally {
    await flink.close();
  }
}

function compare(
  name: string, expected: readonly StatementOutcome[], actual: readonly StatementOutcome[],
): boolean {
  for (const [i, outcome] of expected.entries()) {
    const other = actual[i];
    const found = other === undefined ? 'no answer' : difference(outcome, other);
    if (found === null) continue;
    process.stdout.write(
      `${name} differs at statement ${i + 1}:\n${outcome.statement}\n${found}\n`);
    return false;
  }
  process.stdout.write(`${name} is equal: ${expected.length} statements\n`);
  return true;
}

async function main(file: string): Promise<void> {
  const script = readFileSync(file, 'utf8');
  const native = await runScript(script, 'native');
  const fallback = await runScript(script, 'fallback');
  const flink = findFlink();
  const isEqual = flink === null
    ? compare('fallback against native', native, fallback)
    : [await askFlink(flink, script)].every((expected) =>
      [compare('native', expected, native), compare('fallback', expected, fallback)]
        .every(Boolean));
  if (flink === null) process.stdout.write('flink is not found: the engines alone were compared\n');
  process.exitCode = isEqual ? 0 : 1;
}

await new Command('arbiter').argument('<file>', 'an SQL script').action(main).parseAsync();
