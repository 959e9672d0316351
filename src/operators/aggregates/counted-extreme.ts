/**
 * MIN and MAX where rows may be taken back: how often each value of a group occurs, and which is
 * the best. Values come in Java's order of objects: NaN is the greatest, -0.0 below 0.0.
 *
 * A group's values also stand in a heap, best first. Values that are gone stay in it until they
 * reach the top, so that taking rows back costs O(log n).
 */
import {
  allocateColumn, allocateValues, type Column, readI64, setNull, type Values, writeI64,
} from '../../batch/column.js';
import { compareBytes } from '../../batch/strings.js';
import { GroupTable } from '../../state/group-table.js';
import { hashKey, KeyLayout, type EncodedKeys } from '../../state/key-layout.js';
import { StringPool } from '../../state/string-pool.js';
import {
  BIGINT, notNull, physicalOf, withNullable, type DataType, type PhysicalName,
} from '../../types/data-type.js';
import { Aggregate, type CountedValues } from './aggregate.js';
import { CountState } from './count.js';
import { valueLess, type ValueLess } from './ordering.js';
import { type StateColumn, wordsOf } from './state-column.js';

const MOST_UNUSED = 1024;

/** Java's Double.compareTo. */
const floatLess: ValueLess = (a, aRow, b, bRow) => {
  const x = a[aRow]!;
  const y = b[bRow]!;
  if (Number.isNaN(x) || Number.isNaN(y)) return !Number.isNaN(x);
  return x === y ? Object.is(x, -0) && Object.is(y, 0) : x < y;
};

/** The (group, value) entries of one aggregate. */
class Entries {
  private readonly layout: KeyLayout;
  private readonly table: GroupTable;
  private readonly pool = new StringPool();
  private readonly encoded: EncodedKeys = {
    words: new Int32Array(0), hashes: new Int32Array(0),
  };
  private readonly key: Int32Array;
  private readonly row = new Int32Array(1);
  private readonly physical: PhysicalName;
  private readonly less: ValueLess;
  private readonly words: number;
  /** Value, count, group and place in a heap of each entry. */
  private values: Values;
  counts = new Float64Array(16);
  owners = new Int32Array(16);
  private queued = new Uint8Array(16);
  readonly heaps: number[][] = [];
  unused = 0;

  constructor(readonly type: DataType, private readonly isMin: boolean) {
    this.layout = new KeyLayout([type]);
    this.table = new GroupTable(this.layout.width + 1);
    this.key = new Int32Array(this.table.width);
    this.physical = physicalOf(type);
    this.words = wordsOf(this.physical);
    const isFloat = this.physical === 'f32' || this.physical === 'f64';
    this.less = isFloat ? floatLess : valueLess(this.physical);
    this.values = this.isText ? new Int32Array(16) : allocateValues(this.physical, 16);
  }

  get size(): number {
    return this.table.size;
  }

  get byteSize(): number {
    return this.table.byteSize + this.pool.byteSize + this.counts.length * 13;
  }

  /** The entry of a value, made with a count of 0 if there is none. */
  entryOf(group: number, column: Column, row: number): number {
    const { key, table, encoded } = this;
    this.row[0] = row;
    this.layout.encode([column], this.row, 1, this.pool, encoded);
    key[0] = group;
    for (let k = 1; k < key.length; k++) key[k] = encoded.words[k - 1]!;
    const known = table.size;
    table.reserve(1);
    const entry = table.findOrInsert(key, 0, hashKey(key, 0, key.length));
    if (entry === known) this.append(entry, group, column, column.constant ? 0 : row);
    return entry;
  }

  private append(entry: number, group: number, column: Column, row: number): void {
    if (entry === this.counts.length) this.grow();
    const { words } = this;
    if (this.isText) this.values[entry] = this.key[this.key.length - 1]!;
    else for (let k = 0; k < words; k++) {
      this.values[entry * words + k] = column.values[row * words + k]!;
    }
    this.counts[entry] = 0;
    this.owners[entry] = group;
    this.queued[entry] = 0;
    this.unused++;
  }

  /** Entries with a count stand in the heap of their group. */
  changeCount(entry: number, change: number): void {
    const wasUsed = this.counts[entry] !== 0;
    this.counts[entry]! += change;
    const isUsed = this.counts[entry] !== 0;
    this.unused += (wasUsed ? 1 : 0) - (isUsed ? 1 : 0);
    if (!isUsed || this.queued[entry] !== 0) return;
    this.queued[entry] = 1;
    this.push(this.heapOf(this.owners[entry]!), entry);
  }

  heapOf(group: number): number[] {
    while (this.heaps.length <= group) this.heaps.push([]);
    return this.heaps[group]!;
  }

  /** Whether one entry's value is better than another's. */
  wins(a: number, b: number): boolean {
    return this.isMin ? this.isLess(a, b) : this.isLess(b, a);
  }

  isSame(a: number, b: number): boolean {
    return a === b || (!this.isLess(a, b) && !this.isLess(b, a));
  }

  /** The best entry whose count is not 0, even a negative one; -1 = none. */
  findBest(group: number): number {
    const heap = this.heapOf(group);
    while (heap.length > 0 && this.counts[heap[0]!] === 0) this.queued[this.pop(heap)] = 0;
    return heap[0] ?? -1;
  }

  /** Values of entries as a column. */
  valuesOf(entries: readonly number[]): Column {
    const column = allocateColumn(this.type, entries.length);
    entries.forEach((entry, i) => this.store(entry, column, i));
    this.finish(column);
    return column;
  }

  store(entry: number, out: Column, slot: number): void {
    if (this.isText) {
      const id = this.values[entry]!;
      out.starts[slot] = this.pool.starts[id]!;
      out.lengths[slot] = this.pool.lengths[id]!;
      return;
    }
    const { words } = this;
    for (let k = 0; k < words; k++) out.values[slot * words + k] = this.values[entry * words + k]!;
  }

  finish(out: Column): void {
    if (this.isText) out.heap = this.pool.heap.bytes;
  }

  private get isText(): boolean {
    return this.physical === 'string';
  }

  private isLess(a: number, b: number): boolean {
    if (!this.isText) return this.less(this.values, a, this.values, b);
    const { heap, starts, lengths } = this.pool;
    const x = this.values[a]!;
    const y = this.values[b]!;
    const { bytes } = heap;
    return compareBytes(bytes, starts[x]!, lengths[x]!, bytes, starts[y]!, lengths[y]!) < 0;
  }

  private push(heap: number[], entry: number): void {
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.wins(entry, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = entry;
  }

  private pop(heap: number[]): number {
    const top = heap[0]!;
    const last = heap.pop()!;
    if (heap.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && this.wins(heap[child + 1]!, heap[child]!)) child++;
      if (!this.wins(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return top;
  }

  private grow(): void {
    const capacity = this.counts.length * 2;
    const values = this.isText ? new Int32Array(capacity)
      : allocateValues(this.physical, capacity);
    values.set(this.values);
    this.values = values;
    const counts = new Float64Array(capacity);
    counts.set(this.counts);
    this.counts = counts;
    const owners = new Int32Array(capacity);
    owners.set(this.owners);
    this.owners = owners;
    const queued = new Uint8Array(capacity);
    queued.set(this.queued);
    this.queued = queued;
  }
}

class CountedExtreme extends Aggregate {
  private entries: Entries;
  /** Entry of the best value; -1 = none. */
  private best = new Int32Array(16).fill(-1);
  /** Values of a positive count. */
  private readonly size = new CountState('size');
  readonly state: readonly StateColumn[];
  private argument: Column | null = null;
  private groupCount = 0;

  constructor(private readonly type: DataType, private readonly isMin: boolean) {
    super();
    this.entries = new Entries(type, isMin);
    this.state = [new BestColumn(type, this), this.size];
  }

  override get byteSize(): number {
    return this.entries.byteSize + this.best.byteLength + this.size.byteSize;
  }

  override resize(groupCount: number): void {
    if (groupCount > this.best.length) {
      const best = new Int32Array(Math.max(groupCount, this.best.length * 2));
      best.set(this.best);
      this.best = best;
    }
    if (groupCount > this.groupCount) this.best.fill(-1, this.groupCount, groupCount);
    this.groupCount = groupCount;
    this.size.resize(groupCount);
  }

  bind(argument: Column): void {
    this.argument = argument;
    const { unused, size } = this.entries;
    if (unused <= MOST_UNUSED || unused <= size / 2) return;
    this.rebuild(Int32Array.from({ length: this.groupCount }, (_, group) => group));
  }

  add(group: number, row: number): void {
    const { entries } = this;
    const entry = entries.entryOf(group, this.argument!, row);
    if (this.size.values[group] === 0 || this.beatsBest(entry, group)) this.best[group] = entry;
    entries.changeCount(entry, 1);
    if (entries.counts[entry] === 1) this.size.values[group]!++;
  }

  retract(group: number, row: number): void {
    const { entries } = this;
    const entry = entries.entryOf(group, this.argument!, row);
    entries.changeCount(entry, -1);
    if (entries.counts[entry] !== 0) return;
    this.size.values[group]!--;
    if (this.size.values[group] === 0) this.best[group] = -1;
    else if (this.isBest(entry, group)) this.findBest(group);
  }

  private beatsBest(entry: number, group: number): boolean {
    const best = this.best[group]!;
    return best < 0 || this.entries.wins(entry, best);
  }

  private isBest(entry: number, group: number): boolean {
    const best = this.best[group]!;
    return best >= 0 && this.entries.isSame(entry, best);
  }

  private findBest(group: number): void {
    const best = this.entries.findBest(group);
    this.best[group] = best;
    if (best < 0) this.size.values[group] = 0;
  }

  store(group: number, out: Column, slot: number): void {
    const best = this.best[group]!;
    if (this.size.values[group]! > 0 && best >= 0) this.entries.store(best, out, slot);
    else setNull(out, slot);
  }

  override finishColumn(out: Column): void {
    this.entries.finish(out);
  }

  merge(group: number, from: this, other: number): void {
    const { entries } = this;
    const theirs = from.entries;
    const heap = theirs.heapOf(other).filter((entry) => theirs.counts[entry] !== 0);
    const best = from.best[other]!;
    const column = theirs.valuesOf(best < 0 ? heap : [...heap, best]);
    if (from.size.values[other]! > 0 && best >= 0) {
      const offered = entries.entryOf(group, column, heap.length);
      if (this.size.values[group] === 0 || this.beatsBest(offered, group)) {
        this.best[group] = offered;
      }
    }
    let lostBest = false;
    heap.forEach((entry, i) => {
      const own = entries.entryOf(group, column, i);
      const before = entries.counts[own]!;
      entries.changeCount(own, theirs.counts[entry]!);
      const after = entries.counts[own]!;
      this.size.values[group]! += (after > 0 ? 1 : 0) - (before > 0 ? 1 : 0);
      if (before > 0 && after <= 0 && this.isBest(own, group)) lostBest = true;
    });
    if (lostBest) this.findBest(group);
  }

  override keep(groups: Int32Array, newIds: Int32Array): void {
    this.rebuild(newIds);
    const best = new Int32Array(Math.max(16, groups.length)).fill(-1);
    for (let i = 0; i < groups.length; i++) best[i] = this.best[groups[i]!]!;
    this.best = best;
    this.groupCount = groups.length;
    this.size.keep(groups);
  }

  /** Keeps the entries that have a count or are a best one, of the groups that have a new id. */
  private rebuild(newIds: Int32Array): void {
    const old = this.entries;
    const entries = new Entries(this.type, this.isMin);
    const all = Array.from({ length: old.size }, (_, entry) => entry);
    const column = old.valuesOf(all);
    const newEntry = (entry: number): number =>
      entries.entryOf(newIds[old.owners[entry]!]!, column, entry);
    for (const entry of all) {
      if (old.counts[entry] === 0 || newIds[old.owners[entry]!]! < 0) continue;
      entries.changeCount(newEntry(entry), old.counts[entry]!);
    }
    for (let group = 0; group < newIds.length; group++) {
      const best = this.best[group]!;
      if (best >= 0 && newIds[group]! >= 0) this.best[group] = newEntry(best);
    }
    this.entries = entries;
  }

  /** Column `value` of a snapshot. */
  saveBest(groups: Int32Array): Column {
    const column = allocateColumn(withNullable(this.type, true), groups.length);
    groups.forEach((group, i) => {
      const best = this.best[group]!;
      if (best >= 0) this.entries.store(best, column, i);
      else setNull(column, i);
    });
    this.entries.finish(column);
    return column;
  }

  restoreBest(column: Column, groups: Int32Array): void {
    groups.forEach((group, i) => {
      this.best[group] = column.isNull(i) ? -1 : this.entries.entryOf(group, column, i);
    });
  }

  override countedType(): DataType {
    return withNullable(this.type, true);
  }

  override countedSize(): number {
    return this.entries.size - this.entries.unused;
  }

  override saveCounted(): CountedValues {
    const { counts, owners, size } = this.entries;
    const used: number[] = [];
    for (let entry = 0; entry < size; entry++) if (counts[entry] !== 0) used.push(entry);
    const countColumn = allocateColumn(notNull(BIGINT), used.length);
    used.forEach((entry, i) => {
      writeI64(countColumn.values as Int32Array, i, counts[entry]!);
    });
    return {
      groups: Int32Array.from(used, (entry) => owners[entry]!),
      values: this.entries.valuesOf(used),
      counts: countColumn,
    };
  }

  override restoreCounted({ groups, values, counts }: CountedValues): void {
    groups.forEach((group, i) => {
      const count = readI64(counts.values as Int32Array, counts.constant ? 0 : i);
      this.entries.changeCount(this.entries.entryOf(group, values, i), count);
    });
  }
}

/** The best value as a state column; it lives among the entries. */
class BestColumn implements StateColumn {
  readonly name = 'value';
  readonly type: DataType;
  readonly byteSize = 0;

  constructor(type: DataType, private readonly owner: CountedExtreme) {
    this.type = withNullable(type, true);
  }

  resize(_groupCount: number): void {}
  keep(_groups: Int32Array): void {}

  save(groups: Int32Array): Column {
    return this.owner.saveBest(groups);
  }

  restore(column: Column, groups: Int32Array): void {
    this.owner.restoreBest(column, groups);
  }
}

/** MIN or MAX of values that may be taken back; null where the type has no order. */
export function makeCountedExtreme(type: DataType, isMin: boolean): Aggregate | null {
  switch (physicalOf(type)) {
    case 'bytes':
    case 'row':
    case 'array':
    case 'map':
    case 'null':
      return null;
    default:
      return new CountedExtreme(type, isMin);
  }
}
