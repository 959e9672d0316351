/**
 * The lines of a part of a file, as places in the chunks that were read. A line belongs to the
 * part that its first byte lies in; line ends are \n and \r\n; the last one may lack it.
 * native/formats/line-reader.h is the same in C++.
 */
import { isUtf8 } from 'node:buffer';
import { fail } from '../errors/index.js';
import type { FileRange } from './decoder.js';
import type { FileInput } from './file-input.js';

const CHUNK_BYTES = 1024 * 1024;
const MAX_LINE_BYTES = 256 * 1024 * 1024;
const NEWLINE = 10;
const CARRIAGE_RETURN = 13;

/** 'line': one was found; 'fill': the chunk has no more, call fill(); 'end': no more at all. */
export type NextLine = 'line' | 'fill' | 'end';

export class LineReader {
  /** The chunk; lines are places in it. Replaced by fill(). */
  chunk: Buffer = Buffer.alloc(0);
  /** Bytes of the chunk that were read. */
  filled = 0;
  /** The line that next() found. */
  begin = 0;
  end = 0;
  #file: FileInput | null = null;
  #rangeEnd = 0;
  #chunkOffset = 0;
  #at = 0;
  #atEnd = false;
  #isValid = true;

  /** Starts at `offset`, which is the range's begin or what `offset` said before. */
  open(file: FileInput, range: FileRange, offset: number): void {
    this.#file = file;
    this.#rangeEnd = range.end;
    // A range that begins inside a line leaves that line to the range before.
    const isPartial = offset === range.begin && range.begin > 0;
    this.#chunkOffset = isPartial ? offset - 1 : offset;
    this.#at = 0;
    this.filled = 0;
    this.#atEnd = false;
    this.#isValid = true;
    if (isPartial) this.#skipPartialLine();
  }

  /** Of the line that next() will give. */
  get offset(): number {
    return this.#chunkOffset + this.#at;
  }

  next(): NextLine {
    if (this.offset >= this.#rangeEnd) return 'end';
    const at = this.#at;
    const found = at === this.filled ? -1 : this.#newline(at);
    if (found < 0 && !this.#atEnd) return 'fill';
    if (found < 0 && at === this.filled) return 'end';
    const stop = found < 0 ? this.filled : found;
    this.begin = at;
    this.end = stop > at && this.chunk[stop - 1] === CARRIAGE_RETURN ? stop - 1 : stop;
    this.#at = found < 0 ? stop : stop + 1;
    return 'line';
  }

  /** Whether the line that next() found is UTF-8. */
  isUtf8(): boolean {
    return this.#isValid || isUtf8(this.chunk.subarray(this.begin, this.end));
  }

  /** Reads the next chunk behind what is left of this one. */
  fill(): void {
    const file = this.#file!;
    const left = this.filled - this.#at;
    if (left >= MAX_LINE_BYTES) {
      fail('MR4004', { detail: `${file.path}: a line is longer than ${MAX_LINE_BYTES} bytes` });
    }
    const wanted = left < CHUNK_BYTES / 2 ? CHUNK_BYTES : left * 3;
    const chunk = Buffer.allocUnsafeSlow(wanted);
    this.chunk.copy(chunk, 0, this.#at, this.filled);
    const got = file.readAt(this.#chunkOffset + this.filled, chunk.subarray(left));
    this.#atEnd = got < wanted - left;
    this.#chunkOffset += this.#at;
    this.#at = 0;
    this.filled = left + got;
    this.chunk = chunk;
    this.#validate();
  }

  close(): void {
    this.#file = null;
    this.chunk = Buffer.alloc(0);
    this.filled = 0;
    this.#at = 0;
    this.#atEnd = true;
  }

  #newline(at: number): number {
    const found = this.chunk.indexOf(NEWLINE, at);
    return found >= this.filled ? -1 : found;
  }

  #validate(): void {
    let end = this.filled;
    while (!this.#atEnd && end > 0 && this.chunk[end - 1] !== NEWLINE) end--;
    this.#isValid = isUtf8(this.chunk.subarray(0, end));
  }

  #skipPartialLine(): void {
    while (true) {
      this.fill();
      const found = this.#newline(this.#at);
      if (found >= 0) {
        this.#at = found + 1;
        return;
      }
      this.#at = this.filled;
      if (this.#atEnd) return;
    }
  }
}
