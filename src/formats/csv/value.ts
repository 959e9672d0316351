/**
 * A CSV field as a value of its column's type, with Flink's leniency; native/formats/csv-value.h
 * is the same in C++.
 */
import { writeBigI64 } from '../../batch/column.js';
import { writeI128 } from '../../batch/int128.js';
import { encodeText, type HeapBuilder } from '../../batch/strings.js';
import { fail } from '../../errors/index.js';
import { type DataType, ticksPerSecond } from '../../types/data-type.js';
import type { DecodedColumn } from '../decoded-column.js';
import {
  javaTrim, parseBase64, parseDate, parseDecimal, parseInteger, parseReal, parseTime,
  parseTimestamp, TOO_LONG,
} from '../text-parse.js';
import type { CsvOptions } from './options.js';

/** MR2100 for types that a field cannot hold. */
export function checkValueType(name: string, type: DataType): void {
  switch (type.root) {
    case 'MAP':
    case 'MULTISET':
      return fail('MR2100', { feature: `column ${name} of this type in the format csv` });
    case 'ARRAY':
      return checkValueType(name, type.element!);
    case 'ROW':
      for (const field of type.fields ?? []) checkValueType(name, field.type);
      return;
    default:
  }
}

const NOT_NUMBER = 'not a number of its type';
const NOT_TIME = 'not a date or time of its type';

const RANGES: Readonly<Record<string, readonly [bigint, bigint]>> = {
  TINYINT: [-128n, 127n],
  SMALLINT: [-32768n, 32767n],
  INTEGER: [-2147483648n, 2147483647n],
  INTERVAL_YEAR_MONTH: [-2147483648n, 2147483647n],
  BIGINT: [-(1n << 63n), (1n << 63n) - 1n],
  INTERVAL_DAY_TIME: [-(1n << 63n), (1n << 63n) - 1n],
};

/**
 * Writes the value of a text that is not in the column's heap already, or leaves it NULL. Null on
 * success, else what is wrong.
 */
export function setValue(
  options: CsvOptions, type: DataType, text: string, column: DecodedColumn, row: number,
  heap: HeapBuilder,
): string | null {
  // Only what stands in one piece can be the null literal: arrays and rows are taken apart first.
  const isWhole = type.root !== 'ARRAY' && type.root !== 'ROW';
  if (isWhole && text === options.nullLiteral) return null;
  switch (type.root) {
    case 'BOOLEAN':
      column.values[row] = javaTrim(text).toLowerCase() === 'true' ? 1 : 0;
      break;
    case 'FLOAT':
    case 'DOUBLE': {
      const value = parseReal(text);
      if (value === null) return NOT_NUMBER;
      column.values[row] = value;
      break;
    }
    case 'DECIMAL': {
      const value = parseDecimal(text, type.precision ?? 10, type.scale ?? 0);
      if (value === null) return NOT_NUMBER;
      if (value === TOO_LONG) return null;
      writeI128(column.values as Int32Array, row, value);
      break;
    }
    case 'CHAR':
    case 'VARCHAR':
      setBytes(encodeText(text), column, row, heap);
      break;
    case 'BINARY':
    case 'VARBINARY': {
      const bytes = encodeText(text);
      const length = parseBase64(bytes, 0, bytes.length);
      if (length < 0) return 'not base 64';
      setBytes(bytes.subarray(0, length), column, row, heap);
      break;
    }
    case 'DATE':
    case 'TIME': {
      const value = type.root === 'DATE' ? lenientDate(text) : localTime(text, type);
      if (value === null) return NOT_TIME;
      column.values[row] = value;
      break;
    }
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ': {
      const perSecond = ticksPerSecond(type.precision ?? 6);
      const isLtz = type.root === 'TIMESTAMP_LTZ';
      const ticks = parseTimestamp(javaTrim(text), false, isLtz, perSecond);
      if (ticks === null) return NOT_TIME;
      writeBigI64(column.values as Int32Array, row, ticks);
      break;
    }
    case 'ARRAY':
      return setArray(options, type, text, column, row, heap);
    case 'ROW':
      return setRow(options, type, text, column, row, heap);
    default:
      return setInteger(type, text, column, row);
  }
  column.mark(row);
  return null;
}

function setBytes(bytes: Uint8Array, column: DecodedColumn, row: number, heap: HeapBuilder): void {
  column.setRange(row, heap.append(bytes, 0, bytes.length), bytes.length);
}

function setInteger(
  type: DataType, text: string, column: DecodedColumn, row: number,
): string | null {
  const range = RANGES[type.root];
  if (range === undefined) return 'its type cannot be read';
  const value = parseInteger(javaTrim(text), ...range);
  if (value === null) return NOT_NUMBER;
  if (column.physical === 'i64') writeBigI64(column.values as Int32Array, row, value);
  else column.values[row] = Number(value);
  column.mark(row);
  return null;
}

const DATE = /^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})$/;

/** yyyy-[m]m-[d]d; a day up to 31 that the month has not runs over into the next. */
function lenientDate(text: string): number | null {
  const match = DATE.exec(text);
  if (match === null) return null;
  const [, year, month, day] = match as unknown as [string, string, string, string];
  if (Number(day) < 1 || Number(day) > 31) return null;
  const first = parseDate(`${year}-${month.padStart(2, '0')}-01`);
  return first === null ? null : first + Number(day) - 1;
}

/** ISO_LOCAL_TIME: seconds may be left out, 24:00 is none. Kept to the column's precision. */
function localTime(text: string, type: DataType): number | null {
  if (text.startsWith('24')) return null;
  const millis = parseTime(text.length === 5 ? `${text}:00` : text);
  if (millis === null) return null;
  return millis - (millis % 10 ** Math.max(0, 3 - (type.precision ?? 0)));
}

function setElement(
  options: CsvOptions, type: DataType, text: string, column: DecodedColumn, row: number,
  heap: HeapBuilder,
): string | null {
  const reason = setValue(options, type, text, column, row, heap);
  if (reason === null) return null;
  column.clear(row);
  return options.ignoreParseErrors ? null : reason;
}

function setArray(
  options: CsvOptions, type: DataType, text: string, column: DecodedColumn, row: number,
  heap: HeapBuilder,
): string | null {
  const items = column.children[0]!;
  const first = items.used;
  for (const element of text === '' ? [] : split(text, options.elementDelimiter)) {
    const reason = setElement(options, type.element!, element, items, items.append(), heap);
    if (reason === null) continue;
    items.used = first;
    return reason;
  }
  column.setRange(row, first, items.used - first);
  return null;
}

function split(text: string, delimiter: string): readonly string[] {
  return delimiter === '' ? [text] : text.split(delimiter);
}

function setRow(
  options: CsvOptions, type: DataType, text: string, column: DecodedColumn, row: number,
  heap: HeapBuilder,
): string | null {
  if (text === '') return 'an empty text for its row';
  const elements = split(text, options.elementDelimiter);
  for (const [i, field] of (type.fields ?? []).entries()) {
    const child = column.children[i]!;
    child.ensure(row);
    child.clear(row);
    const element = elements[i];
    if (element === undefined) {
      if (!options.ignoreParseErrors) return 'too few elements for its row';
      continue;
    }
    const reason = setElement(options, field.type, element, child, row, heap);
    if (reason !== null) return reason;
  }
  column.mark(row);
  return null;
}
