/** The digits of %e, %f and %g: those of the shortest text that reads back, rounded half up. */
import { javaDigits } from '../../types/number-text.js';
import type { Conversion } from './format.js';

interface Digits {
  /** Without a point: value = 0.d1d2d3... * 10^exponent. */
  readonly digits: string;
  readonly exponent: number;
}

export interface RealText {
  readonly mantissa: string;
  /** `e+05`; empty where there is none. */
  readonly exponent: string;
}

/** The text of a value that is finite and not negative. */
export function realDigits(conversion: Conversion, value: number): RealText {
  const { letter, precision, flags } = conversion;
  const asked = precision < 0 ? 6 : precision;
  const point = flags.has('#') ? '.' : '';
  switch (letter) {
    case 'e': return scientific(value, asked, point);
    case 'f': return { mantissa: plain(value, asked, point), exponent: '' };
    default: return shorter(value, Math.max(asked, 1));
  }
}

function scientific(value: number, precision: number, point: string): RealText {
  const { digits, exponent } = rounded(value, precision + 1);
  const fraction = digits.slice(1, precision + 1).padEnd(precision, '0');
  const power = value === 0 ? 0 : exponent - 1;
  return {
    mantissa: digits.charAt(0) + (precision > 0 ? `.${fraction}` : point),
    exponent: `e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`,
  };
}

function plain(value: number, precision: number, point: string): string {
  const { digits, exponent } = rounded(value, exponentOf(value) + precision);
  const all = exponent > 0 ? digits.padEnd(exponent, '0')
    : '0'.repeat(1 - exponent) + digits;
  const wholes = Math.max(exponent, 1);
  const fraction = all.slice(wholes).slice(0, precision).padEnd(precision, '0');
  return all.slice(0, wholes) + (precision > 0 ? `.${fraction}` : point);
}

/** %g: plain from 10^-4 up to 10^precision, after rounding. */
function shorter(value: number, precision: number): RealText {
  if (value === 0) return { mantissa: plain(0, precision - 1, ''), exponent: '' };
  const power = rounded(value, precision).exponent - 1;
  if (power < -4 || power >= precision) return scientific(value, precision - 1, '');
  return { mantissa: plain(value, precision - power - 1, ''), exponent: '' };
}

function shortest(value: number): Digits {
  if (value === 0) return { digits: '0', exponent: 1 };
  const [mantissa = '', power = '0'] = javaDigits(value, false).split('e');
  const digits = mantissa.replace('.', '').replace(/(?<=.)0$/, '');
  return { digits, exponent: Number(power) + 1 };
}

const exponentOf = (value: number): number => shortest(value).exponent;

/** The first `count` digits; none left of the first digit. */
function rounded(value: number, count: number): Digits {
  const { digits, exponent } = shortest(value);
  if (count >= digits.length) return { digits, exponent };
  if (count < 0) return { digits: '0', exponent: 1 };
  const kept = digits.slice(0, count);
  if (digits.charAt(count) < '5') return { digits: count === 0 ? '0' : kept, exponent };
  const up = String(BigInt(`0${kept}`) + 1n).padStart(count, '0');
  return up.length > count ? { digits: up, exponent: exponent + 1 } : { digits: up, exponent };
}
