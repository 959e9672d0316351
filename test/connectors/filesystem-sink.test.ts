/** The filesystem sink of both engines: Flink's bytes, two steps to a name. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { TableEnvironment } from '../../src/api/table-environment.js';
import { parseScript } from '../../src/sql/index.js';
import type { PhysicalPlan } from '../../src/plan/physical/plan.js';
import { batchOf, Driver, makePipeline } from '../runtime/harness.js';
import { PlanBuilder } from '../runtime/plans.js';
import { BIGINT, STRING } from '../../src/types/data-type.js';

const scratch = mkdtempSync(join(tmpdir(), 'sink-'));
afterAll(() => { rmSync(scratch, { recursive: true }); });

const ENGINES = ['native', 'fallback'] as const;

interface WriteCase {
  readonly name: string;
  readonly script: string;
  /** Text by folder. */
  readonly files: Readonly<Record<string, string>>;
}

const WRITE = ['csv', 'changes'].flatMap((folder) =>
  readFileSync(`test/arbiter/${folder}/write.jsonl`, 'utf8')
    .trim().split('\n').map((line) => JSON.parse(line) as WriteCase));

/** Text by folder; hidden files are told apart. */
function filesBelow(path: string, hidden = false): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.startsWith('.') !== hidden) continue;
    const folder = relative(path, entry.parentPath);
    const text = readFileSync(join(entry.parentPath, entry.name), 'utf8');
    found[folder] = (found[folder] ?? '') + text;
  }
  return found;
}

async function runScript(engine: 'native' | 'fallback', script: string): Promise<void> {
  const env = TableEnvironment.create({ engine, config: {} });
  for (const { text } of parseScript(script)) await (await env.executeSql(text)).await();
}

describe.each(ENGINES)('the %s engine', (engine) => {
  it.each(WRITE)('writes the bytes of Flink: $name', async ({ name, script, files }) => {
    const path = join(scratch, `${engine}-${name}`);
    await runScript(engine, script.replace('PATH', path));
    expect(filesBelow(path)).toEqual(files);
    expect(filesBelow(path, true)).toEqual({});
  });

  it('writes arrays and rows in one field, as Flink does', async () => {
    // What Flink writes of (ARRAY[1, 2, 3], ARRAY['a', 'b c'], ROW(1, 'z')) and with NULLs.
    const text = '1;2;3,"a;b c",1;z\n,x,";q,r"\n';
    const input = join(scratch, `${engine}-arrays.csv`);
    const path = join(scratch, `${engine}-arrays`);
    writeFileSync(input, text);
    const columns = '(a ARRAY<INT>, b ARRAY<STRING>, c ROW<x INT, y STRING>)';
    await runScript(engine, `
      CREATE TABLE i ${columns} WITH ('connector' = 'filesystem', 'path' = '${input}',
        'format' = 'csv', 'csv.ignore-parse-errors' = 'true');
      CREATE TABLE o ${columns} WITH (
        'connector' = 'filesystem', 'path' = '${path}', 'format' = 'csv');
      INSERT INTO o SELECT * FROM i;`);
    expect(filesBelow(path)).toEqual({ '': text });
  });

  it('writes JSON lines and reads them again', async () => {
    const path = join(scratch, `${engine}-json`);
    await runScript(engine, `
      CREATE TABLE o (a INT, b STRING) WITH (
        'connector' = 'filesystem', 'path' = '${path}', 'format' = 'json');
      INSERT INTO o VALUES (1, 'x"y'), (2, CAST(NULL AS STRING));`);
    expect(filesBelow(path)).toEqual({ '': '{"a":1,"b":"x\\"y"}\n{"a":2,"b":null}\n' });
  });

  it('names files only when the checkpoint is complete, and once after a recovery', async () => {
    const path = join(scratch, `${engine}-steps`);
    const plan = sinkPlan(path);
    const schema = plan.nodes[0]!.schema;
    const first = new Driver(makePipeline(engine, plan));
    await first.offer(0, batchOf(schema, [[1n, 'x'], [2n, 'y']]));
    const chunks = await first.snapshot(1);
    expect(Object.values(filesBelow(path, true)).join('')).toBe('1,x\n2,y\n');
    expect(filesBelow(path)).toEqual({});
    await first.offer(0, batchOf(schema, [[3n, 'lost']]));
    await first.pipeline.close();
    for (const other of [engine, ENGINES[1 - ENGINES.indexOf(engine)]!]) {
      const second = new Driver(makePipeline(other, plan, { restore: chunks }));
      await second.offer(0, batchOf(schema, [[4n, 'z']]));
      second.pipeline.endInput(0);
      await second.event('finished');
      await second.pipeline.close();
    }
    const lines = filesBelow(path)['']!.trim().split('\n').sort();
    expect(lines).toEqual(['1,x', '2,y', '4,z', '4,z']);
    expect(filesBelow(path, true)).toEqual({});
  });

  it('says what stands in the way of its folder', async () => {
    const file = join(scratch, `${engine}-file`);
    writeFileSync(file, '');
    const driver = new Driver(makePipeline(engine, sinkPlan(join(file, 'out'))));
    await driver.offer(0, batchOf(sinkPlan(file).nodes[0]!.schema, [[1n, 'x']]));
    driver.pipeline.endInput(0);
    await expect(driver.event('finished')).rejects.toThrow(/MR4003 .*(Not a directory|not a dir)/);
    await driver.pipeline.close();
  });
});

function sinkPlan(path: string): PhysicalPlan {
  const builder = new PlanBuilder();
  const schema = [{ name: 'a', type: BIGINT }, { name: 'b', type: STRING }];
  builder.add({
    kind: 'sink', connector: 'filesystem', table: 'o', options: { path },
    format: { name: 'csv', options: {} }, primaryKey: [], partition: [],
  }, schema, builder.external(schema));
  return builder.plan();
}
