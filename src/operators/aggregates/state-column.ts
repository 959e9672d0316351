/** One column of state, by group id. New groups hold zero, or NULL where the column may be NULL. */
import {
  allocateColumn, allocateValues, Column, setNull, type Values,
} from '../../batch/column.js';
import { HeapBuilder } from '../../batch/strings.js';
import { physicalOf, type DataType, type PhysicalName } from '../../types/data-type.js';

const FIRST_CAPACITY = 16;

export interface StateColumn {
  readonly name: string;
  readonly type: DataType;
  resize(groupCount: number): void;
  /** Drops all groups but these, which become 0, 1, ... */
  keep(groups: Int32Array): void;
  save(groups: Int32Array): Column;
  /** Row i of the column becomes the state of groups[i]. */
  restore(column: Column, groups: Int32Array): void;
  readonly byteSize: number;
}

/** Elements of a values array a row takes. */
export function wordsOf(physical: PhysicalName): number {
  return physical === 'i64' ? 2 : physical === 'i128' ? 4 : 1;
}

/** Fixed-width values. */
export class FixedState implements StateColumn {
  values: Values;
  /** 1 = present. All 1 where `initiallyPresent`. */
  valid: Uint8Array;
  private readonly physical: PhysicalName;
  private readonly words: number;
  private size = 0;

  constructor(
    readonly name: string, readonly type: DataType, private readonly initiallyPresent = false,
  ) {
    this.physical = physicalOf(type);
    this.words = wordsOf(this.physical);
    this.values = allocateValues(this.physical, FIRST_CAPACITY);
    this.valid = new Uint8Array(FIRST_CAPACITY);
  }

  get byteSize(): number {
    return this.values.byteLength + this.valid.length;
  }

  resize(groupCount: number): void {
    if (groupCount > this.valid.length) {
      const capacity = Math.max(groupCount, this.valid.length * 2);
      const values = allocateValues(this.physical, capacity);
      values.set(this.values);
      const valid = new Uint8Array(capacity);
      valid.set(this.valid);
      this.values = values;
      this.valid = valid;
    }
    if (groupCount > this.size) {
      this.valid.fill(this.initiallyPresent ? 1 : 0, this.size, groupCount);
      this.values.fill(0, this.size * this.words, groupCount * this.words);
    }
    this.size = groupCount;
  }

  keep(groups: Int32Array): void {
    const values = allocateValues(this.physical, Math.max(FIRST_CAPACITY, groups.length));
    const valid = new Uint8Array(Math.max(FIRST_CAPACITY, groups.length));
    copyRows(this.values, groups, values, this.words);
    for (let i = 0; i < groups.length; i++) valid[i] = this.valid[groups[i]!]!;
    this.values = values;
    this.valid = valid;
    this.size = groups.length;
  }

  save(groups: Int32Array): Column {
    const column = allocateColumn(this.type, groups.length);
    copyRows(this.values, groups, column.values, this.words);
    if (this.type.nullable) {
      for (let i = 0; i < groups.length; i++) if (this.valid[groups[i]!] === 0) setNull(column, i);
    }
    return column;
  }

  restore(column: Column, groups: Int32Array): void {
    for (let i = 0; i < groups.length; i++) {
      const group = groups[i]!;
      const present = !column.isNull(i);
      this.valid[group] = present ? 1 : 0;
      if (present) this.setFrom(group, column.values, column.constant ? 0 : i);
    }
  }

  /** Sets a group's value from a row of values of the same form. */
  setFrom(group: number, values: Values, row: number): void {
    const { words } = this;
    for (let k = 0; k < words; k++) this.values[group * words + k] = values[row * words + k]!;
    this.valid[group] = 1;
  }

  /** Writes a group's value to a slot of a column; NULL where absent. */
  store(group: number, out: Column, slot: number): void {
    const { words } = this;
    if (this.valid[group] === 0) {
      setNull(out, slot);
      return;
    }
    for (let k = 0; k < words; k++) out.values[slot * words + k] = this.values[group * words + k]!;
  }
}

function copyRows(from: Values, rows: Int32Array, to: Values, words: number): void {
  for (let i = 0; i < rows.length; i++) {
    const at = rows[i]! * words;
    for (let k = 0; k < words; k++) to[i * words + k] = from[at + k]!;
  }
}

/** Strings or bytes. Text that was replaced is dropped once it outweighs what is live. */
export class TextState implements StateColumn {
  heap = new HeapBuilder(1024);
  starts = new Int32Array(FIRST_CAPACITY);
  lengths = new Int32Array(FIRST_CAPACITY);
  valid = new Uint8Array(FIRST_CAPACITY);
  private size = 0;
  private threshold = 1 << 20;

  constructor(readonly name: string, readonly type: DataType) {}

  get byteSize(): number {
    return this.heap.bytes.length + this.starts.length * 9;
  }

  resize(groupCount: number): void {
    if (groupCount > this.valid.length) {
      const capacity = Math.max(groupCount, this.valid.length * 2);
      const groups = Int32Array.from({ length: this.size }, (_, i) => i);
      this.reindex(groups, capacity);
    }
    if (groupCount > this.size) this.valid.fill(0, this.size, groupCount);
    this.size = groupCount;
  }

  keep(groups: Int32Array): void {
    this.reindex(groups, Math.max(FIRST_CAPACITY, groups.length));
    this.size = groups.length;
    this.tidy(0);
  }

  /** Moves the live text to a new heap if the old one has grown past `most` bytes. */
  tidy(most = this.threshold): void {
    if (this.heap.end <= most) return;
    const next = new HeapBuilder(1024);
    for (let group = 0; group < this.size; group++) {
      if (this.valid[group] === 0) continue;
      this.starts[group] = next.append(this.heap.bytes, this.starts[group]!, this.lengths[group]!);
    }
    this.heap = next;
    this.threshold = (1 << 20) + 2 * next.end;
  }

  set(group: number, bytes: Uint8Array, start: number, length: number): void {
    this.starts[group] = this.heap.append(bytes, start, length);
    this.lengths[group] = length;
    this.valid[group] = 1;
  }

  save(groups: Int32Array): Column {
    const column = allocateColumn(this.type, groups.length);
    for (let i = 0; i < groups.length; i++) this.store(groups[i]!, column, i);
    column.heap = this.heap.bytes;
    return column;
  }

  restore(column: Column, groups: Int32Array): void {
    for (let i = 0; i < groups.length; i++) {
      const row = column.constant ? 0 : i;
      if (column.isNull(i)) this.valid[groups[i]!] = 0;
      else this.set(groups[i]!, column.heap, column.starts[row]!, column.lengths[row]!);
    }
  }

  /** Writes a group's range to a slot; the column must be given this heap's bytes at the end. */
  store(group: number, out: Column, slot: number): void {
    if (this.valid[group] === 0) {
      setNull(out, slot);
      return;
    }
    out.starts[slot] = this.starts[group]!;
    out.lengths[slot] = this.lengths[group]!;
  }

  private reindex(groups: Int32Array, capacity: number): void {
    const starts = new Int32Array(capacity);
    const lengths = new Int32Array(capacity);
    const valid = new Uint8Array(capacity);
    for (let i = 0; i < groups.length; i++) {
      starts[i] = this.starts[groups[i]!]!;
      lengths[i] = this.lengths[groups[i]!]!;
      valid[i] = this.valid[groups[i]!]!;
    }
    this.starts = starts;
    this.lengths = lengths;
    this.valid = valid;
  }
}
