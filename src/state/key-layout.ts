/**
 * Packs the key columns of a row into 32-bit words: a bit a column that is NULL in word 0, then
 * the values side by side; a string is its number in a pool, and so is the cell of a row, an
 * array or a map: maps are equal where their entries are, in the same order, as in Flink's state.
 *
 *     (auction BIGINT, day STRING)   | null bits | auction low | auction high | id of day |
 */
import { appendCell, fillFromCells, isNested } from '../batch/cell.js';
import { Column, setNull } from '../batch/column.js';
import { fail } from '../errors/fail.js';
import { physicalOf, type DataType, type PhysicalName } from '../types/data-type.js';
import { HeapBuilder } from '../batch/strings.js';
import { finishHash, StringPool } from './string-pool.js';

/** Key columns have one null bit each in one word. */
const MAX_KEY_COLUMNS = 31;

interface KeyField {
  readonly type: DataType;
  readonly physical: PhysicalName;
  /** First word of the value. */
  readonly word: number;
}

/** Keys of a batch: `width` words a row, one hash a row. */
export interface EncodedKeys {
  words: Int32Array;
  hashes: Int32Array;
}

export class KeyLayout {
  readonly width: number;
  readonly usesPool: boolean;
  private readonly fields: readonly KeyField[];

  /** Fails with MR2104 for more columns than a key can have. */
  constructor(types: readonly DataType[]) {
    if (types.length > MAX_KEY_COLUMNS) {
      fail('MR2104', { engine: 'fallback', feature: `key of ${types.length} columns` });
    }
    let word = 1;
    this.fields = types.map((type) => {
      const field = { type, physical: physicalOf(type), word };
      word += wordCount(type);
      return field;
    });
    this.width = word;
    this.usesPool = this.fields.some((field) => isText(field.physical));
  }

  /** Keys of the batch rows `rows[0 .. count - 1]`; new strings are added to the pool. */
  encode(
    columns: readonly Column[], rows: Int32Array, count: number, pool: StringPool,
    out: EncodedKeys,
  ): void {
    const { width } = this;
    if (out.words.length < count * width) out.words = new Int32Array(count * width * 2);
    else out.words.fill(0, 0, count * width);
    if (out.hashes.length < count) out.hashes = new Int32Array(count * 2);
    this.fields.forEach((field, i) => {
      encodeNulls(columns[i]!, rows, count, (1 << i), width, out.words);
      encodeField(field, columns[i]!, rows, count, width, pool, out.words);
    });
    hashKeys(out.words, width, count, out.hashes);
  }

  /** One key column of many keys: the values of `keys` in a table's words. */
  decode(index: number, words: Int32Array, keys: Int32Array, pool: StringPool, out: Column): void {
    const { width } = this;
    const { physical, word } = this.fields[index]!;
    if (isNested(physical)) {
      this.decodeNested(index, words, keys, pool, out);
      return;
    }
    for (let i = 0; i < keys.length; i++) {
      const at = keys[i]! * width;
      if ((words[at]! & (1 << index)) !== 0) {
        setNull(out, i);
        continue;
      }
      if (isText(physical)) {
        const id = words[at + word]!;
        out.starts[i] = pool.starts[id]!;
        out.lengths[i] = pool.lengths[id]!;
      } else {
        decodeValue(words, at + word, physical, out, i);
      }
    }
    if (isText(physical)) out.heap = pool.heap.bytes;
  }

  private decodeNested(
    index: number, words: Int32Array, keys: Int32Array, pool: StringPool, out: Column,
  ): void {
    const { width } = this;
    const { word } = this.fields[index]!;
    const starts = new Int32Array(keys.length);
    const lengths = new Int32Array(keys.length);
    for (let i = 0; i < keys.length; i++) {
      const at = keys[i]! * width;
      if ((words[at]! & (1 << index)) !== 0) continue;
      const id = words[at + word]!;
      starts[i] = pool.starts[id]!;
      lengths[i] = pool.lengths[id]!;
    }
    fillFromCells(out, pool.heap.bytes, starts, lengths);
  }

  /** Rewrites the string ids of the key that starts at words[at]. */
  remapStrings(words: Int32Array, at: number, newId: (id: number) => number): void {
    this.fields.forEach((field, i) => {
      if (!isText(field.physical) || (words[at]! & (1 << i)) !== 0) return;
      words[at + field.word] = newId(words[at + field.word]!);
    });
  }
}

function isText(physical: PhysicalName): boolean {
  return physical === 'string' || physical === 'bytes' || isNested(physical);
}

const CELL = new HeapBuilder(64);

function wordCount(type: DataType): number {
  switch (physicalOf(type)) {
    case 'i64':
    case 'f64':
      return 2;
    case 'i128':
      return 4;
    default:
      return 1;
  }
}

function encodeNulls(
  column: Column, rows: Int32Array, count: number, bit: number, width: number, words: Int32Array,
): void {
  if (column.validity === null && column.physical !== 'null') return;
  for (let i = 0; i < count; i++) if (column.isNull(rows[i]!)) words[i * width]! |= bit;
}

const NUMBER = new Float64Array(1);
const NUMBER_WORDS = new Int32Array(NUMBER.buffer);
const SINGLE = new Float32Array(1);
const SINGLE_WORD = new Int32Array(SINGLE.buffer);

function encodeField(
  field: KeyField, column: Column, rows: Int32Array, count: number, width: number,
  pool: StringPool, words: Int32Array,
): void {
  const { values, validity } = column;
  const keep = column.constant ? 0 : -1;
  let last = -1;
  for (let i = 0; i < count; i++) {
    const row = rows[i]! & keep;
    if (validity !== null && (validity[row >> 3]! & (1 << (row & 7))) === 0) continue;
    const at = i * width + field.word;
    switch (field.physical) {
      case 'i64':
        words[at] = values[2 * row]!;
        words[at + 1] = values[2 * row + 1]!;
        break;
      case 'i128':
        for (let k = 0; k < 4; k++) words[at + k] = values[4 * row + k]!;
        break;
      case 'f64':
        // One NaN; -0.0 and 0.0 stay apart.
        NUMBER[0] = Number.isNaN(values[row]!) ? NaN : values[row]!;
        words[at] = NUMBER_WORDS[0]!;
        words[at + 1] = NUMBER_WORDS[1]!;
        break;
      case 'f32':
        SINGLE[0] = Number.isNaN(values[row]!) ? NaN : values[row]!;
        words[at] = SINGLE_WORD[0]!;
        break;
      case 'string':
      case 'bytes': {
        const start = column.starts[row]!;
        const length = column.lengths[row]!;
        if (last < 0 || !pool.equals(last, column.heap, start, length)) {
          last = pool.intern(column.heap, start, length);
        }
        words[at] = last;
        break;
      }
      case 'row':
      case 'array':
      case 'map':
        CELL.end = 0;
        appendCell(CELL, column, row);
        words[at] = pool.intern(CELL.bytes, 0, CELL.end);
        break;
      case 'null':
        break;
      default:
        words[at] = values[row]!;
    }
  }
}

function hashKeys(words: Int32Array, width: number, count: number, hashes: Int32Array): void {
  for (let i = 0; i < count; i++) hashes[i] = hashKey(words, i * width, width);
}

/** The hash of the key that starts at words[at]. */
export function hashKey(words: Int32Array, at: number, width: number): number {
  let hash = 0x9e3779b9 | 0;
  for (let k = 0; k < width; k++) {
    hash = Math.imul(hash ^ words[at + k]!, 0x85ebca6b);
    hash ^= hash >>> 15;
  }
  return finishHash(hash);
}

function decodeValue(
  words: Int32Array, at: number, physical: PhysicalName, out: Column, row: number,
): void {
  switch (physical) {
    case 'i64':
      out.values[2 * row] = words[at]!;
      out.values[2 * row + 1] = words[at + 1]!;
      break;
    case 'i128':
      for (let k = 0; k < 4; k++) out.values[4 * row + k] = words[at + k]!;
      break;
    case 'f64':
      NUMBER_WORDS[0] = words[at]!;
      NUMBER_WORDS[1] = words[at + 1]!;
      out.values[row] = NUMBER[0]!;
      break;
    case 'f32':
      SINGLE_WORD[0] = words[at]!;
      out.values[row] = SINGLE[0]!;
      break;
    default:
      out.values[row] = words[at]!;
  }
}
