/**
 * The functions that a correlate calls. A row they make is named by an item, a number that only
 * the function understands; columns are made of many items at once.
 */
import { type Column, readI64 } from '../batch/column.js';
import { takeOrNull } from '../batch/take-or-null.js';
import { fail } from '../errors/index.js';
import type { DataType } from '../types/data-type.js';

/** Takes items, in the order of their rows. */
export interface ItemList {
  push(item: number): void;
}

export interface TableFunction {
  /** The arguments of a batch, a value a row; items name rows made of them until the next call. */
  beginBatch(values: readonly Column[]): void;
  beginRow(row: number): void;
  /** Adds the next items of the row, `most` at most; returns how many. 0: there are no more. */
  next(most: number, items: ItemList): number;
  /** Column `index` of the rows that the items name; ABSENT gives NULL. */
  column(index: number, items: Int32Array, type: DataType): Column;
}

/** The items of arrays, maps and multisets: places in the collections' children. */
class Unnest implements TableFunction {
  private collection!: Column;
  private at = 0;
  private end = 0;
  /** Of a multiset: how often the item at `at` is still to come; 0: not looked at. */
  private leftInItem = 0;

  beginBatch(values: readonly Column[]): void {
    this.collection = values[0]!;
  }

  beginRow(row: number): void {
    const { collection } = this;
    this.leftInItem = 0;
    this.at = 0;
    this.end = 0;
    if (collection.isNull(row)) return;
    const from = collection.constant ? 0 : row;
    this.at = collection.starts[from]!;
    this.end = this.at + collection.lengths[from]!;
  }

  next(most: number, items: ItemList): number {
    if (this.collection.type.root === 'MULTISET') return this.nextRepeated(most, items);
    const values = this.collection.children[0]!;
    if (values.physical === 'row' && values.validity !== null) return this.nextRows(most, items);
    const count = Math.min(most, this.end - this.at);
    for (let i = 0; i < count; i++) items.push(this.at++);
    return count;
  }

  /** A NULL among rows is none, as in Flink. */
  private nextRows(most: number, items: ItemList): number {
    const values = this.collection.children[0]!;
    let made = 0;
    for (; made < most && this.at < this.end; this.at++) {
      if (values.isNull(this.at)) continue;
      items.push(this.at);
      made++;
    }
    return made;
  }

  private nextRepeated(most: number, items: ItemList): number {
    const counts = this.collection.children[1]!;
    let made = 0;
    while (made < most && this.at < this.end) {
      if (this.leftInItem === 0 && !this.isNullRow()) {
        this.leftInItem = counts.values[counts.constant ? 0 : this.at]!;
      }
      for (; this.leftInItem > 0 && made < most; this.leftInItem--, made++) items.push(this.at);
      if (this.leftInItem <= 0) {
        this.leftInItem = 0;
        this.at++;
      }
    }
    return made;
  }

  private isNullRow(): boolean {
    const values = this.collection.children[0]!;
    return values.physical === 'row' && values.isNull(this.at);
  }

  column(index: number, items: Int32Array, type: DataType): Column {
    const { collection } = this;
    const values = collection.children[0]!;
    if (collection.type.root === 'MAP') {
      return takeOrNull(collection.children[index]!, items, type);
    }
    if (values.physical !== 'row') return takeOrNull(values, items, type);
    return takeOrNull(values.children[index]!, items, type);
  }
}

/** The values behind the count, so many times: an item is the row itself. */
class ReplicateRows implements TableFunction {
  private values: readonly Column[] = [];
  private row = 0;
  private left = 0;

  beginBatch(values: readonly Column[]): void {
    this.values = values;
  }

  beginRow(row: number): void {
    const counts = this.values[0]!;
    this.row = row;
    this.left = counts.isNull(row) ? 0
      : readI64(counts.values as Int32Array, counts.constant ? 0 : row);
  }

  next(most: number, items: ItemList): number {
    const count = Math.max(0, Math.min(most, this.left));
    for (let i = 0; i < count; i++) items.push(this.row);
    this.left -= count;
    return count;
  }

  column(index: number, items: Int32Array, type: DataType): Column {
    return takeOrNull(this.values[index + 1]!, items, type);
  }
}

/** MR2104 where this engine has none of that name. */
export function makeTableFunction(name: string): TableFunction {
  switch (name) {
    case 'unnest':
    case 'unnest-with-ordinality':
      return new Unnest();
    case 'replicate-rows':
      return new ReplicateRows();
    default:
      return fail('MR2104', { engine: 'fallback', feature: `table function ${name}` });
  }
}
