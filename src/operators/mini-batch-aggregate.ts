/**
 * Group aggregation under table.exec.mini-batch: the net change of each key once a bundle.
 *
 * A bundle ends by its number of rows, at a barrier, at the end, or when the task clock passes a
 * multiple of the latency; never at a batch's edge. Watermarks wait for the bundle's end.
 */
import { Batch, MAX_WATERMARK, MIN_WATERMARK, NO_RUNS, ROW_KIND } from '../batch/batch.js';
import { allocateColumn, type Column } from '../batch/column.js';
import { concat, take } from '../batch/take.js';
import type { GroupAggregateNode, MiniBatch } from '../plan/physical/plan.js';
import { KeyLayout } from '../state/key-layout.js';
import { KeyedGroups, ResolvedRows } from '../state/keyed-groups.js';
import type { RowField } from '../types/data-type.js';
import { AggregateSet } from './aggregates/aggregate-set.js';
import { differs } from './aggregates/aggregate.js';
import {
  type GroupState, groupStateTables, restoreGroupState, saveGroupState, widened,
} from './group-state.js';
import type { Operator, OperatorContext, OperatorStats, Output, StateTable } from './operator.js';

/** The rows of one bundle: groups in the order of first sight, and what known ones were before. */
class Bundle {
  rows = 0;
  /** When it must end by the task clock. */
  deadlineMs = Infinity;
  readonly touched: number[] = [];
  readonly created: boolean[] = [];
  readonly before: Column[][] = [];
  readonly beforeCounts: number[] = [];
  private readonly seen = new Set<number>();

  has(group: number): boolean {
    return this.seen.has(group);
  }

  touch(group: number, isCreated: boolean): void {
    this.seen.add(group);
    this.touched.push(group);
    this.created.push(isCreated);
  }
}

/** Changes as places in a table of rows. */
interface Changes {
  readonly sources: number[];
  readonly groups: number[];
  readonly kinds: number[];
}

export class MiniBatchAggregate implements Operator {
  readonly stateTables: readonly StateTable[];
  private readonly state: GroupState;
  private readonly resolved = new ResolvedRows();
  private bundle = new Bundle();
  private watermark = MIN_WATERMARK;
  private sentWatermark = MIN_WATERMARK;

  constructor(
    private readonly node: GroupAggregateNode, private readonly limits: MiniBatch,
    input: readonly RowField[], private readonly context: OperatorContext,
  ) {
    const keys = node.schema.slice(0, node.grouping.length);
    const layout = new KeyLayout(node.grouping.map((column) => input[column]!.type));
    this.state = {
      keys,
      groups: new KeyedGroups(layout),
      aggregates: new AggregateSet(node.aggregates, input),
      updatedMs: node.stateTtlMs > 0 ? new Float64Array(16) : null,
    };
    this.stateTables = groupStateTables(keys, this.state.aggregates, node.stateTtlMs > 0);
  }

  process(batch: Batch, _input: number, output: Output): void {
    this.onClock(this.context.nowMs(), output);
    const count = batch.activeCount;
    const rows = batch.selection ?? Int32Array.from({ length: count }, (_, i) => i);
    for (let start = 0; start < count;) {
      const end = Math.min(count, start + this.limits.size - this.bundle.rows);
      this.fold(batch, rows.subarray(start, end));
      start = end;
      if (this.bundle.rows >= this.limits.size) this.flush(output);
    }
    const run = batch.watermarks.at(-1);
    if (run !== undefined) this.watermark = run.watermark;
    if (this.watermark === MAX_WATERMARK || this.bundle.rows === 0) this.flush(output);
  }

  prepareBarrier(output: Output): void {
    this.flush(output);
  }

  finish(output: Output): void {
    this.flush(output);
  }

  deadlineMs(): number {
    return this.bundle.rows === 0 ? Infinity : this.bundle.deadlineMs;
  }

  onClock(nowMs: number, output: Output): void {
    if (nowMs >= this.deadlineMs()) this.flush(output);
  }

  /** Takes rows into the bundle. What a group was before its first row here is kept. */
  private fold(batch: Batch, rows: Int32Array): void {
    const { state, resolved, bundle, limits } = this;
    const nowMs = this.context.nowMs();
    if (bundle.rows === 0 && limits.latencyMs > 0) {
      bundle.deadlineMs = nowMs - (nowMs % limits.latencyMs) + limits.latencyMs;
    }
    bundle.rows += rows.length;
    const keys = this.node.grouping.map((column) => batch.columns[column]!);
    state.groups.encode(keys, rows, rows.length);
    const expired = this.expiry(nowMs);
    state.groups.resolveChanges(rows, batch.rowKinds, rows.length, expired, true, resolved);
    state.aggregates.resize(state.groups.size);
    this.touch(nowMs);
    state.aggregates.update(batch, {
      count: resolved.count,
      rows: resolved.rows,
      groups: resolved.groups,
      retract: this.node.needRetraction ? resolved.retract : null,
    });
  }

  private expiry(nowMs: number): ((group: number) => boolean) | null {
    const { updatedMs, groups } = this.state;
    if (updatedMs === null) return null;
    const known = groups.size;
    return (group) => group < known && !this.bundle.has(group) &&
      updatedMs[group]! + this.node.stateTtlMs <= nowMs;
  }

  private touch(nowMs: number): void {
    const { state, resolved, bundle } = this;
    if (state.updatedMs !== null) state.updatedMs = widened(state.updatedMs, state.groups.size);
    const known: number[] = [];
    for (let i = 0; i < resolved.count; i++) {
      const group = resolved.groups[i]!;
      if (state.updatedMs !== null) state.updatedMs[group] = nowMs;
      if (bundle.has(group)) continue;
      bundle.touch(group, resolved.created[i] !== 0);
      if (resolved.created[i] === 0) known.push(group);
    }
    if (known.length === 0) return;
    bundle.before.push(state.aggregates.values(Int32Array.from(known)));
    bundle.beforeCounts.push(known.length);
  }

  private flush(output: Output): void {
    const { bundle } = this;
    this.bundle = new Bundle();
    const out = bundle.touched.length === 0
      ? { rowCount: 0, columns: this.emptyColumns(), kinds: null } : this.netChanges(bundle);
    this.compactIfDue();
    const raises = this.watermark > this.sentWatermark;
    this.sentWatermark = this.watermark;
    if (out.rowCount === 0 && !raises) return;
    const runs = raises ? [{ row: out.rowCount, watermark: this.watermark }] : NO_RUNS;
    output.emit(new Batch(out.rowCount, out.columns, null, out.kinds, runs));
  }

  private emptyColumns(): Column[] {
    return this.node.schema.map((field) => allocateColumn(field.type, 0));
  }

  /**
   * One table: the rows before of known groups, then the rows after of all touched; the changes
   * are taken from it.
   */
  private netChanges(bundle: Bundle): {
    rowCount: number; columns: Column[]; kinds: Uint8Array;
  } {
    const { state, node } = this;
    const after = state.aggregates.values(Int32Array.from(bundle.touched));
    const counts = [...bundle.beforeCounts, bundle.touched.length];
    const all = after.map((column, i) =>
      concat([...bundle.before.map((columns) => columns[i]!), column], counts));
    const { sources, groups, kinds } = this.changesOf(bundle, all);
    const groupIds = Int32Array.from(groups);
    const columns = state.keys.map((field, i) => {
      const column = allocateColumn(field.type, groupIds.length);
      state.groups.decode(i, groupIds, column);
      return column;
    });
    const rows = Int32Array.from(sources);
    columns.push(...all.map((column) => take(column, rows)));
    if (columns.length !== node.schema.length) throw new Error('columns of the output');
    return { rowCount: rows.length, columns, kinds: Uint8Array.from(kinds) };
  }

  private changesOf(bundle: Bundle, all: readonly Column[]): Changes {
    const changes: Changes = { sources: [], groups: [], kinds: [] };
    const send = (row: number, group: number, kind: number): void => {
      changes.sources.push(row);
      changes.groups.push(group);
      changes.kinds.push(kind);
    };
    const firstAfter = bundle.beforeCounts.reduce((sum, count) => sum + count, 0);
    let before = 0;
    bundle.touched.forEach((group, i) => {
      const row = firstAfter + i;
      const isGone = this.state.groups.rowCounts[group] === 0;
      if (isGone) this.state.groups.kill(group);
      if (bundle.created[i]!) {
        if (!isGone) send(row, group, ROW_KIND.INSERT);
        return;
      }
      const oldRow = before++;
      if (isGone) {
        send(oldRow, group, ROW_KIND.DELETE);
      } else if (all.some((column) => differs(column, oldRow, row))) {
        if (this.node.generateUpdateBefore) send(oldRow, group, ROW_KIND.UPDATE_BEFORE);
        send(row, group, ROW_KIND.UPDATE_AFTER);
      }
    });
    return changes;
  }

  private compactIfDue(): void {
    const { state } = this;
    if (!state.groups.shouldCompact) return;
    const { kept, newIds } = state.groups.compact();
    state.aggregates.keep(kept, newIds);
    const { updatedMs } = state;
    if (updatedMs === null) return;
    state.updatedMs = widened(Float64Array.from(kept, (group) => updatedMs[group]!), 16);
  }

  snapshot(table: StateTable): Batch {
    return saveGroupState(table, this.state);
  }

  restore(table: StateTable, content: Batch): void {
    restoreGroupState(table, content, this.state);
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
