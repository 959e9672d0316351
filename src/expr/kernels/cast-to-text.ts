/**
 * Every scalar type to CHAR, VARCHAR, BINARY and VARBINARY. CHAR(n) and VARCHAR(n) cut at n code
 * points, CHAR(n) fills up with blanks to n UTF-16 units; BINARY(n) and VARBINARY(n) do so with
 * bytes and zeros.
 */
import { readBigI64, type Column } from '../../batch/column.js';
import { readI128 } from '../../batch/int128.js';
import { bytesAt, encodeText, HeapBuilder, textAt } from '../../batch/strings.js';
import { skipCodePoints } from '../../batch/utf8.js';
import {
  castDateText, castMillisecondsText, castMonthsText, castTimestampText, castTimeText,
} from '../../types/cast-text.js';
import { MAX_LENGTH, ticksPerSecond, type DataType } from '../../types/data-type.js';
import { isBinary, isCharacter } from '../../types/merging.js';
import { decimalText, floatText } from '../../types/number-text.js';
import type { CallSite, KernelFunction } from '../kernel.js';
import { indexIn } from '../loop.js';
import { siteZone, ticksToMs } from './cast-time.js';

const BLANK = 32;

/** The loop for this pair; null if the target is no string of characters or bytes. */
export function toTextCast(site: CallSite): KernelFunction | null {
  const from = site.argumentTypes[0];
  const to = site.resultType;
  if (from === undefined) return null;
  const isText = isCharacter(from) || isBinary(from);
  if (isBinary(to)) return isText ? bytesLoop(to) : null;
  if (!isCharacter(to)) return null;
  if (isCharacter(from)) return textToText(to);
  const read = textReader(site, from);
  return read === null ? null : writeLoop(to, read);
}

/** The text of the value at an index. */
type TextReader = (column: Column, index: number) => string;

function textReader(site: CallSite, from: DataType): TextReader | null {
  switch (from.root) {
    case 'BOOLEAN':
      return (column, i) => (column.values[i] === 0 ? 'FALSE' : 'TRUE');
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
      return (column, i) => String(column.values[i]!);
    case 'BIGINT':
      return (column, i) => String(readBigI64(column.values as Int32Array, i));
    case 'FLOAT':
      return (column, i) => floatText(column.values[i]!, true);
    case 'DOUBLE':
      return (column, i) => floatText(column.values[i]!);
    case 'DECIMAL':
      return (column, i) => decimalText(readI128(column.values as Int32Array, i), from.scale ?? 0);
    case 'BINARY':
    case 'VARBINARY':
      return textAt;
    default:
      return timeReader(site, from);
  }
}

function timeReader(site: CallSite, from: DataType): TextReader | null {
  switch (from.root) {
    case 'DATE':
      return (column, i) => castDateText(column.values[i]!);
    case 'TIME':
      return (column, i) => castTimeText(column.values[i]!, from.precision ?? 0);
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return timestampReader(site, from);
    case 'INTERVAL_YEAR_MONTH':
      return (column, i) => castMonthsText(column.values[i]!);
    case 'INTERVAL_DAY_TIME':
      return (column, i) => castMillisecondsText(readBigI64(column.values as Int32Array, i));
    default:
      return null;
  }
}

function timestampReader(site: CallSite, from: DataType): TextReader {
  const precision = from.precision ?? 6;
  const perMs = ticksPerSecond(precision) / 1000;
  const nanosPerTick = 1_000_000 / perMs;
  const zone = from.root === 'TIMESTAMP_LTZ' ? siteZone(site) : null;
  return (column, i) => {
    const words = column.values as Int32Array;
    const utcMs = ticksToMs(words, i, perMs);
    const ms = zone === null ? utcMs : zone.toLocal(utcMs);
    const seconds = Math.floor(ms / 1000);
    const ticks = perMs === 1 ? 0 : Number(readBigI64(words, i) - BigInt(utcMs) * BigInt(perMs));
    const nanos = (ms - seconds * 1000) * 1_000_000 + ticks * nanosPerTick;
    return castTimestampText(seconds, nanos, precision);
  };
}

/** Flink cuts by code points but fills up by the length of a Java string. */
function utf16Units(bytes: Uint8Array, start: number, length: number): number {
  let units = 0;
  for (let i = start; i < start + length; i++) {
    const byte = bytes[i]!;
    if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1;
  }
  return units;
}

/** Appends one string of bytes, cut and filled up as a CHAR or VARCHAR wants it. */
export class LimitedText {
  readonly heap = new HeapBuilder();
  private readonly limit: number;
  private readonly fills: boolean;

  constructor(type: DataType) {
    this.limit = type.length ?? MAX_LENGTH;
    this.fills = type.root === 'CHAR';
  }

  append(bytes: Uint8Array, start: number, length: number, out: Column, row: number): void {
    const end = start + length;
    const kept = length <= this.limit
      ? length : skipCodePoints(bytes, start, end, this.limit) - start;
    const at = this.heap.append(bytes, start, kept);
    const missing = this.fills ? Math.max(0, this.limit - utf16Units(bytes, start, kept)) : 0;
    if (missing > 0) {
      this.heap.reserve(missing);
      this.heap.bytes.fill(BLANK, this.heap.end, this.heap.end + missing);
      this.heap.end += missing;
    }
    out.starts[row] = at;
    out.lengths[row] = kept + missing;
  }
}

function writeLoop(to: DataType, read: TextReader): KernelFunction {
  return (columns, selection, count, out) => {
    const a = columns[0]!;
    const text = new LimitedText(to);
    for (let n = 0; n < count; n++) {
      const row = selection === null ? n : selection[n]!;
      const bytes = encodeText(read(a, indexIn(a, row)));
      text.append(bytes, 0, bytes.length, out, row);
    }
    out.heap = text.heap.finish();
  };
}

function textToText(to: DataType): KernelFunction {
  return (columns, selection, count, out) => {
    const a = columns[0]!;
    const text = new LimitedText(to);
    for (let n = 0; n < count; n++) {
      const row = selection === null ? n : selection[n]!;
      const i = indexIn(a, row);
      text.append(a.heap, a.starts[i]!, a.lengths[i]!, out, row);
    }
    out.heap = text.heap.finish();
  };
}

/** Strings and bytes to BINARY(n) and VARBINARY(n). */
function bytesLoop(to: DataType): KernelFunction {
  const limit = to.length ?? MAX_LENGTH;
  const fills = to.root === 'BINARY';
  return (columns, selection, count, out) => {
    const a = columns[0]!;
    const heap = new HeapBuilder();
    for (let n = 0; n < count; n++) {
      const row = selection === null ? n : selection[n]!;
      const bytes = bytesAt(a, row);
      const kept = Math.min(bytes.length, limit);
      const length = fills ? limit : kept;
      out.starts[row] = heap.append(bytes, 0, kept);
      out.lengths[row] = length;
      if (length > kept) {
        heap.reserve(length - kept);
        heap.bytes.fill(0, heap.end, heap.end + length - kept);
        heap.end += length - kept;
      }
    }
    out.heap = heap.finish();
  };
}
