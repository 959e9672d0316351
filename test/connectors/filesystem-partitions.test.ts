/** Partitions of files on both engines: marks of complete ones, and reading them back. */
import {
  existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { TableEnvironment } from '../../src/api/table-environment.js';
import { Batch } from '../../src/batch/batch.js';
import type { PhysicalPlan } from '../../src/plan/physical/plan.js';
import { INT, STRING, type RowField } from '../../src/types/data-type.js';
import { batchOf, Driver, makePipeline } from '../runtime/harness.js';
import { PlanBuilder } from '../runtime/plans.js';

const scratch = mkdtempSync(join(tmpdir(), 'partitions-'));
afterAll(() => { rmSync(scratch, { recursive: true }); });

const ENGINES = ['native', 'fallback'] as const;
type Engine = (typeof ENGINES)[number];

/** Folders with a file of that name. */
function foldersWith(path: string, name: string): string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name === name)
    .map((entry) => relative(path, entry.parentPath)).sort();
}

async function run(engine: Engine, statements: readonly string[]): Promise<unknown[]> {
  const env = TableEnvironment.create({ engine });
  let rows: unknown[] = [];
  for (const sql of statements) {
    const result = await env.executeSql(sql);
    if (result.kind !== 'QUERY') {
      await result.await();
      continue;
    }
    rows = [];
    for await (const { values } of result.collect()) rows.push(values.map(String).join('|'));
  }
  return rows.sort();
}

const table = (name: string, columns: string, keys: string, path: string, more = ''): string =>
  `CREATE TABLE ${name} (${columns}) PARTITIONED BY (${keys}) WITH (
    'connector' = 'filesystem', 'path' = '${path}', 'format' = 'csv'${more})`;

const BY_TIME = {
  'sink.partition-commit.policy.kind': 'success-file',
  'sink.partition-commit.trigger': 'partition-time',
  'sink.partition-commit.delay': '60000',
  'partition.time-extractor.timestamp-pattern': '$dt $hm:00',
};

function sinkPlan(path: string, options: Readonly<Record<string, string>>): PhysicalPlan {
  const builder = new PlanBuilder();
  const schema = [
    { name: 'v', type: INT }, { name: 'dt', type: STRING }, { name: 'hm', type: STRING },
  ];
  builder.add({
    kind: 'sink', connector: 'filesystem', table: 'o', options: { path, ...options },
    format: { name: 'csv', options: {} }, primaryKey: [], partition: [1, 2],
  }, schema, builder.external(schema));
  return builder.plan();
}

/** Rows, and the watermark behind them. */
function raising(
  schema: readonly RowField[], rows: Parameters<typeof batchOf>[1], watermark: number,
): Batch {
  const { columns } = batchOf(schema, rows);
  return new Batch(rows.length, columns, null, null, [{ row: rows.length, watermark }]);
}

const at = (time: string): number => Date.parse(`2024-01-01T${time}Z`);

describe.each(ENGINES)('partitions of files on the %s engine', (engine) => {
  it('marks all partitions at the end of the input, as Flink does', async () => {
    const path = join(scratch, `${engine}-end`);
    const kind = ", 'sink.partition-commit.policy.kind' = 'success-file'";
    const named = `${kind}, 'sink.partition-commit.success-file.name' = 'done'`;
    await run(engine, [
      table('o', 'v INT, dt STRING', 'dt', path, named),
      "INSERT INTO o VALUES (1, '2024-01-01'), (2, 'no date'), (3, CAST(NULL AS STRING))",
    ]);
    expect(foldersWith(path, 'done')).toEqual(
      ['dt=2024-01-01', 'dt=__DEFAULT_PARTITION__', 'dt=no date']);
    const plain = join(scratch, `${engine}-plain`);
    await run(engine, [
      table('o', 'v INT, dt STRING', 'dt', plain), "INSERT INTO o VALUES (1, 'x')"]);
    expect(foldersWith(plain, '_SUCCESS')).toEqual([]);
  });

  it('marks a partition when the watermark at a checkpoint has passed its time', async () => {
    const path = join(scratch, `${engine}-time`);
    const plan = sinkPlan(path, BY_TIME);
    const { schema } = plan.nodes[0]!;
    const first = new Driver(makePipeline(engine, plan));
    const rows = [[1, '2024-01-01', '10:00'], [2, '2024-01-01', '10:05']];
    await first.offer(0, raising(schema, rows, at('10:01:00')));
    await first.snapshot(1);
    first.pipeline.completeCheckpoint();
    expect(foldersWith(path, '_SUCCESS')).toEqual([]);
    await first.offer(0, raising(schema, [], at('10:01:00.001')));
    const chunks = await first.snapshot(2);
    // Rows behind the barrier do not count yet.
    await first.offer(0, batchOf(schema, [[3, '2024-01-01', '09:00']]));
    first.pipeline.completeCheckpoint();
    await settled(() => foldersWith(path, '_SUCCESS').length === 1);
    expect(foldersWith(path, '_SUCCESS')).toEqual(['dt=2024-01-01/hm=10%3A00']);
    await first.pipeline.close();
    // The other engine goes on with what waits.
    const other = ENGINES[1 - ENGINES.indexOf(engine)]!;
    const second = new Driver(makePipeline(other, plan, { restore: chunks }));
    await second.offer(0, raising(schema, [], at('10:06:00.001')));
    await second.snapshot(3);
    second.pipeline.completeCheckpoint();
    const both = ['dt=2024-01-01/hm=10%3A00', 'dt=2024-01-01/hm=10%3A05'];
    await settled(() => foldersWith(path, '_SUCCESS').length === 2);
    expect(foldersWith(path, '_SUCCESS')).toEqual(both);
    await second.pipeline.close();
  });

  it('a time that cannot be read fails when it is asked for', async () => {
    const path = join(scratch, `${engine}-no-time`);
    const plan = sinkPlan(path, BY_TIME);
    const driver = new Driver(makePipeline(engine, plan));
    const { schema } = plan.nodes[0]!;
    await driver.offer(0, raising(schema, [[1, 'some', 'day']], 5));
    await driver.snapshot(1);
    await expect((async () => {
      driver.pipeline.completeCheckpoint();
      driver.pipeline.endInput(0);
      await driver.event('finished');
    })()).rejects.toThrow(/MR3006 .*no time of a partition: some day:00/);
    await driver.pipeline.close();
  });

  it('refuses by name what it does not do', async () => {
    const refused = (options: string): Promise<unknown> => run(engine, [
      table('o', 'v INT, dt STRING', 'dt', join(scratch, 'never'), options),
      "INSERT INTO o VALUES (1, 'x')"]);
    const kind = ", 'sink.partition-commit.policy.kind' = ";
    await expect(refused(`${kind}'metastore,success-file'`)).rejects.toMatchObject(
      { code: 'MR2100', text: 'unsupported feature: partition commit policy metastore' });
    await expect(refused(`${kind}'success-file',
      'partition.time-extractor.timestamp-formatter' = 'yyyyMMdd'`)).rejects.toMatchObject(
      { code: 'MR2100' });
    await expect(refused(", 'sink.partition-commit.trigger' = 'never'")).rejects.toMatchObject(
      { code: 'MR2008' });
    expect(existsSync(join(scratch, 'never'))).toBe(false);
  });

  it('reads back what it wrote: values from folders, columns by place in the file', async () => {
    const path = join(scratch, `${engine}-back`);
    const columns = 'v INT, k STRING, w STRING, n INT, d DATE, b BOOLEAN';
    const rows = await run(engine, [
      table('o', columns, 'k, n, d, b', path),
      `INSERT INTO o VALUES (1, 'a', 'x', 7, DATE '2024-02-29', TRUE),
        (2, 'q/r=s %', 'y', -1, DATE '1969-12-31', FALSE),
        (3, CAST(NULL AS STRING), 'z', CAST(NULL AS INT), CAST(NULL AS DATE),
          CAST(NULL AS BOOLEAN))`,
      'SELECT k, v, w, n, d, b FROM o',
    ]);
    expect(rows.map((row) => String(row).replace(/T00.*?Z/, ''))).toEqual([
      'a|1|x|7|2024-02-29|true', 'null|3|z|null|null|null', 'q/r=s %|2|y|-1|1969-12-31|false']);
    expect(await run(engine, [table('o', columns, 'k, n, d, b', path),
      "SELECT n FROM o WHERE k = 'a'"])).toEqual(['7']);
  });

  it('a file outside of every folder, or a value of another type, fails by name', async () => {
    const path = join(scratch, `${engine}-wrong`);
    mkdirSync(join(path, 'n=x'), { recursive: true });
    writeFileSync(join(path, 'n=x', 'f'), '1\n');
    const read = [table('o', 'v INT, n INT', 'n', path), 'SELECT * FROM o'];
    await expect(run(engine, read)).rejects.toMatchObject(
      { code: 'MR4002', text: expect.stringContaining('no value of n: x') });
    writeFileSync(join(path, 'a'), '1\n');
    await expect(run(engine, read)).rejects.toMatchObject(
      { code: 'MR4002', text: expect.stringContaining('it lies in no folder n=') });
  });

  it('metadata of files', async () => {
    const path = join(scratch, `${engine}-meta`);
    mkdirSync(path);
    writeFileSync(join(path, 'one.csv'), '1\n2\n');
    writeFileSync(join(path, 'two.csv'), '30\n');
    const meta = `CREATE TABLE m (v INT, p STRING METADATA FROM 'file.path',
      \`file.name\` STRING NOT NULL METADATA, s BIGINT METADATA FROM 'file.size' VIRTUAL,
      t TIMESTAMP_LTZ(3) METADATA FROM 'file.modification-time', s2 AS s * 2, bad INT METADATA
      FROM 'file.size') WITH ('connector' = 'filesystem', 'path' = '${path}', 'format' = 'csv')`;
    expect(await run(engine, [meta, 'SELECT v, p, `file.name`, s, s2 FROM m'])).toEqual([
      `1|${path}/one.csv|one.csv|4|8`, `2|${path}/one.csv|one.csv|4|8`,
      `30|${path}/two.csv|two.csv|3|6`]);
    expect(await run(engine, [meta, 'SELECT `file.name` FROM m'])).toEqual(
      ['one.csv', 'one.csv', 'two.csv']);
    expect(await run(engine, [meta, `SELECT COUNT(*) FROM m
      WHERE t > TO_TIMESTAMP_LTZ(${Date.now() - 600_000}, 3)`])).toContain('3');
    await expect(run(engine, [meta, 'SELECT bad FROM m'])).rejects.toMatchObject({
      code: 'MR2100', text: 'unsupported feature: metadata column bad of another type than BIGINT',
    });
  });
});

/** Waits until it is so, 5 s at most. */
async function settled(isSo: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !isSo(); i++) await new Promise((done) => { setTimeout(done, 10); });
}
