/**
 * Aggregates over the rows before, in the order of a time attribute:
 *
 *     row time          rows wait for the watermark, then go by time, equal times as they came
 *     processing time   rows go as they come; in a bounded RANGE when their millisecond is over
 *     ROWS              a row shows the aggregates after itself
 *     RANGE             all rows of a time show the aggregates after the last of them
 *
 * Behind the watermark a row is late; in a bounded frame it is only where its partition has shown
 * a row of its time or later, as in Flink. Rows of a bounded frame are kept and taken back when
 * they leave it; LAG keeps as many rows as it looks back.
 *
 * With a time to live a partition is forgotten where Flink's cleanup timer fires: half as long
 * again after its rows, unless some wait. A bounded RANGE on processing time is forgotten in the
 * same way after its own length; one on row time never.
 */
import { Batch, MIN_WATERMARK, ROW_KIND } from '../batch/batch.js';
import { allocateColumn, type Column, readI64, writeI64 } from '../batch/column.js';
import { fail } from '../errors/index.js';
import type { OverAggregateNode } from '../plan/physical/plan.js';
import type { Value } from '../batch/values.js';
import { KeyLayout } from '../state/key-layout.js';
import { KeyedGroups, ResolvedRows } from '../state/keyed-groups.js';
import { BIGINT, BOOLEAN, notNull, type RowField } from '../types/data-type.js';
import { AggregateSet } from './aggregates/aggregate-set.js';
import { type GroupExpiry, groupExpiry, isExpiryTable } from './group-expiry.js';
import {
  type GroupState, groupStateTables, restoreGroupState, saveGroupState, widened,
} from './group-state.js';
import type { Operator, OperatorContext, OperatorStats, Output, StateTable } from './operator.js';
import { NO_ROW, OverStage, type PickCall } from './over-stage.js';
import { rowNumbers } from './row-numbers.js';
import { RowQueue } from './row-queue.js';
import { RowStore } from './row-store.js';
import { makeSortedOver } from './sorted-over.js';
import { i64At } from './timed-rows.js';
import { TimerQueue } from './timer-queue.js';
import { restoredWatermark, WATERMARK_TABLE, watermarkContent } from './watermark-table.js';

/** A pick and how it is found in a partition's kept rows. */
interface Pick extends PickCall {
  readonly form: 'first' | 'last' | 'lag';
  /** LAG: how many rows before. */
  readonly offset: number;
}

interface RestoredRow {
  readonly id: number;
  readonly group: number;
  readonly waits: boolean;
  readonly position: number;
  readonly time: number;
}

class OverAggregate implements Operator {
  readonly stateTables: readonly StateTable[];
  private readonly state: GroupState;
  private readonly store: RowStore;
  private readonly stage: OverStage;
  private readonly picks: readonly Pick[];
  private readonly resolved = new ResolvedRows();
  private readonly isBounded: boolean;
  /** A bounded RANGE on processing time: rows go when the clock has passed their time. */
  private readonly byClock: boolean;
  private readonly expiry: GroupExpiry | null;
  /** By group, where it counts: rows that wait. */
  private waitingOf = new Int32Array(16);
  private nowMs = 0;
  /** Rows that a partition keeps for LAG; 0: none. */
  private readonly memory: number;
  private readonly stateOrder: readonly number[];
  /** By group: rows of the frame, or those that LAG looks back at. */
  private readonly queues: RowQueue[] = [];
  /** Rows that wait for the watermark, and their group by row id. */
  private readonly waiting = new TimerQueue();
  private groupOf = new Int32Array(64);
  private times: Float64Array = new Float64Array(64);
  private watermark = MIN_WATERMARK;
  private restoredMark: number | null = null;
  private restored: RestoredRow[] = [];
  private lateRows = 0;

  constructor(
    private readonly node: OverAggregateNode, private readonly input: readonly RowField[],
    private readonly context: OperatorContext,
  ) {
    const { partition, aggregates } = node;
    this.byClock = isByClock(node);
    this.isBounded = node.preceding !== null;
    this.picks = picksOf(node);
    this.memory = this.picks.reduce((most, pick) =>
      pick.form === 'lag' ? Math.max(most, pick.offset + 1) : most, 0);
    this.store = new RowStore(input);
    this.stage = new OverStage(node.schema, input, aggregates, this.picks);
    const folded = aggregates.filter((_, i) => !this.picks.some((pick) => pick.index === i));
    const keys = partition.map((i) => input[i]!);
    this.state = {
      keys, groups: new KeyedGroups(new KeyLayout(keys.map((field) => field.type))),
      aggregates: new AggregateSet(folded, input),
      updatedMs: this.isBounded ? new Float64Array(16) : null,
    };
    const rest = input.map((_, i) => i).filter((i) => !partition.includes(i));
    this.stateOrder = [...partition, ...rest];
    this.expiry = groupExpiry(keys, lifetimeMs(node), 'cleanup-timer');
    this.stateTables = [
      ...groupStateTables(keys, this.state.aggregates, this.isBounded), this.rowsTable(),
      ...(node.mode === 'rowtime' ? [WATERMARK_TABLE] : []),
      ...(this.expiry === null ? [] : [this.expiry.stateTable]),
    ];
  }

  process(batch: Batch, _input: number, output: Output): void {
    this.settleRestored();
    this.nowMs = this.context.nowMs();
    if (this.byClock) this.passTime(output);
    const { groups, aggregates } = this.state;
    const numbers = rowNumbers(batch);
    groups.encode(this.node.partition.map((i) => batch.columns[i]!), numbers, numbers.length);
    this.resolve(numbers);
    aggregates.resize(groups.size);
    if (this.state.updatedMs !== null) {
      this.state.updatedMs = widened(this.state.updatedMs, groups.size);
    }
    const { resolved } = this;
    const runs = batch.watermarks;
    let run = 0;
    for (let i = 0; i < resolved.count; i++) {
      const row = resolved.rows[i]!;
      for (; run < runs.length && runs[run]!.row <= row; run++) {
        this.raise(runs[run]!.watermark, output);
      }
      this.takeRow(batch, row, resolved.groups[i]!, output);
    }
    for (; run < runs.length; run++) this.raise(runs[run]!.watermark, output);
    this.flush(output);
    this.expiry?.sweep(this.nowMs, numbers.length, this.forgetOrRenew);
    this.compactIfDue();
  }

  /** A partition whose time is up begins anew. */
  private resolve(numbers: Int32Array): void {
    const { expiry, resolved } = this;
    const { groups } = this.state;
    if (expiry === null) return groups.resolveAdded(numbers, numbers.length, resolved);
    const isForgotten = (group: number): boolean => {
      if (!expiry.isExpired(group, this.nowMs)) return false;
      if (this.waitingOf[group]! > 0) expiry.renew(group, this.nowMs);
      else this.letGoOf(group);
      return this.waitingOf[group] === 0;
    };
    groups.resolveChanges(numbers, null, numbers.length, isForgotten, false, resolved);
    this.growWaiting();
  }

  private growWaiting(): void {
    const { size } = this.state.groups;
    this.expiry?.resize(size);
    if (size <= this.waitingOf.length) return;
    const waitingOf = new Int32Array(size * 2);
    waitingOf.set(this.waitingOf);
    this.waitingOf = waitingOf;
  }

  /** Frees the rows that a partition keeps. */
  private letGoOf(group: number): void {
    this.expiry?.forget(group);
    const queue = this.queues[group];
    if (queue === undefined) return;
    while (queue.length > 0) this.store.release(queue.shift());
    delete this.queues[group];
  }

  private readonly forgetOrRenew = (group: number): void => {
    if (this.waitingOf[group]! > 0) return this.expiry!.renew(group, this.nowMs);
    this.letGoOf(group);
    this.state.groups.kill(group);
  };

  private compactIfDue(): void {
    const { state } = this;
    if (!state.groups.shouldCompact) return;
    const { kept, newIds } = state.groups.compact();
    state.aggregates.keep(kept, newIds);
    if (state.updatedMs !== null) {
      const { updatedMs } = state;
      state.updatedMs = widened(Float64Array.from(kept, (group) => updatedMs[group]!), 16);
    }
    const queues = Array.from(kept, (group) => this.queues[group]);
    this.queues.length = 0;
    queues.forEach((queue, group) => { if (queue !== undefined) this.queues[group] = queue; });
    this.waitingOf = Int32Array.from(kept, (group) => this.waitingOf[group]!);
    for (const id of this.waiting.inOrder()) this.groupOf[id] = newIds[this.groupOf[id]!]!;
    this.expiry?.renumber(kept);
  }

  /** Rows of milliseconds that are over go. */
  private passTime(output: Output): void {
    this.goUntil(this.nowMs - 1, output);
  }

  deadlineMs(): number {
    return this.byClock && this.waiting.size > 0 ? this.waiting.nextTime + 1 : Infinity;
  }

  onClock(nowMs: number, output: Output): void {
    this.nowMs = nowMs;
    this.passTime(output);
    this.flush(output);
  }

  finish(output: Output): void {
    if (this.byClock) this.goUntil(Infinity, output);
    this.flush(output);
  }

  prepareBarrier(): void {
    this.settleRestored();
    this.nowMs = this.context.nowMs();
    this.expiry?.sweepAll(this.nowMs, this.forgetOrRenew);
    this.store.settle();
  }

  private takeRow(batch: Batch, row: number, group: number, output: Output): void {
    const { node } = this;
    this.expiry?.touch(group, this.nowMs);
    if (this.byClock) {
      this.wait(this.store.add(batch.columns, row), group, this.nowMs);
      return;
    }
    if (node.mode === 'proctime') {
      this.goByRow(this.store.add(batch.columns, row), group, 0);
      if (this.stage.isFull) this.flush(output);
      return;
    }
    const column = batch.columns[node.orderBy.column]!;
    if (column.isNull(row)) fail('MR3004', { column: 'row time' });
    const time = readI64(column.values as Int32Array, column.constant ? 0 : row);
    const latest = this.state.updatedMs === null ? this.watermark : this.state.updatedMs[group]!;
    if (time <= latest) {
      this.lateRows++;
      return;
    }
    this.wait(this.store.add(batch.columns, row), group, time);
  }

  private wait(id: number, group: number, time: number): void {
    this.timeRow(id, time);
    this.groupOf[id] = group;
    this.waiting.add(time, id);
    if (this.expiry !== null) this.waitingOf[group]!++;
  }

  private timeRow(id: number, time: number): void {
    if (id >= this.times.length) {
      const capacity = Math.max(id + 1, this.times.length * 2);
      const groupOf = new Int32Array(capacity);
      groupOf.set(this.groupOf);
      this.groupOf = groupOf;
      this.times = widened(this.times, capacity);
    }
    this.times[id] = time;
  }

  /** The row goes now. */
  private takeWaiting(): number {
    const id = this.waiting.take();
    if (this.expiry === null) return id;
    const group = this.groupOf[id]!;
    this.waitingOf[group]!--;
    this.expiry.touch(group, this.nowMs);
    return id;
  }

  private raise(watermark: number, output: Output): void {
    if (watermark > this.watermark) this.watermark = watermark;
    if (!this.byClock) this.goUntil(this.watermark, output);
    this.stage.watermark(watermark);
  }

  private goUntil(last: number, output: Output): void {
    const { waiting } = this;
    while (waiting.size > 0 && waiting.nextTime <= last) {
      const time = waiting.nextTime;
      if (this.node.unit === 'rows') {
        const id = this.takeWaiting();
        this.goByRow(id, this.groupOf[id]!, time);
      } else {
        this.goByTime(time);
      }
      if (this.stage.isFull) this.flush(output);
    }
  }

  private goByRow(id: number, group: number, time: number): void {
    const { preceding } = this.node;
    const queue = this.queueOf(group);
    if (preceding !== null && queue !== null && queue.length > preceding) {
      this.leave(queue.shift(), group);
    }
    const event = this.stage.event(id, group, false);
    this.keep(queue, id);
    this.show(id, event, queue);
    if (this.state.updatedMs !== null) this.state.updatedMs[group] = time;
    this.letGo(queue, id);
  }

  /** All rows of the time that goes next. */
  private goByTime(time: number): void {
    const ids: number[] = [];
    while (this.waiting.size > 0 && this.waiting.nextTime === time) ids.push(this.takeWaiting());
    const last = new Map<number, number>();
    for (const id of ids) {
      const group = this.groupOf[id]!;
      const queue = this.queueOf(group);
      if (!last.has(group) && queue !== null) this.expire(queue, group, time);
      last.set(group, this.stage.event(id, group, false));
      this.keep(queue, id);
    }
    for (const id of ids) {
      const group = this.groupOf[id]!;
      this.show(id, last.get(group)!, this.queueOf(group));
      if (this.state.updatedMs !== null) this.state.updatedMs[group] = time;
    }
    for (const id of ids) this.letGo(this.queueOf(this.groupOf[id]!), id);
  }

  /** Rows that a bounded RANGE leaves behind. */
  private expire(queue: RowQueue, group: number, time: number): void {
    const { preceding } = this.node;
    if (preceding === null) return;
    while (queue.length > 0 && time - this.times[queue.at(0)]! > preceding) {
      this.leave(queue.shift(), group);
    }
  }

  private leave(id: number, group: number): void {
    this.stage.event(id, group, true);
    this.store.release(id);
  }

  private keep(queue: RowQueue | null, id: number): void {
    queue?.push(id);
  }

  /** What is shown once and looked at never again is given up. */
  private letGo(queue: RowQueue | null, id: number): void {
    if (queue === null) this.store.release(id);
    else if (this.memory > 0 && queue.length >= this.memory) this.store.release(queue.shift());
  }

  /** Null where rows are needed only once. */
  private queueOf(group: number): RowQueue | null {
    if (!this.isBounded && this.memory === 0) return null;
    return (this.queues[group] ??= new RowQueue());
  }

  private show(id: number, event: number, queue: RowQueue | null): void {
    this.stage.send(ROW_KIND.INSERT, id, event);
    this.picks.forEach((pick, k) => {
      this.stage.pick(k, queue === null ? NO_ROW : this.picked(pick, queue));
    });
  }

  /** The first and the last value are those that are not NULL. */
  private picked(pick: Pick, queue: RowQueue): number {
    const { length } = queue;
    if (pick.form === 'lag') {
      return length > pick.offset ? queue.at(length - 1 - pick.offset) : NO_ROW;
    }
    const { present } = this.store.columns[pick.argument]!;
    for (let i = 0; i < length; i++) {
      const id = queue.at(pick.form === 'first' ? i : length - 1 - i);
      if (present[id] !== 0) return id;
    }
    return NO_ROW;
  }

  private flush(output: Output): void {
    this.stage.flush(this.store, this.state.aggregates, output);
    this.store.settle();
  }

  private rowsTable(): StateTable {
    const fields = [
      ...this.stateOrder.map((i) => this.input[i]!), { name: 'waits', type: notNull(BOOLEAN) },
      ...(this.byClock ? [{ name: 'time_ms', type: notNull(BIGINT) }] : []),
      { name: 'position', type: notNull(BIGINT) },
    ];
    return { name: 'rows', fields, keyCount: this.node.partition.length };
  }

  snapshot(table: StateTable): Batch {
    this.settleRestored();
    if (table.name === WATERMARK_TABLE.name) return watermarkContent(this.watermark);
    if (this.expiry !== null && isExpiryTable(table)) {
      return this.expiry.snapshot(this.state.groups);
    }
    return table.name === 'rows' ? this.saveRows() : saveGroupState(table, this.state);
  }

  /** Rows of the queues in their order, then those that wait in the order in which they will go. */
  private saveRows(): Batch {
    const kept = this.queues.flatMap((queue) =>
      Array.from({ length: queue?.length ?? 0 }, (_, i) => queue.at(i)));
    const waiting = this.waiting.inOrder();
    const ids = Int32Array.from([...kept, ...waiting]);
    const waits = allocateColumn(notNull(BOOLEAN), ids.length);
    (waits.values as Uint8Array).fill(1, kept.length);
    const columns = [...this.stateOrder.map((column) => this.store.gather(column, ids)), waits];
    if (this.byClock) columns.push(bigints(Float64Array.from(ids, (id) => this.times[id]!)));
    columns.push(bigints(Float64Array.from(ids, (_, i) => i)));
    return new Batch(ids.length, columns);
  }

  restore(table: StateTable, content: Batch): void {
    if (table.name === WATERMARK_TABLE.name) {
      this.restoredMark = restoredWatermark(content, this.restoredMark);
      this.watermark = this.restoredMark ?? MIN_WATERMARK;
      return;
    }
    if (this.expiry !== null && isExpiryTable(table)) {
      this.expiry.restore(content, this.state.groups);
      return this.growWaiting();
    }
    if (table.name === 'rows') this.restoreRows(content);
    else restoreGroupState(table, content, this.state);
    this.expiry?.restoredAll(this.state.groups, this.context.nowMs());
    this.growWaiting();
  }

  private restoreRows(content: Batch): void {
    const columns: Column[] = [];
    this.stateOrder.forEach((column, i) => { columns[column] = content.columns[i]!; });
    const { groups } = this.state;
    const found = groups.restore(this.node.partition.map((i) => columns[i]!), content.rowCount);
    this.state.aggregates.resize(groups.size);
    const waits = content.columns[this.stateOrder.length]!;
    const position = content.columns.at(-1)!;
    const times = this.byClock ? content.columns.at(-2)! : columns[this.node.orderBy.column]!;
    const hasTimes = this.byClock || this.node.mode === 'rowtime';
    for (let row = 0; row < content.rowCount; row++) {
      this.restored.push({
        id: this.store.add(columns, row), group: found[row]!,
        waits: waits.values[waits.constant ? 0 : row] !== 0,
        position: i64At(position, row), time: hasTimes ? i64At(times, row) : 0,
      });
    }
  }

  /** All chunks are there: rows go to their places in order. */
  private settleRestored(): void {
    if (this.restored.length === 0) return;
    const rows = this.restored.sort((a, b) => a.position - b.position);
    this.restored = [];
    for (const { id, group, waits, time } of rows) {
      if (waits) this.wait(id, group, time);
      else {
        this.queueOf(group)?.push(id);
        this.timeRow(id, time);
      }
    }
  }

  stats(): OperatorStats {
    const { groups, aggregates } = this.state;
    return {
      lateRows: this.lateRows,
      stateRows: groups.aliveCount + aggregates.countedRows + this.store.count,
      stateBytes: groups.byteSize + aggregates.byteSize + this.store.byteSize,
    };
  }
}

/** A bounded RANGE on processing time. */
function isByClock({ mode, unit, preceding }: OverAggregateNode): boolean {
  return mode === 'proctime' && unit === 'range' && preceding !== null;
}

/** A bounded RANGE forgets by itself. 0: never. */
function lifetimeMs(node: OverAggregateNode): number {
  const { mode, unit, preceding, stateTtlMs } = node;
  if (unit === 'rows' || preceding === null) return stateTtlMs;
  return mode === 'proctime' ? preceding + 1 : 0;
}

function bigints(numbers: Float64Array): Column {
  const column = allocateColumn(notNull(BIGINT), numbers.length);
  numbers.forEach((value, i) => writeI64(column.values as Int32Array, i, value));
  return column;
}

function picksOf(node: OverAggregateNode): readonly Pick[] {
  return node.aggregates.flatMap((call, index): Pick[] => {
    const argument = call.arguments[0] ?? 0;
    if (call.function === 'LAG') {
      const offset = Number(call.options?.['offset'] ?? 1);
      const absent = (call.options?.['default'] ?? null) as Value;
      const absentColumn = call.arguments[1] ?? null;
      return [{ index, argument, absent, absentColumn, form: 'lag', offset }];
    }
    const form = call.function === 'FIRST_VALUE' ? 'first' : 'last';
    const isPick = call.function === 'FIRST_VALUE' || call.function === 'LAST_VALUE';
    return node.preceding !== null && isPick
      ? [{ index, argument, absent: null, absentColumn: null, form, offset: 0 }] : [];
  });
}

/** The OVER aggregation of a plan node. */
export function makeOverAggregate(
  node: OverAggregateNode, inputs: readonly (readonly RowField[])[], context: OperatorContext,
): Operator {
  return node.mode === 'sorted' ? makeSortedOver(node, inputs[0]!, context)
    : new OverAggregate(node, inputs[0]!, context);
}
