/**
 * Rows to JSON text as Flink's json format prints them; native/formats/json-encoder.cpp prints
 * the same bytes. Compiled once a table: a tree of steps with the quoted names in it.
 */
import type { Batch } from '../../batch/batch.js';
import { isSafeI64, readBigI64, readI64, type Column } from '../../batch/column.js';
import { readI128 } from '../../batch/int128.js';
import { bytesAt, encodeText } from '../../batch/strings.js';
import { fail } from '../../errors/index.js';
import { ticksPerSecond, type DataType, type RowField } from '../../types/data-type.js';
import { decimalText, floatText } from '../../types/number-text.js';
import { dateText } from '../../types/temporal-text.js';
import { TextBuffer } from '../text-buffer.js';
import { flag, isIsoStandard } from './plan.js';

export interface JsonEncoderOptions {
  readonly isoTimestamps: boolean;
  readonly plainDecimals: boolean;
  readonly ignoreNullFields: boolean;
  /** Timestamps with three digits of a second, always: not Flink's way, but of nexmark files. */
  readonly fixedMillis: boolean;
  readonly nullKey: 'fail' | 'drop' | 'literal';
  readonly nullKeyLiteral: string;
}

/** Reads the format's options; MR2008 for a value it does not know. */
export function parseJsonEncoderOptions(
  from: Readonly<Record<string, string>>,
): JsonEncoderOptions {
  const nullKey = (from['map-null-key.mode'] ?? 'fail').toLowerCase();
  if (nullKey !== 'fail' && nullKey !== 'drop' && nullKey !== 'literal') {
    return fail('MR2008', { name: 'json.map-null-key.mode', value: nullKey });
  }
  return {
    isoTimestamps: isIsoStandard(from),
    plainDecimals: flag(from, 'encode.decimal-as-plain-number', false),
    ignoreNullFields: flag(from, 'encode.ignore-null-fields', false),
    fixedMillis: false,
    nullKey,
    nullKeyLiteral: from['map-null-key.literal'] ?? 'null',
  };
}

interface Step {
  readonly type: DataType;
  /** "name": */
  readonly name: Uint8Array;
  readonly children: readonly Step[];
}

const TRUE = encodeText('true');
const FALSE = encodeText('false');
const NULL = encodeText('null');
const COMMA = 44;
const QUOTE = 34;
const MS_A_DAY = 86_400_000;

export class JsonEncoder {
  readonly #fields: readonly Step[];
  readonly #separator: number;
  #dateDays = NaN;
  #date: Uint8Array = NULL;

  /** MR2100 for a type that JSON has no form for. */
  constructor(schema: readonly RowField[], private readonly options: JsonEncoderOptions) {
    this.#fields = schema.map((field) => compile(field.name, field.type));
    this.#separator = options.isoTimestamps ? 84 : 32;
  }

  /** Appends one row as one object, without a line end. */
  encode(batch: Batch, row: number, out: TextBuffer): void {
    this.#members(this.#fields, batch.columns, row, out);
  }

  #members(
    steps: readonly Step[], columns: readonly Column[], row: number, out: TextBuffer,
  ): void {
    out.byte(123);
    let first = true;
    for (let i = 0; i < steps.length; i++) {
      const column = columns[i]!;
      if (this.options.ignoreNullFields && column.isNull(row)) continue;
      if (!first) out.byte(COMMA);
      first = false;
      out.bytes(steps[i]!.name);
      this.#value(steps[i]!, column, row, out);
    }
    out.byte(125);
  }

  #value(step: Step, column: Column, row: number, out: TextBuffer): void {
    if (column.isNull(row)) return out.bytes(NULL);
    const at = column.constant ? 0 : row;
    switch (column.physical) {
      case 'bool':
        return out.bytes(column.values[at] !== 0 ? TRUE : FALSE);
      case 'string':
        return jsonString(out, column.heap, column.starts[at]!, column.lengths[at]!);
      case 'i64':
        return step.type.root === 'BIGINT'
          ? integer(out, column.values as Int32Array, at)
          : this.#timestamp(step.type, column.values as Int32Array, at, out);
      case 'i32':
        return this.#int(step.type, column.values[at]!, out);
      case 'f32':
      case 'f64':
        return real(out, column.values[at]!, column.physical === 'f32');
      case 'i128':
        return this.#decimal(readI128(column.values as Int32Array, at), step.type.scale ?? 0, out);
      case 'bytes':
        return out.ascii(`"${Buffer.from(bytesAt(column, at)).toString('base64')}"`);
      case 'row':
        return this.#members(step.children, column.children, at, out);
      case 'array':
        return this.#array(step, column, at, out);
      case 'map':
        return this.#map(step, column, at, out);
      case 'null':
        return out.bytes(NULL);
      default:
        return out.ascii(String(column.values[at]!));
    }
  }

  #int(type: DataType, value: number, out: TextBuffer): void {
    if (type.root === 'DATE') out.ascii(`"${dateText(value)}"`);
    else if (type.root === 'TIME') {
      out.byte(QUOTE);
      timeOfDay(out, value, 0, false);
      out.byte(QUOTE);
    } else out.integer(value);
  }

  #decimal(unscaled: bigint, scale: number, out: TextBuffer): void {
    const plain = this.options.plainDecimals;
    out.ascii(plain ? decimalText(unscaled, scale) : shortDecimal(unscaled, scale));
  }

  #timestamp(type: DataType, values: Int32Array, at: number, out: TextBuffer): void {
    const perMs = ticksPerSecond(type.precision ?? 6) / 1000;
    let millis: number;
    let nanos = 0;
    if (perMs === 1 && isSafeI64(values, at)) millis = readI64(values, at);
    else {
      const ticks = readBigI64(values, at);
      const below = ((ticks % BigInt(perMs)) + BigInt(perMs)) % BigInt(perMs);
      millis = Number((ticks - below) / BigInt(perMs));
      nanos = Number(below) * (1_000_000 / perMs);
    }
    const days = Math.floor(millis / MS_A_DAY);
    if (days !== this.#dateDays) {
      this.#dateDays = days;
      this.#date = encodeText(`"${dateText(days)}`);
    }
    out.bytes(this.#date);
    out.byte(this.#separator);
    timeOfDay(out, millis - days * MS_A_DAY, nanos, this.options.fixedMillis);
    if (type.root === 'TIMESTAMP_LTZ') out.byte(90);
    out.byte(QUOTE);
  }

  #array(step: Step, column: Column, at: number, out: TextBuffer): void {
    const start = column.starts[at]!;
    const end = start + column.lengths[at]!;
    out.byte(91);
    for (let i = start; i < end; i++) {
      if (i > start) out.byte(COMMA);
      this.#value(step.children[0]!, column.children[0]!, i, out);
    }
    out.byte(93);
  }

  #map(step: Step, column: Column, at: number, out: TextBuffer): void {
    const [keys, values] = column.children as [Column, Column];
    const start = column.starts[at]!;
    const end = start + column.lengths[at]!;
    let first = true;
    out.byte(123);
    for (let i = start; i < end; i++) {
      const isNull = keys.isNull(i);
      if (isNull && this.options.nullKey === 'drop') continue;
      if (isNull && this.options.nullKey === 'fail') {
        fail('MR4005', { detail: 'a map with a NULL key has no JSON form' });
      }
      if (!first) out.byte(COMMA);
      first = false;
      const key = isNull ? encodeText(this.options.nullKeyLiteral) : bytesAt(keys, i);
      jsonString(out, key, 0, key.length);
      out.byte(58);
      if (step.type.root === 'MULTISET') out.integer(values.values[values.constant ? 0 : i]!);
      else this.#value(step.children[1]!, values, i, out);
    }
    out.byte(125);
  }
}

function compile(name: string, type: DataType): Step {
  const quoted = new TextBuffer(name.length * 3 + 16);
  const bytes = encodeText(name);
  jsonString(quoted, bytes, 0, bytes.length);
  quoted.byte(58);
  if (type.root === 'INTERVAL_DAY_TIME' || type.root === 'INTERVAL_YEAR_MONTH') {
    fail('MR2100', { feature: 'json format of intervals' });
  }
  const key = type.root === 'MAP' ? type.key : type.root === 'MULTISET' ? type.element : undefined;
  if (key !== undefined && key.root !== 'VARCHAR' && key.root !== 'CHAR') {
    fail('MR2100', { feature: 'json format with map keys that are not STRING' });
  }
  return { type, name: quoted.take(), children: childSteps(type) };
}

function childSteps(type: DataType): readonly Step[] {
  switch (type.root) {
    case 'ROW':
      return (type.fields ?? []).map((field) => compile(field.name, field.type));
    case 'ARRAY':
      return [compile('element', type.element!)];
    case 'MAP':
      return [compile('key', type.key!), compile('value', type.element!)];
    default:
      return [];
  }
}

function integer(out: TextBuffer, values: Int32Array, at: number): void {
  if (isSafeI64(values, at)) out.integer(readI64(values, at));
  else out.ascii(String(readBigI64(values, at)));
}

/** Jackson writes non-numbers as strings. */
function real(out: TextBuffer, value: number, isSingle: boolean): void {
  const text = floatText(value, isSingle);
  out.ascii(Number.isFinite(value) ? text : `"${text}"`);
}

/** BigDecimal.toString after stripTrailingZeros: 1.5, 1E+2, 1E-8. */
export function shortDecimal(unscaled: bigint, scale: number): string {
  if (unscaled === 0n) return '0';
  const sign = unscaled < 0n ? '-' : '';
  const all = String(unscaled < 0n ? -unscaled : unscaled);
  const digits = all.replace(/0+$/, '');
  const rest = scale - (all.length - digits.length);
  const adjusted = digits.length - 1 - rest;
  if (rest >= 0 && adjusted >= -6) return sign + decimalText(BigInt(digits), rest);
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
  return `${sign}${digits[0]}${fraction}E${adjusted < 0 ? '' : '+'}${adjusted}`;
}

/** HH:mm:ss and the fraction without trailing zeros, or with three digits. */
export function timeOfDay(out: TextBuffer, millis: number, nanos: number, isFixed: boolean): void {
  const second = Math.floor(millis / 1000);
  out.twoDigits(Math.floor(second / 3600));
  out.byte(58);
  out.twoDigits(Math.floor(second / 60) % 60);
  out.byte(58);
  out.twoDigits(second % 60);
  const fraction = (millis % 1000) * 1e6 + nanos;
  if (fraction === 0 && !isFixed) return;
  out.byte(46);
  const last = isFixed ? 3 : 9;
  let rest = fraction;
  for (let place = 1e8, digits = 0; digits < last && (isFixed || rest > 0); digits++, place /= 10) {
    const digit = Math.floor(rest / place);
    out.byte(48 + digit);
    rest -= digit * place;
  }
}

const HEX = encodeText('0123456789ABCDEF');

function unit(out: TextBuffer, code: number): void {
  out.byte(92);
  out.byte(117);
  for (let shift = 12; shift >= 0; shift -= 4) out.byte(HEX[(code >> shift) & 15]!);
}

/** The letter of a short escape by byte; 0 = none. */
const SHORT_ESCAPES = new Uint8Array(128);
for (const [code, letter] of [[34, 34], [92, 92], [8, 98], [9, 116], [10, 110], [12, 102],
  [13, 114]] as const) SHORT_ESCAPES[code] = letter;

/** A quoted JSON string of UTF-8 text, escaped as Jackson does. */
function jsonString(
  out: TextBuffer, text: Uint8Array, start: number, length: number,
): void {
  out.byte(QUOTE);
  const end = start + length;
  let at = start;
  while (at < end) {
    const to = out.room(end - at);
    const bytes = out.content;
    let end2 = to;
    for (; at < end; at++) {
      const code = text[at]!;
      if (code < 32 || code === 34 || code === 92 || code >= 0xf0) break;
      bytes[end2++] = code;
    }
    out.end = end2;
    if (at === end) break;
    const code = text[at]!;
    if (code >= 0xf0 && at + 4 <= end) {
      const point = ((code & 7) << 18) | ((text[at + 1]! & 63) << 12) |
        ((text[at + 2]! & 63) << 6) | (text[at + 3]! & 63);
      unit(out, 0xd7c0 + (point >> 10));
      unit(out, 0xdc00 + (point & 0x3ff));
      at += 4;
      continue;
    }
    const letter = code >= 0xf0 ? 0 : SHORT_ESCAPES[code]!;
    if (code >= 0xf0) out.byte(code);
    else if (letter === 0) unit(out, code);
    else {
      out.byte(92);
      out.byte(letter);
    }
    at++;
  }
  out.byte(QUOTE);
}
