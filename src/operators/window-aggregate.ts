/**
 * Aggregates over windows: insert-only results when the watermark passes a window's end.
 *
 * Rows go to their slice in order; a watermark that fires a window first folds the rows before it,
 * so lateness and what a window holds are exact to the row.
 *
 * Windows of the clock fire when the task clock passes their end; those that are open at the end
 * of the input are dropped, as in Flink.
 *
 * Floating sums show where Flink adds in two phases: its local phase hands its sums on, and starts
 * anew, when the watermark passes the first slice it holds, and at a barrier. `localPhase` says
 * that the plan has one and that it shows.
 */
import { Batch, MIN_WATERMARK, type WatermarkRun } from '../batch/batch.js';
import { allocateColumn, type Column, readI64, writeI64 } from '../batch/column.js';
import { concat } from '../batch/take.js';
import { fail } from '../errors/fail.js';
import type { WindowAggregateNode } from '../plan/physical/plan.js';
import { KeyLayout } from '../state/key-layout.js';
import type { RowField } from '../types/data-type.js';
import type { Operator, OperatorContext, OperatorStats, Output, StateTable }
  from './operator.js';
import { makeSessionAggregate } from './session-aggregate.js';
import { hasFired, WindowGrid } from './window-grid.js';
import { type WindowSlice, WindowSlices } from './window-slices.js';
import { restoreWindowState, saveWindowState, windowStateTables } from './window-state.js';

const NO_BATCH = new Batch(0, []);

/** The slice of the last row: holds for first <= time < last, while progress < until. */
interface OpenSlice {
  first: number;
  last: number;
  until: number;
  /** null: rows of it are late. */
  slice: WindowSlice | null;
  /** The slice whose window shows the rows' keys, where it is another one. */
  shownBy: WindowSlice | null;
}

class WindowAggregate implements Operator {
  readonly stateTables: readonly StateTable[];
  private readonly grid: WindowGrid;
  private readonly keys: readonly RowField[];
  private readonly slices: WindowSlices;
  /** -1: rows belong to the time on the clock. */
  private readonly timeColumn: number;
  private readonly open: OpenSlice = {
    first: 0, last: 0, until: MIN_WATERMARK, slice: null, shownBy: null,
  };
  /** Windows show only keys that were put into their last slice: see showHop. */
  private readonly isMarked: boolean;
  private watermark = MIN_WATERMARK;
  /** The watermark on the windows' clock, or the last end that has fired. */
  private progress = MIN_WATERMARK;
  private isRestored = false;
  private lateRows = 0;
  /** Columns of the windows fired in the batch at hand, and their rows. */
  private fired: Column[][] = [];
  private firedCounts: number[] = [];
  private firedRows = 0;

  constructor(
    private readonly node: WindowAggregateNode, private readonly input: readonly RowField[],
    private readonly context: OperatorContext,
  ) {
    this.grid = new WindowGrid(node.window);
    this.isMarked = node.needRetraction && this.grid.isShared && !this.grid.isCumulate;
    this.keys = node.schema.slice(0, node.grouping.length);
    this.timeColumn = node.window.windowEnd ?? node.window.rowtime ?? -1;
    const layout = new KeyLayout(node.grouping.map((column) => input[column]!.type));
    this.slices = new WindowSlices(layout, node.aggregates, input);
    this.stateTables = windowStateTables(this.keys, this.slices.make().aggregates);
  }

  process(batch: Batch, _input: number, output: Output): void {
    const keys = this.node.grouping.map((column) => batch.columns[column]!);
    const runs: WatermarkRun[] = [];
    if (this.grid.isByClock) {
      this.takeByClock(batch, keys, output);
      return;
    }
    let position = 0;
    for (const run of batch.watermarks) {
      position = this.assign(batch, position, run.row);
      this.raise(run.watermark, batch, keys);
      if (runs.at(-1)?.row === this.firedRows) runs.pop();
      runs.push({ row: this.firedRows, watermark: run.watermark });
    }
    this.assign(batch, position, batch.rowCount);
    this.slices.foldAll(batch, keys);
    this.slices.tidyPool();
    this.emit(runs, output);
  }

  /** All rows of a batch come at one time; what has ended by then fires before them. */
  private takeByClock(batch: Batch, keys: readonly Column[], output: Output): void {
    const nowMs = this.context.nowMs();
    this.raise(nowMs - 1, batch, keys);
    const now = this.grid.localTime(Math.max(nowMs, this.watermark + 1));
    if (batch.activeCount > 0) this.sliceAt(this.grid.sliceEnd(now)).pushAll(batch);
    this.slices.foldAll(batch, keys);
    this.slices.tidyPool();
    const last = batch.watermarks.at(-1);
    this.emit(last === undefined ? [] : [{ row: this.firedRows, watermark: last.watermark }],
      output);
  }

  deadlineMs(): number {
    const first = this.slices.ends[0];
    if (!this.grid.isByClock || first === undefined) return Infinity;
    return this.grid.clockAt(this.grid.nextWindowEnd(first, this.progress));
  }

  /** Subtasks without rows know the time too: at another parallelism the earliest counts. */
  prepareBarrier(output: Output): void {
    if (this.grid.isByClock) this.onClock(this.context.nowMs(), output);
  }

  onClock(nowMs: number, output: Output): void {
    this.raise(nowMs - 1, NO_BATCH, []);
    this.emit([], output);
  }

  /** Puts the rows from a position in the selection to physical row `until` into their slices. */
  private assign(batch: Batch, from: number, until: number): number {
    const { selection } = batch;
    const count = batch.activeCount;
    const times = batch.columns[this.timeColumn]!;
    const values = times.values as Int32Array;
    const { open } = this;
    let position = from;
    for (; position < count; position++) {
      const row = selection === null ? position : selection[position]!;
      if (row >= until) break;
      if (times.isNull(row)) fail('MR3004', { column: this.input[this.timeColumn]!.name });
      const read = readI64(values, times.constant ? 0 : row);
      const time = this.grid.isAttached ? read : this.grid.localTime(read);
      if (time < open.first || time >= open.last) this.openSlice(time);
      if (open.slice === null) this.lateRows++;
      else open.slice.push(row);
      if (open.shownBy !== null) open.shownBy.touched.push(row);
    }
    return position;
  }

  /** Where rows of a time go under the watermark now. */
  private openSlice(time: number): void {
    const { grid, open, progress } = this;
    const end = grid.isAttached ? time : grid.sliceEnd(time);
    open.first = grid.isAttached ? end : end - grid.sliceSize;
    open.last = grid.isAttached ? end + 1 : end;
    open.until = hasFired(end, progress) ? MIN_WATERMARK : end - 1;
    if (!hasFired(end, progress)) open.slice = this.sliceAt(end);
    else if (hasFired(grid.lastWindowEnd(end), progress)) open.slice = null;
    else open.slice = this.sliceAt(grid.isCumulate ? grid.firstSliceEnd(end) : end);
    const isPast = this.isMarked && open.slice !== null && hasFired(end, progress);
    open.shownBy = isPast ? this.slices.at(grid.nextWindowEnd(end, progress)) : null;
  }

  private sliceAt(end: number): WindowSlice {
    return this.node.localPhase ? this.slices.localAt(end) : this.slices.at(end);
  }

  /** Whether the local phase hands its sums on when the progress comes there. */
  private endsLocalPhase(progress: number): boolean {
    if (!this.node.localPhase) return false;
    const end = this.slices.firstLocalEnd;
    if (!hasFired(end, progress)) return false;
    const { sliceSize } = this.grid;
    const slicesTo = (time: number): number => Math.floor((time + 1) / sliceSize);
    return !hasFired(end, this.progress) || slicesTo(progress) > slicesTo(this.progress);
  }

  /** The watermark passes: every window that ends before it fires, in the order of the ends. */
  private raise(watermark: number, batch: Batch, keys: readonly Column[]): void {
    if (watermark <= this.watermark) return;
    const { ends } = this.slices;
    const progress = this.grid.progressAt(watermark);
    let folded = this.endsLocalPhase(progress);
    if (folded) {
      this.slices.foldAll(batch, keys);
      this.slices.flushLocal();
    }
    while (ends.length > 0) {
      const end = this.grid.nextWindowEnd(ends[0]!, this.progress);
      if (!hasFired(end, progress)) break;
      if (!folded) this.slices.foldAll(batch, keys);
      folded = true;
      this.fire(end);
      this.progress = Math.max(this.progress, end - 1);
    }
    this.watermark = watermark;
    this.progress = progress;
    if (folded || progress >= this.open.until) this.open.first = this.open.last = 0;
  }

  private fire(end: number): void {
    if (this.grid.isCumulate) {
      this.fireCumulate(end);
    } else if (this.grid.isShared) {
      this.fireHop(end);
    } else {
      this.show(this.slices.find(end)!, end);
      this.slices.drop(end);
    }
  }

  /** What fired before is in the window's first slice; this slice joins it. */
  private fireCumulate(end: number): void {
    const { grid, slices } = this;
    const first = grid.firstSliceEnd(end);
    const slice = slices.find(end);
    if (slice !== undefined && end !== first) {
      const held = slices.find(first);
      if (held === undefined) slices.put(first, slice);
      else slices.merge(held, slice);
      slices.drop(end);
    }
    const held = slices.find(first);
    if (held !== undefined) this.show(held, end);
    if (end === grid.lastWindowEnd(first)) slices.drop(first);
  }

  /** Flink merges the latest slice first; floating sums show it. */
  private fireHop(end: number): void {
    const { grid, slices } = this;
    const parts = slices.ends
      .filter((slice) => slice <= end && slice > end - grid.size)
      .map((slice) => slices.find(slice)!)
      .reverse();
    if (this.isMarked) {
      this.showHop(parts, end);
    } else if (parts.length === 1) {
      this.show(parts[0]!, end);
    } else {
      this.show(this.merged(parts), end);
    }
    while (slices.ends.length > 0 && slices.ends[0]! <= grid.expiredSlice(end)) {
      slices.drop(slices.ends[0]!);
    }
  }

  private merged(parts: readonly WindowSlice[]): WindowSlice {
    const merged = this.slices.make();
    for (const part of parts) this.slices.merge(merged, part);
    return merged;
  }

  /**
   * Where rows may be taken back a key's windows end at the first that is empty, as Flink's do:
   * a window shows the keys of its last slice and hands those that it shows on to the next one.
   */
  private showHop(parts: readonly WindowSlice[], end: number): void {
    const last = this.slices.find(end);
    if (last === undefined) return;
    const merged = this.merged(parts);
    const shown = this.show(merged, end, last.table.size);
    if (shown.length === 0) return;
    this.slices.mark(this.slices.at(end + this.grid.step), merged, shown);
  }

  /** The rows of a window; groups whose rows were all taken back show none. Which were shown. */
  private show(slice: WindowSlice, end: number, count = slice.table.size): Int32Array {
    let groups = Int32Array.from({ length: count }, (_, group) => group);
    if (this.node.needRetraction) groups = groups.filter((group) => slice.rowCounts[group] !== 0);
    if (groups.length === 0) return groups;
    const columns = this.keys.map((field, i) => {
      const column = allocateColumn(field.type, groups.length);
      this.slices.decode(i, slice, groups, column);
      return column;
    });
    columns.push(...slice.aggregates.values(groups));
    for (const property of this.node.properties) {
      const value = property === 'start' ? this.grid.windowStart(end)
        : property === 'end' ? end
        : property === 'rowtime' ? this.grid.instant(end - 1) : this.context.nowMs();
      const column = allocateColumn(this.node.schema[columns.length]!.type, groups.length);
      for (let i = 0; i < groups.length; i++) writeI64(column.values as Int32Array, i, value);
      columns.push(column);
    }
    this.fired.push(columns);
    this.firedCounts.push(groups.length);
    this.firedRows += groups.length;
    return groups;
  }

  private emit(runs: readonly WatermarkRun[], output: Output): void {
    const { fired, firedCounts, firedRows } = this;
    this.fired = [];
    this.firedCounts = [];
    this.firedRows = 0;
    if (firedRows === 0 && runs.length === 0) return;
    const columns = this.node.schema.map((field, i) =>
      firedRows === 0 ? allocateColumn(field.type, 0)
        : concat(fired.map((part) => part[i]!), firedCounts));
    output.emit(new Batch(firedRows, columns, null, null, runs));
  }

  snapshot(table: StateTable): Batch {
    if (this.node.localPhase) {
      this.slices.flushLocal();
      this.open.first = this.open.last = 0;
    }
    return saveWindowState(table, this.keys, this.slices, this.watermark);
  }

  restore(table: StateTable, content: Batch): void {
    const watermark = restoreWindowState(table, this.keys, content, this.slices);
    if (watermark === null) return;
    this.watermark = this.isRestored ? Math.min(this.watermark, watermark) : watermark;
    this.progress = this.grid.progressAt(this.watermark);
    this.isRestored = true;
  }

  stats(): OperatorStats {
    return {
      lateRows: this.lateRows,
      stateRows: this.slices.groupCount,
      stateBytes: this.slices.byteSize,
    };
  }
}

/** The window aggregation of a plan node. */
export function makeWindowAggregate(
  node: WindowAggregateNode, inputs: readonly (readonly RowField[])[], context: OperatorContext,
): Operator {
  return node.window.kind === 'session' && node.window.windowEnd === null
    ? makeSessionAggregate(node, inputs[0]!, context)
    : new WindowAggregate(node, inputs[0]!, context);
}
