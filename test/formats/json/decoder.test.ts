/**
 * The JSON decoders of both engines against each other and against what Flink 2.3 said
 * (values.flink.jsonl, by test/formats/json/README.md).
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  array, BIGINT, binary, BOOLEAN, BYTES, char, DATE, decimal, DOUBLE, FLOAT, INT, map, row,
  SMALLINT, STRING, time, timestamp, timestampLtz, TINYINT, varchar, type DataType,
} from '../../../src/types/data-type.js';
import { Driver, ENGINES, makePipeline } from '../../runtime/harness.js';
import {
  rowsAcrossRecovery, sourcePlan, sourceRows, textsOf, type SourceSetup,
} from '../../connectors/source-runs.js';

const TYPES: Readonly<Record<string, DataType>> = {
  BOOLEAN, TINYINT, SMALLINT, INT, BIGINT, FLOAT, DOUBLE, STRING, DATE, BYTES,
  'DECIMAL(10,2)': decimal(10, 2), 'DECIMAL(38,18)': decimal(38, 18), 'VARCHAR(3)': varchar(3),
  'CHAR(3)': char(3), 'TIME(3)': time(3), 'TIMESTAMP(3)': timestamp(3),
  // Flink keeps the milliseconds of a TIME(0) that was read, and prints them.
  'TIME(0)': time(3),
  'TIMESTAMP(9)': timestamp(9), 'TIMESTAMP_LTZ(3)': timestampLtz(3), 'BINARY(2)': binary(2),
  'ROW<x INT, y STRING>': row([{ name: 'x', type: INT }, { name: 'y', type: STRING }]),
  'ROW<a ROW<b INT>>': row([{ name: 'a', type: row([{ name: 'b', type: INT }]) }]),
  'ARRAY<INT>': array(INT), 'ARRAY<STRING>': array(STRING),
  'MAP<STRING,INT>': map(STRING, INT), 'MAP<STRING,STRING>': map(STRING, STRING),
};

interface Golden {
  readonly type: string;
  readonly standard: string;
  readonly skipped: readonly number[];
  readonly values: Readonly<Record<string, unknown>>;
}

const LINES = readFileSync(join(import.meta.dirname, 'values.flink.jsonl'), 'utf8')
  .trimEnd().split('\n').map((line): unknown => JSON.parse(line));
const RECORDS = (LINES[0] as { records: string[] }).records;
const GOLDENS = LINES.slice(1) as Golden[];

/**
 * Where Flink's streaming parser loses its place after a value it cannot read, it drops the
 * record, or reads on inside the value. Here such a value is NULL and the record goes on; and
 * text with a malformed escape is no JSON, for every type. Nanoseconds reach from 1677 to 2262.
 */
const DIFFERENT = new Set([
  'ARRAY<INT> [[1]]', 'MAP<STRING,INT> {"a":{"b":null}}',
  'BYTES "1"', 'BYTES "日本"', 'BINARY(2) "1"', 'BINARY(2) "日本"',
  'BYTES "\\x"', 'BINARY(2) "\\x"',
  'TIMESTAMP(9) "9999-12-31 23:59:59.999"',
]);
const isDifferent = (type: string, value: string): boolean =>
  value === '"\\u00"' || DIFFERENT.has(`${type} ${value}`);

/** Numbers of singles as singles: Java 17 prints some with a digit more than is needed. */
const comparable = (value: unknown, type: string): unknown =>
  type === 'FLOAT' && typeof value === 'number' ? Math.fround(value) : value;

let folder = '';
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-json-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function tableOf(
  content: string | Uint8Array, columns: Readonly<Record<string, DataType>>,
  options: Readonly<Record<string, string>> = {},
): SourceSetup {
  const path = join(folder, `${files++}.json`);
  writeFileSync(path, content);
  return {
    connector: 'filesystem', options: { path }, format: { name: 'json', options },
    columns: Object.entries(columns).map(([name, type]) => ({ path: name.split('.'), type })),
  };
}

const IGNORE = { 'ignore-parse-errors': 'true' };
type Columns = Readonly<Record<string, DataType>>;

/** The rows of both engines, which must be the same. */
async function rows(
  content: string | Uint8Array, columns: Columns, options: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  const setup = tableOf(content, columns, options);
  const native = textsOf(setup, await sourceRows('native', setup));
  const fallback = textsOf(setup, await sourceRows('fallback', setup));
  expect(fallback).toEqual(native);
  expect(textsOf(setup, await sourceRows('fallback', setup, { batchRows: 1 }))).toEqual(native);
  expect(textsOf(setup, await sourceRows('native', setup, { batchRows: 1 }))).toEqual(native);
  return native;
}

/** What both engines fail with. */
async function failure(
  content: string | Uint8Array, columns: Columns, options: Readonly<Record<string, string>> = {},
): Promise<string> {
  const setup = tableOf(content, columns, options);
  const texts: string[] = [];
  for (const engine of ENGINES) {
    const text = await sourceRows(engine, setup).then(() => 'no error', (error: unknown) =>
      error instanceof Error ? error.message.split('\n')[0]! : String(error));
    texts.push(text.replaceAll(setup.options['path']!, 'FILE'));
  }
  expect(texts[1]).toBe(texts[0]);
  return texts[0]!;
}

describe('values of every type, as Flink reads them', () => {
  for (const golden of GOLDENS) {
    it(`${golden.type}, ${golden.standard}`, async () => {
      const options = { ...IGNORE, 'timestamp-format.standard': golden.standard };
      const columns = { id: INT, v: TYPES[golden.type]! };
      const texts = await rows(`${RECORDS.join('\n')}\n`, columns, options);
      const found = new Map(texts.map((text) => [Number(/[0-9]+/.exec(text)![0]), text]));
      RECORDS.forEach((record, id) => {
        const value = record.slice(record.indexOf('"v":') + 4, -1).trim();
        if (isDifferent(golden.type, value)) return;
        const text = found.get(id);
        if (golden.skipped.includes(id)) expect(text, record).toBeUndefined();
        else {
          const [foundId, foundValue] = JSON.parse(text!) as [unknown, unknown];
          expect([foundId, comparable(foundValue, golden.type)], record).toEqual(
            [id, comparable(golden.values[id] ?? null, golden.type)]);
        }
      });
    });
  }
});

describe('records', () => {
  const both = { id: INT, v: STRING };

  it('may be an array of rows, end early, and carry a byte order mark', async () => {
    const content = [
      '{"id":1,"v":"a"} x', '{"id":2,"v":"b"}{"id":3}', '[{"id":4,"v":"c"},{"id":5}]', '[]',
      '\ufeff{"id":6,"v":"d"}', ' \t{ "id" : 7 , "v" : "e" }\r', '', '{}', '{"v":"f","id":8}',
    ].join('\n');
    expect(await rows(content, both)).toEqual([
      '[1,"a"]', '[2,"b"]', '[4,"c"]', '[5,null]', '[6,"d"]', '[7,"e"]', '[null,null]',
      '[8,"f"]',
    ]);
  });

  it('are read until as many members were found as there are columns', async () => {
    const content = '{"id":1,"id":2,"v":"x"}\n{"\\u0069d":3,"v":"y","v":null}\n{"ID":4,"v":"z"}';
    expect(await rows(content, both)).toEqual(['[2,null]', '[3,"y"]', '[null,"z"]']);
    expect(await rows(content, { id: INT })).toEqual(['[1]', '[3]', '[null]']);
  });

  it('resolve escapes, and a lone surrogate is a question mark', async () => {
    const content = String.raw`{"v":"\u00e9\n\"\\\/\b\f\r\t\ud83d\ude00 \ud83d \udc00\ud83dx"}`;
    expect(await rows(content, { v: STRING })).toEqual(
      [JSON.stringify(['é\n"\\/\b\f\r\t😀 ? ??x'])]);
  });

  it('keep control characters inside text', async () => {
    const content = '{"v":"a\u0000b\tc\rd"}\n';
    expect(await rows(content, { v: STRING })).toEqual([JSON.stringify(['a\u0000b\tc\rd'])]);
  });

  it('give NULL for members below one that is missing or NULL', async () => {
    const columns = { 'b.x': INT, 'b.c.y': STRING, id: INT };
    const content = '{"id":1,"b":null}\n{"id":2}\n{"b":{"x":3,"c":null,"z":{}},"id":3}\n' +
      '{"b":{"c":{"q":[1,{"r":"}"}],"y":"z"},"x":4},"id":4}';
    expect(await rows(content, columns)).toEqual(
      ['[null,null,1]', '[null,null,2]', '[3,null,3]', '[4,"z",4]']);
  });

  it('give a member as a whole and in parts', async () => {
    const whole = row([{ name: 'x', type: INT }, { name: 'y', type: STRING }]);
    const content = '{"b":{"x":1,"y":"a\\nb"}}\n{"b":null}\n{"b":{"y":"c"}}';
    expect(await rows(content, { b: whole, 'b.y': STRING, 'b.x': INT })).toEqual(
      ['[[1,"a\\nb"],"a\\nb",1]', '[null,null,null]', '[[null,"c"],"c",null]']);
    expect(await rows(content, { 'b.y': STRING, b: whole })).toEqual(
      ['["a\\nb",[1,"a\\nb"]]', '[null,null]', '["c",[null,"c"]]']);
  });

  it('hold arrays, maps and rows in each other', async () => {
    const v = array(row([{ name: 'e', type: map(STRING, array(INT)) }]));
    const content = '{"v":[{"e":{"a":[1,2],"b":[],"a":[3]}},null,{},{"e":{"c":[null,4]}}]}\n' +
      '{"v":[]}\n{"v":[{"e":{"d":[5]}}]}';
    expect(await rows(content, { v })).toEqual([
      '[[[[["a",[3]],["b",[]]]],null,[null],[[["c",[null,4]]]]]]', '[[]]', '[[[[["d",[5]]]]]]',
    ]);
  });

  it('may be ten megabytes long', async () => {
    const long = 'x'.repeat(10 * 1024 * 1024);
    const content = `{"id":1,"v":"${long}"}\n{"id":2,"v":"é${long.slice(1)}"}\n{"id":3}`;
    const setup = tableOf(content, both);
    for (const engine of ENGINES) {
      const lengths = (await sourceRows(engine, setup)).map((values) => String(values[1]).length);
      expect(lengths).toEqual([long.length, long.length, 4]);
    }
  });
});

describe('bad records', () => {
  const columns = { id: INT, 'b.v': INT };

  it('fail naming file, line and field', async () => {
    const good = '{"id":1}\n\n';
    expect(await failure(`${good}{"id":1,"b":{"v":"x"}}`, columns)).toContain(
      'MR4004 FILE: line 3: field b.v cannot be read');
    expect(await failure(`${good}{"id":1,"b":5}`, columns)).toContain(
      'MR4004 FILE: line 3: field b cannot be read');
    expect(await failure(`${good}{"id":1,"z":[1,2}`, columns)).toContain(
      'MR4004 FILE: line 3: malformed JSON at byte 17');
    expect(await failure(`${good}  `, columns)).toContain('FILE: line 3: malformed JSON');
    expect(await failure(`${good}null`, columns)).toContain('FILE: line 3: malformed JSON');
    expect(await failure(`${good}{"id":1`, columns)).toContain('line 3: malformed JSON at byte 8');
    const binaryLine = Buffer.concat(
      [Buffer.from(`${good}{"q":"`), Buffer.from([0xff, 0x22, 0x7d])]);
    expect(await failure(binaryLine, columns)).toContain('FILE: line 3: invalid UTF-8');
    expect(await failure('{"id":1}', columns, { 'fail-on-missing-field': 'true' })).toContain(
      'FILE: line 1: a field is missing');
  });

  it('are skipped and counted under ignore-parse-errors', async () => {
    const content = Buffer.concat([
      Buffer.from('{"id":1}\n{bad\n  \n{"id":2,"b":{"v":"x"}}\n'), Buffer.from([0xff, 10]),
      Buffer.from(`{"id":3,"z":${'['.repeat(1001)}${']'.repeat(1001)}}\n[{"id":4},5,{"id":6}]`),
    ]);
    expect(await rows(content, columns, IGNORE)).toEqual(['[1,null]', '[2,null]', '[4,null]']);
  });

  it.each(ENGINES)('are counted in the statistics of the source (%s)', async (engine) => {
    const setup = tableOf('{"id":1}\n{bad\n{"id":2}\nworse\n', columns, IGNORE);
    const driver = new Driver(makePipeline(engine, sourcePlan(setup)));
    await driver.event('finished');
    expect(driver.pipeline.stats().operators[0]!.badRecords).toBe(2);
    await driver.pipeline.close();
  });

  it('options that are not known are refused', async () => {
    const content = '{}';
    const refused = { 'ignore-parse-errors': 'true', 'fail-on-missing-field': 'true' };
    expect(await failure(content, columns, refused)).toContain('MR2008');
    expect(await failure(content, columns, { 'timestamp-format.standard': 'sql' })).toContain(
      'MR2008');
    expect(await failure(content, columns, { 'ignore-parse-errors': 'maybe' })).toContain('MR2008');
  });
});

describe('files', () => {
  const lines = (count: number): string =>
    Array.from({ length: count }, (_, i) => `{"id":${i},"v":"${'é'.repeat(i % 97)}"}\n`).join('');

  it('are cut among subtasks without losing a line', async () => {
    const setup = tableOf(lines(60_000), { id: INT });
    const expected = Array.from({ length: 60_000 }, (_, i) => i);
    for (const engine of ENGINES) {
      const found = await sourceRows(engine, setup, { parallelism: 3 });
      expect(found.map((values) => Number(values[0])).sort((a, b) => a - b)).toEqual(expected);
    }
  });

  it.each([['native', 'fallback'], ['fallback', 'native']] as const)(
    'go on where a snapshot was taken: %s, then %s', async (first, second) => {
      const setup = tableOf(lines(5_000), { id: INT, v: STRING });
      const { before, after } = await rowsAcrossRecovery([first, second], setup, { batchRows: 50 });
      const all = await sourceRows(first, setup);
      const cut = all.length - after.length;
      expect(cut).toBeLessThanOrEqual(before.length);
      expect(after).toEqual(all.slice(cut));
      expect(before.slice(0, cut)).toEqual(all.slice(0, cut));
    });

  it('that are not there are an error', async () => {
    const setup = { ...tableOf('', { id: INT }), options: { path: '/no/such/file' } };
    for (const engine of ENGINES) {
      await expect(sourceRows(engine, setup)).rejects.toThrow(/MR4001/);
    }
  });
});
