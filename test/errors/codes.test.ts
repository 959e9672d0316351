/** Codes that no script of bad-input.jsonl raises, and that every code is raised somewhere. */
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { CheckpointCoordinator } from '../../src/checkpoint/coordinator.js';
import { TableEnvironment } from '../../src/index.js';
import { errorRows } from '../../src/errors/index.js';
import { resolveName, type Scope } from '../../src/plan/bind/scope.js';
import type { PhysicalPlan } from '../../src/plan/physical/plan.js';
import { parseScript } from '../../src/sql/index.js';
import { BIGINT, INT } from '../../src/types/data-type.js';
import { batchOf, Driver, ENGINES, makePipeline } from '../runtime/harness.js';
import { batchOf as changesOf } from '../support/operator-run.js';
import { column, field, PlanBuilder } from '../runtime/plans.js';
import { listFiles, readSource } from '../tidy/source-files.js';

const failure = (code: string): unknown => expect.objectContaining({ code });
const failureLike = (code: string): RegExp => new RegExp(`^${code} `);
const PLACE = { line: 1, column: 1, offset: 0, endOffset: 1 };

async function rows(env: TableEnvironment, sql: string): Promise<void> {
  for await (const _row of (await env.executeSql(sql)).collect());
}

const SLOW_PATTERN = "SELECT REGEXP_REPLACE(REPEAT('a', 5000), '(a|a)*(a|a)*(a|a)*b', 'x')";

/** A plan over rows that the test offers, up to a sink that collects. */
function offered(add: (builder: PlanBuilder, input: number) => number): PhysicalPlan {
  const builder = new PlanBuilder();
  builder.collect(add(builder, builder.external([field('a', BIGINT)])));
  return builder.plan();
}

describe.each(ENGINES)('on the %s engine', (engine) => {
  it.each([
    ['MR1015', 'CREATE TABLE t (a INT PRIMARY KEY NOT ENFORCED, b INT PRIMARY KEY NOT ENFORCED)'],
    ['MR1018', "SELECT JSON_VALUE('{}', '$' NULL ON EMPTY NULL ON EMPTY)"],
    ['MR1024', 'SELECT MAP[1]'],
    ['MR2017', "CREATE TABLE t (a INT) WITH ('connector' = 'print'); ALTER TABLE t DROP WATERMARK"],
    ['MR2019', 'DROP DATABASE default_database'],
    ['MR2101', 'DELETE FROM t WHERE a = 1'],
    ['MR3003', "SELECT CAST(CAST('NaN' AS DOUBLE) AS DECIMAL(10, 2))"],
    ['MR3005', "SELECT REPEAT('x', 2000000000)"],
    ['MR3006', "SELECT 'a' LIKE 'b' ESCAPE e FROM (VALUES ('xy'), ('z')) AS v(e)"],
    ['MR3007', SLOW_PATTERN],
    ['MR4020', "CREATE TABLE v (a INT) WITH ('connector' = 'values', 'data-id' = 'none'); " +
      'SELECT * FROM v'],
  ])('%s: %s', async (code, script) => {
    const env = TableEnvironment.create({ engine });
    const run = async (): Promise<void> => {
      for (const { text } of parseScript(script)) await rows(env, text);
    };
    await expect(run()).rejects.toEqual(failure(code));
  });

  it('MR2020 and MR3030: rows without a schema, and a value of another type', async () => {
    const env = TableEnvironment.create({ engine });
    await expect(env.createTemporaryView('t', [[1]])).rejects.toEqual(failure('MR2020'));
    await env.createTemporaryView('t', [['no number']], { schema: 'a INT' });
    await expect(rows(env, 'SELECT * FROM t')).rejects.toEqual(failure('MR3030'));
  });

  it('MR3031: a function of the user throws', async () => {
    const env = TableEnvironment.create();
    await env.createTemporaryFunction('broken', {
      parameters: ['INT'], returns: 'INT',
      evaluate: () => {
        throw new Error('no result');
      },
    });
    await expect(rows(env, 'SELECT broken(1)')).rejects.toEqual(failure('MR3031'));
  });

  it('MR3010: a row is taken back that was never there', async () => {
    const plan = offered((builder, input) => builder.add({
      kind: 'rank', partition: [], rankStart: 1, rankEnd: 3, outputRankNumber: false,
      orderBy: [{ column: 0, descending: false, nullsFirst: true }], strategy: 'retract',
      primaryKey: [], generateUpdateBefore: true, stateTtlMs: 0,
    }, [field('a', BIGINT)], builder.exchange(input, [])));
    const driver = new Driver(makePipeline(engine, plan));
    await driver.offer(0, changesOf([field('a', BIGINT)], [['+I', 1n], ['-D', 2n]]));
    driver.pipeline.endInput(0);
    await expect(driver.event('finished')).rejects.toThrow('MR3010');
    await driver.pipeline.close();
  });

  it('MR9002: a plan calls a kernel that no engine has', async () => {
    const run = async (): Promise<void> => {
      const plan = offered((builder, input) => builder.calc(input, [
        { kind: 'call', kernel: 'NO_SUCH_KERNEL', arguments: [column(0, BIGINT)], type: INT }]));
      const driver = new Driver(makePipeline(engine, plan));
      await driver.offer(0, batchOf([field('a', BIGINT)], [[1n]]));
      await driver.event('finished');
    };
    await expect(run()).rejects.toThrow('MR9002');
  });

  it('MR4030: a job is cancelled', async () => {
    const env = TableEnvironment.create({ engine });
    await env.executeSql("CREATE TABLE d (a INT) WITH ('connector' = 'datagen')");
    await env.executeSql("CREATE TABLE s (a INT) WITH ('connector' = 'blackhole')");
    const { job } = await env.executeSql('INSERT INTO s SELECT a FROM d');
    await job!.cancel();
    await expect(job!.done).rejects.toEqual(failure('MR4030'));
  });
});

it('MR2005: a name that two tables of FROM have', () => {
  const fields = [field('a', BIGINT)];
  const name = { kind: 'identifier', name: 'a', quoted: false, position: PLACE } as const;
  const scope: Scope = { relations: [
    { name: ['x'], fields, offset: 0 }, { name: ['y'], fields, offset: 1 },
  ] };
  expect(() => resolveName(scope, [name], PLACE)).toThrow(failureLike('MR2005'));
});

it('MR4021: the rows of a result are read again', async () => {
  const result = await TableEnvironment.create().executeSql('SELECT 1 AS a');
  const read = async (): Promise<number> => {
    let count = 0;
    for await (const _row of result.collect()) count += 1;
    return count;
  };
  expect(await read()).toBe(1);
  await expect(read()).rejects.toEqual(failure('MR4021'));
  await expect(result.batches().next()).rejects.toEqual(failure('MR4021'));
});

it('MR5003: a checkpoint of a job that has ended', async () => {
  const coordinator = new CheckpointCoordinator(
    { checkpoint: async () => [], completeCheckpoint() {}, async cancel() {} },
    { folder: tmpdir(), intervalMs: 0, retained: 1, maxParallelism: 128, tolerableFailures: 0 });
  await coordinator.stop();
  await expect(coordinator.trigger()).rejects.toEqual(failure('MR5003'));
});

describe('every code', () => {
  const codesIn = (paths: readonly string[]): ReadonlySet<string> =>
    new Set(paths.flatMap((path) => readSource(path).text.match(/\bMR[1-9]\d{3}\b/g) ?? []));
  const files = listFiles('.ts', '.cpp', '.h', '.txt', '.jsonl', '.json', '.stream');

  it('is raised by the product', () => {
    const raised = codesIn(files.filter((path) => /^(src|native)\//.test(path)));
    expect(Object.keys(errorRows).filter((code) => !raised.has(code))).toEqual([]);
  });

  it('is expected by a test', () => {
    const asserted = codesIn(files.filter((path) => path.startsWith('test/')));
    expect(Object.keys(errorRows).filter((code) => !asserted.has(code))).toEqual([]);
  });

  it('of a text in a test exists', () => {
    const text = readFileSync('test/errors/bad-input.jsonl', 'utf8');
    const used = new Set(text.match(/\bMR\d{4}\b/g));
    expect([...used].filter((code) => !(code in errorRows))).toEqual([]);
  });
});
