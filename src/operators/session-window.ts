/**
 * SESSION as a table function: rows of a partition that lie less than the gap apart share a window
 * (open-sessions.ts). A window is known only when it closes, so rows are kept until then and come
 * out with window_start, window_end and window_time behind their own columns, in the order they
 * came.
 */
import { Batch, type WatermarkRun, watermarkBatch } from '../batch/batch.js';
import { allocateColumn, type Column, readI64, writeI64 } from '../batch/column.js';
import type { SessionWindowNode } from '../plan/physical/plan.js';
import { KeyLayout } from '../state/key-layout.js';
import { KeyedGroups, ResolvedRows } from '../state/keyed-groups.js';
import { BIGINT, notNull, type RowField, TINYINT } from '../types/data-type.js';
import type { Operator, OperatorContext, OperatorStats, Output, StateTable }
  from './operator.js';
import { OpenSessions } from './open-sessions.js';
import { rowNumbers } from './row-numbers.js';
import { RowStore } from './row-store.js';
import { WATERMARK_TABLE } from './watermark-table.js';

interface RestoredRow {
  readonly id: number;
  readonly group: number;
  readonly position: number;
}

const MOST_ROWS = 16 * 1024;

class SessionWindow implements Operator {
  readonly stateTables: readonly StateTable[];
  private readonly sessions: OpenSessions;
  /** By place: the rows of a session. */
  private readonly rows: number[][] = [];
  private readonly groups: KeyedGroups;
  private readonly store: RowStore;
  private readonly resolved = new ResolvedRows();
  private readonly stateOrder: readonly number[];
  /** By row id: its kind, its place among those that came, and its time. */
  private kinds = new Uint8Array(64);
  private order = new Float64Array(64);
  private times = new Float64Array(64);
  private nextOrder = 0;
  private restored: RestoredRow[] = [];
  private sent: number[] = [];
  private starts: number[] = [];
  private ends: number[] = [];
  private runs: WatermarkRun[] = [];

  constructor(
    private readonly node: SessionWindowNode, private readonly input: readonly RowField[],
    private readonly context: OperatorContext,
  ) {
    const { partition, window } = node;
    this.sessions = new OpenSessions(window);
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
    if (this.sessions.grid.isByClock) this.raise(this.context.nowMs() - 1, output);
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
    return this.sessions.deadlineMs();
  }

  onClock(nowMs: number, output: Output): void {
    this.raise(nowMs - 1, output);
    this.flush(output);
  }

  private takeRow(batch: Batch, row: number, group: number): void {
    const time = this.sessions.timeOf(batch, row);
    const place = this.sessions.take(group, time, this.merge);
    if (place < 0) return;
    const id = this.store.add(batch.columns, row);
    this.note(id, batch.rowKinds?.[row] ?? 0, time);
    (this.rows[place] ??= []).push(id);
  }

  private readonly merge = (into: number, other: number): void => {
    this.rows[into]!.push(...this.rowsTaken(other));
  };

  /** The rows of a session that is no more. */
  private rowsTaken(place: number): number[] {
    const rows = this.rows[place]!;
    this.rows[place] = [];
    this.sessions.release(place);
    return rows;
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

  /** A watermark goes on; by row time it closes windows. */
  private pass(watermark: number, output: Output): void {
    if (!this.sessions.grid.isByClock) this.raise(watermark, output);
    if (this.runs.at(-1)?.row === this.sent.length) this.runs.pop();
    this.runs.push({ row: this.sent.length, watermark });
  }

  private raise(watermark: number, output: Output): void {
    const { sessions } = this;
    sessions.raise(watermark);
    for (let place = sessions.nextClosed(); place >= 0; place = sessions.nextClosed()) {
      this.send(place);
      if (this.sent.length >= MOST_ROWS) this.flush(output);
    }
  }

  private send(place: number): void {
    const start = this.sessions.startOf(place);
    const end = this.sessions.endOf(place);
    for (const id of this.inOrder(this.rowsTaken(place))) {
      this.sent.push(id);
      this.starts.push(start);
      this.ends.push(end);
      this.store.release(id);
    }
  }

  /** In the order they came. */
  private inOrder(ids: number[]): number[] {
    return ids.sort((a, b) => this.order[a]! - this.order[b]!);
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
    const { grid } = this.sessions;
    columns.push(this.bounds(2, (i) =>
      (grid.isByClock ? nowMs : grid.instant(this.ends[i]! - 1))));
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
    if (table.name === WATERMARK_TABLE.name) return this.sessions.snapshotWatermark();
    const places = this.sessions.openPlaces();
    const ids = Int32Array.from(
      this.inOrder(Array.from(places).flatMap((place) => this.rows[place]!)));
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
      this.sessions.restoreWatermark(content);
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
      const place = this.sessions.join(group, time, this.merge);
      (this.rows[place] ??= []).push(id);
    }
  }

  stats(): OperatorStats {
    const stateBytes = this.groups.byteSize + this.store.byteSize;
    return { lateRows: this.sessions.lateRows, stateRows: this.store.count, stateBytes };
  }
}

/** The session windows of a plan node. */
export function makeSessionWindow(
  node: SessionWindowNode, inputs: readonly (readonly RowField[])[], context: OperatorContext,
): Operator {
  return new SessionWindow(node, inputs[0]!, context);
}
