/** A state table of one time a key: the key, then the time in ms. */
import { Batch } from '../batch/batch.js';
import { allocateColumn, type Column, writeI64 } from '../batch/column.js';
import { fail } from '../errors/index.js';
import type { KeyedGroups } from '../state/keyed-groups.js';
import { BIGINT, notNull, type RowField } from '../types/data-type.js';
import type { StateTable } from './operator.js';
import { i64At } from './timed-rows.js';

export function groupTimesTable(
  name: string, keys: readonly RowField[], column: string,
): StateTable {
  const fields = [...keys, { name: column, type: notNull(BIGINT) }];
  return { name, fields, keyCount: keys.length };
}

/** Of the first `count` groups those that have a time: Infinity and -Infinity are none. */
export function saveGroupTimes(
  table: StateTable, groups: KeyedGroups, count: number, timeOf: (group: number) => number,
): Batch {
  const found: number[] = [];
  for (let group = 0; group < count; group++) {
    if (Number.isFinite(timeOf(group))) found.push(group);
  }
  const ids = Int32Array.from(found);
  const columns = table.fields.slice(0, -1).map((field, i): Column => {
    const column = allocateColumn(field.type, ids.length);
    groups.decode(i, ids, column);
    return column;
  });
  const times = allocateColumn(notNull(BIGINT), ids.length);
  ids.forEach((group, i) => writeI64(times.values as Int32Array, i, timeOf(group)));
  return new Batch(ids.length, [...columns, times]);
}

/** Finds or makes the groups; `grow` is told how many there are before the times are set. */
export function restoreGroupTimes(
  table: StateTable, content: Batch, groups: KeyedGroups, grow: (groupCount: number) => void,
  set: (group: number, time: number) => void,
): void {
  if (content.columns.length !== table.fields.length) {
    fail('MR5002', { detail: `table ${table.name} has other columns` });
  }
  const found = groups.restore(content.columns.slice(0, -1), content.rowCount);
  grow(groups.size);
  const times = content.columns.at(-1)!;
  for (let row = 0; row < content.rowCount; row++) set(found[row]!, i64At(times, row));
}
