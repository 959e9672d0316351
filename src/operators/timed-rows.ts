/**
 * Rows of one input of an operator that keeps them by key and time: those of a key in a list in
 * the order of their times, those of one time as they came. Rows that come nearly in order cost
 * no search.
 *
 * State table: the key, the other columns, [time_ms], [the flag], [position].
 */
import { Batch } from '../batch/batch.js';
import { allocateColumn, type Column, readI64, writeI64 } from '../batch/column.js';
import { fail } from '../errors/index.js';
import type { KeyedGroups } from '../state/keyed-groups.js';
import { BIGINT, INT, notNull, type RowField } from '../types/data-type.js';
import type { StateTable } from './operator.js';
import { RowStore } from './row-store.js';

const NONE = -1;
const FIRST_CAPACITY = 64;

export interface TimedRowsSpec {
  /** Of the state table. */
  readonly name: string;
  readonly schema: readonly RowField[];
  readonly keys: readonly number[];
  /** The column with the time, ms; null: `link` says it, and the state table keeps it. */
  readonly time: number | null;
  /** A number that the operator keeps beside each row; null: none. */
  readonly flag: string | null;
  /** Whether the order of arrival counts across times. */
  readonly isOrdered: boolean;
}

export class TimedRows {
  readonly store: RowStore;
  readonly stateTable: StateTable;
  /** By row id. */
  flags = new Uint8Array(FIRST_CAPACITY);
  private readonly stateOrder: readonly number[];
  private readonly timeType = notNull(BIGINT);
  /** First and last row of each group; NONE = no row. */
  private heads = new Int32Array(FIRST_CAPACITY).fill(NONE);
  private tails = new Int32Array(FIRST_CAPACITY).fill(NONE);
  private next = new Int32Array(FIRST_CAPACITY);
  private previous = new Int32Array(FIRST_CAPACITY);
  private times = new Float64Array(FIRST_CAPACITY);
  private positions = new Float64Array(FIRST_CAPACITY);
  private nextPosition = 0;

  constructor(private readonly spec: TimedRowsSpec) {
    const { name, schema, keys, time, flag, isOrdered } = spec;
    this.store = new RowStore(schema);
    this.stateOrder = [...keys, ...schema.map((_, i) => i).filter((i) => !keys.includes(i))];
    const fields = [
      ...this.stateOrder.map((i) => schema[i]!),
      ...(time === null ? [{ name: 'time_ms', type: notNull(BIGINT) }] : []),
      ...(flag === null ? [] : [{ name: flag, type: notNull(INT) }]),
      ...(isOrdered ? [{ name: 'position', type: notNull(BIGINT) }] : []),
    ];
    this.stateTable = { name, fields, keyCount: keys.length };
  }

  /** Room for so many groups. */
  resize(groupCount: number): void {
    if (groupCount <= this.heads.length) return;
    const capacity = Math.max(groupCount, this.heads.length * 2);
    this.heads = widened(this.heads, capacity);
    this.tails = widened(this.tails, capacity);
  }

  /** The earliest and the latest row of a group, their neighbours; NONE (-1) = no more. */
  first(group: number): number {
    return this.heads[group]!;
  }

  last(group: number): number {
    return this.tails[group]!;
  }

  after(id: number): number {
    return this.next[id]!;
  }

  before(id: number): number {
    return this.previous[id]!;
  }

  timeOf(id: number): number {
    return this.times[id]!;
  }

  /** Rises in the order of arrival. */
  positionOf(id: number): number {
    return this.positions[id]!;
  }

  isEmpty(group: number): boolean {
    return group >= this.heads.length || this.heads[group] === NONE;
  }

  /** Puts a row of the store behind those of its time and before. */
  link(id: number, group: number, time: number, flag: number): void {
    if (id >= this.next.length) this.growRows(id + 1);
    this.times[id] = time;
    this.flags[id] = flag;
    this.positions[id] = this.nextPosition++;
    let before = this.tails[group]!;
    while (before !== NONE && this.times[before]! > time) before = this.previous[before]!;
    const after = before === NONE ? this.heads[group]! : this.next[before]!;
    this.previous[id] = before;
    this.next[id] = after;
    if (before === NONE) this.heads[group] = id;
    else this.next[before] = id;
    if (after === NONE) this.tails[group] = id;
    else this.previous[after] = id;
  }

  /** Takes a row out of its list and frees it; it can be read until the store settles. */
  remove(id: number, group: number): void {
    const before = this.previous[id]!;
    const after = this.next[id]!;
    if (before === NONE) this.heads[group] = after;
    else this.next[before] = after;
    if (after === NONE) this.tails[group] = before;
    else this.previous[after] = before;
    this.store.release(id);
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
    const { time, flag, isOrdered } = this.spec;
    const columns = this.stateOrder.map((column) => this.store.gather(column, rows));
    if (time === null) columns.push(this.bigints(rows, this.times));
    if (flag !== null) {
      const flags = allocateColumn(notNull(INT), rows.length);
      rows.forEach((id, i) => { flags.values[i] = this.flags[id]!; });
      columns.push(flags);
    }
    if (isOrdered) columns.push(this.bigints(rows, this.positions));
    return new Batch(rows.length, columns);
  }

  /** Rows of restored groups; those of one time in their order. */
  restore(content: Batch, groups: KeyedGroups): void {
    const { columns, rowCount } = content;
    if (columns.length !== this.stateTable.fields.length) {
      fail('MR5001', { detail: `state table ${this.stateTable.name} has other columns` });
    }
    const { keys, time, flag, isOrdered } = this.spec;
    const rows: Column[] = [];
    this.stateOrder.forEach((column, i) => { rows[column] = columns[i]!; });
    const found = groups.restore(keys.map((column) => rows[column]!), rowCount);
    this.resize(groups.size);
    let at = this.stateOrder.length;
    const times = time === null ? columns[at++]! : rows[time]!;
    const flags = flag === null ? null : columns[at++]!;
    const positions = isOrdered ? columns[at]! : null;
    let last = this.nextPosition;
    for (let row = 0; row < rowCount; row++) {
      const id = this.store.add(rows, row);
      this.link(id, found[row]!, i64At(times, row),
        flags === null ? 0 : flags.values[flags.constant ? 0 : row]!);
      if (positions === null) continue;
      this.positions[id] = i64At(positions, row);
      last = Math.max(last, this.positions[id] + 1);
    }
    this.nextPosition = last;
  }

  get byteSize(): number {
    return this.store.byteSize + this.heads.length * 8 + this.next.length * 25;
  }

  private bigints(rows: Int32Array, from: Float64Array): Column {
    const column = allocateColumn(this.timeType, rows.length);
    rows.forEach((id, i) => { writeI64(column.values as Int32Array, i, from[id]!); });
    return column;
  }

  private growRows(count: number): void {
    const capacity = Math.max(count, this.next.length * 2);
    this.next = widened(this.next, capacity);
    this.previous = widened(this.previous, capacity);
    this.times = widenedTimes(this.times, capacity);
    this.positions = widenedTimes(this.positions, capacity);
    const flags = new Uint8Array(capacity);
    flags.set(this.flags);
    this.flags = flags;
  }
}

/** A BIGINT or timestamp of a column that is not NULL there. */
export function i64At(column: Column, row: number): number {
  return readI64(column.values as Int32Array, column.constant ? 0 : row);
}

function widened(values: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const wider = new Int32Array(length).fill(NONE);
  wider.set(values);
  return wider;
}

function widenedTimes(values: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const wider = new Float64Array(length);
  wider.set(values);
  return wider;
}
