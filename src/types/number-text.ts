/** Numbers in Java's spelling. */

/** An unscaled decimal as BigDecimal.toPlainString prints it. */
export function decimalText(unscaled: bigint, scale: number): string {
  const negative = unscaled < 0n;
  const digits = String(negative ? -unscaled : unscaled).padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const text = scale === 0 ? whole : `${whole}.${digits.slice(digits.length - scale)}`;
  return negative ? `-${text}` : text;
}

/** Double.toString, or Float.toString for `single`: `1.0`, `1.0E10`, `NaN`, `-Infinity`. */
export function floatText(value: number, single = false): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const [mantissa = '', exponentText = '0'] = javaDigits(value, single).split('e');
  const digits = mantissa.replace('.', '').replace(/(?<=.)0$/, '');
  const exponent = Number(exponentText);
  const sign = value < 0 ? '-' : '';
  if (exponent >= -3 && exponent < 7) return sign + plainText(digits, exponent);
  return `${sign}${digits[0]}.${digits.slice(1) || '0'}E${exponent}`;
}

function plainText(digits: string, exponent: number): string {
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${whole}.${digits.slice(exponent + 1) || '0'}`;
}

/**
 * |value| as d.ddde+x with the fewest digits that read back. Of texts of one digit Java takes the
 * one of two digits nearest to the value: 4.9E-324.
 */
export function javaDigits(value: number, single: boolean): string {
  const shortest = single ? shortestSingle(value) : String(value);
  const text = Math.abs(Number(shortest)).toExponential();
  if (text.charAt(1) === '.') return text;
  const two = Math.abs(value).toExponential(1);
  const readBack = single ? Math.fround(Number(two)) : Number(two);
  return readBack === Math.abs(value) ? two : text;
}

/** The shortest decimal that reads back as the same single. */
function shortestSingle(value: number): string {
  for (let precision = 1; precision <= 9; precision++) {
    const text = value.toPrecision(precision);
    if (Math.fround(Number(text)) === value) return text;
  }
  return String(value);
}
