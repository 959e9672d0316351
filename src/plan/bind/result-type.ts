/**
 * The result types that rows of spec/functions.ts name. Each is a function of the arguments;
 * nullability is added by the caller.
 */
import type { ResultStrategy } from '../../../spec/functions.js';
import {
  BIGINT, BOOLEAN, BYTES, DATE, DOUBLE, FLOAT, INT, INTERVAL_DAY_TIME, INTERVAL_YEAR_MONTH,
  MAX_LENGTH, SMALLINT, STRING, TINYINT, array, char, decimal, map, row, time, timestamp,
  timestampLtz, varchar, withNullable, withTimeAttribute, type DataType,
} from '../../types/data-type.js';
import {
  commonType, decimalDigits, decimalDivideType, decimalModuloType, decimalPlusType,
  decimalRoundType, decimalTimesType, isApproximate, isCharacter,
  isDecimal,
} from '../../types/merging.js';
import type { BoundArgument } from './signature.js';
import {
  differenceType, extractedType, ltzOfNumberType, ltzOfTextType, timestampAddType,
  timestampDiffType,
} from './temporal-type.js';

type Strategy = (args: readonly BoundArgument[]) => DataType | null;

const fixed = (type: DataType): Strategy => () => type;
const argument = (index: number): Strategy => (args) => {
  const type = args[index]?.type;
  return type === undefined ? null : withTimeAttribute(type);
};
const common: Strategy = (args) => commonType(args.map((arg) => arg.type));

/** The decimal rule where a decimal meets an exact number, else the common type. */
function arithmetic(rule: (a: DataType, b: DataType) => DataType): Strategy {
  return (args) => {
    const types = args.map((arg) => arg.type);
    const [a, b] = types;
    if (a === undefined || b === undefined) return null;
    if (a.root === 'NULL' || b.root === 'NULL') return commonType(types);
    const exact = !isApproximate(a) && !isApproximate(b);
    return exact && (isDecimal(a) || isDecimal(b)) ? rule(a, b) : commonType(types);
  };
}

/** The rest has the type of the divisor, or for decimals the rule of E-071. */
const modulo: Strategy = (args) => {
  const [a, b] = args.map((arg) => arg.type);
  if (a === undefined || b === undefined) return null;
  if (a.root === 'NULL' || b.root === 'NULL') return commonType([a, b]);
  return isDecimal(a) || isDecimal(b) ? decimalModuloType(a, b) : b;
};

/** The results of when1, then1, ..., else. */
const caseBranches: Strategy = (args) =>
  commonType(args.filter((_, i) => i % 2 === 1 || i === args.length - 1).map((arg) => arg.type));

const integral: Strategy = ([value]) => {
  if (value === undefined) return null;
  return isDecimal(value.type) ? decimal(decimalDigits(value.type)[0], 0) : value.type;
};

const rounded: Strategy = ([value, digits]) => {
  if (value === undefined || !isDecimal(value.type)) return value?.type ?? null;
  if (digits === undefined) return decimalRoundType(value.type, 0);
  return typeof digits.literal === 'number' ? decimalRoundType(value.type, digits.literal)
    : value.type;
};

/** The lengths of texts together, at most that of STRING. */
function textLength(...args: readonly (BoundArgument | undefined)[]): number {
  const lengths = args.map((arg) => arg?.type.length ?? MAX_LENGTH);
  return Math.min(MAX_LENGTH, lengths.reduce((sum, length) => sum + length, 0));
}

/** A collection of the common type of these; null where they have none. */
function collected(
  args: readonly BoundArgument[], make: (type: DataType) => DataType | null,
): DataType | null {
  const type = commonType(args.map((arg) => arg.type));
  return type === null || type.root === 'NULL' ? null : make(type);
}

const STRATEGIES: Readonly<Record<ResultStrategy, Strategy>> = {
  BOOLEAN: fixed(BOOLEAN),
  TINYINT: fixed(TINYINT),
  SMALLINT: fixed(SMALLINT),
  INT: fixed(INT),
  BIGINT: fixed(BIGINT),
  FLOAT: fixed(FLOAT),
  DOUBLE: fixed(DOUBLE),
  STRING: fixed(STRING),
  BYTES: fixed(BYTES),
  DATE: fixed(DATE),
  TIME_0: fixed(time(0)),
  TIMESTAMP_3: fixed(timestamp(3)),
  TIMESTAMP_LTZ_3: fixed(timestampLtz(3)),
  INTERVAL_YEAR_MONTH: fixed(INTERVAL_YEAR_MONTH),
  INTERVAL_DAY_TIME: fixed(INTERVAL_DAY_TIME),
  ARRAY_STRING: fixed(array(STRING)),
  MAP_STRING: fixed(map(STRING, STRING)),
  'argument-0': argument(0),
  'argument-1': argument(1),
  'argument-2': argument(2),
  common,
  'case-branches': caseBranches,
  'decimal-plus': arithmetic(decimalPlusType),
  'decimal-times': arithmetic(decimalTimesType),
  'decimal-divide': arithmetic(decimalDivideType),
  'decimal-modulo': modulo,
  integral,
  'if-null': ([first, second]) => {
    if (first === undefined || second === undefined) return null;
    const isKept = !first.type.nullable && isCharacter(first.type);
    return isKept ? first.type : common([first, second]);
  },
  extracted: extractedType,
  'timestamp-add': timestampAddType,
  'interval-of-unit': differenceType,
  'timestamp-diff': timestampDiffType,
  'timestamp-ltz-number': ltzOfNumberType,
  'timestamp-ltz-text': ltzOfTextType,
  'varchar-0': (args) => varchar(textLength(args[0])),
  'varchar-2': (args) => varchar(textLength(args[2])),
  'varchar-sum': (args) => varchar(textLength(args[0], args[1])),
  'char-sum': (args) => {
    const isFixed = args.every((arg) => arg.type.root === 'CHAR');
    return (isFixed ? char : varchar)(textLength(args[0], args[1]));
  },
  CHAR_36: fixed(char(36)),
  CHAR_32: fixed(char(32)),
  CHAR_40: fixed(char(40)),
  CHAR_56: fixed(char(56)),
  CHAR_64: fixed(char(64)),
  CHAR_96: fixed(char(96)),
  CHAR_128: fixed(char(128)),
  VARCHAR_128: fixed(varchar(128)),
  rounded,
  truncated: rounded,
  'row-of': (args) => row(args.map((arg, i) => ({ name: `EXPR$${i}`, type: arg.type }))),
  'array-of-common': (args) => collected(args, array),
  'map-of-entries': (args) => (args.length % 2 !== 0 ? null
    : collected(args.filter((_, i) => i % 2 === 0), (key) =>
      collected(args.filter((_, i) => i % 2 === 1), (value) => map(key, value)))),
  'element-0': ([whole]) => whole?.type.element ?? null,
  'keys-0': ([whole]) => array(whole!.type.key!),
  'values-0': ([whole]) => array(whole!.type.element!),
  'entries-0': ([whole]) => array(row([
    { name: 'key', type: whole!.type.key! }, { name: 'value', type: whole!.type.element! },
  ])),
  'array-with-element': ([whole, added]) => {
    const element = whole!.type.element!;
    return array(withNullable(element, element.nullable || added!.type.nullable));
  },
  'map-of-arrays': ([keys, values]) => map(keys!.type.element!, values!.type.element!),
};

/** The result type by a row's strategy, nullability aside; null where the arguments have none. */
export function resultTypeOf(
  strategy: ResultStrategy, args: readonly BoundArgument[],
): DataType | null {
  return STRATEGIES[strategy](args);
}
