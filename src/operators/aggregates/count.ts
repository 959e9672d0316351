/** COUNT(*) and COUNT(x). */
import { allocateColumn, type Column, readI64, writeI64 } from '../../batch/column.js';
import { BIGINT, notNull } from '../../types/data-type.js';
import { Aggregate, type AggregateRows } from './aggregate.js';
import type { StateColumn } from './state-column.js';

const FIRST_CAPACITY = 16;

/** A BIGINT column of counts, held as numbers: no group sees 2^53 rows. */
export class CountState implements StateColumn {
  readonly type = notNull(BIGINT);
  values = new Float64Array(FIRST_CAPACITY);
  private size = 0;

  constructor(readonly name: string) {}

  get byteSize(): number {
    return this.values.byteLength;
  }

  resize(groupCount: number): void {
    if (groupCount > this.values.length) {
      const values = new Float64Array(Math.max(groupCount, this.values.length * 2));
      values.set(this.values);
      this.values = values;
    }
    if (groupCount > this.size) this.values.fill(0, this.size, groupCount);
    this.size = groupCount;
  }

  keep(groups: Int32Array): void {
    const values = new Float64Array(Math.max(FIRST_CAPACITY, groups.length));
    for (let i = 0; i < groups.length; i++) values[i] = this.values[groups[i]!]!;
    this.values = values;
    this.size = groups.length;
  }

  save(groups: Int32Array): Column {
    const column = allocateColumn(this.type, groups.length);
    for (let i = 0; i < groups.length; i++) {
      writeI64(column.values as Int32Array, i, this.values[groups[i]!]!);
    }
    return column;
  }

  restore(column: Column, groups: Int32Array): void {
    const values = column.values as Int32Array;
    for (let i = 0; i < groups.length; i++) {
      this.values[groups[i]!] = readI64(values, column.constant ? 0 : i);
    }
  }
}

export class Count extends Aggregate {
  override readonly alwaysChanges = true;
  private readonly count = new CountState('count');
  readonly state = [this.count];

  bind(_argument: Column): void {}

  add(group: number, _row: number): void {
    this.count.values[group]!++;
  }

  retract(group: number, _row: number): void {
    this.count.values[group]!--;
  }

  store(group: number, out: Column, slot: number): void {
    writeI64(out.values as Int32Array, slot, this.count.values[group]!);
  }

  merge(group: number, from: this, other: number): void {
    this.count.values[group]! += from.count.values[other]!;
  }

  override updatePairs(rows: AggregateRows, mask: Uint8Array | null, out: Column): void {
    const { count, groups, retract } = rows;
    const counts = this.count.values;
    const values = out.values as Int32Array;
    for (let i = 0; i < count; i++) {
      const group = groups[i]!;
      const before = counts[group]!;
      let after = before;
      if (mask === null || mask[i] !== 0) {
        after += retract !== null && retract[i] !== 0 ? -1 : 1;
        counts[group] = after;
      }
      writeI64(values, 2 * i, before);
      writeI64(values, 2 * i + 1, after);
    }
  }
}
