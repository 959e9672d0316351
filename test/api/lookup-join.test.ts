/** Rows looked up by key in tables of files, on both engines. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TableEnvironment } from '../../src/index.js';

const folder = mkdtempSync(join(tmpdir(), 'millrace-lookup-'));
const CUSTOMERS = join(folder, 'customers.csv');
writeFileSync(CUSTOMERS,
  '1,Ada,36,paris\n2,Bob,25,rome\n2,Bea,61,oslo\nnil,Nil,50,rome\n4,Dan,nil,kyiv\n');
const PLACES = join(folder, 'places.json');
writeFileSync(PLACES, '{"city":"rome","c":2,"at":{"x":1}}\n{"city":"oslo","c":2,"at":{"x":9}}\n');

const ORDERS = "(VALUES (10, 1, 'a'), (11, 2, 'b'), (12, CAST(NULL AS INT), 'c'), (13, 3, 'd'), " +
  "(14, 4, 'e'), (15, 2, 'f')) AS v (oid, customer, tag)";

async function environment(engine: 'native' | 'fallback'): Promise<TableEnvironment> {
  const env = TableEnvironment.create({ engine });
  await env.executeSql(`CREATE TABLE customers (id INT, name STRING, age INT, city STRING)
    WITH ('connector' = 'filesystem', 'path' = '${CUSTOMERS}', 'format' = 'csv',
      'csv.null-literal' = 'nil')`);
  await env.executeSql(`CREATE TABLE places (city STRING, c INT, \`at\` ROW<x INT>)
    WITH ('connector' = 'filesystem', 'path' = '${PLACES}', 'format' = 'json')`);
  await env.executeSql(
    `CREATE VIEW orders AS SELECT oid, customer, tag, PROCTIME() AS pt FROM ${ORDERS}`);
  return env;
}

async function answer(engine: 'native' | 'fallback', sql: string): Promise<readonly string[]> {
  const result = await (await environment(engine)).executeSql(sql);
  const lines: string[] = [];
  for await (const { kind, values } of result.collect()) {
    const shown = values.map((one) => (typeof one === 'bigint' ? Number(one) : one));
    lines.push(`${kind} ${JSON.stringify(shown)}`);
  }
  return lines.sort();
}

const LOOKUP = 'JOIN customers FOR SYSTEM_TIME AS OF o.pt AS c ON o.customer = c.id';

describe.each(['native', 'fallback'] as const)('a lookup join on the %s engine', (engine) => {
  const rows = (sql: string): Promise<readonly string[]> => answer(engine, sql);

  it('gives each row beside the rows of its key; NULL meets nothing', async () => {
    expect(await rows(`SELECT oid, name, age FROM orders AS o ${LOOKUP}`)).toEqual([
      '+I [10,"Ada",36]', '+I [11,"Bea",61]', '+I [11,"Bob",25]', '+I [14,"Dan",null]',
      '+I [15,"Bea",61]', '+I [15,"Bob",25]',
    ]);
  });

  it('keeps rows without a partner beside NULLs with LEFT JOIN', async () => {
    expect(await rows(`SELECT oid, name FROM orders AS o LEFT ${LOOKUP} AND c.age > 30`)).toEqual([
      '+I [10,"Ada"]', '+I [11,"Bea"]', '+I [12,null]', '+I [13,null]', '+I [14,null]',
      '+I [15,"Bea"]',
    ]);
  });

  it('judges what the key does not say, of the table and of both sides', async () => {
    expect(await rows(`SELECT oid, name FROM orders AS o ${LOOKUP} AND c.age > 30
      AND o.oid > 10 WHERE c.age - o.oid = 50`)).toEqual(['+I [11,"Bea"]']);
  });

  it('judges conditions on both sides before LEFT JOIN gives up a row', async () => {
    const sql = `SELECT oid, name FROM orders AS o LEFT ${LOOKUP}
      AND c.age > 20 AND o.oid < 14 AND c.age + o.oid < 50`;
    expect(await rows(sql)).toEqual([
      '+I [10,"Ada"]', '+I [11,"Bob"]', '+I [12,null]', '+I [13,null]', '+I [14,null]',
      '+I [15,null]',
    ]);
    const plan = await rows(`EXPLAIN ${sql}`);
    expect(plan.join('')).toContain('joinCondition=[<(oid, 14)<(+(age, oid), 50)]');
  });

  it('finds rows that TypeScript has registered, as they are when the job starts', async () => {
    const env = await environment(engine);
    const id = env.registerData([[2, 'old', 1n], [null, 'none', 2n], [2, 'older', null]]);
    await env.executeSql(`CREATE TABLE kept (id INT, note STRING, n BIGINT) WITH (
      'connector' = 'values', 'data-id' = '${id}')`);
    const result = await env.executeSql(`SELECT oid, note, n FROM orders AS o
      LEFT JOIN kept FOR SYSTEM_TIME AS OF o.pt AS k ON o.customer = k.id WHERE oid < 13`);
    const found = [];
    for await (const { values } of result.collect()) found.push(values);
    expect(found).toEqual([
      [10, null, null], [11, 'old', 1n], [11, 'older', null], [12, null, null],
    ]);
  });

  it('refuses more registered rows than may be looked up', async () => {
    const env = await environment(engine);
    const id = env.registerData([[1], [2], [3]]);
    await env.executeSql("SET 'millrace.lookup.max-rows' = '2'");
    await env.executeSql(
      `CREATE TABLE kept (id INT) WITH ('connector' = 'values', 'data-id' = '${id}')`);
    const result = async (): Promise<void> => {
      const { collect } = await env.executeSql(`SELECT oid FROM orders AS o
        JOIN kept FOR SYSTEM_TIME AS OF o.pt AS k ON o.customer = k.id`);
      for await (const _row of collect()) throw new Error('a row came');
    };
    await expect(result()).rejects.toThrow(/MR3035.*kept has more than 2 rows/);
  });

  it('refuses nested columns of registered rows', async () => {
    const env = await environment(engine);
    await env.executeSql("CREATE TABLE kept (id INT, a ARRAY<INT>) WITH ('connector' = 'values')");
    await expect(env.executeSql(`SELECT a FROM orders AS o
      JOIN kept FOR SYSTEM_TIME AS OF o.pt AS k ON o.customer = k.id`))
      .rejects.toThrow('lookup of nested column a in a table of the connector values');
  });

  const hinted = (hint: string): Promise<readonly string[]> => rows(
    `SELECT /*+ LOOKUP(${hint}) */ oid, name FROM orders AS o ${LOOKUP} WHERE oid < 11`);
  const RETRY = "'retry-predicate' = 'lookup_miss', 'retry-strategy' = 'fixed_delay'";

  it.each([
    "'table' = 'c'", "'table' = 'c', 'async' = 'TRUE', 'output-mode' = 'allow_unordered'",
    "'table' = 'c', 'capacity' = '-1', 'timeout' = '0 s', 'shuffle' = 'true', 'other' = '1'",
    `'table' = 'c', ${RETRY}, 'fixed-delay' = '10 ms', 'max-attempts' = '3'`,
  ])('takes the hint LOOKUP(%s), which changes no row', async (hint) => {
    expect(await hinted(hint)).toEqual(['+I [10,"Ada"]']);
  });

  it.each([
    ["'async' = 'false'", 'MR2006 wrong arguments: hint LOOKUP'],
    ['c', 'MR2006 wrong arguments: hint LOOKUP'],
    ["'table' = 'customers'", 'MR2014 unknown table of hint LOOKUP: customers'],
    ["'table' = 'C'", 'MR2014 unknown table of hint LOOKUP: C'],
    ["'table' = 'c', 'async' = 'maybe'",
      'MR2008 invalid option value: async of hint LOOKUP = maybe'],
    ["'table' = 'c', 'timeout' = 'x'", 'MR2008 invalid option value: timeout of hint LOOKUP = x'],
    [`'table' = 'c', ${RETRY}`, 'MR2006 wrong arguments: hint LOOKUP'],
    [`'table' = 'c', ${RETRY}, 'fixed-delay' = '1 s', 'max-attempts' = '0'`,
      'MR2008 invalid option value: max-attempts of hint LOOKUP = 0'],
  ])('refuses the hint LOOKUP(%s)', async (hint, error) => {
    await expect(hinted(hint)).rejects.toThrow(error);
  });

  it('looks up by several keys, constants and expressions, in nested columns', async () => {
    expect(await rows(`SELECT oid, p.\`at\`.x FROM orders AS o
      JOIN places FOR SYSTEM_TIME AS OF o.pt AS p ON p.city = 'rome' AND MOD(o.oid, 9) = p.c`))
      .toEqual(['+I [11,1]']);
  });

  it('passes changes on with their kinds', async () => {
    expect(await rows(`SELECT n, name FROM (SELECT customer, COUNT(*) AS n, PROCTIME() AS pt
      FROM orders WHERE customer < 3 GROUP BY customer) AS o ${LOOKUP} AND c.age > 60`))
      .toEqual(['+I [1,"Bea"]', '+U [2,"Bea"]', '-U [1,"Bea"]']);
  });

  it.each([
    ['RIGHT ' + LOOKUP, 'MR2100 unsupported feature: RIGHT lookup join'],
    ['JOIN customers FOR SYSTEM_TIME AS OF o.pt AS c ON c.age > 3',
      'MR2100 unsupported feature: lookup join without an equality on a column of the table'],
    ['JOIN orders FOR SYSTEM_TIME AS OF o.pt AS c ON o.customer = c.customer',
      'MR2100 unsupported feature: processing-time temporal join'],
    ['JOIN customers FOR SYSTEM_TIME AS OF o.oid AS c ON o.customer = c.id',
      'MR2100 unsupported feature: FOR SYSTEM_TIME AS OF anything but'],
  ])('refuses %s', async (written, error) => {
    await expect(rows(`SELECT oid FROM orders AS o ${written}`)).rejects.toThrow(error);
  });
});
