import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { planSql } from '../../src/plan/plan-sql.js';
import { errorOf, session } from './plan-text.js';

/** errors.txt: a statement, then a line `  => ` with the error, then an empty line. */
const cases = readFileSync(new URL('./errors.txt', import.meta.url), 'utf8').trim()
  .split('\n\n').map((part) => part.split('\n  => ') as [sql: string, error: string]);

const GROUPED = 'CREATE VIEW g AS SELECT ts, count(*) AS n FROM t GROUP BY ts; ';

describe('what is wrong is refused by name', () => {
  test.each(cases)('%s', (sql, error) => {
    expect(errorOf(GROUPED + sql)).toBe(error);
  });
});

test('an error points into the text and suggests a name', () => {
  const sql = 'SELECT auctoin\nFROM bid';
  expect(() => planSql(session().catalog, sql)).toThrow(expect.objectContaining({
    position: { line: 1, column: 8, offset: 7, endOffset: 14 },
    hint: 'did you mean auction?',
  }));
});
