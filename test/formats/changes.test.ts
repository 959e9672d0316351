/** Formats of change data capture: faults by place, and both engines alike whatever comes. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ENVELOPES } from '../../src/formats/json/envelope.js';
import { TableEnvironment } from '../../src/index.js';

const scratch = mkdtempSync(join(tmpdir(), 'changes-'));
afterAll(() => { rmSync(scratch, { recursive: true }); });

const ENGINES = ['native', 'fallback'] as const;
type Engine = (typeof ENGINES)[number];
const FORMATS = Object.keys(ENVELOPES);
let files = 0;

interface Read {
  readonly engine: Engine;
  readonly format: string;
  readonly text: string | Uint8Array;
  readonly options?: string;
  readonly batchRows?: number;
  readonly select?: string;
}

const COLUMNS = 'id INT, name STRING, price DOUBLE, spot ROW<x INT, y STRING>';

async function read(
  { engine, format, text, options = '', batchRows = 4096, select = '*' }: Read,
): Promise<string[]> {
  const path = join(scratch, `${files++}.json`);
  writeFileSync(path, text);
  const env = TableEnvironment.create({
    engine, config: { 'millrace.batch-rows': String(batchRows) },
  });
  await env.executeSql(`CREATE TABLE changes (${COLUMNS}) WITH ('connector' = 'filesystem',
    'path' = '${path}', 'format' = '${format}'${options})`);
  const result = await env.executeSql(`SELECT ${select} FROM changes`);
  expect(result.job?.engines).toEqual([engine]);
  const changes: string[] = [];
  for await (const { kind, values } of result.collect()) {
    changes.push(`${kind} ${JSON.stringify(values)}`);
  }
  return changes;
}

const debezium = (text: string): Pick<Read, 'format' | 'text'> =>
  ({ format: 'debezium-json', text });

describe.each(ENGINES)('records of changes on the %s engine', (engine) => {
  it.each([
    ['{"after":{"id":1},"op":"c"}\n{"after":{"id":1},"op":"u"}',
      'line 2: "before" of an update is null (Postgres needs REPLICA IDENTITY FULL)'],
    ['{"op":"d"}', 'line 1: "before" of a delete is null (Postgres needs REPLICA IDENTITY FULL)'],
    ['\n{"after":null,"op":"c"}', 'line 2: "after" is null'],
    ['{"after":{"id":1},"op":"t"}', 'line 1: unknown "op": t'],
    ['{"after":{"id":1}}\nno JSON', 'line 1: "op" is missing'],
    ['{"after":{"id":"x"},"op":"c"}', 'line 1: field after.id cannot be read'],
    ['{"after":{"id":1},"op":"c"', 'line 1: malformed JSON at byte 27'],
  ])('%s fails by its place', async (text, reason) => {
    await expect(read({ engine, ...debezium(text) })).rejects.toMatchObject(
      { code: 'MR4004', class: 'data', text: expect.stringContaining(`.json: ${reason}`) });
    const options = ", 'debezium-json.ignore-parse-errors' = 'true'";
    await expect(read({ engine, ...debezium(text), options })).resolves.toBeDefined();
  });

  it('an array is several records of Debezium, and none of others', async () => {
    const text = '[{"after":{"id":1},"op":"c"},{"after":{"id":2},"op":"r"}]';
    expect(await read({ engine, ...debezium(text), select: 'id' })).toEqual(['+I [1]', '+I [2]']);
    const ogg = { format: 'ogg-json', text: text.replaceAll('op', 'op_type') };
    await expect(read({ engine, ...ogg })).rejects.toMatchObject({ code: 'MR4004' });
  });

  it('a pattern of names is refused by its option', async () => {
    const options = ", 'canal-json.table.include' = 'fruit.*'";
    await expect(read({ engine, format: 'canal-json', text: '', options })).rejects.toMatchObject(
      { code: 'MR2100', text: 'unsupported feature: a pattern in table.include' });
  });

  it('a sink writes no schema', async () => {
    const env = TableEnvironment.create({ engine });
    await env.executeSql(`CREATE TABLE t (id INT) WITH ('connector' = 'filesystem',
      'path' = '${scratch}/none', 'format' = 'debezium-json',
      'debezium-json.schema-include' = 'true')`);
    await expect(env.executeSql('INSERT INTO t VALUES (1)')).rejects.toMatchObject(
      { code: 'MR2008' });
  });
});

/** mulberry32 */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const PIECES = ['null', '{}', '[]', '"', ',', '}', '{', ':', '\\u00', '1e9', '"id"', 'true', '\n'];

/** Bytes changed, left out, put in, and lines in another order. */
function mutated(text: string, seed: number): Uint8Array {
  const random = randomFrom(seed);
  const lines = text.split('\n');
  for (let i = 0; i < 20; i++) lines.push(lines[random(lines.length)]!);
  let bytes = Buffer.from(lines.join('\n'));
  for (let i = 0; i < 12; i++) {
    const at = random(bytes.length);
    const piece = Buffer.from(PIECES[random(PIECES.length)]!);
    const cut = random(3) * random(6);
    bytes = Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at + cut)]);
    bytes[random(bytes.length)] = random(4) === 0 ? random(256) : 32 + random(90);
  }
  return bytes;
}

const SEEDS = 12;
const RUNS = [['native', 4096], ['native', 1], ['fallback', 7]] as const;
const short = (format: string): string => format.replace('-json', '');

describe.each(FORMATS)('%s with broken bytes', (format) => {
  const names = [`changes-${short(format)}.json`, `changes-odd-${short(format)}.json`];
  const texts = names.flatMap((name) => {
    try {
      return [readFileSync(`test/arbiter/data/${name}`, 'utf8')];
    } catch {
      return [readFileSync('test/arbiter/data/changes-broken.json', 'utf8')];
    }
  });
  const options = `, '${format}.ignore-parse-errors' = 'true'`;

  it('gives the same changes on both engines and in batches of any size', async () => {
    let rows = 0;
    for (let seed = 0; seed < SEEDS; seed++) {
      const text = mutated(texts[seed % texts.length]!, seed);
      const select = ['*', 'id, price', 'changes.spot.y, name', 'CAST(COUNT(*) AS INT)'][seed % 4]!;
      const one = { format, text, options, select };
      const expected = await read({ ...one, engine: 'fallback' });
      rows += expected.length;
      for (const [engine, batchRows] of RUNS) {
        expect(await read({ ...one, engine, batchRows }), `seed ${seed}`).toEqual(expected);
      }
      const strict = { ...one, options: '' };
      const fault = (engine: Engine): Promise<string> => read({ ...strict, engine })
        .then((changes) => changes.join('\n'), (error: { code: string; text: string }) =>
          `${error.code} ${error.text.replace(/^.*\.json: /, '')}`);
      expect(await fault('native'), `seed ${seed}`).toBe(await fault('fallback'));
    }
    expect(rows).toBeGreaterThan(SEEDS);
  });
});
