/**
 * Literals: strings with their escapes, numbers, dates, intervals.
 */
import type {
  BinaryLiteral, DateTimeLiteral, Expression, IntervalExpression, IntervalLiteral,
  IntervalQualifier, NumberLiteral, StringLiteral, TimeUnit,
} from '../ast/index.js';
import { type ErrorCode, errorOf } from '../../errors/index.js';
import { TokenKind } from '../lexer/tokens.js';
import type { Cursor } from './cursor.js';
import { expression } from './expressions.js';
import { unescapeC, unescapeUnicode } from './escapes.js';
import { identifier, unsignedInteger } from './names.js';
import { nameReference } from './references.js';

/** Whether a string of any form is next. */
export function atString(cursor: Cursor): boolean {
  const kind = cursor.kind();
  if (kind >= TokenKind.string && kind <= TokenKind.escapeString) return true;
  cursor.note('a string');
  return false;
}

/** 'text', N'text', _charset'text', U&'text' [UESCAPE 'c'], E'text'; pieces are joined. */
export function stringLiteral(cursor: Cursor): StringLiteral {
  if (!atString(cursor)) cursor.unexpected();
  const start = cursor.index;
  const kind = cursor.kind();
  const text = cursor.text();
  const open = text.indexOf("'");
  cursor.index++;
  let value = text.slice(open + 1, -1).replaceAll("''", "'");
  if (kind === TokenKind.escapeString) {
    value = unescaped(cursor, start, unescapeC(text.slice(open + 1, -1)));
    return { kind: 'string-literal', value, position: cursor.from(start) };
  }
  value += continuation(cursor);
  if (kind === TokenKind.unicodeString) {
    const escape = cursor.accept('UESCAPE') ? plainString(cursor) : '\\';
    value = unescaped(cursor, start, unescapeUnicode(value, escape));
  }
  const charset = kind === TokenKind.prefixedString ? charsetOf(text.slice(0, open)) : undefined;
  const position = cursor.from(start);
  return charset === undefined
    ? { kind: 'string-literal', value, position }
    : { kind: 'string-literal', value, charset, position };
}

/** A 'text' without prefix, as dates and intervals want it. */
export function plainString(cursor: Cursor): string {
  if (cursor.kind() !== TokenKind.string) cursor.unexpected('a string');
  const value = cursor.text().slice(1, -1).replaceAll("''", "'");
  cursor.index++;
  return value;
}

/** X'0aff', pieces joined. */
export function binaryLiteral(cursor: Cursor): BinaryLiteral {
  const start = cursor.index;
  const first = cursor.text().slice(2, -1);
  cursor.index++;
  const hex = (first + continuation(cursor)).toUpperCase();
  if (hex.length % 2 !== 0 || !/^[0-9A-F]*$/.test(hex)) {
    throw errorOf('MR1010', { literal: `X'${hex}'` }, cursor.context(start));
  }
  return { kind: 'binary-literal', hex, position: cursor.from(start) };
}

/** Whether an unsigned number is next. */
export function atNumber(cursor: Cursor): boolean {
  const kind = cursor.kind();
  return kind >= TokenKind.integer && kind <= TokenKind.approximate;
}

/** 12, 1.5, 1e3. */
export function numberLiteral(cursor: Cursor): NumberLiteral {
  if (!atNumber(cursor)) cursor.unexpected('a number');
  const kind = cursor.kind();
  const text = cursor.text();
  const start = cursor.index++;
  const form = kind === TokenKind.integer ? 'integer'
    : kind === TokenKind.decimal ? 'decimal' : 'approximate';
  return { kind: 'number-literal', text, form, position: cursor.from(start) };
}

/** DECIMAL '1.5'. */
export function decimalLiteral(cursor: Cursor): NumberLiteral {
  const start = cursor.index;
  cursor.expect('DECIMAL');
  const text = plainString(cursor).trim();
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) {
    throw errorOf('MR1001', { token: `'${text}'` }, cursor.context(start + 1));
  }
  return { kind: 'number-literal', text, form: 'decimal', position: cursor.from(start) };
}

/** DATE '...', TIME '...', TIMESTAMP '...'; undefined if none is next. */
export function dateTimeLiteral(cursor: Cursor): DateTimeLiteral | undefined {
  const start = cursor.index;
  const type = dateTimeTypes[cursor.word()];
  if (type === undefined) return undefined;
  if (cursor.kind(1) === TokenKind.string) {
    cursor.index++;
    const text = plainString(cursor);
    return { kind: 'datetime-literal', type, text, position: cursor.from(start) };
  }
  if (!cursor.acceptAll('TIMESTAMP', 'WITH', 'LOCAL', 'TIME', 'ZONE')) return undefined;
  const text = plainString(cursor);
  return { kind: 'datetime-literal', type: 'timestamp-ltz', text, position: cursor.from(start) };
}

const dateTimeTypes: Readonly<Record<string, DateTimeLiteral['type']>> = {
  DATE: 'date', TIME: 'time', TIMESTAMP: 'timestamp', DATETIME: 'datetime',
};

/** {d '...'}, {t '...'}, {ts '...'}: the brace is next. */
export function braceLiteral(cursor: Cursor): DateTimeLiteral {
  const start = cursor.index;
  cursor.expect('{');
  const type = braceTypes[cursor.text().toLowerCase()];
  if (type === undefined) cursor.unexpected('d, t, ts or fn');
  cursor.index++;
  const text = plainString(cursor);
  cursor.expect('}');
  return { kind: 'datetime-literal', type, text, position: cursor.from(start) };
}

const braceTypes: Readonly<Record<string, DateTimeLiteral['type']>> = {
  d: 'date', t: 'time', ts: 'timestamp',
};

/** INTERVAL '1' DAY, INTERVAL (a + 1) HOUR, INTERVAL x DAY. */
export function interval(cursor: Cursor): IntervalLiteral | IntervalExpression {
  const start = cursor.index;
  cursor.expect('INTERVAL');
  const negative = cursor.acceptOneOf('-', '+') === '-';
  if (cursor.kind() === TokenKind.string) {
    const text = plainString(cursor);
    const qualifier = intervalQualifier(cursor);
    const position = cursor.from(start);
    return { kind: 'interval-literal', negative, text, qualifier, position };
  }
  const operand = intervalOperand(cursor);
  const qualifier = intervalQualifier(cursor, true);
  const position = cursor.from(start);
  return { kind: 'interval-expression', negative, operand, qualifier, position };
}

function intervalOperand(cursor: Cursor): Expression {
  if (atNumber(cursor)) return numberLiteral(cursor);
  if (!cursor.accept('(')) return nameReference(cursor);
  const operand = expression(cursor);
  cursor.expect(')');
  return operand;
}

/** Units of intervals in upper case, singular and plural, to the singular. */
const intervalUnits: Readonly<Record<string, TimeUnit>> = {
  YEAR: 'YEAR', YEARS: 'YEAR', QUARTER: 'QUARTER', QUARTERS: 'QUARTER',
  MONTH: 'MONTH', MONTHS: 'MONTH', WEEK: 'WEEK', WEEKS: 'WEEK', DAY: 'DAY', DAYS: 'DAY',
  HOUR: 'HOUR', HOURS: 'HOUR', MINUTE: 'MINUTE', MINUTES: 'MINUTE',
  SECOND: 'SECOND', SECONDS: 'SECOND',
};

/** Which units may end an interval that starts with this one. */
const intervalEnds: Readonly<Record<string, readonly string[]>> = {
  YEAR: ['MONTH'], DAY: ['HOUR', 'MINUTE', 'SECOND'], HOUR: ['MINUTE', 'SECOND'],
  MINUTE: ['SECOND'],
};

/** Whether a unit of an interval is next. */
export function atIntervalUnit(cursor: Cursor): boolean {
  return cursor.kind() === TokenKind.word && intervalUnits[cursor.word()] !== undefined;
}

/** DAY(3) TO SECOND(6); with `startOnly`, no TO. */
export function intervalQualifier(cursor: Cursor, startOnly = false): IntervalQualifier {
  const first = cursor.index;
  const start = intervalUnit(cursor);
  const precisions = unitPrecisions(cursor, start === 'SECOND' ? 2 : 1);
  const ends = intervalEnds[start];
  let end: TimeUnit | undefined;
  let fraction = precisions[1];
  if (!startOnly && ends !== undefined && cursor.accept('TO')) {
    end = intervalUnit(cursor);
    if (!ends.includes(end)) {
      const qualifier = `${start} TO ${end}`;
      throw errorOf('MR1022', { qualifier }, { ...cursor.context(first), expected: ends });
    }
    if (end === 'SECOND') fraction = unitPrecisions(cursor, 1)[0];
  }
  const precision = precisions[0];
  return {
    kind: 'interval-qualifier', start, position: cursor.from(first),
    ...(end === undefined ? {} : { end }),
    ...(precision === undefined ? {} : { precision }),
    ...(fraction === undefined ? {} : { fraction }),
  };
}

function intervalUnit(cursor: Cursor): TimeUnit {
  const unit = intervalUnits[cursor.word()];
  if (unit === undefined) cursor.unexpected('a time unit such as SECOND, MINUTE, HOUR, DAY');
  cursor.index++;
  return unit;
}

function unitPrecisions(cursor: Cursor, most: number): readonly number[] {
  if (!cursor.accept('(')) return [];
  const precisions = [unsignedInteger(cursor)];
  if (most > 1 && cursor.accept(',')) precisions.push(unsignedInteger(cursor));
  cursor.expect(')');
  return precisions;
}

/** Units of EXTRACT, FLOOR TO and the like, beside the plain name of a time frame. */
export const functionUnits: ReadonlySet<string> = new Set([
  'NANOSECOND', 'MICROSECOND', 'MILLISECOND', 'SECOND', 'MINUTE', 'HOUR', 'DAY', 'DAYOFWEEK',
  'DAYOFYEAR', 'DOW', 'DOY', 'ISODOW', 'ISOYEAR', 'WEEK', 'MONTH', 'QUARTER', 'YEAR', 'EPOCH',
  'DECADE', 'CENTURY', 'MILLENNIUM',
]);

/** A unit in upper case, WEEK(MONDAY), or any other name as written. */
export function functionUnit(cursor: Cursor): string {
  if (!functionUnits.has(cursor.word())) return identifier(cursor).name;
  const unit = cursor.word();
  cursor.index++;
  if (unit !== 'WEEK' || !cursor.accept('(')) return unit;
  const day = cursor.expectOneOf(
    'SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY');
  cursor.expect(')');
  return `WEEK(${day})`;
}

/** Plain strings that follow a string continue it. */
function continuation(cursor: Cursor): string {
  let value = '';
  while (cursor.kind() === TokenKind.string) value += plainString(cursor);
  return value;
}

function charsetOf(prefix: string): string {
  return /^n$/i.test(prefix) ? 'ISO-8859-1' : prefix.slice(1).toUpperCase();
}

function unescaped(
  cursor: Cursor, start: number, result: { value: string } | { fault: string },
): string {
  if ('value' in result) return result.value;
  const code: ErrorCode = 'MR1007';
  throw errorOf(code, { escape: result.fault }, cursor.context(start));
}
