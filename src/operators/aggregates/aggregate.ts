/** An aggregate call over many groups: its state is columns by group id. */
import { appendCell } from '../../batch/cell.js';
import type { Column, Values } from '../../batch/column.js';
import { compareBytes, HeapBuilder } from '../../batch/strings.js';
import type { DataType } from '../../types/data-type.js';
import type { StateColumn } from './state-column.js';

/** The rows an aggregate takes, in order: physical row and group of each. */
export interface AggregateRows {
  readonly count: number;
  readonly rows: Int32Array;
  readonly groups: Int32Array;
  /** 1 = taken back; null = all are added. */
  readonly retract: Uint8Array | null;
}

/** A further table of (value, count) rows a group, where an aggregate keeps one. */
export interface CountedValues {
  readonly groups: Int32Array;
  readonly values: Column;
  readonly counts: Column;
}

export abstract class Aggregate {
  /** State columns, in the order of a snapshot. */
  abstract readonly state: readonly StateColumn[];
  /** Every row that counts changes the result, so nobody has to compare. */
  readonly alwaysChanges: boolean = false;

  /** The argument of the rows to come. */
  abstract bind(argument: Column): void;
  /** `row` is the physical row. */
  abstract add(group: number, row: number): void;
  abstract retract(group: number, row: number): void;
  /** Writes the result of a group now. */
  abstract store(group: number, out: Column, slot: number): void;
  /** Takes in what an aggregate of the same class holds for a group of its own. */
  abstract merge(group: number, from: this, other: number): void;

  /** Groups from the old size on start empty. */
  resize(groupCount: number): void {
    for (const column of this.state) column.resize(groupCount);
  }

  keep(groups: Int32Array, _newIds: Int32Array): void {
    for (const column of this.state) column.keep(groups);
  }

  get byteSize(): number {
    return this.state.reduce((sum, column) => sum + column.byteSize, 0);
  }

  /** Called when a column is complete: text results are given their heap. */
  finishColumn(_out: Column): void {}

  /** Type of the values of the further table; null = there is none. */
  countedType(): DataType | null {
    return null;
  }
  countedSize(): number {
    return 0;
  }
  saveCounted(): CountedValues | null {
    return null;
  }
  restoreCounted(_from: CountedValues): void {}

  /** Takes rows in; a row counts where its mask is 1 (null = every row). */
  update(rows: AggregateRows, mask: Uint8Array | null): void {
    const { count, groups, retract } = rows;
    for (let i = 0; i < count; i++) {
      if (mask !== null && mask[i] === 0) continue;
      if (retract !== null && retract[i] !== 0) this.retract(groups[i]!, rows.rows[i]!);
      else this.add(groups[i]!, rows.rows[i]!);
    }
  }

  /** Like update; the value before row i goes to slot 2i, that after it to slot 2i + 1. */
  updatePairs(rows: AggregateRows, mask: Uint8Array | null, out: Column): void {
    const { count, groups, retract } = rows;
    for (let i = 0; i < count; i++) {
      const group = groups[i]!;
      this.store(group, out, 2 * i);
      if (mask === null || mask[i] !== 0) {
        if (retract !== null && retract[i] !== 0) this.retract(group, rows.rows[i]!);
        else this.add(group, rows.rows[i]!);
      }
      this.store(group, out, 2 * i + 1);
    }
    this.finishColumn(out);
  }
}

/**
 * Sets changed[i] where slots 2i and 2i + 1 of a column differ, as Flink's record equaliser sees
 * it: a NaN equals nothing, -0.0 equals 0.0.
 */
export function markChanges(out: Column, count: number, changed: Uint8Array): void {
  for (let i = 0; i < count; i++) {
    if (changed[i] === 0 && differs(out, 2 * i, 2 * i + 1)) changed[i] = 1;
  }
}

/** Whether two rows of a column differ, as markChanges sees it. */
export function differs(column: Column, a: number, b: number): boolean {
  const { values, validity, physical } = column;
  if (validity !== null) {
    const isNull = column.isNull(a);
    if (isNull !== column.isNull(b)) return true;
    if (isNull) return false;
  }
  switch (physical) {
    case 'string':
    case 'bytes':
      return textDiffers(column, a, b);
    case 'i64':
      return values[2 * a] !== values[2 * b] || values[2 * a + 1] !== values[2 * b + 1];
    case 'i128':
      return wordsDiffer(values, 4 * a, 4 * b, 4);
    case 'row':
    case 'array':
    case 'map':
      return cellDiffers(column, a, b);
    default:
      return values[a] !== values[b];
  }
}

function cellDiffers(column: Column, a: number, b: number): boolean {
  const heap = new HeapBuilder(64);
  appendCell(heap, column, a);
  const { end } = heap;
  appendCell(heap, column, b);
  return compareBytes(heap.bytes, 0, end, heap.bytes, end, heap.end - end) !== 0;
}

function wordsDiffer(values: Values, a: number, b: number, words: number): boolean {
  for (let k = 0; k < words; k++) if (values[a + k] !== values[b + k]) return true;
  return false;
}

function textDiffers(column: Column, a: number, b: number): boolean {
  const { heap, starts, lengths } = column;
  if (starts[a] === starts[b] && lengths[a] === lengths[b]) return false;
  return compareBytes(heap, starts[a]!, lengths[a]!, heap, starts[b]!, lengths[b]!) !== 0;
}
