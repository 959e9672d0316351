/**
 * Aggregates without a window: changes of each key's row, emitted as Flink emits them.
 *
 * For the row at position i of the resolved rows, slot 2i holds the group's row before it and slot
 * 2i + 1 that after it; a selection keeps the slots that are changes.
 */
import { Batch, NO_RUNS, ROW_KIND, type WatermarkRun, watermarkBatch } from '../batch/batch.js';
import { allocateColumn, type Column } from '../batch/column.js';
import { take } from '../batch/take.js';
import type { GroupAggregateNode } from '../plan/physical/plan.js';
import { KeyLayout } from '../state/key-layout.js';
import { KeyedGroups, ResolvedRows } from '../state/keyed-groups.js';
import type { RowField } from '../types/data-type.js';
import { AggregateSet } from './aggregates/aggregate-set.js';
import { type GroupExpiry, groupExpiry, isExpiryTable } from './group-expiry.js';
import {
  type GroupState, groupStateTables, restoreGroupState, saveGroupState,
} from './group-state.js';
import { type Intake, MiniBatchAggregate } from './mini-batch-aggregate.js';
import type { Operator, OperatorContext, OperatorStats, Output, StateTable } from './operator.js';

class GroupAggregate implements Operator {
  readonly stateTables: readonly StateTable[];
  private readonly state: GroupState;
  private readonly expiry: GroupExpiry | null;
  private readonly emptyColumns: readonly Column[];
  private readonly resolved = new ResolvedRows();
  private identity = new Int32Array(0);

  constructor(
    private readonly node: GroupAggregateNode, input: readonly RowField[],
    private readonly context: OperatorContext,
  ) {
    const keys = node.schema.slice(0, node.grouping.length);
    const layout = new KeyLayout(node.grouping.map((column) => input[column]!.type));
    this.state = {
      keys,
      groups: new KeyedGroups(layout),
      aggregates: new AggregateSet(node.aggregates, input),
      updatedMs: null,
    };
    this.expiry = groupExpiry(keys, node.stateTtlMs);
    this.stateTables = [
      ...groupStateTables(keys, this.state.aggregates, false),
      ...(this.expiry === null ? [] : [this.expiry.stateTable]),
    ];
    this.emptyColumns = node.schema.map((field) => allocateColumn(field.type, 0));
  }

  process(batch: Batch, _input: number, output: Output): void {
    this.resolve(batch);
    this.state.aggregates.resize(this.state.groups.size);
    if (this.resolved.count === 0) {
      this.sweep(batch.activeCount);
      const run = batch.watermarks.at(-1);
      if (run !== undefined) output.emit(watermarkBatch(this.emptyColumns, run.watermark));
      return;
    }
    const out = this.emitChanges(batch);
    this.sweep(batch.activeCount);
    if (out.activeCount > 0 || out.watermarks.length > 0) output.emit(out);
  }

  private resolve(batch: Batch): void {
    const { groups } = this.state;
    const count = batch.activeCount;
    const rows = batch.selection ?? this.identityOf(count);
    groups.encode(this.node.grouping.map((column) => batch.columns[column]!), rows, count);
    const { rowKinds } = batch;
    if (this.expiry !== null) {
      this.resolveWithTtl(this.expiry, rows, rowKinds, count);
    } else if (this.node.needRetraction) {
      groups.resolveChanges(rows, rowKinds, count, null, false, this.resolved);
    } else {
      groups.resolveAdded(rows, count, this.resolved);
    }
  }

  private resolveWithTtl(
    expiry: GroupExpiry, rows: Int32Array, kinds: Uint8Array | null, count: number,
  ): void {
    const { state, resolved } = this;
    const nowMs = this.context.nowMs();
    const expired = (group: number): boolean => {
      const isOld = expiry.isExpired(group, nowMs);
      if (isOld) expiry.forget(group);
      return isOld;
    };
    state.groups.resolveChanges(rows, kinds, count, expired, false, resolved);
    expiry.resize(state.groups.size);
    for (let i = 0; i < resolved.count; i++) {
      if (resolved.deletes[i] !== 0) expiry.forget(resolved.groups[i]!);
      else expiry.touch(resolved.groups[i]!, nowMs);
    }
  }

  private readonly drop = (group: number): void => {
    this.expiry?.forget(group);
    this.state.groups.kill(group);
  };

  private sweep(rowCount: number): void {
    this.expiry?.sweep(this.context.nowMs(), rowCount, this.drop);
    this.compactIfDue();
  }

  private identityOf(count: number): Int32Array {
    if (this.identity.length < count) {
      this.identity = Int32Array.from({ length: count }, (_, i) => i);
    }
    return this.identity;
  }

  private emitChanges(batch: Batch): Batch {
    const { resolved, node } = this;
    const { count } = resolved;
    const rows = {
      count,
      rows: resolved.rows,
      groups: resolved.groups,
      retract: node.needRetraction ? resolved.retract : null,
    };
    const changed = new Uint8Array(count).fill(node.stateTtlMs > 0 ? 1 : 0);
    const slots = new Int32Array(2 * count);
    for (let i = 0; i < count; i++) slots[2 * i] = slots[2 * i + 1] = resolved.rows[i]!;
    const columns = node.grouping.map((column) => take(batch.columns[column]!, slots));
    columns.push(...this.state.aggregates.updatePairs(batch, rows, changed));
    const kinds = new Uint8Array(2 * count);
    const selection = this.select(changed, kinds);
    return new Batch(2 * count, columns, selection, kinds, this.moved(batch.watermarks));
  }

  /** Fills the kinds of the slots; returns those that are changes. */
  private select(changed: Uint8Array, kinds: Uint8Array): Int32Array {
    const { count, created, deletes } = this.resolved;
    const mayDelete = this.node.needRetraction || this.node.stateTtlMs > 0;
    const wantsBefore = this.node.generateUpdateBefore;
    const selection = new Int32Array(2 * count);
    let end = 0;
    for (let i = 0; i < count; i++) {
      const isNew = created[i] !== 0;
      const isDelete = mayDelete && deletes[i] !== 0;
      kinds[2 * i] = isDelete ? ROW_KIND.DELETE : ROW_KIND.UPDATE_BEFORE;
      kinds[2 * i + 1] = isNew ? ROW_KIND.INSERT : ROW_KIND.UPDATE_AFTER;
      if (!isNew && !isDelete && changed[i] === 0) continue;
      if (!isNew && (isDelete || wantsBefore)) selection[end++] = 2 * i;
      if (!isDelete) selection[end++] = 2 * i + 1;
    }
    return selection.subarray(0, end);
  }

  /** A run before input row r stands before the slots of the first resolved row at or after r. */
  private moved(runs: readonly WatermarkRun[]): readonly WatermarkRun[] {
    if (runs.length === 0) return NO_RUNS;
    const { count, rows } = this.resolved;
    const moved: WatermarkRun[] = [];
    let position = 0;
    for (const run of runs) {
      while (position < count && rows[position]! < run.row) position++;
      if (moved.at(-1)?.row === 2 * position) moved.pop();
      moved.push({ row: 2 * position, watermark: run.watermark });
    }
    return moved;
  }

  private compactIfDue(): void {
    const { state } = this;
    if (!state.groups.shouldCompact) return;
    const { kept, newIds } = state.groups.compact();
    state.aggregates.keep(kept, newIds);
    this.expiry?.renumber(kept);
  }

  prepareBarrier(): void {
    this.expiry?.sweepAll(this.context.nowMs(), this.drop);
  }

  snapshot(table: StateTable): Batch {
    const { expiry, state } = this;
    if (expiry !== null && isExpiryTable(table)) return expiry.snapshot(state.groups);
    return saveGroupState(table, state);
  }

  restore(table: StateTable, content: Batch): void {
    const { expiry, state } = this;
    if (expiry !== null && isExpiryTable(table)) expiry.restore(content, state.groups);
    else restoreGroupState(table, content, state);
    expiry?.restoredAll(state.groups, this.context.nowMs());
  }

  stats(): OperatorStats {
    const { groups, aggregates } = this.state;
    return {
      lateRows: 0,
      stateRows: groups.aliveCount + aggregates.countedRows,
      stateBytes: groups.byteSize + aggregates.byteSize,
    };
  }
}

/** The group aggregation of a plan node. */
export function makeGroupAggregate(
  node: GroupAggregateNode, inputs: readonly (readonly RowField[])[], context: OperatorContext,
): Operator {
  const { miniBatch } = node;
  const input = inputs[0]!;
  if (miniBatch === null) return new GroupAggregate(node, input, context);
  return new MiniBatchAggregate({ ...node, miniBatch },
    new KeyLayout(node.grouping.map((column) => input[column]!.type)),
    new AggregateSet(node.aggregates, input), rowIntake(node.needRetraction), context);
}

/** Each row counts by itself. */
const rowIntake = (needRetraction: boolean): Intake => ({
  resolve: (groups, batch, rows, expired, resolved) =>
    groups.resolveChanges(rows, batch.rowKinds, rows.length, expired, true, resolved),
  fold: (aggregates, batch, { count, rows, groups, retract }) =>
    aggregates.update(batch, { count, rows, groups, retract: needRetraction ? retract : null }),
});
