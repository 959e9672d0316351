/**
 * Runs of one value and runs of packed values in turn: definition levels, dictionary indexes,
 * booleans. Taken a stretch at a time.
 */
import { malformed } from './malformed.js';

export class HybridDecoder {
  private at = 0;
  private runLeft = 0;
  private packed = false;
  private repeated = 0;
  private packedBit = 0;

  /** The runs lie in bytes[start, end); `width` is 0 to 32 bits. */
  constructor(
    private readonly bytes: Uint8Array,
    start: number,
    private readonly end: number,
    private readonly width: number,
  ) {
    this.at = start;
  }

  /** The value of the next `count`, taken, if they are one run of one value; else -1. */
  takeRepeated(count: number): number {
    if (this.runLeft === 0) this.nextRun();
    if (this.packed || this.runLeft < count) return -1;
    this.runLeft -= count;
    return this.repeated;
  }

  /** Fills values[from, from + count). */
  read(values: Int32Array, from: number, count: number): void {
    let at = from;
    let left = count;
    while (left > 0) {
      if (this.runLeft === 0) this.nextRun();
      const take = Math.min(left, this.runLeft);
      if (this.packed) this.unpack(values, at, take);
      else values.fill(this.repeated, at, at + take);
      at += take;
      left -= take;
      this.runLeft -= take;
    }
  }

  private nextRun(): void {
    while (this.runLeft === 0) {
      const head = this.varint();
      this.packed = head % 2 === 1;
      const count = Math.floor(head / 2);
      const left = this.end - this.at;
      if (this.packed) {
        // Some writers cut the last run's padding off.
        const bytes = Math.min(count * this.width, left);
        this.runLeft =
          this.width === 0 ? count * 8 : Math.min(count * 8, Math.floor((bytes * 8) / this.width));
        this.packedBit = this.at * 8;
        this.at += bytes;
        if (count > 0 && this.runLeft === 0) malformed('a page ends before its values');
      } else {
        this.runLeft = count;
        this.repeated = this.repeatedValue((this.width + 7) >> 3, left);
      }
    }
  }

  private repeatedValue(byteCount: number, left: number): number {
    if (byteCount > left) malformed('a page ends before its values');
    let value = 0;
    for (let i = 0; i < byteCount; i++) value |= this.bytes[this.at++]! << (8 * i);
    return value;
  }

  private unpack(values: Int32Array, from: number, count: number): void {
    const { bytes, width } = this;
    const mask = width === 32 ? -1 : (1 << width) - 1;
    let bit = this.packedBit;
    for (let i = from; i < from + count; i++, bit += width) {
      const byte = bit >>> 3;
      const shift = bit & 7;
      let word = bytes[byte]! | (bytes[byte + 1]! << 8) | (bytes[byte + 2]! << 16);
      word |= bytes[byte + 3]! << 24;
      word >>>= shift;
      if (shift + width > 32) word |= bytes[byte + 4]! << (32 - shift);
      values[i] = word & mask;
    }
    this.packedBit = bit;
  }

  private varint(): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 49; scale *= 128) {
      if (this.at >= this.end) malformed('a page ends before its values');
      const byte = this.bytes[this.at++]!;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    return malformed('a run length is malformed');
  }
}
