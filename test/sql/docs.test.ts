/**
 * The SQL of docs/sql/statements.md parses.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseScript, parseStatement } from '../../src/sql/index.js';

const page = readFileSync(
  join(import.meta.dirname, '../../docs/sql/statements.md'), 'utf8');

it('every SQL snippet of the page parses', () => {
  const snippets = [...page.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, sql]) => sql ?? '');
  expect(snippets.length).toBeGreaterThan(1);
  for (const sql of snippets) expect(parseScript(sql).length, sql).toBeGreaterThan(0);
});

it('the error of the page is the error of the parser', () => {
  const text = /```text\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  expect(() => parseStatement('SELECT *\n  , price\n  FORM bid'))
    .toThrow(text.trim().split('\n')[0]);
  const message = text.trimEnd().split('\n').map((line) => line.trim());
  try {
    parseStatement('SELECT *\n  , price\n  FORM bid');
  } catch (error) {
    expect(String((error as Error).message).split('\n').map((line) => line.trim()))
      .toEqual(message);
  }
});
