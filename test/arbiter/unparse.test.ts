/**
 * What unparse writes is SQL that Flink reads: every statement of test/sql and of Flink's own
 * authors, asked of the real Flink (MILLRACE_ARBITER=1; it takes a JVM and a minute or two).
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseScript, parseStatement, unparse } from '../../src/sql/index.js';
import { findFlink, Flink } from '../support/flink.js';

const SQL = join(import.meta.dirname, '..', 'sql');
const CASES = join(import.meta.dirname, '..', '..', '..', 'shared', 'conformance');
const flinkPath = process.env['MILLRACE_ARBITER'] === '1' ? findFlink() : null;

function linesOf(folder: string, name: string): readonly string[] {
  const path = join(folder, name);
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8').split('\n').filter((line) => line !== '');
}

function casesOf<T>(name: string): readonly T[] {
  return linesOf(CASES, name).map((line) => JSON.parse(line) as T);
}

function statementsOfPrograms(): readonly string[] {
  type Program = { readonly run: readonly { readonly sql?: string; readonly error?: unknown }[] };
  return casesOf<Program>('programs.jsonl').flatMap(({ run }) => run)
    .flatMap(({ sql, error }) => (sql === undefined || error !== undefined ? [] : [sql]))
    .flatMap((sql) => parseScript(sql).map(({ statement }) => unparse(statement)));
}

function statementsOfScripts(): readonly string[] {
  type Script = { readonly statements: readonly { readonly sql: string; status: string }[] };
  return casesOf<Script>('scripts.jsonl').flatMap(({ statements }) => statements)
    .filter(({ status }) => status !== 'error').flatMap(({ sql }) => unparsed(sql));
}

function expressionsOf(name: string): readonly string[] {
  return casesOf<{ readonly sql: string; readonly error?: unknown }>(name)
    .filter(({ error }) => error === undefined).flatMap(({ sql }) => unparsed(`SELECT ${sql}`));
}

/** Commands of the client are no statements and do not parse. */
function unparsed(sql: string): readonly string[] {
  try {
    return [unparse(parseStatement(sql))];
  } catch {
    return [];
  }
}

/** Queries are explained: they need no run. */
function question(sql: string): string {
  return /^\s*(\(|SELECT|WITH|VALUES|INSERT|TABLE)/i.test(sql) ? `EXPLAIN ${sql}` : sql;
}

describe.skipIf(flinkPath === null)('Flink parses what unparse writes', () => {
  const flink = flinkPath === null ? null : Flink.start(flinkPath);
  afterAll(async () => { await flink?.close(); });

  it.each([
    ['accepted statements', () => linesOf(SQL, 'accepted.txt').flatMap(unparsed), 400],
    ['scripts', statementsOfScripts, 300],
    ['programs', statementsOfPrograms, 100],
    ['functions', () => expressionsOf('functions.jsonl'), 700],
    ['expressions', () => expressionsOf('expressions.jsonl'), 400],
  ] as const)('%s', async (_, statements, atLeast) => {
    const all = [...new Set(statements())];
    const refused: string[] = [];
    for (const sql of all) {
      const lines = await flink!.ask({ script: `${question(sql)};` });
      const isParsed = lines.every((line) => !String(line['error']).startsWith('SQL parse failed'));
      if (!isParsed) refused.push(`${sql}\n  ${JSON.stringify(lines)}`);
    }
    expect(refused).toEqual([]);
    expect(all.length).toBeGreaterThan(atLeast);
  }, 600_000);
});
