/**
 * Rows from TypeScript as batches: the inverse of row.ts, a little more generous (numbers for
 * BIGINT and DECIMAL, Date for timestamps). A value that does not fit its column is MR3030.
 */
import { Batch, ROW_KIND_TEXT } from '../batch/batch.js';
import { columnOf, type Value } from '../batch/values.js';
import { errorOf } from '../errors/index.js';
import type { SourceColumn } from '../plan/physical/plan.js';
import { physicalOf, ticksPerSecond, typeToString, type DataType, type RowField }
  from '../types/data-type.js';
import { isTemporal } from '../types/temporal-text.js';
import { parseTemporal } from '../types/temporal-parse.js';
import type { RowKindText } from './row.js';

/** A row as an array in column order, or as an object by column name (absent = NULL). */
export type InputRow = readonly unknown[] | { readonly [column: string]: unknown };

/** A change: a row and its kind. */
export interface InputChange {
  readonly kind: RowKindText;
  readonly row: InputRow;
}

/**
 * The columns that a plan reads of the rows of a table, in one batch; `kinds` one a row, absent =
 * all inserts. `table` is the order of values in rows that are arrays.
 */
export function batchOfRows(
  read: readonly SourceColumn[], table: readonly RowField[], rows: readonly InputRow[],
  kinds?: readonly RowKindText[],
): Batch {
  const columns = read.map(({ path, type }) => {
    const values = rows.map((row, r) =>
      toValue(valueAtPath(row, path, table), type, () => `row ${r}, column ${path.join('.')}`));
    return columnOf(type, values);
  });
  const bytes = kinds === undefined || kinds.every((kind) => kind === '+I')
    ? null
    : Uint8Array.from(kinds, (kind) => ROW_KIND_TEXT.indexOf(kind));
  return new Batch(rows.length, columns, null, bytes);
}

/** A value inside nested rows; undefined below a NULL row. */
function valueAtPath(
  row: unknown, [name, ...rest]: readonly string[], fields: readonly RowField[],
): unknown {
  if (name === undefined || row === null || row === undefined) return row;
  const at = fields.findIndex((field) => field.name === name);
  const value = isArray(row as InputRow) ? (row as readonly unknown[])[at]
    : (row as { readonly [column: string]: unknown })[name];
  return valueAtPath(value, rest, fields[at]?.type.fields ?? []);
}

function isArray(row: InputRow): row is readonly unknown[] {
  return Array.isArray(row);
}

type Where = () => string;

function misfit(value: unknown, type: DataType, where: Where): never {
  const shown = typeof value === 'bigint' ? `${value}n` : JSON.stringify(value);
  throw errorOf('MR3030', { value: String(shown), type: typeToString(type) }, { detail: where() });
}

/** The value in the column's own form; see Value. */
export function toValue(value: unknown, type: DataType, where: Where): Value {
  if (value === null || value === undefined) return null;
  if (isTemporal(type)) return temporalValue(value, type, where);
  switch (physicalOf(type)) {
    case 'bool': return typeof value === 'boolean' ? value : misfit(value, type, where);
    case 'i8': case 'i16': case 'i32': return integerValue(value, type, where);
    case 'i64': return bigintValue(value, type, where);
    case 'f32': return Math.fround(floatValue(value, type, where));
    case 'f64': return floatValue(value, type, where);
    case 'i128': return decimalValue(value, type, where);
    case 'string': return textValue(value, type, where);
    case 'bytes': return bytesValue(value, type, where);
    default: return nestedValue(value, type, where);
  }
}

/** CHAR is filled with spaces, BINARY with zeros. */
function textValue(value: unknown, type: DataType, where: Where): string {
  if (typeof value !== 'string') return misfit(value, type, where);
  const length = type.length ?? 0;
  if (value.length > length && [...value].length > length) return misfit(value, type, where);
  return type.root === 'CHAR' ? value + ' '.repeat(length - [...value].length) : value;
}

function bytesValue(value: unknown, type: DataType, where: Where): Uint8Array {
  const length = type.length ?? 0;
  if (!(value instanceof Uint8Array) || value.length > length) return misfit(value, type, where);
  if (type.root !== 'BINARY') return value;
  const filled = new Uint8Array(length);
  filled.set(value);
  return filled;
}

const LIMITS = { i8: 2 ** 7, i16: 2 ** 15, i32: 2 ** 31 } as const;

function integerValue(value: unknown, type: DataType, where: Where): number {
  const number = typeof value === 'bigint' ? Number(value) : value;
  const limit = LIMITS[physicalOf(type) as keyof typeof LIMITS];
  if (typeof number !== 'number' || !Number.isInteger(number)) return misfit(value, type, where);
  return number >= -limit && number < limit ? number : misfit(value, type, where);
}

function bigintValue(value: unknown, type: DataType, where: Where): bigint {
  if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value);
  if (typeof value === 'string' && /^[+-]?\d+$/.test(value)) return BigInt(value);
  return typeof value === 'bigint' ? value : misfit(value, type, where);
}

function floatValue(value: unknown, type: DataType, where: Where): number {
  if (typeof value === 'number') return value;
  const named = { NaN, Infinity, '-Infinity': -Infinity }[String(value)];
  return named ?? misfit(value, type, where);
}

/** Half up where there are more digits than the scale; a value too large is a misfit. */
function decimalValue(value: unknown, type: DataType, where: Where): bigint {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(String(value));
  if (match === null || !/\d/.test(String(value))) return misfit(value, type, where);
  const scale = type.scale ?? 0;
  const [, sign, whole = '', fraction = ''] = match;
  const digits = BigInt(`${whole}${fraction.padEnd(scale, '0').slice(0, scale)}` || '0');
  const rounded = (fraction[scale] ?? '0') >= '5' ? digits + 1n : digits;
  if (rounded >= 10n ** BigInt(type.precision ?? 38)) return misfit(value, type, where);
  return sign === '-' ? -rounded : rounded;
}

function temporalValue(value: unknown, type: DataType, where: Where): number | bigint {
  if (value instanceof Date) return dateValue(value, type, where);
  const parsed = typeof value === 'string' ? parseTemporal(value, type) : null;
  return parsed ?? misfit(value, type, where);
}

/** A Date's UTC clock. */
function dateValue(value: Date, type: DataType, where: Where): number | bigint {
  const ms = value.getTime();
  if (Number.isNaN(ms)) return misfit(value, type, where);
  switch (type.root) {
    case 'DATE': return Math.floor(ms / 86_400_000);
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return BigInt(ms) * BigInt(ticksPerSecond(type.precision ?? 6) / 1000);
    default: return misfit(value, type, where);
  }
}

function nestedValue(value: unknown, type: DataType, where: Where): Value {
  if (type.root === 'ROW') {
    const row = value as InputRow;
    return (type.fields ?? []).map((field, i) =>
      toValue(isArray(row) ? row[i] : row[field.name], field.type, where));
  }
  if (type.root === 'ARRAY' && Array.isArray(value)) {
    return value.map((item) => toValue(item, type.element!, where));
  }
  if (type.root === 'MAP') {
    const pairs = value instanceof Map ? [...value] : Object.entries(value as object);
    return pairs.map(([key, item]) =>
      [toValue(key, type.key!, where), toValue(item, type.element!, where)]);
  }
  return misfit(value, type, where);
}
