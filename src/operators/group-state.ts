/**
 * The snapshot form of grouped aggregates, the same in both engines:
 *
 *     groups            keys, row_count, [updated_ms], a<i>_<state column> ...
 *     distinct_<i>      keys, value, count        DISTINCT values of call i (and its equals)
 *     values_<i>        keys, value, count        MIN and MAX that can take rows back
 */
import { Batch } from '../batch/batch.js';
import { allocateColumn, type Column, readI64, writeI64 } from '../batch/column.js';
import { materialized } from '../batch/take.js';
import { fail } from '../errors/fail.js';
import type { KeyedGroups } from '../state/keyed-groups.js';
import { BIGINT, notNull, type RowField } from '../types/data-type.js';
import type { AggregateSet } from './aggregates/aggregate-set.js';
import type { StateTable } from './operator.js';

const COUNT = notNull(BIGINT);

/** What a snapshot of grouped aggregates reads and writes. */
export interface GroupState {
  readonly keys: readonly RowField[];
  readonly groups: KeyedGroups;
  readonly aggregates: AggregateSet;
  /** Time of the last write by group; null where state never expires. */
  updatedMs: Float64Array | null;
}

export function groupStateTables(
  keys: readonly RowField[], aggregates: AggregateSet, hasTtl: boolean,
): StateTable[] {
  const groups: StateTable = {
    name: 'groups',
    fields: [
      ...keys,
      { name: 'row_count', type: COUNT },
      ...(hasTtl ? [{ name: 'updated_ms', type: COUNT }] : []),
      ...aggregates.stateFields(),
    ],
    keyCount: keys.length,
  };
  const counted = aggregates.countedTables().map(({ name, valueType }): StateTable => ({
    name,
    fields: [...keys, { name: 'value', type: valueType }, { name: 'count', type: COUNT }],
    keyCount: keys.length,
  }));
  return [groups, ...counted];
}

export function saveGroupState(table: StateTable, state: GroupState): Batch {
  const { groups, aggregates } = state;
  if (table.name !== 'groups') return saveCounted(table, state);
  const alive = groups.aliveGroups();
  const columns = saveKeys(state, alive);
  columns.push(saveNumbers(groups.rowCounts, alive));
  if (state.updatedMs !== null) columns.push(saveNumbers(state.updatedMs, alive));
  columns.push(...aggregates.save(alive));
  return new Batch(alive.length, columns);
}

function saveCounted(table: StateTable, state: GroupState): Batch {
  const { groups, values, counts } = countedTable(table, state).save();
  const columns = [...saveKeys(state, groups), values, counts];
  // Entries of groups that died since the last compaction are no state.
  const alive = Int32Array.from(groups, (_, i) => i)
    .filter((i) => state.groups.alive[groups[i]!] !== 0);
  return materialized(new Batch(groups.length, columns, alive));
}

function countedTable(table: StateTable, state: GroupState) {
  const counted = state.aggregates.countedTables().find(({ name }) => name === table.name);
  if (counted === undefined) return fail('MR5002', { detail: `no table ${table.name}` });
  return counted;
}

function saveKeys(state: GroupState, groups: Int32Array): Column[] {
  return state.keys.map((field, i) => {
    const column = allocateColumn(field.type, groups.length);
    state.groups.decode(i, groups, column);
    return column;
  });
}

function saveNumbers(numbers: Float64Array, groups: Int32Array): Column {
  const column = allocateColumn(COUNT, groups.length);
  const values = column.values as Int32Array;
  for (let i = 0; i < groups.length; i++) writeI64(values, i, numbers[groups[i]!]!);
  return column;
}

export function restoreGroupState(table: StateTable, content: Batch, state: GroupState): void {
  const { rowCount, columns } = materialized(content);
  if (columns.length !== table.fields.length) {
    fail('MR5002', { detail: `table ${table.name} has other columns` });
  }
  const keyCount = state.keys.length;
  const groups = state.groups.restore(columns.slice(0, keyCount), rowCount);
  state.aggregates.resize(state.groups.size);
  if (table.name !== 'groups') {
    countedTable(table, state).restore({
      groups, values: columns[keyCount]!, counts: columns[keyCount + 1]!,
    });
    return;
  }
  let next = keyCount;
  restoreNumbers(columns[next++]!, groups, state.groups.rowCounts);
  if (state.updatedMs !== null) {
    state.updatedMs = widened(state.updatedMs, state.groups.size);
    restoreNumbers(columns[next++]!, groups, state.updatedMs);
  }
  state.aggregates.restore(columns.slice(next), groups);
}

function restoreNumbers(column: Column, groups: Int32Array, numbers: Float64Array): void {
  const values = column.values as Int32Array;
  groups.forEach((group, i) => { numbers[group] = readI64(values, column.constant ? 0 : i); });
}

/** The same numbers with room for `size`; zeroes behind them. */
export function widened(numbers: Float64Array, size: number): Float64Array {
  if (size <= numbers.length) return numbers;
  const wider = new Float64Array(Math.max(size, numbers.length * 2));
  wider.set(numbers);
  return wider;
}
