/**
 * Interval joins, row by row as Flink's TimeIntervalJoin: a row meets the kept rows of the other
 * input whose times lie in its interval, and waits itself until time has passed the interval's
 * end. Rows that go without ever having met come out alone where the join type keeps them.
 *
 * Rows of a batch find their pairs first, by key and time alone; then the condition judges many
 * pairs at once; then what was found is put out in order (`steps`).
 */
import { Batch, ROW_KIND } from '../batch/batch.js';
import { allocateColumn } from '../batch/column.js';
import { InputWatermarks } from '../batch/watermark.js';
import { fail } from '../errors/index.js';
import type { IntervalJoinNode } from '../plan/physical/plan.js';
import { KeyLayout } from '../state/key-layout.js';
import { KeyedGroups, ResolvedRows } from '../state/keyed-groups.js';
import { BIGINT, INT, notNull, type RowField } from '../types/data-type.js';
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
import { readWatermark, writeWatermark } from './watermark-state.js';

/** Pairs that are made before they are judged; one row may make more. */
const MOST_PAIRS = 16 * 1024;
const MOST_EMPTY = 1024;
const NONE = -1;

/** What there is to put out: a kind, then its parts. */
const STEP = {
  /** A row met the next pairs: input, id, 1 if it waits, end of its pairs. */
  ROW: 0,
  /** A row that waited goes: input, id. */
  GONE: 1,
  /** Time rises: place in `raised`. */
  WATERMARK: 2,
} as const;

const GONE_UNTIL: StateTable = {
  name: 'gone_until',
  fields: [{ name: 'input', type: notNull(INT) }, { name: 'gone_until', type: notNull(BIGINT) }],
  keyCount: 0,
};

interface Side {
  readonly rows: TimedRows;
  readonly timers: GroupTimers;
  readonly keys: readonly number[];
  readonly time: number;
  /** Rows that never met come out alone. */
  readonly isOuter: boolean;
  /** How long a row waits for the other input, ms. */
  readonly waitMs: number;
  /** Rows up to this time were dropped where they were in the way: those behind meet no more. */
  goneUntil: number;
}

class IntervalJoin implements Operator {
  readonly stateTables: readonly StateTable[];
  private readonly sides: readonly [Side, Side];
  private readonly groups: KeyedGroups;
  private readonly resolved = new ResolvedRows();
  inputWatermarks = new InputWatermarks(2);
  private readonly out: KeptPairs;
  private readonly condition: KeptCondition | null;
  /** How far watermarks are held back: rows without a partner come out that late. */
  private readonly delayMs: number;
  /** No two times lie so apart: every row is without a partner. */
  private readonly isEmpty: boolean;
  /** The watermark or the clock, not below 0 as in Flink. */
  private time = 0;
  /** 1: a NULL in the key of this row of the batch meets nothing. */
  private nullKeys: Uint8Array | null = null;
  private steps: number[] = [];
  private raised: number[] = [];
  private leftIds: number[] = [];
  private rightIds: number[] = [];

  constructor(
    private readonly node: IntervalJoinNode, inputs: readonly (readonly RowField[])[],
    private readonly context: OperatorContext,
  ) {
    const { joinType, lowerMs, upperMs, isRowTime } = node;
    const schemas = { left: inputs[0]!, right: inputs[1]! };
    const keyFields = node.left.keys.map((key) => schemas.left[key]!);
    const sideOf = (name: 'left' | 'right', waitMs: number): Side => {
      const { keys, time } = node[name];
      const isOuter = joinType === name || joinType === 'full';
      const rows = new TimedRows({
        name, schema: schemas[name], keys, time: isRowTime ? time : null,
        flag: isOuter ? 'matched' : null, isOrdered: false,
      });
      const timers = new GroupTimers(`${name}_timers`, keyFields);
      return { rows, timers, keys, time, isOuter, waitMs, goneUntil: 0 };
    };
    this.sides = [sideOf('left', -lowerMs), sideOf('right', upperMs)];
    const [left, right] = this.sides;
    this.stateTables = [
      left.rows.stateTable, right.rows.stateTable, left.timers.stateTable, right.timers.stateTable,
      INPUT_WATERMARK_TABLE, GONE_UNTIL,
    ];
    this.groups = new KeyedGroups(new KeyLayout(keyFields.map((field) => field.type)));
    this.out = new KeptPairs(node.schema, left.rows.store, right.rows.store);
    this.condition = node.condition === null ? null
      : new KeptCondition(node.condition, schemas.left, schemas.right, context);
    this.isEmpty = lowerMs > upperMs;
    this.delayMs = isRowTime && !this.isEmpty ? Math.max(-lowerMs, upperMs) : 0;
  }

  process(batch: Batch, input: number, output: Output): void {
    if (batch.rowKinds !== null) {
      fail('MR2104', { engine: 'fallback', feature: 'interval join over updating rows' });
    }
    const { isRowTime } = this.node;
    this.time = isRowTime ? Math.max(0, this.inputWatermarks.current) : this.context.nowMs();
    const runs = this.inputWatermarks.merge(input, batch.watermarks);
    if (!isRowTime) this.dropDue();
    const rows = rowNumbers(batch);
    this.findGroups(batch, input, rows);
    let run = 0;
    for (let i = 0; i < rows.length; i++) {
      for (; run < runs.length && runs[run]!.row <= rows[i]!; run++) {
        this.raise(runs[run]!.watermark);
      }
      this.takeRow(batch, input, rows[i]!, this.resolved.groups[i]!);
      if (this.leftIds.length >= MOST_PAIRS) this.putOut(output);
    }
    for (; run < runs.length; run++) this.raise(runs[run]!.watermark);
    this.settle(output);
  }

  deadlineMs(): number {
    if (this.node.isRowTime) return Infinity;
    return Math.min(this.sides[0].timers.nextTime, this.sides[1].timers.nextTime);
  }

  onClock(nowMs: number, output: Output): void {
    if (this.node.isRowTime) return;
    this.time = nowMs;
    this.dropDue();
    this.settle(output);
  }

  snapshot(table: StateTable): Batch {
    if (table.name === INPUT_WATERMARK_TABLE.name) {
      return inputWatermarkContent(this.inputWatermarks);
    }
    if (table.name === GONE_UNTIL.name) return this.goneUntilContent();
    const side = this.sides[table.name.startsWith('left') ? 0 : 1];
    return table.name.endsWith('_timers') ? side.timers.snapshot(this.groups)
      : side.rows.snapshot(this.groups.size);
  }

  restore(table: StateTable, content: Batch): void {
    if (table.name === INPUT_WATERMARK_TABLE.name) {
      this.inputWatermarks = restoredInputWatermarks(content, this.inputWatermarks);
      return;
    }
    if (table.name === GONE_UNTIL.name) {
      this.restoreGoneUntil(content);
      return;
    }
    const side = this.sides[table.name.startsWith('left') ? 0 : 1];
    if (table.name.endsWith('_timers')) side.timers.restore(content, this.groups);
    else side.rows.restore(content, this.groups);
    this.resize();
  }

  stats(): OperatorStats {
    const [left, right] = this.sides;
    return {
      lateRows: 0, stateRows: left.rows.store.count + right.rows.store.count,
      stateBytes: this.groups.byteSize + left.rows.byteSize + right.rows.byteSize,
    };
  }

  private resize(): void {
    for (const { rows, timers } of this.sides) {
      rows.resize(this.groups.size);
      timers.resize(this.groups.size);
    }
  }

  private findGroups(batch: Batch, input: number, rows: Int32Array): void {
    const columns = this.sides[input]!.keys.map((key) => batch.columns[key]!);
    this.groups.encode(columns, rows, rows.length);
    this.groups.resolveAdded(rows, rows.length, this.resolved);
    this.resize();
    this.nullKeys = null;
    columns.forEach((column, key) => {
      if (!this.node.filterNulls[key] || column.validity === null) return;
      this.nullKeys ??= new Uint8Array(batch.rowCount);
      for (const row of rows) if (column.isNull(row)) this.nullKeys[row] = 1;
    });
  }

  private takeRow(batch: Batch, input: number, row: number, group: number): void {
    const own = this.sides[input]!;
    const other = this.sides[1 - input]!;
    const id = own.rows.store.add(batch.columns, row);
    const time = this.node.isRowTime ? rowTime(batch, own.time, row) : this.time;
    const hasNullKey = this.nullKeys !== null && this.nullKeys[row] === 1;
    const last = time + own.waitMs;
    const meets = !this.isEmpty && other.goneUntil < last;
    if (meets && !hasNullKey) this.findPairs(input, id, group, time - other.waitMs, last);
    const waits = !this.isEmpty && this.time < last && (own.isOuter || !hasNullKey);
    this.steps.push(STEP.ROW, input, id, waits ? 1 : 0, this.leftIds.length);
    if (meets) {
      other.goneUntil = this.time - other.waitMs - 1;
      this.dropGone(1 - input, group);
    }
    if (!waits) {
      own.rows.store.release(id);
      return;
    }
    own.rows.link(id, group, time, 0);
    if (own.timers.timeOf(group) === Infinity) this.setTimer(own, group, time);
  }

  /** Pairs of a row with the other input's rows of these times, in their order. */
  private findPairs(input: number, id: number, group: number, from: number, to: number): void {
    const { rows } = this.sides[1 - input]!;
    const [own, others] = input === 0 ? [this.leftIds, this.rightIds]
      : [this.rightIds, this.leftIds];
    let first = NONE;
    for (let at = rows.last(group); at !== NONE && rows.timeOf(at) >= from; at = rows.before(at)) {
      first = at;
    }
    for (let at = first; at !== NONE && rows.timeOf(at) <= to; at = rows.after(at)) {
      own.push(id);
      others.push(at);
    }
  }

  private setTimer(side: Side, group: number, time: number): void {
    side.timers.set(group, time + side.waitMs + this.node.minCleanupMs + 1);
  }

  private raise(watermark: number): void {
    if (this.node.isRowTime) {
      this.time = Math.max(0, watermark);
      this.dropDue();
    }
    this.steps.push(STEP.WATERMARK, this.raised.length);
    this.raised.push(watermark - this.delayMs);
  }

  /** Rows whose keys' timers have come. */
  private dropDue(): void {
    this.sides.forEach((side, input) => {
      for (;;) {
        const group = side.timers.takeDue(this.time);
        if (group === NONE) return;
        side.goneUntil = this.time - side.waitMs - 1;
        this.dropGone(input, group);
        const next = side.rows.first(group);
        if (next !== NONE) this.setTimer(side, group, side.rows.timeOf(next));
      }
    });
  }

  private dropGone(input: number, group: number): void {
    const { rows, goneUntil, isOuter } = this.sides[input]!;
    for (let id = rows.first(group); id !== NONE && rows.timeOf(id) <= goneUntil;) {
      const next = rows.after(id);
      rows.remove(id, group);
      if (isOuter) this.steps.push(STEP.GONE, input, id);
      id = next;
    }
  }

  /** Judges the pairs, then puts out what the steps say. */
  private putOut(output: Output): void {
    const meets = this.judged();
    const { steps } = this;
    let pair = 0;
    for (let at = 0; at < steps.length;) {
      const kind = steps[at]!;
      if (kind === STEP.ROW) {
        const end = steps[at + 4]!;
        this.putRow(steps[at + 1]!, steps[at + 2]!, steps[at + 3] === 1, pair, end, meets);
        pair = end;
        at += 5;
      } else if (kind === STEP.GONE) {
        const side = this.sides[steps[at + 1]!]!;
        const id = steps[at + 2]!;
        if (side.rows.flags[id] === 0) this.putAlone(steps[at + 1]!, id);
        at += 3;
      } else {
        this.out.watermark(this.raised[steps[at + 1]!]!);
        at += 2;
      }
      if (this.out.isFull) this.out.flush(output);
    }
    this.steps = [];
    this.raised = [];
    this.leftIds = [];
    this.rightIds = [];
  }

  private judged(): Uint8Array | null {
    if (this.condition === null || this.leftIds.length === 0) return null;
    const [left, right] = this.sides;
    return this.condition.judge(left.rows.store, right.rows.store,
      Int32Array.from(this.leftIds), Int32Array.from(this.rightIds));
  }

  private putRow(
    input: number, id: number, waits: boolean, from: number, to: number, meets: Uint8Array | null,
  ): void {
    const own = this.sides[input]!;
    const other = this.sides[1 - input]!;
    const others = input === 0 ? this.rightIds : this.leftIds;
    let matched = false;
    for (let pair = from; pair < to; pair++) {
      if (meets !== null && meets[pair] === 0) continue;
      matched = true;
      if (other.isOuter) other.rows.flags[others[pair]!] = 1;
      this.out.add(ROW_KIND.INSERT, this.leftIds[pair]!, this.rightIds[pair]!);
    }
    if (waits) own.rows.flags[id] = matched ? 1 : 0;
    else if (own.isOuter && !matched) this.putAlone(input, id);
  }

  private putAlone(input: number, id: number): void {
    this.out.add(ROW_KIND.INSERT, input === 0 ? id : ABSENT, input === 0 ? ABSENT : id);
  }

  private settle(output: Output): void {
    this.putOut(output);
    this.out.flush(output);
    for (const { rows } of this.sides) rows.store.settle();
    this.compactIfSparse();
  }

  /** Every group that is in use has a row or a timer. */
  private compactIfSparse(): void {
    const [left, right] = this.sides;
    const { groups } = this;
    const most = 2 * (left.rows.store.count + right.rows.store.count +
      left.timers.count + right.timers.count) + MOST_EMPTY;
    if (groups.size <= most) return;
    for (let group = 0; group < groups.size; group++) {
      const isUsed = this.sides.some(({ rows, timers }) =>
        !rows.isEmpty(group) || timers.timeOf(group) !== Infinity);
      if (!isUsed) groups.kill(group);
    }
    const { kept } = groups.compact();
    for (const { rows, timers } of this.sides) {
      rows.renumber(kept);
      timers.renumber(kept);
    }
  }

  private goneUntilContent(): Batch {
    const inputs = allocateColumn(notNull(INT), 2);
    const times = allocateColumn(notNull(BIGINT), 2);
    this.sides.forEach((side, input) => {
      inputs.values[input] = input;
      writeWatermark(times.values as Int32Array, input, side.goneUntil);
    });
    return new Batch(2, [inputs, times]);
  }

  /** Of several subtasks the lowest counts. */
  private restoreGoneUntil({ columns, rowCount }: Batch): void {
    const lowest = [Infinity, Infinity];
    for (let row = 0; row < rowCount; row++) {
      const input = columns[0]!.values[row]!;
      const time = readWatermark(columns[1]!.values as Int32Array, row);
      lowest[input] = Math.min(lowest[input] ?? Infinity, time);
    }
    if (rowCount > 0) this.sides.forEach((side, i) => { side.goneUntil = lowest[i]!; });
  }
}

function rowTime(batch: Batch, index: number, row: number): number {
  const column = batch.columns[index]!;
  return column.isNull(row) ? fail('MR3004', { column: 'row time' }) : i64At(column, row);
}

/** The interval join of a plan node. */
export function makeIntervalJoin(
  node: IntervalJoinNode, inputs: readonly (readonly RowField[])[], context: OperatorContext,
): Operator {
  return new IntervalJoin(node, inputs, context);
}
