/**
 * `npm run arbiter:expressions -- [--count N] [--seed S] [--zone Z]`: random expressions over the
 * sample tables, asked of one Flink process in large batches and of both engines. Equal are type
 * (nullability included) and value of each row, or a failure at the same time. Every difference is
 * shrunk to its smallest sub-expression that differs.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { pick, randomOf } from '../expr/random-expression.js';
import { type Answer, EngineHere, FlinkAnswers, type Question } from './expressions/answers.js';
import { difference } from './expressions/difference.js';
import { explanation } from './expressions/explained.js';
import { RandomCalls, type Tree } from './expressions/random-call.js';
import { type SampleTable, writeSampleFiles } from './expressions/sample-table.js';
import { writeGoldens } from '../arbiter/random-golden.js';
import { findFlink, Flink } from './flink.js';

const CACHE = join(import.meta.dirname, '../../.cache/arbiter');

interface Options {
  readonly count: string;
  readonly seed: string;
  readonly zone: string;
  readonly update?: string;
  readonly offline?: boolean;
  readonly known?: boolean;
}

interface Asked {
  readonly tree: Tree;
  readonly table: SampleTable;
}

/** Both engines and Flink over the same files. */
class Arbiter {
  private readonly here = new Map<string, readonly Answer[]>();

  constructor(
    private readonly engines: readonly EngineHere[], readonly flink: FlinkAnswers,
  ) {}

  /** Asks all of them; answers are kept. */
  async ask(questions: readonly Question[]): Promise<void> {
    for (const one of questions) await this.askHere(one);
    await this.flink.ask(questions, (one) => this.answersHere(one).some((each) => 'error' in each));
  }

  answersHere({ table, sql }: Question): readonly Answer[] {
    return this.here.get(`${table} ${sql}`) ?? [];
  }

  /** What the engines say otherwise, by engine; null where nothing. */
  differences(question: Question): readonly (string | null)[] | null {
    const flink = this.flink.get(question);
    if (flink === undefined) return null;
    const found = this.answersHere(question).map((one) => difference(question.sql, flink, one));
    return found.every((one) => one === null) ? null : found;
  }

  /** Whether it was asked, and what differs has a page. */
  isSettled(question: Question): boolean {
    const flink = this.flink.get(question);
    return flink !== undefined && (this.differences(question) === null ||
      explanation(question.sql, flink, this.answersHere(question)) !== null);
  }

  private async askHere(question: Question): Promise<void> {
    const key = `${question.table} ${question.sql}`;
    if (this.here.has(key)) return;
    const answers: Answer[] = [];
    for (const engine of this.engines) answers.push(await engine.answer(question));
    this.here.set(key, answers);
  }
}

const questionOf = ({ tree, table }: Asked): Question => ({ sql: tree.sql, table });

function subTrees({ tree, table }: Asked): readonly Asked[] {
  const own = tree.name === 'leaf' ? [] : [{ tree, table }];
  return [...own, ...tree.parts.flatMap((part) => subTrees({ tree: part, table }))];
}

/** The smallest part that differs already. */
function smallest(arbiter: Arbiter, asked: Asked): Asked {
  const part = asked.tree.parts.map((tree) => ({ tree, table: asked.table }))
    .flatMap((one) => subTrees(one))
    .find((one) => arbiter.differences(questionOf(one)) !== null);
  return part === undefined ? asked : smallest(arbiter, part);
}

function shown(answer: Answer): string {
  return 'error' in answer ? `${answer.error}: ${answer.text}`
    : `${answer.type} ${JSON.stringify(answer.values)}`;
}

function report(arbiter: Arbiter, asked: Asked): string {
  const question = questionOf(asked);
  const [native, fallback] = arbiter.differences(question)!;
  const lines = native === fallback ? [['both', native]]
    : [['native', native], ['fallback', fallback]];
  return `${asked.tree.name} | ${asked.tree.sql} FROM ${asked.table}\n` +
    `  flink: ${shown(arbiter.flink.get(question)!)}\n` +
    lines.map(([name, text]) => `  ${name}: ${text ?? 'the same'}\n`).join('');
}

interface Counts {
  asked: number;
  failing: number;
  refused: number;
  explained: number;
  different: number;
}

async function judge(arbiter: Arbiter, all: readonly Asked[]): Promise<Counts> {
  await arbiter.ask(all.map(questionOf));
  const answered = all.filter((one) => arbiter.flink.get(questionOf(one)) !== undefined);
  const different = answered.filter((one) => arbiter.differences(questionOf(one)) !== null);
  await arbiter.ask(different.flatMap((one) => subTrees(one)).map(questionOf));
  const counts = { asked: answered.length, failing: 0, refused: 0, explained: 0, different: 0 };
  counts.failing = answered.filter((one) => 'error' in arbiter.flink.get(questionOf(one))!).length;
  const reports = new Map<string, number>();
  for (const one of different) {
    const least = smallest(arbiter, one);
    const answers = arbiter.answersHere(questionOf(least));
    const flink = arbiter.flink.get(questionOf(least))!;
    if (answers.some((each) => 'error' in each && each.error === 'unsupported')) counts.refused++;
    else if (explanation(least.tree.sql, flink, answers) !== null) counts.explained++;
    else {
      counts.different++;
      const text = report(arbiter, least);
      reports.set(text, (reports.get(text) ?? 0) + 1);
    }
  }
  for (const text of [...reports.keys()].sort()) process.stdout.write(text);
  return counts;
}

function randomQuestions(seed: number, count: number): readonly Asked[] {
  const random = randomOf(seed);
  const calls = new RandomCalls(random);
  return Array.from({ length: count }, (_, i): Asked => ({
    tree: calls.expression(1 + (i % 4)),
    table: pick(random, ['sample', 'sample', 'sample', 'sample', 'extremes']),
  }));
}

const asLeaf = ({ sql, table }: Question): Asked =>
  ({ tree: { sql, name: 'known', type: null, parts: [] }, table });

function startFlink(): Flink {
  const path = findFlink();
  if (path === null) throw new Error('there is no flink-sql command (MILLRACE_FLINK_SQL)');
  return Flink.start(path);
}

async function main({ count, seed, zone, update, offline, known }: Options): Promise<void> {
  mkdirSync(CACHE, { recursive: true });
  writeSampleFiles(CACHE);
  const flink = offline === true || known === true ? null : startFlink();
  const answers = new FlinkAnswers(flink, CACHE, zone, join(CACHE, 'expressions.jsonl'));
  const arbiter = new Arbiter([await EngineHere.open('native', CACHE, zone),
    await EngineHere.open('fallback', CACHE, zone)], answers);
  const all = known === true ? answers.questions().map(asLeaf)
    : randomQuestions(Number(seed), Number(count));
  const counts = await judge(arbiter, all);
  if (update !== undefined) {
    // What only contains an explained difference has no page of its own.
    const settled = all.filter((one) => arbiter.isSettled(questionOf(one)));
    const step = Math.ceil(settled.length / Number(update));
    const sample = settled.filter((_, i) => i % step === 0);
    writeGoldens(zone, sample.map((one) =>
      ({ ...questionOf(one), answer: answers.get(questionOf(one))! })));
  }
  process.stdout.write(`${JSON.stringify({ seed: Number(seed), zone, ...counts })}\n`);
  await flink?.close();
  process.exitCode = counts.different === 0 ? 0 : 1;
}

await new Command('arbiter:expressions')
  .option('--count <number>', 'how many expressions', '3000')
  .option('--seed <number>', 'where the random numbers begin', '1')
  .option('--zone <zone>', 'the session time zone', 'UTC')
  .option('--offline', 'only what Flink was asked before')
  .option('--known', 'all that Flink was asked before, without asking it again')
  .option('--update <number>', 'keep so many as goldens')
  .action(main)
  .parseAsync();
