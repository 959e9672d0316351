/** Sources of changes and keyed sinks: what is normalized, dropped or passed on. */
import { describe, expect, it } from 'vitest';
import { rowTexts } from '../../src/batch/format.js';
import { TableEnvironment, type RowKindText } from '../../src/index.js';

type Change = readonly [kind: RowKindText, ...row: unknown[]];

const COLUMNS = '(k STRING, v INT, PRIMARY KEY (k) NOT ENFORCED)';

async function sent(
  engine: 'native' | 'fallback', changes: readonly Change[], source: string, sink: string,
  query = 'SELECT * FROM s',
): Promise<readonly string[]> {
  const env = TableEnvironment.create({ engine });
  const id = env.registerData(changes.map(([kind, ...row]) => ({ kind, row })));
  await env.executeSql(`CREATE TABLE s ${COLUMNS} WITH ('connector' = 'values',
    'data-id' = '${id}', ${source})`);
  await env.executeSql(`CREATE TABLE o ${COLUMNS} WITH ('connector' = 'values'${sink})`);
  await (await env.executeSql(`INSERT INTO o ${query}`)).await();
  const session = await env.session();
  return session.collectedBatches('o').flatMap((batch) => [...rowTexts(batch)]);
}

describe.each(['native', 'fallback'] as const)('on the %s engine', (engine) => {
  it('old rows are dropped at the source of a sink that writes by key', async () => {
    const changes: Change[] = [['+I', 'a', 1], ['-U', 'a', 1], ['+U', 'a', 2], ['-D', 'a', 2]];
    expect(await sent(engine, changes, `'changelog-mode' = 'I,UB,UA,D'`, ''))
      .toEqual(['+I[a, 1]', '+U[a, 2]', '-D[a, 2]']);
  });

  it.each([
    ['I', '-D'], ['I', '+U'], ['I,UA,D', '-U'], ['UA,D', '-U'], ['I,UB,UA', '-D'],
  ] as const)('a table of %s gives no %s', async (mode, kind) => {
    const changes: Change[] = [['+U', 'a', 1], [kind, 'a', 2]];
    const rows = mode === 'I' ? changes.slice(1) : changes;
    await expect(sent(engine, rows, `'changelog-mode' = '${mode}'`, '')).rejects.toMatchObject({
      code: 'MR3034', class: 'data',
      text: `a kind of row that the table does not give: ${kind} in ` +
        'default_catalog.default_database.s',
    });
  });

  it('upserts go to such a sink as they are', async () => {
    const changes: Change[] = [['+U', 'a', 1], ['+U', 'a', 1], ['-D', 'a', 7]];
    expect(await sent(engine, changes, `'changelog-mode' = 'I,UA,D'`, ''))
      .toEqual(['+U[a, 1]', '+U[a, 1]', '-D[a, 7]']);
  });

  it('deletes by key are filled up for a sink that needs whole rows', async () => {
    const changes: Change[] = [['+I', 'a', 1], ['+U', 'a', 2], ['-D', 'a', null]];
    const source = `'changelog-mode' = 'I,UA,D', 'source.produces-delete-by-key' = 'true'`;
    expect(await sent(engine, changes, source, ''))
      .toEqual(['+I[a, 1]', '+U[a, 2]', '-D[a, 2]']);
    expect(await sent(engine, changes, source, `, 'sink.supports-delete-by-key' = 'true'`))
      .toEqual(['+I[a, 1]', '+U[a, 2]', '-D[a, null]']);
  });

  it('upserts without a primary key are refused', async () => {
    const env = TableEnvironment.create({ engine });
    await env.executeSql(`CREATE TABLE s (k STRING) WITH ('connector' = 'values',
      'data-id' = 'none', 'changelog-mode' = 'I,UA,D')`);
    await expect(env.executeSql('SELECT * FROM s')).rejects.toThrow(/needs a primary key/);
  });
});
