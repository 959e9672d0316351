/**
 * Strings read as values, the way CAST does it: null where the text is not such a value or does
 * not fit. native/kernels/parse-text.h is the same.
 */
import { daysInMonth, daysOf, MS_PER_DAY } from './calendar.js';
import { fitOrNull, type DecimalShape } from './decimal.js';

const TRUE_WORDS: readonly string[] = ['true', 't', 'yes', 'y', '1'];
const FALSE_WORDS: readonly string[] = ['false', 'f', 'no', 'n', '0'];

const BLANKS = /^[\u0000-\u0020]+|[\u0000-\u0020]+$/g;
const INTEGER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d*)$/;
const REAL = /^([+-]?)(NaN|Infinity|(?:(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)[dDfF]?)$/;
const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;
const TIME_OFFSET = /^([^+-]*)([+-])([^:]*)(?::(.*))?$/;
const TIMESTAMP =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?: (\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{0,9}))?)?$/;

/** Blanks and control characters around a text do not count. */
const trimmed = (text: string): string => text.replace(BLANKS, '');

/** true t yes y 1 and false f no n 0, in any case; no blanks. */
export function parseBoolean(text: string): boolean | null {
  const word = text.toLowerCase();
  if (TRUE_WORDS.includes(word)) return true;
  return FALSE_WORDS.includes(word) ? false : null;
}

/** Blanks around, a sign, digits, and a fraction that is dropped. */
export function parseInteger(text: string, least: bigint, greatest: bigint): bigint | null {
  const bare = trimmed(text);
  if (!INTEGER.test(bare)) return null;
  const whole = bare.split('.', 1)[0]!;
  const value = BigInt(whole.replace(/^\+/, '').replace(/^-?$/, '0'));
  return value >= least && value <= greatest ? value : null;
}

/** Double.parseDouble without hexadecimal forms: 1, .5, 1.e3, 1e-3d, NaN, -Infinity. */
export function parseDouble(text: string): number | null {
  const match = REAL.exec(trimmed(text));
  if (match === null) return null;
  const value = Number(match[2]!.replace(/[dDfF]$/, ''));
  return match[1] === '-' ? -value : value;
}

/** Digits with an exponent if need be, rounded half up; the unscaled value. */
export function parseDecimal(text: string, shape: DecimalShape): bigint | null {
  const match = DECIMAL.exec(trimmed(text));
  if (match === null) return null;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return null;
  const digits = (whole + fraction).replace(/^0+/, '');
  if (digits === '') return 0n;
  const dropped = whole.length + fraction.length - digits.length;
  const kept = whole.length - dropped + Number(exponent) + shape.scale;
  if (kept < 0) return 0n;
  if (kept > 38) return null;
  const cut = digits.slice(0, kept).padEnd(kept, '0');
  const magnitude = BigInt(cut === '' ? '0' : cut) + (digits.charAt(kept) >= '5' ? 1n : 0n);
  return fitOrNull(sign === '-' ? -magnitude : magnitude, shape.precision);
}

/** A number of at most 9 digits and nothing else, blanks around it aside. */
function parsePart(text: string): number | null {
  const bare = trimmed(text);
  return /^\d{1,9}$/.test(bare) ? Number(bare) : null;
}

/** Days since the epoch: 2020, 2020-5, 2020-05-01, with whatever follows a blank cut off. */
export function parseDate(text: string): number | null {
  const blank = text.indexOf(' ');
  const parts = splitAtMost(blank > 0 ? text.slice(0, blank) : text, '-');
  const numbers = parts.map(parsePart);
  if (numbers.includes(null)) return null;
  const [year = 0, month = 1, day = 1] = numbers as readonly number[];
  if (year > 9999 || month < 1 || month > 12 || day < 1) return null;
  return day > daysInMonth(year, month) ? null : daysOf(year, month, day);
}

/** At most three pieces; the third keeps further separators. */
function splitAtMost(text: string, separator: string): readonly string[] {
  const [first = '', second, ...rest] = text.split(separator);
  if (second === undefined) return [first];
  return rest.length === 0 ? [first, second] : [first, second, rest.join(separator)];
}

/** Milliseconds of the day: 10, 10:11, 10:11:12.5, with an offset such as +01:00 added. */
export function parseTime(text: string): number | null {
  const split = TIME_OFFSET.exec(text);
  const offset = split === null ? 0 : offsetMs(split[2]!, split[3]!, split[4]);
  const clock = split === null ? text : split[1]!;
  if (offset === null) return null;
  const point = clock.indexOf('.');
  const parts = splitAtMost(point < 0 ? clock : clock.slice(0, point), ':');
  if (point >= 0 && parts.length < 3) return null;
  const numbers = parts.map(parsePart);
  if (numbers.includes(null)) return null;
  const [hour = 0, minute = 0, second = 0] = numbers as readonly number[];
  if (hour > 23 || minute > 59 || second > 59) return null;
  const fraction = point < 0 ? 0 : fractionMs(trimmed(clock.slice(point + 1)));
  const ms = hour * 3_600_000 + minute * 60_000 + second * 1000 + fraction + offset;
  return ms < 0 || ms >= MS_PER_DAY ? null : ms;
}

function offsetMs(sign: string, hourText: string, minuteText = '0'): number | null {
  const hours = parsePart(hourText);
  const minutes = parsePart(minuteText);
  if (hours === null || minutes === null || hours > 23 || minutes > 59) return null;
  return (sign === '-' ? -1 : 1) * (hours * 3_600_000 + minutes * 60_000);
}

/** The fourth digit of a fraction of a second rounds; other characters count as 0. */
function fractionMs(text: string): number {
  const digit = (at: number): number => {
    const value = text.charCodeAt(at) - 48;
    return value >= 0 && value <= 9 ? value : 0;
  };
  return digit(0) * 100 + digit(1) * 10 + digit(2) + (digit(3) >= 5 ? 1 : 0);
}

/** A wall-clock time: ms since the epoch and the nanoseconds behind the second. */
export interface LocalTime {
  readonly seconds: number;
  readonly nanos: number;
}

/**
 * yyyy-[M]M-[d]d, then perhaps [H]H:[m]m:[s]s and a fraction of up to 9 digits. The 30th of a
 * shorter month is its last day; 24:00:00 is the next midnight.
 */
export function parseTimestamp(text: string): LocalTime | null {
  const match = TIMESTAMP.exec(text);
  if (match === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7)
    .map((part: string | undefined) => Number(part ?? 0));
  const nanos = Number((match[7] ?? '').padEnd(9, '0'));
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > 31) return null;
  const isMidnight = hour === 24 && minute === 0 && second === 0 && nanos === 0;
  if ((hour > 23 && !isMidnight) || minute > 59 || second > 59) return null;
  const days = daysOf(year, month, Math.min(day, daysInMonth(year, month)));
  return { seconds: days * 86_400 + hour * 3600 + minute * 60 + second, nanos };
}
