/**
 * Window joins: the rows of a window wait, a group a join key, until the watermark closes it; then
 * they meet, once. Insert-only in and out. Rows of a closed window are late and dropped.
 */
import { Batch, type WatermarkRun, watermarkBatch } from '../batch/batch.js';
import { allocateColumn, type Column, readI64 } from '../batch/column.js';
import { InputWatermarks } from '../batch/watermark.js';
import { fail } from '../errors/index.js';
import { compileExpression, type CompiledExpression, selectTrue } from '../expr/evaluate.js';
import type { WindowJoinInput, WindowJoinNode } from '../plan/physical/plan.js';
import { KeyLayout } from '../state/key-layout.js';
import { KeyedGroups, ResolvedRows } from '../state/keyed-groups.js';
import type { RowField } from '../types/data-type.js';
import {
  INPUT_WATERMARK_TABLE, inputWatermarkContent, restoredInputWatermarks,
} from './input-watermark-table.js';
import { JoinSide } from './join-side.js';
import type { Operator, OperatorContext, OperatorStats, Output, StateTable } from './operator.js';
import { ABSENT, gatherOrNull } from './pair-buffer.js';
import { rowNumbers } from './row-numbers.js';
import { checkWindowZone } from './window-rank.js';

const MOST_ROWS = 16 * 1024;

class WindowJoin implements Operator {
  readonly stateTables: readonly StateTable[];
  private readonly sides: readonly [JoinSide, JoinSide];
  private readonly keeps: readonly [boolean, boolean];
  private readonly groups: KeyedGroups;
  private readonly resolved = new ResolvedRows();
  /** Groups by the end of their window, ms. */
  private readonly windows = new Map<number, number[]>();
  private firstEnd = Infinity;
  inputWatermarks = new InputWatermarks(2);
  private lateRows = 0;
  private readonly condition: CompiledExpression | null;
  private readonly leftWidth: number;
  private leftIds: number[] = [];
  private rightIds: number[] = [];
  private runs: WatermarkRun[] = [];

  constructor(
    private readonly node: WindowJoinNode, inputs: readonly (readonly RowField[])[],
    private readonly context: OperatorContext,
  ) {
    const { joinType, left, right } = node;
    this.keeps = [
      joinType === 'left' || joinType === 'full' || joinType === 'anti',
      joinType === 'right' || joinType === 'full',
    ];
    this.sides = [sideOf('left', inputs[0]!, left), sideOf('right', inputs[1]!, right)];
    this.stateTables = [...this.sides.map((side) => side.stateTable), INPUT_WATERMARK_TABLE];
    const keyTypes = this.sides[0].input.keys.map((key) => inputs[0]![key]!.type);
    this.groups = new KeyedGroups(new KeyLayout(keyTypes));
    this.condition = node.condition === null ? null : compileExpression(node.condition);
    this.leftWidth = inputs[0]!.length;
  }

  process(batch: Batch, input: number, output: Output): void {
    if (batch.rowKinds !== null) {
      fail('MR2104', { engine: 'fallback', feature: 'window join over updating rows' });
    }
    const before = this.inputWatermarks.current;
    const runs = this.inputWatermarks.merge(input, batch.watermarks);
    this.keepRows(batch, input, this.timelyRows(batch, input, before, runs));
    for (const run of runs) this.raise(run.watermark, output);
    this.flush(output);
    for (const side of this.sides) side.store.settle();
    if (this.groups.shouldCompact) this.compact();
  }

  snapshot(table: StateTable): Batch {
    if (table.name === INPUT_WATERMARK_TABLE.name) {
      return inputWatermarkContent(this.inputWatermarks);
    }
    return this.sides[table.name === 'left' ? 0 : 1].snapshot(this.groups.size);
  }

  restore(table: StateTable, content: Batch): void {
    if (table.name === INPUT_WATERMARK_TABLE.name) {
      this.inputWatermarks = restoredInputWatermarks(content, this.inputWatermarks);
      return;
    }
    this.sides[table.name === 'left' ? 0 : 1].restore(content, this.groups);
    for (const side of this.sides) side.resize(this.groups.size);
    this.gatherWindows();
  }

  stats(): OperatorStats {
    const [left, right] = this.sides;
    return {
      lateRows: this.lateRows, stateRows: left.store.count + right.store.count,
      stateBytes: this.groups.byteSize + left.byteSize + right.byteSize,
    };
  }

  /** Rows whose window is open under the watermark before them, and that may come out. */
  private timelyRows(
    batch: Batch, input: number, before: number, runs: readonly WatermarkRun[],
  ): Int32Array {
    const { windowEnd, keys } = input === 0 ? this.node.left : this.node.right;
    const ends = batch.columns[windowEnd]!;
    const filtered = keys.filter((_, i) => this.node.filterNulls[i]);
    const columns = this.keeps[input] ? [] : filtered.map((key) => batch.columns[key]!);
    const rows = rowNumbers(batch);
    const timely = new Int32Array(rows.length);
    let watermark = before;
    let run = 0;
    let count = 0;
    for (const row of rows) {
      for (; run < runs.length && runs[run]!.row <= row; run++) watermark = runs[run]!.watermark;
      if (ends.isNull(row) || endOf(ends, row) - 1 <= watermark) this.lateRows++;
      else if (!columns.some((column) => column.isNull(row))) timely[count++] = row;
    }
    return timely.subarray(0, count);
  }

  private keepRows(batch: Batch, input: number, rows: Int32Array): void {
    const side = this.sides[input]!;
    const keys = side.input.keys.map((key) => batch.columns[key]!);
    this.groups.encode(keys, rows, rows.length);
    this.groups.resolveAdded(rows, rows.length, this.resolved);
    for (const one of this.sides) one.resize(this.groups.size);
    const ends = keys.at(-1)!;
    for (let i = 0; i < rows.length; i++) {
      const group = this.resolved.groups[i]!;
      if (this.resolved.created[i] !== 0) this.openGroup(endOf(ends, rows[i]!), group);
      side.add(batch.columns, rows[i]!, group, 0, 0);
    }
  }

  private openGroup(end: number, group: number): void {
    const groups = this.windows.get(end);
    if (groups !== undefined) groups.push(group);
    else this.windows.set(end, [group]);
    if (end < this.firstEnd) this.firstEnd = end;
  }

  private raise(watermark: number, output: Output): void {
    while (this.windows.size > 0 && this.firstEnd - 1 <= watermark) {
      for (const group of this.windows.get(this.firstEnd)!) {
        this.joinGroup(group);
        for (const side of this.sides) side.drop(group);
        this.groups.kill(group);
        if (this.leftIds.length >= MOST_ROWS) this.flush(output);
      }
      this.windows.delete(this.firstEnd);
      this.firstEnd = Infinity;
      for (const end of this.windows.keys()) if (end < this.firstEnd) this.firstEnd = end;
    }
    const row = this.leftIds.length;
    if (this.runs.at(-1)?.row === row) this.runs.pop();
    this.runs.push({ row, watermark });
  }

  private joinGroup(group: number): void {
    const left = idsOf(this.sides[0], group);
    const right = this.hasNullKey(left) ? [] : idsOf(this.sides[1], group);
    const alone = this.hasNullKey(left) ? idsOf(this.sides[1], group) : [];
    const meets = this.matrix(left, right);
    const { joinType } = this.node;
    const isLeftOnly = joinType === 'semi' || joinType === 'anti';
    const matchedRight = new Uint8Array(right.length);
    left.forEach((id, i) => {
      let matched = false;
      for (let j = 0; j < right.length; j++) {
        if (meets !== null && meets[i * right.length + j] === 0) continue;
        matched = true;
        matchedRight[j] = 1;
        if (isLeftOnly) break;
        this.add(id, right[j]!);
      }
      if (joinType === 'semi' ? matched : this.keeps[0] && !matched) this.add(id, ABSENT);
    });
    if (!this.keeps[1]) return;
    right.forEach((id, j) => { if (matchedRight[j] === 0) this.add(ABSENT, id); });
    for (const id of alone) this.add(ABSENT, id);
  }

  /** A row of a group whose key has a NULL that meets nothing. */
  private hasNullKey(left: readonly number[]): boolean {
    const [first] = left;
    if (first === undefined) return false;
    const { columns } = this.sides[0].store;
    return this.node.left.keys.some((key, i) =>
      this.node.filterNulls[i] === true && columns[key]!.present[first] === 0);
  }

  /** Which pairs the condition lets meet, row by row of the left; null: all. */
  private matrix(left: readonly number[], right: readonly number[]): Uint8Array | null {
    const count = left.length * right.length;
    if (this.condition === null || count === 0) return null;
    const leftIds = new Int32Array(count);
    const rightIds = new Int32Array(count);
    for (let i = 0; i < count; i++) {
      leftIds[i] = left[Math.floor(i / right.length)]!;
      rightIds[i] = right[i % right.length]!;
    }
    const [ofLeft, ofRight] = this.sides.map((side) => side.store);
    const columns = [
      ...ofLeft!.columns.map((_, i) => ofLeft!.gather(i, leftIds)),
      ...ofRight!.columns.map((_, i) => ofRight!.gather(i, rightIds)),
    ];
    const evaluation = { nowMs: this.context.nowMs(), zone: this.context.zone };
    const truth = this.condition.evaluate(new Batch(count, columns), null, count, evaluation);
    const meets = new Uint8Array(count);
    for (const place of selectTrue(truth, null, count)) meets[place] = 1;
    return meets;
  }

  private add(left: number, right: number): void {
    this.leftIds.push(left);
    this.rightIds.push(right);
  }

  private flush(output: Output): void {
    const { runs } = this;
    const { schema } = this.node;
    this.runs = [];
    if (this.leftIds.length === 0) {
      const last = runs.at(-1);
      if (last === undefined) return;
      const empty = schema.map((field) => allocateColumn(field.type, 0));
      output.emit(watermarkBatch(empty, last.watermark));
      return;
    }
    const ids = [Int32Array.from(this.leftIds), Int32Array.from(this.rightIds)];
    this.leftIds = [];
    this.rightIds = [];
    const columns = schema.map((field, i) => {
      const side = i < this.leftWidth ? 0 : 1;
      const index = side === 0 ? i : i - this.leftWidth;
      return gatherOrNull(this.sides[side].store, index, ids[side]!, field);
    });
    output.emit(new Batch(ids[0]!.length, columns, null, null, runs));
  }

  private gatherWindows(): void {
    this.windows.clear();
    this.firstEnd = Infinity;
    for (const group of this.groups.aliveGroups()) {
      const [left, right] = this.sides;
      const side = left.isEmpty(group) ? right : left;
      if (side.isEmpty(group)) continue;
      const ends = side.store.columns[side.input.keys.at(-1)!]!.values as Int32Array;
      this.openGroup(readI64(ends, side.first(group)), group);
    }
  }

  private compact(): void {
    const { kept, newIds } = this.groups.compact();
    for (const side of this.sides) side.renumber(kept);
    for (const groups of this.windows.values()) {
      groups.forEach((group, i) => { groups[i] = newIds[group]!; });
    }
  }
}

/** Rows lie by key and window; only the keys spread them over subtasks. */
function sideOf(
  name: string, schema: readonly RowField[], { keys, windowEnd }: WindowJoinInput,
): JoinSide {
  const input = {
    keys: [...keys, windowEnd], uniqueness: 'none', uniqueKey: [], takesUpdateBefore: false,
    insertOnly: true, stateTtlMs: 0,
  } as const;
  return new JoinSide(name, schema, input, false, 0, keys.length);
}

function idsOf(side: JoinSide, group: number): readonly number[] {
  const ids: number[] = [];
  for (let id = side.first(group); id !== ABSENT; id = side.after(id)) ids.push(id);
  return ids;
}

function endOf(ends: Column, row: number): number {
  return readI64(ends.values as Int32Array, ends.constant ? 0 : row);
}

/** The window join of a plan node. */
export function makeWindowJoin(
  node: WindowJoinNode, inputs: readonly (readonly RowField[])[], context: OperatorContext,
): Operator {
  checkWindowZone(node.zone);
  return new WindowJoin(node, inputs, context);
}
