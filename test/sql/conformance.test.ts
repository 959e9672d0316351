/**
 * Statements that Flink's own authors wrote in their tests: each that Flink accepts must parse.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  dataTypeText, parseDataType, parseExpression, parseScript, parseStatement,
} from '../../src/sql/index.js';

const folder = join(import.meta.dirname, '../../../shared/conformance');
const present = existsSync(folder);

interface Case {
  readonly id: string;
  readonly sql: string;
}

function lines(name: string): readonly Record<string, unknown>[] {
  return readFileSync(join(folder, name), 'utf8').split('\n').filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

function failures(cases: readonly Case[], parse: (sql: string) => unknown): readonly string[] {
  return cases.flatMap(({ id, sql }) => {
    try {
      parse(sql);
      return [];
    } catch (error) {
      return [`${id}: ${sql}\n${String(error)}`];
    }
  });
}

function scripts(): readonly Case[] {
  return lines('scripts.jsonl').flatMap(({ id, statements }) =>
    (statements as { sql: string; status: string }[])
      .filter(({ status }) => status === 'ok' || status === 'info')
      .map(({ sql }) => ({ id: String(id), sql })));
}

/** Lines at which the client's prompt waits for more. */
const unfinished: ReadonlySet<string> = new Set(["SELECT ';", 'SELECT /*;', 'SELECT --;']);

/** Words of the command line client; they never reach the parser. */
const clientCommands = /^\s*(quit|exit|clear|help|source)\b/i;

function programs(): readonly Case[] {
  return lines('programs.jsonl').flatMap(({ id, run }) =>
    (run as { sql?: string; statementSet?: readonly string[]; error?: unknown }[])
      .filter(({ error }) => error === undefined)
      .flatMap(({ sql, statementSet }) => [...(sql === undefined ? [] : [sql]),
        ...(statementSet ?? [])])
      .map((sql) => ({ id: String(id), sql })));
}

function expressions(name: string): readonly Case[] {
  return lines(name).filter(({ error }) => error === undefined)
    .map(({ id, sql }) => ({ id: String(id), sql: String(sql) }));
}

describe.skipIf(!present)(`conformance cases${present ? '' : ` (skipped: no ${folder})`}`, () => {
  it('statements of client scripts that Flink accepts parse', () => {
    const cases = scripts()
      .filter(({ sql }) => !clientCommands.test(sql) && !unfinished.has(sql.trim()));
    expect(cases.length).toBeGreaterThan(500);
    expect(failures(cases, parseStatement)).toEqual([]);
  });

  it('statements of programs parse', () => {
    const cases = programs();
    expect(cases.length).toBeGreaterThan(100);
    expect(failures(cases, parseScript)).toEqual([]);
  });

  it('types of functions parse, also unparsed', () => {
    const cases = lines('functions.jsonl').flatMap(({ id, type, input }) =>
      [...(input as readonly string[][] ?? []).map(([, text]) => text), type]
        .filter((text) => typeof text === 'string').map((sql) => ({ id: String(id), sql })));
    expect(cases.length).toBeGreaterThan(1000);
    expect(failures(cases, (text) => parseDataType(dataTypeText(parseDataType(text)))))
      .toEqual([]);
  });

  it.each(['functions.jsonl', 'expressions.jsonl'])('expressions of %s parse', (name) => {
    const cases = expressions(name);
    expect(cases.length).toBeGreaterThan(300);
    expect(failures(cases, parseExpression)).toEqual([]);
  });
});
