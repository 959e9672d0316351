/**
 * Aggregations under table.exec.mini-batch that keep their groups: the net change of each key once
 * a bundle. How rows get into the groups is the intake's: of the rows themselves, or of
 * accumulators that a local phase made of them.
 */
import { type Batch, ROW_KIND } from '../batch/batch.js';
import { allocateColumn, type Column } from '../batch/column.js';
import { concat, take } from '../batch/take.js';
import type { GroupAggregateNode, MiniBatch } from '../plan/physical/plan.js';
import type { KeyLayout } from '../state/key-layout.js';
import { KeyedGroups, ResolvedRows } from '../state/keyed-groups.js';
import type { AggregateSet } from './aggregates/aggregate-set.js';
import { differs } from './aggregates/aggregate.js';
import { BundledOperator, type BundleRows } from './bundled-operator.js';
import { type GroupExpiry, groupExpiry, isExpiryTable } from './group-expiry.js';
import {
  type GroupState, groupStateTables, restoreGroupState, saveGroupState,
} from './group-state.js';
import type { OperatorContext, OperatorStats, StateTable } from './operator.js';

/** The groups of one bundle in the order of first sight, and what known ones were before. */
class Bundle {
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

/** How rows of a batch get into groups. Their keys are encoded already. */
export interface Intake {
  /** Finds the groups, and how many rows they have then; `expired` as KeyedGroups has it. */
  resolve(
    groups: KeyedGroups, batch: Batch, rows: Int32Array,
    expired: ((group: number) => boolean) | null, resolved: ResolvedRows,
  ): void;
  /** What resolve found goes into the aggregates. */
  fold(aggregates: AggregateSet, batch: Batch, resolved: ResolvedRows): void;
}

/** What nodes of either intake say. */
export type BundledNode = Pick<GroupAggregateNode,
  'schema' | 'grouping' | 'generateUpdateBefore' | 'stateTtlMs'> & {
    readonly miniBatch: MiniBatch;
  };

export class MiniBatchAggregate extends BundledOperator {
  readonly stateTables: readonly StateTable[];
  private readonly state: GroupState;
  private readonly expiry: GroupExpiry | null;
  private readonly resolved = new ResolvedRows();
  private bundle = new Bundle();

  constructor(
    private readonly node: BundledNode, layout: KeyLayout, aggregates: AggregateSet,
    private readonly intake: Intake, context: OperatorContext,
  ) {
    super(node.schema, node.miniBatch, context);
    const keys = node.schema.slice(0, node.grouping.length);
    this.state = {
      keys,
      groups: new KeyedGroups(layout),
      aggregates,
      updatedMs: null,
    };
    this.expiry = groupExpiry(keys, node.stateTtlMs);
    this.stateTables = [
      ...groupStateTables(keys, aggregates, false),
      ...(this.expiry === null ? [] : [this.expiry.stateTable]),
    ];
  }

  /** Takes rows into the bundle. What a group was before its first row here is kept. */
  protected fold(batch: Batch, rows: Int32Array): void {
    const { state, resolved } = this;
    const nowMs = this.context.nowMs();
    const keys = this.node.grouping.map((column) => batch.columns[column]!);
    state.groups.encode(keys, rows, rows.length);
    this.intake.resolve(state.groups, batch, rows, this.expiredAt(nowMs), resolved);
    state.aggregates.resize(state.groups.size);
    this.touch(nowMs);
    this.intake.fold(state.aggregates, batch, resolved);
  }

  private expiredAt(nowMs: number): ((group: number) => boolean) | null {
    const { expiry, bundle } = this;
    if (expiry === null) return null;
    return (group) => {
      const isOld = expiry.isExpired(group, nowMs) && !bundle.has(group);
      if (isOld) expiry.forget(group);
      return isOld;
    };
  }

  private readonly drop = (group: number): void => {
    this.expiry?.forget(group);
    this.state.groups.kill(group);
  };

  private touch(nowMs: number): void {
    const { state, resolved, bundle, expiry } = this;
    expiry?.resize(state.groups.size);
    const known: number[] = [];
    for (let i = 0; i < resolved.count; i++) {
      const group = resolved.groups[i]!;
      expiry?.touch(group, nowMs);
      if (bundle.has(group)) continue;
      bundle.touch(group, resolved.created[i] !== 0);
      if (resolved.created[i] === 0) known.push(group);
    }
    if (known.length === 0) return;
    bundle.before.push(state.aggregates.values(Int32Array.from(known)));
    bundle.beforeCounts.push(known.length);
  }

  protected endBundle(): BundleRows | null {
    const { bundle } = this;
    this.bundle = new Bundle();
    if (bundle.touched.length === 0) return null;
    const changes = this.netChanges(bundle);
    this.expiry?.sweep(this.context.nowMs(), bundle.touched.length, this.drop);
    this.compactIfDue();
    return changes;
  }

  /**
   * One table: the rows before of known groups, then the rows after of all touched; the changes
   * are taken from it.
   */
  private netChanges(bundle: Bundle): BundleRows {
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
      if (isGone) this.drop(group);
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
    this.expiry?.renumber(kept);
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
