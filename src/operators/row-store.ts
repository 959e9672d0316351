/**
 * Rows kept by an operator, in columns by row id, with a list of free ids. A row never changes:
 * who wants another one adds it and frees the old. A freed row can be read until `settle`, so an
 * operator may emit rows it has just let go.
 */
import { appendCell, decodeCells, isNested } from '../batch/cell.js';
import { allocateValues, Column, fullValidity, type Values } from '../batch/column.js';
import { equalBytes, HeapBuilder } from '../batch/strings.js';
import { type DataType, physicalOf, type PhysicalName, type RowField } from '../types/data-type.js';

const FIRST_CAPACITY = 64;
/** Dead text is not worth a copy of the rest below this. */
const LEAST_DEAD_TEXT = 256 * 1024;

/** One column of the rows kept; text is a range of the store's heap. */
export interface StoredColumn {
  readonly type: DataType;
  readonly physical: PhysicalName;
  readonly isText: boolean;
  /** The text is of cells (src/batch/cell.ts). */
  readonly isNested: boolean;
  /** Elements of `values` a row takes. */
  readonly words: number;
  values: Values;
  starts: Int32Array;
  lengths: Int32Array;
  /** One byte a row: 1 = not NULL. */
  present: Uint8Array;
}

export class RowStore {
  readonly columns: readonly StoredColumn[];
  heap = new HeapBuilder(1024);
  /** Rows alive. */
  count = 0;
  private capacity = FIRST_CAPACITY;
  private nextId = 0;
  private alive = new Uint8Array(FIRST_CAPACITY);
  private readonly free: number[] = [];
  private readonly freed: number[] = [];
  private textBytes = 0;
  private readonly cell = new HeapBuilder(64);

  constructor(schema: readonly RowField[]) {
    this.columns = schema.map(storedColumn);
  }

  /** A copy of a batch's row. Ids are used again after `settle`. */
  add(columns: readonly Column[], row: number): number {
    const id = this.takeId();
    for (let i = 0; i < this.columns.length; i++) this.copy(this.columns[i]!, columns[i]!, row, id);
    return id;
  }

  release(id: number): void {
    this.freed.push(id);
  }

  /** Makes the released ids free and gives their memory back where that pays. */
  settle(): void {
    for (const id of this.freed) {
      this.alive[id] = 0;
      for (const column of this.columns) if (column.isText) this.textBytes -= column.lengths[id]!;
      this.free.push(id);
    }
    this.count -= this.freed.length;
    this.freed.length = 0;
    if (this.heap.end > 2 * this.textBytes + LEAST_DEAD_TEXT) this.compactText();
  }

  /** Values of one column at `ids`, flat, of the schema's type. */
  gather(index: number, ids: Int32Array): Column {
    const own = this.columns[index]!;
    if (own.isNested) {
      return decodeCells(own.type, this.heap.bytes, Int32Array.from(ids, (id) => own.starts[id]!),
        Int32Array.from(ids, (id) => own.lengths[id]!));
    }
    const count = ids.length;
    const out = new Column(own.type, count, allocateValues(own.physical, count));
    if (own.isText) {
      out.starts = Int32Array.from(ids, (id) => own.starts[id]!);
      out.lengths = Int32Array.from(ids, (id) => own.lengths[id]!);
      out.heap = this.heap.bytes;
    } else {
      gatherWords(own.values, out.values, ids, own.words);
    }
    out.validity = gatherValidity(own.present, ids);
    return out;
  }

  /** Whether a kept row has the values of a batch's row in these columns; two nulls are equal. */
  equals(
    id: number, which: readonly number[], columns: readonly Column[], row: number,
  ): boolean {
    return which.every((i) => this.equalCell(this.columns[i]!, id, columns[i]!, row));
  }

  /** Whether two kept rows have the same values in these columns; two nulls are equal. */
  same(a: number, b: number, which: readonly number[]): boolean {
    const ids = Int32Array.of(b);
    return which.every((i) => this.equalCell(this.columns[i]!, a, this.gather(i, ids), 0));
  }

  get byteSize(): number {
    let bytes = this.heap.bytes.length + this.capacity;
    for (const { values, starts, present } of this.columns) {
      bytes += values.byteLength + 2 * starts.byteLength + present.length;
    }
    return bytes;
  }

  private equalCell(own: StoredColumn, id: number, other: Column, row: number): boolean {
    const isNull = other.isNull(row);
    if ((own.present[id] === 0) !== isNull) return false;
    if (isNull) return true;
    const at = other.constant ? 0 : row;
    if (own.isNested) {
      this.cell.end = 0;
      appendCell(this.cell, other, row);
      return equalBytes(
        this.heap.bytes, own.starts[id]!, own.lengths[id]!, this.cell.bytes, 0, this.cell.end,
      );
    }
    if (own.isText) {
      return equalBytes(
        this.heap.bytes, own.starts[id]!, own.lengths[id]!,
        other.heap, other.starts[at]!, other.lengths[at]!,
      );
    }
    for (let k = 0; k < own.words; k++) {
      if (!Object.is(own.values[id * own.words + k], other.values[at * own.words + k])) {
        return false;
      }
    }
    return true;
  }

  private takeId(): number {
    this.count++;
    const reused = this.free.pop();
    const id = reused ?? this.nextId++;
    if (id >= this.capacity) this.grow();
    this.alive[id] = 1;
    return id;
  }

  private copy(own: StoredColumn, from: Column, row: number, id: number): void {
    const present = !from.isNull(row);
    own.present[id] = present ? 1 : 0;
    const at = from.constant ? 0 : row;
    if (own.isNested) {
      own.starts[id] = present ? appendCell(this.heap, from, row) : 0;
      own.lengths[id] = present ? this.heap.end - own.starts[id]! : 0;
      this.textBytes += own.lengths[id]!;
      return;
    }
    if (own.isText) {
      const length = present ? from.lengths[at]! : 0;
      own.lengths[id] = length;
      own.starts[id] = length === 0 ? 0 : this.heap.append(from.heap, from.starts[at]!, length);
      this.textBytes += length;
      return;
    }
    const { words } = own;
    for (let k = 0; k < words; k++) {
      own.values[id * words + k] = present ? from.values[at * words + k]! : 0;
    }
  }

  private grow(): void {
    const capacity = this.capacity * 2;
    for (const column of this.columns) {
      if (column.isText) {
        column.starts = widened(column.starts, capacity);
        column.lengths = widened(column.lengths, capacity);
      } else {
        const values = allocateValues(column.physical, capacity);
        values.set(column.values);
        column.values = values;
      }
      column.present = widenedBytes(column.present, capacity);
    }
    this.alive = widenedBytes(this.alive, capacity);
    this.capacity = capacity;
  }

  /** Batches emitted before hold the old heap. */
  private compactText(): void {
    const heap = new HeapBuilder(this.textBytes + 1024);
    for (const column of this.columns) {
      if (!column.isText) continue;
      for (let id = 0; id < this.nextId; id++) {
        if (this.alive[id] === 0) continue;
        column.starts[id] = heap.append(this.heap.bytes, column.starts[id]!, column.lengths[id]!);
      }
    }
    this.heap = heap;
  }
}

function storedColumn(field: RowField): StoredColumn {
  const physical = physicalOf(field.type);
  const nested = isNested(physical);
  const isText = physical === 'string' || physical === 'bytes' || nested;
  const ranges = isText ? FIRST_CAPACITY : 0;
  return {
    type: field.type, physical, isText, isNested: nested, words: wordsOf(physical),
    values: allocateValues(physical, FIRST_CAPACITY),
    starts: new Int32Array(ranges), lengths: new Int32Array(ranges),
    present: new Uint8Array(FIRST_CAPACITY),
  };
}

function wordsOf(physical: PhysicalName): number {
  if (physical === 'null') return 0;
  return physical === 'i64' ? 2 : physical === 'i128' ? 4 : 1;
}

function gatherWords(from: Values, to: Values, ids: Int32Array, words: number): void {
  if (words === 1) {
    for (let i = 0; i < ids.length; i++) to[i] = from[ids[i]!]!;
    return;
  }
  for (let i = 0; i < ids.length; i++) {
    const at = ids[i]! * words;
    for (let k = 0; k < words; k++) to[i * words + k] = from[at + k]!;
  }
}

function gatherValidity(present: Uint8Array, ids: Int32Array): Uint8Array | null {
  let validity: Uint8Array | null = null;
  for (let i = 0; i < ids.length; i++) {
    if (present[ids[i]!] !== 0) continue;
    validity ??= fullValidity(ids.length);
    validity[i >> 3]! &= ~(1 << (i & 7));
  }
  return validity;
}

function widened(values: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const wider = new Int32Array(length);
  wider.set(values);
  return wider;
}

function widenedBytes(values: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const wider = new Uint8Array(length);
  wider.set(values);
  return wider;
}
