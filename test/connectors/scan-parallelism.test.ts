/** `scan.parallelism`: fewer subtasks of a source than of the job. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { subtasksOf } from '../../src/runtime/fallback/graph.js';
import { BIGINT, STRING } from '../../src/types/data-type.js';
import { ENGINES } from '../runtime/harness.js';
import { rowsAcrossRecovery, sourcePlan, sourceRows, type SourceSetup } from './source-runs.js';

/** Above the size from which a file is cut into a part for each subtask. */
const LINES = 120_000;
const FILLER = 'x'.repeat(50);

let folder: string;
let file: SourceSetup;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-scan-'));
  const path = join(folder, 'rows.json');
  const lines = Array.from({ length: LINES }, (_, n) => `{"n":${n},"text":"${FILLER}"}\n`);
  writeFileSync(path, lines.join(''));
  file = {
    connector: 'filesystem', options: { path, 'scan.parallelism': '1' },
    format: { name: 'json', options: {} },
    columns: [{ path: ['n'], type: BIGINT }, { path: ['text'], type: STRING }],
  };
});

afterAll(() => rmSync(folder, { recursive: true }));

const counting: SourceSetup = {
  connector: 'datagen', columns: [{ path: ['n'], type: BIGINT }],
  options: {
    'scan.parallelism': '1', 'rows-per-second': '1000000', 'number-of-rows': '20000',
    'fields.n.kind': 'sequence', 'fields.n.start': '0', 'fields.n.end': '19999',
  },
};

describe.each(ENGINES)('one subtask of three reads (%s)', (engine) => {
  it('a file that is cut otherwise keeps its order', async () => {
    const rows = await sourceRows(engine, file, { parallelism: 3 });
    expect(rows.map((row) => Number(row[0]))).toEqual([...Array(LINES).keys()]);
  });

  it('datagen makes its rows in order', async () => {
    const rows = await sourceRows(engine, counting, { parallelism: 3 });
    expect(rows.map((row) => Number(row[0]))).toEqual([...Array(20_000).keys()]);
  });

  it('a restored job goes on behind the rows that were read', async () => {
    const { after } = await rowsAcrossRecovery([engine, engine], file, { parallelism: 3 });
    const numbers = after.map((row) => Number(row[0]));
    const first = numbers[0] ?? LINES;
    expect(numbers).toEqual(Array.from({ length: LINES - first }, (_, i) => first + i));
  });

  it.each(['0', 'two'])('MR2008 for %s', async (value) => {
    const options = { ...file.options, 'scan.parallelism': value };
    await expect(sourceRows(engine, { ...file, options })).rejects.toThrow('MR2008');
  });
});

it('what is chained to a table that one subtask reads has one subtask', () => {
  const subtasks = (setup: SourceSetup): readonly number[] =>
    [...new Set(subtasksOf(sourcePlan(setup), 3).values())];
  expect(subtasks(file)).toEqual([1]);
  expect(subtasks({ ...file, options: { path: 'rows.json' } })).toEqual([3]);
});
