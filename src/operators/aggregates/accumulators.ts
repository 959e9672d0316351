/**
 * Accumulators as columns (plan/physical/accumulators.ts says which): written by the phase that
 * meets the rows, merged by the phase that meets the keys.
 */
import { allocateColumn, Column } from '../../batch/column.js';
import { take } from '../../batch/take.js';
import type { DataType, RowField } from '../../types/data-type.js';
import type { CountedValues } from './aggregate.js';
import type { AggregateSet } from './aggregate-set.js';

const NO_BYTES = new Uint8Array(0);
const NO_RANGES = new Int32Array(0);

/** What the groups 0 .. groupCount - 1 hold, all that the set has; a row a group. */
export function writeAccumulators(
  set: AggregateSet, groupCount: number, fields: readonly RowField[],
): Column[] {
  const groups = Int32Array.from({ length: groupCount }, (_, group) => group);
  const columns = set.plainState().map((state) => state.save(groups));
  for (const table of set.plainTables()) {
    columns.push(listsOf(table.save(), groupCount, fields[columns.length]!.type));
  }
  if (columns.length !== fields.length) throw new Error('columns of accumulators');
  return columns;
}

/** The entries of each group as one array, in their order. */
function listsOf(
  { groups, values, counts }: CountedValues, groupCount: number, type: DataType,
): Column {
  const lengths = new Int32Array(groupCount);
  for (const group of groups) lengths[group]!++;
  const starts = new Int32Array(groupCount);
  for (let group = 1; group < groupCount; group++) {
    starts[group] = starts[group - 1]! + lengths[group - 1]!;
  }
  const next = starts.slice();
  const order = new Int32Array(groups.length);
  groups.forEach((group, i) => { order[next[group]!++] = i; });
  const items = new Column(type.element!, groups.length, NO_BYTES, null, NO_RANGES, NO_RANGES,
    NO_BYTES, [take(values, order), take(counts, order)]);
  return new Column(type, groupCount, NO_BYTES, null, starts, lengths, NO_BYTES, [items]);
}

/** Row rows[i] of the columns goes into groups[i] of the set. */
export function mergeAccumulators(
  set: AggregateSet, columns: readonly Column[], rows: Int32Array, groups: Int32Array,
): void {
  const from = set.emptyLike();
  from.resize(rows.length);
  const own = Int32Array.from({ length: rows.length }, (_, i) => i);
  const state = from.plainState();
  state.forEach((column, i) => column.restore(take(columns[i]!, rows), own));
  const tables = from.plainTables();
  const targets = set.plainTables();
  tables.forEach((table, i) => {
    const entries = entriesOf(columns[state.length + i]!, rows);
    const { merge } = targets[i]!;
    if (merge === null) table.restore(entries);
    else merge({ ...entries, groups: entries.groups.map((row) => groups[row]!) });
  });
  set.mergePlain(from, groups);
}

/** The items of rows; the group of each is the place of its row in `rows`. */
function entriesOf(column: Column, rows: Int32Array): CountedValues {
  const keep = column.constant ? 0 : -1;
  let total = 0;
  for (const row of rows) total += column.lengths[row & keep]!;
  const places = new Int32Array(total);
  const groups = new Int32Array(total);
  let at = 0;
  rows.forEach((row, i) => {
    const start = column.starts[row & keep]!;
    for (let k = 0; k < column.lengths[row & keep]!; k++, at++) {
      places[at] = start + k;
      groups[at] = i;
    }
  });
  const [values, counts] = column.children[0]!.children as readonly [Column, Column];
  return total === 0
    ? { groups, values: allocateColumn(values.type, 0), counts: allocateColumn(counts.type, 0) }
    : { groups, values: take(values, places), counts: take(counts, places) };
}
