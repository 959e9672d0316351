/**
 * Question scripts with Flink's answers beside them. A line `-- tables: orders, clicks` stands for
 * the CREATE TABLE statements in data/, `${DATA}` for the folder of their files.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Flink } from '../support/flink.js';
import { outcomesOf, type StatementOutcome } from '../support/result-lines.js';

export const SCRIPTS = join(import.meta.dirname, 'scripts');
const DATA = join(import.meta.dirname, 'data');

export const SESSION_ZONE = 'UTC';

/** The scripts' names without `.sql`. */
export function scriptNames(): readonly string[] {
  return readdirSync(SCRIPTS).filter((name) => name.endsWith('.sql'))
    .map((name) => name.slice(0, -'.sql'.length)).sort();
}

/** The script as it is run. */
export function expandScript(text: string): string {
  const withTables = text.replace(/^-- tables: (.*)$/gm, (_line, names: string) =>
    names.split(',').map((name) => tableSql(name.trim())).join(''));
  return withTables.replaceAll('${DATA}', DATA);
}

const tableSql = (name: string): string => readFileSync(join(DATA, `${name}.sql`), 'utf8');

export function readScript(name: string): string {
  return expandScript(readFileSync(join(SCRIPTS, `${name}.sql`), 'utf8'));
}

/**
 * `-- folded` begins a script whose rows come from several inputs: which meets which first is
 * luck, so that only the tables at the end are compared.
 */
export const isFolded = (script: string): boolean => script.startsWith('-- folded');

/** The rows of the table at the end instead of the changes that led there. */
export function folded(outcome: StatementOutcome): StatementOutcome {
  const counts = new Map<string, number>();
  for (const change of outcome.changes) {
    const row = change.slice(3);
    const sign = change[0] === '+' ? 1 : -1;
    counts.set(row, (counts.get(row) ?? 0) + sign);
  }
  const changes = [...counts].flatMap(([row, count]) =>
    Array.from({ length: Math.max(count, 0) }, () => `+I ${row}`));
  return { ...outcome, changes };
}

/** A statement's outcome as it is kept: no file names, no error texts, changes in text order. */
function kept(outcome: StatementOutcome): StatementOutcome {
  return {
    ...outcome, statement: outcome.statement.replaceAll(DATA, '${DATA}'), error: null,
    changes: [...outcome.changes].sort(),
  };
}

const goldenPath = (script: string): string => script.replace(/\.sql$/, '.golden.jsonl');

export function readGolden(name: string): readonly StatementOutcome[] | null {
  const path = goldenPath(join(SCRIPTS, `${name}.sql`));
  if (!existsSync(path)) return null;
  return readFileSync(path, 'utf8').split('\n').filter((line) => line !== '')
    .map((line) => JSON.parse(line) as StatementOutcome);
}

export function writeGolden(path: string, outcomes: readonly StatementOutcome[]): void {
  writeFileSync(goldenPath(path),
    outcomes.map((outcome) => `${JSON.stringify(kept(outcome))}\n`).join(''));
}

/** Flink's answers, with a watermark after each row that raises it. */
export async function askScript(flink: Flink, script: string): Promise<StatementOutcome[]> {
  const settings = `SET 'pipeline.auto-watermark-interval' = '0';\n` +
    `SET 'table.local-time-zone' = '${SESSION_ZONE}';\n`;
  const outcomes = outcomesOf(await flink.ask({ script: settings + expandScript(script) }));
  return outcomes.slice(2).map((outcome) => (isFolded(script) ? folded(outcome) : outcome));
}
