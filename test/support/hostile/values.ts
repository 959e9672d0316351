/**
 * The values that break code, by type: NULL, empty, the ends of each range, what has no place in
 * time, texts that are no UTF-8 or very long, deep nesting.
 */
import type { Value } from '../../../src/batch/values.js';
import { childTypes, type DataType } from '../../../src/types/data-type.js';
import { pick, type Random } from '../../expr/random-expression.js';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

/** Longer than any buffer on a stack, and than most that grow by doubling. */
export const LONG_TEXT = 'x1, '.repeat(1 << 18);

const TEXTS: readonly (string | Uint8Array)[] = [
  '', ' ', '\0', 'a', '-', '+', '.', 'e', '0', '-0', 'NaN', '-Infinity', '1e400', '-1e-400',
  '9223372036854775808', '-9223372036854775809', '170141183460469231731687303715884105728',
  '9'.repeat(400), `0.${'0'.repeat(300)}1`, '0001-01-01', '9999-12-31', '10000-01-01',
  '-0001-01-01',
  '0000-00-00', '2021-02-29', '2020-02-30 24:00:00', '9999-12-31 23:59:59.999999999',
  '99:99:99', '24:00:00', '1e', '0x10', 'true', 'FALSE', 'yyyy-MM-dd', 'G\'', 'XXX', '%', '%%', '_',
  '\\', '\\\\', '(', ')', '[', '(a', '*', '(a*)*$', '.*.*.*b', '$.a', '$', 'lax $', '$[*]', '{',
  '{"a":', '[[[[[[[[[[', '{"a":{"a":{"a":1}}}', '"\\ud800"', '1e999', 'UTF-8', 'UTF-16', 'UTF-99',
  'Europe/Berlin', 'GMT+99', 'Nowhere/At_All', 'http://', 'http://[::1]:99999/?=&#', '%zz', '%',
  '255.255.255.256', '1.2.3', 'DAY', 'BOTH', 'HOST', '\u{1f600}', '\ufffd', '\uffff', 'é',
  'e\u0301', 'ß', 'İ', '\u2028', 'aGVsbG8=', '====', 'abcdefghijklmnopqrstuvwxyz0123456789',
  bytes(0xff), bytes(0xc3), bytes(0x61, 0xe2, 0x82), bytes(0xed, 0xa0, 0x80), bytes(0, 0xfe),
  bytes(0xf0, 0x9f, 0x98), bytes(0xc0, 0x80), bytes(0xf8, 0x88, 0x80, 0x80, 0x80),
  bytes(0x80, 0x80, 0x80, 0x61),
];

const INTEGERS: readonly number[] = [0, 1, -1, 2, 3, 10, 31, 32, 63, 64, 100, 127, 128, 255, 1000];

const REALS: readonly number[] = [
  0, -0, 1, -1, 0.5, -0.5, 2.5, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY,
  Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE, 2.2250738585072014e-308, 1e-300, 1e300,
  9007199254740993, 9.223372036854775e18, -9.3e18, 2147483648, 1e38, 3.4028235e38, 1e-46,
];

const I64: readonly bigint[] = [
  0n, 1n, -1n, 7n, 255n, 4294967295n, 4294967296n, -4294967296n, 9007199254740993n,
  9223372036854775807n, -9223372036854775808n, -9223372036854775807n,
];

/** Milliseconds of 0001-01-01, 0000-12-31, 9999-12-31, 10000-01-01, 1582-10-15 and neighbours. */
const INSTANTS: readonly bigint[] = [
  0n, -1n, 999n, -62135596800000n, -62135596800001n, 253402300799999n, 253402300800000n,
  -12219292800000n, -12219292800001n, 951782400000n, 1_616_896_799_999n, 4_102_444_800_000n,
];

/** Days of the same, and of the last year that INT holds. */
const DAYS: readonly number[] =
  [0, -1, -719162, -719163, 2932896, 2932897, -141427, -141428, 11016];

function integer(random: Random, bits: number): number {
  const limit = 2 ** (bits - 1);
  const whole = pick(random, [...INTEGERS, limit - 1, -limit, 1 - limit, limit - 2]);
  return whole >= limit ? limit - 1 : whole;
}

function decimalValue(random: Random, precision: number): bigint {
  const most = 10n ** BigInt(precision) - 1n;
  const value = pick(random,
    [0n, 1n, 5n, most, most / 2n, most - 1n, 10n ** BigInt(precision - 1)]);
  return random() < 0.5 ? value : -value;
}

function instant(random: Random, precision: number): bigint {
  const perMs = precision <= 3 ? 1n : precision <= 6 ? 1_000n : 1_000_000n;
  const limit = (1n << 63n) / perMs - 1n;
  const ms = pick(random, INSTANTS);
  const within = ms > limit ? limit : ms < -limit ? -limit : ms;
  const cut = 10n ** BigInt(Math.max(0, 3 - precision));
  return (within / cut) * cut * perMs;
}

function textOf(random: Random, type: DataType): Value {
  const text = pick(random, TEXTS);
  if (type.root !== 'CHAR' && (type.length ?? 0) > 1000) return text;
  const cut = typeof text === 'string' ? text.slice(0, type.length) : 'x';
  return type.root === 'CHAR' ? cut.padEnd(type.length ?? 1) : cut;
}

function bytesOf(random: Random, type: DataType): Value {
  const text = pick(random, TEXTS);
  const made = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  if (type.root === 'VARBINARY') return made.slice(0, type.length);
  const whole = new Uint8Array(type.length ?? 1);
  whole.set(made.subarray(0, whole.length));
  return whole;
}

function nested(random: Random, type: DataType): Value {
  const parts = childTypes(type);
  if (type.root === 'ROW') return parts.map((part) => hostileValue(random, part));
  const count = pick(random, [0, 0, 1, 2, 3, 17]);
  const items = Array.from({ length: count }, () =>
    parts.map((part) => hostileValue(random, part)));
  if (type.root === 'ARRAY') return items.map(([item]) => item ?? null);
  // A key is there once, and is UTF-8: entries stand in the order of their keys' bytes.
  return items.filter(([key], i) => !(key instanceof Uint8Array) &&
    items.findIndex(([other]) => asText(other ?? null) === asText(key ?? null)) === i);
}

const asText = (value: Value): string =>
  JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part));

/** A value of the type, NULL among them where the type may be. */
export function hostileValue(random: Random, type: DataType): Value {
  if (type.nullable && random() < 0.12) return null;
  switch (type.root) {
    case 'NULL': return null;
    case 'BOOLEAN': return random() < 0.5;
    case 'TINYINT': return integer(random, 8);
    case 'SMALLINT': return integer(random, 16);
    case 'INTEGER': return integer(random, 32);
    case 'INTERVAL_YEAR_MONTH': return integer(random, 32);
    case 'BIGINT': case 'INTERVAL_DAY_TIME': return pick(random, I64);
    case 'FLOAT': return Math.fround(pick(random, REALS));
    case 'DOUBLE': return pick(random, REALS);
    case 'DECIMAL': return decimalValue(random, type.precision ?? 10);
    case 'CHAR': case 'VARCHAR': return textOf(random, type);
    case 'BINARY': case 'VARBINARY': return bytesOf(random, type);
    case 'DATE': return pick(random, DAYS);
    case 'TIME': return pick(random, [0, 1, 999, 43_200_000, 86_399_999]);
    case 'TIMESTAMP': case 'TIMESTAMP_LTZ': return instant(random, type.precision ?? 6);
    default: return nested(random, type);
  }
}
