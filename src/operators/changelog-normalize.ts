/**
 * From the changes of a source that names rows by key alone (upserts, deletes by key, repeated
 * events) to a changelog: one row a key is kept.
 *
 *     kept  arrives                         sent
 *     no    +I or +U that passes            +I
 *     yes   +I or +U that passes            -U, +U; nothing where the rows are equal, unless state
 *                                           has a time to live: the rows behind then hear of it
 *     yes   +I or +U that does not pass     -D
 *     yes   -U or -D                        -D of the kept row: a delete may carry only its key
 *     no    anything else                   nothing
 */
import { Batch, ROW_KIND } from '../batch/batch.js';
import type { Column } from '../batch/column.js';
import { fail } from '../errors/index.js';
import { compileExpression, type CompiledExpression, selectTrue } from '../expr/evaluate.js';
import type { ChangelogNormalizeNode } from '../plan/physical/plan.js';
import { KeyLayout } from '../state/key-layout.js';
import { KeyedGroups, ResolvedRows, takesBack } from '../state/keyed-groups.js';
import type { RowField } from '../types/data-type.js';
import { ChangeBuffer } from './change-buffer.js';
import { type GroupExpiry, groupExpiry, isExpiryTable } from './group-expiry.js';
import type { Operator, OperatorContext, OperatorStats, Output, StateTable } from './operator.js';
import { rowNumbers } from './row-numbers.js';
import { RowStore } from './row-store.js';

const NONE = -1;
/** Keys without a row are not worth a compaction below this. */
const MOST_EMPTY = 1024;

class ChangelogNormalize implements Operator {
  readonly stateTables: readonly StateTable[];
  private readonly groups: KeyedGroups;
  private readonly store: RowStore;
  private readonly changes: ChangeBuffer;
  private readonly resolved = new ResolvedRows();
  private readonly condition: CompiledExpression | null;
  private readonly all: readonly number[];
  private readonly stateOrder: readonly number[];
  /** By group: its row. */
  private rows = new Int32Array(0);
  private emptyCount = 0;
  private readonly expiry: GroupExpiry | null;
  /** By physical row of the batch at hand: it meets the condition. */
  private passes = new Uint8Array(0);

  constructor(
    private readonly node: ChangelogNormalizeNode, input: readonly RowField[],
    private readonly context: OperatorContext,
  ) {
    const { keys } = node;
    this.condition = node.condition === null ? null : compileExpression(node.condition);
    this.groups = new KeyedGroups(new KeyLayout(keys.map((i) => input[i]!.type)));
    this.store = new RowStore(input);
    this.changes = new ChangeBuffer(node.schema, this.store, false);
    this.all = input.map((_, i) => i);
    this.stateOrder = [...keys, ...this.all.filter((i) => !keys.includes(i))];
    const fields = this.stateOrder.map((i) => input[i]!);
    this.expiry = groupExpiry(keys.map((i) => input[i]!), node.stateTtlMs);
    this.stateTables = [
      { name: 'rows', fields, keyCount: keys.length },
      ...(this.expiry === null ? [] : [this.expiry.stateTable]),
    ];
  }

  process(batch: Batch, _input: number, output: Output): void {
    const numbers = rowNumbers(batch);
    const { resolved } = this;
    this.judge(batch, numbers);
    this.groups.encode(this.node.keys.map((i) => batch.columns[i]!), numbers, numbers.length);
    this.groups.resolveAdded(numbers, numbers.length, resolved);
    this.growToGroups();
    const nowMs = this.context.nowMs();
    let run = 0;
    const runs = batch.watermarks;
    for (let i = 0; i < resolved.count; i++) {
      const row = resolved.rows[i]!;
      const group = resolved.groups[i]!;
      for (; run < runs.length && runs[run]!.row <= row; run++) {
        this.changes.watermark(runs[run]!.watermark);
      }
      if (this.expiry?.isExpired(group, nowMs)) this.drop(group);
      const isGone = batch.rowKinds !== null && takesBack(batch.rowKinds[row]!);
      if (isGone || this.passes[row] === 0) this.remove(group);
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
    const ids = this.rows.subarray(0, this.groups.size).filter((id) => id !== NONE);
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
    const found = this.groups.restore(this.node.keys.map((i) => columns[i]!), content.rowCount);
    this.growToGroups();
    const nowMs = this.context.nowMs();
    for (let row = 0; row < content.rowCount; row++) {
      this.rows[found[row]!] = this.store.add(columns, row);
      this.expiry?.restored(found[row]!, nowMs);
    }
    this.emptyCount = this.groups.size - this.store.count;
  }

  stats(): OperatorStats {
    const stateBytes = this.groups.byteSize + this.store.byteSize + this.rows.byteLength;
    return { lateRows: 0, stateRows: this.store.count, stateBytes };
  }

  /** Rows that are taken back are not looked at: they may have nothing but their key. */
  private judge(batch: Batch, numbers: Int32Array): void {
    if (this.passes.length < batch.rowCount) this.passes = new Uint8Array(batch.rowCount * 2);
    if (this.condition === null) {
      this.passes.fill(1, 0, batch.rowCount);
      return;
    }
    this.passes.fill(0, 0, batch.rowCount);
    const kinds = batch.rowKinds;
    const added = kinds === null ? numbers : numbers.filter((row) => !takesBack(kinds[row]!));
    if (added.length === 0) return;
    const evaluation = { nowMs: this.context.nowMs(), zone: this.context.zone };
    const truth = this.condition.evaluate(batch, added, added.length, evaluation);
    for (const row of selectTrue(truth, added, added.length)) this.passes[row] = 1;
  }

  private put(batch: Batch, row: number, group: number, nowMs: number): void {
    const before = this.rows[group]!;
    if (this.expiry !== null) this.expiry.touch(group, nowMs);
    else if (before !== NONE && this.store.equals(before, this.all, batch.columns, row)) return;
    const id = this.store.add(batch.columns, row);
    this.rows[group] = id;
    if (before === NONE) {
      this.emptyCount--;
      this.changes.add(ROW_KIND.INSERT, id, 0);
      return;
    }
    if (this.node.generateUpdateBefore) this.changes.add(ROW_KIND.UPDATE_BEFORE, before, 0);
    this.changes.add(ROW_KIND.UPDATE_AFTER, id, 0);
    this.store.release(before);
  }

  private remove(group: number): void {
    const before = this.rows[group]!;
    if (before === NONE) return;
    this.changes.add(ROW_KIND.DELETE, before, 0);
    this.drop(group);
  }

  /** Nobody is told. */
  private readonly drop = (group: number): void => {
    const before = this.rows[group]!;
    this.expiry?.forget(group);
    if (before === NONE) return;
    this.store.release(before);
    this.rows[group] = NONE;
    this.emptyCount++;
  };

  private growToGroups(): void {
    const { size } = this.groups;
    this.expiry?.resize(size);
    this.emptyCount = size - this.store.count;
    if (size <= this.rows.length) return;
    const rows = new Int32Array(Math.max(size, this.rows.length * 2)).fill(NONE);
    rows.set(this.rows);
    this.rows = rows;
  }

  private compact(): void {
    for (let group = 0; group < this.groups.size; group++) {
      if (this.rows[group] === NONE) this.groups.kill(group);
    }
    const { kept } = this.groups.compact();
    this.rows = Int32Array.from(kept, (group) => this.rows[group]!);
    this.expiry?.renumber(kept);
    this.emptyCount = 0;
  }
}

/** The normalization of a plan node. */
export function makeChangelogNormalize(
  node: ChangelogNormalizeNode, inputs: readonly (readonly RowField[])[],
  context: OperatorContext,
): Operator {
  return new ChangelogNormalize(node, inputs[0]!, context);
}
