/** Parquet tables read by both engines through SQL: equal rows, equal errors. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { TableEnvironment } from '../../src/api/table-environment.js';
import { JsonPrinter } from '../../src/cli/print/json.js';
import { MillraceError } from '../../src/errors/index.js';

const FOLDER = 'test/fixtures/parquet';
const scratch = mkdtempSync(join(tmpdir(), 'parquet-'));
afterAll(() => { rmSync(scratch, { recursive: true }); });

const COLUMNS = `i8 TINYINT, i16 SMALLINT, i32 INT, i64 BIGINT, u32 BIGINT, few BIGINT, f32 FLOAT,
  f64 DOUBLE, b BOOLEAN, s STRING, u STRING, y BYTES, x BYTES, d9 DECIMAL(9, 2),
  d18 DECIMAL(18, 4), d38 DECIMAL(38, 10), \`day\` DATE, tod TIME(3), todu TIME(3),
  ms TIMESTAMP(3), us TIMESTAMP(6), ns TIMESTAMP(9), nowhere STRING,
  \`row\` ROW<a INT, \`in\` ROW<s STRING, k BIGINT>>`;

/** The lines of a SELECT, or the error's code and text. */
async function answer(
  engine: 'native' | 'fallback', path: string, columns = COLUMNS, select = '*',
): Promise<readonly string[] | string> {
  const env = TableEnvironment.create({ engine, config: {} });
  const lines: string[] = [];
  const printer = new JsonPrinter(async (text) => { lines.push(text); }, false);
  try {
    await env.executeSql(`CREATE TABLE t (${columns}) WITH (
      'connector' = 'filesystem', 'path' = '${path}', 'format' = 'parquet')`);
    const sql = `SELECT ${select} FROM t`;
    await printer.result(sql, await env.executeSql(sql));
  } catch (error) {
    if (error instanceof MillraceError) return error.code;
    throw error;
  }
  return lines.join('').split('\n').filter((line) => line.startsWith('{"op"'));
}

const NAMES = [
  'plain-v1', 'dictionary-v1-snappy', 'dictionary-v2-zstd', 'small-pages-v1-zstd', 'delta-v1',
  'delta-v2-zstd',
];

describe('both engines', () => {
  it.each([...NAMES, 'no-nulls-v2-snappy'])('read the same rows of %s', async (name) => {
    const path = `${FOLDER}/${name}.parquet`;
    const rows = await answer('native', path);
    expect(rows.length).toBe(name === 'no-nulls-v2-snappy' ? 120 : 300);
    expect(await answer('fallback', path)).toEqual(rows);
  });

  it('read parts of a row, and count rows without reading a column', async () => {
    const path = `${FOLDER}/small-pages-v1-zstd.parquet`;
    for (const select of ['`row`.`in`.k, `row`.a, i64', 'COUNT(*)', 'COUNT(i64), COUNT(`row`)']) {
      const rows = await answer('native', path, COLUMNS, select);
      expect(typeof rows).toBe('object');
      expect(await answer('fallback', path, COLUMNS, select)).toEqual(rows);
    }
  });

  it.each([
    ['codec-gzip', 'i64 BIGINT', 'MR2100'], ['plain-v1', 'i64 INT', 'MR4002'],
    ['plain-v1', 's ARRAY<STRING>', 'MR2100'], ['missing', 'i64 BIGINT', 'MR4001'],
  ])('refuse %s as %s', async (name, columns, code) => {
    for (const engine of ['native', 'fallback'] as const) {
      expect(await answer(engine, `${FOLDER}/${name}.parquet`, columns)).toBe(code);
    }
  });

  it('say the same of a truncated file', async () => {
    const path = join(scratch, 'truncated.parquet');
    writeFileSync(path, readFileSync(`${FOLDER}/plain-v1.parquet`).subarray(0, 20_000));
    expect(await answer('native', path)).toBe('MR4002');
    expect(await answer('fallback', path)).toBe('MR4002');
  });
});
