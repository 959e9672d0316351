/**
 * ROW_NUMBER in [rankStart, rankEnd] over a stream: what Flink's Top-N functions emit, row by row.
 *
 * A partition's rows stand in its list in order of rank: by sort key, equal ones as they came.
 * Append and update-fast keep rankEnd rows a partition, retract keeps them all.
 *
 * With a time to live a partition starts anew when no row entered or left it for so long; retract
 * lets go of each row for itself. One partition of all rows, of which rankEnd are kept, stays.
 */
import { Batch, ROW_KIND, type RowKind } from '../batch/batch.js';
import { fail } from '../errors/index.js';
import type { RankNode } from '../plan/physical/plan.js';
import { KeyLayout } from '../state/key-layout.js';
import { KeyedGroups, ResolvedRows, takesBack } from '../state/keyed-groups.js';
import type { RowField } from '../types/data-type.js';
import { ChangeBuffer } from './change-buffer.js';
import { type GroupExpiry, groupExpiry, isExpiryTable } from './group-expiry.js';
import type { Operator, OperatorContext, OperatorStats, Output, StateTable } from './operator.js';
import { RankedRows } from './ranked-rows.js';
import { rowNumbers } from './row-numbers.js';

/** Partitions without rows are not worth a compaction below this. */
const MOST_EMPTY = 1024;

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
  private readonly expiry: GroupExpiry | null;
  private nowMs = 0;

  constructor(
    private readonly node: RankNode, input: readonly RowField[],
    private readonly context: OperatorContext,
  ) {
    const { partition, orderBy, rankStart, rankEnd } = node;
    const keepsAll = node.strategy === 'retract';
    const ttlMs = partition.length > 0 || keepsAll ? node.stateTtlMs : 0;
    this.groups = new KeyedGroups(new KeyLayout(partition.map((i) => input[i]!.type)));
    this.ranked = new RankedRows(
      input, partition, orderBy, partition.length, keepsAll ? ttlMs : 0,
    );
    this.expiry = groupExpiry(partition.map((i) => input[i]!), ttlMs);
    this.changes = new ChangeBuffer(node.schema, this.ranked.store, node.outputRankNumber);
    this.stateTables = [
      this.ranked.stateTable, ...(this.expiry === null ? [] : [this.expiry.stateTable]),
    ];
    this.byRank = node.outputRankNumber || rankStart > 1;
    this.isTopOne = rankStart === 1 && rankEnd === 1 && node.strategy !== 'retract';
  }

  process(batch: Batch, _input: number, output: Output): void {
    const retracts = this.node.strategy === 'retract';
    const rows = retracts ? rowNumbers(batch) : this.withoutUpdateBefore(batch);
    const { resolved } = this;
    this.resolve(batch, rows);
    this.nowMs = this.context.nowMs();
    let run = 0;
    const runs = batch.watermarks;
    for (let i = 0; i < resolved.count; i++) {
      const row = resolved.rows[i]!;
      for (; run < runs.length && runs[run]!.row <= row; run++) {
        this.changes.watermark(runs[run]!.watermark);
      }
      this.expireRows(resolved.groups[i]!);
      const isRetraction = retracts && takesBack(batch.rowKinds?.[row] ?? ROW_KIND.INSERT);
      this.takeRow(batch, row, resolved.groups[i]!, isRetraction);
      if (this.changes.isFull) this.flush(output);
    }
    for (; run < runs.length; run++) this.changes.watermark(runs[run]!.watermark);
    this.expiry?.sweep(this.nowMs, resolved.count, this.drop);
    this.flush(output);
    this.compactIfSparse();
  }

  prepareBarrier(): void {
    const { expiry, groups, ranked } = this;
    if (expiry === null) return;
    this.nowMs = this.context.nowMs();
    expiry.sweepAll(this.nowMs, this.drop);
    for (let group = 0; group < groups.size; group++) ranked.dropExpired(group, this.nowMs);
    ranked.store.settle();
  }

  snapshot(table: StateTable): Batch {
    if (this.expiry !== null && isExpiryTable(table)) return this.expiry.snapshot(this.groups);
    return this.ranked.snapshot(this.groups);
  }

  restore(table: StateTable, content: Batch): void {
    const { expiry, groups, ranked } = this;
    if (expiry !== null && isExpiryTable(table)) return expiry.restore(content, groups);
    ranked.restore(content, groups);
    const nowMs = this.context.nowMs();
    for (let group = 0; group < groups.size; group++) {
      if (ranked.rows(group).length > 0) expiry?.restored(group, nowMs);
    }
  }

  stats(): OperatorStats {
    const stateBytes = this.groups.byteSize + this.ranked.byteSize;
    return { lateRows: 0, stateRows: this.ranked.store.count, stateBytes };
  }

  /** Where rows expire, how many rows a partition has is not known from those that came. */
  private resolve(batch: Batch, rows: Int32Array): void {
    const { groups, resolved, expiry } = this;
    groups.encode(this.node.partition.map((i) => batch.columns[i]!), rows, rows.length);
    if (this.node.strategy === 'retract' && expiry === null) {
      groups.resolveChanges(rows, batch.rowKinds, rows.length, null, false, resolved);
    } else {
      groups.resolveAdded(rows, rows.length, resolved);
      expiry?.resize(groups.size);
    }
  }

  private expireRows(group: number): void {
    if (this.expiry === null) return;
    if (this.expiry.isExpired(group, this.nowMs)) this.drop(group);
    else this.ranked.dropExpired(group, this.nowMs);
  }

  private readonly drop = (group: number): void => {
    this.expiry?.forget(group);
    this.ranked.drop(group);
  };

  private compactIfSparse(): void {
    const { expiry, groups, ranked } = this;
    if (expiry !== null && groups.size > 2 * ranked.store.count + MOST_EMPTY) {
      for (let group = 0; group < groups.size; group++) {
        if (ranked.rows(group).length === 0) groups.kill(group);
      }
    } else if (!groups.shouldCompact) return;
    const { kept } = groups.compact();
    ranked.renumber(kept);
    expiry?.renumber(kept);
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
        this.expiry?.touch(list, this.nowMs);
        if (isRetraction) return this.retract(batch, row, list);
        const at = this.ranked.positionAfterEquals(list, batch.columns, row);
        this.ranked.insert(list, at, this.ranked.add(batch.columns, row, this.nowMs));
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
    this.expiry?.touch(list, this.nowMs);
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
    this.expiry?.touch(list, this.nowMs);
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
    if (at < 0 && this.expiry !== null) return;
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
export function makeRank(
  node: RankNode, inputs: readonly (readonly RowField[])[], context: OperatorContext,
): Operator {
  return new Rank(node, inputs[0]!, context);
}
