/**
 * The slices of a window aggregation: each with its own table of groups and its own aggregates, so
 * that what a fired window no longer needs is dropped whole.
 */
import type { Batch } from '../batch/batch.js';
import type { Column } from '../batch/column.js';
import type { AggregateCall } from '../plan/physical/plan.js';
import { GroupTable } from '../state/group-table.js';
import { hashKey, type EncodedKeys, type KeyLayout } from '../state/key-layout.js';
import { takesBack } from '../state/keyed-groups.js';
import { StringPool } from '../state/string-pool.js';
import type { RowField } from '../types/data-type.js';
import { AggregateSet } from './aggregates/aggregate-set.js';
import { rowNumbers } from './row-numbers.js';

const MOST_STRINGS = 1 << 16;

/** One slice. `rows` are those of the batch at hand that were assigned but not yet folded in. */
export class WindowSlice {
  rowCounts = new Float64Array(16);
  rows = new Int32Array(64);
  pending = 0;
  /** Rows of the batch at hand whose keys this slice's window shows, though they lie in another. */
  touched: number[] = [];

  constructor(readonly table: GroupTable, readonly aggregates: AggregateSet) {}

  push(row: number): void {
    if (this.pending === this.rows.length) {
      const rows = new Int32Array(this.pending * 2);
      rows.set(this.rows);
      this.rows = rows;
    }
    this.rows[this.pending++] = row;
  }

  pushAll(batch: Batch): void {
    this.rows = rowNumbers(batch).slice();
    this.pending = this.rows.length;
  }

  /** Room for what the table holds now. */
  grow(): void {
    const { size } = this.table;
    this.aggregates.resize(size);
    if (size <= this.rowCounts.length) return;
    const rowCounts = new Float64Array(Math.max(size, this.rowCounts.length * 2));
    rowCounts.set(this.rowCounts);
    this.rowCounts = rowCounts;
  }
}

export class WindowSlices {
  /** Ends of the slices, rising. */
  readonly ends: number[] = [];
  private readonly slices = new Map<number, WindowSlice>();
  /** Slices of the local phase, by their ends: see WindowAggregate. */
  private readonly local = new Map<number, WindowSlice>();
  private pool = new StringPool();
  private readonly keys: EncodedKeys = { words: new Int32Array(0), hashes: new Int32Array(0) };
  private groups = new Int32Array(0);
  private retract = new Uint8Array(0);

  constructor(
    private readonly layout: KeyLayout, private readonly calls: readonly AggregateCall[],
    private readonly input: readonly RowField[],
  ) {}

  /** A slice outside the map, to merge others into. */
  make(): WindowSlice {
    return new WindowSlice(
      new GroupTable(this.layout.width), new AggregateSet(this.calls, this.input),
    );
  }

  find(end: number): WindowSlice | undefined {
    return this.slices.get(end);
  }

  /** The slice that ends there, made if there is none. */
  at(end: number): WindowSlice {
    const found = this.slices.get(end);
    if (found !== undefined) return found;
    const made = this.make();
    this.put(end, made);
    return made;
  }

  /** The slice of the local phase that ends there, made if there is none. */
  localAt(end: number): WindowSlice {
    const found = this.local.get(end);
    if (found !== undefined) return found;
    const made = this.make();
    this.local.set(end, made);
    return made;
  }

  /** The first end of a slice of the local phase; Infinity where it holds none. */
  get firstLocalEnd(): number {
    return Math.min(...this.local.keys());
  }

  /** The local phase hands over what it holds. */
  flushLocal(): void {
    for (const [end, slice] of this.local) {
      const held = this.slices.get(end);
      if (held === undefined) this.put(end, slice);
      else this.merge(held, slice);
    }
    this.local.clear();
  }

  private *all(): Generator<WindowSlice> {
    yield* this.slices.values();
    yield* this.local.values();
  }

  put(end: number, slice: WindowSlice): void {
    let at = this.ends.length;
    while (at > 0 && this.ends[at - 1]! > end) at--;
    this.ends.splice(at, 0, end);
    this.slices.set(end, slice);
  }

  drop(end: number): void {
    if (!this.slices.delete(end)) return;
    this.ends.splice(this.ends.indexOf(end), 1);
  }

  /** Folds the pending rows of the batch into every slice. */
  foldAll(batch: Batch, keys: readonly Column[]): void {
    for (const slice of this.all()) {
      if (slice.pending > 0) this.fold(slice, batch, keys);
      if (slice.touched.length > 0) this.touch(slice, keys);
    }
  }

  private touch(slice: WindowSlice, keys: readonly Column[]): void {
    const rows = Int32Array.from(slice.touched);
    slice.touched = [];
    this.layout.encode(keys, rows, rows.length, this.pool, this.keys);
    slice.table.findOrInsertAll(this.keys, rows.length, new Int32Array(rows.length));
    slice.grow();
  }

  /** Puts keys of one slice into another, without rows. */
  mark(into: WindowSlice, from: WindowSlice, groups: Int32Array): void {
    const { words, width } = from.table;
    for (const group of groups) {
      const at = group * width;
      into.table.findOrInsert(words, at, hashKey(words, at, width));
    }
    into.grow();
  }

  private fold(slice: WindowSlice, batch: Batch, keys: readonly Column[]): void {
    const { rows, pending: count } = slice;
    if (this.groups.length < count) {
      this.groups = new Int32Array(count * 2);
      this.retract = new Uint8Array(count * 2);
    }
    this.layout.encode(keys, rows, count, this.pool, this.keys);
    slice.table.findOrInsertAll(this.keys, count, this.groups);
    slice.grow();
    const { groups, retract } = this;
    const kinds = batch.rowKinds;
    for (let i = 0; i < count; i++) {
      const back = kinds !== null && takesBack(kinds[rows[i]!]!);
      retract[i] = back ? 1 : 0;
      slice.rowCounts[groups[i]!]! += back ? -1 : 1;
    }
    slice.aggregates.update(batch, {
      count, rows, groups, retract: kinds === null ? null : retract,
    });
    slice.pending = 0;
  }

  merge(into: WindowSlice, from: WindowSlice): void {
    const count = from.table.size;
    const { words, width } = from.table;
    const groups = new Int32Array(count);
    into.table.reserve(count);
    for (let group = 0; group < count; group++) {
      const at = group * width;
      groups[group] = into.table.findOrInsert(words, at, hashKey(words, at, width));
    }
    into.grow();
    for (let group = 0; group < count; group++) {
      into.rowCounts[groups[group]!]! += from.rowCounts[group]!;
    }
    into.aggregates.merge(from.aggregates, groups);
  }

  /** A key column of groups. */
  decode(index: number, slice: WindowSlice, groups: Int32Array, out: Column): void {
    this.layout.decode(index, slice.table.words, groups, this.pool, out);
  }

  /** Groups of restored keys in the slice that ends there. */
  restore(end: number, keys: readonly Column[], rows: Int32Array): Int32Array {
    const slice = this.at(end);
    const groups = new Int32Array(rows.length);
    this.layout.encode(keys, rows, rows.length, this.pool, this.keys);
    slice.table.findOrInsertAll(this.keys, rows.length, groups);
    slice.grow();
    return groups;
  }

  get groupCount(): number {
    let total = 0;
    for (const { table, aggregates } of this.all()) {
      total += table.size + aggregates.countedRows;
    }
    return total;
  }

  get byteSize(): number {
    let total = this.pool.byteSize;
    for (const { table, aggregates } of this.all()) {
      total += table.byteSize + aggregates.byteSize;
    }
    return total;
  }

  /** Lets go of strings that no slice has any more, once they outweigh the others. */
  tidyPool(): void {
    if (this.pool.size < MOST_STRINGS || !this.layout.usesPool) return;
    let words = 0;
    for (const { table } of this.all()) words += table.size * table.width;
    if (this.pool.size < 4 * words) return;
    const old = this.pool;
    const pool = new StringPool();
    const newId = (id: number): number =>
      pool.intern(old.heap.bytes, old.starts[id]!, old.lengths[id]!);
    for (const { table } of this.all()) {
      for (let group = 0; group < table.size; group++) {
        this.layout.remapStrings(table.words, group * table.width, newId);
      }
      table.rehashWords();
    }
    this.pool = pool;
  }
}
