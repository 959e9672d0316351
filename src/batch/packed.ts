/**
 * A batch as one block of bytes: the form in which batches cross between JavaScript and C++.
 * native/columnar/packed-batch.h describes the block and reads and writes the same.
 */
import { PHYSICAL_TYPES } from '../../spec/types.js';
import { fail } from '../errors/index.js';
import { childTypes, type DataType, type PhysicalName } from '../types/data-type.js';
import { Batch, NO_RUNS, type WatermarkRun } from './batch.js';
import { Column, type Values } from './column.js';

const MAGIC = 0x3142524d;
const HEADER_WORDS = 9;
const COLUMN_WORDS = 10;
const ABSENT = -1;
const MAX_BYTES = 2 ** 31 - 1;
const NO_RANGES = new Int32Array(0);
const NO_BYTES = new Uint8Array(0);

const PHYSICAL_ID = new Map<PhysicalName, number>(PHYSICAL_TYPES.map((row) => [row.name, row.id]));
const PHYSICAL_NAME: readonly PhysicalName[] = PHYSICAL_TYPES.map((row) => row.name);

function isText(physical: PhysicalName): boolean {
  return physical === 'string' || physical === 'bytes';
}

function isList(physical: PhysicalName): boolean {
  return physical === 'array' || physical === 'map';
}

/** Array elements that a value of a fixed-width column takes. */
function elementsOf(physical: PhysicalName): number {
  return physical === 'i64' ? 2 : physical === 'i128' ? 4 : 1;
}

/** A part of the block: filled once the block is there. */
interface Part {
  readonly offset: number;
  readonly source: Uint8Array;
}

/** The bytes of a text column, to be copied without those that no row uses. */
interface TextPart {
  readonly offset: number;
  readonly column: Column;
  readonly lengths: Int32Array;
}

/** Texts at least this long are copied as a whole, shorter ones byte by byte. */
const LONG_TEXT = 48;

class Packer {
  private readonly words: number[] = [];
  private readonly parts: Part[] = [];
  private readonly texts: TextPart[] = [];
  private size = 0;

  pack(batch: Batch): Uint8Array {
    const columnCount = batch.columns.reduce((sum, column) => sum + countColumns(column), 0);
    const headerWords = HEADER_WORDS + COLUMN_WORDS * columnCount;
    this.size = aligned(headerWords * 4);
    this.header(batch);
    for (const column of batch.columns) this.column(column);
    if (this.size > MAX_BYTES) fail('MR9001', { detail: 'batch is larger than 2 GB' });
    const block = new Uint8Array(this.size);
    new Int32Array(block.buffer, 0, headerWords).set(this.words);
    for (const part of this.parts) block.set(part.source, part.offset);
    for (const text of this.texts) copyText(text, block);
    return block;
  }

  private header(batch: Batch): void {
    const { selection, rowKinds, watermarks } = batch;
    const rows = Uint32Array.from(watermarks, (run) => run.row);
    const values = Float64Array.from(watermarks, (run) => run.watermark);
    this.words.push(
      MAGIC, batch.rowCount,
      selection === null ? ABSENT : this.part(selection), selection?.length ?? 0,
      rowKinds === null ? ABSENT : this.part(rowKinds.subarray(0, batch.rowCount)),
      watermarks.length, this.part(rows), this.part(values), batch.columns.length,
    );
  }

  private column(column: Column): void {
    const { physical, length } = column;
    const text = isText(physical);
    const ranges = text || isList(physical);
    const fixed = !ranges && physical !== 'row' && physical !== 'null';
    const validity = column.validity?.subarray(0, (length + 7) >> 3);
    const lengths = text ? presentLengths(column) : column.lengths.subarray(0, length);
    const starts = text ? packedStarts(lengths) : column.starts.subarray(0, length);
    const heapBytes = text && length > 0 ? starts[length - 1]! + lengths[length - 1]! : 0;
    this.words.push(
      PHYSICAL_ID.get(physical)!, length, column.constant ? 1 : 0,
      fixed ? this.part(column.values.subarray(0, length * elementsOf(physical))) : ABSENT,
      validity === undefined ? ABSENT : this.part(validity),
      ranges ? this.part(starts) : ABSENT, ranges ? this.part(lengths) : ABSENT,
      text ? this.text(column, lengths, heapBytes) : ABSENT, heapBytes, column.children.length,
    );
    for (const child of column.children) this.column(child);
  }

  private part(source: ArrayBufferView): number {
    const offset = this.reserve(source.byteLength);
    const bytes = new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
    this.parts.push({ offset, source: bytes });
    return offset;
  }

  private text(column: Column, lengths: Int32Array, heapBytes: number): number {
    const offset = this.reserve(heapBytes);
    this.texts.push({ offset, column, lengths });
    return offset;
  }

  private reserve(bytes: number): number {
    const offset = this.size;
    this.size += aligned(bytes);
    return offset;
  }
}

function aligned(bytes: number): number {
  return (bytes + 7) & ~7;
}

function countColumns(column: Column): number {
  return column.children.reduce((sum, child) => sum + countColumns(child), 1);
}

function presentLengths(column: Column): Int32Array {
  if (column.validity === null) return column.lengths.subarray(0, column.length);
  const lengths = column.lengths.slice(0, column.length);
  for (let i = 0; i < lengths.length; i++) {
    if ((column.validity[i >> 3]! & (1 << (i & 7))) === 0) lengths[i] = 0;
  }
  return lengths;
}

/** Where each text starts when only the bytes in use are kept. */
function packedStarts(lengths: Int32Array): Int32Array {
  const starts = new Int32Array(lengths.length);
  let at = 0;
  for (let i = 0; i < starts.length; i++) {
    starts[i] = at;
    at += lengths[i]!;
  }
  return starts;
}

function copyText({ offset, column, lengths }: TextPart, block: Uint8Array): void {
  const { starts, heap } = column;
  let at = offset;
  for (let i = 0; i < lengths.length;) {
    // Texts that lie one behind the other are copied in one go.
    const start = starts[i]!;
    let end = start + lengths[i]!;
    for (i++; i < lengths.length && (lengths[i] === 0 || starts[i] === end); i++) {
      end += lengths[i]!;
    }
    if (end - start >= LONG_TEXT) {
      block.set(heap.subarray(start, end), at);
      at += end - start;
    } else for (let from = start; from < end; from++) block[at++] = heap[from]!;
  }
}

/** The block of a batch. Costs O(bytes). MR9001 past 2 GB. */
export function packBatch(batch: Batch): Uint8Array {
  return new Packer().pack(batch);
}

class Unpacker {
  private readonly words: Int32Array;
  private next = HEADER_WORDS;

  constructor(private readonly buffer: ArrayBuffer) {
    this.words = new Int32Array(buffer, 0, buffer.byteLength >> 2);
  }

  unpack(types: readonly DataType[]): Batch {
    const { words } = this;
    if (words[0] !== MAGIC) damaged('not a batch');
    if (words[8] !== types.length) damaged('wrong number of columns');
    const rowCount = words[1]!;
    const selection = words[2] === ABSENT ? null
      : new Int32Array(this.buffer, words[2]!, words[3]!);
    const rowKinds = words[4] === ABSENT ? null : new Uint8Array(this.buffer, words[4]!, rowCount);
    const columns = types.map((type) => this.column(type));
    return new Batch(rowCount, columns, selection, rowKinds, this.watermarks());
  }

  private watermarks(): readonly WatermarkRun[] {
    const count = this.words[5]!;
    if (count === 0) return NO_RUNS;
    const rows = new Uint32Array(this.buffer, this.words[6]!, count);
    const values = new Float64Array(this.buffer, this.words[7]!, count);
    return Array.from(rows, (row, i) => ({ row, watermark: values[i]! }));
  }

  private column(type: DataType): Column {
    const at = this.next;
    this.next += COLUMN_WORDS;
    const word = (i: number): number => this.words[at + i]!;
    const physical = PHYSICAL_NAME[word(0)];
    const length = word(1);
    const ints = (offset: number): Int32Array =>
      offset === ABSENT ? NO_RANGES : new Int32Array(this.buffer, offset, length);
    const validity = word(4) === ABSENT ? null
      : new Uint8Array(this.buffer, word(4), (length + 7) >> 3);
    const heap = word(7) === ABSENT ? NO_BYTES : new Uint8Array(this.buffer, word(7), word(8));
    const childCount = word(9);
    const values = word(3) === ABSENT ? NO_BYTES
      : valuesAt(this.buffer, word(3), physical ?? 'null', length);
    const starts = ints(word(5));
    const lengths = ints(word(6));
    const types = childTypes(type);
    if (types.length !== childCount) damaged('other children');
    const children = types.map((child) => this.column(child));
    const column = new Column(
      type, length, values, validity, starts, lengths, heap, children, word(2) === 1,
    );
    if (column.physical !== physical) damaged('other physical type');
    return column;
  }
}

function damaged(what: string): never {
  return fail('MR5001', { detail: `batch: ${what}` });
}

function valuesAt(
  buffer: ArrayBuffer, offset: number, physical: PhysicalName, length: number,
): Values {
  switch (physical) {
    case 'i8':
      return new Int8Array(buffer, offset, length);
    case 'i16':
      return new Int16Array(buffer, offset, length);
    case 'i32':
      return new Int32Array(buffer, offset, length);
    case 'i64':
    case 'i128':
      return new Int32Array(buffer, offset, length * elementsOf(physical));
    case 'f32':
      return new Float32Array(buffer, offset, length);
    case 'f64':
      return new Float64Array(buffer, offset, length);
    default:
      return new Uint8Array(buffer, offset, length);
  }
}

/**
 * The batch of a block written by this build: its columns are views into `buffer`. MR5001 where
 * the block is of other types.
 */
export function unpackBatch(buffer: ArrayBuffer, types: readonly DataType[]): Batch {
  return new Unpacker(buffer).unpack(types);
}
