/**
 * Aggregates over sessions of the grouping keys (open-sessions.ts): a session keeps what its
 * aggregates hold, not its rows, and what two sessions hold is merged where a row joins them.
 */
import { Batch, type WatermarkRun, watermarkBatch } from '../batch/batch.js';
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
import { OpenSessions } from './open-sessions.js';
import { rowNumbers } from './row-numbers.js';
import { WATERMARK_TABLE } from './watermark-table.js';

const NUMBER = notNull(BIGINT);
const MOST_ROWS = 16 * 1024;
const MOST_DEAD = 1024;
const NO_BATCH = new Batch(0, []);

class SessionAggregate implements Operator {
  readonly stateTables: readonly StateTable[];
  /** A session's place is its group in the aggregates. */
  private readonly sessions: OpenSessions;
  private readonly keys: readonly RowField[];
  private readonly groups: KeyedGroups;
  private readonly aggregates: AggregateSet;
  private readonly resolved = new ResolvedRows();
  /** By place: rows that came less those taken back. */
  private rowCounts: number[] = [];
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
    this.sessions = new OpenSessions(node.window);
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
    if (this.sessions.grid.isByClock) this.raise(this.context.nowMs() - 1, output);
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
    return this.sessions.deadlineMs();
  }

  onClock(nowMs: number, output: Output): void {
    this.raise(nowMs - 1, output);
    this.flush(output);
    this.compact();
  }

  private takeRow(row: number, group: number): void {
    const time = this.sessions.timeOf(this.batch, row);
    const place = this.sessions.take(group, time, this.merge);
    if (place < 0) return;
    const kinds = this.batch.rowKinds;
    const change = kinds !== null && takesBack(kinds[row]!) ? -1 : 1;
    this.rowCounts[place] = (this.rowCounts[place] ?? 0) + change;
    this.rows.push(row);
    this.places.push(place);
  }

  private readonly merge = (into: number, other: number): void => {
    this.fold();
    this.aggregates.resize(this.sessions.placeCount);
    this.aggregates.mergeGroup(into, other);
    this.rowCounts[into] = (this.rowCounts[into] ?? 0) + (this.rowCounts[other] ?? 0);
  };

  /** The aggregates take what has come. */
  private fold(): void {
    const count = this.rows.length;
    if (count === 0) return;
    const rows = Int32Array.from(this.rows);
    const kinds = this.batch.rowKinds;
    this.aggregates.resize(this.sessions.placeCount);
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
    if (!this.sessions.grid.isByClock) this.raise(watermark, output);
    if (this.runs.at(-1)?.row === this.sent.length) this.runs.pop();
    this.runs.push({ row: this.sent.length, watermark });
  }

  /** Sessions whose rows were all taken back show none. */
  private raise(watermark: number, output: Output): void {
    const { sessions } = this;
    sessions.raise(watermark);
    for (let place = sessions.nextClosed(); place >= 0; place = sessions.nextClosed()) {
      if (!this.node.needRetraction || this.rowCounts[place] !== 0) this.sent.push(place);
      if (this.sent.length >= MOST_ROWS) this.flush(output);
    }
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
    const { sessions } = this;
    for (const property of this.node.properties) {
      columns.push(this.numbers(places, (place) => (property === 'start' ? sessions.startOf(place)
        : property === 'end' ? sessions.endOf(place)
        : property === 'rowtime' ? sessions.grid.instant(sessions.endOf(place) - 1)
        : nowMs), columns.length));
    }
    return new Batch(places.length, columns, null, null, runs);
  }

  private keyColumns(places: Int32Array): Column[] {
    const groups = places.map((place) => this.sessions.groupOf(place));
    return this.keys.map((field, i) => {
      const column = allocateColumn(field.type, places.length);
      this.groups.decode(i, groups, column);
      return column;
    });
  }

  /** A number of each session; of the type of a column of the output, or BIGINT. */
  private numbers(
    places: Int32Array, valueOf: (place: number) => number, index?: number,
  ): Column {
    const type = index === undefined ? NUMBER : this.node.schema[index]!.type;
    const column = allocateColumn(type, places.length);
    places.forEach((place, i) => writeI64(column.values as Int32Array, i, valueOf(place)));
    return column;
  }

  /** Drops closed sessions, and keys without a session, once they outweigh the others. */
  private compact(): void {
    const { placeCount, openCount } = this.sessions;
    const closedCount = placeCount - openCount;
    if (closedCount <= MOST_DEAD || closedCount <= openCount) return;
    const kept = this.sessions.openPlaces();
    const newPlaces = new Int32Array(placeCount).fill(-1);
    kept.forEach((place, i) => { newPlaces[place] = i; });
    this.aggregates.resize(placeCount);
    this.aggregates.keep(kept, newPlaces);
    this.rowCounts = Array.from(kept, (place) => this.rowCounts[place] ?? 0);
    for (let group = 0; group < this.groups.size; group++) {
      if (!this.sessions.hasOpen(group)) this.groups.kill(group);
    }
    const { kept: groups, newIds } = this.groups.compact();
    this.sessions.compact(kept, groups, newIds);
  }

  private starts(places: Int32Array): Column {
    return this.numbers(places, (place) => this.sessions.startOf(place));
  }

  snapshot(table: StateTable): Batch {
    if (table.name === WATERMARK_TABLE.name) return this.sessions.snapshotWatermark();
    this.aggregates.resize(this.sessions.placeCount);
    if (table.name !== 'sessions') return this.snapshotCounted(table);
    const places = this.sessions.openPlaces();
    return new Batch(places.length, [
      ...this.keyColumns(places), this.starts(places),
      this.numbers(places, (place) => this.sessions.endOf(place)),
      this.numbers(places, (place) => this.rowCounts[place] ?? 0),
      ...this.aggregates.save(places),
    ]);
  }

  private snapshotCounted(table: StateTable): Batch {
    const { groups, values, counts } = this.counted(table).save();
    const rows = Int32Array.from(groups.keys()).filter((i) => this.sessions.isOpen(groups[i]!));
    const places = rows.map((i) => groups[i]!);
    return new Batch(rows.length, [
      ...this.keyColumns(places), this.starts(places), take(values, rows), take(counts, rows),
    ]);
  }

  private counted(table: StateTable): ReturnType<AggregateSet['countedTables']>[number] {
    const found = this.aggregates.countedTables().find(({ name }) => name === table.name);
    return found ?? fail('MR5002', { detail: `no table ${table.name}` });
  }

  restore(table: StateTable, content: Batch): void {
    if (table.name === WATERMARK_TABLE.name) {
      this.sessions.restoreWatermark(content);
      return;
    }
    const { columns, rowCount } = content;
    const keyCount = this.keys.length;
    const found = this.groups.restore(columns.slice(0, keyCount), rowCount);
    const [starts, ...rest] = columns.slice(keyCount) as [Column, ...Column[]];
    const places = Int32Array.from({ length: rowCount }, (_, row) =>
      this.sessions.restoredPlace(found[row]!, numberAt(starts, row)));
    this.aggregates.resize(this.sessions.placeCount);
    if (table.name !== 'sessions') {
      this.counted(table).restore({ groups: places, values: rest[0]!, counts: rest[1]! });
      return;
    }
    places.forEach((place, row) => {
      this.sessions.restoreEnd(place, numberAt(rest[0]!, row));
      this.rowCounts[place] = numberAt(rest[1]!, row);
    });
    this.aggregates.restore(rest.slice(2), places);
  }

  stats(): OperatorStats {
    return {
      lateRows: this.sessions.lateRows,
      stateRows: this.sessions.openCount + this.aggregates.countedRows,
      stateBytes: this.groups.byteSize + this.aggregates.byteSize + this.sessions.placeCount * 40,
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
