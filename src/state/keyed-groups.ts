/**
 * The groups of a keyed operator: which of them are alive and how many rows each has. Compacts
 * itself when dead groups outweigh the living.
 */
import { type Column, readI64 } from '../batch/column.js';
import { GroupTable } from './group-table.js';
import type { EncodedKeys, KeyLayout } from './key-layout.js';
import { StringPool } from './string-pool.js';

const MOST_DEAD = 1024;
/** new id of a group that is gone. */
export const GONE = -1;

/** A batch's rows after their keys were looked up; rows without effect are not in it. */
export class ResolvedRows {
  count = 0;
  rows = new Int32Array(0);
  groups = new Int32Array(0);
  retract = new Uint8Array(0);
  /** The row made its group. */
  created = new Uint8Array(0);
  /** The row took the last row of its group. */
  deletes = new Uint8Array(0);

  clear(capacity: number): void {
    this.count = 0;
    if (this.rows.length >= capacity) return;
    this.rows = new Int32Array(capacity);
    this.groups = new Int32Array(capacity);
    this.retract = new Uint8Array(capacity);
    this.created = new Uint8Array(capacity);
    this.deletes = new Uint8Array(capacity);
  }
}

/** Whether a row kind takes a row back: UPDATE_BEFORE = 1, DELETE = 3. */
export function takesBack(kind: number): boolean {
  return (kind & 1) !== 0;
}

export class KeyedGroups {
  rowCounts = new Float64Array(16);
  alive = new Uint8Array(16);
  private readonly table: GroupTable;
  private pool = new StringPool();
  private readonly keys: EncodedKeys = { words: new Int32Array(0), hashes: new Int32Array(0) };
  private deadCount = 0;
  private knownCount = 0;

  constructor(private readonly layout: KeyLayout) {
    this.table = new GroupTable(layout.width);
  }

  get size(): number {
    return this.table.size;
  }

  get aliveCount(): number {
    return this.table.size - this.deadCount;
  }

  get byteSize(): number {
    return this.table.byteSize + this.pool.byteSize + this.rowCounts.length * 9;
  }

  aliveGroups(): Int32Array {
    const groups = new Int32Array(this.aliveCount);
    let count = 0;
    for (let group = 0; group < this.size; group++) {
      if (this.alive[group] !== 0) groups[count++] = group;
    }
    return groups;
  }

  encode(keys: readonly Column[], rows: Int32Array, count: number): void {
    this.layout.encode(keys, rows, count, this.pool, this.keys);
  }

  /** Groups of the encoded rows where none is ever taken back. */
  resolveAdded(rows: Int32Array, count: number, out: ResolvedRows): void {
    out.clear(count);
    let next = this.table.size;
    this.table.findOrInsertAll(this.keys, count, out.groups);
    this.growToTable();
    for (let i = 0; i < count; i++) {
      const isNew = out.groups[i] === next ? 1 : 0;
      out.rows[i] = rows[i]!;
      out.created[i] = isNew;
      next += isNew;
    }
    out.count = count;
  }

  /**
   * One row at a time: counts rows, lets groups die and return. `expired(group)` says whether the
   * state of a live group is too old to be seen. With `bundled` a group whose count reaches 0
   * lives on: the bundle's end decides.
   */
  resolveChanges(
    rows: Int32Array, kinds: Uint8Array | null, count: number,
    expired: ((group: number) => boolean) | null, bundled: boolean, out: ResolvedRows,
  ): void {
    out.clear(count);
    const { words, hashes } = this.keys;
    const { table } = this;
    for (let i = 0; i < count; i++) {
      const row = rows[i]!;
      const back = kinds !== null && takesBack(kinds[row]!);
      let group = table.find(words, i * table.width, hashes[i]!);
      if (group >= 0 && expired !== null && this.alive[group] !== 0 && expired(group)) {
        this.kill(group);
      }
      const absent = group < 0 || this.alive[group] === 0;
      if (absent) {
        if (back) continue;
        group = this.reviveOrInsert(group, i);
      }
      this.rowCounts[group]! += back ? -1 : 1;
      const deletes = !bundled && this.rowCounts[group] === 0;
      if (deletes) this.kill(group);
      const at = out.count++;
      out.rows[at] = row;
      out.groups[at] = group;
      out.retract[at] = back ? 1 : 0;
      out.created[at] = absent ? 1 : 0;
      out.deletes[at] = deletes ? 1 : 0;
    }
  }

  /**
   * As resolveChanges in a bundle, of rows that each stand for several: `counts` says for how many
   * more or fewer than before; null: nobody asks.
   */
  resolveMerged(
    rows: Int32Array, counts: Column | null, count: number,
    expired: ((group: number) => boolean) | null, out: ResolvedRows,
  ): void {
    out.clear(count);
    const { words, hashes } = this.keys;
    const { table } = this;
    for (let i = 0; i < count; i++) {
      let group = table.find(words, i * table.width, hashes[i]!);
      if (group >= 0 && expired !== null && this.alive[group] !== 0 && expired(group)) {
        this.kill(group);
      }
      const absent = group < 0 || this.alive[group] === 0;
      if (absent) group = this.reviveOrInsert(group, i);
      this.rowCounts[group]! += counts === null ? 1
        : readI64(counts.values as Int32Array, counts.constant ? 0 : rows[i]!);
      out.rows[i] = rows[i]!;
      out.groups[i] = group;
      out.created[i] = absent ? 1 : 0;
    }
    out.count = count;
  }

  kill(group: number): void {
    this.alive[group] = 0;
    this.deadCount++;
  }

  decode(index: number, groups: Int32Array, out: Column): void {
    this.layout.decode(index, this.table.words, groups, this.pool, out);
  }

  /** Groups for restored keys: those that are there already, new ones appended. */
  restore(keys: readonly Column[], count: number): Int32Array {
    this.encode(keys, Int32Array.from({ length: count }, (_, i) => i), count);
    const groups = new Int32Array(count);
    this.table.findOrInsertAll(this.keys, count, groups);
    this.growToTable();
    return groups;
  }

  get shouldCompact(): boolean {
    return this.deadCount > MOST_DEAD && this.deadCount > this.size / 2;
  }

  /** Keeps the living. Old ids in their new order, and new ids by old id (GONE = dropped). */
  compact(): { readonly kept: Int32Array; readonly newIds: Int32Array } {
    const kept = this.aliveGroups();
    const newIds = new Int32Array(this.size).fill(GONE);
    const rowCounts = new Float64Array(Math.max(16, kept.length));
    kept.forEach((group, id) => {
      newIds[group] = id;
      rowCounts[id] = this.rowCounts[group]!;
    });
    this.table.keep(kept);
    if (this.layout.usesPool) this.compactPool();
    this.rowCounts = rowCounts;
    this.alive = new Uint8Array(rowCounts.length).fill(1, 0, kept.length);
    this.deadCount = 0;
    this.knownCount = kept.length;
    return { kept, newIds };
  }

  private compactPool(): void {
    const old = this.pool;
    const pool = new StringPool();
    const newId = (id: number): number =>
      pool.intern(old.heap.bytes, old.starts[id]!, old.lengths[id]!);
    for (let group = 0; group < this.table.size; group++) {
      this.layout.remapStrings(this.table.words, group * this.table.width, newId);
    }
    this.pool = pool;
    this.table.rehashWords();
  }

  private reviveOrInsert(group: number, position: number): number {
    this.table.reserve(1);
    const { words, hashes } = this.keys;
    const made = group < 0
      ? this.table.findOrInsert(words, position * this.table.width, hashes[position]!)
      : this.table.replace(group);
    this.growToTable();
    return made;
  }

  /** Groups the table has made since the last call are alive and have no rows. */
  private growToTable(): void {
    const { size } = this.table;
    if (size > this.alive.length) {
      const capacity = Math.max(size, this.alive.length * 2);
      const rowCounts = new Float64Array(capacity);
      rowCounts.set(this.rowCounts);
      const alive = new Uint8Array(capacity);
      alive.set(this.alive);
      this.rowCounts = rowCounts;
      this.alive = alive;
    }
    for (let group = this.knownCount; group < size; group++) this.alive[group] = 1;
    this.knownCount = size;
  }
}
