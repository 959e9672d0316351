/**
 * Rounding of floating point on the digits that are printed (the shortest that read back the same
 * value), as Java's BigDecimal.valueOf(...).setScale(...) does.
 */

/** TRUNCATE goes through DECIMAL(38, 18) in Flink: further digits are rounded first. */
const TRUNCATE_SCALE = 18;

/** |value| = 0.d1d2d3... * 10^exponent; no digits for 0. */
export interface Digits {
  digits: string;
  exponent: number;
}

/** The shortest digits of a finite value. */
function shortestDigits(value: number): Digits {
  const text = String(Math.abs(value)).toLowerCase();
  const [mantissa = '', exponentText = '0'] = text.split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const all = whole + fraction;
  const significant = all.replace(/^0+/, '');
  const exponent = whole.length + Number(exponentText) - (all.length - significant.length);
  return { digits: significant.replace(/0+$/, ''), exponent };
}

/** Digits cut, or rounded half up, at `places` behind the point (before it, if negative). */
function cutDigits(value: Digits, places: number, round: boolean): void {
  const kept = value.exponent + places;
  if (kept >= value.digits.length) return;
  if (kept < 0) {
    value.digits = '';
    return;
  }
  const isUp = round && value.digits.charCodeAt(kept) >= 53;
  value.digits = value.digits.slice(0, kept);
  if (!isUp) return;
  const trimmed = value.digits.replace(/9+$/, '');
  if (trimmed === '') {
    value.digits = '1';
    value.exponent++;
    return;
  }
  const last = trimmed.charCodeAt(trimmed.length - 1) + 1;
  value.digits = trimmed.slice(0, -1) + String.fromCharCode(last);
}

/**
 * ROUND (half up) or TRUNCATE of a finite DOUBLE; -0.0 becomes 0.0. A FLOAT has the digits of the
 * DOUBLE that it is: 1.4 cut to one digit is 1.3.
 */
export function roundReal(value: number, places: number, round: boolean): number {
  if (value === 0) return 0;
  const digits = shortestDigits(value);
  if (!round) cutDigits(digits, TRUNCATE_SCALE, true);
  cutDigits(digits, places, round);
  if (digits.digits === '') return 0;
  const magnitude = Number(`${digits.digits}e${digits.exponent - digits.digits.length}`);
  return value < 0 ? -magnitude : magnitude;
}
