/** Errors that are found behind the binder say where what they are about was written. */
import { describe, expect, it } from 'vitest';
import { MillraceError, TableEnvironment } from '../../src/index.js';

const TABLES = [
  `CREATE TABLE t (a INT, b STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
    WITH ('connector' = 'filesystem', 'path' = 'none', 'format' = 'json')`,
  "CREATE TABLE odd (a INT) WITH ('connector' = 'filesystem', 'path' = 'x', 'format' = 'jsn')",
  "CREATE TABLE hole (a INT) WITH ('connector' = 'blackhole')",
  `CREATE TABLE appends (a INT, n BIGINT) WITH ('connector' = 'filesystem', 'path' = 'x',
    'format' = 'json')`,
  'CREATE VIEW sorted AS SELECT a FROM t ORDER BY a',
  'CREATE VIEW fine AS SELECT a, b FROM t',
];

/** `CODE line:column`, and the text that the place covers. */
async function placeOf(sql: string): Promise<string> {
  const env = TableEnvironment.create({ engine: 'fallback' });
  for (const table of TABLES) await env.executeSql(table);
  try {
    await env.executeSql(sql);
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error;
    const { code, position } = error;
    if (position === undefined) return code;
    return `${code} ${position.line}:${position.column} ` +
      sql.slice(position.offset, position.endOffset).split('\n')[0];
  }
  return 'no error';
}

const WRONG_VALUE = "SET 'table.exec.mini-batch.enabled' = 'perhaps'";

describe('an error that planning finds late', () => {
  it.each([
    ['SELECT a\nFROM t\nORDER BY b', 'MR2100 3:10 b'],
    ['SELECT a FROM t OFFSET 3', 'MR2100 1:24 3'],
    ['SELECT SUM(a) OVER (ORDER BY ts),\n  SUM(a) OVER (PARTITION BY b ORDER BY ts) FROM t',
      'MR2100 2:3 SUM(a) OVER (PARTITION BY b ORDER BY ts)'],
    ['SELECT SUM(a) OVER () FROM t', 'MR2007 1:8 SUM(a) OVER ()'],
    ['SELECT * FROM (SELECT a, RANK() OVER (ORDER BY ts) AS n FROM t)\nWHERE n < 3',
      'MR2100 1:1 SELECT * FROM (SELECT a, RANK() OVER (ORDER BY ts) AS n FROM t)'],
    ['SELECT *\nFROM odd', 'MR2014 2:6 odd'],
    ['SELECT *\nFROM hole', 'MR2018 2:6 hole'],
    ['INSERT INTO\nappends SELECT a, COUNT(*) FROM t GROUP BY a', 'MR2007 2:1 appends'],
    ['SELECT *\n FROM sorted', 'MR2100 2:7 sorted'],
    ["SET 'parallelism.default' = 'many'", "MR2008 1:1 SET 'parallelism.default' = 'many'"],
    ["SET 'no.such' = '1'", "MR2004 1:1 SET 'no.such' = '1'"],
    [WRONG_VALUE, `MR2008 1:1 ${WRONG_VALUE}`],
  ])('%s', async (sql, place) => {
    expect(await placeOf(sql)).toBe(place);
  });

  it('inside a view is at the name of the view', async () => {
    const env = TableEnvironment.create({ engine: 'fallback' });
    for (const table of TABLES) await env.executeSql(table);
    await env.executeSql('DROP TABLE t');
    const error = await env.executeSql('SELECT 1,\n a FROM fine').then(() => null,
      (reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'MR2001', position: { line: 2, column: 9 } });
    expect(String((error as Error).message)).toContain('a FROM fine\n          ^^^^');
    expect(String((error as Error).message)).toContain('in view');
  });

  it('beside a name of the query around counts as that name', async () => {
    expect(await placeOf(`EXPLAIN SELECT q.a FROM t AS q
      WHERE NOT EXISTS (SELECT 1 FROM (SELECT 1 AS q, 2 AS k) AS r WHERE r.k = q.a)`))
      .toBe('no error');
  });
});
