/** Constructors of rows, arrays and maps, access to their parts, and maps as arrays. */
import { allocateColumn, Column } from '../../batch/column.js';
import { flattened } from '../../batch/take.js';
import { childTypes, physicalOf, type DataType } from '../../types/data-type.js';
import {
  adopt, itemsEqual, ItemPool, ItemSet, NO_ITEM, putItems, retyped,
} from '../items.js';
import {
  type KernelFamily, KernelError, type KernelFunction, ownNulls, propagating,
} from '../kernel.js';
import { indexIn } from '../loop.js';

/** The type of a child of the result. */
const childOf = (out: Column, n: number): DataType => childTypes(out.type)[n]!;

const makeRow: KernelFunction = (columns, _selection, _count, out) => {
  out.children = columns.map((column, i) =>
    retyped(flattened(column, out.length), childOf(out, i)));
};

const makeArray: KernelFunction = (columns, selection, count, out) => {
  const pool = new ItemPool();
  const bases = columns.map((column) => pool.add(column));
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    out.starts[row] = pool.picked;
    out.lengths[row] = columns.length;
    for (let k = 0; k < columns.length; k++) pool.pick(bases[k]! + indexIn(columns[k]!, row));
  }
  out.children = [pool.finish(childOf(out, 0))];
};

/** Nested keys are objects of their own in Flink. */
function isSameKey(a: Column, b: Column, row: number): boolean {
  if (['row', 'array', 'map'].includes(a.physical)) return false;
  const isNull = a.isNull(row);
  if (isNull || b.isNull(row)) return isNull === b.isNull(row);
  return itemsEqual(a, row, b, row);
}

/** Which of the keys before `k` is the same; `k` itself if none. */
function firstWithKey(columns: readonly Column[], k: number, row: number): number {
  for (let i = 0; i < k; i += 2) if (isSameKey(columns[i]!, columns[k]!, row)) return i;
  return k;
}

/** Of equal keys the last value stands where the first key did. */
const makeMap: KernelFunction = (columns, selection, count, out) => {
  const keys = new ItemPool();
  const values = new ItemPool();
  const bases = columns.map((column, i) => (i % 2 === 0 ? keys : values).add(column));
  const last = new Int32Array(columns.length);
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    out.starts[row] = keys.picked;
    for (let k = 0; k < columns.length; k += 2) last[firstWithKey(columns, k, row)] = k + 1;
    for (let k = 0; k < columns.length; k += 2) {
      if (firstWithKey(columns, k, row) !== k) continue;
      keys.pick(bases[k]! + indexIn(columns[k]!, row));
      const value = last[k]!;
      values.pick(bases[value]! + indexIn(columns[value]!, row));
    }
    out.lengths[row] = keys.picked - out.starts[row]!;
  }
  out.children = [keys.finish(childOf(out, 0)), values.finish(childOf(out, 1))];
};

const arrayItem: KernelFunction = (columns, selection, count, out) => {
  const [arrays, positions] = columns as readonly [Column, Column];
  const index = new Int32Array(out.length).fill(NO_ITEM);
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    const list = indexIn(arrays, row);
    const position = positions.values[indexIn(positions, row)]!;
    if (position >= 1 && position <= arrays.lengths[list]!) {
      index[row] = arrays.starts[list]! + position - 1;
    }
  }
  putItems(arrays.children[0]!, index, selection, count, out);
};

const mapItem: KernelFunction = (columns, selection, count, out) => {
  const [maps, wanted] = columns as readonly [Column, Column];
  const keys = maps.children[0]!;
  const index = new Int32Array(out.length).fill(NO_ITEM);
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    const list = indexIn(maps, row);
    const start = maps.starts[list]!;
    for (let k = start; k < start + maps.lengths[list]!; k++) {
      if (!keys.isNull(k) && itemsEqual(keys, k, wanted, row)) index[row] = k;
    }
  }
  putItems(maps.children[1]!, index, selection, count, out);
};

const cardinality: KernelFunction = (columns, selection, count, out) => {
  const lists = columns[0]!;
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    out.values[row] = lists.lengths[indexIn(lists, row)]!;
  }
};

const element: KernelFunction = (columns, selection, count, out) => {
  const arrays = columns[0]!;
  const index = new Int32Array(out.length).fill(NO_ITEM);
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    const list = indexIn(arrays, row);
    if (arrays.lengths[list]! > 1) {
      throw new KernelError('MR3006', 'array of more than one element', row);
    }
    if (arrays.lengths[list] === 1) index[row] = arrays.starts[list]!;
  }
  putItems(arrays.children[0]!, index, selection, count, out);
};

/** The lists of an argument over other children. */
function reuseRanges(children: (lists: Column, out: Column) => readonly Column[]): KernelFunction {
  return ([lists], _selection, _count, out) => {
    const { length, values, validity, starts, lengths, heap, constant } = lists!;
    adopt(new Column(out.type, length, values, validity, starts, lengths, heap,
      children(lists!, out), constant), out);
  };
}

function entriesOf(maps: Column, out: Column): readonly Column[] {
  const entries = allocateColumn(childOf(out, 0), 0);
  entries.length = maps.children[0]!.length;
  entries.children = maps.children;
  return [entries];
}

const mapFromArrays: KernelFunction = (columns, selection, count, out) => {
  const [ofKeys, ofValues] = columns as readonly [Column, Column];
  const keys = new ItemPool();
  const values = new ItemPool();
  keys.add(ofKeys.children[0]!);
  values.add(ofValues.children[0]!);
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    const length = ofKeys.lengths[indexIn(ofKeys, row)]!;
    const other = ofValues.lengths[indexIn(ofValues, row)]!;
    if (length !== other) {
      const detail = `MAP_FROM_ARRAYS of ${length} keys and ${other} values`;
      throw new KernelError('MR3006', detail, row);
    }
    out.starts[row] = keys.picked;
    out.lengths[row] = length;
    keys.pickList(0, ofKeys, row);
    values.pickList(0, ofValues, row);
  }
  out.children = [keys.finish(childOf(out, 0)), values.finish(childOf(out, 1))];
};

/** Of equal keys the last map's value is kept; entries stand from the last map to the first. */
const mapUnion: KernelFunction = (columns, selection, count, out) => {
  const keys = new ItemPool();
  const values = new ItemPool();
  const bases = columns.map((map) => {
    values.add(map.children[1]!);
    return keys.add(map.children[0]!);
  });
  const seen = new ItemSet();
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    seen.clear();
    out.starts[row] = keys.picked;
    for (let m = columns.length - 1; m >= 0; m--) {
      const map = columns[m]!;
      const list = indexIn(map, row);
      for (let k = map.starts[list]!; k < map.starts[list]! + map.lengths[list]!; k++) {
        if (!seen.add(map.children[0]!, k)) continue;
        keys.pick(bases[m]! + k);
        values.pick(bases[m]! + k);
      }
    }
    out.lengths[row] = keys.picked - out.starts[row]!;
  }
  out.children = [keys.finish(childOf(out, 0)), values.finish(childOf(out, 1))];
};

/** Whether values of the type are made of other values. */
export function isNested(type: DataType): boolean {
  return ['row', 'array', 'map'].includes(physicalOf(type));
}

export const nestedKernels: KernelFamily = {
  row: ownNulls(() => makeRow),
  array: ownNulls(() => makeArray),
  map: ownNulls(() => makeMap),
  array_item: propagating(arrayItem),
  map_item: propagating(mapItem),
  cardinality: propagating(cardinality),
  element: propagating(element),
  map_keys: propagating(reuseRanges((maps) => [maps.children[0]!])),
  map_values: propagating(reuseRanges((maps) => [maps.children[1]!])),
  map_entries: propagating(reuseRanges(entriesOf)),
  map_from_arrays: propagating(mapFromArrays),
  map_union: propagating(mapUnion),
};
