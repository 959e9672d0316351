import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Batch } from '../../src/batch/batch.js';
import { CheckpointCoordinator } from '../../src/checkpoint/coordinator.js';
import { CheckpointStorage, type StoredCheckpoint } from '../../src/checkpoint/storage.js';
import { decideEngines, makePipeline as makeOn } from '../../src/runtime/engine.js';
import type { StateChunk } from '../../src/runtime/pipeline.js';
import { BIGINT, decimal, INT, notNull, STRING } from '../../src/types/data-type.js';
import {
  batchesOf, batchOf, Driver, ENGINES, makePipeline, type Row, rowsOf, rowsSaid,
} from '../runtime/harness.js';
import { EVENTS, PlanBuilder } from '../runtime/plans.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-checkpoint-'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

const FIELDS = [
  { name: 'key_group', type: notNull(INT) }, { name: 'k', type: STRING },
  { name: 'n', type: BIGINT }, { name: 'd', type: decimal(30, 3) },
];
const ROWS: readonly Row[] = [
  [3, 'a text of more than twelve bytes', -(1n << 63n), 123456789012345678901234567n],
  [7, null, null, null], [9, '', 0n, -1n],
];

function chunk(rows: readonly Row[], table = 'groups'): StateChunk {
  return {
    operator: 4, semanticId: 'abc', table, subtask: 0, keyCount: 1, fields: FIELDS,
    content: batchOf(FIELDS, rows),
  };
}

function checkpoint(id: number, rows: readonly Row[] = ROWS): StoredCheckpoint {
  return { id, takenMs: 1, maxParallelism: 128, chunks: [chunk(rows), chunk([], 'none/of..it')] };
}

describe('checkpoint storage', () => {
  it('gives back what was written, also empty tables', async () => {
    const storage = new CheckpointStorage(folder);
    await storage.write(checkpoint(1));
    const read = await storage.read(1);
    const told = ({ content, ...rest }: StateChunk): object => ({ ...rest, rows: rowsOf(content) });
    expect(read.chunks.map(told)).toEqual([told(chunk(ROWS)), told(chunk([], 'none/of..it'))]);
  });

  it('gives back a large table, in pieces, all of its rows', async () => {
    const rows = Array.from({ length: 40_000 }, (_, i): Row =>
      [i % 128, i % 3 === 0 ? null : `name ${i}`, BigInt(i), BigInt(-i)]);
    const storage = new CheckpointStorage(folder);
    const { content } = chunk(rows);
    const odd = Int32Array.from({ length: 20_000 }, (_, i) => 2 * i + 1);
    const selected = new Batch(content.rowCount, content.columns, odd);
    await storage.write({ ...checkpoint(1), chunks: [
      chunk(rows), { ...chunk(rows, 'odd'), content: selected },
    ] });
    const { chunks } = await storage.read(1);
    const rowsOfTable = (table: string): readonly Row[] => chunks
      .filter((one) => one.table === table).flatMap((one) => rowsOf(one.content));
    expect(rowsOfTable('groups')).toEqual(rows);
    expect(rowsOfTable('odd')).toEqual(rows.filter((_, i) => i % 2 === 1));
    expect(Math.max(...chunks.map((one) => one.content.rowCount))).toBeLessThan(20_000);
  });

  it('writes files that any Arrow library reads', async () => {
    await new CheckpointStorage(folder).write(checkpoint(1));
    const table = tableFromIPC(await readFile(join(folder, 'chk-1', '4-groups-0.arrow')));
    expect(table.schema.fields.map((field) => field.name)).toEqual(['key_group', 'k', 'n', 'd']);
    expect(table.get(0)!['k']).toBe('a text of more than twelve bytes');
  });

  it('keeps the newest and removes what crashed writers left', async () => {
    const storage = new CheckpointStorage(folder);
    for (const id of [1, 2, 3, 10]) await storage.write(checkpoint(id));
    await writeFile(join(folder, 'chk-11.tmp'), 'half');
    await storage.keepNewest(2);
    expect((await readdir(folder)).sort()).toEqual(['chk-10', 'chk-3']);
  });

  it.each([
    ['a chunk file is damaged', '4-groups-0.arrow', (bytes: Buffer) => {
      bytes[bytes.length >> 1]! ^= 1;
      return bytes;
    }],
    ['a chunk file is cut', '4-groups-0.arrow', (bytes: Buffer) => bytes.subarray(0, 40)],
    ['the manifest is damaged', 'manifest.json', (bytes: Buffer) => {
      bytes[bytes.length - 20]! ^= 1;
      return bytes;
    }],
    ['the manifest is empty', 'manifest.json', () => Buffer.alloc(0)],
  ] as const)('uses the one before where %s', async (_name, file, damage) => {
    const storage = new CheckpointStorage(folder);
    await storage.write(checkpoint(1));
    await storage.write(checkpoint(2));
    const path = join(folder, 'chk-2', file);
    await writeFile(path, damage(await readFile(path)));
    const { checkpoint: found, skipped } = await storage.readLatest();
    expect(found!.id).toBe(1);
    expect(skipped.map((one) => one.id)).toEqual([2]);
    expect(skipped[0]!.reason).toMatch(/^snapshot is corrupt/);
  });

  it('says so where there is none', async () => {
    const storage = new CheckpointStorage(join(folder, 'not', 'there'));
    expect(await storage.readLatest()).toEqual({ checkpoint: null, skipped: [] });
  });

  it('a folder that cannot be written is an error that names it', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    await expect(new CheckpointStorage(file).write(checkpoint(1)))
      .rejects.toMatchObject({ code: 'MR4003' });
  });
});

describe('state that the plan has no operator for', () => {
  it('is an error on both engines, not lost in silence', () => {
    const builder = new PlanBuilder();
    builder.collect(builder.limit(builder.external(EVENTS), 0, 10));
    const options = { parallelism: 1, maxParallelism: 128, batchRows: 64, flushMs: 0 };
    for (const engine of ENGINES) {
      const plan = builder.plan();
      expect(() => makeOn(plan, decideEngines(plan, engine),
        { ...options, restore: [chunk(ROWS)] }))
        .toThrow(/MR5002 .*table groups of operator 4/);
    }
  });
});

describe('checkpoint coordinator', () => {
  function limitPlan(): ReturnType<PlanBuilder['plan']> {
    const builder = new PlanBuilder();
    const timed = builder.watermark(builder.external(EVENTS), 2);
    builder.collect(builder.limit(timed, 5, 1000));
    return builder.plan();
  }
  const rows = Array.from({ length: 60 }, (_, i): Row => [BigInt(i), `n${i}`, BigInt(i)]);
  const options = {
    folder: '', intervalMs: 0, retained: 2, maxParallelism: 128, tolerableFailures: 0,
  };
  const cancel = async (): Promise<void> => {};

  it('a job goes on in the other engine from the files of the first', async () => {
    const [first, second] = batchesOf(EVENTS, rows, 30);
    const native = new Driver(makePipeline('native', limitPlan()));
    let completed = 0;
    let barrier = 0;
    const coordinator = new CheckpointCoordinator({
      checkpoint: () => native.snapshot(++barrier),
      completeCheckpoint: () => completed++, cancel,
    }, { ...options, folder });
    await native.offer(0, first!);
    expect(await coordinator.trigger()).toBe(1);
    await coordinator.stop();
    await native.pipeline.close();
    expect(completed).toBe(1);
    expect(coordinator.stats).toMatchObject({ completed: 1, failed: 0, lastId: 1 });

    const { checkpoint: found } = await new CheckpointStorage(folder).readLatest();
    const fallback = new Driver(makePipeline('fallback', limitPlan(), { restore: found!.chunks }));
    await fallback.offer(0, second!);
    fallback.pipeline.endInput(0);
    await fallback.event('finished');
    native.drain(0);
    expect(rowsSaid([...native.said[0]!, ...fallback.said[0]!]).map((row) => row[0]))
      .toEqual(rows.slice(5).map((row) => row[0]));
    await fallback.pipeline.close();
  });

  it('takes one after the other at its interval and keeps the last few', async () => {
    const driver = new Driver(makePipeline('fallback', limitPlan()));
    let barrier = 0;
    const coordinator = new CheckpointCoordinator({
      checkpoint: () => driver.snapshot(++barrier), completeCheckpoint: () => undefined, cancel,
    }, { ...options, folder, intervalMs: 5 });
    coordinator.start();
    while (coordinator.stats.completed < 4) await new Promise((wait) => setTimeout(wait, 5));
    await coordinator.stop();
    await driver.pipeline.close();
    const kept = await new CheckpointStorage(folder).list();
    expect(kept).toEqual([coordinator.stats.lastId, coordinator.stats.lastId - 1]);
  });

  it('a checkpoint that fails is counted and told, nothing more', async () => {
    const coordinator = new CheckpointCoordinator({
      checkpoint: () => Promise.reject(new Error('no state')),
      completeCheckpoint: () => undefined, cancel,
    }, { ...options, folder });
    await expect(coordinator.trigger()).rejects.toThrow('no state');
    expect(coordinator.stats).toMatchObject({ completed: 0, failed: 1, lastError: 'no state' });
    expect(await readdir(folder)).toEqual([]);
  });
});
