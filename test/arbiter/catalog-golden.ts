/**
 * Scripts about the catalog with Flink's answers beside them: unlike those of queries, their rows
 * are compared in order, and there is one engine, for none of them needs an operator.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { JsonPrinter } from '../../src/cli/print/json.js';
import { TableEnvironment } from '../../src/index.js';
import type { Flink, FlinkLine } from '../support/flink.js';

export const CATALOG_SCRIPTS = join(import.meta.dirname, 'catalog');

/** What one statement answered: rows, or that it failed. */
export interface CatalogAnswer {
  readonly statement: string;
  readonly columns?: unknown;
  readonly rows?: readonly unknown[];
  readonly failed?: true;
}

export function catalogScripts(): readonly string[] {
  return readdirSync(CATALOG_SCRIPTS).filter((name) => name.endsWith('.sql'))
    .map((name) => name.slice(0, -'.sql'.length)).sort();
}

function readCatalogScript(name: string): string {
  return readFileSync(join(CATALOG_SCRIPTS, `${name}.sql`), 'utf8');
}

const goldenPath = (name: string): string => join(CATALOG_SCRIPTS, `${name}.golden.jsonl`);

export function readCatalogGolden(name: string): readonly CatalogAnswer[] {
  if (!existsSync(goldenPath(name))) return [];
  return readFileSync(goldenPath(name), 'utf8').trim().split('\n')
    .map((line) => JSON.parse(line) as CatalogAnswer);
}

export async function updateCatalogGolden(name: string, flink: Flink): Promise<void> {
  const answers = answersOf(await flink.ask({ script: readCatalogScript(name) }));
  writeFileSync(goldenPath(name), answers.map((one) => `${JSON.stringify(one)}\n`).join(''));
}

/** The same script here. */
export async function runCatalogScript(name: string): Promise<readonly CatalogAnswer[]> {
  const lines: FlinkLine[] = [];
  const printer = new JsonPrinter(async (text) => {
    for (const line of text.split('\n')) if (line !== '') lines.push(JSON.parse(line) as FlinkLine);
  });
  const config = { 'table.local-time-zone': 'UTC' };
  const env = TableEnvironment.create({ engine: 'fallback', config });
  for (const text of statementsOf(readCatalogScript(name))) {
    try {
      await printer.result(text, await env.executeSql(text));
    } catch (error) {
      printer.failure({ statement: text, error });
    }
  }
  return answersOf(lines);
}

/** A statement ends with a line; one that does not parse hides no other. */
function statementsOf(script: string): readonly string[] {
  return script.split(';\n').map((text) => text.trim()).filter((text) => text !== '');
}

function answersOf(lines: readonly FlinkLine[]): readonly CatalogAnswer[] {
  const answers: CatalogAnswer[] = [];
  for (const line of lines) {
    const last = answers.at(-1);
    if (line['statement'] !== undefined) {
      const statement = String(line['statement']);
      const failed = line['error'] !== undefined;
      if (failed && last?.statement === statement && last.rows !== undefined) answers.pop();
      answers.push(failed ? { statement, failed: true } : { statement });
    } else if (line['schema'] !== undefined && last !== undefined) {
      answers[answers.length - 1] = { ...last, columns: line['schema'], rows: [] };
    } else if (line['op'] !== undefined && last !== undefined) {
      answers[answers.length - 1] = { ...last, rows: [...last.rows ?? [], line['row']] };
    }
  }
  return answers;
}
