/**
 * Lists of cells (src/batch/cell.ts), one a group: numbers of cells in a pool, equal values with
 * equal numbers. Cells that no list holds any more are dropped once they outweigh the others.
 */
import type { Column } from '../../batch/column.js';
import { appendCell } from '../../batch/cell.js';
import { compareBytes, HeapBuilder } from '../../batch/strings.js';
import { StringPool } from '../../state/string-pool.js';

/** Unused cells are not worth a copy of the others below this. */
const LEAST_UNUSED = 1024;

export class CellLists {
  pool = new StringPool();
  /** Entries of all lists. */
  size = 0;
  private lists: number[][] = [];
  private readonly scratch = new HeapBuilder(64);

  /** At least so many lists, the new ones empty. */
  resize(count: number): void {
    while (this.lists.length < count) this.lists.push([]);
    if (count === this.lists.length) return;
    this.lists.length = count;
    this.countEntries();
  }

  get groupCount(): number {
    return this.lists.length;
  }

  of(list: number): readonly number[] {
    return this.lists[list]!;
  }

  /** The number of a row's cell. */
  intern(column: Column, row: number): number {
    this.scratch.end = 0;
    appendCell(this.scratch, column, row);
    return this.pool.intern(this.scratch.bytes, 0, this.scratch.end);
  }

  /** The number of a cell of another pool. */
  adopt(from: CellLists, cell: number): number {
    const { pool } = from;
    return this.pool.intern(pool.heap.bytes, pool.starts[cell]!, pool.lengths[cell]!);
  }

  insert(list: number, position: number, cell: number): void {
    const own = this.lists[list]!;
    if (position === own.length) own.push(cell);
    else own.splice(position, 0, cell);
    this.size++;
  }

  erase(list: number, position: number): void {
    this.lists[list]!.splice(position, 1);
    this.size--;
  }

  set(list: number, position: number, cell: number): void {
    this.lists[list]![position] = cell;
  }

  /** Drops all lists but these, which become 0, 1, ... */
  keep(lists: Int32Array): void {
    this.lists = Array.from(lists, (list) => this.lists[list]!);
    this.countEntries();
  }

  private countEntries(): void {
    this.size = this.lists.reduce((sum, own) => sum + own.length, 0);
  }

  /** Gives memory back where that pays; numbers of cells change. */
  tidy(): void {
    if (this.pool.size < LEAST_UNUSED || this.pool.size < 2 * this.size) return;
    const { heap, starts, lengths } = this.pool;
    const pool = new StringPool();
    for (const own of this.lists) {
      for (let i = 0; i < own.length; i++) {
        const cell = own[i]!;
        own[i] = pool.intern(heap.bytes, starts[cell]!, lengths[cell]!);
      }
    }
    this.pool = pool;
  }

  /**
   * Where a cell stands, or would stand, in a list sorted by the bytes of its cells from `skip` on:
   * equal cells are found by number or, where only a part is compared, by that part.
   */
  search(list: number, cell: number, part: (at: number) => readonly [number, number]): {
    readonly position: number; readonly found: boolean;
  } {
    const own = this.lists[list]!;
    const { heap: { bytes } } = this.pool;
    const [start, length] = part(cell);
    let low = 0;
    let high = own.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const [from, size] = part(own[middle]!);
      const order = compareBytes(bytes, from, size, bytes, start, length);
      if (order === 0) return { position: middle, found: true };
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return { position: low, found: false };
  }

  get byteSize(): number {
    return this.pool.byteSize + this.size * 8 + this.lists.length * 16;
  }
}
