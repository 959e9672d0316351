/**
 * A column that decoders write at any index. Every value is absent until it is set; children of
 * arrays and maps grow by appending. native/formats/column-builder.h is the same in C++.
 */
import { allocateValues, Column, type Values } from '../batch/column.js';
import { childTypes, physicalOf, type DataType, type PhysicalName } from '../types/data-type.js';

const NO_RANGES = new Int32Array(0);
const NO_BYTES = new Uint8Array(0);
const LEAST_CAPACITY = 64;

/** Elements of the values array a row takes; 0 where the form has ranges or children instead. */
function wordsOf(physical: PhysicalName): number {
  switch (physical) {
    case 'i64':
      return 2;
    case 'i128':
      return 4;
    case 'string': case 'bytes': case 'array': case 'map': case 'row': case 'null':
      return 0;
    default:
      return 1;
  }
}

export class DecodedColumn {
  readonly physical: PhysicalName;
  readonly children: readonly DecodedColumn[];
  /** Replaced when the column grows: read them again after each `ensure`. */
  values: Values = NO_BYTES;
  starts: Int32Array = NO_RANGES;
  lengths: Int32Array = NO_RANGES;
  /** Values appended so far, of a child of an array or a map. */
  used = 0;
  #present: Uint8Array = NO_BYTES;
  #capacity = 0;
  readonly #words: number;
  readonly #hasRanges: boolean;
  readonly #isText: boolean;

  constructor(readonly type: DataType) {
    this.physical = physicalOf(type);
    this.#words = wordsOf(this.physical);
    this.#isText = this.physical === 'string' || this.physical === 'bytes';
    this.#hasRanges = this.#isText || this.physical === 'array' || this.physical === 'map';
    this.children = childTypes(type).map((child) => new DecodedColumn(child));
  }

  /** Starts a column with room for `capacity` values. */
  start(capacity: number): void {
    this.#capacity = 0;
    this.used = 0;
    this.#reserve(capacity);
    const nested = this.physical === 'array' || this.physical === 'map';
    for (const child of this.children) child.start(nested ? 0 : capacity);
  }

  /** Makes index `row` writable. Rows of a ROW reach its children. */
  ensure(row: number): void {
    if (row < this.#capacity) return;
    this.#reserve(Math.max(row + 1, this.#capacity * 2, LEAST_CAPACITY));
    if (this.physical !== 'row') return;
    for (const child of this.children) child.ensure(row);
  }

  /** The value at `row` was written. */
  mark(row: number): void {
    this.#present[row >> 3]! |= 1 << (row & 7);
  }

  setRange(row: number, start: number, length: number): void {
    this.starts[row] = start;
    this.lengths[row] = length;
    this.#present[row >> 3]! |= 1 << (row & 7);
  }

  /** Makes a value absent, and zero. */
  clear(row: number): void {
    if (this.children.length === 0 && !this.isPresent(row)) return;
    this.#present[row >> 3]! &= ~(1 << (row & 7));
    const words = this.#words;
    for (let i = row * words; i < (row + 1) * words; i++) this.values[i] = 0;
    if (this.#hasRanges) {
      this.starts[row] = 0;
      this.lengths[row] = 0;
    }
    if (this.physical !== 'row') return;
    for (const child of this.children) child.clear(row);
  }

  isPresent(row: number): boolean {
    return (this.#present[row >> 3]! & (1 << (row & 7))) !== 0;
  }

  append(): number {
    this.ensure(this.used);
    this.clear(this.used);
    return this.used++;
  }

  /** The column of the rows 0 .. count-1; `heap` holds all its text. */
  finish(count: number, heap: Uint8Array): Column {
    const nested = this.physical === 'array' || this.physical === 'map';
    const children = this.children.map((child) => child.finish(nested ? child.used : count, heap));
    const validity = this.#allPresent(count) ? null : this.#present;
    const column = new Column(
      this.type, count, this.values, validity, this.starts, this.lengths,
      this.#isText ? heap : NO_BYTES, children,
    );
    this.#capacity = 0;
    return column;
  }

  #reserve(capacity: number): void {
    const values = allocateValues(this.physical, capacity);
    const present = new Uint8Array((capacity + 7) >> 3);
    const starts = this.#hasRanges ? new Int32Array(capacity) : NO_RANGES;
    const lengths = this.#hasRanges ? new Int32Array(capacity) : NO_RANGES;
    if (this.#capacity > 0) {
      values.set(this.values);
      present.set(this.#present);
      starts.set(this.starts);
      lengths.set(this.lengths);
    }
    this.values = values;
    this.#present = present;
    this.starts = starts;
    this.lengths = lengths;
    this.#capacity = capacity;
  }

  #allPresent(count: number): boolean {
    const whole = count >> 3;
    for (let i = 0; i < whole; i++) if (this.#present[i] !== 0xff) return false;
    const rest = (1 << (count & 7)) - 1;
    return ((this.#present[whole] ?? 0) & rest) === rest;
  }
}
