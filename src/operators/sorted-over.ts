/**
 * Aggregates over the rows before in the order of a column that is no time attribute: a row that
 * comes or goes changes the results of the rows behind it, in their order. A row whose aggregates
 * stay equal is not sent again.
 */
import { Batch, ROW_KIND, type RowKind } from '../batch/batch.js';
import type { Column } from '../batch/column.js';
import type { OverAggregateNode } from '../plan/physical/plan.js';
import { KeyLayout } from '../state/key-layout.js';
import { KeyedGroups, ResolvedRows, takesBack } from '../state/keyed-groups.js';
import type { RowField } from '../types/data-type.js';
import { AggregateSet } from './aggregates/aggregate-set.js';
import type { Operator, OperatorStats, Output, StateTable } from './operator.js';
import { OverStage } from './over-stage.js';
import { RankedRows } from './ranked-rows.js';
import { rowNumbers } from './row-numbers.js';

class SortedOver implements Operator {
  readonly stateTables: readonly StateTable[];
  private readonly groups: KeyedGroups;
  private readonly ranked: RankedRows;
  private readonly stage: OverStage;
  private readonly resolved = new ResolvedRows();
  /** Each list is folded into a group of its own, before and after a change. */
  private foldCount = 0;
  /** By position: the event after which the list's row shows its aggregates. */
  private before: number[] = [];
  private after: number[] = [];

  constructor(
    private readonly node: OverAggregateNode, private readonly input: readonly RowField[],
  ) {
    const { partition, orderBy, aggregates } = node;
    this.groups = new KeyedGroups(new KeyLayout(partition.map((i) => input[i]!.type)));
    this.ranked = new RankedRows(input, partition, [orderBy]);
    this.stage = new OverStage(node.schema, input, aggregates, []);
    this.stateTables = [this.ranked.stateTable];
  }

  process(batch: Batch, _input: number, output: Output): void {
    const { groups, resolved } = this;
    const rows = rowNumbers(batch);
    groups.encode(this.node.partition.map((i) => batch.columns[i]!), rows, rows.length);
    groups.resolveAdded(rows, rows.length, resolved);
    const kinds = batch.rowKinds;
    const runs = batch.watermarks;
    let run = 0;
    for (let i = 0; i < resolved.count; i++) {
      const row = resolved.rows[i]!;
      for (; run < runs.length && runs[run]!.row <= row; run++) {
        this.stage.watermark(runs[run]!.watermark);
      }
      if (kinds !== null && takesBack(kinds[row]!)) this.remove(batch, row, resolved.groups[i]!);
      else this.insert(batch, row, resolved.groups[i]!);
      if (this.stage.isFull) this.flush(output);
    }
    for (; run < runs.length; run++) this.stage.watermark(runs[run]!.watermark);
    this.flush(output);
  }

  private insert(batch: Batch, row: number, list: number): void {
    const { ranked } = this;
    const kind = (batch.rowKinds?.[row] ?? ROW_KIND.INSERT) as RowKind;
    const at = ranked.positionAfterEquals(list, batch.columns, row);
    this.before = this.fold(ranked.rows(list));
    const id = ranked.add(batch.columns, row);
    ranked.insert(list, at, id);
    const rows = ranked.rows(list);
    this.after = this.fold(rows);
    for (let i = 0; i < rows.length; i++) {
      if (i === at) this.stage.send(kind, id, this.after[i]!);
      else this.change(rows[i]!, i < at ? i : i - 1, i);
    }
  }

  /** A row that is not there is passed over, as in Flink. */
  private remove(batch: Batch, row: number, list: number): void {
    const { ranked } = this;
    const at = ranked.findEqualRow(list, batch.columns, row);
    if (at < 0) return;
    const rows = ranked.rows(list).slice();
    this.before = this.fold(rows);
    ranked.remove(list, at);
    this.after = this.fold(ranked.rows(list));
    for (let i = 0; i < rows.length; i++) {
      if (i === at) this.stage.send(ROW_KIND.DELETE, rows[i]!, this.before[i]!);
      else this.change(rows[i]!, i, i < at ? i : i - 1);
    }
  }

  private change(id: number, then: number, now: number): void {
    const before = this.before[then]!;
    const after = this.after[now]!;
    if (this.node.generateUpdateBefore) {
      this.stage.send(ROW_KIND.UPDATE_BEFORE, id, before, after);
    }
    this.stage.send(ROW_KIND.UPDATE_AFTER, id, after, before);
  }

  /** Events by position; of equal rows under RANGE that of the last. */
  private fold(rows: readonly number[]): number[] {
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

  snapshot(): Batch {
    return this.ranked.snapshot(this.groups);
  }

  restore(_table: StateTable, content: Batch): void {
    this.ranked.restore(content, this.groups);
  }

  stats(): OperatorStats {
    const stateBytes = this.groups.byteSize + this.ranked.byteSize;
    return { lateRows: 0, stateRows: this.ranked.store.count, stateBytes };
  }
}

/** The OVER aggregation of a plan node in the order of a plain column. */
export function makeSortedOver(node: OverAggregateNode, input: readonly RowField[]): Operator {
  return new SortedOver(node, input);
}
