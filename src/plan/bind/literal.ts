/**
 * Literals of the text as typed constants. Types as Flink gives them: 1 is INT, 3000000000 BIGINT,
 * 1.50 DECIMAL(3, 2), 1e0 DOUBLE, 'ab' CHAR(2), all NOT NULL.
 */
import { fail, type Position } from '../../errors/index.js';
import type {
  DateTimeLiteral, IntervalLiteral, IntervalQualifier, Literal, NumberLiteral,
} from '../../sql/ast/expression.js';
import {
  BIGINT, BOOLEAN, DATE, DOUBLE, INT, INTERVAL_DAY_TIME, INTERVAL_YEAR_MONTH, NULL, binary, char,
  decimal, notNull, ticksPerSecond, time, timestamp, type DataType,
} from '../../types/data-type.js';
import { constant, type Constant } from '../logical/expression.js';

export function bindLiteral(literal: Literal): Constant {
  switch (literal.kind) {
    case 'null-literal':
      return constant(null, NULL);
    case 'boolean-literal':
      return literal.value === null
        ? constant(null, BOOLEAN) : constant(literal.value, notNull(BOOLEAN));
    case 'number-literal':
      return numberConstant(literal);
    case 'string-literal': // its length counts UTF-16 units, as Flink's does
      return constant(literal.value, notNull(char(literal.value.length)));
    case 'binary-literal': {
      const bytes = new Uint8Array(Buffer.from(literal.hex, 'hex'));
      return constant(bytes, notNull(binary(bytes.length)));
    }
    case 'datetime-literal':
      return dateTimeConstant(literal);
    case 'interval-literal':
      return intervalConstant(literal);
  }
}

function numberConstant(literal: NumberLiteral): Constant {
  if (literal.form === 'approximate') return doubleConstant(literal);
  const [whole = '', fraction = ''] = literal.text.split('.');
  const unscaled = BigInt(`${whole}${fraction}` || '0');
  if (literal.form === 'integer') {
    if (unscaled > MAX_INTEGER) {
      fail('MR2021', { detail: `integer out of range: ${literal.text}` },
        { position: literal.position, hint: 'CAST a text to DECIMAL' });
    }
    return integerConstant(unscaled, literal.position);
  }
  if (unscaled > MAX_INTEGER) {
    fail('MR2021', { detail: `number out of range: ${literal.text}` },
      { position: literal.position, hint: 'CAST a text to DECIMAL' });
  }
  const digits = whole.length + fraction.length;
  return decimalConstant(unscaled, digits, fraction.length, literal.position);
}

/** The digits of any number fit a BIGINT; with a minus in front it may be the smallest one. */
const MAX_INTEGER = 2n ** 63n;

function doubleConstant({ text, position }: NumberLiteral): Constant {
  const value = Number(text);
  if (Number.isFinite(value)) return constant(value, notNull(DOUBLE));
  return fail('MR2021', { detail: `number out of range: ${text}` }, { position });
}

/** INT, BIGINT or DECIMAL(n, 0): the first one that holds it. */
export function integerConstant(value: bigint, position?: Position): Constant {
  if (BigInt.asIntN(32, value) === value) return constant(Number(value), notNull(INT));
  if (BigInt.asIntN(64, value) === value) return constant(value, notNull(BIGINT));
  const digits = String(value < 0n ? -value : value).length;
  return decimalConstant(value, digits, 0, position);
}

/** Digits count as written, also leading zeros: 0.1 is DECIMAL(2, 1). */
function decimalConstant(
  unscaled: bigint, precision: number, scale: number, position?: Position,
): Constant {
  if (precision > 38) {
    fail('MR2021', { detail: `numeric literal has more than 38 digits: ${precision}` },
      { position });
  }
  return constant(unscaled, notNull(decimal(precision, scale)));
}

const DATE_TEXT = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const TIME_TEXT = /^(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d*))?$/;

function dateTimeConstant(literal: DateTimeLiteral): Constant {
  const { text, type } = literal;
  if (type === 'date') return constant(days(text, literal), notNull(DATE));
  if (type === 'time') {
    const { milliseconds, precision } = timeOfDay(text, literal);
    return constant(milliseconds, notNull(time(precision)));
  }
  if (type !== 'timestamp') {
    return fail('MR2100', { feature: `${type} literals` }, { position: literal.position });
  }
  const [date = '', clock = '00:00:00'] = text.trim().split(/\s+/);
  const { milliseconds, precision, fraction } = timeOfDay(clock, literal);
  const ticks = BigInt(ticksPerSecond(precision));
  const seconds = BigInt(days(date, literal)) * 86_400n + BigInt(Math.floor(milliseconds / 1000));
  const digits = String(ticks).length - 1;
  const part = BigInt(fraction.padEnd(digits, '0').slice(0, digits) || '0');
  const value = seconds * ticks + part;
  if (BigInt.asIntN(64, value) !== value) {
    fail('MR2100', { feature: `TIMESTAMP(${precision}) outside of the years 1678 to 2261` },
      { position: literal.position });
  }
  return constant(value, notNull(timestamp(precision)));
}

function days(text: string, literal: DateTimeLiteral): number {
  const [, year = '', month = '', day = ''] = DATE_TEXT.exec(text.trim()) ?? malformed(literal);
  const value = new Date(0);
  value.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const valid = value.getUTCMonth() === Number(month) - 1 && value.getUTCDate() === Number(day);
  return valid ? value.getTime() / 86_400_000 : malformed(literal);
}

function timeOfDay(
  text: string, literal: DateTimeLiteral,
): { milliseconds: number; precision: number; fraction: string } {
  const match = TIME_TEXT.exec(text.trim()) ?? malformed(literal);
  const [, hours = '', minutes = '', seconds = '', written = ''] = match;
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) malformed(literal);
  const fraction = written.slice(0, 9);
  const whole = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  const milliseconds = whole * 1000 + Number(fraction.padEnd(3, '0').slice(0, 3));
  return { milliseconds, precision: fraction.length, fraction };
}

function malformed(literal: DateTimeLiteral): never {
  const detail = `illegal ${literal.type.toUpperCase()} literal: '${literal.text}'`;
  return fail('MR2021', { detail }, { position: literal.position });
}

/** Milliseconds in each unit of a day-time interval, largest first. */
const UNIT_MS = { DAY: 86_400_000, HOUR: 3_600_000, MINUTE: 60_000, SECOND: 1000 } as const;
type DayTimeUnit = keyof typeof UNIT_MS;
const DAY_TIME_UNITS = Object.keys(UNIT_MS) as readonly DayTimeUnit[];

function intervalConstant(literal: IntervalLiteral): Constant {
  const { qualifier } = literal;
  const text = literal.text.trim();
  const negative = literal.negative !== text.startsWith('-');
  const digits = text.replace(/^[+-]/, '');
  const months = monthsOf(digits, qualifier);
  if (months !== undefined) {
    return constant(negative ? -months : months, notNull(INTERVAL_YEAR_MONTH));
  }
  const milliseconds = millisecondsOf(digits, qualifier);
  if (milliseconds === undefined) {
    const detail = `illegal interval literal: '${literal.text}'`;
    return fail('MR2021', { detail }, { position: literal.position });
  }
  return constant(BigInt(negative ? -milliseconds : milliseconds), notNull(INTERVAL_DAY_TIME));
}

function monthsOf(text: string, qualifier: IntervalQualifier): number | undefined {
  const { start, end } = qualifier;
  if (start === 'YEAR' && end === 'MONTH') {
    const match = /^(\d+)-(\d{1,2})$/.exec(text);
    return match === null ? undefined : Number(match[1]) * 12 + Number(match[2]);
  }
  const factor = { YEAR: 12, QUARTER: 3, MONTH: 1 }[start as 'YEAR'];
  return factor === undefined || !/^\d+$/.test(text) ? undefined : Number(text) * factor;
}

function millisecondsOf(text: string, qualifier: IntervalQualifier): number | undefined {
  if (qualifier.start === 'WEEK') {
    return /^\d+$/.test(text) ? Number(text) * 7 * UNIT_MS.DAY : undefined;
  }
  const from = DAY_TIME_UNITS.indexOf(qualifier.start as DayTimeUnit);
  const to = DAY_TIME_UNITS.indexOf((qualifier.end ?? qualifier.start) as DayTimeUnit);
  const parts = text.split(/[\s:]+/);
  if (from < 0 || to < from || parts.length !== to - from + 1) return undefined;
  let total = 0;
  for (const [i, part] of parts.entries()) {
    const unit = DAY_TIME_UNITS[from + i] ?? 'SECOND';
    if (!(unit === 'SECOND' ? /^\d+(\.\d*)?$/ : /^\d+$/).test(part)) return undefined;
    const [whole = '0', fraction = ''] = part.split('.');
    total += Number(whole) * UNIT_MS[unit] + Number(fraction.padEnd(3, '0').slice(0, 3));
  }
  return total;
}

/** The value of a constant interval in ms; undefined if it is none. */
export function intervalMs(value: { readonly value: unknown; readonly type: DataType }):
  number | undefined {
  return value.type.root === 'INTERVAL_DAY_TIME' && typeof value.value === 'bigint'
    ? Number(value.value) : undefined;
}
