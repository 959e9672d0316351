/**
 * At most one timer a key. State table: the key, timer_ms.
 */
import type { Batch } from '../batch/batch.js';
import type { KeyedGroups } from '../state/keyed-groups.js';
import type { RowField } from '../types/data-type.js';
import { groupTimesTable, restoreGroupTimes, saveGroupTimes } from './group-times.js';
import type { StateTable } from './operator.js';
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

  constructor(name: string, keys: readonly RowField[]) {
    this.stateTable = groupTimesTable(name, keys, 'timer_ms');
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
    const count = Math.min(groups.size, this.times.length);
    return saveGroupTimes(this.stateTable, groups, count, (group) => this.times[group]!);
  }

  restore(content: Batch, groups: KeyedGroups): void {
    restoreGroupTimes(this.stateTable, content, groups, (count) => this.resize(count),
      (group, time) => this.set(group, time));
  }

  private passOver(): void {
    const { queue } = this;
    while (queue.size > 0 && this.times[queue.nextGroup] !== queue.nextTime) queue.take();
  }
}
