/**
 * `npm run arbiter:expressions -- [--count N] [--seed S]`: random expressions through one Flink
 * process and both engines; every difference is printed. Equal are type and text, or an error on
 * both sides. An expression that uses what millrace refuses by name is counted apart.
 */
import { Command } from 'commander';
import { randomOf } from '../expr/random-expression.js';
import { ENGINES, evaluatedGolden, type Golden, goldenType } from './expression.js';
import { findFlink, Flink, type FlinkLine } from './flink.js';
import { randomSql } from './random-sql.js';

interface Options {
  readonly count: string;
  readonly seed: string;
}

const UNSUPPORTED = /^MR(2100|2102|2104)\b/;

/** Java 17 sometimes prints a digit more than the shortest text of a DOUBLE. */
function sameText(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === 'string' && typeof b === 'string' &&
    a !== '' && b !== '' && Number(a) === Number(b));
}

/** How an engine's answer differs from Flink's; null where it does not, '' where it refuses. */
function difference(golden: Golden, engine: (typeof ENGINES)[number]): string | null {
  const answer = evaluatedGolden(golden, engine);
  if ('error' in answer) {
    if (UNSUPPORTED.test(answer.error)) return '';
    return golden.error === undefined ? answer.error : null;
  }
  if (golden.error !== undefined) return `no error: ${String(answer.text)}`;
  const isSame = answer.type === goldenType(golden) && sameText(answer.text, golden.text ?? null);
  return isSame ? null : `${String(answer.text)} ${answer.type}`;
}

function goldenOf(sql: string, line: FlinkLine | undefined): Golden {
  if (line === undefined || 'error' in line) return { sql, error: line?.['when'] as 'plan' };
  return { sql, type: String(line['type']), text: line['text'] as string | null };
}

async function main({ count, seed }: Options): Promise<void> {
  const path = findFlink();
  if (path === null) throw new Error('there is no flink-sql command (MILLRACE_FLINK_SQL)');
  const flink = Flink.start(path);
  const random = randomOf(Number(seed));
  const counts = { asked: 0, refused: 0, different: 0 };
  for (; counts.asked < Number(count); counts.asked++) {
    const sql = randomSql(random);
    const golden = goldenOf(sql, (await flink.ask({ config: {}, sql })).at(-1));
    const found = ENGINES.map((engine) => [engine, difference(golden, engine)] as const);
    if (found.some(([, one]) => one === '')) counts.refused++;
    const wrong = found.filter(([, one]) => one !== null && one !== '');
    if (wrong.length === 0) continue;
    counts.different++;
    const expected = golden.error === undefined ? `${String(golden.text)} ${goldenType(golden)}`
      : `error at ${golden.error}`;
    const lines = wrong.map(([engine, one]) => `  ${engine}: ${String(one)}\n`).join('');
    process.stdout.write(`${sql}\n  flink: ${expected}\n${lines}`);
  }
  process.stdout.write(`${JSON.stringify(counts)}\n`);
  await flink.close();
  process.exitCode = counts.different === 0 ? 0 : 1;
}

await new Command('arbiter:expressions')
  .option('--count <number>', 'how many expressions', '300')
  .option('--seed <number>', 'where the random numbers begin', '1')
  .action(main)
  .parseAsync();
