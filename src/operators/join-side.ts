/**
 * What a join keeps of one input: rows in columns, those of a join key in a list in the order of
 * their arrival. With it, where rows may stand alone in the output, how many partners each has.
 *
 * State table "left" or "right": the join key, the other columns, [associations], [updated_ms].
 */
import { Batch } from '../batch/batch.js';
import { allocateColumn, type Column, readI64, writeI64 } from '../batch/column.js';
import { fail } from '../errors/index.js';
import type { JoinInput } from '../plan/physical/plan.js';
import { Expiry, sweepLimit } from '../state/expiry.js';
import { hashKeys } from '../state/key-group.js';
import type { KeyedGroups } from '../state/keyed-groups.js';
import { BIGINT, INT, notNull, type RowField } from '../types/data-type.js';
import type { StateTable } from './operator.js';
import { RowIndex, RowLinks } from './row-index.js';
import { RowStore } from './row-store.js';

const NONE = -1;
const FIRST_CAPACITY = 64;
/** A group in which a search looks at more rows than this gets an index. */
const LONG_SEARCH = 64;

export class JoinSide {
  readonly store: RowStore;
  readonly stateTable: StateTable;
  /** By row id; only where `tracksPartners`. */
  partners = new Int32Array(FIRST_CAPACITY);
  private readonly all: readonly number[];
  private readonly stateOrder: readonly number[];
  /** First and last row of each group; NONE = no row. */
  private heads = new Int32Array(FIRST_CAPACITY).fill(NONE);
  private tails = new Int32Array(FIRST_CAPACITY).fill(NONE);
  private next = new Int32Array(FIRST_CAPACITY);
  private previous = new Int32Array(FIRST_CAPACITY);
  /** Null where rows are kept for ever; then no row's group is kept either. */
  private readonly expiry: Expiry | null;
  private groupOf = new Int32Array(FIRST_CAPACITY);
  /** The columns that name a row. */
  private readonly identity: readonly number[];
  /** By group, of the large ones from which rows are taken back. */
  private indexes = new Map<number, RowIndex>();
  private readonly links = new RowLinks();

  constructor(
    name: string, schema: readonly RowField[], readonly input: JoinInput,
    readonly tracksPartners: boolean, ttlMs: number,
    /** How many of the keys the rows are spread by. */
    keyCount = input.keys.length,
  ) {
    this.store = new RowStore(schema);
    this.all = schema.map((_, i) => i);
    const { keys } = input;
    this.expiry = ttlMs > 0 ? new Expiry(ttlMs) : null;
    this.identity = input.uniqueness === 'unique-key' ? input.uniqueKey : this.all;
    this.stateOrder = [...keys, ...this.all.filter((i) => !keys.includes(i))];
    const fields = [
      ...this.stateOrder.map((i) => schema[i]!),
      ...(tracksPartners ? [{ name: 'associations', type: notNull(INT) }] : []),
      ...(ttlMs > 0 ? [{ name: 'updated_ms', type: notNull(BIGINT) }] : []),
    ];
    this.stateTable = { name, fields, keyCount };
  }

  /** Room for so many groups. */
  resize(groupCount: number): void {
    if (groupCount <= this.heads.length) return;
    const capacity = Math.max(groupCount, this.heads.length * 2);
    this.heads = widened(this.heads, capacity, NONE);
    this.tails = widened(this.tails, capacity, NONE);
  }

  /** The first row of a group and the one after a row; NONE (-1) = no more. */
  first(group: number): number {
    return this.heads[group]!;
  }

  after(id: number): number {
    return this.next[id]!;
  }

  /** Whether a row is too old to be seen at this time. */
  isExpired(id: number, nowMs: number): boolean {
    return this.expiry !== null && this.expiry.isExpired(id, nowMs);
  }

  /** Keeps a batch's row; it takes the place of the one with its unique key. */
  add(
    columns: readonly Column[], row: number, group: number, partners: number, nowMs: number,
  ): void {
    if (this.input.uniqueness !== 'none') {
      const old = this.find(columns, row, group);
      if (old !== NONE) this.remove(old, group);
    }
    const id = this.append(columns, row, group);
    this.partners[id] = partners;
    this.expiry?.touch(id, nowMs);
    if (this.indexes.size > 0) {
      this.indexes.get(group)?.add(id, hashOf(this.identity.map((i) => columns[i]!), row));
    }
  }

  /** Lets go of rows whose time is up, as many as a batch of `rowCount` rows has to. */
  sweep(nowMs: number, rowCount: number): void {
    if (this.expiry === null) return;
    for (let left = sweepLimit(rowCount); left > 0; left--) {
      const id = this.expiry.oldestExpired(nowMs);
      if (id === NONE) return;
      this.remove(id, this.groupOf[id]!);
    }
  }

  /** Lets go of a row as it is named: by its unique key, or by all its values. */
  retract(columns: readonly Column[], row: number, group: number): void {
    const id = this.find(columns, row, group);
    if (id !== NONE) this.remove(id, group);
  }

  setPartners(id: number, count: number, nowMs: number): void {
    this.partners[id] = count;
    this.expiry?.touch(id, nowMs);
  }

  remove(id: number, group: number): void {
    const before = this.previous[id]!;
    const after = this.next[id]!;
    if (before === NONE) this.heads[group] = after;
    else this.next[before] = after;
    if (after === NONE) this.tails[group] = before;
    else this.previous[after] = before;
    this.release(id);
    if (this.indexes.size === 0) return;
    if (before === NONE && after === NONE) this.indexes.delete(group);
    else this.indexes.get(group)?.remove(id);
  }

  /** Frees all rows of a group. */
  drop(group: number): void {
    for (let id = this.heads[group]!; id !== NONE; id = this.next[id]!) this.release(id);
    this.heads[group] = NONE;
    this.tails[group] = NONE;
    this.indexes.delete(group);
  }

  isEmpty(group: number): boolean {
    return group >= this.heads.length || this.heads[group] === NONE;
  }

  /** Groups get new numbers: `kept` are the old ones in their new order. */
  renumber(kept: Int32Array): void {
    const capacity = Math.max(FIRST_CAPACITY, kept.length);
    const heads = new Int32Array(capacity).fill(NONE);
    const tails = new Int32Array(capacity).fill(NONE);
    const indexes = new Map<number, RowIndex>();
    kept.forEach((old, group) => {
      if (this.isEmpty(old)) return;
      heads[group] = this.heads[old]!;
      tails[group] = this.tails[old]!;
      const index = this.indexes.get(old);
      if (index !== undefined) indexes.set(group, index);
    });
    this.heads = heads;
    this.tails = tails;
    this.indexes = indexes;
    if (this.expiry === null) return;
    for (let group = 0; group < kept.length; group++) {
      for (let id = heads[group]!; id !== NONE; id = this.next[id]!) this.groupOf[id] = group;
    }
  }

  snapshot(groupCount: number): Batch {
    const ids: number[] = [];
    for (let group = 0; group < Math.min(groupCount, this.heads.length); group++) {
      for (let id = this.heads[group]!; id !== NONE; id = this.next[id]!) ids.push(id);
    }
    const rows = Int32Array.from(ids);
    const columns = this.stateOrder.map((column) => this.store.gather(column, rows));
    if (this.tracksPartners) {
      const partners = allocateColumn(notNull(INT), rows.length);
      rows.forEach((id, i) => { partners.values[i] = this.partners[id]!; });
      columns.push(partners);
    }
    if (this.expiry !== null) {
      const updated = allocateColumn(notNull(BIGINT), rows.length);
      rows.forEach((id, i) => {
        writeI64(updated.values as Int32Array, i, this.expiry!.timeOf(id));
      });
      columns.push(updated);
    }
    return new Batch(rows.length, columns);
  }

  restore(content: Batch, groups: KeyedGroups): void {
    if (content.columns.length !== this.stateTable.fields.length) {
      fail('MR5001', { detail: `state table ${this.stateTable.name} has other columns` });
    }
    const columns: Column[] = [];
    this.stateOrder.forEach((column, i) => { columns[column] = content.columns[i]!; });
    const keys = this.input.keys.map((column) => columns[column]!);
    const found = groups.restore(keys, content.rowCount);
    this.resize(groups.size);
    const partners = content.columns[this.stateOrder.length];
    const updated = content.columns.at(-1)!;
    for (let row = 0; row < content.rowCount; row++) {
      const id = this.append(columns, row, found[row]!);
      this.partners[id] = this.tracksPartners
        ? partners!.values[partners!.constant ? 0 : row]! : 0;
      this.expiry?.restore(id,
        readI64(updated.values as Int32Array, updated.constant ? 0 : row));
    }
  }

  get byteSize(): number {
    return this.store.byteSize + (this.heads.length + this.next.length) * 8 +
      this.partners.length * 12;
  }

  /** The first of the group's rows with this identity. */
  private find(columns: readonly Column[], row: number, group: number): number {
    const first = this.heads[group]!;
    if (this.input.uniqueness === 'join-key') return first;
    const index = this.indexes.size === 0 ? undefined : this.indexes.get(group);
    if (index !== undefined) return this.findIn(index, columns, row);
    let looked = 0;
    for (let id = first; id !== NONE; id = this.next[id]!) {
      if (this.store.equals(id, this.identity, columns, row)) return id;
      if (++looked > LONG_SEARCH) return this.findIn(this.indexed(group), columns, row);
    }
    return NONE;
  }

  private findIn(index: RowIndex, columns: readonly Column[], row: number): number {
    const hash = hashOf(this.identity.map((i) => columns[i]!), row);
    for (let id = index.first(hash); id !== NONE; id = index.after(id)) {
      if (this.store.equals(id, this.identity, columns, row)) return id;
    }
    return NONE;
  }

  private indexed(group: number): RowIndex {
    const ids: number[] = [];
    for (let id = this.heads[group]!; id !== NONE; id = this.next[id]!) ids.push(id);
    const rows = Int32Array.from(ids);
    const hashes = hashKeys(
      this.identity.map((column) => this.store.gather(column, rows)), null, ids.length,
    );
    const index = new RowIndex(this.links);
    ids.forEach((id, i) => index.add(id, hashes[i]!));
    this.indexes.set(group, index);
    return index;
  }

  private release(id: number): void {
    this.expiry?.forget(id);
    this.store.release(id);
  }

  private append(columns: readonly Column[], row: number, group: number): number {
    const id = this.store.add(columns, row);
    if (id >= this.next.length) this.growRows(id + 1);
    const last = this.tails[group]!;
    this.previous[id] = last;
    this.next[id] = NONE;
    if (last === NONE) this.heads[group] = id;
    else this.next[last] = id;
    this.tails[group] = id;
    if (this.expiry !== null) this.groupOf[id] = group;
    return id;
  }

  private growRows(count: number): void {
    const capacity = Math.max(count, this.next.length * 2);
    this.next = widened(this.next, capacity, NONE);
    this.previous = widened(this.previous, capacity, NONE);
    this.partners = widened(this.partners, capacity, 0);
    if (this.expiry === null) return;
    this.expiry.resize(capacity);
    this.groupOf = widened(this.groupOf, capacity, NONE);
  }
}

function hashOf(identity: readonly Column[], row: number): number {
  return hashKeys(identity, Int32Array.of(row), 1)[0]!;
}

function widened(values: Int32Array, length: number, fill: number): Int32Array<ArrayBuffer> {
  const wider = new Int32Array(length);
  wider.set(values);
  wider.fill(fill, values.length);
  return wider;
}
