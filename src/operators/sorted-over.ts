/**
 * Aggregates over the rows before in the order of a column that is no time attribute, or of rows
 * that are taken back: a row that comes or goes changes the results of the rows behind it, in their
 * order; in a frame of N rows those of the next N. A row whose aggregates stay equal is not sent
 * again.
 *
 * Floating sums depend on where adding began, and what is taken back must be what was sent: unless
 * all calls take rows back exactly (`retract`), each bounded frame is added up by itself.
 *
 * With a time to live a partition to which nothing came for so long begins anew.
 */
import { Batch, ROW_KIND, type RowKind } from '../batch/batch.js';
import type { Column } from '../batch/column.js';
import type { OverAggregateNode } from '../plan/physical/plan.js';
import { KeyLayout } from '../state/key-layout.js';
import { KeyedGroups, ResolvedRows, takesBack } from '../state/keyed-groups.js';
import type { RowField } from '../types/data-type.js';
import { AggregateSet } from './aggregates/aggregate-set.js';
import { type GroupExpiry, groupExpiry, isExpiryTable } from './group-expiry.js';
import type { Operator, OperatorContext, OperatorStats, Output, StateTable } from './operator.js';
import { OverStage } from './over-stage.js';
import { RankedRows } from './ranked-rows.js';
import { rowNumbers } from './row-numbers.js';

/** Partitions without rows are not worth a compaction below this. */
const MOST_EMPTY = 1024;

class SortedOver implements Operator {
  readonly stateTables: readonly StateTable[];
  private readonly groups: KeyedGroups;
  private readonly ranked: RankedRows;
  private readonly stage: OverStage;
  private readonly resolved = new ResolvedRows();
  /** Each list is folded into a group of its own, before and after a change. */
  private foldCount = 0;
  /** Rows behind a change that it reaches. */
  private readonly reach: number;
  private readonly slides: boolean;
  private readonly expiry: GroupExpiry | null;
  /** From the first changed position: the event after which the row shows its aggregates. */
  private before: number[] = [];
  private after: number[] = [];

  constructor(
    private readonly node: OverAggregateNode, private readonly input: readonly RowField[],
    private readonly context: OperatorContext,
  ) {
    const { partition, orderBy, aggregates } = node;
    this.groups = new KeyedGroups(new KeyLayout(partition.map((i) => input[i]!.type)));
    this.ranked = new RankedRows(input, partition, [orderBy]);
    this.stage = new OverStage(node.schema, input, aggregates, []);
    this.expiry = groupExpiry(partition.map((i) => input[i]!), node.stateTtlMs);
    this.stateTables = [
      this.ranked.stateTable, ...(this.expiry === null ? [] : [this.expiry.stateTable]),
    ];
    this.reach = node.preceding ?? Infinity;
    this.slides = aggregates.every((call) => call.retract);
  }

  process(batch: Batch, _input: number, output: Output): void {
    const { groups, resolved } = this;
    const rows = rowNumbers(batch);
    groups.encode(this.node.partition.map((i) => batch.columns[i]!), rows, rows.length);
    groups.resolveAdded(rows, rows.length, resolved);
    this.expiry?.resize(groups.size);
    const nowMs = this.context.nowMs();
    const kinds = batch.rowKinds;
    const runs = batch.watermarks;
    let run = 0;
    for (let i = 0; i < resolved.count; i++) {
      const row = resolved.rows[i]!;
      for (; run < runs.length && runs[run]!.row <= row; run++) {
        this.stage.watermark(runs[run]!.watermark);
      }
      if (this.expiry?.isExpired(resolved.groups[i]!, nowMs)) this.drop(resolved.groups[i]!);
      this.expiry?.touch(resolved.groups[i]!, nowMs);
      if (kinds !== null && takesBack(kinds[row]!)) this.remove(batch, row, resolved.groups[i]!);
      else this.insert(batch, row, resolved.groups[i]!);
      if (this.stage.isFull) this.flush(output);
    }
    for (; run < runs.length; run++) this.stage.watermark(runs[run]!.watermark);
    this.expiry?.sweep(nowMs, rows.length, this.drop);
    this.flush(output);
    this.compactIfSparse();
  }

  prepareBarrier(): void {
    this.expiry?.sweepAll(this.context.nowMs(), this.drop);
    this.ranked.store.settle();
  }

  private readonly drop = (group: number): void => {
    this.expiry?.forget(group);
    this.ranked.drop(group);
  };

  private compactIfSparse(): void {
    const { groups, ranked } = this;
    if (groups.size <= 2 * ranked.store.count + MOST_EMPTY) return;
    for (let group = 0; group < groups.size; group++) {
      if (ranked.rows(group).length === 0) groups.kill(group);
    }
    const { kept } = groups.compact();
    ranked.renumber(kept);
    this.expiry?.renumber(kept);
  }

  private insert(batch: Batch, row: number, list: number): void {
    const { ranked, reach } = this;
    const kind = (batch.rowKinds?.[row] ?? ROW_KIND.INSERT) as RowKind;
    const at = ranked.positionAfterEquals(list, batch.columns, row);
    const first = this.firstChanged(list, at, batch, row);
    this.before = this.fold(ranked.rows(list), first, at + reach);
    const id = ranked.add(batch.columns, row);
    ranked.insert(list, at, id);
    const rows = ranked.rows(list);
    this.after = this.fold(rows, first, at + reach + 1);
    for (let i = first; i < Math.min(rows.length, at + reach + 1); i++) {
      if (i === at) this.stage.send(kind, id, this.after[i - first]!);
      else this.change(rows[i]!, (i < at ? i : i - 1) - first, i - first);
    }
  }

  /** A row that is not there is passed over, as in Flink. */
  private remove(batch: Batch, row: number, list: number): void {
    const { ranked, reach } = this;
    const at = ranked.findEqualRow(list, batch.columns, row);
    if (at < 0) return;
    const rows = ranked.rows(list).slice();
    const first = this.firstChanged(list, at, batch, row);
    this.before = this.fold(rows, first, at + reach + 1);
    ranked.remove(list, at);
    this.after = this.fold(ranked.rows(list), first, at + reach);
    for (let i = first; i < Math.min(rows.length, at + reach + 1); i++) {
      if (i === at) this.stage.send(ROW_KIND.DELETE, rows[i]!, this.before[i - first]!);
      else this.change(rows[i]!, i - first, (i < at ? i : i - 1) - first);
    }
  }

  /** Under RANGE equal rows change together. */
  private firstChanged(list: number, at: number, batch: Batch, row: number): number {
    if (this.node.unit === 'rows') return at;
    const rows = this.ranked.rows(list);
    let first = at;
    while (first > 0 && this.ranked.compare(batch.columns, row, rows[first - 1]!) === 0) first--;
    return first;
  }

  private change(id: number, then: number, now: number): void {
    const before = this.before[then]!;
    const after = this.after[now]!;
    if (this.node.generateUpdateBefore) {
      this.stage.send(ROW_KIND.UPDATE_BEFORE, id, before, after);
    }
    this.stage.send(ROW_KIND.UPDATE_AFTER, id, after, before);
  }

  /** The events after which the rows from `first` to before `end` show their aggregates. */
  private fold(rows: readonly number[], first: number, end: number): number[] {
    const last = Math.min(rows.length, end);
    if (this.reach === Infinity) return this.foldAll(rows).slice(first, last);
    return this.slides ? this.slide(rows, first, last) : this.foldEach(rows, first, last);
  }

  /** One frame after the other: a row comes, the row before the frame leaves. */
  private slide(rows: readonly number[], first: number, last: number): number[] {
    const group = this.foldCount++;
    const begin = Math.max(0, first - this.reach);
    const events: number[] = [];
    for (let i = begin; i < last; i++) {
      const left = i - this.reach - 1;
      if (left >= begin) this.stage.event(rows[left]!, group, true);
      const event = this.stage.event(rows[i]!, group, false);
      if (i >= first) events.push(event);
    }
    return events;
  }

  private foldEach(rows: readonly number[], first: number, last: number): number[] {
    const events: number[] = [];
    for (let i = first; i < last; i++) {
      const group = this.foldCount++;
      let event = 0;
      for (let j = Math.max(0, i - this.reach); j <= i; j++) {
        event = this.stage.event(rows[j]!, group, false);
      }
      events.push(event);
    }
    return events;
  }

  /** Events by position; of equal rows under RANGE that of the last. */
  private foldAll(rows: readonly number[]): number[] {
    const group = this.foldCount++;
    const events = rows.map((id) => this.stage.event(id, group, false));
    if (this.node.unit === 'rows') return events;
    const { column } = this.node.orderBy;
    const columns: Column[] = [];
    columns[column] = this.ranked.store.gather(column, Int32Array.from(rows));
    for (let i = rows.length - 2; i >= 0; i--) {
      if (this.ranked.compare(columns, i, rows[i + 1]!) === 0) events[i] = events[i + 1]!;
    }
    return events;
  }

  private flush(output: Output): void {
    const aggregates = new AggregateSet(this.node.aggregates, this.input);
    aggregates.resize(this.foldCount);
    this.stage.flush(this.ranked.store, aggregates, output);
    this.foldCount = 0;
    this.ranked.store.settle();
  }

  snapshot(table: StateTable): Batch {
    if (this.expiry !== null && isExpiryTable(table)) return this.expiry.snapshot(this.groups);
    return this.ranked.snapshot(this.groups);
  }

  restore(table: StateTable, content: Batch): void {
    const { expiry, groups } = this;
    if (expiry !== null && isExpiryTable(table)) return expiry.restore(content, groups);
    this.ranked.restore(content, groups);
    expiry?.restoredAll(groups, this.context.nowMs());
  }

  stats(): OperatorStats {
    const stateBytes = this.groups.byteSize + this.ranked.byteSize;
    return { lateRows: 0, stateRows: this.ranked.store.count, stateBytes };
  }
}

/** The OVER aggregation of a plan node in the order of a plain column. */
export function makeSortedOver(
  node: OverAggregateNode, input: readonly RowField[], context: OperatorContext,
): Operator {
  return new SortedOver(node, input, context);
}
