/**
 * ORDER BY a row time, and by further columns among rows of one time: rows wait for the watermark.
 * A row whose time has been sent already, or an earlier one, is late and dropped.
 */
import { Batch, MIN_WATERMARK, ROW_KIND } from '../batch/batch.js';
import { allocateColumn, type Column, readI64, writeI64 } from '../batch/column.js';
import { fail } from '../errors/index.js';
import type { TemporalSortNode } from '../plan/physical/plan.js';
import { BIGINT, notNull, type RowField } from '../types/data-type.js';
import { ChangeBuffer } from './change-buffer.js';
import type { Operator, OperatorStats, Output, StateTable } from './operator.js';
import { rowNumbers } from './row-numbers.js';
import { RowStore } from './row-store.js';
import { SortKeys } from './sort-key.js';
import { TimerQueue } from './timer-queue.js';
import { readWatermark, writeWatermark } from './watermark-state.js';

const SENT_UNTIL: StateTable = {
  name: 'sent_until', fields: [{ name: 'sent_until', type: notNull(BIGINT) }], keyCount: 0,
};

class TemporalSort implements Operator {
  readonly stateTables: readonly StateTable[];
  private readonly store: RowStore;
  private readonly keys: SortKeys;
  private readonly changes: ChangeBuffer;
  private readonly waiting = new TimerQueue();
  private watermark = MIN_WATERMARK;
  /** Time of the last rows sent. */
  private sentUntil = MIN_WATERMARK;
  private restored: { readonly id: number; readonly position: number }[] = [];
  private lateRows = 0;

  constructor(
    private readonly node: TemporalSortNode, private readonly input: readonly RowField[],
  ) {
    this.store = new RowStore(input);
    this.keys = new SortKeys(node.orderBy, input, this.store);
    this.changes = new ChangeBuffer(node.schema, this.store, false);
    const fields = [...input, { name: 'position', type: notNull(BIGINT) }];
    this.stateTables = [{ name: 'rows', fields, keyCount: 0 }, SENT_UNTIL];
  }

  process(batch: Batch, _input: number, output: Output): void {
    this.settleRestored();
    const runs = batch.watermarks;
    let run = 0;
    for (const row of rowNumbers(batch).slice()) {
      for (; run < runs.length && runs[run]!.row <= row; run++) {
        this.raise(runs[run]!.watermark, output);
      }
      this.takeRow(batch, row);
    }
    for (; run < runs.length; run++) this.raise(runs[run]!.watermark, output);
    this.flush(output);
  }

  private takeRow(batch: Batch, row: number): void {
    const column = batch.columns[this.node.rowtime]!;
    if (column.isNull(row)) fail('MR3004', { column: 'row time' });
    const time = readI64(column.values as Int32Array, column.constant ? 0 : row);
    if (time <= this.sentUntil) this.lateRows++;
    else this.waiting.add(time, this.store.add(batch.columns, row));
  }

  private raise(watermark: number, output: Output): void {
    if (watermark > this.watermark) this.watermark = watermark;
    while (this.waiting.size > 0 && this.waiting.nextTime <= this.watermark) {
      this.sendTime(this.waiting.nextTime);
      if (this.changes.isFull) this.flush(output);
    }
    this.changes.watermark(watermark);
  }

  private sendTime(time: number): void {
    const ids: number[] = [];
    while (this.waiting.size > 0 && this.waiting.nextTime === time) ids.push(this.waiting.take());
    for (const id of this.sorted(ids)) {
      this.changes.add(ROW_KIND.INSERT, id, 0);
      this.store.release(id);
    }
    this.sentUntil = time;
  }

  private sorted(ids: readonly number[]): readonly number[] {
    if (ids.length < 2 || this.node.orderBy.length === 0) return ids;
    const columns: Column[] = [];
    const rows = Int32Array.from(ids);
    for (const { column } of this.node.orderBy) columns[column] = this.store.gather(column, rows);
    const places = ids.map((_, i) => i);
    places.sort((a, b) => this.keys.compare(columns, a, ids[b]!));
    return places.map((at) => ids[at]!);
  }

  private flush(output: Output): void {
    this.changes.flush(output);
    this.store.settle();
  }

  snapshot(table: StateTable): Batch {
    this.settleRestored();
    if (table.name === SENT_UNTIL.name) {
      const column = allocateColumn(notNull(BIGINT), 1);
      writeWatermark(column.values as Int32Array, 0, this.sentUntil);
      return new Batch(1, [column]);
    }
    const ids = Int32Array.from(this.waiting.inOrder());
    const position = allocateColumn(notNull(BIGINT), ids.length);
    ids.forEach((_, i) => writeI64(position.values as Int32Array, i, i));
    const columns = this.input.map((_, i) => this.store.gather(i, ids));
    return new Batch(ids.length, [...columns, position]);
  }

  restore(table: StateTable, content: Batch): void {
    if (table.name === SENT_UNTIL.name) {
      for (let row = 0; row < content.rowCount; row++) {
        const time = readWatermark(content.columns[0]!.values as Int32Array, row);
        this.sentUntil = Math.max(this.sentUntil, time);
      }
      return;
    }
    const position = content.columns.at(-1)!;
    for (let row = 0; row < content.rowCount; row++) {
      const at = readI64(position.values as Int32Array, position.constant ? 0 : row);
      this.restored.push({ id: this.store.add(content.columns, row), position: at });
    }
  }

  private settleRestored(): void {
    if (this.restored.length === 0) return;
    const times = this.store.columns[this.node.rowtime]!.values as Int32Array;
    this.restored.sort((a, b) => a.position - b.position);
    for (const { id } of this.restored) this.waiting.add(readI64(times, id), id);
    this.restored = [];
  }

  stats(): OperatorStats {
    const stateBytes = this.store.byteSize;
    return { lateRows: this.lateRows, stateRows: this.store.count, stateBytes };
  }
}

/** The sort of a plan node. */
export function makeTemporalSort(
  node: TemporalSortNode, inputs: readonly (readonly RowField[])[],
): Operator {
  return new TemporalSort(node, inputs[0]!);
}
