/**
 * The time to live of an operator's keys: when each was last written. Where state is kept for
 * ever there is none (null).
 *
 * State table "expiry": the key, written_ms. Keys that are restored without it, because state was
 * kept for ever then, count as written at that moment.
 */
import { Batch } from '../batch/batch.js';
import { allocateColumn, type Column, writeI64 } from '../batch/column.js';
import { fail } from '../errors/index.js';
import { Expiry, sweepLimit } from '../state/expiry.js';
import type { KeyedGroups } from '../state/keyed-groups.js';
import { BIGINT, notNull, type RowField } from '../types/data-type.js';
import type { StateTable } from './operator.js';
import { i64At } from './timed-rows.js';

const NAME = 'expiry';
const WRITTEN: RowField = { name: 'written_ms', type: notNull(BIGINT) };

/** How long state lives: since its last write, or until Flink's cleanup timer fires. */
export type Lifetime = 'write' | 'cleanup-timer';

export class GroupExpiry {
  readonly stateTable: StateTable;
  private readonly expiry: Expiry;

  constructor(
    private readonly keys: readonly RowField[], ttlMs: number, lifetime: Lifetime = 'write',
  ) {
    this.stateTable = { name: NAME, fields: [...keys, WRITTEN], keyCount: keys.length };
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
    const written: number[] = [];
    for (let group = 0; group < groups.size; group++) {
      if (Number.isFinite(this.expiry.timeOf(group))) written.push(group);
    }
    const ids = Int32Array.from(written);
    const columns = this.keys.map((field, i): Column => {
      const column = allocateColumn(field.type, ids.length);
      groups.decode(i, ids, column);
      return column;
    });
    const times = allocateColumn(WRITTEN.type, ids.length);
    ids.forEach((group, i) => {
      writeI64(times.values as Int32Array, i, this.expiry.timeOf(group));
    });
    return new Batch(ids.length, [...columns, times]);
  }

  restore(content: Batch, groups: KeyedGroups): void {
    if (content.columns.length !== this.stateTable.fields.length) {
      fail('MR5002', { detail: `table ${NAME} has other columns` });
    }
    const found = groups.restore(content.columns.slice(0, -1), content.rowCount);
    this.resize(groups.size);
    const times = content.columns.at(-1)!;
    for (let row = 0; row < content.rowCount; row++) {
      this.expiry.restore(found[row]!, i64At(times, row));
    }
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
