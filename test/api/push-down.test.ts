/**
 * What a query does not need is not read: columns, fields of rows, partitions, row groups, rows
 * behind a LIMIT. Each test sees it by the rows that left the source, or by a file that would
 * fail if it were read.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, describe, expect, it } from 'vitest';
import { TableEnvironment } from '../../src/index.js';

const folder = mkdtempSync(join(tmpdir(), 'millrace-push-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, content: string): string {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
  return join(folder, path);
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const LINES = write('lines.json',
  numbers(20_000).map((i) => `{"a":${i},"b":"x${i}","r":{"x":${i},"y":${i}}}\n`).join(''));
/** Whoever looks at b or r.y fails. */
const ODD = write('odd.json',
  '{"a":1,"b":"no number","r":{"x":1,"y":"no number"}}\n'.repeat(3));
const CHANGES = write('changes.json', [
  '{"before":null,"after":{"a":1,"b":"x"},"op":"c"}',
  '{"before":null,"after":{"a":2,"b":"y"},"op":"c"}',
  '{"before":{"a":1,"b":"x"},"after":null,"op":"d"}',
  '{"before":null,"after":{"a":3,"b":"z"},"op":"c"}'].join('\n'));
for (const p of ['1', '2', '3', '__DEFAULT_PARTITION__']) {
  for (const d of ['2020-01-01', '2020-01-02']) {
    write(`parts/p=${p}/d=${d}/f.json`, `{"a":${p === '2' ? p : '"no number"'}}\n`);
  }
}
/** Five row groups of a thousand rows; the first knows nothing of k. */
const GROUPS = join(folder, 'groups.parquet');
writeFileSync(GROUPS, new Uint8Array(parquetWriteBuffer({
  columnData: [
    { name: 'a', data: numbers(5000) },
    { name: 'k', data: numbers(5000).map((i) => (i < 1000 ? null : BigInt(i))) },
    { name: 'd', data: numbers(5000).map((i) => new Date(i * 86_400_000)) },
    { name: 's', data: numbers(5000).map((i) => `s${i}`) },
  ],
  schema: [
    { name: 'root', num_children: 4 },
    { name: 'a', type: 'INT32', repetition_type: 'OPTIONAL' },
    { name: 'k', type: 'INT64', repetition_type: 'OPTIONAL' },
    { name: 'd', type: 'INT32', converted_type: 'DATE', repetition_type: 'OPTIONAL' },
    { name: 's', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
  ],
  rowGroupSize: 1000,
})));
const FIELDS = 'a INT, b STRING, r ROW<x INT, y INT>';

async function environment(
  engine: 'native' | 'fallback', config: Readonly<Record<string, string>> = {},
): Promise<TableEnvironment> {
  const env = TableEnvironment.create({ engine, config });
  const table = (name: string, columns: string, path: string, format = 'json'): Promise<unknown> =>
    env.executeSql(`CREATE TABLE ${name} (${columns}) WITH ('connector' = 'filesystem', ` +
      `'path' = '${path}', 'format' = '${format}')`);
  await table('lines', FIELDS, LINES);
  await table('timed', 'a INT, ts AS TO_TIMESTAMP_LTZ(a, 0), WATERMARK FOR ts AS ts', LINES);
  await table('odd', 'a INT, b INT, r ROW<x INT, y INT>', ODD);
  await table('changes', 'a INT, b STRING', CHANGES, 'debezium-json');
  await table('grouped', 'a INT, k BIGINT, d DATE, s STRING', GROUPS, 'parquet');
  await env.executeSql(`CREATE TABLE parts (a INT, p INT, d STRING) PARTITIONED BY (p, d) WITH (
    'connector' = 'filesystem', 'path' = '${join(folder, 'parts')}', 'format' = 'json')`);
  await env.executeSql(`CREATE TABLE endless (n BIGINT) WITH ('connector' = 'datagen',
    'rows-per-second' = '100000000', 'fields.n.kind' = 'sequence', 'fields.n.start' = '1',
    'fields.n.end' = '1000000000')`);
  return env;
}

interface Outcome {
  readonly rows: readonly unknown[];
  readonly read: number;
}

async function ask(env: TableEnvironment, sql: string): Promise<Outcome> {
  const result = await env.executeSql(sql);
  const rows: unknown[] = [];
  for await (const { kind, values } of result.collect()) {
    rows.push(kind === '+I' ? values : [kind, ...values]);
  }
  return { rows, read: result.job!.progress().rowsRead };
}

describe.each(['native', 'fallback'] as const)('on the %s engine', (engine) => {
  it('columns that nobody uses are not decoded', async () => {
    const env = await environment(engine);
    expect((await ask(env, 'SELECT a FROM odd')).rows).toEqual([[1], [1], [1]]);
    await expect(ask(env, 'SELECT a FROM odd WHERE b IS NULL')).rejects.toThrow('MR4004');
  });

  it('fields of rows that nobody uses are not decoded', async () => {
    const env = await environment(engine);
    expect((await ask(env, 'SELECT odd.r.x FROM odd')).rows).toEqual([[1], [1], [1]]);
    await expect(ask(env, 'SELECT odd.r.y FROM odd')).rejects.toThrow('MR4004');
  });

  it('a LIMIT reads as many rows as it gives, with those of its OFFSET', async () => {
    const env = await environment(engine);
    for (const [sql, read] of [
      ['SELECT * FROM lines LIMIT 3', 3], ['SELECT a + 1 AS c FROM lines LIMIT 3 OFFSET 2', 5],
      ['SELECT a, ts FROM timed LIMIT 3', 3], ['SELECT a FROM lines LIMIT 4096', 4096],
    ] as const) {
      const outcome = await ask(env, sql);
      expect([sql, outcome.read]).toEqual([sql, read]);
      expect(outcome.rows).toHaveLength(sql.includes('OFFSET') ? 3 : read);
    }
  });

  it('a LIMIT behind a filter or an aggregation reads on', async () => {
    const env = await environment(engine);
    const filtered = await ask(env, 'SELECT a FROM lines WHERE a > 9000 LIMIT 2');
    expect(filtered).toEqual({ rows: [[9001], [9002]], read: 20_000 });
    const counted = await ask(env, 'SELECT n FROM (SELECT COUNT(*) AS n FROM lines) LIMIT 1');
    expect([counted.rows.at(-1), counted.read]).toEqual([[20_000n], 20_000]);
  });

  it('an endless table ends behind a LIMIT', async () => {
    const env = await environment(engine);
    expect((await ask(env, 'SELECT n FROM endless LIMIT 2')).rows).toEqual([[1n], [2n]]);
  });

  it('a table that is read twice is limited where both readers are', async () => {
    const env = await environment(engine);
    const both = await ask(env, `(SELECT a FROM lines LIMIT 2)
      UNION ALL (SELECT r.x FROM lines LIMIT 4)`);
    expect([both.rows.length, both.read]).toEqual([6, 4]);
    const one = await ask(env, '(SELECT a FROM lines LIMIT 2) UNION ALL SELECT r.x FROM lines');
    expect([one.rows.length, one.read]).toEqual([20_002, 20_000]);
  });

  it('changes are read to their end: a row that came may be taken back', async () => {
    const env = await environment(engine);
    expect((await ask(env, 'SELECT a, b FROM changes LIMIT 2')).rows).toEqual(
      [[1, 'x'], [2, 'y'], ['-D', 1, 'x'], [3, 'z']]);
  });

  it('partitions in which a filter finds nothing are not read', async () => {
    const env = await environment(engine);
    const found = (p: number, d: string): unknown[] => [2, p, d];
    const one = found(2, '2020-01-01');
    for (const where of [
      "p = 2 AND d = '2020-01-01'", "2 >= p AND p > 1 AND p < 3 AND d < '2020-01-02'",
      "p IN (2) AND d <= '2020-01-01' AND a > 0", "p = 2 AND (d = '2020-01-01' OR d = '2019')",
    ]) expect((await ask(env, `SELECT * FROM parts WHERE ${where}`)).rows).toEqual([one]);
    const both = await ask(env, 'SELECT * FROM parts WHERE p = 2');
    expect(both).toEqual({ rows: [one, found(2, '2020-01-02')], read: 2 });
    await expect(ask(env, 'SELECT * FROM parts WHERE p > 1')).rejects.toThrow('MR4004');
    await expect(ask(env, 'SELECT * FROM parts WHERE p IS NULL')).rejects.toThrow('MR4004');
  });

  it('row groups of Parquet whose statistics lie outside of a filter are not read', async () => {
    const env = await environment(engine);
    for (const [where, count, read] of [
      ['a BETWEEN 2500 AND 2600', 101, 1000], ['a > 3999', 1000, 1000], ['3999 >= a', 4000, 4000],
      ['k = 1000', 1, 2000], ["d < DATE '1970-01-03'", 2, 1000], ['a IN (1, 1500)', 2, 2000],
      ["s = 's42'", 1, 5000], ['a <> 7', 4999, 5000], ['k > 1500 AND a < 1600', 99, 2000],
      ['a > 100000', 0, 0],
    ] as const) {
      const outcome = await ask(env, `SELECT a FROM grouped WHERE ${where}`);
      expect([where, outcome.rows.length, outcome.read]).toEqual([where, count, read]);
    }
  });

  it('files of other names are not read', async () => {
    const env = await environment(engine);
    await env.executeSql(`CREATE TABLE files (a STRING, n STRING METADATA FROM 'file.name')
      WITH ('connector' = 'filesystem', 'path' = '${join(folder)}', 'format' = 'json')`);
    const { rows } = await ask(env, "SELECT COUNT(*) FROM files WHERE n = 'odd.json'");
    expect(rows.at(-1)).toEqual(['+U', 3n]);
  });

  it('everything is read where push-down of filters is turned off', async () => {
    const off = { 'table.optimizer.source.predicate-pushdown-enabled': 'false' };
    const env = await environment(engine, off);
    await expect(ask(env, 'SELECT * FROM parts WHERE p = 2')).rejects.toThrow('MR4004');
  });

  it('two readers of other partitions read those of both', async () => {
    const env = await environment(engine);
    const { rows, read } = await ask(env,
      "SELECT a FROM parts WHERE p = 2 AND d = '2020-01-01' " +
      "UNION ALL SELECT p FROM parts WHERE p = 2 AND d = '2020-01-02'");
    expect([rows, read]).toEqual([[[2], [2]], 2]);
  });
});
