/**
 * MATCH_RECOGNIZE, one row a match. By row time rows wait for the watermark and go by time, those
 * of one time by the further keys and as they came; behind the watermark a row is late. By
 * processing time they go as they come, or, with further keys, when the clock has moved on.
 *
 * Rows go at the end of a batch, all keys beside each other, so that conditions are asked for many
 * matches at once; what each watermark of the batch lets go is sent before it.
 */
import { Batch, MIN_WATERMARK, watermarkBatch, type WatermarkRun } from '../batch/batch.js';
import { allocateColumn, type Column, readI64 } from '../batch/column.js';
import { fail } from '../errors/index.js';
import type { EvaluationContext } from '../expr/evaluate.js';
import type { MatchNode } from '../plan/physical/plan.js';
import { KeyLayout } from '../state/key-layout.js';
import { KeyedGroups, ResolvedRows } from '../state/keyed-groups.js';
import type { RowField } from '../types/data-type.js';
import { type EmitMatch, type KeyMatches, MatchRunner } from './match-automaton.js';
import { type MatchCase, MatchConditions } from './match-conditions.js';
import { MatchEvaluator } from './match-expression.js';
import { MatchPaths } from './match-paths.js';
import { MatchTables } from './match-state.js';
import type { Operator, OperatorContext, OperatorStats, Output, StateTable } from './operator.js';
import { rowNumbers } from './row-numbers.js';
import { RowStore } from './row-store.js';
import { SortKeys } from './sort-key.js';
import { TimerQueue } from './timer-queue.js';
import { restoredWatermark, WATERMARK_TABLE, watermarkContent } from './watermark-table.js';

/** The rows of a key that go now. */
interface Turn {
  readonly group: number;
  readonly rows: number[];
  next: number;
}

interface FoundMatch {
  readonly step: number;
  readonly time: number;
  /** Index of the watermark that lets it go. */
  readonly mark: number;
}

class Match implements Operator {
  readonly stateTables: readonly StateTable[];
  private readonly store: RowStore;
  private readonly paths: MatchPaths;
  private readonly groups: KeyedGroups;
  private readonly runner: MatchRunner;
  private readonly conditions: MatchConditions;
  private readonly measures: readonly MatchEvaluator[];
  private readonly tables: MatchTables;
  private readonly sortKeys: SortKeys;
  private readonly resolved = new ResolvedRows();
  private keys: (KeyMatches | undefined)[] = [];
  /** Rows that wait; by row id: their group and time. */
  private readonly waiting = new TimerQueue();
  private groupOf = new Int32Array(64);
  private times = new Float64Array(64);
  /** When partial matches become too old, by group. */
  private timeouts = new TimerQueue();
  private watermark = MIN_WATERMARK;
  private restoredMark: number | null = null;
  /** The watermarks of the batch at hand. */
  private marks: number[] = [];
  private found: FoundMatch[] = [];
  private lateRows = 0;

  constructor(
    private readonly node: MatchNode, input: readonly RowField[],
    private readonly context: OperatorContext,
  ) {
    this.store = new RowStore(input);
    this.paths = new MatchPaths(this.store);
    this.groups = new KeyedGroups(new KeyLayout(node.partition.map((i) => input[i]!.type)));
    this.runner = new MatchRunner(
      node.automaton, node.skip, node.withinMs, node.variables, this.paths);
    this.conditions = new MatchConditions(node, input, this.store, this.paths);
    this.measures = node.measures.map((one) =>
      new MatchEvaluator(one, -1, input, this.store, this.paths));
    this.sortKeys = new SortKeys(node.orderBy, input, this.store);
    this.tables = new MatchTables(node.partition, input, this.stateAccess(),
      () => this.runner.open());
    this.stateTables = [
      ...this.tables.tables, ...(node.rowtime === null ? [] : [WATERMARK_TABLE]),
    ];
  }

  private stateAccess() {
    const { groups, store, paths, keys } = this;
    return {
      groups, store, paths, keys,
      waiting: () => this.waiting.inOrder().map((row) => ({ row, group: this.groupOf[row]! })),
      timeOf: (row: number) => this.times[row]!,
      wait: (row: number, group: number, time: number) => {
        this.conditions.forget(row);
        this.wait(row, group, time);
      },
    };
  }

  process(batch: Batch, _input: number, output: Output): void {
    this.settle();
    const turns = this.takeRows(batch, this.evaluation());
    const last = batch.watermarks.at(-1);
    if (last !== undefined) this.watermark = Math.max(last.watermark, this.watermark);
    if (this.node.rowtime !== null) {
      this.marks = batch.watermarks.map((run) => run.watermark);
      this.letGo(turns, this.watermark);
    }
    this.run(turns);
    this.flush(output, last?.watermark);
  }

  private evaluation(): EvaluationContext {
    return { nowMs: this.context.nowMs(), zone: this.context.zone };
  }

  /** Keeps the rows of a batch. By processing time they go at once. */
  private takeRows(batch: Batch, evaluation: EvaluationContext): Map<number, Turn> {
    const turns = new Map<number, Turn>();
    const rows = rowNumbers(batch);
    if (rows.length === 0) return turns;
    const timely = this.node.rowtime === null ? rows : this.timelyRows(batch, rows);
    const { groups, resolved } = this;
    groups.encode(this.node.partition.map((i) => batch.columns[i]!), timely, timely.length);
    groups.resolveChanges(timely, null, timely.length, null, true, resolved);
    const keep = this.conditions.decide(batch, evaluation);
    const goesAtOnce = this.node.rowtime === null && this.node.orderBy.length === 0;
    for (let i = 0; i < resolved.count; i++) {
      const batchRow = resolved.rows[i]!;
      const group = resolved.groups[i]!;
      const row = this.store.add(batch.columns, batchRow);
      this.paths.openRow(row);
      keep(batchRow, row);
      const time = this.node.rowtime === null ? evaluation.nowMs
        : timeAt(batch.columns[this.node.rowtime]!, batchRow);
      if (resolved.created[i] !== 0) this.keys[group] = this.runner.open();
      if (goesAtOnce) {
        this.place(row, group, time);
        turnOf(turns, group).rows.push(row);
      } else {
        this.wait(row, group, time);
      }
    }
    return turns;
  }

  private timelyRows(batch: Batch, rows: Int32Array): Int32Array {
    const column = batch.columns[this.node.rowtime!]!;
    const timely = new Int32Array(rows.length);
    const runs = batch.watermarks;
    let { watermark } = this;
    let run = 0;
    let count = 0;
    for (const row of rows) {
      for (; run < runs.length && runs[run]!.row <= row; run++) watermark = runs[run]!.watermark;
      if (column.isNull(row)) fail('MR3004', { column: 'row time' });
      if (timeAt(column, row) <= watermark) this.lateRows++;
      else timely[count++] = row;
    }
    return timely.subarray(0, count);
  }

  private place(row: number, group: number, time: number): void {
    if (row >= this.groupOf.length) {
      const size = Math.max(row + 1, this.groupOf.length * 2);
      const groupOf = new Int32Array(size);
      groupOf.set(this.groupOf);
      this.groupOf = groupOf;
      const times = new Float64Array(size);
      times.set(this.times);
      this.times = times;
    }
    this.groupOf[row] = group;
    this.times[row] = time;
  }

  private wait(row: number, group: number, time: number): void {
    this.place(row, group, time);
    this.waiting.add(time, row);
  }

  /** The rows that wait no longer, and the keys with a match that grew too old. */
  private letGo(turns: Map<number, Turn>, until: number): void {
    while (this.waiting.size > 0 && this.waiting.nextTime <= until) {
      const row = this.waiting.take();
      turnOf(turns, this.groupOf[row]!).rows.push(row);
    }
    while (this.timeouts.size > 0 && this.timeouts.nextTime <= until) {
      const group = this.timeouts.take();
      if (this.keys[group] !== undefined) turnOf(turns, group);
    }
    if (this.node.orderBy.length === 0) return;
    for (const { rows } of turns.values()) if (rows.length > 1) this.sort(rows);
  }

  /** Rows of one time by the further keys, equal ones as they came. */
  private sort(rows: number[]): void {
    const columns: Column[] = [];
    const ids = Int32Array.from(rows);
    for (const { column } of this.node.orderBy) columns[column] = this.store.gather(column, ids);
    const places = rows.map((_, i) => i);
    places.sort((a, b) => this.times[ids[a]!]! - this.times[ids[b]!]! ||
      this.sortKeys.compare(columns, a, ids[b]!) || a - b);
    places.forEach((place, i) => { rows[i] = ids[place]!; });
  }

  /** Each round takes the next row of every key. */
  private run(turns: Map<number, Turn>): void {
    const evaluation = this.evaluation();
    for (let active = [...turns.values()]; active.length > 0;) {
      active = active.filter((turn) => this.isReady(turn));
      const starts: number[] = [];
      const cases: MatchCase[] = [];
      for (const { group, rows, next } of active) {
        starts.push(cases.length);
        const row = rows[next]!;
        for (const { state, step } of this.keys[group]!.partials.items) {
          cases.push({ state, step, row });
        }
      }
      this.conditions.ask(cases, evaluation);
      active.forEach((turn, i) => this.takeRow(turn, starts[i]!));
    }
  }

  private takeRow(turn: Turn, start: number): void {
    const row = turn.rows[turn.next++]!;
    const time = this.times[row]!;
    const holds = (place: number, variable: number): boolean =>
      this.conditions.holds(start + place, variable);
    const key = this.keys[turn.group]!;
    const isBegun = this.runner.take(key, row, time, holds, this.emitter(this.markOf(time)));
    if (isBegun && this.node.withinMs > 0) {
      this.timeouts.add(time + this.node.withinMs, turn.group);
    }
    this.paths.releaseRow(row);
  }

  /** Drops what is too old before the next row; without one the key is done. */
  private isReady(turn: Turn): boolean {
    const key = this.keys[turn.group]!;
    const row = turn.rows[turn.next];
    const mark = row === undefined ? this.marks.length : this.markOf(this.times[row]!);
    for (;;) {
      const deadline = this.runner.deadline(key);
      const at = deadline === Infinity ? mark : this.markOf(deadline);
      if (at >= mark) break;
      this.runner.advance(key, this.marks[at]!, this.emitter(at));
    }
    if (row === undefined) {
      this.groups.rowCounts[turn.group]! -= turn.rows.length;
      if (key.isIdle && this.groups.rowCounts[turn.group] === 0) this.dropKey(turn.group);
      return false;
    }
    this.runner.advance(key, this.times[row]!, this.emitter(mark));
    return true;
  }

  /** A key of which nothing is kept. */
  private dropKey(group: number): void {
    this.keys[group] = undefined;
    this.groups.kill(group);
  }

  /** The first watermark of the batch that reaches the time. */
  private markOf(time: number): number {
    const { marks } = this;
    let low = 0;
    let high = marks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (marks[middle]! < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private emitter(mark: number): EmitMatch {
    return (step, time) => this.found.push({ step, time, mark });
  }

  /** `passing`: the last watermark of the batch, of which processing time knows no more. */
  private flush(output: Output, passing?: number): void {
    const found = this.found.sort((a, b) => a.mark - b.mark);
    this.found = [];
    const runs = this.node.rowtime !== null ? this.runsBehind(found)
      : passing === undefined ? [] : [{ row: found.length, watermark: passing }];
    const last = runs.at(-1);
    if (found.length > 0) {
      output.emit(new Batch(found.length, this.columnsOf(found), null, null, runs));
    } else if (last !== undefined) {
      const empty = this.node.schema.map((field) => allocateColumn(field.type, 0));
      output.emit(watermarkBatch(empty, last.watermark));
    }
    for (const { step } of found) this.paths.release(step);
    this.marks = [];
    this.store.settle();
    if (this.groups.shouldCompact) this.compact();
  }

  /** Each watermark behind the matches that it let go. */
  private runsBehind(found: readonly FoundMatch[]): WatermarkRun[] {
    const runs: WatermarkRun[] = [];
    let row = 0;
    this.marks.forEach((watermark, mark) => {
      while (row < found.length && found[row]!.mark <= mark) row++;
      if (runs.at(-1)?.row === row) runs.pop();
      runs.push({ row, watermark });
    });
    return runs;
  }

  private columnsOf(found: readonly FoundMatch[]): Column[] {
    const steps = found.map((one) => one.step);
    const cases = { count: found.length, steps, rows: null, times: found.map((one) => one.time) };
    const rows = Int32Array.from(steps, (step) => this.paths.rows[step]!);
    const evaluation = this.evaluation();
    return [
      ...this.node.partition.map((column) => this.store.gather(column, rows)),
      ...this.measures.map((one) => one.evaluate(cases, evaluation)),
    ];
  }

  private compact(): void {
    const { kept, newIds } = this.groups.compact();
    const keys = [...kept].map((group) => this.keys[group]);
    this.keys.length = 0;
    this.keys.push(...keys);
    for (const row of this.waiting.inOrder()) this.groupOf[row] = newIds[this.groupOf[row]!]!;
    this.setTimeouts();
  }

  private setTimeouts(): void {
    this.timeouts = new TimerQueue();
    if (this.node.withinMs === 0) return;
    this.keys.forEach((key, group) => {
      for (const { step, startTime } of key?.partials.items ?? []) {
        if (step >= 0) this.timeouts.add(startTime + this.node.withinMs, group);
      }
    });
  }

  /** By processing time only: when rows with further keys go, or matches grow too old. */
  deadlineMs(): number {
    if (this.node.rowtime !== null) return Infinity;
    return Math.min(this.waiting.nextTime, this.timeouts.nextTime) + 1;
  }

  onClock(nowMs: number, output: Output): void {
    this.settle();
    const turns = new Map<number, Turn>();
    this.letGo(turns, nowMs - 1);
    this.marks = [nowMs];
    this.run(turns);
    this.flush(output);
  }

  snapshot(table: StateTable): Batch {
    this.settle();
    return table.name === WATERMARK_TABLE.name ? watermarkContent(this.watermark)
      : this.tables.save(table);
  }

  restore(table: StateTable, content: Batch): void {
    if (table.name !== WATERMARK_TABLE.name) {
      this.tables.restore(table, content);
      return;
    }
    this.restoredMark = restoredWatermark(content, this.restoredMark);
    this.watermark = this.restoredMark ?? MIN_WATERMARK;
  }

  private isSettled = false;

  /** After the restores, before the first batch. */
  private settle(): void {
    if (this.isSettled) return;
    this.isSettled = true;
    this.tables.settle();
    for (const row of this.waiting.inOrder()) this.groups.rowCounts[this.groupOf[row]!]!++;
    this.setTimeouts();
  }

  stats(): OperatorStats {
    return {
      lateRows: this.lateRows, stateRows: this.store.count,
      stateBytes: this.groups.byteSize + this.store.byteSize + this.paths.byteSize,
    };
  }
}

function turnOf(turns: Map<number, Turn>, group: number): Turn {
  let turn = turns.get(group);
  if (turn === undefined) turns.set(group, turn = { group, rows: [], next: 0 });
  return turn;
}

function timeAt(column: Column, row: number): number {
  return readI64(column.values as Int32Array, column.constant ? 0 : row);
}

/** The pattern matching of a plan node. */
export function makeMatch(
  node: MatchNode, inputs: readonly (readonly RowField[])[], context: OperatorContext,
): Operator {
  return new Match(node, inputs[0]!, context);
}
