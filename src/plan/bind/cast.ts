/**
 * Casts that the binder puts in: an explicit CAST, and those that make arguments, branches and
 * columns of a sink fit. Constants are retyped at once where that cannot fail.
 */
import { fail, type Position } from '../../errors/index.js';
import { canCast, canCastImplicitly } from '../../types/castable.js';
import { isNumeric, isTimestamp } from '../../types/merging.js';
import {
  childTypes, typeToString, typesEqual, withNullable, type DataType,
} from '../../types/data-type.js';
import { call, constant, type Constant, type Expression } from '../logical/expression.js';

export interface CastOptions {
  /** TRY_CAST: NULL in place of an error. */
  readonly safe?: boolean;
  /** Session zone. */
  readonly zone: string;
}

/** The value in another type; the result is nullable if the value is (or the cast is safe). */
export function castTo(value: Expression, type: DataType, options: CastOptions): Expression {
  const safe = options.safe === true;
  const target = withNullable(type, value.type.nullable || safe);
  if (value.kind === 'literal') {
    const retyped = retype(value, target);
    if (retyped !== undefined) return retyped;
  }
  const zoned = isZoned(value.type) || isZoned(type);
  return call({
    kernel: 'cast', name: safe ? 'TRY_CAST' : 'CAST', arguments: [value], type: target,
    options: zoned ? { try: safe, zone: options.zone } : { try: safe },
  });
}

const isZoned = (type: DataType): boolean =>
  type.root === 'TIMESTAMP_LTZ' || childTypes(type).some(isZoned);

/** No cast joins the two types. */
export function failCast(from: DataType, to: string, position: Position): never {
  const given = typeToString(withNullable(from, true));
  const detail = `Cast function cannot convert value of type ${given} to type ${to}`;
  return fail('MR2007', { detail }, { position });
}

/** CAST and TRY_CAST as written; types that no cast joins are an MR2007 in Flink's words. */
export function castExplicitly(
  value: Expression, type: DataType, options: CastOptions, position: Position,
): Expression {
  if (isNumeric(value.type) && isTimestamp(type)) {
    const detail = `The cast from NUMERIC type to ${type.root} type is not allowed. `
      + "It's recommended to use TO_TIMESTAMP";
    fail('MR2007', { detail }, { position });
  }
  if (!canCast(value.type, type)) {
    failCast(value.type, typeToString(withNullable(type, true)), position);
  }
  return castTo(value, type, options);
}

/** The value itself if it fits the type as it is, else with a cast. */
export function coerce(value: Expression, type: DataType, zone: string): Expression {
  return fitsAsIs(value, type) ? value : castTo(value, type, { zone });
}

/** Like coerce, but MR2007 if no implicit cast exists. */
export function coerceImplicitly(
  value: Expression, type: DataType, zone: string, what: string, position?: Position,
): Expression {
  if (!fitsAsIs(value, type) && !canCastImplicitly(value.type, type)) {
    const detail = `${what} is ${typeToString(value.type)}, not ${typeToString(type)}`;
    fail('MR2007', { detail }, { position });
  }
  return coerce(value, type, zone);
}

function fitsAsIs(value: Expression, type: DataType): boolean {
  if (typesEqual(value.type, type, true)) return true;
  return value.kind !== 'literal' && widensString(value.type, type);
}

/** CHAR(2) as VARCHAR(5): the bytes stay the same. */
function widensString(from: DataType, to: DataType): boolean {
  const length = (type: DataType): number => type.length ?? 0;
  if (to.root === 'VARCHAR') {
    return (from.root === 'VARCHAR' || from.root === 'CHAR') && length(from) <= length(to);
  }
  return to.root === 'VARBINARY' && length(from) <= length(to) &&
    (from.root === 'VARBINARY' || from.root === 'BINARY');
}

/** The same constant in another type where that is only a change of form. */
function retype(value: Constant, type: DataType): Constant | undefined {
  if (value.value === null) return constant(null, withNullable(type, true));
  if (widensString(value.type, type)) return constant(value.value, type);
  if (!canCastImplicitly(value.type, type)) return undefined;
  const whole = wholeNumber(value);
  if (whole === undefined) return undefined;
  if (type.root === 'BIGINT') return constant(whole, type);
  if (type.root === 'INTEGER' || type.root === 'SMALLINT') return constant(Number(whole), type);
  return type.root === 'DOUBLE' && isExactDouble(whole)
    ? constant(Number(whole), type) : undefined;
}

function wholeNumber(value: Constant): bigint | undefined {
  if (value.type.root === 'BIGINT' && typeof value.value === 'bigint') return value.value;
  return value.type.root === 'INTEGER' && typeof value.value === 'number'
    ? BigInt(value.value) : undefined;
}

function isExactDouble(value: bigint): boolean {
  return BigInt.asIntN(53, value) === value;
}
