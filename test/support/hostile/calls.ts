/** Calls of every function row and every cast over columns of hostile values. */
import { FUNCTIONS, type ArgumentFamily, type FunctionRow } from '../../../spec/functions.js';
import type { Column } from '../../../src/batch/column.js';
import { columnOf, hasLiteralForm, valueAt } from '../../../src/batch/values.js';
import { resolveFunction } from '../../../src/plan/bind/functions.js';
import type { LiteralValue, PlanExpression, PlanValue } from '../../../src/plan/physical/plan.js';
import { canCast } from '../../../src/types/castable.js';
import {
  array, BIGINT, binary, BOOLEAN, BYTES, char, type DataType, DATE, decimal, DOUBLE, FLOAT, INT,
  INTERVAL_DAY_TIME, INTERVAL_YEAR_MONTH, map, MAX_LENGTH, multiset, row, SMALLINT, STRING, time,
  timestamp,
  timestampLtz, TINYINT, type TypeRoot, typesEqual, varbinary, varchar, withNullable,
} from '../../../src/types/data-type.js';
import { zoneOption, zoneOf } from '../../../src/types/zone.js';
import { pick, type Random } from '../../expr/random-expression.js';
import { boundExpression } from '../expression.js';
import { hostileValue, LONG_TEXT } from './values.js';

/** One call, its columns and where it came from. */
export interface HostileCall {
  readonly name: string;
  readonly expression: PlanExpression;
  readonly columns: readonly Column[];
}

export const HOSTILE_ROWS = 32;
const HOSTILE_ZONE = 'America/New_York';

const PAIR = row([{ name: 'a', type: INT }, { name: 'b', type: STRING }]);

/** Types of every root, with the ends of their lengths and precisions. */
const HOSTILE_TYPES: readonly DataType[] = [
  BOOLEAN, TINYINT, SMALLINT, INT, BIGINT, FLOAT, DOUBLE, decimal(1, 0), decimal(10, 2),
  decimal(38, 0), decimal(38, 38), decimal(38, 18), char(1), char(5), varchar(3), STRING,
  binary(3), varbinary(2), BYTES, DATE, time(0), time(3), timestamp(0), timestamp(3), timestamp(6),
  timestamp(9), timestampLtz(0), timestampLtz(3), timestampLtz(6), timestampLtz(9),
  INTERVAL_DAY_TIME, INTERVAL_YEAR_MONTH, array(INT), array(STRING), array(DOUBLE),
  array(array(array(BIGINT))), map(STRING, INT), map(INT, array(STRING)), multiset(STRING), PAIR,
  row([{ name: 'p', type: PAIR }, { name: 'q', type: array(PAIR) }]), array(decimal(38, 18)),
];

/** Texts that are refused unless they are one of these. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  unit: ['YEAR', 'QUARTER', 'MONTH', 'WEEK', 'DAY', 'HOUR', 'MINUTE', 'SECOND', 'MILLISECOND',
    'MICROSECOND', 'NANOSECOND', 'DECADE', 'CENTURY', 'MILLENNIUM', 'EPOCH', 'DOW', 'DOY',
    'ISODOW', 'ISOYEAR'],
  side: ['BOTH', 'LEADING', 'TRAILING'],
  pattern: ['', '.', 'a*', '(a*)*b', '(.+)+x', '[^,]*', '(', '\\p{L}+', '(?i)İ', '(.)\\1',
    '\\b', '^$', '(?=a)', '.{0,1000}z', '(x1, )*', '\\uD83D',
    '[\\x{10000}-\\x{10FFFF}]'],
  similar: ['%', '_', '(a|b)*%', '[a-z]%', '', '%%%%%b'],
  zone: ['UTC', 'Asia/Shanghai', 'GMT-03:30', 'Europe/Berlin'],
};

const UNIT_FIRST = ['EXTRACT', 'TIMESTAMPADD', 'TIMESTAMPDIFF', 'DATETIME DIFFERENCE'];

function wordsOf(
  { name, pattern, zoneArguments }: FunctionRow, index: number,
): readonly string[] | null {
  if (UNIT_FIRST.includes(name) && index === 0) return WORDS['unit']!;
  if ((name === 'FLOOR' || name === 'CEIL') && index === 1) return WORDS['unit']!;
  if (name === 'TRIM' && index === 0) return WORDS['side']!;
  if (pattern === 'regexp' && index === 1) return WORDS['pattern']!;
  if (pattern === 'similar' && index > 0) return index === 1 ? WORDS['similar']! : ['#'];
  return zoneArguments?.includes(index) === true ? WORDS['zone']! : null;
}

/** The types that a family takes by themselves: found by asking for a signature of one argument. */
function typesOf(family: ArgumentFamily, first: DataType | undefined): readonly DataType[] {
  if (family === 'ELEMENT_OF_0') return [first?.element ?? INT];
  if (family === 'KEY_OF_0') return [first?.key ?? INT];
  return HOSTILE_TYPES;
}

function argumentTypes(random: Random, rowOf: FunctionRow): readonly DataType[] {
  const signature = pick(random, rowOf.signatures);
  const families = [...signature.arguments];
  const left = Math.floor(random() * ((signature.optional ?? 0) + 1));
  families.length -= left;
  if (signature.rest !== undefined && left === 0) {
    for (let more = Math.floor(random() * 3); more > 0; more--) families.push(signature.rest);
  }
  const types: DataType[] = [];
  const isSame = random() < 0.6;
  for (const [index, family] of families.entries()) {
    const same = isSame && index > 0 && family === families[0] ? types[0] : undefined;
    types.push(same ?? pick(random, typesOf(family, types[0])));
  }
  return types;
}

/** Draws argument types until a signature takes them; null where none was found. */
export function hostileCall(random: Random, rowOf: FunctionRow): HostileCall | null {
  for (let tries = 0; tries < 4000; tries++) {
    const types = argumentTypes(random, rowOf).map((type, index) =>
      (wordsOf(rowOf, index) === null ? type : STRING));
    const made = callOf(random, rowOf, types);
    if (made !== null) return made;
  }
  return null;
}

interface Drawn {
  readonly type: DataType;
  readonly literal?: LiteralValue;
}

function draw(random: Random, rowOf: FunctionRow, types: readonly DataType[]): readonly Drawn[] {
  return types.map((type, index): Drawn => {
    const words = wordsOf(rowOf, index);
    if (words !== null) return { type, literal: pick(random, words) };
    if (!hasLiteralForm(type) || random() < 0.8) return { type };
    const value = hostileValue(random, type) as LiteralValue;
    const isDamaged = value instanceof Uint8Array && type.root.endsWith('CHAR');
    return isDamaged ? { type } : { type, literal: value };
  });
}

function callOf(
  random: Random, rowOf: FunctionRow, types: readonly DataType[],
): HostileCall | null {
  const drawn = draw(random, rowOf, types);
  const resolved = resolvedCall(rowOf, drawn);
  if (resolved === null) return null;
  const columns: Column[] = [];
  const parts = drawn.map(({ type, literal }, i): PlanExpression => {
    const wanted = resolved.parameterTypes[i]!;
    const leaf: PlanExpression = literal !== undefined ? { kind: 'literal', value: literal, type }
      : { kind: 'column', index: columns.length, type };
    if (literal === undefined) columns.push(hostileColumn(random, type));
    return typesEqual(type, wanted, true) ? leaf : hostileCast(leaf, wanted, false);
  });
  const expression: PlanExpression = {
    kind: 'call', kernel: resolved.kernel, arguments: parts,
    type: withNullable(resolved.resultType, true), options: withZones(resolved.options ?? {}),
  };
  return { name: rowOf.name, expression, columns };
}

function resolvedCall(rowOf: FunctionRow, drawn: readonly Drawn[]) {
  try {
    return resolveFunction(rowOf.name, drawn, {}, HOSTILE_ZONE);
  } catch {
    return null;
  }
}

function withZones(options: { readonly [name: string]: PlanValue }): { [name: string]: PlanValue } {
  return Object.fromEntries(Object.entries(options).map(([name, value]) =>
    [name, name.startsWith('zone') ? zoneOption(String(value)) as PlanValue : value]));
}

function hostileColumn(random: Random, type: DataType): Column {
  return columnOf(type, Array.from({ length: HOSTILE_ROWS }, () => hostileValue(random, type)));
}

/** The same call with a text of a megabyte in the first row of one of its columns of texts. */
export function withLongText(random: Random, call: HostileCall): HostileCall {
  const texts = call.columns.filter(isUnbounded);
  if (texts.length === 0) return call;
  const chosen = pick(random, texts);
  const columns = call.columns.map((column) => (column !== chosen ? column
    : columnOf(column.type, Array.from({ length: HOSTILE_ROWS }, (_, row) =>
      (row === 0 ? LONG_TEXT : valueAt(column, row))))));
  return { ...call, columns };
}

const isUnbounded = ({ type }: Column): boolean =>
  type.root === 'VARCHAR' && type.length === MAX_LENGTH;

/** CAST or TRY_CAST of a part. */
function hostileCast(value: PlanExpression, to: DataType, isTry: boolean): PlanExpression {
  const zone = { ...zoneOf(HOSTILE_ZONE).table };
  return {
    kind: 'call', kernel: 'cast', arguments: [value], type: withNullable(to, true),
    options: { try: isTry, zone },
  };
}

/** Every pair of types that CAST takes. */
export const CAST_PAIRS: readonly (readonly [from: DataType, to: DataType])[] =
  HOSTILE_TYPES.flatMap((from) => HOSTILE_TYPES.filter((to) => canCast(from, to))
    .map((to) => [from, to] as const));

/** A cast of one pair over hostile values. */
export function castCall(
  random: Random, [from, to]: readonly [DataType, DataType], isTry: boolean,
): HostileCall {
  const leaf: PlanExpression = { kind: 'column', index: 0, type: from };
  return {
    name: 'CAST', expression: hostileCast(leaf, to, isTry), columns: [hostileColumn(random, from)],
  };
}

/** Rows whose calls need more than the arguments: HOSTILE_SQL has them. */
const BY_SQL: readonly string[] = ['JSON_EXISTS', 'JSON_VALUE', 'JSON_QUERY', 'JSON_STRING',
  'JSON_OBJECT', 'JSON_ARRAY', 'CASE', 'IF'];

/** The rows that hostileCall draws arguments for. */
export const HOSTILE_FUNCTIONS: readonly FunctionRow[] = FUNCTIONS.filter((one) =>
  one.signatures.length > 0 && one.deterministic !== false && !BY_SQL.includes(one.name));

const NO_JSON: readonly TypeRoot[] =
  ['DATE', 'TIME', 'INTERVAL_DAY_TIME', 'INTERVAL_YEAR_MONTH', 'MULTISET'];

const hasJson = (type: DataType): boolean =>
  !NO_JSON.includes(type.root) && (type.root !== 'MAP' || type.key?.root === 'VARCHAR');

/** Calls in SQL over columns c0, c1, ... of HOSTILE_TYPES, and s and t of STRING. */
export const HOSTILE_SQL: readonly string[] = [
  "JSON_EXISTS(s, '$.a')", "JSON_EXISTS(s, 'lax $[*].a' ERROR ON ERROR)", "JSON_VALUE(s, '$')",
  "JSON_VALUE(s, 'strict $.a' DEFAULT t ON EMPTY NULL ON ERROR)",
  "JSON_VALUE(s, '$' RETURNING INT)", "JSON_VALUE(s, '$' RETURNING DOUBLE ERROR ON ERROR)",
  "JSON_QUERY(s, '$')", "JSON_QUERY(s, '$..a' WITH WRAPPER)",
  "JSON_QUERY(s, '$' RETURNING ARRAY<STRING>)", "s IS JSON", "s IS JSON OBJECT",
  'JSON_OBJECT(s VALUE t)', 'JSON_OBJECT(s VALUE t, t VALUE s ABSENT ON NULL)',
  'CASE WHEN s > t THEN s WHEN s IS NULL THEN t END', 'CASE s WHEN t THEN 1 ELSE 2 END',
  'IF(s < t, s, t)', "JSON_QUOTE(s)", 'JSON_UNQUOTE(s)',
  ...HOSTILE_TYPES.flatMap((type, i) => [
    `CASE WHEN s > t THEN c${i} END`, `COALESCE(c${i}, c${i})`,
    ...(!hasJson(type) ? []
      : [`JSON_STRING(c${i})`, `JSON_ARRAY(c${i}, s NULL ON NULL)`,
        `JSON_OBJECT('k' VALUE c${i})`]),
  ]),
];

/** A call of HOSTILE_SQL with the columns that it names. */
export function sqlCall(random: Random, sql: string): HostileCall {
  const [, index] = /\bc(\d+)/.exec(sql) ?? [];
  const fields = [{ name: 's', type: STRING }, { name: 't', type: STRING },
    ...(index === undefined ? [] : [{ name: `c${index}`, type: HOSTILE_TYPES[Number(index)]! }])];
  const expression = boundExpression(sql, { fields, zone: HOSTILE_ZONE });
  return { name: sql, expression, columns: fields.map(({ type }) => hostileColumn(random, type)) };
}
