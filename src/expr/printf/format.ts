/**
 * Format texts of java.util.Formatter: pieces of plain text and conversions between them.
 *
 *     %[index$][flags][width][.precision]letter
 */

/** Flags by their signs. */
export type Flag = '-' | '#' | '+' | ' ' | '0' | ',' | '(';

export interface Conversion {
  /** Of b, s, c, d, o, x, e, f, g in lower case, `%` or `n`. */
  readonly letter: string;
  readonly isUpper: boolean;
  readonly flags: ReadonlySet<Flag>;
  /** -1: none. */
  readonly width: number;
  readonly precision: number;
  /** The argument from 1; 0: the next one, -1: that of the conversion before. */
  readonly argument: number;
}

export type Piece = string | Conversion;

/** What Java formats and this does not. */
export class UnsupportedConversion extends Error {}

/** Java refuses the format or what it is applied to. */
export class BadFormat extends Error {}

const SPECIFIER = /%(?:(\d+)\$)?([-#+ 0,(<]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])/y;
/** Letters that have an upper form. */
const WITH_UPPER = 'bschxega';
const MOST = 2 ** 31 - 1;
/** Most characters that a conversion may be told to make. */
const MOST_WIDTH = 1_000_000;

/** The pieces of a format; throws BadFormat or UnsupportedConversion. */
export function parseFormat(format: string): readonly Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at < format.length;) {
    const next = format.indexOf('%', at);
    if (next < 0) {
      pieces.push(format.slice(at));
      break;
    }
    if (next > at) pieces.push(format.slice(at, next));
    SPECIFIER.lastIndex = next;
    const found = SPECIFIER.exec(format);
    if (found === null) throw new BadFormat();
    pieces.push(conversionOf(found));
    at = SPECIFIER.lastIndex;
  }
  return pieces;
}

function conversionOf(found: RegExpExecArray): Conversion {
  const [, index, signs = '', width, precision, sign = ''] = found;
  const letter = sign.toLowerCase();
  const isUpper = letter !== sign;
  if (isUpper ? !WITH_UPPER.includes(letter) && letter !== 't'
    : !'bhscdoxefgat%n'.includes(letter)) throw new BadFormat();
  if ('hat'.includes(letter)) throw new UnsupportedConversion(`%${sign}`);
  const flags = signs.replaceAll('<', '');
  if (new Set(signs).size < signs.length) throw new BadFormat();
  const conversion = {
    letter, isUpper, flags: new Set(flags as Iterable<Flag>),
    width: numberOf(width), precision: numberOf(precision),
    argument: signs.includes('<') ? -1 : index === undefined ? 0 : argumentOf(index),
  };
  check(conversion);
  return conversion;
}

function numberOf(digits: string | undefined): number {
  if (digits === undefined) return -1;
  if (Number(digits) > MOST) throw new BadFormat();
  if (Number(digits) > MOST_WIDTH) throw new UnsupportedConversion(`a width of ${digits}`);
  return Number(digits);
}

function argumentOf(digits: string): number {
  if (Number(digits) === 0 || Number(digits) > MOST) throw new BadFormat();
  return Number(digits);
}

/** Flags that a letter does not take. */
const REFUSED: Readonly<Record<string, string>> = {
  b: '#+ 0,(', s: '+ 0,(', c: '#+ 0,(', d: '#', o: ',', x: ',', e: ',', f: '', g: '#',
  '%': '#+ 0,(', n: '-#+ 0,(',
};
const NUMERIC = 'doxefg';

function check({ letter, flags, width, precision }: Conversion): void {
  const has = (sign: string): boolean => flags.has(sign as Flag);
  const needsWidth = has('-') || (NUMERIC.includes(letter) && has('0'));
  const isBad = [...REFUSED[letter]!].some(has) || (needsWidth && width < 0) ||
    (precision >= 0 && 'cdox%n'.includes(letter)) || (letter === 'n' && width >= 0) ||
    (has('+') && has(' ')) || (has('-') && has('0'));
  if (isBad) throw new BadFormat();
}
