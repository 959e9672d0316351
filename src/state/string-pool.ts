/** Numbers strings: equal bytes get one id, from 0 up. Ids live as long as the pool. */
import { HeapBuilder } from '../batch/strings.js';

const FIRST_SLOTS = 64;

export class StringPool {
  readonly heap = new HeapBuilder(1024);
  size = 0;
  starts = new Int32Array(FIRST_SLOTS);
  lengths = new Int32Array(FIRST_SLOTS);
  private hashes = new Int32Array(FIRST_SLOTS);
  /** id + 1; 0 = empty. */
  private slots = new Int32Array(FIRST_SLOTS * 2);

  /** The id of a byte range, given one now if it is new. */
  intern(bytes: Uint8Array, start: number, length: number): number {
    const hash = hashBytes(bytes, start, length);
    const mask = this.slots.length - 1;
    let at = hash & mask;
    for (;;) {
      const id = this.slots[at]! - 1;
      if (id < 0) return this.append(at, hash, bytes, start, length);
      if (this.hashes[id] === hash && this.equals(id, bytes, start, length)) return id;
      at = (at + 1) & mask;
    }
  }

  /** Whether the string of an id is this byte range. */
  equals(id: number, bytes: Uint8Array, start: number, length: number): boolean {
    if (this.lengths[id] !== length) return false;
    const own = this.heap.bytes;
    const from = this.starts[id]!;
    for (let i = 0; i < length; i++) if (own[from + i] !== bytes[start + i]) return false;
    return true;
  }

  get byteSize(): number {
    return this.heap.bytes.length + this.slots.length * 4 + this.starts.length * 12;
  }

  private append(
    slot: number, hash: number, bytes: Uint8Array, start: number, length: number,
  ): number {
    const id = this.size++;
    if (id === this.starts.length) this.growColumns();
    this.starts[id] = this.heap.append(bytes, start, length);
    this.lengths[id] = length;
    this.hashes[id] = hash;
    this.slots[slot] = id + 1;
    if (this.size * 2 > this.slots.length) this.growSlots();
    return id;
  }

  private growColumns(): void {
    this.starts = widened(this.starts);
    this.lengths = widened(this.lengths);
    this.hashes = widened(this.hashes);
  }

  private growSlots(): void {
    this.slots = new Int32Array(this.slots.length * 2);
    const mask = this.slots.length - 1;
    for (let id = 0; id < this.size; id++) {
      let at = this.hashes[id]! & mask;
      while (this.slots[at] !== 0) at = (at + 1) & mask;
      this.slots[at] = id + 1;
    }
  }
}

function widened(values: Int32Array): Int32Array<ArrayBuffer> {
  const wider = new Int32Array(values.length * 2);
  wider.set(values);
  return wider;
}

function hashBytes(bytes: Uint8Array, start: number, length: number): number {
  let hash = 0x811c9dc5 ^ length;
  for (let i = start; i < start + length; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return finishHash(hash);
}

/** Spreads every bit of a 32-bit hash over all of them. */
export function finishHash(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x7feb352d);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0x846ca68b);
  return mixed ^ (mixed >>> 16);
}
