/**
 * At most one timer a key. State table: the key, timer_ms.
 */
import { Batch } from '../batch/batch.js';
import { allocateColumn, type Column, writeI64 } from '../batch/column.js';
import { fail } from '../errors/index.js';
import type { KeyedGroups } from '../state/keyed-groups.js';
import { BIGINT, notNull, type RowField } from '../types/data-type.js';
import type { StateTable } from './operator.js';
import { i64At } from './timed-rows.js';
import { TimerQueue } from './timer-queue.js';

const UNSET = Infinity;
const NO_GROUP = -1;

export class GroupTimers {
  readonly stateTable: StateTable;
  /** Timers set. */
  count = 0;
  /** By group. */
  private times = new Float64Array(64).fill(UNSET);
  /** Times that were set; one that is no longer its group's is passed over. */
  private queue = new TimerQueue();

  constructor(name: string, private readonly keys: readonly RowField[]) {
    const fields = [...keys, { name: 'timer_ms', type: notNull(BIGINT) }];
    this.stateTable = { name, fields, keyCount: keys.length };
  }

  /** Room for so many groups. */
  resize(groupCount: number): void {
    if (groupCount <= this.times.length) return;
    const wider = new Float64Array(Math.max(groupCount, this.times.length * 2)).fill(UNSET);
    wider.set(this.times);
    this.times = wider;
  }

  /** Infinity where none is set. */
  timeOf(group: number): number {
    return this.times[group]!;
  }

  set(group: number, time: number): void {
    if (this.times[group] === UNSET) this.count++;
    this.times[group] = time;
    this.queue.add(time, group);
  }

  /** The group's timer, if one is set, will not come. */
  clear(group: number): void {
    if (this.times[group] === UNSET) return;
    this.times[group] = UNSET;
    this.count--;
  }

  /** The time of the next timer; Infinity where there is none. */
  get nextTime(): number {
    this.passOver();
    return this.queue.nextTime;
  }

  /** Takes the first timer up to this time; its group, or NO_GROUP (-1). */
  takeDue(until: number): number {
    if (this.nextTime > until || this.queue.size === 0) return NO_GROUP;
    const group = this.queue.take();
    this.times[group] = UNSET;
    this.count--;
    return group;
  }

  /** Groups get new numbers: `kept` are the old ones in their new order. */
  renumber(kept: Int32Array): void {
    const times = new Float64Array(Math.max(64, kept.length)).fill(UNSET);
    this.queue = new TimerQueue();
    kept.forEach((old, group) => {
      const time = this.times[old] ?? UNSET;
      times[group] = time;
      if (time !== UNSET) this.queue.add(time, group);
    });
    this.times = times;
  }

  snapshot(groups: KeyedGroups): Batch {
    const set: number[] = [];
    for (let group = 0; group < Math.min(groups.size, this.times.length); group++) {
      if (this.times[group] !== UNSET) set.push(group);
    }
    const ids = Int32Array.from(set);
    const columns = this.keys.map((field, i): Column => {
      const column = allocateColumn(field.type, ids.length);
      groups.decode(i, ids, column);
      return column;
    });
    const times = allocateColumn(notNull(BIGINT), ids.length);
    ids.forEach((group, i) => writeI64(times.values as Int32Array, i, this.times[group]!));
    return new Batch(ids.length, [...columns, times]);
  }

  restore(content: Batch, groups: KeyedGroups): void {
    if (content.columns.length !== this.keys.length + 1) {
      fail('MR5001', { detail: `state table ${this.stateTable.name} has other columns` });
    }
    const found = groups.restore(content.columns.slice(0, -1), content.rowCount);
    this.resize(groups.size);
    const times = content.columns.at(-1)!;
    for (let row = 0; row < content.rowCount; row++) this.set(found[row]!, i64At(times, row));
  }

  private passOver(): void {
    const { queue } = this;
    while (queue.size > 0 && this.times[queue.nextGroup] !== queue.nextTime) queue.take();
  }
}
