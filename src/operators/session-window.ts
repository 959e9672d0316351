/**
 * SESSION as a table function: rows of a partition that lie less than the gap apart share a
 * window. A window is known only when it closes, so rows are kept until then and come out with
 * window_start, window_end and window_time behind their own columns, in the order they came.
 *
 *     a row at t        is the window [t, t + gap); it merges with those that it meets or touches
 *     the watermark     passes the last millisecond of a window: its rows are sent
 *     late              a row that meets no open window and whose own has closed
 *
 * Sessions of the clock: rows come at the time on the clock, which closes windows in the
 * watermark's place. What is open at the end is dropped.
 */
import { Batch, MIN_WATERMARK, type WatermarkRun, watermarkBatch } from '../batch/batch.js';
import { allocateColumn, type Column, readI64, writeI64 } from '../batch/column.js';
import { fail } from '../errors/index.js';
import type { SessionWindowNode } from '../plan/physical/plan.js';
import { KeyLayout } from '../state/key-layout.js';
import { KeyedGroups, ResolvedRows } from '../state/keyed-groups.js';
import { BIGINT, notNull, type RowField, TINYINT } from '../types/data-type.js';
import type { Operator, OperatorContext, OperatorStats, Output, StateTable }
  from './operator.js';
import { rowNumbers } from './row-numbers.js';
import { RowStore } from './row-store.js';
import { TimerQueue } from './timer-queue.js';
import { restoredWatermark, WATERMARK_TABLE, watermarkContent } from './watermark-table.js';
import { WindowGrid } from './window-grid.js';

interface Session {
  readonly group: number;
  start: number;
  /** Exclusive; on the wall clock of the windows. */
  end: number;
  rows: number[];
  isOpen: boolean;
}

interface RestoredRow {
  readonly id: number;
  readonly group: number;
  readonly position: number;
}

const MOST_ROWS = 16 * 1024;

class SessionWindow implements Operator {
  readonly stateTables: readonly StateTable[];
  private readonly grid: WindowGrid;
  private readonly gap: number;
  private readonly groups: KeyedGroups;
  private readonly store: RowStore;
  private readonly resolved = new ResolvedRows();
  private readonly stateOrder: readonly number[];
  /** By group: open windows by their start. */
  private readonly open: Session[][] = [];
  private readonly timers = new TimerQueue();
  private readonly sessions: Session[] = [];
  private readonly freeSessions: number[] = [];
  /** By row id: its kind, its place among those that came, and its time. */
  private kinds = new Uint8Array(64);
  private order = new Float64Array(64);
  private times = new Float64Array(64);
  private nextOrder = 0;
  private watermark = MIN_WATERMARK;
  private progress = MIN_WATERMARK;
  private restoredMark: number | null = null;
  private restored: RestoredRow[] = [];
  private lateRows = 0;
  private sent: number[] = [];
  private starts: number[] = [];
  private ends: number[] = [];
  private runs: WatermarkRun[] = [];

  constructor(
    private readonly node: SessionWindowNode, private readonly input: readonly RowField[],
    private readonly context: OperatorContext,
  ) {
    const { partition, window } = node;
    this.grid = new WindowGrid(window);
    this.gap = window.sizeMs;
    this.groups = new KeyedGroups(new KeyLayout(partition.map((i) => input[i]!.type)));
    this.store = new RowStore(input);
    const rest = input.map((_, i) => i).filter((i) => !partition.includes(i));
    this.stateOrder = [...partition, ...rest];
    const fields = [
      ...this.stateOrder.map((i) => input[i]!), { name: 'row_kind', type: notNull(TINYINT) },
      { name: 'position', type: notNull(BIGINT) }, { name: 'time', type: notNull(BIGINT) },
    ];
    const rows = { name: 'rows', fields, keyCount: partition.length };
    this.stateTables = [rows, WATERMARK_TABLE];
  }

  process(batch: Batch, _input: number, output: Output): void {
    this.settleRestored();
    if (this.grid.isByClock) this.raise(this.context.nowMs() - 1, output);
    const numbers = rowNumbers(batch);
    const { resolved, groups } = this;
    groups.encode(this.node.partition.map((i) => batch.columns[i]!), numbers, numbers.length);
    groups.resolveAdded(numbers, numbers.length, resolved);
    const runs = batch.watermarks;
    let run = 0;
    for (let i = 0; i < resolved.count; i++) {
      const row = resolved.rows[i]!;
      for (; run < runs.length && runs[run]!.row <= row; run++) {
        this.pass(runs[run]!.watermark, output);
      }
      this.takeRow(batch, row, resolved.groups[i]!);
    }
    for (; run < runs.length; run++) this.pass(runs[run]!.watermark, output);
    this.flush(output);
  }

  deadlineMs(): number {
    this.settleRestored();
    if (!this.grid.isByClock || this.timers.size === 0) return Infinity;
    return this.grid.clockAt(this.timers.nextTime + 1);
  }

  onClock(nowMs: number, output: Output): void {
    this.raise(nowMs - 1, output);
    this.flush(output);
  }

  private timeOf(batch: Batch, row: number): number {
    if (this.grid.isByClock) return this.grid.localTime(this.watermark + 1);
    const column = batch.columns[this.node.window.rowtime!]!;
    if (column.isNull(row)) fail('MR3004', { column: 'row time' });
    return this.grid.localTime(readI64(column.values as Int32Array, column.constant ? 0 : row));
  }

  private takeRow(batch: Batch, row: number, group: number): void {
    const time = this.timeOf(batch, row);
    const windows = (this.open[group] ??= []);
    const first = windows.findIndex((one) => this.meets(one, time));
    if (first < 0 && time + this.gap - 1 <= this.progress) {
      this.lateRows++;
      return;
    }
    const id = this.store.add(batch.columns, row);
    this.note(id, batch.rowKinds?.[row] ?? 0, time);
    this.join(windows, first, group, time, id);
  }

  private meets(window: Session, time: number): boolean {
    return window.start <= time + this.gap && window.end >= time;
  }

  private note(id: number, kind: number, time: number): void {
    if (id >= this.kinds.length) {
      const kinds = new Uint8Array(Math.max(id + 1, this.kinds.length * 2));
      kinds.set(this.kinds);
      this.kinds = kinds;
      const order = new Float64Array(kinds.length);
      order.set(this.order);
      this.order = order;
      const times = new Float64Array(kinds.length);
      times.set(this.times);
      this.times = times;
    }
    this.times[id] = time;
    this.kinds[id] = kind;
    this.order[id] = this.nextOrder++;
  }

  /** The row's window merges with all that it meets, from the first of them on. */
  private join(windows: Session[], first: number, group: number, time: number, id: number): void {
    const end = time + this.gap;
    if (first < 0) {
      const session = { group, start: time, end, rows: [id], isOpen: true };
      const at = windows.findIndex((one) => one.start > time);
      windows.splice(at < 0 ? windows.length : at, 0, session);
      this.setTimer(session);
      return;
    }
    const into = windows[first]!;
    const before = into.end;
    let last = first + 1;
    for (; last < windows.length && this.meets(windows[last]!, time); last++) {
      const other = windows[last]!;
      into.rows.push(...other.rows);
      into.end = Math.max(into.end, other.end);
      other.isOpen = false;
    }
    windows.splice(first + 1, last - first - 1);
    into.start = Math.min(into.start, time);
    into.end = Math.max(into.end, end);
    into.rows.push(id);
    if (into.end !== before) this.setTimer(into);
  }

  private setTimer(session: Session): void {
    const place = this.freeSessions.pop() ?? this.sessions.length;
    this.sessions[place] = session;
    this.timers.add(session.end - 1, place);
  }

  /** A watermark goes on; by row time it closes windows. */
  private pass(watermark: number, output: Output): void {
    if (!this.grid.isByClock) this.raise(watermark, output);
    if (this.runs.at(-1)?.row === this.sent.length) this.runs.pop();
    this.runs.push({ row: this.sent.length, watermark });
  }

  private raise(watermark: number, output: Output): void {
    if (watermark > this.watermark) {
      this.watermark = watermark;
      this.progress = this.grid.progressAt(watermark);
    }
    while (this.timers.size > 0 && this.timers.nextTime <= this.progress) {
      const time = this.timers.nextTime;
      const place = this.timers.take();
      const session = this.sessions[place]!;
      this.freeSessions.push(place);
      if (session.isOpen && session.end - 1 === time) this.send(session);
      if (this.sent.length >= MOST_ROWS) this.flush(output);
    }
  }

  private send(session: Session): void {
    session.isOpen = false;
    const windows = this.open[session.group]!;
    windows.splice(windows.indexOf(session), 1);
    session.rows.sort((a, b) => this.order[a]! - this.order[b]!);
    for (const id of session.rows) {
      this.sent.push(id);
      this.starts.push(session.start);
      this.ends.push(session.end);
      this.store.release(id);
    }
  }

  private flush(output: Output): void {
    const { sent, runs } = this;
    if (sent.length > 0 || runs.length > 0) output.emit(this.batchOf(Int32Array.from(sent), runs));
    this.sent = [];
    this.starts = [];
    this.ends = [];
    this.runs = [];
    this.store.settle();
  }

  private batchOf(ids: Int32Array, runs: readonly WatermarkRun[]): Batch {
    if (ids.length === 0) {
      const empty = this.node.schema.map((field) => allocateColumn(field.type, 0));
      return watermarkBatch(empty, runs.at(-1)!.watermark);
    }
    const columns = this.input.map((_, i) => this.store.gather(i, ids));
    columns.push(this.bounds(0, (i) => this.starts[i]!), this.bounds(1, (i) => this.ends[i]!));
    const nowMs = this.context.nowMs();
    columns.push(this.bounds(2, (i) =>
      (this.grid.isByClock ? nowMs : this.grid.instant(this.ends[i]! - 1))));
    const kinds = Uint8Array.from(ids, (id) => this.kinds[id]!);
    return new Batch(ids.length, columns, null, kinds.every((kind) => kind === 0) ? null : kinds,
      runs);
  }

  private bounds(property: number, valueOf: (row: number) => number): Column {
    const { type } = this.node.schema[this.input.length + property]!;
    const column = allocateColumn(type, this.sent.length);
    for (let i = 0; i < this.sent.length; i++) {
      writeI64(column.values as Int32Array, i, valueOf(i));
    }
    return column;
  }

  /** Rows in the order they came. */
  snapshot(table: StateTable): Batch {
    this.settleRestored();
    if (table.name === WATERMARK_TABLE.name) return watermarkContent(this.watermark);
    const all = this.open.flatMap((windows) => windows.flatMap((one) => one.rows));
    const ids = Int32Array.from(all.sort((a, b) => this.order[a]! - this.order[b]!));
    const kind = allocateColumn(notNull(TINYINT), ids.length);
    const position = allocateColumn(notNull(BIGINT), ids.length);
    const time = allocateColumn(notNull(BIGINT), ids.length);
    ids.forEach((id, i) => {
      kind.values[i] = this.kinds[id]!;
      writeI64(position.values as Int32Array, i, i);
      writeI64(time.values as Int32Array, i, this.times[id]!);
    });
    const columns = this.stateOrder.map((column) => this.store.gather(column, ids));
    return new Batch(ids.length, [...columns, kind, position, time]);
  }

  restore(table: StateTable, content: Batch): void {
    if (table.name === WATERMARK_TABLE.name) {
      this.restoredMark = restoredWatermark(content, this.restoredMark);
      this.watermark = this.restoredMark ?? MIN_WATERMARK;
      this.progress = this.grid.progressAt(this.watermark);
      return;
    }
    const columns: Column[] = [];
    this.stateOrder.forEach((column, i) => { columns[column] = content.columns[i]!; });
    const found = this.groups.restore(
      this.node.partition.map((i) => columns[i]!), content.rowCount);
    const [kind, position, time] = content.columns.slice(-3) as [Column, Column, Column];
    for (let row = 0; row < content.rowCount; row++) {
      const id = this.store.add(columns, row);
      const came = readI64(time.values as Int32Array, time.constant ? 0 : row);
      this.note(id, kind.values[kind.constant ? 0 : row]!, came);
      const at = readI64(position.values as Int32Array, position.constant ? 0 : row);
      this.restored.push({ id, group: found[row]!, position: at });
    }
  }

  /** All chunks are there: the windows follow from their rows. */
  private settleRestored(): void {
    if (this.restored.length === 0) return;
    const rows = this.restored.sort((a, b) => a.position - b.position);
    this.restored = [];
    for (const { id, group } of rows) {
      const time = this.times[id]!;
      this.note(id, this.kinds[id]!, time);
      const windows = (this.open[group] ??= []);
      this.join(windows, windows.findIndex((one) => this.meets(one, time)), group, time, id);
    }
  }

  stats(): OperatorStats {
    const stateBytes = this.groups.byteSize + this.store.byteSize;
    return { lateRows: this.lateRows, stateRows: this.store.count, stateBytes };
  }
}

/** The session windows of a plan node. */
export function makeSessionWindow(
  node: SessionWindowNode, inputs: readonly (readonly RowField[])[], context: OperatorContext,
): Operator {
  return new SessionWindow(node, inputs[0]!, context);
}
