/**
 * A call that stands in a calc more than once is evaluated once by the native engine: that never
 * shows, whether a branch is skipped, a row fails or a function is random.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TableEnvironment } from '../../src/index.js';

const ENGINES = ['native', 'fallback'] as const;
const PATH = join(mkdtempSync(join(tmpdir(), 'millrace-shared-')), 't.csv');
const TEXTS = ['12', 'x', '-3', 'X', '7', '', 'xy', '0'];
const ROWS = Array.from({ length: 9000 }, (_, id) => `${id},${TEXTS[id % TEXTS.length]}\n`);
writeFileSync(PATH, ROWS.join(''));

async function rowsOf(engine: 'native' | 'fallback', select: string): Promise<unknown[]> {
  const env = TableEnvironment.create({ engine });
  await env.executeSql('CREATE TABLE t (id INT, s STRING) WITH (' +
    `'connector' = 'filesystem', 'path' = '${PATH}', 'format' = 'csv')`);
  const rows: unknown[] = [];
  for await (const { values } of (await env.executeSql(select)).collect()) rows.push(values);
  return rows;
}

const EQUAL = [
  "SELECT id, CASE WHEN LOWER(s) = 'x' THEN 'a' WHEN LOWER(s) = 'xy' THEN LOWER(s) ELSE s END " +
    "FROM t WHERE LOWER(s) <> '7' OR id > 4000",
  "SELECT id, CASE WHEN id < 100 THEN REPLACE(s, 'x', 'y') ELSE 'no' END, REPLACE(s, 'x', 'y') " +
    "FROM t WHERE id < 50 OR REPLACE(s, 'x', 'y') = 'y'",
  "SELECT id, CASE WHEN UPPER(s) IN ('X', 'XY', '') THEN -1 ELSE CAST(s AS INT) + 1 END, " +
    "CASE WHEN UPPER(s) IN ('X', 'XY', '') THEN 0 ELSE CAST(s AS INT) * 2 END FROM t",
  "SELECT TRY_CAST(s AS DECIMAL(10, 2)) * 1.5, TRY_CAST(s AS DECIMAL(10, 2)) * 1.5 + 1 FROM t " +
    'WHERE TRY_CAST(s AS DECIMAL(10, 2)) * 1.5 > 0',
];

describe('calls that stand in a calc more than once', () => {
  it.each(EQUAL)('%s', async (select) => {
    const native = await rowsOf('native', select);
    expect(native.length).toBeGreaterThan(0);
    expect(native).toEqual(await rowsOf('fallback', select));
  });

  it.each(ENGINES)('fail where a branch takes them (%s)', async (engine) => {
    const select = "SELECT CAST(s AS INT) FROM t WHERE s = 'x' OR CAST(s AS INT) > 0";
    await expect(rowsOf(engine, select)).rejects.toThrow(/MR30/);
  });

  it.each(ENGINES)('are asked anew if random (%s)', async (engine) => {
    const rows = await rowsOf(engine, 'SELECT id FROM t WHERE RAND() <> RAND()');
    expect(rows.length).toBeGreaterThan(8990);
  });
});
