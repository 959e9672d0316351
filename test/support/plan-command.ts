/**
 * `npm run arbiter:plans -- [--count N] [--seed S]`: random streaming programs on one Flink process
 * and both engines. Plans of one input give the same changes, others the same folded table. Where
 * they differ, the first view of the chain that does is printed.
 */
import { existsSync, mkdirSync, readFileSync, appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { writePlanGoldens, type PlanGolden } from '../arbiter/plan-golden.js';
import { randomOf } from '../expr/random-expression.js';
import { findFlink, Flink } from './flink.js';
import { answerHere, PLAN_CONFIG, planAnswer, planScript, problem } from './plans/answers.js';
import { writePlanFiles } from './plans/plan-tables.js';
import { randomPlan, type View } from './plans/random-plan.js';
import { outcomesOf, type StatementOutcome } from './result-lines.js';

interface Options {
  readonly count: string;
  readonly seed: string;
  readonly offline?: boolean;
  readonly update?: string;
}

const CACHE = join(import.meta.dirname, '../../.cache/arbiter/plans');
const UNSUPPORTED = /^MR21(00|01|02|04) /;

/** Flink's answers, kept from run to run. */
class FlinkPlans {
  private readonly known = new Map<string, StatementOutcome>();
  private readonly file = join(CACHE, 'answers.jsonl');

  constructor(private readonly flink: Flink | null) {
    const text = existsSync(this.file) ? readFileSync(this.file, 'utf8') : '';
    for (const line of text.split('\n').filter((one) => one !== '')) {
      const [key, answer] = JSON.parse(line) as [string, StatementOutcome];
      this.known.set(key, answer);
    }
  }

  async answer(script: string): Promise<StatementOutcome | null> {
    const found = this.known.get(script);
    if (found !== undefined || this.flink === null) return found ?? null;
    const settings = Object.entries(PLAN_CONFIG)
      .map(([key, value]) => `SET '${key}' = '${value}';\n`);
    const answer = planAnswer(outcomesOf(
      await this.flink.ask({ script: `${settings.join('')}${script}` })));
    this.known.set(script, answer);
    appendFileSync(this.file, `${JSON.stringify([script, answer])}\n`);
    return answer;
  }
}

type Verdict = 'same' | 'refused' | 'unasked' | 'explained' | { readonly text: string };

async function judge(
  flink: FlinkPlans, folder: string, views: readonly View[],
): Promise<Verdict> {
  const expected = await flink.answer(planScript(folder, views));
  if (expected === null) return 'unasked';
  let text = '';
  let reason: string | null = null;
  for (const engine of ['native', 'fallback'] as const) {
    const here = await answerHere(engine, folder, views);
    if (expected.kind !== 'error' && UNSUPPORTED.test(here.error ?? '')) return 'refused';
    const found = problem(views, expected, here);
    if (found !== null && found.reason === null) text += `  ${engine}: Flink ${found.text}\n`;
    reason ??= found?.reason ?? null;
  }
  if (text !== '') return { text };
  return reason === null ? 'same' : 'explained';
}

async function main({ count, seed, offline, update }: Options): Promise<void> {
  mkdirSync(CACHE, { recursive: true });
  const path = findFlink();
  if (path === null) throw new Error('there is no flink-sql command (MILLRACE_FLINK_SQL)');
  const process_ = offline === true ? null : Flink.start(path);
  const flink = new FlinkPlans(process_);
  const random = randomOf(Number(seed));
  const goldens: PlanGolden[] = [];
  const counts = { asked: 0, unasked: 0, refused: 0, explained: 0, different: 0 };
  for (let i = 0; i < Number(count); i++) {
    // Twenty plans share their rows.
    const folder = join(CACHE, `${seed}-${Math.floor(i / 20)}`);
    if (i % 20 === 0) {
      mkdirSync(folder, { recursive: true });
      writePlanFiles(folder, random);
    }
    const views = randomPlan(random);
    const verdict = await judge(flink, folder, views);
    if (verdict === 'unasked') counts.unasked++;
    else counts.asked++;
    if (verdict === 'refused') counts.refused++;
    if (verdict === 'explained') counts.explained++;
    if (verdict === 'same' && goldens.length < Number(update ?? 0)) {
      const answer = await flink.answer(planScript(folder, views));
      if (answer !== null && answer.kind !== 'error') goldens.push({ folder, views, answer });
    }
    if (typeof verdict === 'string') continue;
    counts.different++;
    await report(flink, folder, views);
  }
  if (update !== undefined) writePlanGoldens(Number(seed), goldens);
  process.stdout.write(`${JSON.stringify({ seed: Number(seed), ...counts })}\n`);
  await process_?.close();
  process.exitCode = counts.different === 0 ? 0 : 1;
}

/** The shortest beginning of the chain that differs. */
async function report(flink: FlinkPlans, folder: string, views: readonly View[]): Promise<void> {
  for (let length = 1; length <= views.length; length++) {
    const verdict = await judge(flink, folder, views.slice(0, length));
    if (typeof verdict === 'string') continue;
    const shown = views.slice(0, length).map(({ name, kind, sql }) => `${name} (${kind}): ${sql}`);
    process.stdout.write(`${folder}\n${shown.join('\n')}\n${verdict.text}`);
    return;
  }
}

await new Command('arbiter:plans')
  .option('--count <number>', 'how many plans', '500')
  .option('--seed <number>', 'where the random numbers begin', '1')
  .option('--update <number>', 'how many of them are kept in test/arbiter/random-plans')
  .option('--offline', 'only what Flink was asked before')
  .action(main)
  .parseAsync();
