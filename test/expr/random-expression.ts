/** Random typed expressions and random rows, from a seed. */
import type { Value } from '../../src/batch/values.js';
import { resolveFunction } from '../../src/plan/bind/functions.js';
import type { PlanExpression } from '../../src/plan/physical/plan.js';
import { canCast } from '../../src/types/castable.js';
import {
  BIGINT, BOOLEAN, BYTES, DATE, DOUBLE, FLOAT, INT, INTERVAL_DAY_TIME, INTERVAL_YEAR_MONTH,
  SMALLINT, STRING, TINYINT, char, decimal, physicalOf, time, timestamp, timestampLtz, typesEqual,
  varchar, withNullable, type DataType,
} from '../../src/types/data-type.js';
import { zoneOf } from '../../src/types/zone.js';

/** Numbers in [0, 1): mulberry32. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export type Random = () => number;

export const pick = <T>(random: Random, list: readonly T[]): T =>
  list[Math.floor(random() * list.length)]!;

/** One column a type; expressions refer to them. */
export const COLUMN_TYPES: readonly DataType[] = [
  BOOLEAN, TINYINT, SMALLINT, INT, BIGINT, FLOAT, DOUBLE, decimal(5, 2), decimal(18, 4),
  decimal(38, 10), decimal(38, 0), STRING, varchar(5), char(4), BYTES, DATE, time(3),
  timestamp(3), timestamp(6), timestampLtz(3), INTERVAL_DAY_TIME, INTERVAL_YEAR_MONTH, INT,
  BIGINT, STRING, BOOLEAN,
];

const TEXTS: readonly string[] = [
  '', 'a', 'ab', 'abc', 'äöü', '\u{1f600}', '\uffff', '12', ' 7 ', '-3.5', '1e3', 'x1', 'true',
  'F', '2020-02-29', '2021-2-3 4:5:6.7', '10:11:12.5', '9223372036854775807', '0.005',
  'a rather long text of more than twelve bytes', 'NaN', '.5', '24:00:00', '1969-12-31 23:59:59',
];
const BIGS: readonly bigint[] = [
  0n, 1n, -1n, 7n, -86_400_000n, 1_583_020_800_123n, -1n, 9007199254740993n,
  9223372036854775807n, -9223372036854775808n, 4294967296n, -4294967295n,
];
const REALS: readonly number[] = [
  0, -0, 1, -1, 0.5, -0.5, 2.5, 1.005, 1e300, -1e-300, 123456.789, NaN, Infinity, -Infinity,
  9007199254740993, 4e9, 0.1,
];

function randomDecimal(random: Random, precision: number): bigint {
  const digits = Math.floor(random() * (precision + 1));
  let value = 0n;
  for (let i = 0; i < digits; i++) value = value * 10n + BigInt(Math.floor(random() * 10));
  return random() < 0.5 ? value : -value;
}

function randomInteger(random: Random, bits: number): number {
  const limit = 2 ** (bits - 1);
  if (random() < 0.3) return pick(random, [0, 1, -1, limit - 1, -limit, 2, 10]);
  return Math.floor((random() * 2 - 1) * limit);
}

/** Timestamps stay within years 1 to 9999. */
function randomInstant(random: Random, ticksPerMs: bigint): bigint {
  const ms = BigInt(Math.floor((random() * 2 - 0.9) * 4e13));
  return (random() < 0.3 ? pick(random, [0n, -1n, 1_583_020_800_123n]) : ms) * ticksPerMs;
}

export function randomValue(random: Random, type: DataType): Value {
  if (random() < 0.15) return null;
  switch (type.root) {
    case 'DECIMAL':
      return randomDecimal(random, type.precision ?? 10);
    case 'DATE':
      return Math.floor((random() - 0.3) * 40_000);
    case 'TIME':
      return Math.floor(random() * 86_400_000);
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return randomInstant(random, (type.precision ?? 6) <= 3 ? 1n : 1000n);
    // Years beyond four million have no text in the TypeScript engine.
    case 'INTERVAL_YEAR_MONTH':
      return Math.floor((random() - 0.5) * 40_000);
    case 'INTERVAL_DAY_TIME':
      return BigInt(Math.floor((random() - 0.5) * 1e13));
    case 'CHAR':
    case 'VARCHAR':
      return pick(random, TEXTS);
    case 'VARBINARY':
      return new TextEncoder().encode(pick(random, TEXTS));
    default:
      return randomPhysical(random, type);
  }
}

function randomPhysical(random: Random, type: DataType): Value {
  switch (physicalOf(type)) {
    case 'bool':
      return random() < 0.5;
    case 'i8':
      return randomInteger(random, 8);
    case 'i16':
      return randomInteger(random, 16);
    case 'i32':
      return randomInteger(random, 32);
    case 'i64':
      return pick(random, BIGS);
    case 'f32':
      return Math.fround(pick(random, REALS));
    default:
      return pick(random, REALS);
  }
}

export function randomRows(random: Random, count: number): readonly (readonly Value[])[] {
  return Array.from({ length: count }, () =>
    COLUMN_TYPES.map((type) => randomValue(random, type)));
}

const NAMES: readonly string[] = [
  '+', '-', '*', '/', '%', 'NEGATE', '=', '<>', '<', '<=', '>', '>=', 'IS DISTINCT FROM',
  'IS NOT DISTINCT FROM', 'GREATEST', 'LEAST', 'AND', 'OR', 'NOT', 'IS NULL', 'IS NOT NULL',
  'IS TRUE', 'IS NOT FALSE', 'ABS', 'CEIL', 'FLOOR', 'SIGN', 'ROUND', 'TRUNCATE', 'SQRT', 'CAST',
  'CAST', 'CAST', 'TRY_CAST', 'TRY_CAST',
];

const CAST_TARGETS: readonly DataType[] = [
  ...COLUMN_TYPES, char(3), varchar(2), decimal(3, 1), decimal(38, 38), timestamp(0), timestamp(1),
  timestampLtz(6), time(0), time(1),
];

const ZONE_TABLE = zoneOf('Europe/Berlin').table;

export function castTo(value: PlanExpression, type: DataType, isTry: boolean): PlanExpression {
  const zoned = [value.type.root, type.root].includes('TIMESTAMP_LTZ');
  return {
    kind: 'call', kernel: 'cast', arguments: [value], type: withNullable(type, true),
    options: zoned ? { try: isTry, zone: { ...ZONE_TABLE } } : { try: isTry },
  };
}

function randomLeaf(random: Random): PlanExpression {
  const index = Math.floor(random() * COLUMN_TYPES.length);
  const type = COLUMN_TYPES[index]!;
  if (random() < 0.75) return { kind: 'column', index, type };
  return { kind: 'literal', value: randomValue(random, type) as never, type };
}

/** A call at the root; tries functions until one takes the arguments drawn for it. */
export function randomExpression(random: Random, depth: number): PlanExpression {
  for (;;) {
    const made = tryCall(random, depth);
    if (made !== null) return made;
  }
}

function randomArgument(random: Random, depth: number): PlanExpression {
  return depth <= 0 || random() < 0.4 ? randomLeaf(random) : randomExpression(random, depth);
}

function tryCall(random: Random, depth: number): PlanExpression | null {
  const name = pick(random, NAMES);
  if (name.endsWith('CAST')) {
    const value = randomArgument(random, depth - 1);
    const target = pick(random, CAST_TARGETS);
    return canCast(value.type, target) ? castTo(value, target, name === 'TRY_CAST') : null;
  }
  // FLOOR(time TO unit) takes only units the grammar knows.
  const count = name === 'FLOOR' || name === 'CEIL' ? 1 : pick(random, [1, 2, 2, 2, 3]);
  const args = Array.from({ length: count }, () => randomArgument(random, depth - 1));
  return resolveCall(name, args);
}

/** The call with the casts its parameters need; null where no signature takes the arguments. */
function resolveCall(name: string, args: readonly PlanExpression[]): PlanExpression | null {
  try {
    const resolved = resolveFunction(name, args.map(({ type }) => ({ type })));
    const fitted = args.map((arg, i) => {
      const wanted = resolved.parameterTypes[i]!;
      return typesEqual(arg.type, wanted, true) ? arg : castTo(arg, wanted, false);
    });
    const type = withNullable(resolved.resultType, true);
    return { kind: 'call', kernel: resolved.kernel, arguments: fitted, type };
  } catch {
    return null;
  }
}
