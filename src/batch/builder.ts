/**
 * Builds a column value by value. For edges and state; kernels write typed arrays directly.
 */
import { childTypes, physicalOf, type DataType, type PhysicalName } from '../types/data-type.js';
import {
  allocateValues, Column, fullValidity, type Values, writeBigI64,
} from './column.js';
import { writeI128 } from './int128.js';
import type { CellReader } from './cell-reader.js';
import { HeapBuilder } from './strings.js';
import type { Value } from './values.js';

const NO_RANGES = new Int32Array(0);
const NO_BYTES = new Uint8Array(0);
const FIRST_CAPACITY = 16;

/** Elements of the values array a row takes. */
function wordsOf(physical: PhysicalName): number {
  return physical === 'i64' ? 2 : physical === 'i128' ? 4 : 1;
}

/** Appends values (see Value for their JavaScript forms), nulls, or rows of other columns. */
export class ColumnBuilder {
  readonly physical: PhysicalName;
  length = 0;
  #capacity: number;
  #values: Values;
  #validity: Uint8Array | null = null;
  #starts = NO_RANGES;
  #lengths = NO_RANGES;
  readonly #heap: HeapBuilder | null;
  readonly #children: readonly ColumnBuilder[];

  constructor(readonly type: DataType, capacity = FIRST_CAPACITY) {
    this.physical = physicalOf(type);
    this.#capacity = Math.max(1, capacity);
    this.#values = allocateValues(this.physical, this.#capacity);
    this.#heap = this.#isText ? new HeapBuilder(this.#capacity * 8) : null;
    if (this.#isText || this.#isCollection) {
      this.#starts = new Int32Array(this.#capacity);
      this.#lengths = new Int32Array(this.#capacity);
    }
    this.#children = childTypes(type).map((child) => new ColumnBuilder(child, capacity));
  }

  get #isText(): boolean {
    return this.physical === 'string' || this.physical === 'bytes';
  }

  get #isCollection(): boolean {
    return this.physical === 'array' || this.physical === 'map';
  }

  appendNull(): void {
    const row = this.#nextRow();
    this.#validity ??= fullValidity(this.#capacity);
    this.#validity[row >> 3]! &= ~(1 << (row & 7));
    if (this.physical === 'row') for (const child of this.#children) child.appendNull();
  }

  /** Appends a value in its JavaScript form; a form that is not the type's is our bug. */
  append(value: Value): void {
    if (value === null) {
      this.appendNull();
      return;
    }
    if (typeof value === 'string' || value instanceof Uint8Array) this.#appendText(value);
    else if (Array.isArray(value)) this.#appendList(value as readonly Value[]);
    else this.#appendNumber(value as number | bigint | boolean);
  }

  /** Appends the value of a row of a column of the same physical type. */
  appendFrom(column: Column, row: number): void {
    if (column.isNull(row)) {
      this.appendNull();
      return;
    }
    const from = column.constant ? 0 : row;
    const at = this.#nextRow();
    if (this.#heap !== null) {
      this.#lengths[at] = column.lengths[from]!;
      this.#starts[at] = this.#heap.append(column.heap, column.starts[from]!, this.#lengths[at]!);
    } else if (this.physical === 'row') {
      this.#children.forEach((child, i) => child.appendFrom(column.children[i]!, from));
    } else if (this.#isCollection) {
      this.#appendRange(column, from, at);
    } else {
      const words = wordsOf(this.physical);
      for (let i = 0; i < words; i++) {
        this.#values[at * words + i] = column.values[from * words + i]!;
      }
    }
  }

  /** Appends the value of the cell at the reader's place, which moves behind it. */
  appendCell(reader: CellReader): void {
    if (reader.byte() === 0) {
      this.appendNull();
      return;
    }
    const at = this.#nextRow();
    if (this.physical === 'row') {
      for (const child of this.#children) child.appendCell(reader);
    } else if (this.#heap !== null) {
      this.#lengths[at] = reader.word();
      this.#starts[at] = this.#heap.append(reader.bytes, reader.at, this.#lengths[at]!);
      reader.at += this.#lengths[at]!;
    } else if (this.#isCollection) {
      this.#starts[at] = this.#children[0]!.length;
      this.#lengths[at] = reader.word();
      for (let i = 0; i < this.#lengths[at]!; i++) {
        for (const child of this.#children) child.appendCell(reader);
      }
    } else {
      this.#readFixed(reader, at);
    }
  }

  #readFixed(reader: CellReader, at: number): void {
    switch (this.physical) {
      case 'bool':
      case 'i8':
        this.#values[at] = reader.byte();
        return;
      case 'i16':
        this.#values[at] = reader.half();
        return;
      case 'f32':
        this.#values[at] = reader.single();
        return;
      case 'f64':
        this.#values[at] = reader.double();
        return;
      default: {
        const words = wordsOf(this.physical);
        for (let i = 0; i < words; i++) this.#values[at * words + i] = reader.word();
      }
    }
  }

  /** The column; the builder must not be used afterwards. */
  finish(): Column {
    return new Column(
      this.type, this.length,
      this.#values.subarray(0, this.length * wordsOf(this.physical)),
      this.#validity,
      this.#starts.subarray(0, this.length), this.#lengths.subarray(0, this.length),
      this.#heap === null ? NO_BYTES : this.#heap.finish(),
      this.#children.map((child) => child.finish()),
    );
  }

  #appendText(value: string | Uint8Array): void {
    if (this.#heap === null) throw new TypeError(`text in a column of ${this.type.root}`);
    const at = this.#nextRow();
    this.#starts[at] = typeof value === 'string'
      ? this.#heap.appendText(value) : this.#heap.append(value, 0, value.length);
    this.#lengths[at] = this.#heap.end - this.#starts[at]!;
  }

  #appendNumber(value: number | bigint | boolean): void {
    if (this.#heap !== null || this.#children.length > 0) {
      throw new TypeError(`${typeof value} in a column of ${this.type.root}`);
    }
    const at = this.#nextRow();
    if (this.physical === 'i64') writeBigI64(this.#values as Int32Array, at, BigInt(value));
    else if (this.physical === 'i128') writeI128(this.#values as Int32Array, at, BigInt(value));
    else this.#values[at] = Number(value);
  }

  #appendList(items: readonly Value[]): void {
    const at = this.#nextRow();
    if (this.physical === 'row') {
      this.#children.forEach((child, i) => child.append(items[i] ?? null));
      return;
    }
    this.#starts[at] = this.#children[0]!.length;
    this.#lengths[at] = items.length;
    for (const item of items) {
      if (this.physical === 'array') this.#children[0]!.append(item);
      else this.#children.forEach((child, i) => child.append((item as readonly Value[])[i]!));
    }
  }

  #appendRange(column: Column, from: number, at: number): void {
    const start = column.starts[from]!;
    this.#starts[at] = this.#children[0]!.length;
    this.#lengths[at] = column.lengths[from]!;
    this.#children.forEach((child, i) => {
      for (let k = 0; k < this.#lengths[at]!; k++) child.appendFrom(column.children[i]!, start + k);
    });
  }

  #nextRow(): number {
    if (this.length === this.#capacity) this.#grow();
    return this.length++;
  }

  #grow(): void {
    const capacity = this.#capacity * 2;
    const values = allocateValues(this.physical, capacity);
    values.set(this.#values);
    this.#values = values;
    if (this.#starts.length > 0) {
      this.#starts = widened(this.#starts, capacity);
      this.#lengths = widened(this.#lengths, capacity);
    }
    if (this.#validity !== null) {
      const validity = fullValidity(capacity);
      validity.set(this.#validity);
      this.#validity = validity;
    }
    this.#capacity = capacity;
  }
}

function widened(values: Int32Array<ArrayBuffer>, capacity: number): Int32Array<ArrayBuffer> {
  const wider = new Int32Array(capacity);
  wider.set(values);
  return wider;
}
