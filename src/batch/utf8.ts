/**
 * Code points in UTF-8 bytes, counted as Flink's BinaryStringData counts them: a byte that no
 * sequence may start with stands for itself. Sequences may be cut off at the end.
 */

/** Bytes of the sequence that starts with this byte. */
export function sequenceBytes(first: number): 1 | 2 | 3 | 4 {
  if (first < 0xc2) return 1;
  if (first < 0xe0) return 2;
  if (first < 0xf0) return 3;
  return first < 0xf8 ? 4 : 1;
}

/** Code points in a range. */
export function countCodePoints(heap: Uint8Array, start: number, length: number): number {
  const end = start + length;
  let count = 0;
  for (let i = start; i < end; count++) {
    const first = heap[i]!;
    i += first < 0x80 ? 1 : sequenceBytes(first);
  }
  return count;
}

/** Where the code point after `count` others starts; at most `end`. */
export function skipCodePoints(
  heap: Uint8Array, start: number, end: number, count: number,
): number {
  let at = start;
  for (let i = 0; i < count && at < end; i++) {
    const first = heap[at]!;
    at += first < 0x80 ? 1 : sequenceBytes(first);
  }
  return at < end ? at : end;
}

/** Where `needle` is first found at or after `from`, or -1. An empty needle is found at `from`. */
export function findBytes(
  heap: Uint8Array, from: number, end: number,
  needle: Uint8Array, needleStart: number, needleLength: number,
): number {
  if (needleLength === 0) return from;
  const first = needle[needleStart]!;
  const last = end - needleLength;
  for (let at = from; at <= last; at++) {
    if (heap[at] !== first) continue;
    let matched = 1;
    while (matched < needleLength && heap[at + matched] === needle[needleStart + matched]) {
      matched++;
    }
    if (matched === needleLength) return at;
  }
  return -1;
}

export function isAscii(heap: Uint8Array, start: number, length: number): boolean {
  for (let i = start; i < start + length; i++) if (heap[i]! >= 0x80) return false;
  return true;
}
