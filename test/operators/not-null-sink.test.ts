/** What a NULL in a NOT NULL column of a sink does; both engines, as Flink's ConstraintEnforcer. */
import { describe, expect, it } from 'vitest';
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
});
