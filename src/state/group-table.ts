/**
 * Keys to dense group ids: open addressing over group numbers, keys and hashes in columns by
 * group id. Ids rise in the order of first sight and never change until `keep`.
 */
import { hashKey, type EncodedKeys } from './key-layout.js';

const FIRST_SLOTS = 64;

export class GroupTable {
  /** Group ids ever given out, dead ones included. */
  size = 0;
  /** `width` words a group. */
  words: Int32Array;
  private hashes = new Int32Array(FIRST_SLOTS / 2);
  /** group + 1; 0 = empty. */
  private slots = new Int32Array(FIRST_SLOTS);

  constructor(readonly width: number) {
    this.words = new Int32Array((FIRST_SLOTS / 2) * width);
  }

  get byteSize(): number {
    return (this.words.length + this.hashes.length + this.slots.length) * 4;
  }

  /** The group of each key, new ones appended in the order of the rows. */
  findOrInsertAll(keys: EncodedKeys, count: number, groups: Int32Array): void {
    this.reserve(count);
    const { words, hashes } = keys;
    const { width } = this;
    let last = -1;
    for (let i = 0; i < count; i++) {
      const hash = hashes[i]!;
      if (last >= 0 && this.hashes[last] === hash && this.equals(last, words, i * width)) {
        groups[i] = last;
        continue;
      }
      last = this.findOrInsert(words, i * width, hash);
      groups[i] = last;
    }
  }

  /** The group of the key at words[at]; room must have been reserved. */
  findOrInsert(words: Int32Array, at: number, hash: number): number {
    const { slots } = this;
    const mask = slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const group = slots[slot]! - 1;
      if (group < 0) return this.append(slot, words, at, hash);
      if (this.hashes[group] === hash && this.equals(group, words, at)) return group;
      slot = (slot + 1) & mask;
    }
  }

  /** Like findOrInsert, but -1 where the key is new. */
  find(words: Int32Array, at: number, hash: number): number {
    const { slots } = this;
    const mask = slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const group = slots[slot]! - 1;
      if (group < 0) return -1;
      if (this.hashes[group] === hash && this.equals(group, words, at)) return group;
      slot = (slot + 1) & mask;
    }
  }

  /** Gives the key of `group` a new group id; the old one is dead and found no more. */
  replace(group: number): number {
    this.reserve(1);
    const mask = this.slots.length - 1;
    let slot = this.hashes[group]! & mask;
    while (this.slots[slot] !== group + 1) slot = (slot + 1) & mask;
    return this.append(slot, this.words, group * this.width, this.hashes[group]!);
  }

  /** Makes room for so many new groups. */
  reserve(more: number): void {
    const needed = this.size + more;
    if (needed > this.hashes.length) {
      let capacity = this.hashes.length;
      while (capacity < needed) capacity *= 2;
      this.hashes = widened(this.hashes, capacity);
      this.words = widened(this.words, capacity * this.width);
    }
    let slotCount = this.slots.length;
    while (needed * 2 > slotCount) slotCount *= 2;
    if (slotCount > this.slots.length) this.growSlots(slotCount);
  }

  /** Drops all groups but these, which get the ids 0, 1, ... in this order. */
  keep(groups: Int32Array): void {
    const { width } = this;
    const words = new Int32Array(Math.max(FIRST_SLOTS / 2, groups.length) * width);
    const hashes = new Int32Array(Math.max(FIRST_SLOTS / 2, groups.length));
    groups.forEach((group, id) => {
      for (let k = 0; k < width; k++) words[id * width + k] = this.words[group * width + k]!;
      hashes[id] = this.hashes[group]!;
    });
    this.words = words;
    this.hashes = hashes;
    this.size = groups.length;
    let slotCount = FIRST_SLOTS;
    while (groups.length * 2 > slotCount) slotCount *= 2;
    this.rebuild(slotCount);
  }

  /** After the words were rewritten in place: hashes anew. */
  rehashWords(): void {
    for (let group = 0; group < this.size; group++) {
      this.hashes[group] = hashKey(this.words, group * this.width, this.width);
    }
    this.rebuild(this.slots.length);
  }

  private equals(group: number, words: Int32Array, at: number): boolean {
    const { width } = this;
    const from = group * width;
    for (let k = 0; k < width; k++) if (this.words[from + k] !== words[at + k]) return false;
    return true;
  }

  private append(slot: number, words: Int32Array, at: number, hash: number): number {
    const group = this.size++;
    const to = group * this.width;
    for (let k = 0; k < this.width; k++) this.words[to + k] = words[at + k]!;
    this.hashes[group] = hash;
    this.slots[slot] = group + 1;
    return group;
  }

  /** Dead groups stand in no slot: only what is in one moves. */
  private growSlots(slotCount: number): void {
    const old = this.slots;
    this.slots = new Int32Array(slotCount);
    const mask = slotCount - 1;
    for (const entry of old) {
      if (entry === 0) continue;
      let slot = this.hashes[entry - 1]! & mask;
      while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
      this.slots[slot] = entry;
    }
  }

  private rebuild(slotCount: number): void {
    this.slots = new Int32Array(slotCount);
    const mask = slotCount - 1;
    for (let group = 0; group < this.size; group++) {
      let slot = this.hashes[group]! & mask;
      while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
      this.slots[slot] = group + 1;
    }
  }
}

function widened(values: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const wider = new Int32Array(length);
  wider.set(values);
  return wider;
}
