/**
 * What OVER aggregates do with a batch, put down step by step and computed at once: events (a row
 * comes into a group's aggregates or leaves them) and the rows sent, each with the event after
 * which it shows the aggregates.
 */
import { Batch, type RowKind, type WatermarkRun, watermarkBatch } from '../batch/batch.js';
import { allocateColumn, type Column } from '../batch/column.js';
import { concat, take } from '../batch/take.js';
import { columnOf, type Value } from '../batch/values.js';
import type { AggregateCall } from '../plan/physical/plan.js';
import type { RowField } from '../types/data-type.js';
import { differs } from './aggregates/aggregate.js';
import type { AggregateSet } from './aggregates/aggregate-set.js';
import type { Output } from './operator.js';
import type { RowStore } from './row-store.js';

const MOST_ROWS = 16 * 1024;
/** No row stands where a pick looks. */
export const NO_ROW = -1;

/**
 * A call whose value is that of one row: of the row that is picked; where there is none the shown
 * row's in `absentColumn`, or the constant `absent`.
 */
export interface PickCall {
  /** Place among the calls. */
  readonly index: number;
  readonly argument: number;
  readonly absent: Value;
  readonly absentColumn: number | null;
}

export class OverStage {
  private events = new Int32Array(256);
  private eventGroups = new Int32Array(256);
  private retract = new Uint8Array(256);
  private eventCount = 0;
  private rows = new Int32Array(256);
  private slots = new Int32Array(256);
  /** A row is sent only if its aggregates differ from those after this event; -1: in any case. */
  private partners = new Int32Array(256);
  private kinds = new Uint8Array(256);
  private rowCount = 0;
  private picked: number[][];
  private runs: WatermarkRun[] = [];
  private readonly folded: readonly number[];
  private readonly used: readonly number[];
  private readonly emptyColumns: readonly Column[];

  /** `picks` are those of the calls that are not folded by an AggregateSet. */
  constructor(
    private readonly schema: readonly RowField[], private readonly input: readonly RowField[],
    calls: readonly AggregateCall[], private readonly picks: readonly PickCall[],
  ) {
    const places = calls.map((_, i) => i);
    this.folded = places.filter((i) => !picks.some((pick) => pick.index === i));
    this.used = [...new Set(this.folded.flatMap((i) => calls[i]!.arguments))];
    this.picked = picks.map(() => []);
    this.emptyColumns = schema.map((field) => allocateColumn(field.type, 0));
  }

  /** A kept row comes into a group (or leaves it). Returns the event. */
  event(id: number, group: number, retract: boolean): number {
    if (this.eventCount === this.events.length) this.growEvents();
    this.events[this.eventCount] = id;
    this.eventGroups[this.eventCount] = group;
    this.retract[this.eventCount] = retract ? 1 : 0;
    return this.eventCount++;
  }

  /** Sends a kept row with the aggregates after an event; picks are given by `pick`. */
  send(kind: RowKind, id: number, event: number, partner = -1): void {
    if (this.rowCount === this.rows.length) this.growRows();
    this.rows[this.rowCount] = id;
    this.slots[this.rowCount] = event;
    this.partners[this.rowCount] = partner;
    this.kinds[this.rowCount++] = kind;
  }

  /** The row that pick number `pick` takes for the row sent last. */
  pick(pick: number, id: number): void {
    this.picked[pick]!.push(id);
  }

  watermark(watermark: number): void {
    if (this.runs.at(-1)?.row === this.rowCount) this.runs.pop();
    this.runs.push({ row: this.rowCount, watermark });
  }

  get isFull(): boolean {
    return this.eventCount >= MOST_ROWS || this.rowCount >= MOST_ROWS;
  }

  /** Computes and emits all that was put down; the aggregates have taken the events in. */
  flush(store: RowStore, aggregates: AggregateSet, output: Output): void {
    const pairs = this.fold(store, aggregates);
    const kept = this.keptRows(pairs);
    const runs = this.movedRuns(kept);
    if (kept.length === 0) {
      const last = runs.at(-1);
      if (last !== undefined) output.emit(watermarkBatch(this.emptyColumns, last.watermark));
    } else {
      output.emit(this.batchOf(store, pairs, kept, runs));
    }
    this.eventCount = 0;
    this.rowCount = 0;
    this.runs = [];
    this.picked = this.picks.map(() => []);
  }

  /** One column a folded call: slot 2i + 1 holds its value after event i. */
  private fold(store: RowStore, aggregates: AggregateSet): readonly Column[] {
    const count = this.eventCount;
    if (count === 0) return this.folded.map((i) => this.emptyColumns[this.input.length + i]!);
    const ids = this.events.subarray(0, count);
    const columns: Column[] = [];
    for (const column of this.used) columns[column] = store.gather(column, ids);
    const rows = {
      count, rows: Int32Array.from({ length: count }, (_, i) => i),
      groups: this.eventGroups.slice(0, count), retract: this.retract.slice(0, count),
    };
    const isAdded = rows.retract.every((flag) => flag === 0);
    return aggregates.updatePairs(new Batch(count, columns),
      isAdded ? { ...rows, retract: null } : rows, new Uint8Array(count));
  }

  private keptRows(pairs: readonly Column[]): Int32Array {
    const kept = new Int32Array(this.rowCount);
    let count = 0;
    for (let i = 0; i < this.rowCount; i++) {
      const partner = this.partners[i]!;
      const after = 2 * this.slots[i]! + 1;
      if (partner < 0 || pairs.some((column) => differs(column, after, 2 * partner + 1))) {
        kept[count++] = i;
      }
    }
    return kept.subarray(0, count);
  }

  private movedRuns(kept: Int32Array): readonly WatermarkRun[] {
    const moved: WatermarkRun[] = [];
    let at = 0;
    for (const { row, watermark } of this.runs) {
      while (at < kept.length && kept[at]! < row) at++;
      if (moved.at(-1)?.row === at) moved.pop();
      moved.push({ row: at, watermark });
    }
    return moved;
  }

  private batchOf(
    store: RowStore, pairs: readonly Column[], kept: Int32Array, runs: readonly WatermarkRun[],
  ): Batch {
    const ids = kept.map((i) => this.rows[i]!);
    const slots = kept.map((i) => 2 * this.slots[i]! + 1);
    const kinds = Uint8Array.from(kept, (i) => this.kinds[i]!);
    const columns = this.input.map((_, i) => store.gather(i, ids));
    const width = columns.length;
    this.folded.forEach((index, k) => { columns[width + index] = take(pairs[k]!, slots); });
    this.picks.forEach((pick, k) => {
      columns[width + pick.index] = this.pickedColumn(store, pick, this.picked[k]!, kept);
    });
    const rowKinds = kinds.every((kind) => kind === 0) ? null : kinds;
    return new Batch(kept.length, columns, null, rowKinds, runs);
  }

  /** Values of the picked rows; behind them stand those shown where there is none. */
  private pickedColumn(
    store: RowStore, pick: PickCall, picked: readonly number[], kept: Int32Array,
  ): Column {
    const present = Int32Array.from(picked, (id) => Math.max(id, 0));
    const { type } = this.schema[this.input.length + pick.index]!;
    const values = store.gather(pick.argument, present);
    const { absentColumn } = pick;
    const count = present.length;
    const absent = absentColumn === null ? columnOf(type, [pick.absent])
      : store.gather(absentColumn, this.rows.subarray(0, count));
    const all = concat([values, absent], [count, absentColumn === null ? 1 : count]);
    return take(all, kept.map((i) =>
      (picked[i] !== NO_ROW ? i : absentColumn === null ? count : count + i)));
  }

  private growEvents(): void {
    this.events = doubled(this.events);
    this.eventGroups = doubled(this.eventGroups);
    const retract = new Uint8Array(this.events.length);
    retract.set(this.retract);
    this.retract = retract;
  }

  private growRows(): void {
    this.rows = doubled(this.rows);
    this.slots = doubled(this.slots);
    this.partners = doubled(this.partners);
    const kinds = new Uint8Array(this.rows.length);
    kinds.set(this.kinds);
    this.kinds = kinds;
  }
}

function doubled(values: Int32Array): Int32Array<ArrayBuffer> {
  const wider = new Int32Array(values.length * 2);
  wider.set(values);
  return wider;
}
