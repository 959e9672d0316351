/** The JSON encoders of both engines: equal bytes, and the text that Flink 2.3 printed. */
import { describe, expect, it } from 'vitest';
import { Batch } from '../../../src/batch/batch.js';
import { packBatch } from '../../../src/batch/packed.js';
import { columnOf, type Value } from '../../../src/batch/values.js';
import { JsonEncoder, parseJsonEncoderOptions } from '../../../src/formats/json/encoder.js';
import { TextBuffer } from '../../../src/formats/text-buffer.js';
import { loadNative } from '../../../src/native/load.js';
import { encodeValue } from '../../../src/plan/physical/encode.js';
import type { PlanValue } from '../../../src/plan/physical/plan.js';
import {
  array, BIGINT, BOOLEAN, BYTES, DATE, decimal, DOUBLE, FLOAT, INT, map, row, SMALLINT, STRING,
  time, timestamp, timestampLtz, TINYINT, type DataType,
} from '../../../src/types/data-type.js';

const binding = loadNative();
if (binding === null) throw new Error('the native engine is not built');

type Options = Readonly<Record<string, string>>;

/** The lines of rows, which both engines must print alike. */
function lines(
  columns: Readonly<Record<string, DataType>>, rows: readonly (readonly Value[])[],
  options: Options = {},
): readonly string[] {
  const schema = Object.entries(columns).map(([name, type]) => ({ name, type }));
  const batch = new Batch(rows.length, schema.map(({ type }, i) =>
    columnOf(type, rows.map((values) => values[i]!))));
  const encoder = new JsonEncoder(schema, parseJsonEncoderOptions(options));
  const out = new TextBuffer();
  for (let i = 0; i < rows.length; i++) {
    encoder.encode(batch, i, out);
    out.byte(10);
  }
  const fallback = Buffer.from(out.take());
  const native = Buffer.from(binding!.encodeJson(
    encodeValue(schema as unknown as PlanValue), encodeValue(options), packBatch(batch)));
  expect(native.toString()).toBe(fallback.toString());
  return fallback.toString().trimEnd().split('\n');
}

/** The text of one value of a type. */
const text = (type: DataType, value: Value, options: Options = {}): string =>
  lines({ v: type }, [[value]], options)[0]!.slice('{"v":'.length, -1);

const ms = (iso: string): bigint => BigInt(Date.parse(iso));

describe('values, as Flink prints them', () => {
  it('numbers', () => {
    const doubles: readonly (readonly [number, string])[] = [
      [NaN, '"NaN"'], [Infinity, '"Infinity"'], [-Infinity, '"-Infinity"'], [1e-3, '0.001'],
      [9.999e-4, '9.999E-4'], [1e7, '1.0E7'], [9999999, '9999999.0'], [123456.789, '123456.789'],
      [1e22, '1.0E22'], [2e-3, '0.002'], [0, '0.0'], [-0, '-0.0'], [1e10, '1.0E10'],
      [123456789.125, '1.23456789125E8'], [-1.5, '-1.5'], [100, '100.0'],
    ];
    for (const [value, expected] of doubles) expect(text(DOUBLE, value)).toBe(expected);
    expect(text(FLOAT, Math.fround(0.1))).toBe('0.1');
    expect(text(FLOAT, Math.fround(123456.789))).toBe('123456.79');
    expect(text(FLOAT, Math.fround(1e20))).toBe('1.0E20');
    expect(text(TINYINT, -5)).toBe('-5');
    expect(text(SMALLINT, 32767)).toBe('32767');
    expect(text(INT, -2147483648)).toBe('-2147483648');
    expect(text(BIGINT, -(1n << 63n))).toBe('-9223372036854775808');
    expect(text(BIGINT, 1234567890123n)).toBe('1234567890123');
    expect(text(BOOLEAN, true)).toBe('true');
  });

  it('decimals, without trailing zeros or in plain', () => {
    const cases: readonly (readonly [bigint, number, number, string, string])[] = [
      [150n, 10, 2, '1.5', '1.50'], [10000n, 10, 2, '1E+2', '100.00'], [0n, 10, 2, '0', '0.00'],
      [123456n, 10, 2, '1234.56', '1234.56'], [1n, 30, 10, '1E-10', '0.0000000001'],
      [123456789012345678900000000001n, 30, 10, '12345678901234567890.0000000001',
        '12345678901234567890.0000000001'],
      [10n ** 22n, 30, 10, '1E+12', '1000000000000.0000000000'],
      [-105n * 10n ** 9n, 30, 10, '-10.5', '-10.5000000000'], [1n, 10, 8, '1E-8', '0.00000001'],
      [10n, 10, 8, '1E-7', '0.00000010'], [100n, 10, 8, '0.000001', '0.00000100'],
      [2000n, 10, 2, '2E+1', '20.00'], [15n, 20, 8, '1.5E-7', '0.00000015'],
    ];
    for (const [value, precision, scale, short, plain] of cases) {
      const type = decimal(precision, scale);
      expect(text(type, value)).toBe(short);
      expect(text(type, value, { 'encode.decimal-as-plain-number': 'true' })).toBe(plain);
    }
  });

  it('dates and times, fractions without trailing zeros', () => {
    expect(text(DATE, 18263)).toBe('"2020-01-02"');
    expect(text(DATE, -719162)).toBe('"0001-01-01"');
    expect(text(time(3), 3_723_400)).toBe('"01:02:03.4"');
    expect(text(time(0), 36_000_000)).toBe('"10:00:00"');
    expect(text(timestamp(3), ms('2020-01-02T03:04:05.120Z'))).toBe('"2020-01-02 03:04:05.12"');
    expect(text(timestamp(3), ms('2020-01-02T03:04:00Z'))).toBe('"2020-01-02 03:04:00"');
    expect(text(timestamp(3), ms('9999-12-31T23:59:59.999Z'))).toBe('"9999-12-31 23:59:59.999"');
    expect(text(timestamp(6), -1n)).toBe('"1969-12-31 23:59:59.999999"');
    expect(text(timestamp(9), 1577934245123456789n)).toBe('"2020-01-02 03:04:05.123456789"');
    expect(text(timestampLtz(3), 1234567890123n)).toBe('"2009-02-13 23:31:30.123Z"');
    const iso = { 'timestamp-format.standard': 'ISO-8601' };
    expect(text(timestamp(3), ms('2020-01-02T00:00:00Z'), iso)).toBe('"2020-01-02T00:00:00"');
    expect(text(timestampLtz(3), 1234567890120n, iso)).toBe('"2009-02-13T23:31:30.12Z"');
  });

  it('text, with the escapes of Jackson', () => {
    expect(text(STRING, 'a"\\\nb\u0001é/<\u2028')).toBe('"a\\"\\\\\\nb\\u0001é/<\u2028"');
    expect(text(STRING, '日本 😀')).toBe('"日本 \\uD83D\\uDE00"');
    expect(text(STRING, `${'x'.repeat(40)}\u007f\t\b\f\r\u001f`)).toBe(
      `"${'x'.repeat(40)}\u007f\\t\\b\\f\\r\\u001F"`);
    expect(text(BYTES, Uint8Array.of(0, 255, 16))).toBe('"AP8Q"');
    expect(text(BYTES, Uint8Array.of(255))).toBe('"/w=="');
    expect(text(BYTES, new Uint8Array(0))).toBe('""');
    expect(lines({ 'a"b\\é': INT }, [[1]])).toEqual(['{"a\\"b\\\\é":1}']);
  });

  it('rows, arrays and maps, NULL or left out', () => {
    const pair = row([{ name: 'x', type: INT }, { name: 'y', type: STRING }]);
    const columns = { a: STRING, r: pair, l: array(INT), m: map(STRING, INT) };
    const rows = [
      ['b', [1, 'z'], [1, null], [['k', 1], ['n', null]]], [null, [null, 'a'], [], []],
      ['c', null, null, null],
    ];
    expect(lines(columns, rows)).toEqual([
      '{"a":"b","r":{"x":1,"y":"z"},"l":[1,null],"m":{"k":1,"n":null}}',
      '{"a":null,"r":{"x":null,"y":"a"},"l":[],"m":{}}', '{"a":"c","r":null,"l":null,"m":null}',
    ]);
    expect(lines(columns, rows.slice(1), { 'encode.ignore-null-fields': 'true' })).toEqual(
      ['{"r":{"y":"a"},"l":[],"m":{}}', '{"a":"c"}']);
  });

  it('maps with a NULL key as told', () => {
    const type = map(STRING, INT);
    const value = [['a', 1], [null, 2]];
    expect(() => text(type, value)).toThrow(/MR4005/);
    expect(text(type, value, { 'map-null-key.mode': 'DROP' })).toBe('{"a":1}');
    const literal = { 'map-null-key.mode': 'LITERAL', 'map-null-key.literal': 'nil' };
    expect(text(type, value, literal)).toBe('{"a":1,"nil":2}');
    expect(() => text(map(INT, INT), [[1, 2]])).toThrow(/MR2100/);
  });
});
