/** What a person sees, by the cell: texts as Flink's SQL client prints them. */
import { describe, expect, it } from 'vitest';
import { TablePrinter } from '../../src/cli/print/table.js';
import { TableEnvironment } from '../../src/index.js';
import { zoneOf } from '../../src/types/zone.js';

const ENGINES = ['native', 'fallback'] as const;

async function printed(
  engine: (typeof ENGINES)[number], mode: 'table' | 'changelog', ...statements: string[]
): Promise<string> {
  let text = '';
  const config = { 'table.local-time-zone': 'Asia/Tokyo' };
  const env = TableEnvironment.create({ engine, config });
  for (const statement of statements) {
    const result = await env.executeSql(statement);
    if (result.job !== null) expect(result.job.engines).toEqual([engine]);
    const write = async (piece: string): Promise<void> => {
      text += piece;
    };
    await new TablePrinter(write, mode, () => zoneOf(env.config.zone)).result(statement, result);
  }
  return text;
}

describe.each(ENGINES)('a printed table, %s engine', (engine) => {
  it('has values as CAST to STRING makes them', async () => {
    const table = await printed(engine, 'table', `SELECT 1 = 1 AS b, CAST(NULL AS INT) AS n,
      TIMESTAMP '2020-01-01 00:00:00' AS t, TO_TIMESTAMP_LTZ(0, 3) AS z, X'0aFF' AS x`);
    expect(table).toBe([
      '+------+--------+---------------------+-------------------------+---------+',
      '|    b |      n |                   t |                       z |       x |',
      '+------+--------+---------------------+-------------------------+---------+',
      "| TRUE | <NULL> | 2020-01-01 00:00:00 | 1970-01-01 09:00:00.000 | x'0aff' |",
      '+------+--------+---------------------+-------------------------+---------+',
      '1 row', '',
    ].join('\n'));
  });

  it('keeps the fractions that the type has', async () => {
    const table = await printed(engine, 'table',
      `CREATE TEMPORARY VIEW v AS SELECT CAST(TIMESTAMP '2020-01-01 00:00:00.5' AS TIMESTAMP(3)) m,
        DATE '2020-02-03' AS d, 1.50 AS p`, 'SELECT * FROM v');
    expect(table).toContain('| 2020-01-01 00:00:00.500 | 2020-02-03 | 1.50 |');
  });

  it('is folded, or has every change with its kind', async () => {
    const sql = 'SELECT SUM(v) AS total FROM (VALUES (1), (2)) AS t (v)';
    expect(await printed(engine, 'table', sql)).toBe(
      '+-------+\n| total |\n+-------+\n|     3 |\n+-------+\n1 row\n');
    expect(await printed(engine, 'changelog', sql)).toBe(
      '+----+-------+\n| op | total |\n+----+-------+\n| +I |     1 |\n| -U |     1 |\n' +
      '| +U |     3 |\n+----+-------+\nReceived a total of 3 rows\n');
  });

  it('is none for EXPLAIN and SHOW CREATE: their text stands as it is', async () => {
    expect(await printed(engine, 'table', 'EXPLAIN SELECT 1')).toMatch(
      /^== Abstract Syntax Tree ==\nLogicalProject\(/);
    expect(await printed(engine, 'changelog', 'CREATE VIEW v AS SELECT 1 AS a',
      'SHOW CREATE VIEW v')).toMatch(/succeeded\.\nCREATE VIEW `default_catalog`/);
  });
});
