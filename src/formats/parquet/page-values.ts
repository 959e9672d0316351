/**
 * The values of a page (those that are present) in the file's own types, as typed arrays.
 */
import type { Encoding, ParquetType } from 'hyparquet';
import { HybridDecoder } from './hybrid.js';
import type { ParquetLibrary } from './library.js';
import { malformed } from './malformed.js';

/** Most bytes that one page may unfold to. */
export const MAX_PAGE_BYTES = 512 << 20;

/**
 * words: BOOLEAN one byte; INT32, FLOAT one word; INT64, DOUBLE two; INT96 three.
 * text: BYTE_ARRAY and FIXED_LEN_BYTE_ARRAY as ranges of `heap`.
 */
export interface RawValues {
  readonly count: number;
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
  readonly starts: Int32Array;
  readonly lengths: Int32Array;
  readonly heap: Uint8Array;
}

const NO_BYTES = new Uint8Array(0);
const NO_WORDS = new Int32Array(0);

const NO_VALUES: RawValues = {
  count: 0, bytes: NO_BYTES, words: NO_WORDS, starts: NO_WORDS, lengths: NO_WORDS, heap: NO_BYTES,
};

const WORDS = { INT32: 1, FLOAT: 1, INT64: 2, DOUBLE: 2, INT96: 3 } as const;

/** The column that the values belong to. */
export interface RawType {
  readonly physical: ParquetType;
  readonly typeLength: number;
}

/** Everything but dictionary indexes. */
export function readValues(
  library: ParquetLibrary, type: RawType, encoding: Encoding, page: Uint8Array, count: number,
): RawValues {
  const { physical, typeLength } = type;
  if (physical === 'FIXED_LEN_BYTE_ARRAY' && !(typeLength > 0 && typeLength <= 1 << 24)) {
    malformed('length of a fixed-length type is malformed');
  }
  switch (encoding) {
    case 'PLAIN':
      return readPlain(type, page, count);
    case 'RLE':
      if (physical !== 'BOOLEAN') break;
      return readRunBooleans(page, count);
    case 'DELTA_BINARY_PACKED':
      if (physical !== 'INT32' && physical !== 'INT64') break;
      return readDeltaIntegers(library, physical, page, count);
    case 'DELTA_LENGTH_BYTE_ARRAY':
      if (!isText(physical)) break;
      return readDeltaText(library, page, count);
    case 'DELTA_BYTE_ARRAY':
      if (!isText(physical)) break;
      return readDeltaStrings(library, page, count);
    case 'BYTE_STREAM_SPLIT':
      if (physical === 'BOOLEAN' || physical === 'BYTE_ARRAY') break;
      return readPlain(type, joinByteStreams(page, count, widthOf(type)), count);
    default:
  }
  return malformed('encoding is not supported');
}

function isText(physical: ParquetType): boolean {
  return physical === 'BYTE_ARRAY' || physical === 'FIXED_LEN_BYTE_ARRAY';
}

function widthOf({ physical, typeLength }: RawType): number {
  return physical === 'FIXED_LEN_BYTE_ARRAY' ? typeLength : 4 * WORDS[physical as 'INT32'];
}

function readPlain(type: RawType, page: Uint8Array, count: number): RawValues {
  switch (type.physical) {
    case 'BOOLEAN':
      return readBits(page, count);
    case 'BYTE_ARRAY':
      return readPrefixed(page, count);
    case 'FIXED_LEN_BYTE_ARRAY':
      return readFixed(page, type.typeLength, count);
    default:
      return { ...NO_VALUES, count, words: wordsOf(page, count * WORDS[type.physical]) };
  }
}

/** A copy, so that words are aligned. */
function wordsOf(page: Uint8Array, count: number): Int32Array {
  if (count * 4 > page.length) malformed('a page ends before its values');
  const words = new Int32Array(count);
  new Uint8Array(words.buffer).set(page.subarray(0, count * 4));
  return words;
}

function readBits(page: Uint8Array, count: number): RawValues {
  if (count > page.length * 8) malformed('a page ends before its values');
  const bytes = new Uint8Array(count);
  for (let i = 0; i < count; i++) bytes[i] = (page[i >> 3]! >> (i & 7)) & 1;
  return { ...NO_VALUES, count, bytes };
}

function readRunBooleans(page: Uint8Array, count: number): RawValues {
  const length = page.length < 4 ? Infinity : readU32(page, 0);
  if (length > page.length - 4) malformed('a page ends before its values');
  const values = new Int32Array(count);
  new HybridDecoder(page, 4, 4 + length, 1).read(values, 0, count);
  return { ...NO_VALUES, count, bytes: Uint8Array.from(values) };
}

function readU32(bytes: Uint8Array, at: number): number {
  const high = bytes[at + 3]! * 0x1000000;
  return high + (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16));
}

function readPrefixed(page: Uint8Array, count: number): RawValues {
  if (count * 4 > page.length) malformed('a page ends before its values');
  const starts = new Int32Array(count);
  const lengths = new Int32Array(count);
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + 4 > page.length) malformed('a page ends before its values');
    const length = readU32(page, at);
    at += 4;
    if (length > page.length - at) malformed('a page ends before its values');
    starts[i] = at;
    lengths[i] = length;
    at += length;
  }
  return { ...NO_VALUES, count, starts, lengths, heap: page };
}

function readFixed(page: Uint8Array, width: number, count: number): RawValues {
  if (count * width > page.length) malformed('a page ends before its values');
  const starts = new Int32Array(count);
  for (let i = 0; i < count; i++) starts[i] = i * width;
  return { ...NO_VALUES, count, starts, lengths: new Int32Array(count).fill(width), heap: page };
}

/** Integers under DELTA_BINARY_PACKED at the front of a page, and where they end. */
function deltaIntegers<Target extends Int32Array | BigInt64Array>(
  library: ParquetLibrary, page: Uint8Array, at: number, target: Target,
): number {
  const reader = { view: viewOf(page), offset: at };
  checkDeltaHead(page, at, target.length);
  if (target.length > 0) library.deltaBinaryUnpack(reader, target.length, target);
  return reader.offset;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Block size, miniblocks and count, which the library takes on trust. */
function checkDeltaHead(page: Uint8Array, start: number, count: number): void {
  let at = start;
  const head = [0, 0, 0].map(() => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = page[at++];
      if (byte === undefined || scale > 2 ** 35) malformed('delta-encoded values are malformed');
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  });
  const [blockSize, miniblocks, total] = head as [number, number, number];
  const perMiniblock = blockSize / miniblocks;
  if (!(blockSize > 0 && blockSize <= 1 << 24 && perMiniblock % 8 === 0 && total === count)) {
    malformed('delta-encoded values are malformed');
  }
}

function readDeltaIntegers(
  library: ParquetLibrary, physical: 'INT32' | 'INT64', page: Uint8Array, count: number,
): RawValues {
  if (count * 8 > MAX_PAGE_BYTES) malformed('a page is too large');
  if (physical === 'INT32') {
    const words = new Int32Array(count);
    deltaIntegers(library, page, 0, words);
    return { ...NO_VALUES, count, words };
  }
  const values = new BigInt64Array(count);
  deltaIntegers(library, page, 0, values);
  return { ...NO_VALUES, count, words: new Int32Array(values.buffer) };
}

function readDeltaText(library: ParquetLibrary, page: Uint8Array, count: number): RawValues {
  return textAfter(library, page, 0, count);
}

/** Lengths from `at` on, then the bytes of all values. */
function textAfter(
  library: ParquetLibrary, page: Uint8Array, from: number, count: number,
): RawValues {
  if (count * 8 > MAX_PAGE_BYTES) malformed('a page is too large');
  const lengths = new Int32Array(count);
  let at = deltaIntegers(library, page, from, lengths);
  const starts = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const length = lengths[i]!;
    if (length < 0 || length > page.length - at) malformed('delta-encoded values are malformed');
    starts[i] = at;
    at += length;
  }
  return { ...NO_VALUES, count, starts, lengths, heap: page };
}

/** Strings that share a prefix with the one before. */
function readDeltaStrings(library: ParquetLibrary, page: Uint8Array, count: number): RawValues {
  if (count * 8 > MAX_PAGE_BYTES) malformed('a page is too large');
  const prefixes = new Int32Array(count);
  const at = deltaIntegers(library, page, 0, prefixes);
  const suffixes = textAfter(library, page, at, count);
  let total = 0;
  for (let i = 0; i < count; i++) {
    const known = i === 0 ? 0 : prefixes[i - 1]! + suffixes.lengths[i - 1]!;
    const prefix = prefixes[i]!;
    if (prefix < 0 || prefix > known) malformed('delta-encoded values are malformed');
    total += prefix + suffixes.lengths[i]!;
  }
  if (total > MAX_PAGE_BYTES) malformed('a page is too large');
  const heap = new Uint8Array(total);
  const starts = new Int32Array(count);
  const lengths = new Int32Array(count);
  let end = 0;
  for (let i = 0; i < count; i++) {
    starts[i] = end;
    lengths[i] = prefixes[i]! + suffixes.lengths[i]!;
    if (i > 0) heap.copyWithin(end, starts[i - 1]!, starts[i - 1]! + prefixes[i]!);
    const from = suffixes.starts[i]!;
    heap.set(page.subarray(from, from + suffixes.lengths[i]!), end + prefixes[i]!);
    end += lengths[i]!;
  }
  return { ...NO_VALUES, count, starts, lengths, heap };
}

/** Bytes of one significance side by side -> values. */
function joinByteStreams(page: Uint8Array, count: number, width: number): Uint8Array {
  if (count * width > page.length) malformed('a page ends before its values');
  const joined = new Uint8Array(count * width);
  for (let byte = 0; byte < width; byte++) {
    const stream = byte * count;
    for (let i = 0; i < count; i++) joined[i * width + byte] = page[stream + i]!;
  }
  return joined;
}
