import { describe, expect, it } from 'vitest';
import { sessionFunction } from '../../src/api/user-function.js';
import { Catalog } from '../../src/catalog/catalog.js';
import { TableEnvironment, type UserFunction } from '../../src/index.js';
import type { RowValue } from '../../src/index.js';
import { planScript } from '../../src/plan/plan-sql.js';

const TWICE: UserFunction = {
  parameters: ['BIGINT'], returns: 'BIGINT',
  evaluate: (value) => (typeof value === 'bigint' ? value * 2n : null),
};

async function environment(
  config: Record<string, string> = {}, functions: Record<string, UserFunction> = { twice: TWICE },
): Promise<TableEnvironment> {
  const env = TableEnvironment.create({ config });
  await env.executeSql(`CREATE TABLE numbers (n BIGINT, word STRING) WITH
    ('connector' = 'datagen', 'number-of-rows' = '10000', 'fields.n.kind' = 'sequence',
     'fields.n.start' = '1', 'fields.n.end' = '10000', 'fields.word.length' = '3')`);
  for (const [name, one] of Object.entries(functions)) {
    await env.createTemporaryFunction(name, one);
  }
  return env;
}

async function rows(env: TableEnvironment, sql: string): Promise<(readonly RowValue[])[]> {
  const found: (readonly RowValue[])[] = [];
  for await (const row of (await env.executeSql(sql)).collect()) found.push(row.values);
  return found;
}

const TOTAL = 'SELECT SUM(twice(n)) FROM numbers WHERE n > 0';

async function lastTotal(env: TableEnvironment): Promise<RowValue | undefined> {
  return (await rows(env, TOTAL)).at(-1)?.[0];
}

describe('a function written in TypeScript', () => {
  it('is called for each row, NULLs included', async () => {
    const env = await environment();
    expect(await rows(env, 'SELECT twice(n) FROM (VALUES (1), (2), (CAST(NULL AS INT))) AS t(n)'))
      .toEqual([[2n], [4n], [null]]);
  });

  it.each(['native', 'auto', 'fallback'])('gives the same total under %s', async (engine) => {
    const config = engine === 'native' ? {} : { 'millrace.engine': engine };
    expect(await lastTotal(await environment(config))).toBe(100_010_000n);
  });

  it('cuts the native island around it, and EXPLAIN says why', async () => {
    const text = await (await environment()).explainSql(TOTAL);
    expect(text).toContain(
      'calc: fallback, island 2 (not native: function written in TypeScript)');
    expect(text).toContain('group-aggregate: native');
  });

  it('is refused by an engine that was asked for by name and has none', async () => {
    const env = await environment({ 'millrace.engine': 'native' });
    await expect(env.executeSql(TOTAL)).rejects.toThrow(/MR2104.*written in TypeScript/);
  });

  it('runs on this thread at parallelism 3', async () => {
    for (const engine of ['auto', 'fallback']) {
      const env = await environment({ 'millrace.engine': engine, 'parallelism.default': '3' });
      expect(await lastTotal(env)).toBe(100_010_000n);
    }
  });

  it('may take whole columns and sets only the rows it is given', async () => {
    const env = await environment({}, {
      shout: {
        parameters: ['STRING', 'INT'], returns: 'STRING',
        evaluateColumns: ([words, times], rowIndexes, result) => {
          for (const row of rowIndexes) {
            const word = words?.at(row);
            if (typeof word !== 'string') continue;
            result.set(row, word + '!'.repeat(Number(times?.at(row))));
          }
        },
      },
    });
    expect(await rows(env, `SELECT shout(w, n) FROM
      (VALUES ('a', 1), ('b', 2), (CAST(NULL AS STRING), 3), ('d', 0)) AS t(w, n) WHERE n > 0`))
      .toEqual([['a!'], ['b!!'], [null]]);
  });

  it('takes arguments that fit its parameters without a cast, and no others', async () => {
    const env = await environment();
    expect(await rows(env, 'SELECT TWICE(CAST(4 AS SMALLINT))')).toEqual([[8n]]);
    await expect(env.executeSql('SELECT twice(1, 2)')).rejects.toThrow(/MR2006/);
    await expect(env.executeSql('SELECT twice(TRUE)')).rejects.toThrow(/MR2006/);
  });

  it('is hidden by a function of the system', async () => {
    const env = await environment({}, { upper: { ...TWICE, parameters: ['STRING'] } });
    expect(await rows(env, 'SELECT UPPER(\'a\')')).toEqual([['A']]);
  });

  it('ends the job with MR3031 where it throws, or gives a value of another type', async () => {
    const env = await environment({}, {
      broken: {
        parameters: ['BIGINT'], returns: 'INT',
        evaluate: (value) => {
          if (value === 3n) throw new Error('three');
          return 1;
        },
      },
      wrong: { parameters: ['BIGINT'], returns: 'INT', evaluate: () => 'text' },
    });
    await expect(rows(env, 'SELECT broken(n) FROM numbers')).rejects.toThrow(/MR3031.*three/);
    await expect(rows(env, 'SELECT wrong(n) FROM numbers')).rejects.toThrow(/MR3031.*wrong/);
  });

  it('has a name of its own until it is dropped', async () => {
    const env = await environment();
    await expect(env.createTemporaryFunction('Twice', TWICE)).rejects.toThrow(/MR2007/);
    expect(await env.dropTemporaryFunction('TWICE')).toBe(true);
    await expect(env.executeSql(TOTAL)).rejects.toThrow(/MR2003/);
  });

  it('leaves the names of operators behind it as they were in another process', () => {
    const idsOf = (): readonly string[] => {
      const catalog = new Catalog();
      catalog.functions.add(sessionFunction('twice', TWICE));
      const [planned] = planScript(catalog, `CREATE TABLE numbers (n BIGINT)
        WITH ('connector' = 'datagen'); ${TOTAL};`);
      return planned!.plan.nodes.map((node) => node.semanticId);
    };
    expect(idsOf()).toEqual(idsOf());
  });
});
