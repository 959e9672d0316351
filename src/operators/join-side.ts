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
import type { KeyedGroups } from '../state/keyed-groups.js';
import { BIGINT, INT, notNull, type RowField } from '../types/data-type.js';
import type { StateTable } from './operator.js';
import { RowStore } from './row-store.js';

const NONE = -1;
const FIRST_CAPACITY = 64;

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
  private updatedMs = new Float64Array(FIRST_CAPACITY);

  constructor(
    name: string, schema: readonly RowField[], readonly input: JoinInput,
    readonly tracksPartners: boolean, private readonly ttlMs: number,
    /** How many of the keys the rows are spread by. */
    keyCount = input.keys.length,
  ) {
    this.store = new RowStore(schema);
    this.all = schema.map((_, i) => i);
    const { keys } = input;
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
    return this.ttlMs > 0 && this.updatedMs[id]! + this.ttlMs <= nowMs;
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
    this.updatedMs[id] = nowMs;
  }

  /** Lets go of a row as it is named: by its unique key, or by all its values. */
  retract(columns: readonly Column[], row: number, group: number): void {
    const id = this.find(columns, row, group);
    if (id !== NONE) this.remove(id, group);
  }

  setPartners(id: number, count: number, nowMs: number): void {
    this.partners[id] = count;
    this.updatedMs[id] = nowMs;
  }

  remove(id: number, group: number): void {
    const before = this.previous[id]!;
    const after = this.next[id]!;
    if (before === NONE) this.heads[group] = after;
    else this.next[before] = after;
    if (after === NONE) this.tails[group] = before;
    else this.previous[after] = before;
    this.store.release(id);
  }

  /** Frees all rows of a group. */
  drop(group: number): void {
    for (let id = this.heads[group]!; id !== NONE; id = this.next[id]!) this.store.release(id);
    this.heads[group] = NONE;
    this.tails[group] = NONE;
  }

  isEmpty(group: number): boolean {
    return group >= this.heads.length || this.heads[group] === NONE;
  }

  /** Groups get new numbers: `kept` are the old ones in their new order. */
  renumber(kept: Int32Array): void {
    const capacity = Math.max(FIRST_CAPACITY, kept.length);
    const heads = new Int32Array(capacity).fill(NONE);
    const tails = new Int32Array(capacity).fill(NONE);
    kept.forEach((old, group) => {
      if (this.isEmpty(old)) return;
      heads[group] = this.heads[old]!;
      tails[group] = this.tails[old]!;
    });
    this.heads = heads;
    this.tails = tails;
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
    if (this.ttlMs > 0) {
      const updated = allocateColumn(notNull(BIGINT), rows.length);
      rows.forEach((id, i) => {
        writeI64(updated.values as Int32Array, i, this.updatedMs[id]!);
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
      this.updatedMs[id] = this.ttlMs > 0
        ? readI64(updated.values as Int32Array, updated.constant ? 0 : row) : 0;
    }
  }

  get byteSize(): number {
    return this.store.byteSize + (this.heads.length + this.next.length) * 8 +
      this.partners.length * 12;
  }

  private find(columns: readonly Column[], row: number, group: number): number {
    const { uniqueness, uniqueKey } = this.input;
    const first = this.heads[group]!;
    if (uniqueness === 'join-key') return first;
    const which = uniqueness === 'unique-key' ? uniqueKey : this.all;
    for (let id = first; id !== NONE; id = this.next[id]!) {
      if (this.store.equals(id, which, columns, row)) return id;
    }
    return NONE;
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
    return id;
  }

  private growRows(count: number): void {
    const capacity = Math.max(count, this.next.length * 2);
    this.next = widened(this.next, capacity, NONE);
    this.previous = widened(this.previous, capacity, NONE);
    this.partners = widened(this.partners, capacity, 0);
    const updated = new Float64Array(capacity);
    updated.set(this.updatedMs);
    this.updatedMs = updated;
  }
}

function widened(values: Int32Array, length: number, fill: number): Int32Array<ArrayBuffer> {
  const wider = new Int32Array(length);
  wider.set(values);
  wider.fill(fill, values.length);
  return wider;
}
