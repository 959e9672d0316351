/**
 * DECIMAL arithmetic on unscaled integers: exact, rounded HALF_UP once at the end, null where the
 * result needs more digits than its type has (Flink's DecimalDataUtils). The twin of
 * native/columnar/decimal.h.
 *
 * Columns hold four 32-bit words a value. While operands and result stay below 2^53 the `fast...`
 * functions work on numbers without any object; they answer NaN where that is not enough, and the
 * caller takes the slow form over BigInt.
 */

export interface DecimalShape {
  readonly precision: number;
  readonly scale: number;
}

const TWO_32 = 4294967296;
/** Results up to here are exact. */
const SAFE = Number.MAX_SAFE_INTEGER;
/** Powers of ten below 2^53. */
const SMALL_POWERS: readonly number[] = Array.from({ length: 16 }, (_, i) => 10 ** i);
const POWERS: readonly bigint[] = Array.from({ length: 80 }, (_, i) => 10n ** BigInt(i));

/** 10^exponent for 0..79. */
export function powerOfTen(exponent: number): bigint {
  return POWERS[exponent]!;
}

/** Whether the value at word index `at` (4 * row) is below 2^53 in magnitude. */
export function isSmall(words: Int32Array, at: number): boolean {
  const second = words[at + 1]!;
  const sign = second >> 31;
  return second >= -0x200000 && second < 0x200000 && words[at + 2] === sign &&
    words[at + 3] === sign;
}

/** The value where isSmall. */
export function readSmall(words: Int32Array, at: number): number {
  return words[at + 1]! * TWO_32 + (words[at]! >>> 0);
}

/** Writes an integer below 2^53 in magnitude. */
export function writeSmall(words: Int32Array, at: number, value: number): void {
  words[at] = value | 0;
  const second = Math.floor(value / TWO_32);
  words[at + 1] = second;
  const sign = second >> 31;
  words[at + 2] = sign;
  words[at + 3] = sign;
}

/** Largest magnitude of so many digits, as far as numbers go. */
export function smallLimit(precision: number): number {
  return precision < 16 ? SMALL_POWERS[precision]! - 1 : SAFE;
}

/** value * 10^digits, or NaN past 2^53. */
function scaleUp(value: number, digits: number): number {
  if (digits === 0) return value;
  if (digits > 15) return value === 0 ? 0 : Number.NaN;
  const scaled = value * SMALL_POWERS[digits]!;
  return Math.abs(scaled) <= SAFE ? scaled : Number.NaN;
}

/** Sum at scale max(left, right) = to.scale; NaN where numbers are not enough. */
export function fastAdd(
  left: number, leftScale: number, right: number, rightScale: number, to: DecimalShape,
): number {
  const scale = leftScale > rightScale ? leftScale : rightScale;
  if (scale !== to.scale) return Number.NaN;
  const sum = scaleUp(left, scale - leftScale) + scaleUp(right, scale - rightScale);
  return Math.abs(sum) <= smallLimit(to.precision) ? sum : Number.NaN;
}

/** Product where no digit is dropped; NaN where numbers are not enough. */
export function fastMultiply(
  left: number, leftScale: number, right: number, rightScale: number, to: DecimalShape,
): number {
  if (leftScale + rightScale !== to.scale) return Number.NaN;
  const product = left * right;
  return Math.abs(product) <= smallLimit(to.precision) ? product + 0 : Number.NaN;
}

/** Quotient HALF_UP; NaN where numbers are not enough. The divisor is not 0. */
export function fastDivide(
  left: number, leftScale: number, right: number, rightScale: number, to: DecimalShape,
): number {
  const shift = to.scale - leftScale + rightScale;
  const dividend = shift < 0 ? Number.NaN : scaleUp(left, shift);
  if (Number.isNaN(dividend)) return Number.NaN;
  const quotient = Math.trunc(dividend / right);
  const rest = Math.abs(dividend - quotient * right);
  const isUp = rest >= Math.abs(right) - rest;
  const rounded = isUp ? quotient + ((dividend < 0) === (right < 0) ? 1 : -1) : quotient;
  return Math.abs(rounded) <= smallLimit(to.precision) ? rounded + 0 : Number.NaN;
}

/** Rest with the dividend's sign; NaN where numbers are not enough. The divisor is not 0. */
export function fastModulo(
  left: number, leftScale: number, right: number, rightScale: number, to: DecimalShape,
): number {
  const scale = leftScale > rightScale ? leftScale : rightScale;
  if (scale !== to.scale) return Number.NaN;
  const rest = scaleUp(left, scale - leftScale) % scaleUp(right, scale - rightScale);
  return Math.abs(rest) <= smallLimit(to.precision) ? rest + 0 : Number.NaN;
}

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);

/** The value if it has at most that many digits, else null. */
export function fitOrNull(value: bigint, precision: number): bigint | null {
  return magnitude(value) < powerOfTen(precision) ? value : null;
}

/** Drops digits from the right end: HALF_UP, or cut toward zero. */
export function dropDigits(value: bigint, digits: number, round: boolean): bigint {
  if (digits <= 0) return value;
  const divisor = powerOfTen(digits);
  const quotient = value / divisor;
  if (!round || 2n * magnitude(value % divisor) < divisor) return quotient;
  return value < 0n ? quotient - 1n : quotient + 1n;
}

/** The value at another scale; null if it does not fit. */
export function rescale(value: bigint, scale: number, to: DecimalShape): bigint | null {
  const moved = to.scale >= scale
    ? value * powerOfTen(to.scale - scale) : dropDigits(value, scale - to.scale, true);
  return fitOrNull(moved, to.precision);
}

export function addDecimals(
  left: bigint, leftScale: number, right: bigint, rightScale: number, to: DecimalShape,
): bigint | null {
  const scale = Math.max(leftScale, rightScale);
  const sum = left * powerOfTen(scale - leftScale) + right * powerOfTen(scale - rightScale);
  return rescale(sum, scale, to);
}

export function multiplyDecimals(
  left: bigint, leftScale: number, right: bigint, rightScale: number, to: DecimalShape,
): bigint | null {
  return rescale(left * right, leftScale + rightScale, to);
}

/** The divisor is not 0. */
export function divideDecimals(
  left: bigint, leftScale: number, right: bigint, rightScale: number, to: DecimalShape,
): bigint | null {
  const shift = to.scale - leftScale + rightScale;
  const dividend = shift > 0 ? left * 10n ** BigInt(shift) : left;
  const divisor = shift < 0 ? right * 10n ** BigInt(-shift) : right;
  const quotient = dividend / divisor;
  const rest = magnitude(dividend % divisor);
  const step = rest >= magnitude(divisor) - rest ? 1n : 0n;
  const rounded = (dividend < 0n) === (divisor < 0n) ? quotient + step : quotient - step;
  return fitOrNull(rounded, to.precision);
}

/** The divisor is not 0. */
export function moduloDecimals(
  left: bigint, leftScale: number, right: bigint, rightScale: number, to: DecimalShape,
): bigint | null {
  const scale = Math.max(leftScale, rightScale);
  const rest =
    (left * powerOfTen(scale - leftScale)) % (right * powerOfTen(scale - rightScale));
  return rescale(rest, scale, to);
}

/** Negative, 0 or positive, exactly, whatever the scales. */
export function compareDecimals(
  left: bigint, leftScale: number, right: bigint, rightScale: number,
): number {
  const scale = Math.max(leftScale, rightScale);
  const a = left * powerOfTen(scale - leftScale);
  const b = right * powerOfTen(scale - rightScale);
  return a < b ? -1 : a > b ? 1 : 0;
}
