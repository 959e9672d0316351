/**
 * The least common type of several (rules of Flink's LogicalTypeMerging, as its SQL front end
 * applies them) and the decimal types of arithmetic (semantics E-071).
 */
import {
  BIGINT, DOUBLE, FLOAT, INT, MAX_LENGTH, SMALLINT, TINYINT, decimal, timestamp, timestampLtz,
  typesEqual, varbinary, varchar, withNullable, withTimeAttribute, type DataType, type RowField,
  type TypeRoot,
} from './data-type.js';

/** Largest precision of a DECIMAL. */
const MAX_DECIMAL_PRECISION = 38;
/** Digits of a fraction that the rule for oversized decimals does not give up. */
const MIN_KEPT_SCALE = 6;

const INTEGERS: readonly TypeRoot[] = ['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT'];
const INTEGER_TYPES: readonly DataType[] = [TINYINT, SMALLINT, INT, BIGINT];
const INTEGER_DIGITS: readonly number[] = [3, 5, 10, 19];

export const isInteger = (type: DataType): boolean => INTEGERS.includes(type.root);
export const isDecimal = (type: DataType): boolean => type.root === 'DECIMAL';
export const isApproximate = (type: DataType): boolean =>
  type.root === 'FLOAT' || type.root === 'DOUBLE';
export const isExact = (type: DataType): boolean => isInteger(type) || isDecimal(type);
export const isNumeric = (type: DataType): boolean => isExact(type) || isApproximate(type);
export const isCharacter = (type: DataType): boolean =>
  type.root === 'CHAR' || type.root === 'VARCHAR';
export const isBinary = (type: DataType): boolean =>
  type.root === 'BINARY' || type.root === 'VARBINARY';
export const isTimestamp = (type: DataType): boolean =>
  type.root === 'TIMESTAMP' || type.root === 'TIMESTAMP_LTZ';
export const isInterval = (type: DataType): boolean =>
  type.root === 'INTERVAL_YEAR_MONTH' || type.root === 'INTERVAL_DAY_TIME';

/**
 * The type all of these can be cast to without loss of meaning; null where there is none.
 * Nullable if any is. A bare NULL takes the type of the others.
 */
export function commonType(types: readonly DataType[]): DataType | null {
  const nullable = types.some((type) => type.nullable);
  let result: DataType | null = null;
  for (const type of types) {
    if (type.root === 'NULL') continue;
    result = result === null ? type : commonOfTwo(result, type);
    if (result === null) return null;
  }
  return withNullable(result ?? types[0]!, nullable || result === null);
}

function commonOfTwo(a: DataType, b: DataType): DataType | null {
  if (typesEqual(a, b, true) && !isNested(a)) {
    return a.timeAttribute === b.timeAttribute ? a : withTimeAttribute(a);
  }
  if (isNumeric(a) && isNumeric(b)) return commonNumeric(a, b);
  if (isCharacter(a) && isCharacter(b)) return varchar(longest(a, b));
  if (isBinary(a) && isBinary(b)) return varbinary(longest(a, b));
  if (isTimestamp(a) && isTimestamp(b)) return commonTimestamp(a, b);
  if (a.root === 'TIME' && b.root === 'TIME') return precise(a) >= precise(b) ? a : b;
  if (a.root === b.root) return commonNested(a, b);
  return null;
}

const isNested = (type: DataType): boolean =>
  type.fields !== undefined || type.element !== undefined;

const longest = (a: DataType, b: DataType): number =>
  Math.max(a.length ?? MAX_LENGTH, b.length ?? MAX_LENGTH);
const precise = (type: DataType): number => type.precision ?? 0;

/** Of different kinds, the first where precisions are equal, else the second (asked of Flink). */
function commonTimestamp(a: DataType, b: DataType): DataType {
  const precision = Math.max(precise(a), precise(b));
  const kind = precise(a) === precise(b) ? a.root : b.root;
  return kind === 'TIMESTAMP_LTZ' ? timestampLtz(precision) : timestamp(precision);
}

function commonNested(a: DataType, b: DataType): DataType | null {
  if (a.fields !== undefined && b.fields !== undefined) return commonRow(a, a.fields, b.fields);
  if (a.element === undefined || b.element === undefined) return null;
  const element = commonType([a.element, b.element]);
  if (element === null) return null;
  if (a.key === undefined || b.key === undefined) return Object.freeze({ ...a, element });
  const key = commonType([a.key, b.key]);
  return key === null ? null : Object.freeze({ ...a, key, element });
}

/** Field by field, with the names of the first. */
function commonRow(
  whole: DataType, a: readonly RowField[], b: readonly RowField[],
): DataType | null {
  if (a.length !== b.length) return null;
  const fields: RowField[] = [];
  for (const [i, { name, type }] of a.entries()) {
    const common = commonType([type, b[i]!.type]);
    if (common === null) return null;
    fields.push({ name, type: common });
  }
  return Object.freeze({ ...whole, fields });
}

function commonNumeric(a: DataType, b: DataType): DataType {
  if (isInteger(a) && isInteger(b)) {
    return INTEGER_TYPES[Math.max(INTEGERS.indexOf(a.root), INTEGERS.indexOf(b.root))]!;
  }
  if (isApproximate(a) || isApproximate(b)) return commonApproximate(a, b);
  const [p1, s1] = decimalDigits(a);
  const [p2, s2] = decimalDigits(b);
  const scale = Math.max(s1, s2);
  return fitDecimal(Math.max(p1 - s1, p2 - s2) + scale, scale);
}

/** The first approximate type wins (FLOAT + DOUBLE is FLOAT); beside a decimal, DOUBLE. */
function commonApproximate(a: DataType, b: DataType): DataType {
  if (isDecimal(a) || isDecimal(b)) return DOUBLE;
  return (isApproximate(a) ? a : b).root === 'FLOAT' ? FLOAT : DOUBLE;
}

/**
 * What two values are compared as; null where they cannot be. Numbers compare as Java promotes
 * them; exact ones exactly (the caller keeps
 * decimals at their own scales). A string is read as the number, date or time beside it.
 */
export function comparisonType(a: DataType, b: DataType): DataType | null {
  if (isNumeric(a) && isNumeric(b)) {
    if (a.root === 'DOUBLE' || b.root === 'DOUBLE') return DOUBLE;
    return commonNumeric(a, b);
  }
  if (isCharacter(a) && (isTemporal(b) || isNumeric(b))) return b;
  if ((isTemporal(a) || isNumeric(a)) && isCharacter(b)) return a;
  return commonType([a, b]);
}

const isTemporal = (type: DataType): boolean =>
  isTimestamp(type) || type.root === 'DATE' || type.root === 'TIME';

/** Precision and scale of an exact number; integers count as decimals of scale 0. */
export function decimalDigits(type: DataType): readonly [precision: number, scale: number] {
  if (isDecimal(type)) return [type.precision ?? 10, type.scale ?? 0];
  return [INTEGER_DIGITS[INTEGERS.indexOf(type.root)] ?? 10, 0];
}

/** The decimal type of these digits; beyond 38 it gives up fraction, but keeps 6 digits of it. */
function fitDecimal(precision: number, scale: number): DataType {
  if (precision <= MAX_DECIMAL_PRECISION) return decimal(precision, scale);
  const room = MAX_DECIMAL_PRECISION - (precision - scale);
  const kept = Math.max(room, Math.min(scale, MIN_KEPT_SCALE));
  return decimal(MAX_DECIMAL_PRECISION, kept);
}

/** E-071 for + and -. */
export function decimalPlusType(a: DataType, b: DataType): DataType {
  const [p1, s1] = decimalDigits(a);
  const [p2, s2] = decimalDigits(b);
  const scale = Math.max(s1, s2);
  return fitDecimal(Math.max(p1 - s1, p2 - s2) + scale + 1, scale);
}

/** E-071 for *. */
export function decimalTimesType(a: DataType, b: DataType): DataType {
  const [p1, s1] = decimalDigits(a);
  const [p2, s2] = decimalDigits(b);
  return fitDecimal(p1 + p2 + 1, s1 + s2);
}

/** E-071 for /. */
export function decimalDivideType(a: DataType, b: DataType): DataType {
  const [p1, s1] = decimalDigits(a);
  const [p2, s2] = decimalDigits(b);
  const scale = Math.max(6, s1 + p2 + 1);
  return fitDecimal(p1 - s1 + s2 + scale, scale);
}

/** E-071 for %. */
export function decimalModuloType(a: DataType, b: DataType): DataType {
  const [p1, s1] = decimalDigits(a);
  const [p2, s2] = decimalDigits(b);
  const scale = Math.max(s1, s2);
  if (scale === 0) return isDecimal(b) ? decimal(p2, 0) : b;
  return fitDecimal(Math.min(p1 - s1, p2 - s2) + scale, scale);
}

/** ROUND(decimal, digits): a carry may need one digit more before the point. */
export function decimalRoundType(type: DataType, digits: number): DataType {
  const [p, s] = decimalDigits(type);
  if (digits >= s) return decimal(p, s);
  const before = Math.min(MAX_DECIMAL_PRECISION, 1 + p - s);
  if (digits < 0) return decimal(before, 0);
  return decimal(Math.min(MAX_DECIMAL_PRECISION, before + digits), digits);
}
