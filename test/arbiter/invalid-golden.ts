/**
 * Statements that are wrong, each run alone in a session with the tables of invalid/tables.sql.
 * What Flink says of them is kept by class: parse, type, validation, unsupported, runtime.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MillraceError, TableEnvironment, parseScript } from '../../src/index.js';
import type { Flink, FlinkLine } from '../support/flink.js';

const FOLDER = join(import.meta.dirname, 'invalid');
const read = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');

export type InvalidClass = 'parse' | 'type' | 'validation' | 'unsupported' | 'runtime' | 'none';

/** Flink's class and place of an error; `none` where it takes the statement. */
export interface FlinkVerdict {
  readonly statement: string;
  readonly class: InvalidClass;
  readonly line?: number;
  readonly column?: number;
}

/** What is said here, with the code. */
export interface Verdict extends FlinkVerdict {
  readonly code: string;
}

function invalidStatements(): readonly string[] {
  return read('statements.txt').split('\n').filter((line) => line.trim() !== '');
}

export function readVerdicts<Kind extends FlinkVerdict>(name: string): readonly Kind[] {
  return read(name).trim().split('\n').map((line) => JSON.parse(line) as Kind);
}

export function writeVerdicts(name: string, verdicts: readonly FlinkVerdict[]): void {
  const lines = verdicts.map((one) => `${JSON.stringify(one)}\n`);
  writeFileSync(join(FOLDER, name), lines.join(''));
}

export async function askInvalid(flink: Flink): Promise<readonly FlinkVerdict[]> {
  const tables = read('tables.sql');
  const count = (await parseScript(tables)).length;
  const verdicts: FlinkVerdict[] = [];
  for (const statement of invalidStatements()) {
    const lines = await flink.ask({ script: `${tables}${statement};` });
    const answers = lines.filter((line) => line['statement'] !== undefined).slice(count);
    const error = answers.find((line) => line['error'] !== undefined);
    verdicts.push(error === undefined ? { statement, class: 'none' }
      : { statement, class: classOf(error), ...placeOf(error) });
  }
  return verdicts;
}

const TYPE = new RegExp(['Cannot apply', 'Incompatible types', 'Invalid data type',
  'The cast from', 'Cast function cannot convert', 'must be of the same type',
  'not comparable', 'Illegal mixing', 'Invalid function call', 'expected to be boolean',
  'must be a condition', 'Type mismatch', 'Illegal use of', 'requires the timecol',
  'Cannot infer', 'must be of type', 'Incompatible value type'].join('|'));
const RUN = /Failed to (fetch|wait|execute sql)|Job execution failed/;
/** `Unsupported options` are unknown ones; a RESET without keys is wrong whatever is supported. */
const UNSUPPORTED = /not support(?! empty)|unsupported(?! options)|not implemented/i;

function classOf(line: FlinkLine): InvalidClass {
  const name = String(line['class']);
  const causes = (line['causes'] as readonly unknown[] | undefined ?? []).map(String);
  const text = [line['error'], ...causes].join('\n');
  if (/SqlParser|TokenMgr/.test(name) || text.startsWith('SQL parse failed')) return 'parse';
  if (RUN.test(text)) return 'runtime';
  if (TYPE.test(text)) return 'type';
  return UNSUPPORTED.test(text) ? 'unsupported' : 'validation';
}

/** MR2006, wrong arguments, is an error of types to us; of Flink's it may be one of numbers. */
export function isSameClass(flink: FlinkVerdict, here: Verdict): boolean {
  return flink.class === here.class || (here.code === 'MR2006' && flink.class === 'validation');
}

/** The place is in the text or in one of its causes; line 0 is none. */
function placeOf(line: FlinkLine): { readonly line?: number; readonly column?: number } {
  const causes = line['causes'] as readonly unknown[] | undefined ?? [];
  const text = [line['error'], ...causes].join('\n');
  const place = /line (\d+), column (\d+)/i.exec(text);
  if (place === null || place[1] === '0') return {};
  return { line: Number(place[1]), column: Number(place[2]) };
}

/** The same here, on the TypeScript engine. */
export async function judgeHere(): Promise<readonly Verdict[]> {
  const tables = await parseScript(read('tables.sql'));
  const verdicts: Verdict[] = [];
  for (const statement of invalidStatements()) {
    const env = TableEnvironment.create({
      engine: 'fallback', config: { 'table.local-time-zone': 'UTC' },
    });
    for (const { text } of tables) await env.executeSql(text);
    verdicts.push(await verdictOf(env, statement));
  }
  return verdicts;
}

async function verdictOf(env: TableEnvironment, statement: string): Promise<Verdict> {
  try {
    await (await env.executeSql(statement)).await();
    return { statement, class: 'none', code: '' };
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error;
    const { code, position } = error;
    const place = position === undefined ? {} : { line: position.line, column: position.column };
    return { statement, class: classOfCode(code), code, ...place };
  }
}

function classOfCode(code: string): InvalidClass {
  if (code.startsWith('MR1')) return 'parse';
  if (code.startsWith('MR21') && code !== 'MR2103') return 'unsupported';
  if (code === 'MR2006' || code === 'MR2007') return 'type';
  return code.startsWith('MR2') ? 'validation' : 'runtime';
}
