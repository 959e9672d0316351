/** ARRAY_* functions: most pick values of their arguments, none copies one. */
import { type Column, setNull } from '../../batch/column.js';
import { HeapBuilder } from '../../batch/strings.js';
import { childTypes } from '../../types/data-type.js';
import { compareItems, itemsEqual, ItemPool, ItemSet, NO_ITEM, putItems } from '../items.js';
import { type KernelFamily, type KernelFunction, ownNulls, propagating } from '../kernel.js';
import { indexIn } from '../loop.js';

/** A needle is looked for by equality; NULL is found where the array has one. */
function isNeedle(items: Column, at: number, needle: Column, row: number): boolean {
  const isNull = items.isNull(at);
  if (isNull || needle.isNull(row)) return isNull === needle.isNull(row);
  return itemsEqual(items, at, needle, row);
}

/** The position of the first such value in the array of a row, from 1; 0 where there is none. */
function positionOf(arrays: Column, needle: Column, row: number): number {
  const list = indexIn(arrays, row);
  for (let k = 0; k < arrays.lengths[list]!; k++) {
    if (isNeedle(arrays.children[0]!, arrays.starts[list]! + k, needle, row)) return k + 1;
  }
  return 0;
}

const arrayContains: KernelFunction = (columns, selection, count, out) => {
  const [arrays, needle] = columns as readonly [Column, Column];
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    if (arrays.isNull(row)) setNull(out, row);
    else out.values[row] = positionOf(arrays, needle, row) > 0 ? 1 : 0;
  }
};

const arrayPosition: KernelFunction = (columns, selection, count, out) => {
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    out.values[row] = positionOf(columns[0]!, columns[1]!, row);
  }
};

type PickRow = (row: number) => void;

/**
 * Arrays by a function that picks the values of one row from a pool of the items of the first
 * `lists` arguments and of the other arguments themselves. Rows with a NULL array (the first
 * argument) are NULL.
 */
function picking(
  lists: number,
  start: (columns: readonly Column[], pool: ItemPool, bases: readonly number[]) => PickRow,
): KernelFunction {
  return (columns, selection, count, out) => {
    const pool = new ItemPool();
    const bases = columns.map((column, n) => pool.add(n < lists ? column.children[0]! : column));
    const pick = start(columns, pool, bases);
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      if (columns[0]!.isNull(row)) {
        setNull(out, row);
        continue;
      }
      out.starts[row] = pool.picked;
      pick(row);
      out.lengths[row] = pool.picked - out.starts[row]!;
    }
    out.children = [pool.finish(childTypes(out.type)[0]!)];
  };
}

const arrayAppend = picking(1, ([array, added], pool, [base, other]) => (row) => {
  pool.pickList(base!, array!, row);
  pool.pick(other! + indexIn(added!, row));
});

const arrayPrepend = picking(1, ([array, added], pool, [base, other]) => (row) => {
  pool.pick(other! + indexIn(added!, row));
  pool.pickList(base!, array!, row);
});

const arrayConcat = picking(Infinity, (columns, pool, bases) => (row) => {
  for (let n = 0; n < columns.length; n++) pool.pickList(bases[n]!, columns[n]!, row);
});

/** The items' indexes of a row. */
function eachItem(arrays: Column, row: number, visit: (index: number) => void): void {
  const list = indexIn(arrays, row);
  const start = arrays.starts[list]!;
  for (let k = start; k < start + arrays.lengths[list]!; k++) visit(k);
}

const arrayRemove: KernelFunction = (columns, selection, count, out, context) => {
  const needle = columns[1]!;
  const run = picking(1, ([array], pool) => (row) => {
    eachItem(array!, row, (k) => {
      if (!isNeedle(array!.children[0]!, k, needle, row)) pool.pick(k);
    });
  });
  run([columns[0]!], selection, count, out, context);
};

const arrayReverse = picking(1, ([array], pool) => (row) => {
  const list = indexIn(array!, row);
  for (let k = array!.lengths[list]! - 1; k >= 0; k--) pool.pick(array!.starts[list]! + k);
});

/** ARRAY_DISTINCT of one array, ARRAY_UNION of two. */
const arrayUnion = picking(Infinity, (columns, pool, bases) => {
  const seen = new ItemSet();
  return (row) => {
    seen.clear();
    columns.forEach((array, n) => eachItem(array, row, (k) => {
      if (seen.add(array.children[0]!, k)) pool.pick(bases[n]! + k);
    }));
  };
});

const arrayExcept = picking(2, ([array, other], pool) => {
  const seen = new ItemSet();
  return (row) => {
    seen.clear();
    eachItem(other!, row, (k) => seen.add(other!.children[0]!, k));
    eachItem(array!, row, (k) => {
      if (seen.add(array!.children[0]!, k)) pool.pick(k);
    });
  };
});

const arrayIntersect = picking(2, ([array, other], pool) => {
  const wanted = new ItemSet();
  const seen = new ItemSet();
  return (row) => {
    wanted.clear();
    seen.clear();
    eachItem(other!, row, (k) => wanted.add(other!.children[0]!, k));
    const items = array!.children[0]!;
    eachItem(array!, row, (k) => {
      if (wanted.has(items, k) && seen.add(items, k)) pool.pick(k);
    });
  };
});

function arrayExtreme(sign: 1 | -1): KernelFunction {
  return ([arrays], selection, count, out) => {
    const items = arrays!.children[0]!;
    const index = new Int32Array(out.length).fill(NO_ITEM);
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      let best = NO_ITEM;
      eachItem(arrays!, row, (k) => {
        if (items.isNull(k)) return;
        if (best === NO_ITEM || compareItems(items, k, items, best) * sign > 0) best = k;
      });
      index[row] = best;
    }
    putItems(items, index, selection, count, out);
  };
}

/** From 1; 0 is the first, negative positions count from the end. Past both ends it is cut. */
const arraySlice: KernelFunction = (columns, selection, count, out) => {
  const [arrays, starts, ends] = columns as readonly [Column, Column, Column?];
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    const list = indexIn(arrays, row);
    const length = arrays.lengths[list]!;
    let from = starts.values[indexIn(starts, row)]!;
    let to = ends === undefined ? length : ends.values[indexIn(ends, row)]!;
    if (from < 0) from += length + 1;
    if (to < 0) to += length + 1;
    if (to === 0) to = 1;
    from = Math.max(from, 1);
    to = Math.min(to, length);
    out.starts[row] = arrays.starts[list]! + (from > to ? 0 : from - 1);
    out.lengths[row] = Math.max(0, to - from + 1);
  }
  out.children = arrays.children;
};

function flagAt(column: Column | undefined, row: number, otherwise: boolean): boolean {
  return column === undefined ? otherwise : column.values[indexIn(column, row)] !== 0;
}

const arraySort: KernelFunction = (columns, selection, count, out, context) => {
  const [arrays, ascending, nullsFirst] = columns as readonly [Column, Column?, Column?];
  const items = arrays.children[0]!;
  const run = picking(1, (_, pool) => (row) => {
    const up = flagAt(ascending, row, true);
    const sign = up ? 1 : -1;
    const nulls: number[] = [];
    const present: number[] = [];
    eachItem(arrays, row, (k) => (items.isNull(k) ? nulls : present).push(k));
    present.sort((i, j) => sign * compareItems(items, i, items, j));
    const isNullsFirst = flagAt(nullsFirst, row, up);
    for (const k of isNullsFirst ? nulls : present) pool.pick(k);
    for (const k of isNullsFirst ? present : nulls) pool.pick(k);
  });
  run([arrays], selection, count, out, context);
};

/** ARRAY_JOIN(array, separator [, text for NULL]); NULLs are left out where there is none. */
const arrayJoin: KernelFunction = (columns, selection, count, out) => {
  const [arrays, separator, nullText] = columns as readonly [Column, Column, Column?];
  const items = arrays.children[0]!;
  const heap = new HeapBuilder(count * 16);
  const append = (column: Column, row: number): void => {
    const at = indexIn(column, row);
    heap.append(column.heap, column.starts[at]!, column.lengths[at]!);
  };
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    const start = heap.end;
    let isFirst = true;
    eachItem(arrays, row, (k) => {
      const isNull = items.isNull(k);
      if (isNull && nullText === undefined) return;
      if (!isFirst) append(separator, row);
      isFirst = false;
      if (isNull) append(nullText!, row);
      else append(items, k);
    });
    out.starts[row] = start;
    out.lengths[row] = heap.end - start;
  }
  out.heap = heap.finish();
};

export const arrayKernels: KernelFamily = {
  array_contains: ownNulls(() => arrayContains),
  array_position: propagating(arrayPosition),
  array_append: ownNulls(() => arrayAppend),
  array_prepend: ownNulls(() => arrayPrepend),
  array_concat: propagating(arrayConcat),
  array_remove: ownNulls(() => arrayRemove),
  array_reverse: propagating(arrayReverse),
  array_distinct: propagating(arrayUnion),
  array_union: propagating(arrayUnion),
  array_except: propagating(arrayExcept),
  array_intersect: propagating(arrayIntersect),
  array_max: propagating(arrayExtreme(1)),
  array_min: propagating(arrayExtreme(-1)),
  array_slice: propagating(arraySlice),
  array_sort: propagating(arraySort),
  array_join: propagating(arrayJoin),
};
