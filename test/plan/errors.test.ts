import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { planSql } from '../../src/plan/plan-sql.js';
import { errorOf, explain, session } from './plan-text.js';

/** errors.txt: a statement, then a line `  => ` with the error, then an empty line. */
const cases = readFileSync(new URL('./errors.txt', import.meta.url), 'utf8').trim()
  .split('\n\n').map((part) => part.split('\n  => ') as [sql: string, error: string]);

const GROUPED = 'CREATE VIEW g AS SELECT ts, count(*) AS n FROM t GROUP BY ts; ';

describe('what is wrong is refused by name', () => {
  test.each(cases)('%s', (sql, error) => {
    expect(errorOf(GROUPED + sql)).toBe(error);
  });
});

test.each([
  ['SELECT NVL(1, 2)', 'COALESCE'], ["SELECT Length('a')", 'CHAR_LENGTH'],
  ['SELECT CAST(1 AS TEXT)', 'STRING'],
])('a name of another database comes with ours: %s', (sql, name) => {
  expect(() => planSql(session().catalog, sql)).toThrow(
    expect.objectContaining({ hint: `did you mean ${name}?` }));
});

test('an error points into the text and suggests a name', () => {
  const sql = 'SELECT auctoin\nFROM bid';
  expect(() => planSql(session().catalog, sql)).toThrow(expect.objectContaining({
    position: { line: 1, column: 8, offset: 7, endOffset: 14 },
    hint: 'did you mean auction?',
  }));
});

test('keys that differ are told by the names of the sink and of the query', () => {
  const sql = 'INSERT INTO keyed SELECT CHAR_LENGTH(b) AS x, COUNT(*) FROM p GROUP BY b, c';
  expect(() => explain(sql)).toThrow(expect.objectContaining({
    detail: expect.stringContaining('Primary key: [a], upsert key:'),
  }));
});

test.each([
  ['table.exec.emit.early-fire.enabled', 'true'], ['table.exec.emit.late-fire.enabled', 'true'],
  ['table.exec.emit.allow-lateness', '1 h'],
])('windows shown at other times than their end are refused by name: %s', (key, value) => {
  const sql = 'SELECT COUNT(*) FROM t GROUP BY TUMBLE(ts, INTERVAL \'1\' HOUR)';
  expect(() => explain(sql, { [key]: value })).toThrow(`MR2100 unsupported feature: ${key}`);
});
