/** One conversion of java.util.Formatter applied to one value. */
import { BadFormat, type Conversion, type Flag } from './format.js';
import { realDigits } from './reals.js';

/** A value as Flink hands it to Java: what is neither a truth value nor a number is a text. */
export type PrintfValue =
  | { readonly kind: 'boolean'; readonly value: boolean; readonly text: string }
  | { readonly kind: 'integer'; readonly value: bigint; readonly bits: number;
      readonly text: string }
  | { readonly kind: 'real'; readonly value: number; readonly text: string }
  | { readonly kind: 'other'; readonly text: string };

/** The text of a value, or of NULL; throws BadFormat where the letter does not take it. */
export function formatValue(conversion: Conversion, value: PrintfValue | null): string {
  const { letter, flags } = conversion;
  if (letter === 'b') return general(conversion, truth(value));
  if (letter === 's' && flags.has('#')) throw new BadFormat();
  if (value === null || letter === 's') return general(conversion, value?.text ?? 'null');
  if (letter === 'c') return general(conversion, character(value));
  return justified(conversion, 'dox'.includes(letter) ? integer(conversion, value)
    : real(conversion, value));
}

/** Cut to the precision, in upper case if asked for, filled up to the width. */
function general(conversion: Conversion, text: string): string {
  const { precision, isUpper } = conversion;
  const cut = precision >= 0 && precision < text.length ? text.slice(0, precision) : text;
  return justified(conversion, isUpper ? cut.toUpperCase() : cut);
}

function justified({ flags, width }: Conversion, text: string): string {
  return flags.has('-') ? text.padEnd(width) : text.padStart(width);
}

const truth = (value: PrintfValue | null): string =>
  (value === null ? 'false' : value.kind === 'boolean' ? value.text : 'true');

function character(value: PrintfValue): string {
  const isPoint = value.kind === 'integer' && value.bits <= 32 && value.value >= 0n &&
    value.value <= 0x10ffffn;
  if (!isPoint) throw new BadFormat();
  return String.fromCodePoint(Number(value.value));
}

function integer(conversion: Conversion, value: PrintfValue): string {
  if (value.kind !== 'integer') throw new BadFormat();
  const { letter, flags, width, isUpper } = conversion;
  if (letter === 'd') {
    const isNegative = value.value < 0n;
    const digits = String(isNegative ? -value.value : value.value);
    return signed(flags, isNegative, (before) => magnitude(conversion, digits, before,
      width - (isNegative && flags.has('(') ? 1 : 0)));
  }
  if (flags.has('(') || flags.has(' ') || flags.has('+')) throw new BadFormat();
  const digits = BigInt.asUintN(value.bits, value.value).toString(letter === 'o' ? 8 : 16);
  const head = !flags.has('#') ? '' : letter === 'o' ? '0' : '0x';
  const text = head + (flags.has('0') ? digits.padStart(width - head.length, '0') : digits);
  return isUpper ? text.toUpperCase() : text;
}

/** With its sign around it; `body` is told how long what stands before it is. */
function signed(
  flags: ReadonlySet<Flag>, isNegative: boolean, body: (before: number) => string,
): string {
  const sign = isNegative ? (flags.has('(') ? '(' : '-')
    : flags.has('+') ? '+' : flags.has(' ') ? ' ' : '';
  return sign + body(sign.length) + (isNegative && flags.has('(') ? ')' : '');
}

/** Digits in groups of three if asked for, with zeros up to the width. */
function magnitude(
  { flags }: Conversion, digits: string, before: number, width: number,
): string {
  const [whole = '', ...fraction] = digits.split('.');
  const grouped = flags.has(',') ? whole.replace(/\B(?=(\d{3})+$)/g, ',') : whole;
  const text = [grouped, ...fraction].join('.');
  return flags.has('0') ? text.padStart(width - before, '0') : text;
}

function real(conversion: Conversion, value: PrintfValue): string {
  if (value.kind !== 'real') throw new BadFormat();
  const { isUpper, flags, width } = conversion;
  const { value: number } = value;
  if (Number.isNaN(number)) return isUpper ? 'NAN' : 'NaN';
  const isNegative = number < 0 || Object.is(number, -0);
  const text = signed(flags, isNegative, (before) => {
    if (!Number.isFinite(number)) return 'Infinity';
    const { mantissa, exponent } = realDigits(conversion, Math.abs(number));
    const room = width - (isNegative && flags.has('(') ? 1 : 0) - exponent.length;
    return magnitude(conversion, mantissa, before, room) + exponent;
  });
  return isUpper ? text.toUpperCase() : text;
}
