import * as arrow from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { TableEnvironment, type Row } from '../../src/index.js';

async function rowsOf(env: TableEnvironment, sql: string): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of (await env.executeSql(sql)).collect()) rows.push(row);
  return rows;
}

async function kept(env: TableEnvironment): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of env.collected('kept')) rows.push(row);
  return rows;
}

const SCHEMA = 'id BIGINT, name STRING, price DECIMAL(10, 2), ts TIMESTAMP(3)';
const ROWS = [
  [1, 'a', '1.50', '2020-01-01T00:00:00'],
  { id: 2n, name: 'b', price: '2.255', ts: new Date('2020-01-01T00:00:01Z') },
  { id: 3n },
];

describe.each(['native', 'fallback'] as const)('TableEnvironment on the %s engine', (engine) => {
  it('reads rows of TypeScript and gives rows back in their own types', async () => {
    const env = TableEnvironment.create({ engine });
    await env.createTemporaryView('items', ROWS, { schema: SCHEMA });
    const result = await env.executeSql('SELECT * FROM items');
    expect(result.job?.engines).toEqual([engine]);
    const rows: Row[] = [];
    for await (const row of result.collect()) rows.push(row);
    expect(rows.map((row) => row.values)).toEqual([
      [1n, 'a', '1.50', '2020-01-01T00:00'],
      [2n, 'b', '2.26', '2020-01-01T00:00:01'],
      [3n, null, null, null],
    ]);
  });

  it('reads some of the columns, and fields of nested rows, of rows that are arrays', async () => {
    const env = TableEnvironment.create({ engine, config: { 'millrace.batch-rows': '1' } });
    const rows = [[1, 'a', [7, [true]]], [2, 'b', null], { id: 3, r: { n: 8, deep: [false] } }];
    await env.createTemporaryView('t', rows,
      { schema: 'id INT, name STRING, r ROW<n INT, deep ROW<f BOOLEAN>>' });
    const read = await rowsOf(env, 'SELECT t.r.deep.f, name FROM t');
    expect(read.map((row) => row.values)).toEqual([[true, 'a'], [null, 'b'], [false, null]]);
  });

  it('fills CHAR and BINARY and drops digits behind the precision of a timestamp', async () => {
    const env = TableEnvironment.create({ engine });
    const row = ['ab', Uint8Array.of(7), '2020-01-01T00:00:00.98765'];
    await env.createTemporaryView('`my table`', [row],
      { schema: 'c CHAR(4), b BINARY(2), ts TIMESTAMP(4)' });
    const [read] = await rowsOf(env, 'SELECT * FROM `my table`');
    expect(read?.values).toEqual(['ab  ', Uint8Array.of(7, 0), '2020-01-01T00:00:00.987600']);
  });

  it('a keyed values sink takes updates without their old rows', async () => {
    const env = TableEnvironment.create({ engine });
    await env.createTemporaryView('t', [[1], [1]], { schema: 'k INT' });
    const key = 'PRIMARY KEY (k) NOT ENFORCED';
    await env.executeSql(`CREATE TABLE kept (k INT, n BIGINT, ${key}) WITH ('connector'='values')`);
    const sql = 'INSERT INTO kept SELECT k, COUNT(*) FROM t GROUP BY k';
    await (await env.executeSql(sql)).await();
    expect((await kept(env)).map((one) => `${one.kind} ${one.values.join(',')}`))
      .toEqual(['+I 1,1', '+U 1,2']);
  });

  it('keeps the kinds of changes', async () => {
    const env = TableEnvironment.create({ engine });
    await env.createTemporaryView('items', [[1], [2], [1]], { schema: 'k INT' });
    const rows = await rowsOf(env, 'SELECT k, COUNT(*) AS n FROM items GROUP BY k');
    expect(rows.map((row) => `${row.kind} ${row.values.join(',')}`)).toEqual([
      '+I 1,1', '+I 2,1', '-U 1,1', '+U 1,2',
    ]);
  });

  it('reads Arrow tables and gives record batches', async () => {
    const env = TableEnvironment.create({ engine });
    const table = arrow.tableFromArrays({ n: Int32Array.of(1, 2, 3), s: ['x', 'y', 'z'] });
    await env.createTemporaryView('t', table);
    const result = await env.executeSql('SELECT s, n + 1 AS m FROM t WHERE n > 1');
    const seen: unknown[] = [];
    for await (const batch of result.batches()) {
      for (const row of batch) seen.push(row.toJSON());
    }
    expect(seen).toEqual([{ s: 'y', m: 3 }, { s: 'z', m: 4 }]);
  });

  it('keeps what INSERT writes into a values table', async () => {
    const env = TableEnvironment.create({ engine });
    await env.createTemporaryView('t', [[1], [2]], { schema: 'k INT' });
    await env.executeSql("CREATE TABLE kept (k INT) WITH ('connector' = 'values')");
    await (await env.executeSql('INSERT INTO kept SELECT k * 10 FROM t')).await();
    expect((await kept(env)).map((row) => row.values)).toEqual([[10], [20]]);
  });

  it('an aborted signal cancels the job', async () => {
    const env = TableEnvironment.create({ engine });
    const abort = new AbortController();
    await env.createTemporaryView('t', [[1]], { schema: 'k INT' });
    const result = await env.executeSql('SELECT k FROM t', { signal: abort.signal });
    abort.abort(new Error('enough'));
    await expect(result.await()).rejects.toThrow('enough');
  });

  it('names what is wrong and where', async () => {
    const env = TableEnvironment.create({ engine });
    await env.createTemporaryView('items', ROWS, { schema: SCHEMA });
    await expect(env.executeSql('SELECT nme FROM items')).rejects.toThrow(
      /MR2002 unknown column: nme[\s\S]*line 1, column 8[\s\S]*did you mean name\?/);
  });
});
