/**
 * Both engines over the same random columns: every string and temporal function, with nulls,
 * constants, selections, invalid UTF-8, extreme values. Equal values or the same error.
 */
import { describe, expect, it } from 'vitest';
import { CONDITIONAL } from '../../spec/functions/conditional.js';
import { REGEXP } from '../../spec/functions/regexp.js';
import type { ArgumentFamily, FunctionRow, Signature } from '../../spec/functions/row.js';
import { STRING as STRING_ROWS } from '../../spec/functions/string.js';
import { TEMPORAL } from '../../spec/functions/temporal.js';
import { Batch } from '../../src/batch/batch.js';
import type { Column } from '../../src/batch/column.js';
import { columnOf, type Value, valueAt } from '../../src/batch/values.js';
import { compileExpression, KernelError } from '../../src/expr/evaluate.js';
import { resolveFunction } from '../../src/plan/bind/functions.js';
import type { LiteralValue, PlanExpression, PlanValue } from '../../src/plan/physical/plan.js';
import {
  BIGINT, BOOLEAN, BYTES, type DataType, DATE, decimal, DOUBLE, INT, INTERVAL_DAY_TIME,
  INTERVAL_YEAR_MONTH, STRING, time, timestamp, timestampLtz,
} from '../../src/types/data-type.js';
import { zoneOption } from '../../src/types/zone.js';
import { ENGINES, nativeRows } from '../support/expression.js';

const ROWS = 40;
const ZONE = 'America/New_York';

/** A small generator of whole numbers below a bound (mulberry32). */
function randomOf(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  };
}

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

/** Texts as bytes, so that some are no UTF-8. */
const TEXTS: readonly (string | Uint8Array)[] = [
  '', ' ', 'a', 'abc', 'hello world', 'ÀÉß ǆ', 'ΑΣ ΣΑΣ.', '😀é😀', 'a%b_c', '%l%', 'h_llo', '_%',
  '2021-03-14 13:47:59', '2021-03-14', '2021-02-30 01:02:03.5', 'yyyy-MM-dd HH:mm:ss',
  'dd/MM/yyyy', 'a\nb', 'x'.repeat(300), '616263', 'aGVsbG8=', 'l', 'o', ',', 'a,b,,c',
  '\u2028', 'http://u:p@a.b:80/c/d?e=f&g#h',
  'HTTPS://x/%41+%C3%A9?', 'ftp://a@b@c/', 'file:/a?b', 'HOST', 'QUERY', 'FILE', 'e', '%zz',
  '%e2%82',
  bytes(0xff, 0x61), bytes(0xe2, 0x82), bytes(0xc3, 0x28, 0x80), bytes(0xf0, 0x9f),
  bytes(0xed, 0xa0, 0x80), bytes(0x61, 0xf5, 0x62), 'UTC', 'Asia/Shanghai', "'T'HH",
  'E, d MMM yy', 'Sun, 14 Mar 21', 'hh:mm a', '01:47 PM', 'yyyyMMddHHmmssSSS', '20210314134759123',
];
const UNITS = ['YEAR', 'QUARTER', 'MONTH', 'WEEK', 'DAY', 'HOUR', 'MINUTE', 'SECOND',
  'MILLISECOND', 'MICROSECOND', 'NANOSECOND', 'DECADE', 'CENTURY', 'MILLENNIUM', 'EPOCH', 'DOW',
  'DOY', 'ISODOW', 'ISOYEAR'];
const PATTERNS = ['', 'l', 'l+', '(l|o)+', '[^,]*', '^a', 'o$', '\\bw', '(?i)HELLO', 'h.*?o',
  '(a)(b)?', '(', '\\w+', '\\p{L}+', '(?m)^b', '.', '(?s).', '(a*)*b', '(.)\\1', 'a(?!b)',
  'x*+', '(?:a|b)*c', '\\d{2,4}', '[à-ü]', '😀', '\\B', '$', '(?m)$', '(\\d+)-(\\d+)'];
const SIMILAR = ['%l%', '_+', 'a(b|c)*%', '[a-c]%', '%😀', ''];
const SIDES = ['BOTH', 'LEADING', 'TRAILING'];

const TYPES: Readonly<Partial<Record<ArgumentFamily, readonly DataType[]>>> = {
  ANY: [STRING, INT], BOOLEAN: [BOOLEAN], CHARACTER_STRING: [STRING],
  BINARY_STRING: [BYTES], TO_INT: [INT], TO_BIGINT: [BIGINT],
  NUMERIC: [INT, BIGINT, DOUBLE, decimal(20, 3)],
  DATETIME: [DATE, time(3), timestamp(0), timestamp(3), timestamp(6), timestamp(9),
    timestampLtz(3), timestampLtz(6)],
  ANY_TIMESTAMP: [timestamp(3), timestamp(9), timestampLtz(6)],
  INTERVAL: [INTERVAL_DAY_TIME, INTERVAL_YEAR_MONTH],
  INTERVAL_DAY_TIME: [INTERVAL_DAY_TIME], INTERVAL_YEAR_MONTH: [INTERVAL_YEAR_MONTH],
};

type Random = ReturnType<typeof randomOf>;

function pick<T>(random: Random, list: readonly T[]): T {
  return list[random(list.length)]!;
}

function randomValue(random: Random, type: DataType): Value {
  switch (type.root) {
    case 'VARCHAR': case 'VARBINARY': return pick(random, TEXTS);
    case 'BOOLEAN': return random(2) === 1;
    case 'INTEGER': return pick(random, [0, 1, 2, 3, 5, -1, -3, 7, 100, 44, -2147483648,
      random(20)]);
    case 'BIGINT': return BigInt(pick(random, [0, 1, -1, 97, 353, random(2 ** 31)]));
    case 'DOUBLE': return pick(random, [0, 1.5, -1.5, Number.NaN, 1e30, random(1e9) / 7]);
    case 'DECIMAL': return BigInt(random(2 ** 31)) * BigInt(pick(random, [1, -1, 1000]));
    case 'DATE': return random(60_000) - 20_000;
    case 'TIME': return random(86_400_000);
    case 'INTERVAL_YEAR_MONTH': return random(200) - 100;
    case 'INTERVAL_DAY_TIME': return BigInt(random(2 ** 31) - 2 ** 30) * 100n;
    default: return randomTicks(random, type);
  }
}

function randomTicks(random: Random, type: DataType): bigint {
  const perMs = (type.precision ?? 6) <= 3 ? 1n : (type.precision ?? 6) <= 6 ? 1000n : 1_000_000n;
  const ms = BigInt(random(2 ** 32)) * 400n - 200_000_000_000n + BigInt(random(1000));
  const digits = 10n ** BigInt(Math.max(0, 3 - (type.precision ?? 6)));
  return (ms / digits) * digits * perMs + (perMs > 1n ? BigInt(random(Number(perMs))) : 0n);
}

interface Prepared {
  readonly expression: PlanExpression;
  readonly columns: readonly Column[];
}

/** The words a constant text must be one of, by where a signature takes a unit or a side. */
function wordsOf(row: FunctionRow, index: number): readonly string[] | null {
  const isFirst = ['EXTRACT', 'TIMESTAMPADD', 'TIMESTAMPDIFF', 'DATETIME DIFFERENCE'];
  if (isFirst.includes(row.name) && index === 0) return UNITS;
  if ((row.name === 'FLOOR' || row.name === 'CEIL') && index === 1) return UNITS;
  if (row.pattern === 'regexp' && index === 1) return PATTERNS;
  if (row.pattern === 'similar' && index > 0) return index === 1 ? SIMILAR : ['#'];
  return row.name === 'TRIM' && index === 0 ? SIDES : null;
}

function prepare(random: Random, row: FunctionRow, signature: Signature): Prepared | null {
  const families = [...signature.arguments];
  for (let i = random((signature.optional ?? 0) + 1); i > 0; i--) families.pop();
  if (signature.rest !== undefined) families.push(signature.rest);
  const columns: Column[] = [];
  const parts: PlanExpression[] = [];
  const common = pick(random, TYPES['ANY']!);
  for (const [index, family] of families.entries()) {
    const type = family === 'ANY' ? common : pick(random, TYPES[family] ?? [STRING]);
    const words = wordsOf(row, index);
    const isZone = row.zoneArguments?.includes(index) === true;
    const isConstant = words !== null || isZone || random(4) === 0;
    if (isConstant) {
      const value = words !== null ? pick(random, words)
        : isZone ? pick(random, ['UTC', 'Asia/Shanghai', 'GMT-03:30'])
          : asText(random(12) === 0 ? null : randomValue(random, type), type);
      parts.push({ kind: 'literal', value: value as LiteralValue, type });
    } else {
      const values = Array.from({ length: ROWS }, () =>
        (random(6) === 0 ? null : randomValue(random, type)));
      parts.push({ kind: 'column', index: columns.length, type });
      columns.push(columnOf(type, values));
    }
  }
  return bound(row, parts, columns);
}

/** A constant text is a string in a plan, constant bytes are bytes. */
function asText(value: Value, type: DataType): Value {
  if (type.root === 'VARBINARY' && typeof value === 'string') return bytes(value.length, 0xff);
  return type.root === 'VARCHAR' && value instanceof Uint8Array ? 'é' : value;
}

function bound(
  row: FunctionRow, parts: readonly PlanExpression[], columns: readonly Column[],
): Prepared | null {
  const args = parts.map((part) =>
    (part.kind === 'literal' ? { type: part.type, literal: part.value } : { type: part.type }));
  try {
    const resolved = resolveFunction(row.name, args, {}, ZONE);
    const options = Object.fromEntries(Object.entries(resolved.options ?? {})
      .map(([name, value]) =>
        [name, name.startsWith('zone') ? zoneOption(String(value)) as PlanValue : value]));
    const expression: PlanExpression = {
      kind: 'call', kernel: resolved.kernel, arguments: parts, type: resolved.resultType, options,
    };
    const fits = resolved.parameterTypes.every((type, i) => type.root === parts[i]!.type.root);
    return fits ? { expression, columns } : null;
  } catch {
    return null;
  }
}

type Outcome = readonly Value[] | string;

function onFallback({ expression, columns }: Prepared, selection: Int32Array | null): Outcome {
  const batch = new Batch(ROWS, columns, selection);
  const count = selection === null ? ROWS : selection.length;
  try {
    const out = compileExpression(expression).evaluate(batch, selection, count,
      { nowMs: 1_615_729_679_123, zone: ZONE });
    return Array.from({ length: count }, (_, i) =>
      valueAt(out, selection === null ? i : selection[i]!));
  } catch (error) {
    if (error instanceof KernelError) return `${error.code} ${error.detail}`;
    throw error;
  }
}

function onNative({ expression, columns }: Prepared, selection: Int32Array | null): Outcome {
  const setting = { nowMs: 1_615_729_679_123, zone: ZONE };
  try {
    return nativeRows(expression, columns, ROWS, setting, selection);
  } catch (error) {
    return (error as Error).message;
  }
}

function randomSelection(random: Random): Int32Array | null {
  if (random(2) === 0) return null;
  return Int32Array.from(Array.from({ length: ROWS }, (_, i) => i).filter(() => random(3) > 0));
}

const ALL = [...STRING_ROWS, ...REGEXP, ...TEMPORAL, ...CONDITIONAL];

describe.runIf(ENGINES.includes('native'))('both engines', () => {
  it.each(ALL.map((row) => [row.name, row] as const))('agree on %s', (_, row) => {
    const random = randomOf(row.name.length * 7919 + row.kernel.length);
    let compared = 0;
    for (let round = 0; round < 60; round++) {
      const prepared = prepare(random, row, pick(random, row.signatures));
      if (prepared === null) continue;
      const selection = randomSelection(random);
      const fallback = onFallback(prepared, selection);
      const native = onNative(prepared, selection);
      compared++;
      const shown = { round, call: prepared.expression, selection };
      expect({ ...shown, result: native }).toEqual({ ...shown, result: fallback });
    }
    expect(compared).toBeGreaterThan(0);
  });
});
