/**
 * Aggregates over sessions of the grouping keys: a session keeps what its aggregates hold, not its
 * rows, and what two sessions hold is merged where a row joins them.
 *
 *     a row at t        is the window [t, t + gap); it merges with those that it meets or touches
 *     the watermark     passes the last millisecond of a session: its row is sent
 *     late              a row that meets no open session and whose own has closed
 *
 * Sessions of the clock: rows come at the time on the clock, which closes sessions in the
 * watermark's place. What is open at the end is dropped.
 */
import { Batch, MIN_WATERMARK, type WatermarkRun, watermarkBatch } from '../batch/batch.js';
import { allocateColumn, type Column, readI64, writeI64 } from '../batch/column.js';
import { take } from '../batch/take.js';
import { fail } from '../errors/index.js';
import type { WindowAggregateNode } from '../plan/physical/plan.js';
import { KeyLayout } from '../state/key-layout.js';
import { KeyedGroups, ResolvedRows, takesBack } from '../state/keyed-groups.js';
import { BIGINT, notNull, type RowField } from '../types/data-type.js';
import { AggregateSet } from './aggregates/aggregate-set.js';
import type { Operator, OperatorContext, OperatorStats, Output, StateTable }
  from './operator.js';
import { rowNumbers } from './row-numbers.js';
import { TimerQueue } from './timer-queue.js';
import { restoredWatermark, WATERMARK_TABLE, watermarkContent } from './watermark-table.js';
import { WindowGrid } from './window-grid.js';

/** Its place is its group in the aggregates. */
interface Session {
  group: number;
  start: number;
  /** Exclusive; on the wall clock of the windows. */
  end: number;
  rowCount: number;
  isOpen: boolean;
}

const NUMBER = notNull(BIGINT);
const MOST_ROWS = 16 * 1024;
const MOST_DEAD = 1024;
const NO_BATCH = new Batch(0, []);

class SessionAggregate implements Operator {
  readonly stateTables: readonly StateTable[];
  private readonly grid: WindowGrid;
  private readonly keys: readonly RowField[];
  private readonly groups: KeyedGroups;
  private readonly aggregates: AggregateSet;
  private readonly resolved = new ResolvedRows();
  /** By group: places of its open sessions by their start. */
  private open: number[][] = [];
  private sessions: Session[] = [];
  private closedCount = 0;
  private timers = new TimerQueue();
  private watermark = MIN_WATERMARK;
  private progress = MIN_WATERMARK;
  private restoredMark: number | null = null;
  private lateRows = 0;
  /** Rows of the batch at hand that no aggregate has taken yet, and their sessions. */
  private batch = NO_BATCH;
  private rows: number[] = [];
  private places: number[] = [];
  /** Sessions that have closed since the last flush. */
  private sent: number[] = [];
  private runs: WatermarkRun[] = [];

  constructor(
    private readonly node: WindowAggregateNode, input: readonly RowField[],
    private readonly context: OperatorContext,
  ) {
    this.grid = new WindowGrid(node.window);
    this.keys = node.schema.slice(0, node.grouping.length);
    this.groups = new KeyedGroups(new KeyLayout(node.grouping.map((i) => input[i]!.type)));
    this.aggregates = new AggregateSet(node.aggregates, input);
    this.stateTables = this.tables();
  }

  private tables(): StateTable[] {
    const head = [...this.keys, { name: 'session_start', type: NUMBER }];
    const keyCount = this.keys.length;
    const counted = this.aggregates.countedTables().map(({ name, valueType }): StateTable => ({
      name, keyCount,
      fields: [...head, { name: 'value', type: valueType }, { name: 'count', type: NUMBER }],
    }));
    const sessions = {
      name: 'sessions', keyCount,
      fields: [
        ...head, { name: 'session_end', type: NUMBER }, { name: 'row_count', type: NUMBER },
        ...this.aggregates.stateFields(),
      ],
    };
    return [sessions, ...counted, WATERMARK_TABLE];
  }

  process(batch: Batch, _input: number, output: Output): void {
    this.batch = batch;
    if (this.grid.isByClock) this.raise(this.context.nowMs() - 1, output);
    const numbers = rowNumbers(batch);
    const { resolved, groups } = this;
    groups.encode(this.node.grouping.map((i) => batch.columns[i]!), numbers, numbers.length);
    groups.resolveAdded(numbers, numbers.length, resolved);
    const runs = batch.watermarks;
    let run = 0;
    for (let i = 0; i < resolved.count; i++) {
      const row = resolved.rows[i]!;
      for (; run < runs.length && runs[run]!.row <= row; run++) {
        this.pass(runs[run]!.watermark, output);
      }
      this.takeRow(row, resolved.groups[i]!);
    }
    for (; run < runs.length; run++) this.pass(runs[run]!.watermark, output);
    this.fold();
    this.batch = NO_BATCH;
    this.flush(output);
    this.compact();
  }

  deadlineMs(): number {
    if (!this.grid.isByClock || this.timers.size === 0) return Infinity;
    return this.grid.clockAt(this.timers.nextTime + 1);
  }

  onClock(nowMs: number, output: Output): void {
    this.raise(nowMs - 1, output);
    this.flush(output);
    this.compact();
  }

  private timeOf(row: number): number {
    if (this.grid.isByClock) return this.grid.localTime(this.watermark + 1);
    const column = this.batch.columns[this.node.window.rowtime!]!;
    if (column.isNull(row)) fail('MR3004', { column: 'row time' });
    return this.grid.localTime(readI64(column.values as Int32Array, column.constant ? 0 : row));
  }

  private takeRow(row: number, group: number): void {
    const time = this.timeOf(row);
    const places = (this.open[group] ??= []);
    const first = places.findIndex((place) => this.meets(this.sessions[place]!, time));
    if (first < 0 && time + this.grid.size - 1 <= this.progress) {
      this.lateRows++;
      return;
    }
    const place = first < 0 ? this.begin(group, time) : this.join(places, first, time);
    const kinds = this.batch.rowKinds;
    this.sessions[place]!.rowCount += kinds !== null && takesBack(kinds[row]!) ? -1 : 1;
    this.rows.push(row);
    this.places.push(place);
  }

  private meets({ start, end }: Session, time: number): boolean {
    return start <= time + this.grid.size && end >= time;
  }

  private begin(group: number, start: number): number {
    const session = { group, start, end: start + this.grid.size, rowCount: 0, isOpen: true };
    const place = this.sessions.push(session) - 1;
    const places = (this.open[group] ??= []);
    const at = places.findIndex((one) => this.sessions[one]!.start > start);
    places.splice(at < 0 ? places.length : at, 0, place);
    this.timers.add(session.end - 1, place);
    return place;
  }

  /** The row's window merges with all that it meets, from the first of them on. */
  private join(places: number[], first: number, time: number): number {
    const place = places[first]!;
    const into = this.sessions[place]!;
    const before = into.end;
    let last = first + 1;
    for (; last < places.length && this.meets(this.sessions[places[last]!]!, time); last++) {
      this.merge(place, places[last]!);
    }
    places.splice(first + 1, last - first - 1);
    into.start = Math.min(into.start, time);
    into.end = Math.max(into.end, time + this.grid.size);
    if (into.end !== before) this.timers.add(into.end - 1, place);
    return place;
  }

  private merge(place: number, otherPlace: number): void {
    this.fold();
    const into = this.sessions[place]!;
    const other = this.sessions[otherPlace]!;
    this.aggregates.mergeGroup(place, otherPlace);
    into.end = Math.max(into.end, other.end);
    into.rowCount += other.rowCount;
    this.markClosed(other);
  }

  private markClosed(session: Session): void {
    session.isOpen = false;
    this.closedCount++;
  }

  /** The aggregates take what has come. */
  private fold(): void {
    const count = this.rows.length;
    if (count === 0) return;
    const rows = Int32Array.from(this.rows);
    const kinds = this.batch.rowKinds;
    this.aggregates.resize(this.sessions.length);
    this.aggregates.update(this.batch, {
      count, rows, groups: Int32Array.from(this.places),
      retract: kinds === null ? null
        : Uint8Array.from(rows, (row) => (takesBack(kinds[row]!) ? 1 : 0)),
    });
    this.rows = [];
    this.places = [];
  }

  /** A watermark goes on; by row time it closes sessions. */
  private pass(watermark: number, output: Output): void {
    if (!this.grid.isByClock) this.raise(watermark, output);
    if (this.runs.at(-1)?.row === this.sent.length) this.runs.pop();
    this.runs.push({ row: this.sent.length, watermark });
  }

  /** A timer whose session has grown or gone since finds nothing that ends at its time. */
  private raise(watermark: number, output: Output): void {
    if (watermark > this.watermark) {
      this.watermark = watermark;
      this.progress = this.grid.progressAt(watermark);
    }
    while (this.timers.size > 0 && this.timers.nextTime <= this.progress) {
      const time = this.timers.nextTime;
      const place = this.timers.take();
      const session = this.sessions[place]!;
      if (session.isOpen && session.end - 1 === time) this.send(session, place);
      if (this.sent.length >= MOST_ROWS) this.flush(output);
    }
  }

  /** Sessions whose rows were all taken back show none. */
  private send(session: Session, place: number): void {
    this.markClosed(session);
    const places = this.open[session.group]!;
    places.splice(places.indexOf(place), 1);
    if (!this.node.needRetraction || session.rowCount !== 0) this.sent.push(place);
  }

  private flush(output: Output): void {
    const { sent, runs } = this;
    if (sent.length === 0 && runs.length === 0) return;
    this.fold();
    output.emit(sent.length > 0 ? this.batchOf(Int32Array.from(sent), runs)
      : watermarkBatch(this.node.schema.map(({ type }) => allocateColumn(type, 0)),
        runs.at(-1)!.watermark));
    this.sent = [];
    this.runs = [];
  }

  private batchOf(places: Int32Array, runs: readonly WatermarkRun[]): Batch {
    const columns = this.keyColumns(places);
    columns.push(...this.aggregates.values(places));
    const nowMs = this.context.nowMs();
    for (const property of this.node.properties) {
      columns.push(this.numbers(places, ({ start, end }) => (property === 'start' ? start
        : property === 'end' ? end
        : property === 'rowtime' ? this.grid.instant(end - 1) : nowMs), columns.length));
    }
    return new Batch(places.length, columns, null, null, runs);
  }

  private keyColumns(places: Int32Array): Column[] {
    const groups = places.map((place) => this.sessions[place]!.group);
    return this.keys.map((field, i) => {
      const column = allocateColumn(field.type, places.length);
      this.groups.decode(i, groups, column);
      return column;
    });
  }

  /** A number of each session; of the type of a column of the output, or BIGINT. */
  private numbers(
    places: Int32Array, valueOf: (session: Session) => number, index?: number,
  ): Column {
    const type = index === undefined ? NUMBER : this.node.schema[index]!.type;
    const column = allocateColumn(type, places.length);
    places.forEach((place, i) =>
      writeI64(column.values as Int32Array, i, valueOf(this.sessions[place]!)));
    return column;
  }

  /** Drops closed sessions, and keys without a session, once they outweigh the others. */
  private compact(): void {
    const count = this.sessions.length;
    if (this.closedCount <= MOST_DEAD || this.closedCount <= count / 2) return;
    const kept = this.openPlaces();
    const newPlaces = new Int32Array(count).fill(-1);
    kept.forEach((place, i) => { newPlaces[place] = i; });
    this.aggregates.resize(count);
    this.aggregates.keep(kept, newPlaces);
    this.sessions = Array.from(kept, (place) => this.sessions[place]!);
    this.closedCount = 0;
    for (let group = 0; group < this.groups.size; group++) {
      if ((this.open[group]?.length ?? 0) === 0) this.groups.kill(group);
    }
    const { kept: groups, newIds } = this.groups.compact();
    this.open = Array.from(groups, (group) =>
      this.open[group]!.map((place) => newPlaces[place]!));
    this.timers = new TimerQueue();
    this.sessions.forEach((session, place) => {
      session.group = newIds[session.group]!;
      this.timers.add(session.end - 1, place);
    });
  }

  private openPlaces(): Int32Array {
    return Int32Array.from(this.sessions.keys()).filter((place) => this.sessions[place]!.isOpen);
  }

  snapshot(table: StateTable): Batch {
    if (table.name === WATERMARK_TABLE.name) return watermarkContent(this.watermark);
    this.aggregates.resize(this.sessions.length);
    if (table.name !== 'sessions') return this.snapshotCounted(table);
    const places = this.openPlaces();
    return new Batch(places.length, [
      ...this.keyColumns(places), this.numbers(places, ({ start }) => start),
      this.numbers(places, ({ end }) => end), this.numbers(places, ({ rowCount }) => rowCount),
      ...this.aggregates.save(places),
    ]);
  }

  private snapshotCounted(table: StateTable): Batch {
    const { groups, values, counts } = this.counted(table).save();
    const rows = Int32Array.from(groups.keys()).filter((i) => this.sessions[groups[i]!]!.isOpen);
    const places = rows.map((i) => groups[i]!);
    return new Batch(rows.length, [
      ...this.keyColumns(places), this.numbers(places, ({ start }) => start), take(values, rows),
      take(counts, rows),
    ]);
  }

  private counted(table: StateTable): ReturnType<AggregateSet['countedTables']>[number] {
    const found = this.aggregates.countedTables().find(({ name }) => name === table.name);
    return found ?? fail('MR5002', { detail: `no table ${table.name}` });
  }

  restore(table: StateTable, content: Batch): void {
    if (table.name === WATERMARK_TABLE.name) {
      this.restoredMark = restoredWatermark(content, this.restoredMark);
      this.watermark = this.restoredMark ?? MIN_WATERMARK;
      this.progress = this.grid.progressAt(this.watermark);
      return;
    }
    const { columns, rowCount } = content;
    const keyCount = this.keys.length;
    const found = this.groups.restore(columns.slice(0, keyCount), rowCount);
    const [starts, ...rest] = columns.slice(keyCount) as [Column, ...Column[]];
    const places = Int32Array.from({ length: rowCount }, (_, row) =>
      this.restoredPlace(found[row]!, numberAt(starts, row)));
    this.aggregates.resize(this.sessions.length);
    if (table.name !== 'sessions') {
      this.counted(table).restore({ groups: places, values: rest[0]!, counts: rest[1]! });
      return;
    }
    places.forEach((place, row) => {
      const session = this.sessions[place]!;
      session.end = numberAt(rest[0]!, row);
      session.rowCount = numberAt(rest[1]!, row);
      this.timers.add(session.end - 1, place);
    });
    this.aggregates.restore(rest.slice(2), places);
  }

  private restoredPlace(group: number, start: number): number {
    const known = this.open[group]?.find((place) => this.sessions[place]!.start === start);
    return known ?? this.begin(group, start);
  }

  stats(): OperatorStats {
    return {
      lateRows: this.lateRows,
      stateRows: this.sessions.length - this.closedCount + this.aggregates.countedRows,
      stateBytes: this.groups.byteSize + this.aggregates.byteSize + this.sessions.length * 40,
    };
  }
}

const numberAt = (column: Column, row: number): number =>
  readI64(column.values as Int32Array, column.constant ? 0 : row);

/** The aggregates over sessions of a plan node. */
export function makeSessionAggregate(
  node: WindowAggregateNode, input: readonly RowField[], context: OperatorContext,
): Operator {
  return new SessionAggregate(node, input, context);
}
