/** A disk that runs full under a whole job: an error with a code, path and reason; no crash. */
import { readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { CheckpointCoordinator } from '../../src/checkpoint/coordinator.js';
import { TableEnvironment } from '../../src/index.js';
import type { StateChunk } from '../../src/runtime/pipeline.js';
import { parseScript } from '../../src/sql/index.js';
import { STRING } from '../../src/types/data-type.js';
import { bundleCommand, millrace } from '../cli/run-command.js';
import { batchOf, ENGINES } from '../runtime/harness.js';
import { canMount, onSmallDisk } from '../support/small-disk.js';

const FULL = /MR4003 writing failed: [^]*no space left on device/i;

const failure = { class: 'io', message: expect.stringMatching(FULL) as string };

async function run(script: string, config: Record<string, string>): Promise<void> {
  const env = TableEnvironment.create({ config });
  for (const { text } of parseScript(script)) await (await env.executeSql(text)).await();
}

const writing = (path: string, format: string): string => `
  CREATE TABLE d (a BIGINT, b STRING) WITH ('connector' = 'datagen', 'number-of-rows' = '20000',
    'fields.b.length' = '50');
  CREATE TABLE o (a BIGINT, b STRING) WITH (
    'connector' = 'filesystem', 'path' = '${path}', 'format' = '${format}');
  INSERT INTO o SELECT * FROM d;`;

/** State of 50,000 groups does not fit; the endless source would go on for ever. */
const COUNTING = `
  CREATE TABLE d (a INT) WITH ('connector' = 'datagen', 'rows-per-second' = '1000000',
    'fields.a.min' = '0', 'fields.a.max' = '50000');
  CREATE TABLE o (a INT, n BIGINT) WITH ('connector' = 'blackhole');
  INSERT INTO o SELECT a, COUNT(*) FROM d GROUP BY a;`;

describe.runIf(canMount)('on a full disk', () => {
  beforeAll(bundleCommand);

  describe.each(ENGINES)('the %s engine', (engine) => {
    it.each(['json', 'csv'])('ends a job that writes %s, and leaves no part', async (format) => {
      await onSmallDisk(async (path) => {
        const job = run(writing(path, format), { 'millrace.engine': engine });
        await expect(job).rejects.toMatchObject(failure);
        expect(readdirSync(path)).toEqual([]);
      });
    });

    it('ends a job whose checkpoints cannot be written, and leaves none', async () => {
      await onSmallDisk(async (path) => {
        const job = run(COUNTING, {
          'millrace.engine': engine, 'execution.checkpointing.interval': '20 ms',
          'execution.checkpointing.dir': path,
        });
        await expect(job).rejects.toMatchObject(failure);
        expect(readdirSync(path).filter((name) => name.endsWith('.tmp'))).toEqual([]);
      });
    });

    it('the command says so and exits with 2', async () => {
      await onSmallDisk(async (path) => {
        const { code, stderr } = await millrace(['run', '--engine', engine, '-'],
          { input: writing(path, 'json') });
        expect(stderr).toMatch(FULL);
        expect(code).toBe(2);
      });
    });
  });

  it('a checkpoint names path and reason, and nothing of it stays', async () => {
    await onSmallDisk(async (path) => {
      const coordinator = new CheckpointCoordinator(
        { checkpoint: async () => [largeChunk()], completeCheckpoint() {}, async cancel() {} },
        { folder: path, intervalMs: 0, retained: 1, maxParallelism: 128, tolerableFailures: 0 });
      await expect(coordinator.trigger()).rejects.toMatchObject({
        code: 'MR4003', message: expect.stringMatching(FULL) as string,
      });
      expect(coordinator.stats).toMatchObject({ completed: 0, failed: 1 });
      expect(readdirSync(path)).toEqual([]);
    });
  });
});

function largeChunk(): StateChunk {
  const fields = [{ name: 'k', type: STRING }];
  const rows = Array.from({ length: 4000 }, (_, i) => [`${i}`.padEnd(100, 'x')]);
  return {
    operator: 1, semanticId: 's', table: 't', subtask: 0, keyCount: 0, fields,
    content: batchOf(fields, rows),
  };
}
