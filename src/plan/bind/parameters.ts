/**
 * What operands are cast to before a kernel sees them, where that is more than one common type.
 */
import { BIGINT, withNullable, type DataType } from '../../types/data-type.js';
import {
  commonType, comparisonType, decimalDigits, isCharacter, isDecimal, isExact, isNumeric,
} from '../../types/merging.js';

/** Decimal kernels read each operand at its own scale; integers join them as decimals. */
export function arithmeticParameters(
  types: readonly DataType[], result: DataType,
): readonly DataType[] {
  return isDecimal(result) ? types.map(asDecimal) : types.map((type) => as(result, type));
}

/** Both sides of a test of equality, which refuses numbers beside strings. */
export function equalityParameters(types: readonly DataType[]): readonly DataType[] | null {
  const isMixed = types.some(isNumeric) && types.some(isCharacter);
  return isMixed ? null : comparisonParameters(types);
}

/** Both sides of a comparison; null where they cannot be compared. */
export function comparisonParameters(types: readonly DataType[]): readonly DataType[] | null {
  const [a, b] = types;
  if (a === undefined || b === undefined) return null;
  if (isExact(a) && isExact(b) && (isDecimal(a) || isDecimal(b))) return types.map(asDecimal);
  const target = comparisonType(a, b);
  return target === null ? null : types.map((type) => as(target, type));
}

/**
 * Operands of %. Integers are divided in the wider type, though the rest has the type of the
 * divisor. A decimal without fraction is taken as BIGINT beside an integer divisor, as in Flink.
 */
export function moduloParameters(
  types: readonly DataType[], result: DataType,
): readonly DataType[] | null {
  if (isDecimal(result)) return types.map(asDecimal);
  const target = types.some(isDecimal) ? BIGINT : commonType(types);
  return target === null ? null : types.map((type) => as(target, type));
}

const as = (target: DataType, type: DataType): DataType => withNullable(target, type.nullable);

/** An integer as the decimal that holds it. */
function asDecimal(type: DataType): DataType {
  if (isDecimal(type) || type.root === 'NULL') return type;
  const [precision, scale] = decimalDigits(type);
  return Object.freeze({ root: 'DECIMAL', nullable: type.nullable, precision, scale });
}
