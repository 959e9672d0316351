/** CSV read and written by both engines against Flink's answers. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { TableEnvironment } from '../../src/api/table-environment.js';
import { JsonPrinter } from '../../src/cli/print/json.js';
import { MillraceError } from '../../src/errors/index.js';

const scratch = mkdtempSync(join(tmpdir(), 'csv-'));
afterAll(() => { rmSync(scratch, { recursive: true }); });

interface ReadCase {
  readonly name: string;
  readonly columns: string;
  readonly options: string;
  readonly select: string;
  readonly content: string;
  readonly rows?: readonly unknown[];
  readonly error?: true;
}

const READ = readFileSync('test/arbiter/csv/read.jsonl', 'utf8')
  .trim().split('\n').map((line) => JSON.parse(line) as ReadCase);

/** Rows as the JSON lines of the command line, or the code of the error. */
async function rowsOf(
  engine: 'native' | 'fallback', ddl: string, select: string,
): Promise<readonly unknown[] | string> {
  const env = TableEnvironment.create({ engine, config: {} });
  const lines: string[] = [];
  const printer = new JsonPrinter(async (text) => { lines.push(text); }, false);
  try {
    await env.executeSql(ddl);
    await printer.result(select, await env.executeSql(select));
  } catch (error) {
    if (error instanceof MillraceError) return error.code;
    throw error;
  }
  return lines.join('').trim().split('\n')
    .map((line) => JSON.parse(line) as { op?: string; row?: unknown })
    .flatMap(({ op, row }) => (op === undefined ? [] : [row]));
}

describe.each(['native', 'fallback'] as const)('read by the %s engine', (engine) => {
  it.each(READ)('$name', async ({ name, columns, options, select, content, rows, error }) => {
    const path = join(scratch, `${name}.csv`);
    writeFileSync(path, Buffer.from(content, 'base64'));
    const ddl = `CREATE TABLE t (${columns}) WITH ('connector' = 'filesystem', `
      + `'path' = '${path}', 'format' = 'csv'${options})`;
    const answer = await rowsOf(engine, ddl, select);
    if (error === true) expect(answer).toMatch(/^MR(4004|2008)$/);
    else expect(answer).toEqual(rows);
  });

  it.each([1, 2, 3])('a damaged file of seed %i gives rows or an error', async (s) => {
    let seed = s;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return (seed >>> 8) % below;
    };
    const alphabet = ['a', '1', ',', '"', '\n', '\r', '\\', ' ', '#', ';', 'ü', '2020-01-01'];
    for (let round = 0; round < 20; round++) {
      const text = Array.from({ length: random(200) }, () => alphabet[random(12)]!).join('');
      const path = join(scratch, `damaged-${engine}.csv`);
      writeFileSync(path, text);
      const ddl = `CREATE TABLE t (a STRING, b INT, c ARRAY<INT>) WITH ('connector' = `
        + `'filesystem', 'path' = '${path}', 'format' = 'csv', 'csv.escape-character' = '\\', `
        + `'csv.allow-comments' = 'true', 'csv.ignore-parse-errors' = '${s === 1}')`;
      const answer = await rowsOf(engine, ddl, 'SELECT * FROM t');
      if (typeof answer === 'string') expect(answer).toBe('MR4004');
      else expect(answer.length).toBeLessThan(201);
    }
  });
});

it('both engines read the same of damaged files', async () => {
  let seed = 7;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % below;
  };
  const alphabet = [
    'ab', '17', ',', ',', '"', '""', '\n', '\n', '\r\n', '\\n', ' ', '#', ';', 'ü',
  ];
  for (let round = 0; round < 60; round++) {
    const length = random(300);
    const text = Array.from({ length }, () => alphabet[random(alphabet.length)]!).join('');
    const path = join(scratch, 'both.csv');
    writeFileSync(path, text);
    const ddl = `CREATE TABLE t (a STRING, b INT) WITH ('connector' = 'filesystem', `
      + `'path' = '${path}', 'format' = 'csv', 'csv.escape-character' = '\\', `
      + `'csv.allow-comments' = 'true', 'csv.ignore-parse-errors' = 'true')`;
    const native = await rowsOf('native', ddl, 'SELECT * FROM t');
    expect(await rowsOf('fallback', ddl, 'SELECT * FROM t')).toEqual(native);
  }
});
