/**
 * The time to live of an operator's keys: when each was last written. Where state is kept for
 * ever there is none (null).
 *
 * State table "expiry": the key, written_ms. Keys that are restored without it, because state was
 * kept for ever then, count as written at that moment.
 */
import type { Batch } from '../batch/batch.js';
import { Expiry, sweepLimit } from '../state/expiry.js';
import type { KeyedGroups } from '../state/keyed-groups.js';
import type { RowField } from '../types/data-type.js';
import { groupTimesTable, restoreGroupTimes, saveGroupTimes } from './group-times.js';
import type { StateTable } from './operator.js';

const NAME = 'expiry';

/** How long state lives: since its last write, or until Flink's cleanup timer fires. */
export type Lifetime = 'write' | 'cleanup-timer';

export class GroupExpiry {
  readonly stateTable: StateTable;
  private readonly expiry: Expiry;

  constructor(
    keys: readonly RowField[], ttlMs: number, lifetime: Lifetime = 'write',
  ) {
    this.stateTable = groupTimesTable(NAME, keys, 'written_ms');
    this.expiry = new Expiry(ttlMs, lifetime === 'write' ? ttlMs : Math.floor(ttlMs * 1.5));
  }

  /** Room for so many groups. */
  resize(groupCount: number): void {
    this.expiry.resize(groupCount);
  }

  isExpired(group: number, nowMs: number): boolean {
    return this.expiry.isExpired(group, nowMs);
  }

  /** The group's state is written. */
  touch(group: number, nowMs: number): void {
    this.expiry.touch(group, nowMs);
  }

  /** The group's time is up, but its rows wait for the watermark: it gets another lifetime. */
  renew(group: number, nowMs: number): void {
    this.expiry.renew(group, nowMs);
  }

  /** The group holds nothing any more. */
  forget(group: number): void {
    this.expiry.forget(group);
  }

  /**
   * Lets go of groups that nobody has written for their time, the oldest first: as many as a batch
   * of `rowCount` rows has to. `drop` frees what the operator keeps, or renews the group.
   */
  sweep(nowMs: number, rowCount: number, drop: (group: number) => void): void {
    for (let left = sweepLimit(rowCount); left > 0; left--) {
      const group = this.expiry.oldestExpired(nowMs);
      if (group < 0) return;
      drop(group);
    }
  }

  /** The same for all of them, before a snapshot. */
  sweepAll(nowMs: number, drop: (group: number) => void): void {
    this.sweep(nowMs, Infinity, drop);
  }

  /** Groups get new numbers: `kept` are the old ones in their new order. */
  renumber(kept: Int32Array): void {
    this.expiry.renumber(kept);
  }

  snapshot(groups: KeyedGroups): Batch {
    const timeOf = (group: number): number => this.expiry.timeOf(group);
    return saveGroupTimes(this.stateTable, groups, groups.size, timeOf);
  }

  restore(content: Batch, groups: KeyedGroups): void {
    restoreGroupTimes(this.stateTable, content, groups, (count) => this.resize(count),
      (group, time) => this.expiry.restore(group, time));
  }

  /** The group has restored state; table "expiry" may say more, before or after. */
  restored(group: number, nowMs: number): void {
    this.resize(group + 1);
    if (!Number.isFinite(this.expiry.timeOf(group))) this.expiry.restore(group, nowMs);
  }

  /** All groups have. */
  restoredAll(groups: KeyedGroups, nowMs: number): void {
    for (const group of groups.aliveGroups()) this.restored(group, nowMs);
  }

  get byteSize(): number {
    return this.expiry.byteSize;
  }
}

/** Null where the time to live is 0: for ever. */
export function groupExpiry(
  keys: readonly RowField[], ttlMs: number, lifetime: Lifetime = 'write',
): GroupExpiry | null {
  return ttlMs > 0 ? new GroupExpiry(keys, ttlMs, lifetime) : null;
}

/** Whether a table of state is the one of an operator's expiry. */
export function isExpiryTable(table: StateTable): boolean {
  return table.name === NAME;
}
