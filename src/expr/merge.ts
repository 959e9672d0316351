/**
 * Putting the rows of several columns into one: what CASE and COALESCE do with their branches.
 */
import { allocateColumn, Column, setNull } from '../batch/column.js';
import { HeapBuilder } from '../batch/strings.js';
import { concat, flattened, take } from '../batch/take.js';
import type { DataType } from '../types/data-type.js';

/** Collects values for rows of a batch, branch by branch; each row is given at most once. */
export interface RowMerger {
  /** Takes the values of the selected rows from `source`. */
  assign(source: Column, selection: Int32Array | null, count: number): void;
  finish(): Column;
}

/** A merger for columns of `type` with room for `rowCount` rows. */
export function mergerOf(type: DataType, rowCount: number): RowMerger {
  const out = allocateColumn(type, rowCount);
  switch (out.physical) {
    case 'string':
    case 'bytes':
      return new TextMerger(out);
    case 'row':
    case 'array':
    case 'map':
    case 'null':
      return new IndexMerger(type, rowCount);
    default:
      return new FixedMerger(out);
  }
}

class FixedMerger implements RowMerger {
  constructor(private readonly out: Column) {}

  assign(source: Column, selection: Int32Array | null, count: number): void {
    const { out } = this;
    const words = out.physical === 'i64' ? 2 : out.physical === 'i128' ? 4 : 1;
    const step = source.constant ? 0 : words;
    const from = source.values;
    const to = out.values;
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      for (let k = 0; k < words; k++) to[row * words + k] = from[row * step + k]!;
    }
    copyNulls(out, source, selection, count);
  }

  finish(): Column {
    return this.out;
  }
}

class TextMerger implements RowMerger {
  private readonly heap = new HeapBuilder(0);

  constructor(private readonly out: Column) {}

  assign(source: Column, selection: Int32Array | null, count: number): void {
    copyNulls(this.out, source, selection, count);
    if (source.constant) this.assignConstant(source, selection, count);
    else this.assignRows(source, selection, count);
  }

  private assignConstant(source: Column, selection: Int32Array | null, count: number): void {
    if (source.isNull(0)) return;
    const length = source.lengths[0]!;
    const start = this.heap.append(source.heap, source.starts[0]!, length);
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      this.out.starts[row] = start;
      this.out.lengths[row] = length;
    }
  }

  private assignRows(source: Column, selection: Int32Array | null, count: number): void {
    const { starts, lengths } = this.out;
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      if (source.isNull(row)) continue;
      const length = source.lengths[row]!;
      starts[row] = this.heap.append(source.heap, source.starts[row]!, length);
      lengths[row] = length;
    }
  }

  finish(): Column {
    this.out.heap = this.heap.finish();
    return this.out;
  }
}

function copyNulls(
  out: Column, source: Column, selection: Int32Array | null, count: number,
): void {
  if (source.validity === null && source.physical !== 'null') return;
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    if (source.isNull(row)) setNull(out, row);
  }
}

/** Nested types: the branches side by side, then a gather. */
class IndexMerger implements RowMerger {
  private readonly sources: Column[] = [];
  private readonly counts: number[] = [];
  private readonly indexes: Int32Array;
  private offset = 0;

  constructor(private readonly type: DataType, private readonly rowCount: number) {
    this.indexes = new Int32Array(rowCount);
  }

  assign(source: Column, selection: Int32Array | null, count: number): void {
    const rows = source.constant ? 1 : this.rowCount;
    this.sources.push(flattened(source, 1));
    this.counts.push(rows);
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      this.indexes[row] = this.offset + (source.constant ? 0 : row);
    }
    this.offset += rows;
  }

  finish(): Column {
    if (this.offset === 0) return allocateColumn(this.type, this.rowCount);
    return take(concat(this.sources, this.counts), this.indexes);
  }
}
