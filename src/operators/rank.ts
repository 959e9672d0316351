/**
 * ROW_NUMBER in [rankStart, rankEnd] over a stream: what Flink's Top-N functions emit, row by row.
 *
 * A partition's rows stand in its list in order of rank: by sort key, equal ones as they came.
 * Append and update-fast keep rankEnd rows a partition, retract keeps them all.
 */
import { Batch, ROW_KIND, type RowKind } from '../batch/batch.js';
import { fail } from '../errors/index.js';
import type { RankNode } from '../plan/physical/plan.js';
import { KeyLayout } from '../state/key-layout.js';
import { KeyedGroups, ResolvedRows } from '../state/keyed-groups.js';
import type { RowField } from '../types/data-type.js';
import { ChangeBuffer } from './change-buffer.js';
import type { Operator, OperatorStats, Output, StateTable } from './operator.js';
import { RankedRows } from './ranked-rows.js';
import { rowNumbers } from './row-numbers.js';

class Rank implements Operator {
  readonly stateTables: readonly StateTable[];
  private readonly groups: KeyedGroups;
  private readonly ranked: RankedRows;
  private readonly changes: ChangeBuffer;
  private readonly resolved = new ResolvedRows();
  /** Every rank that changes is emitted, not only the rows that enter and leave. */
  private readonly byRank: boolean;
  /** Flink has a function of its own for it, which updates instead of deleting and inserting. */
  private readonly isTopOne: boolean;

  constructor(private readonly node: RankNode, input: readonly RowField[]) {
    const { partition, orderBy, rankStart, rankEnd } = node;
    this.groups = new KeyedGroups(new KeyLayout(partition.map((i) => input[i]!.type)));
    this.ranked = new RankedRows(input, partition, orderBy);
    this.changes = new ChangeBuffer(node.schema, this.ranked.store, node.outputRankNumber);
    this.stateTables = [this.ranked.stateTable];
    this.byRank = node.outputRankNumber || rankStart > 1;
    this.isTopOne = rankStart === 1 && rankEnd === 1 && node.strategy !== 'retract';
  }

  process(batch: Batch, _input: number, output: Output): void {
    const retracts = this.node.strategy === 'retract';
    const rows = retracts ? rowNumbers(batch) : this.withoutUpdateBefore(batch);
    const { resolved } = this;
    this.groups.encode(this.node.partition.map((i) => batch.columns[i]!), rows, rows.length);
    if (retracts) {
      this.groups.resolveChanges(rows, batch.rowKinds, rows.length, null, false, resolved);
    } else {
      this.groups.resolveAdded(rows, rows.length, resolved);
    }
    let run = 0;
    const runs = batch.watermarks;
    for (let i = 0; i < resolved.count; i++) {
      const row = resolved.rows[i]!;
      for (; run < runs.length && runs[run]!.row <= row; run++) {
        this.changes.watermark(runs[run]!.watermark);
      }
      this.takeRow(batch, row, resolved.groups[i]!, retracts && resolved.retract[i] !== 0);
      if (this.changes.isFull) this.flush(output);
    }
    for (; run < runs.length; run++) this.changes.watermark(runs[run]!.watermark);
    this.flush(output);
    if (this.groups.shouldCompact) this.ranked.renumber(this.groups.compact().kept);
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

  /** Where nothing is ever deleted, what an update replaces is known without being told. */
  private withoutUpdateBefore(batch: Batch): Int32Array {
    const rows = rowNumbers(batch);
    const kinds = batch.rowKinds;
    if (kinds === null) return rows;
    if (rows.some((row) => kinds[row] === ROW_KIND.DELETE)) {
      fail('MR9001', { detail: 'rank: unexpected delete' });
    }
    return rows.filter((row) => kinds[row] !== ROW_KIND.UPDATE_BEFORE);
  }

  private takeRow(batch: Batch, row: number, list: number, isRetraction: boolean): void {
    switch (this.node.strategy) {
      case 'append':
        return this.addBounded(batch, row, list);
      case 'update-fast':
        return this.addOrUpdate(batch, row, list);
      case 'retract': {
        if (isRetraction) return this.retract(batch, row, list);
        const at = this.ranked.positionAfterEquals(list, batch.columns, row);
        this.ranked.insert(list, at, this.ranked.add(batch.columns, row));
        return this.announceInsert(list, at);
      }
    }
  }

  private addBounded(batch: Batch, row: number, list: number): void {
    const { ranked } = this;
    const { rankEnd } = this.node;
    const rows = ranked.rows(list);
    const count = rows.length;
    if (count >= rankEnd && ranked.compare(batch.columns, row, rows[count - 1]!) >= 0) return;
    const id = ranked.add(batch.columns, row);
    if (this.isTopOne && count === 1) {
      this.announceUpdate(rows[0]!, id, 1);
      ranked.replace(list, 0, id);
      return;
    }
    const at = ranked.positionAfterEquals(list, batch.columns, row);
    ranked.insert(list, at, id);
    this.announceInsert(list, at);
    if (count + 1 > rankEnd) ranked.remove(list, rankEnd);
  }

  /** The input is a changelog by primary key in which a key's place only ever gets better. */
  private addOrUpdate(batch: Batch, row: number, list: number): void {
    const { ranked } = this;
    const { columns } = batch;
    const before = this.isTopOne ? -1 : ranked.find(list, this.node.primaryKey, columns, row);
    if (before < 0) return this.addBounded(batch, row, list);
    const old = ranked.rows(list)[before]!;
    const id = ranked.add(columns, row);
    if (ranked.compare(columns, row, old) === 0) {
      this.announceUpdate(old, id, before + 1);
      ranked.replace(list, before, id);
      return;
    }
    const shifted = ranked.rows(list).slice();
    ranked.remove(list, before);
    const after = ranked.positionAfterEquals(list, columns, row);
    ranked.insert(list, after, id);
    if (!this.byRank) return this.announceUpdate(old, id, 1);
    this.announceMove(shifted, ranked.rows(list), before, after);
  }

  /**
   * The row at position `after` of `now` stood at `before` of `then`. Flink takes the old row back
   * before it says where the new one stands.
   */
  private announceMove(
    then: readonly number[], now: readonly number[], before: number, after: number,
  ): void {
    if (after >= before) {
      for (let at = before; at <= after; at++) this.announceUpdate(then[at]!, now[at]!, at + 1);
      return;
    }
    if (this.node.generateUpdateBefore) {
      this.announce(ROW_KIND.UPDATE_BEFORE, then[after]!, after + 1);
      this.announce(ROW_KIND.UPDATE_BEFORE, then[before]!, before + 1);
    }
    this.announce(ROW_KIND.UPDATE_AFTER, now[after]!, after + 1);
    for (let at = after + 1; at < before; at++) {
      this.announceUpdate(then[at]!, now[at]!, at + 1);
    }
    this.announce(ROW_KIND.UPDATE_AFTER, now[before]!, before + 1);
  }

  private retract(batch: Batch, row: number, list: number): void {
    const at = this.ranked.findEqualRow(list, batch.columns, row);
    if (at < 0) fail('MR3010', { operator: 'Rank' });
    this.announceRemove(list, at);
    this.ranked.remove(list, at);
  }

  /** The row at position `at` is new in the list. */
  private announceInsert(list: number, at: number): void {
    const rows = this.ranked.rows(list);
    const end = this.node.rankEnd;
    if (!this.byRank) {
      if (at >= end) return;
      if (rows.length > end) this.changes.add(ROW_KIND.DELETE, rows[end]!, 0);
      this.changes.add(ROW_KIND.INSERT, rows[at]!, 0);
      return;
    }
    let rank = at + 1;
    for (; rank < rows.length && rank <= end; rank++) {
      this.announceUpdate(rows[rank]!, rows[rank - 1]!, rank);
    }
    if (rank <= end) this.announce(ROW_KIND.INSERT, rows[rank - 1]!, rank);
  }

  /** The row at position `at` is about to leave the list. */
  private announceRemove(list: number, at: number): void {
    const rows = this.ranked.rows(list);
    const end = this.node.rankEnd;
    if (!this.byRank) {
      if (at >= end) return;
      this.changes.add(ROW_KIND.DELETE, rows[at]!, 0);
      if (rows.length > end) this.changes.add(ROW_KIND.INSERT, rows[end]!, 0);
      return;
    }
    let rank = at + 1;
    for (; rank < rows.length && rank <= end; rank++) {
      this.announceUpdate(rows[rank - 1]!, rows[rank]!, rank);
    }
    if (rank <= end) this.announce(ROW_KIND.DELETE, rows[rank - 1]!, rank);
  }

  private announceUpdate(old: number, now: number, rank: number): void {
    if (this.node.generateUpdateBefore) this.announce(ROW_KIND.UPDATE_BEFORE, old, rank);
    this.announce(ROW_KIND.UPDATE_AFTER, now, rank);
  }

  private announce(kind: RowKind, row: number, rank: number): void {
    if (this.byRank && (rank < this.node.rankStart || rank > this.node.rankEnd)) return;
    this.changes.add(kind, row, rank);
  }

  private flush(output: Output): void {
    this.changes.flush(output);
    this.ranked.store.settle();
  }
}

/** The Top-N of a plan node. */
export function makeRank(node: RankNode, inputs: readonly (readonly RowField[])[]): Operator {
  return new Rank(node, inputs[0]!);
}
