/**
 * Building and reading the string form of columns: byte ranges in a heap.
 */
import type { Column } from './column.js';

/** Bytes that one heap may hold: ranges are int32. Past it: HeapFullError. */
const MAX_HEAP_BYTES = 1 << 30;

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder('utf-8', { ignoreBOM: true });

/** A heap would grow beyond MAX_HEAP_BYTES. */
export class HeapFullError extends Error {
  constructor(readonly bytes: number) {
    super(`string heap of ${bytes} bytes`);
  }
}

/**
 * A byte heap that grows by doubling. `bytes` is replaced when it grows: read it again after each
 * call that may append.
 */
export class HeapBuilder {
  bytes: Uint8Array;
  /** Bytes in use. */
  end = 0;

  constructor(capacity = 256) {
    this.bytes = new Uint8Array(Math.min(capacity, MAX_HEAP_BYTES));
  }

  /** Makes room for `count` more bytes without using them. */
  reserve(count: number): void {
    const needed = this.end + count;
    if (needed <= this.bytes.length) return;
    if (needed > MAX_HEAP_BYTES) throw new HeapFullError(needed);
    const doubled = Math.max(this.bytes.length * 2, needed);
    const larger = new Uint8Array(Math.min(MAX_HEAP_BYTES, doubled));
    larger.set(this.bytes.subarray(0, this.end));
    this.bytes = larger;
  }

  /** Copies bytes; returns where they start. */
  append(source: Uint8Array, start: number, length: number): number {
    this.reserve(length);
    const at = this.end;
    const target = this.bytes;
    if (length < 32) {
      for (let i = 0; i < length; i++) target[at + i] = source[start + i]!;
    } else {
      target.set(source.subarray(start, start + length), at);
    }
    this.end = at + length;
    return at;
  }

  /** Encodes text as UTF-8 (a lone surrogate becomes `?`, as in Flink); returns where it starts. */
  appendText(text: string): number {
    const at = this.end;
    this.reserve(text.length * 3);
    const target = this.bytes;
    let end = at;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code >= 0x80) {
        end += ENCODER.encodeInto(wellFormed(text.slice(i)), target.subarray(end)).written;
        break;
      }
      target[end++] = code;
    }
    this.end = end;
    return at;
  }

  /** The bytes in use; nothing may be appended afterwards. */
  finish(): Uint8Array {
    return this.bytes.subarray(0, this.end);
  }
}

/** Text of UTF-8 bytes; malformed sequences become U+FFFD. */
export function decodeText(heap: Uint8Array, start: number, length: number): string {
  if (length < 24) {
    let text = '';
    for (let i = start; i < start + length; i++) {
      const byte = heap[i]!;
      if (byte >= 0x80) return DECODER.decode(heap.subarray(start, start + length));
      text += String.fromCharCode(byte);
    }
    return text;
  }
  return DECODER.decode(heap.subarray(start, start + length));
}

export function encodeText(text: string): Uint8Array {
  return ENCODER.encode(wellFormed(text));
}

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function wellFormed(text: string): string {
  return text.replace(LONE_SURROGATE, '?');
}

/** The string of a row (not null) as JavaScript text. */
export function textAt(column: Column, row: number): string {
  const at = column.constant ? 0 : row;
  return decodeText(column.heap, column.starts[at]!, column.lengths[at]!);
}

/** The bytes of a row (not null): a view into the column's heap. */
export function bytesAt(column: Column, row: number): Uint8Array {
  const at = column.constant ? 0 : row;
  const start = column.starts[at]!;
  return column.heap.subarray(start, start + column.lengths[at]!);
}

/** Order of two byte ranges as unsigned bytes: negative, 0 or positive. */
export function compareBytes(
  a: Uint8Array, aStart: number, aLength: number,
  b: Uint8Array, bStart: number, bLength: number,
): number {
  const shared = aLength < bLength ? aLength : bLength;
  for (let i = 0; i < shared; i++) {
    const difference = a[aStart + i]! - b[bStart + i]!;
    if (difference !== 0) return difference;
  }
  return aLength - bLength;
}

export function equalBytes(
  a: Uint8Array, aStart: number, aLength: number,
  b: Uint8Array, bStart: number, bLength: number,
): boolean {
  if (aLength !== bLength) return false;
  for (let i = 0; i < aLength; i++) if (a[aStart + i] !== b[bStart + i]) return false;
  return true;
}
