/**
 * Rows to CSV text as Flink's csv format prints them; native/formats/csv-encoder.cpp prints the
 * same bytes. A text is quoted where it holds a backslash, a character below the highest of the
 * special ones, or more than 24 UTF-16 units: so does the library that Flink writes with.
 */
import { type Column, isSafeI64, readBigI64, readI64 } from '../../batch/column.js';
import { readI128 } from '../../batch/int128.js';
import { bytesAt, decodeText, encodeText } from '../../batch/strings.js';
import { fail } from '../../errors/index.js';
import { type DataType, type RowField, ticksPerSecond } from '../../types/data-type.js';
import { floatText } from '../../types/number-text.js';
import { dateText } from '../../types/temporal-text.js';
import { shortDecimal, timeOfDay } from '../json/encoder.js';
import { TextBuffer } from '../text-buffer.js';
import type { CsvOptions } from './options.js';

const MOST_UNQUOTED = 24;
const BACKSLASH = 92;
const MS_A_DAY = 86_400_000;

export class CsvEncoder {
  private readonly leastSafe: number;
  private readonly nullText: Uint8Array | null;
  private readonly scratch = new TextBuffer(64);

  /** MR2100 for a type that CSV has no form for. */
  constructor(schema: readonly RowField[], private readonly options: CsvOptions) {
    for (const field of schema) checkType(field.name, field.type, false);
    this.leastSafe = Math.max(options.delimiter, options.quote, 13) + 1;
    this.nullText = options.nullLiteral === null ? null : encodeText(options.nullLiteral);
  }

  /** Appends one row, without a line end. */
  encode(columns: readonly Column[], row: number, out: TextBuffer): void {
    for (let i = 0; i < columns.length; i++) {
      if (i > 0) out.byte(this.options.delimiter);
      this.field(columns[i]!, row, out);
    }
  }

  private field(column: Column, row: number, out: TextBuffer): void {
    if (column.isNull(row)) {
      const { nullText } = this;
      if (nullText !== null) this.text(nullText, 0, nullText.length, out);
      return;
    }
    const at = column.constant ? 0 : row;
    if (column.physical === 'string') {
      this.text(column.heap, column.starts[at]!, column.lengths[at]!, out);
      return;
    }
    const { scratch } = this;
    scratch.end = 0;
    this.plain(column, at, scratch);
    if (isUnquoted(column.type)) out.bytes(scratch.content.subarray(0, scratch.end));
    else this.text(scratch.content, 0, scratch.end, out);
  }

  /** The value's text, not quoted. */
  private plain(column: Column, at: number, out: TextBuffer): void {
    const { type, values } = column;
    switch (column.physical) {
      case 'bool':
        return out.ascii(values[at] !== 0 ? 'true' : 'false');
      case 'f32':
      case 'f64':
        return out.ascii(floatText(values[at]!, column.physical === 'f32'));
      case 'i64':
        return long(type, values as Int32Array, at, out);
      case 'i128':
        return out.ascii(shortDecimal(readI128(values as Int32Array, at), type.scale ?? 0));
      case 'string':
        return out.bytes(bytesAt(column, at));
      case 'bytes':
        return out.ascii(Buffer.from(bytesAt(column, at)).toString('base64'));
      case 'row':
        return this.elements(column.children.map((child) => [child, at] as const), out);
      case 'array': {
        const start = column.starts[at]!;
        const items = Array.from({ length: column.lengths[at]! }, (_, i) =>
          [column.children[0]!, start + i] as const);
        return this.elements(items, out);
      }
      default:
        if (type.root === 'DATE') out.ascii(dateText(values[at]!));
        else if (type.root === 'TIME') timeOfDay(out, values[at]!, 0, false);
        else out.integer(values[at]!);
    }
  }

  /** An array's elements and a row's fields stand in one field. */
  private elements(items: readonly (readonly [Column, number])[], out: TextBuffer): void {
    items.forEach(([column, row], i) => {
      if (i > 0) out.bytes(encodeText(this.options.elementDelimiter));
      if (!column.isNull(row)) this.plain(column, column.constant ? 0 : row, out);
      else if (this.nullText !== null) out.bytes(this.nullText);
    });
  }

  private text(bytes: Uint8Array, start: number, length: number, out: TextBuffer): void {
    const { quote, escape } = this.options;
    const value = bytes.subarray(start, start + length);
    if (!this.needsQuotes(value)) return out.bytes(value);
    out.byte(quote);
    for (const code of value) {
      if (code === quote || code === escape) out.byte(code);
      out.byte(code);
    }
    out.byte(quote);
  }

  private needsQuotes(value: Uint8Array): boolean {
    if (this.options.quote < 0) return false;
    for (const code of value) {
      if (code < this.leastSafe || code === BACKSLASH || code === this.options.escape) return true;
    }
    return value.length > MOST_UNQUOTED &&
      decodeText(value, 0, value.length).length > MOST_UNQUOTED;
  }
}

function isUnquoted(type: DataType): boolean {
  switch (type.root) {
    case 'BOOLEAN': case 'TINYINT': case 'SMALLINT': case 'INTEGER': case 'BIGINT':
    case 'FLOAT': case 'DOUBLE': case 'DECIMAL': case 'NULL':
    case 'INTERVAL_YEAR_MONTH': case 'INTERVAL_DAY_TIME':
      return true;
    default:
      return false;
  }
}

function checkType(name: string, type: DataType, isNested: boolean): void {
  const isCollection = type.root === 'ARRAY' || type.root === 'ROW';
  if (type.root === 'MAP' || type.root === 'MULTISET' || (isCollection && isNested)) {
    fail('MR2100', { feature: `column ${name} of this type in the format csv` });
  }
  if (type.root === 'ARRAY') checkType(name, type.element!, true);
  for (const field of type.fields ?? []) checkType(name, field.type, true);
}

function long(type: DataType, values: Int32Array, at: number, out: TextBuffer): void {
  if (type.root === 'TIMESTAMP' || type.root === 'TIMESTAMP_LTZ') {
    timestamp(type, values, at, out);
  } else if (isSafeI64(values, at)) {
    out.integer(readI64(values, at));
  } else {
    out.ascii(String(readBigI64(values, at)));
  }
}

function timestamp(type: DataType, values: Int32Array, at: number, out: TextBuffer): void {
  const perMs = BigInt(ticksPerSecond(type.precision ?? 6) / 1000);
  const ticks = readBigI64(values, at);
  const below = ((ticks % perMs) + perMs) % perMs;
  const millis = Number((ticks - below) / perMs);
  const days = Math.floor(millis / MS_A_DAY);
  out.ascii(dateText(days));
  out.byte(32);
  timeOfDay(out, millis - days * MS_A_DAY, Number(below * (1_000_000n / perMs)), false);
  if (type.root === 'TIMESTAMP_LTZ') out.byte(90);
}
