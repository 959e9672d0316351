/**
 * The snapshot form of window aggregates, the same in both engines:
 *
 *     watermark         watermark                          (operator state: the lowest counts)
 *     slices            keys, slice_end, row_count, a<i>_<state column> ...
 *     distinct_<i>      keys, slice_end, value, count
 *     values_<i>        keys, slice_end, value, count
 */
import { Batch } from '../batch/batch.js';
import { allocateColumn, type Column, readI64, writeI64 } from '../batch/column.js';
import { concat, materialized, take } from '../batch/take.js';
import { fail } from '../errors/fail.js';
import { BIGINT, notNull, type RowField } from '../types/data-type.js';
import type { AggregateSet, CountedTable } from './aggregates/aggregate-set.js';
import type { StateTable } from './operator.js';
import { readWatermark, writeWatermark } from './watermark-state.js';
import type { WindowSlice, WindowSlices } from './window-slices.js';

const NUMBER = notNull(BIGINT);

export function windowStateTables(
  keys: readonly RowField[], aggregates: AggregateSet,
): StateTable[] {
  const sliceEnd = { name: 'slice_end', type: NUMBER };
  const counted = aggregates.countedTables().map(({ name, valueType }): StateTable => ({
    name,
    fields: [
      ...keys, sliceEnd, { name: 'value', type: valueType }, { name: 'count', type: NUMBER },
    ],
    keyCount: keys.length,
  }));
  return [
    { name: 'watermark', fields: [{ name: 'watermark', type: NUMBER }], keyCount: 0 },
    {
      name: 'slices',
      fields: [
        ...keys, sliceEnd, { name: 'row_count', type: NUMBER }, ...aggregates.stateFields(),
      ],
      keyCount: keys.length,
    },
    ...counted,
  ];
}

export function saveWindowState(
  table: StateTable, keys: readonly RowField[], slices: WindowSlices, watermark: number,
): Batch {
  if (table.name === 'watermark') {
    const column = allocateColumn(NUMBER, 1);
    writeWatermark(column.values as Int32Array, 0, watermark);
    return new Batch(1, [column]);
  }
  const saved = slices.ends.map((end) => saveSlice(table, keys, slices, end));
  if (saved.length === 0) {
    return new Batch(0, table.fields.map((field) => allocateColumn(field.type, 0)));
  }
  const counts = saved.map((columns) => columns[0]!.length);
  const columns = table.fields.map((_, i) => concat(saved.map((part) => part[i]!), counts));
  return new Batch(counts.reduce((sum, count) => sum + count, 0), columns);
}

function saveSlice(
  table: StateTable, keys: readonly RowField[], slices: WindowSlices, end: number,
): Column[] {
  const slice = slices.find(end)!;
  let groups: Int32Array;
  let rest: Column[];
  if (table.name === 'slices') {
    groups = Int32Array.from({ length: slice.table.size }, (_, group) => group);
    rest = [
      numberColumn(groups.length, (i) => slice.rowCounts[i]!), ...slice.aggregates.save(groups),
    ];
  } else {
    const saved = countedTable(table, slice).save();
    groups = saved.groups;
    rest = [saved.values, saved.counts];
  }
  const keyColumns = keys.map((field, i) => {
    const column = allocateColumn(field.type, groups.length);
    slices.decode(i, slice, groups, column);
    return column;
  });
  return [...keyColumns, numberColumn(groups.length, () => end), ...rest];
}

function numberColumn(count: number, valueOf: (row: number) => number): Column {
  const column = allocateColumn(NUMBER, count);
  for (let i = 0; i < count; i++) writeI64(column.values as Int32Array, i, valueOf(i));
  return column;
}

function countedTable(table: StateTable, slice: WindowSlice): CountedTable {
  const counted = slice.aggregates.countedTables().find(({ name }) => name === table.name);
  return counted ?? fail('MR5002', { detail: `no table ${table.name}` });
}

/** Restores a chunk; returns the watermark it holds, null for other tables. */
export function restoreWindowState(
  table: StateTable, keys: readonly RowField[], content: Batch, slices: WindowSlices,
): number | null {
  const { columns, rowCount } = materialized(content);
  if (columns.length !== table.fields.length) {
    fail('MR5002', { detail: `table ${table.name} has other columns` });
  }
  if (table.name === 'watermark') return lowestWatermark(columns[0]!, rowCount);
  const ends = columns[keys.length]!;
  const rowsOf = new Map<number, number[]>();
  for (let row = 0; row < rowCount; row++) {
    const end = readI64(ends.values as Int32Array, ends.constant ? 0 : row);
    const rows = rowsOf.get(end);
    if (rows === undefined) rowsOf.set(end, [row]);
    else rows.push(row);
  }
  for (const [end, rows] of rowsOf) {
    restoreSlice(table, columns, keys.length, end, Int32Array.from(rows), slices);
  }
  return null;
}

function restoreSlice(
  table: StateTable, columns: readonly Column[], keyCount: number, end: number, rows: Int32Array,
  slices: WindowSlices,
): void {
  const groups = slices.restore(end, columns.slice(0, keyCount), rows);
  const slice = slices.find(end)!;
  const rest = columns.slice(keyCount + 1).map((column) => take(column, rows));
  if (table.name !== 'slices') {
    countedTable(table, slice).restore({ groups, values: rest[0]!, counts: rest[1]! });
    return;
  }
  const counts = rest[0]!;
  groups.forEach((group, i) => {
    slice.rowCounts[group] = readI64(counts.values as Int32Array, counts.constant ? 0 : i);
  });
  slice.aggregates.restore(rest.slice(1), groups);
}

function lowestWatermark(column: Column, rowCount: number): number | null {
  let lowest: number | null = null;
  for (let row = 0; row < rowCount; row++) {
    const saved = readWatermark(column.values as Int32Array, column.constant ? 0 : row);
    if (lowest === null || saved < lowest) lowest = saved;
  }
  return lowest;
}
