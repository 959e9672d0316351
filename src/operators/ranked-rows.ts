/**
 * Rows in order of rank, a list a partition: the state of rank and window-rank.
 *
 * State table "rows": the partition columns, the other columns, then `position`, the row's place
 * in its partition from 0, [written_ms]. Rows of equal sort keys stand as they came, so the
 * positions carry their order of arrival.
 */
import { Batch } from '../batch/batch.js';
import { allocateColumn, type Column, readI64, writeI64 } from '../batch/column.js';
import { fail } from '../errors/index.js';
import type { SortKey } from '../plan/physical/plan.js';
import type { KeyedGroups } from '../state/keyed-groups.js';
import { BIGINT, notNull, type RowField } from '../types/data-type.js';
import type { StateTable } from './operator.js';
import { RowStore } from './row-store.js';
import { SortKeys } from './sort-key.js';
import { i64At } from './timed-rows.js';

const WRITTEN: RowField = { name: 'written_ms', type: notNull(BIGINT) };
const POSITION: RowField = { name: 'position', type: notNull(BIGINT) };
const NO_ROWS: readonly number[] = [];

export class RankedRows {
  readonly store: RowStore;
  readonly stateTable: StateTable;
  private readonly keys: SortKeys;
  private readonly all: readonly number[];
  private readonly stateOrder: readonly number[];
  private lists: number[][] = [];
  private readonly restoredPositions: number[] = [];
  /** Where rows expire: by row id when it came, by list no later than its oldest row. */
  private readonly writtenMs: number[] = [];
  private oldestMs: number[] = [];

  constructor(
    schema: readonly RowField[], private readonly partition: readonly number[],
    order: readonly SortKey[],
    /** How many of the partition columns, from the first, the rows are spread by. */
    keyCount = partition.length,
    /** How long each row is kept; 0: until it is removed. */
    private readonly ttlMs = 0,
  ) {
    this.store = new RowStore(schema);
    this.keys = new SortKeys(order, schema, this.store);
    this.all = schema.map((_, i) => i);
    this.stateOrder = [...partition, ...this.all.filter((i) => !partition.includes(i))];
    const fields = [
      ...this.stateOrder.map((i) => schema[i]!), POSITION, ...(ttlMs > 0 ? [WRITTEN] : []),
    ];
    this.stateTable = { name: 'rows', fields, keyCount };
  }

  /** Ids of a partition's rows in order. Valid until the next change of the list. */
  rows(list: number): readonly number[] {
    return this.lists[list] ?? NO_ROWS;
  }

  /** Keeps a batch's row; in no list yet. */
  add(columns: readonly Column[], row: number, nowMs = 0): number {
    const id = this.store.add(columns, row);
    if (this.ttlMs > 0) this.writtenMs[id] = nowMs;
    return id;
  }

  /** Frees the rows of a list that are too old to be seen. */
  dropExpired(list: number, nowMs: number): void {
    const oldest = this.oldestMs[list];
    if (this.ttlMs === 0 || oldest === undefined || oldest + this.ttlMs > nowMs) return;
    const kept: number[] = [];
    let first = Infinity;
    for (const id of this.rows(list)) {
      const written = this.writtenMs[id]!;
      if (written + this.ttlMs <= nowMs) this.store.release(id);
      else {
        kept.push(id);
        first = Math.min(first, written);
      }
    }
    this.lists[list] = kept;
    this.oldestMs[list] = first;
  }

  insert(list: number, position: number, id: number): void {
    const rows = (this.lists[list] ??= []);
    if (this.ttlMs > 0) {
      const written = this.writtenMs[id]!;
      this.oldestMs[list] = rows.length === 0 ? written : Math.min(this.oldestMs[list]!, written);
    }
    rows.push(id);
    for (let at = rows.length - 1; at > position; at--) rows[at] = rows[at - 1]!;
    rows[position] = id;
  }

  replace(list: number, position: number, id: number): void {
    const rows = this.lists[list]!;
    this.store.release(rows[position]!);
    rows[position] = id;
  }

  remove(list: number, position: number): void {
    const rows = this.lists[list]!;
    this.store.release(rows[position]!);
    for (let at = position + 1; at < rows.length; at++) rows[at - 1] = rows[at]!;
    rows.pop();
  }

  /** Frees all rows of a list. */
  drop(list: number): void {
    for (const id of this.rows(list)) this.store.release(id);
    delete this.lists[list];
  }

  compare(columns: readonly Column[], row: number, id: number): number {
    return this.keys.compare(columns, row, id);
  }

  /** Where a new row stands: behind all rows that are not after it. */
  positionAfterEquals(list: number, columns: readonly Column[], row: number): number {
    return this.partitionPoint(list, (id) => this.keys.compare(columns, row, id) >= 0);
  }

  /** The first row with the batch row's values in `which`; -1 = none. */
  find(list: number, which: readonly number[], columns: readonly Column[], row: number): number {
    return this.rows(list).findIndex((id) => this.store.equals(id, which, columns, row));
  }

  /** The first row that is the batch's row in all columns; -1 = none. */
  findEqualRow(list: number, columns: readonly Column[], row: number): number {
    const rows = this.rows(list);
    let at = this.partitionPoint(list, (id) => this.keys.compare(columns, row, id) > 0);
    for (; at < rows.length && this.keys.compare(columns, row, rows[at]!) === 0; at++) {
      if (this.store.equals(rows[at]!, this.all, columns, row)) return at;
    }
    return -1;
  }

  /** Lists get the numbers of compacted groups. */
  renumber(kept: Int32Array): void {
    this.lists = Array.from(kept, (old) => this.lists[old] ?? []);
    if (this.ttlMs > 0) this.oldestMs = Array.from(kept, (old) => this.oldestMs[old] ?? Infinity);
  }

  snapshot(groups: KeyedGroups): Batch {
    const ids: number[] = [];
    const positions: number[] = [];
    for (const group of groups.aliveGroups()) {
      this.rows(group).forEach((id, position) => {
        ids.push(id);
        positions.push(position);
      });
    }
    const rows = Int32Array.from(ids);
    const columns = this.stateOrder.map((column) => this.store.gather(column, rows));
    columns.push(bigints(positions));
    if (this.ttlMs > 0) columns.push(bigints(ids.map((id) => this.writtenMs[id]!)));
    return new Batch(rows.length, columns);
  }

  /** Chunks may come in any order: each row goes to its position among those restored so far. */
  restore(content: Batch, groups: KeyedGroups): void {
    if (content.columns.length !== this.stateTable.fields.length) {
      fail('MR5001', { detail: 'state table rows has other columns' });
    }
    const columns: Column[] = [];
    this.stateOrder.forEach((column, i) => { columns[column] = content.columns[i]!; });
    const keys = this.partition.map((column) => columns[column]!);
    const found = groups.restore(keys, content.rowCount);
    const position = content.columns[this.stateOrder.length]!;
    const written = this.ttlMs > 0 ? content.columns.at(-1)! : null;
    for (let row = 0; row < content.rowCount; row++) {
      const list = found[row]!;
      const place = readI64(position.values as Int32Array, position.constant ? 0 : row);
      const id = this.add(columns, row, written === null ? 0 : i64At(written, row));
      this.restoredPositions[id] = place;
      const at = this.partitionPoint(list, (other) => this.restoredPositions[other]! < place);
      this.insert(list, at, id);
      groups.rowCounts[list]!++;
    }
  }

  get byteSize(): number {
    return this.store.byteSize + this.store.count * 8;
  }

  private partitionPoint(list: number, isBefore: (id: number) => boolean): number {
    const rows = this.rows(list);
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(rows[middle]!)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function bigints(numbers: readonly number[]): Column {
  const column = allocateColumn(notNull(BIGINT), numbers.length);
  numbers.forEach((value, i) => writeI64(column.values as Int32Array, i, value));
  return column;
}
