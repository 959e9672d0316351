import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { afterAll, describe, expect, it } from 'vitest';
import { readI64 } from '../../src/batch/column.js';
import { type Value, valueAt } from '../../src/batch/values.js';
import { MillraceError } from '../../src/errors/index.js';
import { FileInput } from '../../src/formats/file-input.js';
import { makeParquetFileDecoder } from '../../src/formats/parquet/decoder.js';
import {
  BIGINT, BOOLEAN, BYTES, type DataType, DATE, decimal, DOUBLE, FLOAT, INT, row, SMALLINT,
  STRING, time, timestamp, timestampLtz, TINYINT,
} from '../../src/types/data-type.js';

const FOLDER = 'test/fixtures/parquet';
const FLIGHTS = 'node_modules/vega-datasets/data/flights-3m.parquet';
const scratch = mkdtempSync(join(tmpdir(), 'parquet-'));
afterAll(() => { rmSync(scratch, { recursive: true }); });

type Wanted = readonly (readonly [string, DataType])[];

const INNER = row([{ name: 's', type: STRING }, { name: 'k', type: BIGINT }]);
const EVERYTHING: Wanted = [
  ['i8', TINYINT], ['i16', SMALLINT], ['i32', INT], ['i64', BIGINT], ['u32', BIGINT],
  ['few', BIGINT], ['f32', FLOAT], ['f64', DOUBLE], ['b', BOOLEAN], ['s', STRING], ['u', STRING],
  ['y', BYTES], ['x', BYTES], ['d9', decimal(9, 2)], ['d18', decimal(18, 4)],
  ['d38', decimal(38, 10)], ['day', DATE], ['tod', time(3)], ['todu', time(3)],
  ['ms', timestamp(3)], ['us', timestamp(6)], ['ns', timestamp(9)],
  ['row', row([{ name: 'a', type: INT }, { name: 'in', type: INNER }])],
];

function decoderOf(wanted: Wanted): ReturnType<typeof makeParquetFileDecoder> {
  return makeParquetFileDecoder({
    format: 'parquet', table: 't', options: {}, tableSchema: [], zone: 'UTC',
    columns: wanted.map(([name, type]) => ({ path: name.split('.'), type })),
  });
}

async function decode(
  path: string, wanted: Wanted, batchRows = 4096, from = 0,
): Promise<Value[][]> {
  const decoder = decoderOf(wanted);
  const file = FileInput.open(path);
  const rows: Value[][] = [];
  try {
    decoder.open(file, { begin: 0, end: Infinity }, { offset: 0, row: from });
    for (;;) {
      const batch = decoder.decode(batchRows);
      if (batch === 'end') return rows;
      if (batch === 'pending') await new Promise(setImmediate);
      else {
        for (let i = 0; i < batch.rowCount; i++) rows.push(batch.columns.map((c) => valueAt(c, i)));
      }
    }
  } finally {
    decoder.close();
    file.close();
  }
}

async function codeOf(action: Promise<unknown>): Promise<string> {
  try {
    await action;
  } catch (error) {
    if (error instanceof MillraceError) return `${error.code} ${error.text}`;
    throw error;
  }
  return 'no error';
}

/** A value of hyparquet in the form of valueAt. */
function expected(value: unknown, type: DataType): Value {
  if (value === null || value === undefined) return null;
  switch (type.root) {
    case 'BIGINT': return BigInt(value as number);
    case 'DECIMAL': return BigInt(Math.round((value as number) * 10 ** type.scale!));
    case 'DATE': return (value as Date).getTime() / 86_400_000;
    case 'TIME': return typeof value === 'bigint' ? Number(value / 1_000n) : (value as number);
    case 'ROW': {
      const object = value as Record<string, unknown>;
      return type.fields!.map((field) => expected(object[field.name], field.type));
    }
    default: return value as Value;
  }
}

describe('values', () => {
  const names = [
    'plain-v1', 'dictionary-v1-snappy', 'dictionary-v2-zstd', 'small-pages-v1-zstd', 'delta-v1',
    'delta-v2-zstd',
  ];

  it.each(names)('%s gives the rows that hyparquet reads', async (name) => {
    const path = `${FOLDER}/${name}.parquet`;
    // Doubles cannot hold long decimals and dates no sub-millisecond: compared below.
    const wanted = EVERYTHING.filter(([column]) => !/^(d18|d38|ms|us|ns)$/.test(column));
    const bytes = readFileSync(path);
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
    const objects = await parquetReadObjects({ file, compressors, utf8: false });
    const rows = await decode(path, wanted);
    expect(rows.length).toBe(300);
    expect(rows).toEqual(objects.map((object) =>
      wanted.map(([column, type]) => expected(object[column], type))));
  });

  it('does not depend on encodings, pages, codecs, or how many rows a batch has', async () => {
    const [first, ...others] = await Promise.all(
      names.map((name, i) => decode(`${FOLDER}/${name}.parquet`, EVERYTHING, [1, 7, 4096][i % 3])),
    );
    for (const other of others) expect(other).toEqual(first);
  });

  it('converts timestamps to the precision of the table, rounding down', async () => {
    const wanted: Wanted = [
      ['us', timestamp(6)], ['us', timestamp(3)], ['us', timestampLtz(9)],
      ['ns', timestamp(9)], ['ns', timestamp(3)], ['ms', timestamp(3)], ['ms', timestamp(6)],
    ];
    const floor = (value: bigint, by: bigint): bigint => (value - (((value % by) + by) % by)) / by;
    for (const values of await decode(`${FOLDER}/plain-v1.parquet`, wanted)) {
      const [us, usMs, usNs, ns, nsMs, ms, msUs] = values as (bigint | null)[];
      expect([usMs, usNs]).toEqual(us === null ? [null, null] : [floor(us!, 1000n), us! * 1000n]);
      expect(nsMs).toEqual(ns === null ? null : floor(ns!, 1_000_000n));
      expect(msUs).toEqual(ms === null ? null : ms! * 1000n);
    }
  });

  it('reads INT96 as the same timestamps', async () => {
    const wanted: Wanted = [['i64', BIGINT], ['us', timestamp(6)]];
    const plain = await decode(`${FOLDER}/plain-v1.parquet`, wanted);
    expect(await decode(`${FOLDER}/int96.parquet`, wanted)).toEqual(plain.slice(0, 20));
  });

  it('reads a field of a row alone, and a column that the file lacks as NULL', async () => {
    const path = `${FOLDER}/dictionary-v2-zstd.parquet`;
    const whole = await decode(path, [['row', EVERYTHING.at(-1)![1]]]);
    const parts = await decode(path, [['row.in.k', BIGINT], ['nowhere', STRING]]);
    const kOf = ([value]: Value[]): Value => {
      const inner = (value as readonly Value[] | null)?.[1] as readonly Value[] | null | undefined;
      return inner?.[1] ?? null;
    };
    expect(parts).toEqual(whole.map((values) => [kOf(values), null]));
  });

  it('starts at any row', async () => {
    const path = `${FOLDER}/small-pages-v1-zstd.parquet`;
    const all = await decode(path, EVERYTHING);
    for (const from of [1, 129, 130, 131, 299, 300]) {
      expect(await decode(path, EVERYTHING, 64, from)).toEqual(all.slice(from));
    }
  });

  it('reads a file of no rows', async () => {
    expect(await decode(`${FOLDER}/empty.parquet`, [['i64', BIGINT]])).toEqual([]);
  });

  it('reads three million flights', async () => {
    const wanted: Wanted = [['date', timestamp(3)], ['delay', BIGINT], ['origin', STRING]];
    const decoder = decoderOf(wanted);
    const file = FileInput.open(FLIGHTS);
    decoder.open(file, { begin: 0, end: Infinity }, { offset: 0, row: 0 });
    const sums = { rows: 0, delay: 0, letters: 0 };
    for (;;) {
      const batch = decoder.decode(4096);
      if (batch === 'end') break;
      if (batch === 'pending') {
        await new Promise(setImmediate);
        continue;
      }
      const [, delay, origin] = batch.columns;
      sums.rows += batch.rowCount;
      for (let i = 0; i < batch.rowCount; i++) {
        sums.delay += readI64(delay!.values as Int32Array, i);
        sums.letters += origin!.heap[origin!.starts[i]!]!;
      }
    }
    file.close();
    expect(sums).toEqual(await flightSums());
  });
});

async function flightSums(): Promise<object> {
  const bytes = readFileSync(FLIGHTS);
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  const sums = { rows: 0, delay: 0, letters: 0 };
  const { parquetRead } = await import('hyparquet');
  await parquetRead({
    file, compressors, columns: ['delay', 'origin'],
    onChunk({ columnName, columnData }) {
      if (columnName === 'delay') {
        sums.rows += columnData.length;
        for (const value of columnData) sums.delay += Number(value);
      } else {
        for (const value of columnData) sums.letters += (value as string).charCodeAt(0);
      }
    },
  });
  return sums;
}

describe('what cannot be read', () => {
  it.each([['gzip', 'GZIP'], ['lz4', 'LZ4_RAW'], ['brotli', 'BROTLI']])(
    'a file under %s is refused by name', async (name, codec) => {
      const path = `${FOLDER}/codec-${name}.parquet`;
      expect(await codeOf(decode(path, [['i64', BIGINT]])))
        .toBe(`MR2100 unsupported feature: Parquet codec ${codec} in ${path}`);
    });

  it.each([
    ['i64', INT, 'INT64'], ['s', BIGINT, 'BYTE_ARRAY'], ['d9', decimal(9, 3), 'INT32'],
    ['us', BIGINT, 'INT64'], ['row', STRING, 'group'],
  ] as const)('column %s as %j is refused', async (column, type, kind) => {
    const path = `${FOLDER}/plain-v1.parquet`;
    const reason = `column ${column}: Parquet ${kind} cannot be read as the table's type`;
    expect(await codeOf(decode(path, [[column, type]])))
      .toBe(`MR4002 reading failed: ${path}: ${reason}`);
  });

  it('a truncated file is an error that names it', async () => {
    const bytes = readFileSync(`${FOLDER}/plain-v1.parquet`);
    const path = join(scratch, 'truncated.parquet');
    writeFileSync(path, bytes.subarray(0, bytes.length / 2));
    expect(await codeOf(decode(path, EVERYTHING))).toBe(
      `MR4002 reading failed: ${path}: not a Parquet file, or a truncated one: no PAR1 at its end`);
  });

  it('an unknown option is refused', () => {
    expect(() => makeParquetFileDecoder({
      format: 'parquet', table: 't', options: { compresion: 'x' }, tableSchema: [], columns: [],
      zone: 'UTC',
    })).toThrow(expect.objectContaining({ code: 'MR2014' }));
  });

  it.each(['plain-v1', 'small-pages-v1-zstd', 'delta-v2-zstd', 'dictionary-v1-snappy'])(
    'a damaged %s gives rows or an error by code, nothing else', async (name) => {
      const bytes = readFileSync(`${FOLDER}/${name}.parquet`);
      const path = join(scratch, `${name}.parquet`);
      const outcomes = { rows: 0, errors: 0 };
      let seed = 1;
      const random = (below: number): number => {
        seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
        return (seed >>> 8) % below;
      };
      for (let round = 0; round < 60; round++) {
        const damaged = Uint8Array.from(bytes);
        for (let hits = 1 + random(5); hits > 0; hits--) {
          const tail = Math.min(4000, bytes.length);
          const at = random(2) === 0 ? random(bytes.length) : bytes.length - 1 - random(tail);
          damaged[at]! ^= 1 << random(8);
        }
        writeFileSync(path, damaged);
        const code = await codeOf(decode(path, EVERYTHING));
        if (code === 'no error') outcomes.rows++;
        else {
          expect(code).toMatch(/^MR(4002|2100) /);
          outcomes.errors++;
        }
      }
      expect(outcomes.rows + outcomes.errors).toBe(60);
      expect(outcomes.errors).toBeGreaterThan(5);
    });
});
