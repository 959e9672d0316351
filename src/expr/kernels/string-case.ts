/** UPPER, LOWER, INITCAP. Case mapping is that of Unicode without a locale, as in Java. */
import type { Column } from '../../batch/column.js';
import { HeapBuilder, decodeText } from '../../batch/strings.js';
import { isAscii } from '../../batch/utf8.js';
import { type KernelFamily, type KernelFunction, propagating } from '../kernel.js';

const SPACE_BIT = 0x20;

function changedCase(first: number, last: number, full: (text: string) => string): KernelFunction {
  return (columns, selection, count, out) => {
    const source = columns[0]!;
    const step = source.constant ? 0 : 1;
    const heap = new HeapBuilder(count * 16);
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      const start = source.starts[row * step]!;
      const length = source.lengths[row * step]!;
      if (isAscii(source.heap, start, length)) {
        out.starts[row] = appendSwapped(heap, source.heap, start, length, first, last);
      } else {
        out.starts[row] = heap.appendText(full(decodeText(source.heap, start, length)));
      }
      out.lengths[row] = heap.end - out.starts[row]!;
    }
    out.heap = heap.finish();
  };
}

/** Copies ASCII text, the letters in first .. last with their case changed. */
function appendSwapped(
  heap: HeapBuilder, source: Uint8Array, start: number, length: number, first: number,
  last: number,
): number {
  heap.reserve(length);
  const at = heap.end;
  const target = heap.bytes;
  for (let i = 0; i < length; i++) {
    const byte = source[start + i]!;
    target[at + i] = byte >= first && byte <= last ? byte ^ SPACE_BIT : byte;
  }
  heap.end = at + length;
  return at;
}

/** Words are runs of ASCII letters and digits; other characters stay as they are. */
function capitalize(
  columns: readonly Column[], selection: Int32Array | null, count: number, out: Column,
): void {
  const source = columns[0]!;
  const step = source.constant ? 0 : 1;
  const heap = new HeapBuilder(count * 16);
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    const start = source.starts[row * step]!;
    const length = source.lengths[row * step]!;
    out.starts[row] = heap.append(source.heap, start, length);
    out.lengths[row] = length;
    capitalizeBytes(heap.bytes, out.starts[row]!, length);
  }
  out.heap = heap.finish();
}

function capitalizeBytes(bytes: Uint8Array, start: number, length: number): void {
  let inWord = false;
  for (let i = start; i < start + length; i++) {
    const byte = bytes[i]!;
    const letter = byte | SPACE_BIT;
    const isLetter = letter >= 0x61 && letter <= 0x7a;
    if (isLetter) bytes[i] = inWord ? letter : letter ^ SPACE_BIT;
    inWord = isLetter || (byte >= 0x30 && byte <= 0x39);
  }
}

export const stringCaseKernels: KernelFamily = {
  upper: propagating(changedCase(0x61, 0x7a, (text) => text.toUpperCase())),
  lower: propagating(changedCase(0x41, 0x5a, (text) => text.toLowerCase())),
  initcap: propagating(capitalize),
};
