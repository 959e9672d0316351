/**
 * The first or the last row of each key, by row time or by arrival; what Flink's four functions
 * do, one row a key:
 *
 *     first by arrival    the first row is emitted, the rest dropped
 *     last by arrival     each row replaces the one before
 *     last by row time    a row replaces one that is not later; late rows count too
 *     first by row time   the earliest row is emitted once the watermark reaches it; rows behind
 *                         the watermark are dropped
 *
 * With a time to live a key starts anew when its row was not replaced for so long; a row that
 * waits for the watermark stays.
 */
import { Batch, MIN_WATERMARK, ROW_KIND } from '../batch/batch.js';
import { allocateColumn, readI64 } from '../batch/column.js';
import { fail } from '../errors/index.js';
import type { DeduplicateNode } from '../plan/physical/plan.js';
import { KeyLayout } from '../state/key-layout.js';
import { KeyedGroups, ResolvedRows } from '../state/keyed-groups.js';
import { BOOLEAN, notNull, type RowField } from '../types/data-type.js';
import { ChangeBuffer } from './change-buffer.js';
import { type GroupExpiry, groupExpiry, isExpiryTable } from './group-expiry.js';
import type { Operator, OperatorContext, OperatorStats, Output, StateTable } from './operator.js';
import { rowNumbers } from './row-numbers.js';
import { RowStore } from './row-store.js';
import { TimerQueue } from './timer-queue.js';
import { restoredWatermark, WATERMARK_TABLE, watermarkContent } from './watermark-table.js';

const NONE = -1;
/** Keys without a row are not worth a compaction below this. */
const MOST_EMPTY = 1024;

class Deduplicate implements Operator {
  readonly stateTables: readonly StateTable[];
  private readonly groups: KeyedGroups;
  private readonly store: RowStore;
  private readonly changes: ChangeBuffer;
  private readonly resolved = new ResolvedRows();
  /** First by row time: rows are held back until the watermark reaches them. */
  private readonly waits: boolean;
  private readonly stateOrder: readonly number[];
  /** By group: its row. */
  private rows = new Int32Array(0);
  /** By group: the row is still to be emitted. */
  private waiting = new Uint8Array(0);
  private readonly expiry: GroupExpiry | null;
  private timers = new TimerQueue();
  private nowMs = 0;
  private watermark = MIN_WATERMARK;
  private restored: number | null = null;
  private lateRows = 0;

  constructor(
    private readonly node: DeduplicateNode, input: readonly RowField[],
    private readonly context: OperatorContext,
  ) {
    const { keys } = node;
    this.waits = node.rowtime !== null && !node.keepLast;
    this.groups = new KeyedGroups(new KeyLayout(keys.map((i) => input[i]!.type)));
    this.store = new RowStore(input);
    this.changes = new ChangeBuffer(node.schema, this.store, false);
    const rest = input.map((_, i) => i).filter((i) => !keys.includes(i));
    this.stateOrder = [...keys, ...rest];
    const fields = this.stateOrder.map((i) => input[i]!);
    if (this.waits) fields.push({ name: 'waiting', type: notNull(BOOLEAN) });
    this.expiry = groupExpiry(keys.map((i) => input[i]!), node.stateTtlMs);
    this.stateTables = [
      { name: 'rows', fields, keyCount: keys.length },
      ...(this.waits ? [WATERMARK_TABLE] : []),
      ...(this.expiry === null ? [] : [this.expiry.stateTable]),
    ];
  }

  process(batch: Batch, _input: number, output: Output): void {
    if (batch.rowKinds !== null) {
      fail('MR2104', { engine: 'fallback', feature: 'deduplication of an updating input' });
    }
    const numbers = rowNumbers(batch);
    const { resolved } = this;
    this.groups.encode(this.node.keys.map((i) => batch.columns[i]!), numbers, numbers.length);
    this.groups.resolveAdded(numbers, numbers.length, resolved);
    this.growToGroups();
    this.nowMs = this.context.nowMs();
    let run = 0;
    const runs = batch.watermarks;
    for (let i = 0; i < resolved.count; i++) {
      const row = resolved.rows[i]!;
      for (; run < runs.length && runs[run]!.row <= row; run++) this.raise(runs[run]!.watermark);
      this.takeRow(batch, row, resolved.groups[i]!);
    }
    for (; run < runs.length; run++) this.raise(runs[run]!.watermark);
    this.expiry?.sweep(this.nowMs, resolved.count, this.drop);
    this.changes.flush(output);
    this.store.settle();
    this.compactIfSparse();
  }

  prepareBarrier(): void {
    this.expiry?.sweepAll(this.context.nowMs(), this.drop);
    this.store.settle();
  }

  snapshot(table: StateTable): Batch {
    if (this.expiry !== null && isExpiryTable(table)) return this.expiry.snapshot(this.groups);
    if (table.name === WATERMARK_TABLE.name) return watermarkContent(this.watermark);
    const groups: number[] = [];
    for (let group = 0; group < this.groups.size; group++) {
      if (this.rows[group] !== NONE) groups.push(group);
    }
    const ids = Int32Array.from(groups, (group) => this.rows[group]!);
    const columns = this.stateOrder.map((column) => this.store.gather(column, ids));
    if (this.waits) {
      const flags = allocateColumn(notNull(BOOLEAN), groups.length);
      groups.forEach((group, i) => { flags.values[i] = this.waiting[group]!; });
      columns.push(flags);
    }
    return new Batch(groups.length, columns);
  }

  restore(table: StateTable, content: Batch): void {
    if (table.name === WATERMARK_TABLE.name) {
      this.restored = restoredWatermark(content, this.restored);
      this.watermark = this.restored ?? MIN_WATERMARK;
      return;
    }
    if (this.expiry !== null && isExpiryTable(table)) {
      this.expiry.restore(content, this.groups);
      return this.growToGroups();
    }
    const nowMs = this.context.nowMs();
    const columns = this.stateOrder.map((_, column) =>
      content.columns[this.stateOrder.indexOf(column)]!);
    const found = this.groups.restore(this.node.keys.map((i) => columns[i]!), content.rowCount);
    this.growToGroups();
    const flags = this.waits ? content.columns.at(-1)! : null;
    for (let row = 0; row < content.rowCount; row++) {
      const group = found[row]!;
      const id = this.store.add(columns, row);
      this.rows[group] = id;
      if (flags === null || flags.values[flags.constant ? 0 : row] === 0) {
        this.expiry?.restored(group, nowMs);
        continue;
      }
      this.waiting[group] = 1;
      this.timers.add(this.timeOf(id), group);
    }
  }

  stats(): OperatorStats {
    const stateBytes = this.groups.byteSize + this.store.byteSize;
    return { lateRows: this.lateRows, stateRows: this.store.count, stateBytes };
  }

  private growToGroups(): void {
    const { size } = this.groups;
    this.expiry?.resize(size);
    if (size <= this.rows.length) return;
    const capacity = Math.max(size, this.rows.length * 2);
    const rows = new Int32Array(capacity).fill(NONE);
    rows.set(this.rows);
    const waiting = new Uint8Array(capacity);
    waiting.set(this.waiting);
    this.rows = rows;
    this.waiting = waiting;
  }

  private timeOf(id: number): number {
    return readI64(this.store.columns[this.node.rowtime!]!.values as Int32Array, id);
  }

  private takeRow(batch: Batch, row: number, group: number): void {
    const { rowtime, keepLast } = this.node;
    if (this.expiry?.isExpired(group, this.nowMs)) this.drop(group);
    const before = this.rows[group]!;
    let time = 0;
    if (rowtime !== null) {
      const column = batch.columns[rowtime]!;
      if (column.isNull(row)) fail('MR3004', { column: 'row time' });
      time = readI64(column.values as Int32Array, column.constant ? 0 : row);
    }
    if (this.waits) return this.waitForFirst(batch, row, group, time);
    if (before === NONE) {
      this.keep(batch, row, group);
      this.changes.add(ROW_KIND.INSERT, this.rows[group]!, 0);
      return;
    }
    if (!keepLast || (rowtime !== null && this.timeOf(before) > time)) return;
    this.keep(batch, row, group);
    if (this.node.generateUpdateBefore) this.changes.add(ROW_KIND.UPDATE_BEFORE, before, 0);
    this.changes.add(ROW_KIND.UPDATE_AFTER, this.rows[group]!, 0);
    this.store.release(before);
  }

  private keep(batch: Batch, row: number, group: number): void {
    this.rows[group] = this.store.add(batch.columns, row);
    this.expiry?.touch(group, this.nowMs);
  }

  private waitForFirst(batch: Batch, row: number, group: number, time: number): void {
    if (time < this.watermark) {
      this.lateRows++;
      return;
    }
    const before = this.rows[group]!;
    if (before !== NONE) {
      if (time >= this.timeOf(before)) return;
      this.store.release(before);
    }
    this.rows[group] = this.store.add(batch.columns, row);
    this.waiting[group] = 1;
    this.timers.add(time, group);
  }

  /** A timer whose row has been replaced by an earlier one finds nothing waiting at its time. */
  private raise(watermark: number): void {
    if (watermark > this.watermark) this.watermark = watermark;
    while (this.timers.nextTime <= this.watermark && this.timers.size > 0) {
      const time = this.timers.nextTime;
      const group = this.timers.take();
      const id = this.rows[group]!;
      if (this.waiting[group] === 0 || this.timeOf(id) !== time) continue;
      this.waiting[group] = 0;
      this.changes.add(ROW_KIND.INSERT, id, 0);
      this.expiry?.touch(group, this.nowMs);
    }
    this.changes.watermark(watermark);
  }

  private readonly drop = (group: number): void => {
    this.expiry?.forget(group);
    if (this.rows[group] === NONE) return;
    this.store.release(this.rows[group]!);
    this.rows[group] = NONE;
  };

  private compactIfSparse(): void {
    const { groups, store } = this;
    if (groups.size <= 2 * store.count + MOST_EMPTY) return;
    for (let group = 0; group < groups.size; group++) {
      if (this.rows[group] === NONE) groups.kill(group);
    }
    const waiting = this.timers.inOrder().filter((group) => this.waiting[group] !== 0);
    const { kept, newIds } = groups.compact();
    this.rows = Int32Array.from(kept, (group) => this.rows[group]!);
    this.waiting = Uint8Array.from(kept, (group) => this.waiting[group]!);
    this.expiry?.renumber(kept);
    this.timers = new TimerQueue();
    for (const old of waiting) this.timers.add(this.timeOf(this.rows[newIds[old]!]!), newIds[old]!);
  }
}

/** The deduplication of a plan node. */
export function makeDeduplicate(
  node: DeduplicateNode, inputs: readonly (readonly RowField[])[], context: OperatorContext,
): Operator {
  return new Deduplicate(node, inputs[0]!, context);
}
