/**
 * Values out of text, with the leniency of the Java calls that Flink's formats make.
 * native/formats/text-parse.cpp is the same in C++. All give null (or NO_NUMBER) where the text
 * is no value of the type.
 */
import { daysInMonth, daysOf } from '../types/calendar.js';

/** String.trim: characters up to and including the space, at both ends. */
export function javaTrim(text: string): string {
  let begin = 0;
  let end = text.length;
  while (begin < end && text.charCodeAt(begin) <= 32) begin++;
  while (end > begin && text.charCodeAt(end - 1) <= 32) end--;
  return text.slice(begin, end);
}

const INTEGER = /^[+-]?[0-9]+$/;

/** Long.parseLong within [least, most]. */
export function parseInteger(text: string, least: bigint, most: bigint): bigint | null {
  if (!INTEGER.test(text)) return null;
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text);
  return value >= least && value <= most ? value : null;
}

const REAL = /^[+-]?(?:NaN|Infinity|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[dDfF]?)$/;

/** Double.parseDouble but for hexadecimal forms; the text is trimmed. */
export function parseReal(text: string): number | null {
  const trimmed = javaTrim(text);
  if (!REAL.test(trimmed)) return null;
  const last = trimmed.charCodeAt(trimmed.length - 1) | 32;
  const suffixed = (last === 100 || last === 102) && !trimmed.endsWith('Infinity');
  return Number(suffixed ? trimmed.slice(0, -1) : trimmed);
}

/** Marks a decimal that has more digits than its precision. */
export const TOO_LONG = Symbol('decimal has too many digits');

const DECIMAL = /^([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]+))?$/;
const MAX_EXPONENT = 2_147_483_647;

/** new BigDecimal(text), rounded half up to the scale: its unscaled value. */
export function parseDecimal(
  text: string, precision: number, scale: number,
): bigint | null | typeof TOO_LONG {
  const match = DECIMAL.exec(text);
  if (match === null) return null;
  const [, sign = '', whole = '', fraction = '', exponentText = '0'] = match;
  if (whole === '' && fraction === '') return null;
  const exponent = Number(exponentText);
  if (Math.abs(exponent) > MAX_EXPONENT) return null;
  const digits = (whole + fraction).replace(/^0+/, '');
  const kept = digits.length + exponent - fraction.length + scale;
  if (digits === '' || kept < 0) return 0n;
  if (kept > 38) return TOO_LONG;
  let magnitude = BigInt(digits.slice(0, kept).padEnd(kept, '0') || '0');
  if (kept < digits.length && digits.charCodeAt(kept) >= 53) magnitude += 1n;
  if (magnitude >= 10n ** BigInt(precision)) return TOO_LONG;
  return sign === '-' ? -magnitude : magnitude;
}

function base64Value(code: number): number {
  if (code >= 65 && code <= 90) return code - 65;
  if (code >= 97 && code <= 122) return code - 71;
  if (code >= 48 && code <= 57) return code + 4;
  return code === 43 ? 62 : code === 47 ? 63 : -1;
}

const EQUALS = 61;

/**
 * Base64 of RFC 2045 without line feeds: padding required, white space between groups allowed.
 * Decodes [begin, end) of `bytes` in place, from `begin` on; the length, or -1.
 */
export function parseBase64(bytes: Uint8Array, begin: number, end: number): number {
  let length = begin;
  let at = begin;
  while (true) {
    while (at < end && bytes[at]! <= 32) at++;
    if (at === end) return length - begin;
    if (end - at < 4) return -1;
    const a = base64Value(bytes[at]!);
    const b = base64Value(bytes[at + 1]!);
    const c = base64Value(bytes[at + 2]!);
    const d = base64Value(bytes[at + 3]!);
    const one = bytes[at + 2] === EQUALS && bytes[at + 3] === EQUALS;
    const two = c >= 0 && bytes[at + 3] === EQUALS;
    if (a < 0 || b < 0 || !(one || two || (c >= 0 && d >= 0))) return -1;
    bytes[length++] = (a << 2) | (b >> 4);
    if (!one) bytes[length++] = (b << 4) | (c >> 2);
    if (!one && !two) bytes[length++] = (c << 6) | d;
    at += 4;
  }
}

/** How java.time resolves a day that the month has not: refuse, or take the month's last. */
type Resolve = 'strict' | 'smart';

const MS_A_DAY = 86_400_000;
const DATE = /^([+-]?)([0-9]{4,9})-([0-9]{2})-([0-9]{2})/;

interface ParsedDate {
  readonly days: number;
  readonly length: number;
}

function parseLocalDate(text: string, resolve: Resolve): ParsedDate | null {
  const match = DATE.exec(text);
  if (match === null) return null;
  const [all, sign, yearText = '', monthText, dayText] = match;
  const long = yearText.length > 4;
  if ((sign === '+' && !long) || (sign === '' && long)) return null;
  const year = sign === '-' ? -Number(yearText) : Number(yearText);
  const month = Number(monthText);
  const day = Number(dayText);
  if (month < 1 || month > 12 || day < 1 || day > 31) return null;
  const last = daysInMonth(year, month);
  if (day > last && resolve === 'strict') return null;
  return { days: daysOf(year, month, Math.min(day, last)), length: all.length };
}

interface ParsedTime {
  readonly millis: number;
  /** Below the millisecond. */
  readonly nanos: number;
  readonly length: number;
}

const TIME = /^([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{0,9}))?)?/;

function parseLocalTime(text: string, resolve: Resolve, shortForm: boolean): ParsedTime | null {
  const match = TIME.exec(text);
  if (match === null || (match[3] === undefined && !shortForm)) return null;
  // "12:30:" with no seconds behind is no time, short or long.
  if (match[3] === undefined && text[match[0].length] === ':') return null;
  const hour = Number(match[1]);
  const minute = Number(match[2]);
  const second = Number(match[3] ?? 0);
  if (hour > 24 || minute > 59 || second > 59) return null;
  const fraction = Number((match[4] ?? '').padEnd(9, '0'));
  const millis = ((hour * 60 + minute) * 60 + second) * 1000 + Math.floor(fraction / 1e6);
  const nanos = fraction % 1e6;
  const allowed = hour < 24 || (resolve === 'smart' && millis === MS_A_DAY && nanos === 0);
  return allowed ? { millis, nanos, length: match[0].length } : null;
}

const MAX_DAYS = 2_147_483_647;

/** ISO_LOCAL_DATE, to days since 1970-01-01. */
export function parseDate(text: string): number | null {
  const date = parseLocalDate(text, 'strict');
  if (date === null || date.length !== text.length) return null;
  return date.days > MAX_DAYS || date.days < -MAX_DAYS - 1 ? null : date.days;
}

/** HH:mm:ss with up to nine digits of fraction, to ms of the day; 24:00:00 is 0. */
export function parseTime(text: string): number | null {
  const time = parseLocalTime(text, 'smart', false);
  return time === null || time.length !== text.length ? null : time.millis % MS_A_DAY;
}

const MIN_I64 = -(1n << 63n);
const MAX_I64 = (1n << 63n) - 1n;

/**
 * yyyy-MM-dd HH:mm:ss[.fraction], or with a T under `iso`, to ticks; `zulu` asks for a Z behind.
 * ISO without zulu is ISO_LOCAL_DATE_TIME: strict, and seconds may be left out.
 */
export function parseTimestamp(
  text: string, iso: boolean, zulu: boolean, ticksPerSecond: number,
): bigint | null {
  const strict = iso && !zulu;
  const resolve = strict ? 'strict' : 'smart';
  const date = parseLocalDate(text, resolve);
  if (date === null) return null;
  const separator = text[date.length];
  if (!(separator === (iso ? 'T' : ' ') || (strict && separator === 't'))) return null;
  const rest = text.slice(date.length + 1);
  const time = parseLocalTime(rest, resolve, strict);
  if (time === null || rest.slice(time.length) !== (zulu ? 'Z' : '')) return null;
  const scale = BigInt(ticksPerSecond / 1000);
  const below = Math.floor((time.nanos * ticksPerSecond) / 1e9);
  const millis = BigInt(date.days) * BigInt(MS_A_DAY) + BigInt(time.millis);
  const ticks = millis * scale + BigInt(below);
  return ticks < MIN_I64 || ticks > MAX_I64 ? null : ticks;
}
