/**
 * What both engines say to wrong SQL and to damaged, odd and huge files: bad-input.jsonl holds a
 * script, our whole message or our rows, and what Flink 2.3 did with the same script (README.md).
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MillraceError, TableEnvironment } from '../../src/index.js';
import { parseScript } from '../../src/sql/index.js';
import { ENGINES } from '../runtime/harness.js';
import { writeFiles } from './files.js';

interface Case {
  readonly name: string;
  readonly script: string;
  readonly error?: string;
  readonly class?: string;
  readonly rows?: readonly string[];
  /** What Flink did: refused it when planning, failed when running, or gave rows. */
  readonly flink: 'plan' | 'run' | 'rows';
  /** Why we differ from Flink; absent where we do not. */
  readonly differs?: string;
}

const CASES = readFileSync(join(import.meta.dirname, 'bad-input.jsonl'), 'utf8')
  .trim().split('\n').map((line) => JSON.parse(line) as Case);

let folder = '';
beforeAll(() => { folder = writeFiles(); });
afterAll(() => {
  chmodSync(join(folder, 'locked'), 0o755);
  rmSync(folder, { recursive: true });
});

type Outcome = Pick<Case, 'error' | 'class' | 'rows'>;

const plain = (_key: string, value: unknown): unknown =>
  (typeof value === 'bigint' ? String(value) : value);

/** The line that is quoted depends on the length of the folder's name. */
function comparable(message: string, script: string): string {
  const text = message.replaceAll(folder, 'DIR');
  if (!script.includes('DIR')) return text;
  return text.replace(/(at line \d+, column \d+)\n.*\n +\^+/, '$1');
}

async function outcomeOf(engine: 'native' | 'fallback', script: string): Promise<Outcome> {
  const rows: string[] = [];
  try {
    const env = TableEnvironment.create({ engine });
    for (const { text } of parseScript(script.replaceAll('DIR', folder))) {
      const result = await env.executeSql(text);
      if (result.kind !== 'QUERY') await result.await();
      else {
        for await (const row of result.collect()) {
          rows.push(`${row.kind} ${JSON.stringify(row.values, plain)}`);
        }
      }
    }
    return { rows };
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error;
    return { error: comparable(error.message, script), class: error.class };
  }
}

/** Root may read everything: its rights are put aside while the work runs. */
async function unprivileged<Result>(work: () => Promise<Result>): Promise<Result> {
  if (process.geteuid?.() !== 0) return work();
  chmodSync(folder, 0o755);
  process.seteuid?.(65534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

describe.each(ENGINES)('the %s engine', (engine) => {
  it.each(CASES)('$name', async ({ script, error, class: errorClass, rows }) => {
    const expected = error === undefined ? { rows } : { error, class: errorClass };
    expect(await outcomeOf(engine, script)).toEqual(expected);
  });

  it('a folder that may not be read is an error that names it', async () => {
    const { error } = await unprivileged(() => outcomeOf(engine, `CREATE TABLE f (a INT) WITH (
      'connector' = 'filesystem', 'path' = 'DIR/locked', 'format' = 'json'); SELECT * FROM f`));
    expect(error).toMatch(/^MR4002 reading failed: DIR\/locked: .*permission denied/i);
  });

  it('SQL of 1 MB is planned and run', async () => {
    const terms = Array.from({ length: 46_000 }, (_, i) => `'value number ${i}'`).join(', ');
    const script = `SELECT 'value number 45999' IN (${terms})`;
    expect(script.length).toBeGreaterThan(1_000_000);
    expect(await outcomeOf(engine, script)).toEqual({ rows: ['+I [true]'] });
  }, 60_000);

  it('SQL that is nested too deeply is refused', async () => {
    const { error } = await outcomeOf(engine, `SELECT ${'('.repeat(50_000)}1`);
    expect(error).toMatch(/^MR1008 /);
  });

  it('views and common tables that double with each level are refused', async () => {
    const levels = Array.from({ length: 30 }, (_, i) => i + 1);
    const read = (i: number): string => `SELECT * FROM x${i - 1}`;
    const twice = (i: number): string => `${read(i)} UNION ALL ${read(i)}`;
    const views = levels.map((i) => `CREATE VIEW x${i} AS ${twice(i)};`).join('\n');
    const first = `CREATE VIEW x0 AS SELECT 1 AS a;`;
    expect((await outcomeOf(engine, `${first} ${views} SELECT * FROM x30`)).error)
      .toMatch(/^MR2023 query is too large/);
    const tables = levels.map((i) => `x${i} AS (${twice(i)})`).join(', ');
    expect((await outcomeOf(engine, `WITH x0 AS (SELECT 1 AS a), ${tables} SELECT * FROM x30`))
      .error).toMatch(/^MR2023 query is too large/);
  });

  it('a million keys and a million open windows are what they are', async () => {
    const source = `SET 'table.local-time-zone' = 'UTC';
      CREATE TABLE ticks (id BIGINT, ts AS TO_TIMESTAMP_LTZ(id, 0),
      WATERMARK FOR ts AS ts - INTERVAL '40' DAY) WITH ('connector' = 'datagen',
      'rows-per-second' = '100000000', 'number-of-rows' = '1000000',
      'fields.id.kind' = 'sequence', 'fields.id.start' = '1', 'fields.id.end' = '1000000');`;
    const keys = await outcomeOf(engine, `${source} SET 'table.exec.mini-batch.enabled' = 'true';
      SET 'table.exec.mini-batch.size' = '2000000';
      SET 'table.exec.mini-batch.allow-latency' = '1 h';
      SELECT COUNT(*), SUM(n) FROM (SELECT id, COUNT(*) AS n FROM ticks GROUP BY id)`);
    expect(keys).toEqual({ rows: ['+I ["1000000","1000000"]'] });
    const windows = await outcomeOf(engine, `${source} SELECT * FROM (
      SELECT window_start, COUNT(*) AS n FROM TUMBLE(TABLE ticks, DESCRIPTOR(ts),
      INTERVAL '1' SECOND) GROUP BY window_start, window_end) WHERE window_start >=
      TO_TIMESTAMP('1970-01-12 13:46:40')`);
    expect(windows).toEqual({ rows: ['+I ["1970-01-12T13:46:40","1"]'] });
  }, 120_000);
});

it('errors are of the class that Flink shows them in', () => {
  const ours = (one: Case): Case['flink'] =>
    (one.error === undefined ? 'rows' : one.class === 'user' ? 'plan' : 'run');
  const different = CASES.filter((one) => ours(one) !== one.flink && one.differs === undefined);
  expect(different.map((one) => one.name)).toEqual([]);
  const reasons = CASES.filter((one) => one.differs !== undefined);
  expect(reasons.every((one) => ours(one) !== one.flink)).toBe(true);
});

it('skipped records are counted, told at the end and no failure', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'skipped-')), 'run.sql');
  writeFileSync(file, `CREATE TABLE f (a INT, b STRING) WITH ('connector' = 'filesystem',
    'path' = '${folder}/scalar.json', 'format' = 'json', 'json.ignore-parse-errors' = 'true');
    SELECT a FROM f;`);
  const output = execFileSync('npx', ['tsx', 'src/cli/main.ts', 'run', file], {
    encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], shell: false,
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  expect(output).toContain('| 2 |');
  const errors = execFileSync('sh', ['-c', `npx tsx src/cli/main.ts run ${file} 2>&1 >/dev/null`],
    { encoding: 'utf8' });
  expect(errors).toMatch(/4 malformed records were skipped/);
}, 60_000);
