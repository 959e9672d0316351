/** What values do that a sink's columns do not take; both engines, as Flink's enforcer. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { TableEnvironment } from '../../src/index.js';

const ENGINES = ['native', 'fallback'] as const;
const NULL_FOR_ONE = 'SELECT CASE WHEN x <> 2 THEN x END, s FROM (VALUES ' +
  "(1, 'a'), (2, 'b'), (3, CAST(NULL AS STRING))) AS v (x, s) WHERE x > 0";

async function written(
  engine: (typeof ENGINES)[number], columns: string, enforcer?: string,
): Promise<unknown[]> {
  const env = TableEnvironment.create({ engine });
  if (enforcer !== undefined) {
    await env.executeSql(`SET 'table.exec.sink.not-null-enforcer' = '${enforcer}'`);
  }
  await env.executeSql(`CREATE TABLE sink (${columns}) WITH ('connector' = 'values')`);
  const result = await env.executeSql(`INSERT INTO sink ${NULL_FOR_ONE}`);
  expect(result.job?.engines).toEqual([engine]);
  await result.await();
  const rows: unknown[] = [];
  for await (const { values } of env.collected('sink')) rows.push(values);
  return rows;
}

describe.each(ENGINES)('NOT NULL columns of a sink on the %s engine', (engine) => {
  it('fail the job at the first NULL', async () => {
    await expect(written(engine, 'a INT NOT NULL, s STRING')).rejects.toMatchObject(
      { code: 'MR3004', text: 'NULL in a NOT NULL column: a', class: 'data' });
    await expect(written(engine, 'a INT, s STRING NOT NULL')).rejects.toMatchObject(
      { code: 'MR3004', text: 'NULL in a NOT NULL column: s' });
  });

  it('drop the row where the enforcer drops', async () => {
    expect(await written(engine, 'a INT NOT NULL, s STRING', 'DROP'))
      .toEqual([[1, 'a'], [3, null]]);
    expect(await written(engine, 'a INT NOT NULL, s STRING NOT NULL', 'drop'))
      .toEqual([[1, 'a']]);
  });

  it('are those of the primary key too', async () => {
    const env = TableEnvironment.create({ engine });
    await env.executeSql(`CREATE TABLE keyed (a INT, s STRING, PRIMARY KEY (a) NOT ENFORCED)
      WITH ('connector' = 'blackhole')`);
    const result = await env.executeSql(`INSERT INTO keyed ${NULL_FOR_ONE}`);
    expect(result.job?.engines).toEqual([engine]);
    await expect(result.await()).rejects.toMatchObject(
      { code: 'MR3004', text: 'NULL in a NOT NULL column: a' });
  });

  it('let NULL through where columns may be NULL', async () => {
    expect(await written(engine, 'a INT, s STRING')).toEqual([[1, 'a'], [null, 'b'], [3, null]]);
  });

  it('count inside rows, arrays and maps where that is asked for', async () => {
    const columns = 'a ROW<id BIGINT NOT NULL, l ARRAY<INT NOT NULL>, m MAP<STRING, INT NOT NULL>>';
    const inside = async (mode: string, enforcer: string): Promise<unknown[]> => {
      const env = TableEnvironment.create({
        engine, config: {
          'table.exec.sink.nested-constraint-enforcer': mode,
          'table.exec.sink.not-null-enforcer': enforcer,
        },
      });
      const id = env.registerData([
        [{ id: 1, l: [1, 2], m: { x: 1 } }], [null], [{ id: null, l: [], m: null }],
        [{ id: 4, l: [4, null], m: null }], [{ id: 5, l: null, m: { x: null } }],
      ]);
      await env.executeSql(`CREATE TABLE source (${columns})
        WITH ('connector' = 'values', 'data-id' = '${id}')`);
      await env.executeSql(`CREATE TABLE sink (${columns}) WITH ('connector' = 'values')`);
      const result = await env.executeSql('INSERT INTO sink SELECT * FROM source');
      expect(result.job?.engines).toEqual([engine]);
      await result.await();
      const rows: unknown[] = [];
      for await (const { values } of env.collected('sink')) rows.push(values);
      return rows;
    };
    expect(await inside('IGNORE', 'ERROR')).toHaveLength(5);
    expect(await inside('ROWS', 'DROP')).toHaveLength(4);
    expect(await inside('ROWS_AND_COLLECTIONS', 'DROP')).toHaveLength(2);
    await expect(inside('ROWS', 'ERROR')).rejects.toMatchObject(
      { code: 'MR3004', text: 'NULL in a NOT NULL column: a.id' });
  });
});

describe.each(ENGINES)('lengths of the columns of a sink on the %s engine', (engine) => {
  const COLUMNS = 'i INT, a CHAR(3), b VARBINARY(2) NOT NULL, r ROW<c CHAR(2)>, ' +
    'l ARRAY<VARCHAR(2)>';
  const long = (text: string): string => text.repeat(40);
  const bytes = (...values: number[]): { readonly bytes: number[] } => ({ bytes: values });

  let files = 0;
  const folder = mkdtempSync(join(tmpdir(), 'millrace-lengths-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  async function fitted(
    config: Readonly<Record<string, string>>, rows: unknown[][],
  ): Promise<unknown[]> {
    const env = TableEnvironment.create({
      engine, config: Object.fromEntries(Object.entries(config).map(([key, value]) =>
        [`table.exec.sink.${key}`, value])),
    });
    const path = join(folder, `${files++}.json`);
    writeFileSync(path, rows.map(([i, a, b, r, l]) => JSON.stringify({
      i, a, r, l,
      b: b === null ? null : Buffer.from((b as ReturnType<typeof bytes>).bytes).toString('base64'),
    })).join('\n'));
    await env.executeSql(`CREATE TABLE source (${COLUMNS})
      WITH ('connector' = 'filesystem', 'path' = '${path}', 'format' = 'json')`);
    await env.executeSql(`CREATE TABLE sink (${COLUMNS}) WITH ('connector' = 'values')`);
    const result = await env.executeSql('INSERT INTO sink SELECT * FROM source WHERE i >= 0');
    expect(result.job?.engines).toEqual([engine]);
    await result.await();
    const written: unknown[] = [];
    for await (const { values } of env.collected('sink')) {
      written.push(values.map((value) => (value instanceof Uint8Array ? bytes(...value) : value)));
    }
    return written;
  }

  const ROWS = [
    [-1, 'zzzzz', bytes(1, 2, 3), null, null],
    [1, long('äb'), bytes(1, 2, 3), { c: '' }, ['abc']],
    [2, '€', bytes(), { c: long('x') }, null],
    [3, null, bytes(4), null, []],
  ];

  it('are not looked at unless asked for', async () => {
    expect(await fitted({}, ROWS)).toEqual([
      [1, long('äb'), bytes(1, 2, 3), { c: '' }, ['abc']],
      [2, '€', bytes(), { c: long('x') }, null],
      [3, null, bytes(4), null, []],
    ]);
  });

  it('cut and fill up values, inside rows where that is asked for', async () => {
    expect(await fitted({ 'type-length-enforcer': 'TRIM_PAD' }, ROWS)).toEqual([
      [1, 'äbä', bytes(1, 2), { c: '' }, ['abc']],
      [2, '€  ', bytes(), { c: long('x') }, null],
      [3, null, bytes(4), null, []],
    ]);
    const rows = { 'type-length-enforcer': 'TRIM_PAD', 'nested-constraint-enforcer': 'ROWS' };
    expect(await fitted(rows, ROWS)).toEqual([
      [1, 'äbä', bytes(1, 2), { c: '  ' }, ['abc']],
      [2, '€  ', bytes(), { c: 'xx' }, null],
      [3, null, bytes(4), null, []],
    ]);
    const collections = { ...rows, 'nested-constraint-enforcer': 'ROWS_AND_COLLECTIONS' };
    await expect(fitted(collections, ROWS)).rejects.toMatchObject({ code: 'MR2008' });
  });

  it('fail the job at the first row and by the order of Flink', async () => {
    const error = { 'type-length-enforcer': 'ERROR' };
    await expect(fitted(error, ROWS)).rejects.toMatchObject({
      code: 'MR3033', class: 'data',
      text: 'value of another length than its column: a is CHAR(3), value has 80',
    });
    const row = (...values: unknown[]): unknown[][] => [[1, ...values]];
    await expect(fitted(error, row('abc', bytes(1, 2, 3), null, null))).rejects.toMatchObject(
      { text: 'value of another length than its column: b is VARBINARY(2), value has 3' });
    const all = { ...error, 'nested-constraint-enforcer': 'ROWS_AND_COLLECTIONS' };
    await expect(fitted(all, row('abc', bytes(), { c: 'a' }, ['abc']))).rejects.toMatchObject(
      { text: 'value of another length than its column: r.c is CHAR(2), value has 1' });
    await expect(fitted(all, row('abc', bytes(), null, ['ab', 'abc']))).rejects.toMatchObject(
      { text: 'value of another length than its column: l[1] is VARCHAR(2), value has 3' });
    // A row that is dropped for its NULL is not looked at any further.
    const drops = { ...error, 'not-null-enforcer': 'DROP' };
    expect(await fitted(drops, row('abcdef', null, null, null))).toEqual([]);
  });
});

describe.each(ENGINES)('metadata of the connector values on the %s engine', (engine) => {
  it('stands behind the columns of rows and is written where the sink takes it', async () => {
    const env = TableEnvironment.create({ engine });
    const id = env.registerData([[1, 7, '2020-01-01T00:00:01'], [2, 8, '2020-01-01T00:00:02']]);
    await env.executeSql(`CREATE TABLE source (
      a INT, b AS a + 1, t TIMESTAMP(3) METADATA FROM 'ts' VIRTUAL, p INT METADATA
    ) WITH ('connector' = 'values', 'data-id' = '${id}',
      'readable-metadata' = 'ts:TIMESTAMP(3), p:INT')`);
    await env.executeSql(`CREATE TABLE sink (a INT, p INT METADATA FROM 'k', t TIMESTAMP(3))
      WITH ('connector' = 'values', 'writable-metadata' = 'k:INT')`);
    await (await env.executeSql('INSERT INTO sink SELECT b, p, t FROM source')).await();
    const rows: unknown[] = [];
    for await (const { values } of env.collected('sink')) rows.push(values.map(String));
    expect(rows.map((row) => (row as string[]).slice(0, 2))).toEqual([['2', '7'], ['3', '8']]);
    await expect(env.executeSql(`CREATE TABLE other (a INT, p INT METADATA)
      WITH ('connector' = 'values')`).then(() => env.executeSql('SELECT * FROM other')))
      .rejects.toMatchObject({ code: 'MR2016' });
  });
});
