/**
 * The rows that meet under a sink's primary key where the query does not name its rows by that key:
 * all are kept in the order of their arrival, the last one is what the sink shows. After Flink's
 * SinkUpsertMaterializer:
 *
 *     +I or +U   takes the place of the kept row of its upsert key, or comes last; sent as +I where
 *                it is the only row of its key, else as +U
 *     -U or -D   the first kept row that equals it goes; of the only row -D is sent, of the last
 *                one +U of the row before; where none equals it (its state has expired) nothing
 *
 * State table "rows": the primary key, the other columns; a key's rows in order.
 */
import { Batch, ROW_KIND } from '../batch/batch.js';
import type { Column } from '../batch/column.js';
import { fail } from '../errors/index.js';
import type { SinkUpsertMaterializeNode } from '../plan/physical/plan.js';
import { KeyLayout } from '../state/key-layout.js';
import { KeyedGroups, ResolvedRows, takesBack } from '../state/keyed-groups.js';
import type { RowField } from '../types/data-type.js';
import { ChangeBuffer } from './change-buffer.js';
import { type GroupExpiry, groupExpiry, isExpiryTable } from './group-expiry.js';
import type { Operator, OperatorContext, OperatorStats, Output, StateTable } from './operator.js';
import { rowNumbers } from './row-numbers.js';
import { RowStore } from './row-store.js';

/** Keys without rows are not worth a compaction below this. */
const MOST_EMPTY = 1024;

class SinkUpsertMaterialize implements Operator {
  readonly stateTables: readonly StateTable[];
  private readonly groups: KeyedGroups;
  private readonly store: RowStore;
  private readonly changes: ChangeBuffer;
  private readonly resolved = new ResolvedRows();
  /** What makes two rows the same: the upsert key, or all columns. */
  private readonly identity: readonly number[];
  private readonly stateOrder: readonly number[];
  private readonly expiry: GroupExpiry | null;
  /** By group: its rows. */
  private lists: number[][] = [];
  private emptyCount = 0;

  constructor(
    private readonly node: SinkUpsertMaterializeNode, input: readonly RowField[],
    private readonly context: OperatorContext,
  ) {
    const { primaryKey, upsertKey } = node;
    const all = input.map((_, i) => i);
    this.groups = new KeyedGroups(new KeyLayout(primaryKey.map((i) => input[i]!.type)));
    this.store = new RowStore(input);
    this.changes = new ChangeBuffer(node.schema, this.store, false);
    this.identity = upsertKey.length > 0 ? upsertKey : all;
    this.stateOrder = [...primaryKey, ...all.filter((i) => !primaryKey.includes(i))];
    const fields = this.stateOrder.map((i) => input[i]!);
    this.expiry = groupExpiry(primaryKey.map((i) => input[i]!), node.stateTtlMs);
    this.stateTables = [
      { name: 'rows', fields, keyCount: primaryKey.length },
      ...(this.expiry === null ? [] : [this.expiry.stateTable]),
    ];
  }

  process(batch: Batch, _input: number, output: Output): void {
    const numbers = rowNumbers(batch);
    const { resolved } = this;
    this.groups.encode(this.node.primaryKey.map((i) => batch.columns[i]!), numbers, numbers.length);
    this.groups.resolveAdded(numbers, numbers.length, resolved);
    this.growToGroups();
    const nowMs = this.context.nowMs();
    let run = 0;
    const runs = batch.watermarks;
    for (let i = 0; i < resolved.count; i++) {
      const row = resolved.rows[i]!;
      for (; run < runs.length && runs[run]!.row <= row; run++) {
        this.changes.watermark(runs[run]!.watermark);
      }
      const group = resolved.groups[i]!;
      if (this.expiry?.isExpired(group, nowMs)) this.drop(group);
      if (takesBack(batch.rowKinds?.[row] ?? 0)) this.remove(batch, row, group, nowMs);
      else this.put(batch, row, group, nowMs);
    }
    for (; run < runs.length; run++) this.changes.watermark(runs[run]!.watermark);
    this.expiry?.sweep(nowMs, resolved.count, this.drop);
    this.changes.flush(output);
    this.store.settle();
    if (this.emptyCount > MOST_EMPTY && this.emptyCount * 2 > this.groups.size) this.compact();
  }

  prepareBarrier(): void {
    this.expiry?.sweepAll(this.context.nowMs(), this.drop);
    this.store.settle();
  }

  snapshot(table: StateTable): Batch {
    if (this.expiry !== null && isExpiryTable(table)) return this.expiry.snapshot(this.groups);
    const ids = Int32Array.from(this.lists.flat());
    return new Batch(ids.length, this.stateOrder.map((column) => this.store.gather(column, ids)));
  }

  restore(table: StateTable, content: Batch): void {
    if (this.expiry !== null && isExpiryTable(table)) {
      this.expiry.restore(content, this.groups);
      return this.growToGroups();
    }
    if (content.columns.length !== table.fields.length) {
      fail('MR5002', { detail: 'table rows has other columns' });
    }
    const columns: Column[] = [];
    this.stateOrder.forEach((column, i) => { columns[column] = content.columns[i]!; });
    const keys = this.node.primaryKey.map((i) => columns[i]!);
    const found = this.groups.restore(keys, content.rowCount);
    this.growToGroups();
    const nowMs = this.context.nowMs();
    for (let row = 0; row < content.rowCount; row++) {
      const group = found[row]!;
      this.append(group, this.store.add(columns, row));
      this.expiry?.restored(group, nowMs);
    }
  }

  stats(): OperatorStats {
    const stateBytes = this.groups.byteSize + this.store.byteSize + this.groups.size * 16;
    return { lateRows: 0, stateRows: this.store.count, stateBytes };
  }

  private put(batch: Batch, row: number, group: number, nowMs: number): void {
    this.expiry?.touch(group, nowMs);
    const list = this.lists[group]!;
    const kind = list.length === 0 ? ROW_KIND.INSERT : ROW_KIND.UPDATE_AFTER;
    const id = this.store.add(batch.columns, row);
    const at = this.node.upsertKey.length > 0 ? this.find(list, batch, row) : -1;
    if (at < 0) this.append(group, id);
    else {
      this.store.release(list[at]!);
      list[at] = id;
    }
    this.changes.add(kind, id, 0);
  }

  private remove(batch: Batch, row: number, group: number, nowMs: number): void {
    const list = this.lists[group]!;
    const at = this.find(list, batch, row);
    if (at < 0) return;
    this.expiry?.touch(group, nowMs);
    const [gone] = list.splice(at, 1);
    this.store.release(gone!);
    if (list.length === 0) {
      this.emptyCount++;
      this.expiry?.forget(group);
      const id = this.store.add(batch.columns, row);
      this.changes.add(ROW_KIND.DELETE, id, 0);
      this.store.release(id);
    } else if (at === list.length) {
      this.changes.add(ROW_KIND.UPDATE_AFTER, list[at - 1]!, 0);
    }
  }

  private find(list: readonly number[], batch: Batch, row: number): number {
    return list.findIndex((id) => this.store.equals(id, this.identity, batch.columns, row));
  }

  private append(group: number, id: number): void {
    const list = this.lists[group]!;
    if (list.length === 0) this.emptyCount--;
    list.push(id);
  }

  private readonly drop = (group: number): void => {
    this.expiry?.forget(group);
    const list = this.lists[group]!;
    if (list.length === 0) return;
    for (const id of list) this.store.release(id);
    list.length = 0;
    this.emptyCount++;
  };

  private growToGroups(): void {
    this.expiry?.resize(this.groups.size);
    for (let group = this.lists.length; group < this.groups.size; group++) {
      this.lists.push([]);
      this.emptyCount++;
    }
  }

  private compact(): void {
    this.lists.forEach((list, group) => {
      if (list.length === 0) this.groups.kill(group);
    });
    const { kept } = this.groups.compact();
    this.lists = Array.from(kept, (group) => this.lists[group]!);
    this.expiry?.renumber(kept);
    this.emptyCount = 0;
  }
}

/** The materialization of a plan node. */
export function makeSinkUpsertMaterialize(
  node: SinkUpsertMaterializeNode, inputs: readonly (readonly RowField[])[],
  context: OperatorContext,
): Operator {
  return new SinkUpsertMaterialize(node, inputs[0]!, context);
}
