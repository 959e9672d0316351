/**
 * From a Parquet column's values to those of the table's type. What would lose or guess is refused
 * when the file is opened; nothing is converted by parsing. native/formats/parquet-conversion.h
 * has the table.
 */
import {
  allocateColumn, Column, isSafeI64, readBigI64, readI64, writeBigI64, writeI64,
} from '../../batch/column.js';
import { type DataType, ticksPerSecond } from '../../types/data-type.js';
import { malformed } from './malformed.js';
import type { SchemaNode } from './metadata.js';
import type { RawValues } from './page-values.js';

/** Makes a column of `raw.count` values of the table's type. */
export type Conversion = (raw: RawValues, type: DataType) => Column;

/** Null: the column cannot be read as that type. */
export function findConversion(node: SchemaNode, type: DataType): Conversion | null {
  switch (node.physical) {
    case 'BOOLEAN':
      return type.root === 'BOOLEAN' ? copyBytes : null;
    case 'INT32':
      return findInt32(node, type);
    case 'INT64':
      return findInt64(node, type);
    case 'INT96':
      return isTimestamp(type) ? convertInt96 : null;
    case 'FLOAT':
      if (type.root === 'DOUBLE') return widenFloat;
      return type.root === 'FLOAT' ? copyFloats : null;
    case 'DOUBLE':
      return type.root === 'DOUBLE' ? copyDoubles : null;
    case 'BYTE_ARRAY':
    case 'FIXED_LEN_BYTE_ARRAY':
      return findText(node, type);
    default:
      return null;
  }
}

function isTimestamp(type: DataType): boolean {
  return type.root === 'TIMESTAMP' || type.root === 'TIMESTAMP_LTZ';
}

/** A file's DECIMAL must have the table's scale; its precision may be less. */
function fitsDecimal(node: SchemaNode, type: DataType): boolean {
  return type.root === 'DECIMAL' && node.logical === 'decimal' && node.scale === type.scale &&
    node.precision <= (type.precision ?? 0);
}

function findInt32(node: SchemaNode, type: DataType): Conversion | null {
  if (fitsDecimal(node, type)) return (raw) => widenWords(raw, type, 1, true);
  switch (node.logical) {
    case 'date':
      return type.root === 'DATE' ? copyWords : null;
    case 'time':
      return type.root === 'TIME' ? copyWords : null;
    case 'unsigned':
      if (type.root === 'BIGINT') return (raw) => widenWords(raw, type, 1, false);
      break;
    case 'none':
      break;
    default:
      return null;
  }
  switch (type.root) {
    case 'TINYINT':
    case 'SMALLINT':
      return narrowWords;
    case 'INTEGER':
      return copyWords;
    case 'BIGINT':
      return (raw) => widenWords(raw, type, 1, true);
    default:
      return null;
  }
}

function findInt64(node: SchemaNode, type: DataType): Conversion | null {
  if (fitsDecimal(node, type)) return (raw) => widenWords(raw, type, 2, true);
  switch (node.logical) {
    case 'timestamp':
      return isTimestamp(type) ? timestampConversion(node, type) : null;
    case 'time':
      return type.root === 'TIME' ? (raw) => convertTime(raw, type, node.ticksPerSecond) : null;
    case 'none':
    case 'unsigned':
      return type.root === 'BIGINT' ? copyWords : null;
    default:
      return null;
  }
}

function findText(node: SchemaNode, type: DataType): Conversion | null {
  if (fitsDecimal(node, type)) return convertDecimalBytes;
  if (node.logical !== 'none') return null;
  switch (type.root) {
    case 'CHAR':
    case 'VARCHAR':
    case 'BINARY':
    case 'VARBINARY':
      return copyText;
    default:
      return null;
  }
}

function copyBytes(raw: RawValues, type: DataType): Column {
  return new Column(type, raw.count, raw.bytes);
}

function copyWords(raw: RawValues, type: DataType): Column {
  return new Column(type, raw.count, raw.words);
}

function copyFloats(raw: RawValues, type: DataType): Column {
  return new Column(type, raw.count, new Float32Array(raw.words.buffer));
}

function copyDoubles(raw: RawValues, type: DataType): Column {
  return new Column(type, raw.count, new Float64Array(raw.words.buffer));
}

function copyText(raw: RawValues, type: DataType): Column {
  return new Column(type, raw.count, new Uint8Array(0), null, raw.starts, raw.lengths, raw.heap);
}

function widenFloat(raw: RawValues, type: DataType): Column {
  return new Column(type, raw.count, Float64Array.from(new Float32Array(raw.words.buffer)));
}

function narrowWords(raw: RawValues, type: DataType): Column {
  const column = allocateColumn(type, raw.count);
  column.values.set(raw.words);
  return column;
}

/** Sign- or zero-extends `words` words a value to the words of the table's type. */
function widenWords(raw: RawValues, type: DataType, words: number, signed: boolean): Column {
  const column = allocateColumn(type, raw.count);
  const wide = column.values.length / Math.max(1, raw.count);
  for (let i = 0; i < raw.count; i++) {
    let word = 0;
    for (let w = 0; w < words; w++) column.values[i * wide + w] = word = raw.words[i * words + w]!;
    const sign = signed ? word >> 31 : 0;
    for (let w = words; w < wide; w++) column.values[i * wide + w] = sign;
  }
  return column;
}

function timestampConversion(node: SchemaNode, type: DataType): Conversion {
  const from = node.ticksPerSecond;
  const to = ticksPerSecond(type.precision ?? 0);
  if (from === to) return copyWords;
  if (from > to) return (raw) => divide(raw, type, from / to);
  return (raw) => multiply(raw, type, to / from);
}

/** Rounds down, also before 1970. */
function divide(raw: RawValues, type: DataType, divisor: number): Column {
  const column = allocateColumn(type, raw.count);
  const to = column.values as Int32Array;
  for (let i = 0; i < raw.count; i++) {
    if (isSafeI64(raw.words, i)) writeI64(to, i, Math.floor(readI64(raw.words, i) / divisor));
    else writeBigI64(to, i, floorDivide(readBigI64(raw.words, i), BigInt(divisor)));
  }
  return column;
}

function floorDivide(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return value % divisor < 0n ? quotient - 1n : quotient;
}

function multiply(raw: RawValues, type: DataType, multiplier: number): Column {
  const column = allocateColumn(type, raw.count);
  const to = column.values as Int32Array;
  for (let i = 0; i < raw.count; i++) {
    const product = isSafeI64(raw.words, i) ? readI64(raw.words, i) * multiplier : NaN;
    if (Number.isSafeInteger(product)) writeI64(to, i, product);
    else writeTicks(to, i, readBigI64(raw.words, i) * BigInt(multiplier));
  }
  return column;
}

function writeTicks(to: Int32Array, row: number, ticks: bigint): void {
  if (ticks !== BigInt.asIntN(64, ticks)) malformed('timestamp is out of range');
  writeBigI64(to, row, ticks);
}

function convertTime(raw: RawValues, type: DataType, ticksPerSecond: number): Column {
  const column = allocateColumn(type, raw.count);
  const divisor = BigInt(ticksPerSecond / 1_000);
  for (let i = 0; i < raw.count; i++) {
    const millis = isSafeI64(raw.words, i)
      ? Math.trunc(readI64(raw.words, i) / Number(divisor))
      : Number(BigInt.asIntN(32, readBigI64(raw.words, i) / divisor));
    column.values[i] = millis | 0;
  }
  return column;
}

const MS_PER_DAY = 86_400_000;
const JULIAN_EPOCH_DAY = 2_440_588;

/** Nanoseconds of the day in two words, the Julian day in the third. */
function convertInt96(raw: RawValues, type: DataType): Column {
  const column = allocateColumn(type, raw.count);
  const to = column.values as Int32Array;
  const ticks = ticksPerSecond(type.precision ?? 0);
  const divisor = 1_000_000_000 / ticks;
  const nanos = new Int32Array(2);
  for (let i = 0; i < raw.count; i++) {
    nanos[0] = raw.words[i * 3]!;
    nanos[1] = raw.words[i * 3 + 1]!;
    const days = (raw.words[i * 3 + 2]! >>> 0) - JULIAN_EPOCH_DAY;
    const whole = isSafeI64(nanos, 0)
      ? days * (MS_PER_DAY / 1_000) * ticks + Math.floor(readI64(nanos, 0) / divisor)
      : NaN;
    if (Number.isSafeInteger(whole)) writeI64(to, i, whole);
    else writeTicks(to, i, exactTicks(days, readBigI64(nanos, 0), BigInt(divisor)));
  }
  return column;
}

function exactTicks(days: number, nanos: bigint, divisor: bigint): bigint {
  return floorDivide(BigInt(days) * BigInt(MS_PER_DAY) * 1_000_000n + nanos, divisor);
}

/** Two's complement, highest byte first, to four words, lowest first. */
function convertDecimalBytes(raw: RawValues, type: DataType): Column {
  const column = allocateColumn(type, raw.count);
  const bytes = new Uint8Array(column.values.buffer);
  for (let i = 0; i < raw.count; i++) {
    const start = raw.starts[i]!;
    const length = raw.lengths[i]!;
    const sign = length > 0 && (raw.heap[start]! & 0x80) !== 0 ? 0xff : 0;
    for (let b = 0; b < length - 16; b++) {
      if (raw.heap[start + b] !== sign) malformed('decimal is out of range');
    }
    for (let b = 0; b < 16; b++) {
      bytes[i * 16 + b] = b < length ? raw.heap[start + length - 1 - b]! : sign;
    }
  }
  return column;
}
