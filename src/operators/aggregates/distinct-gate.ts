/**
 * Lets a row through to a DISTINCT aggregate where it is the first of its value in its group, or
 * takes back the last: one count for each (group, value).
 */
import { allocateColumn, type Column, readI64, writeI64 } from '../../batch/column.js';
import { GroupTable } from '../../state/group-table.js';
import { hashKey, KeyLayout, type EncodedKeys } from '../../state/key-layout.js';
import { StringPool } from '../../state/string-pool.js';
import { BIGINT, notNull, type DataType } from '../../types/data-type.js';
import type { AggregateRows, CountedValues } from './aggregate.js';

const MOST_UNUSED = 1024;

export class DistinctGate {
  private readonly layout: KeyLayout;
  private pool = new StringPool();
  /** Keys are the group, then the words of the value. */
  private readonly entries: GroupTable;
  private counts = new Float64Array(16);
  private readonly encoded: EncodedKeys = {
    words: new Int32Array(0), hashes: new Int32Array(0),
  };
  private readonly keys: EncodedKeys = { words: new Int32Array(0), hashes: new Int32Array(0) };
  private found = new Int32Array(0);
  /** Entries with a count of 0. */
  private unused = 0;
  /** Groups seen so far are below this. */
  private groupLimit = 0;
  /** Entries by group, oldest first, so far as `saveOf` was asked; empty where they move. */
  private ofGroups: number[][] = [];
  private listed = 0;
  /** The answer of the last batch; null until it was asked. */
  answer: Uint8Array | null = null;

  constructor(readonly valueType: DataType) {
    this.layout = new KeyLayout([valueType]);
    this.entries = new GroupTable(this.layout.width + 1);
  }

  get size(): number {
    return this.entries.size;
  }

  get byteSize(): number {
    return this.entries.byteSize + this.counts.byteLength + this.pool.byteSize;
  }

  /** 1 for each row that passes; `mask` (null = all) leaves out rows that do not count. */
  open(rows: AggregateRows, values: Column, mask: Uint8Array | null): Uint8Array {
    this.dropUnused();
    const pass = new Uint8Array(rows.count);
    const kept = keptPositions(rows.count, mask);
    const keptRows = Int32Array.from(kept, (i) => rows.rows[i]!);
    const keptGroups = Int32Array.from(kept, (i) => rows.groups[i]!);
    this.findEntries(keptRows, keptGroups, values);
    for (let k = 0; k < kept.length; k++) {
      const i = kept[k]!;
      const entry = this.found[k]!;
      const back = rows.retract !== null && rows.retract[i] !== 0;
      this.changeCount(entry, back ? -1 : 1);
      pass[i] = this.counts[entry] === (back ? 0 : 1) ? 1 : 0;
    }
    this.answer = pass;
    return pass;
  }

  /**
   * Takes in entries of another gate; 1 for each value that is new to its group or leaves it, and
   * `rows.retract` says which.
   */
  merge(rows: AggregateRows, values: Column, counts: Column): Uint8Array {
    this.dropUnused();
    this.findEntries(rows.rows, rows.groups, values);
    const pass = new Uint8Array(rows.count);
    for (let i = 0; i < rows.count; i++) {
      const entry = this.found[i]!;
      const wasSeen = this.counts[entry]! > 0;
      const row = counts.constant ? 0 : rows.rows[i]!;
      this.changeCount(entry, readI64(counts.values as Int32Array, row));
      const isSeen = this.counts[entry]! > 0;
      pass[i] = wasSeen === isSeen ? 0 : 1;
      if (wasSeen && !isSeen) rows.retract![i] = 1;
    }
    return pass;
  }

  keep(newIds: Int32Array): void {
    const { entries } = this;
    const { width } = entries;
    const kept: number[] = [];
    for (let entry = 0; entry < entries.size; entry++) {
      if (this.counts[entry] !== 0 && newIds[entries.words[entry * width]!]! >= 0) kept.push(entry);
    }
    const counts = new Float64Array(Math.max(16, kept.length));
    kept.forEach((entry, i) => { counts[i] = this.counts[entry]!; });
    entries.keep(Int32Array.from(kept));
    this.unused = 0;
    this.ofGroups = [];
    this.listed = 0;
    this.counts = counts;
    const old = this.pool;
    const pool = new StringPool();
    const newId = (id: number): number =>
      pool.intern(old.heap.bytes, old.starts[id]!, old.lengths[id]!);
    for (let entry = 0; entry < entries.size; entry++) {
      const at = entry * width;
      entries.words[at] = newIds[entries.words[at]!]!;
      const value = entries.words.subarray(at + 1, at + width);
      this.layout.remapStrings(value, 0, newId);
    }
    if (this.layout.usesPool) this.pool = pool;
    entries.rehashWords();
  }

  save(): CountedValues {
    const all = Array.from({ length: this.entries.size }, (_, entry) => entry);
    return this.saved(all.filter((entry) => this.counts[entry] !== 0));
  }

  /** What a group holds, oldest first. */
  saveOf(group: number): CountedValues {
    const { words, width, size } = this.entries;
    for (; this.listed < size; this.listed++) {
      (this.ofGroups[words[this.listed * width]!] ??= []).push(this.listed);
    }
    const own = this.ofGroups[group] ?? [];
    return this.saved(own.filter((entry) => this.counts[entry] !== 0));
  }

  private saved(kept: readonly number[]): CountedValues {
    const { entries } = this;
    const { width } = entries;
    const words = new Int32Array(kept.length * (width - 1));
    const counts = allocateColumn(notNull(BIGINT), kept.length);
    kept.forEach((entry, i) => {
      words.set(entries.words.subarray(entry * width + 1, (entry + 1) * width), i * (width - 1));
      writeI64(counts.values as Int32Array, i, this.counts[entry]!);
    });
    const values = allocateColumn(this.valueType, kept.length);
    this.layout.decode(0, words, Int32Array.from(kept, (_, i) => i), this.pool, values);
    const groups = Int32Array.from(kept, (entry) => entries.words[entry * width]!);
    return { groups, values, counts };
  }

  restore({ groups, values, counts }: CountedValues): void {
    this.findEntries(Int32Array.from(groups, (_, i) => i), groups, values);
    for (let i = 0; i < groups.length; i++) {
      const row = counts.constant ? 0 : i;
      this.changeCount(this.found[i]!, readI64(counts.values as Int32Array, row));
    }
  }

  private findEntries(rows: Int32Array, groups: Int32Array, values: Column): void {
    const count = rows.length;
    const { width } = this.entries;
    this.layout.encode([values], rows, count, this.pool, this.encoded);
    if (this.keys.words.length < count * width) {
      this.keys.words = new Int32Array(count * width * 2);
      this.keys.hashes = new Int32Array(count * 2);
      this.found = new Int32Array(count * 2);
    }
    const { words, hashes } = this.keys;
    const known = this.entries.size;
    for (let i = 0; i < count; i++) {
      const at = i * width;
      words[at] = groups[i]!;
      if (groups[i]! >= this.groupLimit) this.groupLimit = groups[i]! + 1;
      for (let k = 1; k < width; k++) words[at + k] = this.encoded.words[i * (width - 1) + k - 1]!;
      hashes[i] = hashKey(words, at, width);
    }
    this.entries.findOrInsertAll(this.keys, count, this.found);
    if (this.entries.size > this.counts.length) {
      const counts = new Float64Array(Math.max(this.entries.size, this.counts.length * 2));
      counts.set(this.counts);
      this.counts = counts;
    }
    this.counts.fill(0, known, this.entries.size);
    this.unused += this.entries.size - known;
  }

  private changeCount(entry: number, change: number): void {
    const wasUsed = this.counts[entry] !== 0;
    this.counts[entry]! += change;
    this.unused += (wasUsed ? 1 : 0) - (this.counts[entry] !== 0 ? 1 : 0);
  }

  /** Values that are gone keep their entry until they outweigh the others. */
  private dropUnused(): void {
    if (this.unused <= MOST_UNUSED || this.unused <= this.entries.size / 2) return;
    this.keep(Int32Array.from({ length: this.groupLimit }, (_, group) => group));
  }
}

function keptPositions(count: number, mask: Uint8Array | null): Int32Array {
  const kept = new Int32Array(count);
  let end = 0;
  for (let i = 0; i < count; i++) if (mask === null || mask[i] !== 0) kept[end++] = i;
  return kept.subarray(0, end);
}
