/**
 * Fills columns of datagen tables. A value is a function of (seed, row number, field) and, for
 * times, the clock. native/sources/datagen-generator.cpp makes the same.
 */
import {
  allocateColumn, type Column, setNull, writeBigI64, writeI64,
} from '../../batch/column.js';
import { writeI128 } from '../../batch/int128.js';
import { ticksPerSecond } from '../../types/data-type.js';
import { belowWide, below, draw, drawAt, recordKey, seedKey } from '../random.js';
import { FIELD_DRAWS, type GeneratedField } from './fields.js';

const TWO_32 = 4294967296;
const TWO_52 = 4503599627370496;
const MAX_SAFE_RANGE = 1n << 53n;
const MS_A_DAY = 86_400_000;
const HEX = '0123456789abcdef';

/** The rows of one call: their numbers and keys, and the clock. */
export interface GeneratedRows {
  readonly count: number;
  /** Row number within its sequence, from 0. */
  readonly numbers: Float64Array;
  readonly keys: Int32Array;
  readonly nowMs: number;
}

/** Rows first, first + step, ... of a seed. */
export function numberRows(
  seed: number, first: number, step: number, count: number, nowMs: number,
): GeneratedRows {
  const base = seedKey(seed);
  const numbers = new Float64Array(count);
  const keys = new Int32Array(count);
  for (let row = 0; row < count; row++) {
    numbers[row] = first + row * step;
    keys[row] = recordKey(base, numbers[row]!);
  }
  return { count, numbers, keys, nowMs };
}

/** `above`: the rows that the field lies in; where one is NULL, so is the field. */
export function generateColumn(
  field: GeneratedField, rows: GeneratedRows, above: readonly GeneratedField[] = [],
): Column {
  const column = allocateColumn(field.type, rows.count);
  switch (field.kind) {
    case 'row':
      column.children = field.children.map((child) => generateColumn(child, rows));
      break;
    case 'sequence':
      fillSequence(column, field.start, rows);
      break;
    case 'integer':
      fillIntegers(column, field.min, field.range, field.draw, rows);
      break;
    case 'real':
      for (let row = 0; row < rows.count; row++) {
        const share = fraction(rows.keys[row]!, field.draw);
        column.values[row] = share * field.max + (1 - share) * field.min;
      }
      break;
    case 'boolean':
      for (let row = 0; row < rows.count; row++) {
        column.values[row] = draw(rows.keys[row]!, field.draw) & 1;
      }
      break;
    case 'text':
      fillText(column, field, rows);
      break;
    case 'date':
      column.values.fill(Math.floor(rows.nowMs / MS_A_DAY));
      break;
    case 'time':
      column.values.fill(rows.nowMs - Math.floor(rows.nowMs / MS_A_DAY) * MS_A_DAY);
      break;
    case 'timestamp':
      fillTimestamps(column, field.maxPastMs, field.draw, rows);
      break;
  }
  for (const nullable of [...above, field]) makeNulls(column, nullable, rows);
  return column;
}

function makeNulls(column: Column, field: GeneratedField, rows: GeneratedRows): void {
  if (field.nullRate === 0) return;
  for (let row = 0; row < rows.count; row++) {
    const u = draw(rows.keys[row]!, field.draw + FIELD_DRAWS.isNull);
    if (u / TWO_32 < field.nullRate) setNull(column, row);
  }
}

/** In [0, 1). */
function fraction(key: number, first: number): number {
  return (draw(key, first) * 1048576 + (draw(key, first + 1) >>> 12)) / TWO_52;
}

function fillSequence(column: Column, start: bigint, rows: GeneratedRows): void {
  const texts: string[] = [];
  for (let row = 0; row < rows.count; row++) {
    const value = start + BigInt(rows.numbers[row]!);
    switch (column.physical) {
      case 'i64':
        writeBigI64(column.values as Int32Array, row, value);
        break;
      case 'i128':
        writeI128(
          column.values as Int32Array, row, value * 10n ** BigInt(column.type.scale ?? 0));
        break;
      case 'string':
        texts.push(String(value));
        break;
      default:
        column.values[row] = Number(value);
    }
  }
  if (column.physical === 'string') setTexts(column, texts);
}

function setTexts(column: Column, texts: readonly string[]): void {
  const heap = Buffer.from(texts.join(''), 'latin1');
  column.heap = heap;
  let at = 0;
  texts.forEach((text, row) => {
    column.starts[row] = at;
    column.lengths[row] = text.length;
    at += text.length;
  });
}

function fillIntegers(
  column: Column, min: bigint, range: bigint, first: number, rows: GeneratedRows,
): void {
  const isSmall = range <= MAX_SAFE_RANGE;
  for (let row = 0; row < rows.count; row++) {
    const key = rows.keys[row]!;
    const value = isSmall
      ? min + BigInt(belowWide(draw(key, first), draw(key, first + 1), Number(range)))
      : min + (wideDraw(key, first, column.physical === 'i128') % range);
    if (column.physical === 'i128') writeI128(column.values as Int32Array, row, value);
    else if (column.physical === 'i64') writeBigI64(column.values as Int32Array, row, value);
    else column.values[row] = Number(value);
  }
}

/** 64 random bits, or 128. */
function wideDraw(key: number, first: number, isDouble: boolean): bigint {
  const words = isDouble ? 4 : 2;
  let value = 0n;
  for (let i = 0; i < words; i++) value = (value << 32n) | BigInt(draw(key, first + i));
  return value;
}

type TextField = Extract<GeneratedField, { kind: 'text' }>;

/** Hexadecimal digits, or bytes. */
function fillText(column: Column, field: TextField, rows: GeneratedRows): void {
  const isBytes = column.physical === 'bytes';
  const heap = new Uint8Array(rows.count * field.length);
  let end = 0;
  for (let row = 0; row < rows.count; row++) {
    const key = rows.keys[row]!;
    const u = draw(key, field.draw + FIELD_DRAWS.length);
    const length = field.isVariable ? 1 + below(u, field.length) : field.length;
    const stream = draw(key, field.draw + FIELD_DRAWS.text);
    column.starts[row] = end;
    column.lengths[row] = length;
    for (let i = 0; i < length; i++) {
      heap[end++] = isBytes
        ? (drawAt(stream, i >> 2) >>> (8 * (i & 3))) & 255
        : HEX.charCodeAt((drawAt(stream, i >> 3) >>> (4 * (i & 7))) & 15);
    }
  }
  column.heap = heap.subarray(0, end);
}

function fillTimestamps(
  column: Column, maxPastMs: number, first: number, rows: GeneratedRows,
): void {
  const perMs = BigInt(ticksPerSecond(column.type.precision ?? 6) / 1000);
  const values = column.values as Int32Array;
  for (let row = 0; row < rows.count; row++) {
    const key = rows.keys[row]!;
    const past = maxPastMs === 0
      ? 0 : belowWide(draw(key, first), draw(key, first + 1), maxPastMs);
    if (perMs === 1n) writeI64(values, row, rows.nowMs - past);
    else writeBigI64(values, row, BigInt(rows.nowMs - past) * perMs);
  }
}
