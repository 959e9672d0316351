/**
 * Temporal joins as Flink's TemporalRowTimeJoinOperator: left rows wait for the watermark, then
 * each meets the version of its key that holds at its time. Versions that no row in time can meet
 * any more are dropped when the key's timer comes; a late row meets what is left.
 *
 * With a time to live a key is forgotten where Flink's cleanup timer fires, half as long again
 * after its rows, also those that wait for the watermark.
 */
import { type Batch, ROW_KIND, type RowKind } from '../batch/batch.js';
import { InputWatermarks } from '../batch/watermark.js';
import { fail } from '../errors/index.js';
import type { TemporalJoinNode } from '../plan/physical/plan.js';
import { KeyLayout } from '../state/key-layout.js';
import { KeyedGroups, ResolvedRows, takesBack } from '../state/keyed-groups.js';
import type { RowField } from '../types/data-type.js';
import { type GroupExpiry, groupExpiry, isExpiryTable } from './group-expiry.js';
import { GroupTimers } from './group-timers.js';
import {
  INPUT_WATERMARK_TABLE, inputWatermarkContent, restoredInputWatermarks,
} from './input-watermark-table.js';
import { KeptCondition } from './kept-condition.js';
import { KeptPairs } from './kept-pairs.js';
import type { Operator, OperatorContext, OperatorStats, Output, StateTable } from './operator.js';
import { ABSENT } from './pair-buffer.js';
import { rowNumbers } from './row-numbers.js';
import { i64At, TimedRows } from './timed-rows.js';

/** Left rows that are joined before the condition judges them. */
const MOST_ROWS = 16 * 1024;
const MOST_EMPTY = 1024;
const NONE = -1;

class TemporalJoin implements Operator {
  readonly stateTables: readonly StateTable[];
  private readonly left: TimedRows;
  private readonly right: TimedRows;
  private readonly timers: GroupTimers;
  private readonly groups: KeyedGroups;
  private readonly expiry: GroupExpiry | null;
  private nowMs = 0;
  private readonly resolved = new ResolvedRows();
  inputWatermarks = new InputWatermarks(2);
  private readonly out: KeptPairs;
  private readonly condition: KeptCondition | null;
  /** Left rows to put out, in order, each with its version or ABSENT. */
  private leftIds: number[] = [];
  private rightIds: number[] = [];
  /** Watermarks between them. */
  private runs: { readonly at: number; readonly watermark: number }[] = [];

  constructor(
    private readonly node: TemporalJoinNode, inputs: readonly (readonly RowField[])[],
    private readonly context: OperatorContext,
  ) {
    const [left, right] = [inputs[0]!, inputs[1]!];
    this.left = new TimedRows({
      name: 'left', schema: left, keys: node.left.keys, time: node.left.time, flag: 'row_kind',
      isOrdered: true,
    });
    this.right = new TimedRows({
      name: 'right', schema: right, keys: node.right.keys, time: node.right.time,
      flag: 'row_kind', isOrdered: false,
    });
    const keyFields = node.left.keys.map((key) => left[key]!);
    this.timers = new GroupTimers('timers', keyFields);
    this.expiry = groupExpiry(keyFields, node.stateTtlMs, 'cleanup-timer');
    this.stateTables = [
      this.left.stateTable, this.right.stateTable, this.timers.stateTable, INPUT_WATERMARK_TABLE,
      ...(this.expiry === null ? [] : [this.expiry.stateTable]),
    ];
    this.groups = new KeyedGroups(new KeyLayout(keyFields.map((field) => field.type)));
    this.out = new KeptPairs(node.schema, this.left.store, this.right.store);
    this.condition = node.condition === null ? null
      : new KeptCondition(node.condition, left, right, context);
  }

  process(batch: Batch, input: number, output: Output): void {
    const runs = this.inputWatermarks.merge(input, batch.watermarks);
    this.nowMs = this.context.nowMs();
    const { keys, time } = input === 0 ? this.node.left : this.node.right;
    const rows = rowNumbers(batch);
    this.groups.encode(keys.map((key) => batch.columns[key]!), rows, rows.length);
    this.groups.resolveAdded(rows, rows.length, this.resolved);
    this.resize();
    const times = batch.columns[time]!;
    let run = 0;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      for (; run < runs.length && runs[run]!.row <= row; run++) this.raise(runs[run]!.watermark);
      if (times.isNull(row)) fail('MR3004', { column: 'row time' });
      this.keep(batch, input, row, this.resolved.groups[i]!, i64At(times, row));
      if (this.leftIds.length >= MOST_ROWS) this.putOut(output);
    }
    for (; run < runs.length; run++) this.raise(runs[run]!.watermark);
    this.putOut(output);
    this.expiry?.sweep(this.nowMs, rows.length, this.drop);
    this.out.flush(output);
    this.left.store.settle();
    this.right.store.settle();
    this.compactIfSparse();
  }

  prepareBarrier(): void {
    this.expiry?.sweepAll(this.context.nowMs(), this.drop);
    this.left.store.settle();
    this.right.store.settle();
  }

  snapshot(table: StateTable): Batch {
    if (this.expiry !== null && isExpiryTable(table)) return this.expiry.snapshot(this.groups);
    switch (table.name) {
      case 'left':
        return this.left.snapshot(this.groups.size);
      case 'right':
        return this.right.snapshot(this.groups.size);
      case 'timers':
        return this.timers.snapshot(this.groups);
      default:
        return inputWatermarkContent(this.inputWatermarks);
    }
  }

  restore(table: StateTable, content: Batch): void {
    if (table.name === 'left') this.left.restore(content, this.groups);
    else if (table.name === 'right') this.right.restore(content, this.groups);
    else if (table.name === 'timers') this.timers.restore(content, this.groups);
    else if (isExpiryTable(table)) this.expiry?.restore(content, this.groups);
    else this.inputWatermarks = restoredInputWatermarks(content, this.inputWatermarks);
    this.expiry?.restoredAll(this.groups, this.context.nowMs());
    this.resize();
  }

  stats(): OperatorStats {
    return {
      lateRows: 0, stateRows: this.left.store.count + this.right.store.count,
      stateBytes: this.groups.byteSize + this.left.byteSize + this.right.byteSize,
    };
  }

  private resize(): void {
    for (const one of [this.left, this.right, this.timers]) one.resize(this.groups.size);
    this.expiry?.resize(this.groups.size);
  }

  private readonly drop = (group: number): void => {
    const { left, right } = this;
    this.expiry?.forget(group);
    for (let id = left.first(group); id !== NONE; id = left.first(group)) left.remove(id, group);
    for (let id = right.first(group); id !== NONE; id = right.first(group)) right.remove(id, group);
    this.timers.clear(group);
  };

  private keep(batch: Batch, input: number, row: number, group: number, time: number): void {
    const side = input === 0 ? this.left : this.right;
    const kind = batch.rowKinds === null ? ROW_KIND.INSERT : batch.rowKinds[row]!;
    if (this.expiry?.isExpired(group, this.nowMs)) this.drop(group);
    this.expiry?.touch(group, this.nowMs);
    if (input === 1) this.dropVersionOf(group, time);
    side.link(side.store.add(batch.columns, row), group, time, kind);
    if (time < this.timers.timeOf(group)) this.timers.set(group, time);
  }

  /** There is one version a time: the last that came. */
  private dropVersionOf(group: number, time: number): void {
    const { right } = this;
    let id = right.last(group);
    while (id !== NONE && right.timeOf(id) > time) id = right.before(id);
    if (id !== NONE && right.timeOf(id) === time) right.remove(id, group);
  }

  private raise(watermark: number): void {
    for (;;) {
      const group = this.timers.takeDue(watermark);
      if (group === NONE) break;
      if (this.expiry?.isExpired(group, this.nowMs)) this.drop(group);
      else this.joinGroup(group, watermark);
    }
    this.runs.push({ at: this.leftIds.length, watermark });
  }

  /** The left rows up to the watermark with their versions, in the order in which they came. */
  private joinGroup(group: number, watermark: number): void {
    const { left, right } = this;
    const found: { readonly id: number; readonly version: number }[] = [];
    let version = NONE;
    let next = right.first(group);
    for (let id = left.first(group); id !== NONE && left.timeOf(id) <= watermark;) {
      const after = left.after(id);
      while (next !== NONE && right.timeOf(next) <= left.timeOf(id)) {
        version = next;
        next = right.after(next);
      }
      const holds = version !== NONE && !takesBack(right.flags[version]!);
      found.push({ id, version: holds ? version : ABSENT });
      left.remove(id, group);
      id = after;
    }
    if (found.length > 1) found.sort((a, b) => left.positionOf(a.id) - left.positionOf(b.id));
    for (const one of found) {
      this.leftIds.push(one.id);
      this.rightIds.push(one.version);
    }
    this.dropVersions(group, watermark);
    const rest = left.first(group);
    if (rest !== NONE) this.timers.set(group, left.timeOf(rest));
    if (rest !== NONE || !right.isEmpty(group)) this.expiry?.touch(group, this.nowMs);
    else this.expiry?.forget(group);
  }

  /** All before the one that holds at the watermark; of versions all behind it none. */
  private dropVersions(group: number, watermark: number): void {
    const { right } = this;
    for (let id = right.first(group); id !== NONE;) {
      const after = right.after(id);
      if (after === NONE || right.timeOf(after) > watermark) return;
      right.remove(id, group);
      id = after;
    }
  }

  /** Judges the pairs, then puts out what there is. */
  private putOut(output: Output): void {
    const { leftIds, rightIds, runs, left } = this;
    const meets = this.judged();
    const isOuter = this.node.joinType === 'left';
    let run = 0;
    for (let i = 0; i < leftIds.length; i++) {
      for (; run < runs.length && runs[run]!.at <= i; run++) {
        this.out.watermark(runs[run]!.watermark);
      }
      const isAlone = rightIds[i] === ABSENT || (meets !== null && meets[i] === 0);
      if (isAlone && !isOuter) continue;
      const kind = left.flags[leftIds[i]!]! as RowKind;
      this.out.add(kind, leftIds[i]!, isAlone ? ABSENT : rightIds[i]!);
      if (this.out.isFull) this.out.flush(output);
    }
    for (; run < runs.length; run++) this.out.watermark(runs[run]!.watermark);
    this.leftIds = [];
    this.rightIds = [];
    this.runs = [];
  }

  /** By left row; null: the condition says nothing. Rows without a version are not judged. */
  private judged(): Uint8Array | null {
    if (this.condition === null) return null;
    const places: number[] = [];
    this.rightIds.forEach((id, i) => { if (id !== ABSENT) places.push(i); });
    if (places.length === 0) return null;
    const meets = this.condition.judge(this.left.store, this.right.store,
      Int32Array.from(places, (i) => this.leftIds[i]!),
      Int32Array.from(places, (i) => this.rightIds[i]!));
    const all = new Uint8Array(this.leftIds.length);
    places.forEach((place, i) => { all[place] = meets[i]!; });
    return all;
  }

  /** Every group that is in use has a row or a timer. */
  private compactIfSparse(): void {
    const { groups, left, right, timers } = this;
    const most = 2 * (left.store.count + right.store.count + timers.count) + MOST_EMPTY;
    if (groups.size <= most) return;
    for (let group = 0; group < groups.size; group++) {
      const isUsed = !left.isEmpty(group) || !right.isEmpty(group) ||
        timers.timeOf(group) !== Infinity;
      if (!isUsed) groups.kill(group);
    }
    const { kept } = groups.compact();
    for (const one of [left, right, timers]) one.renumber(kept);
    this.expiry?.renumber(kept);
  }
}

/** The temporal join of a plan node. */
export function makeTemporalJoin(
  node: TemporalJoinNode, inputs: readonly (readonly RowField[])[], context: OperatorContext,
): Operator {
  return new TemporalJoin(node, inputs, context);
}
