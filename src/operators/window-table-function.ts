/**
 * TUMBLE, HOP and CUMULATE as a table function: each row once a window it belongs to, with
 * window_start, window_end and window_time behind its own columns. A row without a row time
 * belongs to no window and is dropped; windows of the clock are those of the time at which a batch
 * comes. A late row is not late here: windows are only named.
 */
import { Batch, type WatermarkRun, watermarkBatch } from '../batch/batch.js';
import { allocateColumn, type Column, readI64, writeI64 } from '../batch/column.js';
import { take } from '../batch/take.js';
import type { WindowTableFunctionNode } from '../plan/physical/plan.js';
import type { RowField } from '../types/data-type.js';
import type { Operator, OperatorContext, Output } from './operator.js';
import { rowNumbers } from './row-numbers.js';
import { WindowGrid } from './window-grid.js';

class WindowTableFunction implements Operator {
  readonly stateTables = [];
  private count = 0;
  private rows = new Int32Array(4096);
  private starts = new Float64Array(4096);
  private ends = new Float64Array(4096);

  private readonly grid: WindowGrid;

  constructor(
    private readonly node: WindowTableFunctionNode, private readonly context: OperatorContext,
  ) {
    this.grid = new WindowGrid(node.window);
  }

  process(batch: Batch, _input: number, output: Output): void {
    this.assign(batch);
    if (this.count === 0) {
      const last = batch.watermarks.at(-1);
      const empty = this.node.schema.map((field) => allocateColumn(field.type, 0));
      if (last !== undefined) output.emit(watermarkBatch(empty, last.watermark));
      return;
    }
    const rows = this.rows.slice(0, this.count);
    const columns = batch.columns.map((column) => take(column, rows));
    const [start, end, time] = this.node.schema.slice(-3) as [RowField, RowField, RowField];
    columns.push(this.times(start, this.starts), this.times(end, this.ends));
    columns.push(this.windowTimes(time));
    const kinds = batch.rowKinds;
    const rowKinds = kinds === null ? null : Uint8Array.from(rows, (row) => kinds[row]!);
    output.emit(new Batch(this.count, columns, null, rowKinds, this.moved(batch.watermarks)));
  }

  private assign(batch: Batch): void {
    this.count = 0;
    if (this.grid.isByClock) {
      const now = this.grid.localTime(this.context.nowMs());
      for (const row of rowNumbers(batch)) this.assignRow(row, now);
      return;
    }
    const time = batch.columns[this.node.window.rowtime!]!;
    for (const row of rowNumbers(batch)) {
      if (time.isNull(row)) continue;
      const instant = readI64(time.values as Int32Array, time.constant ? 0 : row);
      this.assignRow(row, this.grid.localTime(instant));
    }
  }

  /** In Flink's order: HOP from the latest window to the earliest, CUMULATE from the shortest. */
  private assignRow(row: number, time: number): void {
    const { kind, sizeMs, slideMs, offsetMs } = this.node.window;
    if (kind === 'cumulate') {
      const start = startOf(time, sizeMs, offsetMs);
      let end = startOf(time, slideMs, offsetMs) + slideMs;
      for (; end <= start + sizeMs; end += slideMs) this.add(row, start, end);
      return;
    }
    const step = kind === 'tumble' ? sizeMs : slideMs;
    let start = startOf(time, step, offsetMs);
    for (; start > time - sizeMs; start -= step) this.add(row, start, start + sizeMs);
  }

  private add(row: number, start: number, end: number): void {
    if (this.count === this.rows.length) this.grow();
    this.rows[this.count] = row;
    this.starts[this.count] = start;
    this.ends[this.count] = end;
    this.count++;
  }

  private grow(): void {
    const capacity = this.rows.length * 2;
    const rows = new Int32Array(capacity);
    rows.set(this.rows);
    const starts = new Float64Array(capacity);
    starts.set(this.starts);
    const ends = new Float64Array(capacity);
    ends.set(this.ends);
    this.rows = rows;
    this.starts = starts;
    this.ends = ends;
  }

  /** Bounds, on the wall clock. */
  private times(field: RowField, from: Float64Array): Column {
    const column = allocateColumn(field.type, this.count);
    const values = column.values as Int32Array;
    for (let i = 0; i < this.count; i++) writeI64(values, i, from[i]!);
    return column;
  }

  /** The instant of each window's last millisecond; of windows of the clock, now. */
  private windowTimes(field: RowField): Column {
    const column = allocateColumn(field.type, this.count);
    const values = column.values as Int32Array;
    const { isByClock } = this.grid;
    const nowMs = this.context.nowMs();
    for (let i = 0; i < this.count; i++) {
      writeI64(values, i, isByClock ? nowMs : this.grid.instant(this.ends[i]! - 1));
    }
    return column;
  }

  /** Runs stand before the first row that comes of the rows they stood before. */
  private moved(runs: readonly WatermarkRun[]): readonly WatermarkRun[] {
    const moved: WatermarkRun[] = [];
    let at = 0;
    for (const run of runs) {
      while (at < this.count && this.rows[at]! < run.row) at++;
      if (moved.at(-1)?.row === at) moved.pop();
      moved.push({ row: at, watermark: run.watermark });
    }
    return moved;
  }
}

/** Start of the interval of `length` that holds a time. */
function startOf(time: number, length: number, offset: number): number {
  const rest = (time - offset) % length;
  return time - (rest < 0 ? rest + length : rest);
}

/** The window function of a plan node. */
export function makeWindowTableFunction(
  node: WindowTableFunctionNode, _inputs: readonly (readonly RowField[])[],
  context: OperatorContext,
): Operator {
  return new WindowTableFunction(node, context);
}
