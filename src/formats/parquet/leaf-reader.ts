/**
 * One column of a Parquet file, read row group after row group, a stretch of rows at a time.
 */
import type { Encoding, PageHeader } from 'hyparquet';
import {
  allocateColumn, type Column, setNull, type Values,
} from '../../batch/column.js';
import { fail } from '../../errors/index.js';
import type { DataType } from '../../types/data-type.js';
import type { FileInput } from '../file-input.js';
import type { Conversion } from './conversion.js';
import { HybridDecoder } from './hybrid.js';
import type { ParquetLibrary } from './library.js';
import { malformed, MalformedParquet } from './malformed.js';
import type { ColumnChunk, SchemaNode } from './metadata.js';
import { MAX_PAGE_BYTES, readValues } from './page-values.js';

const CODECS = new Set(['UNCOMPRESSED', 'SNAPPY', 'ZSTD']);
const NO_BYTES = new Uint8Array(0);
const NO_LEVELS = new Int32Array(0);
/** Values looked up at a time. */
const STRETCH = 4096;

export class LeafReader {
  private codec: ColumnChunk['codec'] = 'UNCOMPRESSED';
  private chunk: Uint8Array = NO_BYTES;
  private chunkAt = 0;
  /** Not yet covered by a page. */
  private groupRowsLeft = 0;
  private pageRowsLeft = 0;
  private definition: HybridDecoder | null = null;
  private dictionary: Column | null = null;
  /** The page's values: indexes into the dictionary, or themselves from `denseAt` on. */
  private indexes: HybridDecoder | null = null;
  private dense: Column | null = null;
  private denseAt = 0;
  private readonly indexRoom = new Int32Array(STRETCH);
  private levelRoom = NO_LEVELS;
  private levelCount = 0;

  /** `node` is not repeated. */
  constructor(
    private readonly library: ParquetLibrary,
    private readonly file: FileInput,
    private readonly node: SchemaNode,
    private readonly type: DataType,
    private readonly conversion: Conversion,
  ) {}

  /** Goes to a row group's part of this column. */
  open(chunk: ColumnChunk, rowCount: number): void {
    if (!CODECS.has(chunk.codec)) {
      fail('MR2100', { feature: `Parquet codec ${chunk.codec} in ${this.file.path}` });
    }
    this.guarded(() => {
      if (chunk.physical !== this.node.physical) malformed('a row group has another type');
      this.codec = chunk.codec;
      this.chunk = new Uint8Array(chunk.bytes);
      if (this.file.readAt(chunk.start, this.chunk) < chunk.bytes) {
        malformed('the file is truncated');
      }
    });
    this.chunkAt = 0;
    this.groupRowsLeft = rowCount;
    this.pageRowsLeft = 0;
    this.dictionary = null;
  }

  /** The next rows; a value is absent where it or a row around it is. */
  read(count: number): Column {
    const out = allocateColumn(this.type, count);
    this.levelCount = 0;
    this.guarded(() => {
      for (let done = 0; done < count; ) {
        if (this.pageRowsLeft === 0) this.nextPage();
        const take = Math.min(count - done, this.pageRowsLeft, STRETCH);
        this.readStretch(out, done, take);
        this.pageRowsLeft -= take;
        done += take;
      }
    });
    return out;
  }

  /** Definition levels of the rows read last; empty = every value was present. */
  levels(): Int32Array {
    return this.levelRoom.subarray(0, this.levelCount);
  }

  private guarded(read: () => void): void {
    try {
      read();
    } catch (error) {
      if (!(error instanceof MalformedParquet) && !(error instanceof RangeError)) throw error;
      const cause = error instanceof MalformedParquet ? error.message : 'a page is malformed';
      const reason = `column ${this.node.name}: ${cause}`;
      fail('MR4002', { path: this.file.path, reason });
    }
  }

  private readStretch(out: Column, at: number, count: number): void {
    const max = this.node.maxDefinition;
    const level = this.definition === null ? max : this.definition.takeRepeated(count);
    if (level === max) {
      if (this.levelCount > 0) this.fillLevels(at, at + count, max);
      this.readPresent(out, at, count);
      return;
    }
    this.fillLevels(this.levelCount, at, max);
    if (level >= 0) {
      this.fillLevels(at, at + count, level);
      for (let row = at; row < at + count; row++) setNull(out, row);
      return;
    }
    this.fillLevels(at, at + count, max);
    const levels = this.levelRoom;
    this.definition!.read(levels, at, count);
    let present = 0;
    for (let row = at; row < at + count; row++) if (levels[row] === max) present++;
    this.readPresent(out, at, present);
    if (present < count) spread(out, levels, max, at, count, present);
  }

  private fillLevels(from: number, to: number, level: number): void {
    if (to > this.levelRoom.length) {
      const wider = new Int32Array(Math.max(to, this.levelRoom.length * 2));
      wider.set(this.levelRoom);
      this.levelRoom = wider;
    }
    this.levelRoom.fill(level, from, to);
    if (to > this.levelCount) this.levelCount = to;
  }

  private readPresent(out: Column, at: number, count: number): void {
    if (count === 0) return;
    if (this.indexes === null) {
      const dense = this.dense!;
      if (count > dense.length - this.denseAt) malformed('a page ends before its values');
      copyRows(dense, this.denseAt, out, at, count);
      this.denseAt += count;
      return;
    }
    const { dictionary, indexRoom } = this;
    this.indexes.read(indexRoom, 0, count);
    gatherRows(dictionary!, indexRoom, out, at, count);
  }

  private nextPage(): void {
    while (this.pageRowsLeft === 0) {
      if (this.chunkAt >= this.chunk.length) malformed('its pages end before its rows');
      const reader = { view: viewOf(this.chunk), offset: this.chunkAt };
      const header = this.header(reader);
      const size = header.compressed_page_size;
      if (size > this.chunk.length - reader.offset) malformed('a page is truncated');
      const whole = header.uncompressed_page_size;
      if (whole > MAX_PAGE_BYTES || whole > (size + 1) * 65536) malformed('a page is too large');
      this.chunkAt = reader.offset + size;
      this.loadPage(header, this.chunk.subarray(reader.offset, this.chunkAt));
    }
  }

  private header(reader: { view: DataView; offset: number }): PageHeader {
    let header: PageHeader;
    try {
      header = this.library.parquetHeader(reader);
    } catch {
      return malformed('a page header is malformed');
    }
    const sizes = [header.compressed_page_size, header.uncompressed_page_size];
    if (!sizes.every((size) => size >= 0)) malformed('a page header is malformed');
    return header;
  }

  private loadPage(header: PageHeader, body: Uint8Array): void {
    switch (header.type) {
      case 'INDEX_PAGE':
        return;
      case 'DICTIONARY_PAGE':
        return this.loadDictionary(header, body);
      case 'DATA_PAGE':
      case 'DATA_PAGE_V2': {
        const part = header.data_page_header ?? header.data_page_header_v2;
        const rows = part?.num_values ?? -1;
        if (rows < 0) malformed('a page header is malformed');
        if (rows > this.groupRowsLeft) malformed('a page has more rows than its row group');
        if (header.type === 'DATA_PAGE') this.loadDataV1(header, body, rows);
        else this.loadDataV2(header, body, rows);
        this.groupRowsLeft -= rows;
        this.pageRowsLeft = rows;
        return;
      }
      default:
        malformed('a page header is malformed');
    }
  }

  private unfold(body: Uint8Array, size: number): Uint8Array {
    if (this.codec === 'UNCOMPRESSED') {
      if (body.length !== size) malformed('an uncompressed page has two sizes');
      return body;
    }
    let page: Uint8Array | undefined;
    try {
      page = this.library.compressors[this.codec]?.(body, size);
    } catch (error) {
      malformed(`a page cannot be unfolded: ${error instanceof Error ? error.message : 'damaged'}`);
    }
    if (page?.length !== size) malformed('a page cannot be unfolded: another size');
    return page;
  }

  private loadDictionary(header: PageHeader, body: Uint8Array): void {
    const page = this.unfold(body, header.uncompressed_page_size);
    const count = header.dictionary_page_header?.num_values ?? -1;
    if (count < 0 || count > page.length * 8) malformed('a dictionary ends before its values');
    const raw = readValues(this.library, this.node, 'PLAIN', page, count);
    this.dictionary = this.conversion(raw, this.type);
  }

  /** Definition levels with their length in front, then values; all of it compressed. */
  private loadDataV1(header: PageHeader, body: Uint8Array, rows: number): void {
    const page = this.unfold(body, header.uncompressed_page_size);
    let at = 0;
    this.definition = null;
    if (this.node.maxDefinition > 0) {
      const length = page.length < 4 ? Infinity : viewOf(page).getUint32(0, true);
      if (length > page.length - 4) malformed('a page ends before its levels');
      at = 4 + length;
      this.definition = new HybridDecoder(page, 4, at, bitsFor(this.node.maxDefinition));
    }
    const levels = (): HybridDecoder => new HybridDecoder(page, 4, at, this.levelBits);
    this.openValues(header.data_page_header!.encoding, page.subarray(at), rows, levels);
  }

  /** Levels as they are, then values, compressed or not. */
  private loadDataV2(header: PageHeader, body: Uint8Array, rows: number): void {
    const part = header.data_page_header_v2!;
    const from = part.repetition_levels_byte_length;
    const to = from + part.definition_levels_byte_length;
    const size = header.uncompressed_page_size - to;
    if (!(from >= 0 && to >= from && to <= body.length && size >= 0)) {
      malformed('a page header is malformed');
    }
    const folded = part.is_compressed !== false && size > 0;
    const values = folded ? this.unfold(body.subarray(to), size) : body.subarray(to);
    const levels = (): HybridDecoder => new HybridDecoder(body, from, to, this.levelBits);
    this.definition = this.node.maxDefinition > 0 ? levels() : null;
    this.openValues(part.encoding, values, rows, levels);
  }

  private get levelBits(): number {
    return bitsFor(this.node.maxDefinition);
  }

  private openValues(
    encoding: Encoding, page: Uint8Array, rows: number, levels: () => HybridDecoder,
  ): void {
    if (encoding === 'PLAIN_DICTIONARY' || encoding === 'RLE_DICTIONARY') {
      if (this.dictionary === null) malformed('a dictionary is missing');
      const width = page[0] ?? 0;
      if (width > 32) malformed('width of dictionary indexes is malformed');
      this.indexes = new HybridDecoder(page, 1, page.length, width);
      this.dense = null;
      return;
    }
    const present = this.node.maxDefinition > 0 ? this.countPresent(levels(), rows) : rows;
    const raw = readValues(this.library, this.node, encoding, page, present);
    this.indexes = null;
    this.dense = this.conversion(raw, this.type);
    this.denseAt = 0;
  }

  /** How many of a page's rows have a value. */
  private countPresent(levels: HybridDecoder, rows: number): number {
    const max = this.node.maxDefinition;
    const room = this.indexRoom;
    let present = 0;
    for (let done = 0; done < rows; ) {
      const take = Math.min(rows - done, STRETCH);
      const level = levels.takeRepeated(take);
      if (level < 0) {
        levels.read(room, 0, take);
        for (let i = 0; i < take; i++) if (room[i] === max) present++;
      } else if (level === max) {
        present += take;
      }
      done += take;
    }
    return present;
  }
}

function bitsFor(level: number): number {
  return 32 - Math.clz32(level);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Elements of `values` a row takes. */
function wordsOf(column: Column): number {
  return column.physical === 'i64' ? 2 : column.physical === 'i128' ? 4 : 1;
}

function isText(column: Column): boolean {
  return column.physical === 'string' || column.physical === 'bytes';
}

function copyRows(from: Column, at: number, to: Column, toAt: number, count: number): void {
  if (isText(from)) {
    const shift = adoptHeap(from.heap, to, toAt);
    for (let i = 0; i < count; i++) to.starts[toAt + i] = from.starts[at + i]! + shift;
    to.lengths.set(from.lengths.subarray(at, at + count), toAt);
    return;
  }
  const words = wordsOf(from);
  to.values.set(from.values.subarray(at * words, (at + count) * words), toAt * words);
}

function gatherRows(
  from: Column, indexes: Int32Array, to: Column, toAt: number, count: number,
): void {
  const length = from.length;
  for (let i = 0; i < count; i++) {
    if (indexes[i]! >>> 0 >= length) malformed('an index lies past the dictionary');
  }
  if (isText(from)) {
    const shift = adoptHeap(from.heap, to, toAt);
    const { starts, lengths } = from;
    for (let i = 0; i < count; i++) {
      const index = indexes[i]!;
      to.starts[toAt + i] = starts[index]! + shift;
      to.lengths[toAt + i] = lengths[index]!;
    }
    return;
  }
  switch (wordsOf(from)) {
    case 1:
      return gatherWords(from.values, indexes, to.values, toAt, count);
    case 2:
      return gatherPairs(from.values as Int32Array, indexes, to.values as Int32Array, toAt, count);
    default:
      for (let i = 0; i < count; i++) {
        const at = indexes[i]! * 4;
        to.values.set(from.values.subarray(at, at + 4), (toAt + i) * 4);
      }
  }
}

function gatherWords(
  from: Values, indexes: Int32Array, to: Values, toAt: number, count: number,
): void {
  for (let i = 0; i < count; i++) to[toAt + i] = from[indexes[i]!]!;
}

function gatherPairs(
  from: Int32Array, indexes: Int32Array, to: Int32Array, toAt: number, count: number,
): void {
  for (let i = 0; i < count; i++) {
    const at = indexes[i]! * 2;
    to[2 * (toAt + i)] = from[at]!;
    to[2 * (toAt + i) + 1] = from[at + 1]!;
  }
}

/**
 * Lets `to` view into `heap` from row `at` on and returns what its ranges are moved by. A column
 * that already has rows in another heap gets both, one behind the other.
 */
function adoptHeap(heap: Uint8Array, to: Column, at: number): number {
  if (at === 0 || to.heap.length === 0 || to.heap === heap) {
    to.heap = heap;
    return 0;
  }
  const both = new Uint8Array(to.heap.length + heap.length);
  both.set(to.heap);
  both.set(heap, to.heap.length);
  const shift = to.heap.length;
  to.heap = both;
  return shift;
}

/** Moves `present` values at the front to the rows whose level is `max`, the last one first. */
function spread(
  out: Column, levels: Int32Array, max: number, at: number, count: number, present: number,
): void {
  const arrays = isText(out) ? [out.starts, out.lengths] : [out.values];
  const words = wordsOf(out);
  let from = at + present;
  for (let row = at + count - 1; row >= at; row--) {
    if (levels[row] === max) {
      from--;
      for (const array of arrays) {
        for (let w = 0; w < words; w++) array[row * words + w] = array[from * words + w]!;
      }
    } else {
      for (const array of arrays) array.fill(0, row * words, (row + 1) * words);
      setNull(out, row);
    }
  }
}
