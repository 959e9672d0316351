/**
 * The records of a CSV file as fields: places in the chunk, or behind it in `extra` where quotes
 * or escapes had to be taken out. native/formats/csv-scan.h is the same in C++.
 */
import { HeapBuilder } from '../../batch/strings.js';
import { fail } from '../../errors/index.js';
import type { FileInput } from '../file-input.js';
import type { CsvOptions } from './options.js';

const CHUNK_BYTES = 256 * 1024;
const MAX_RECORD_BYTES = 256 << 20;
const LF = 10;
const CR = 13;
const SPACE = 32;
const TAB = 9;
const HASH = 35;

/** 'fill': the chunk has no whole record left; 'malformed': `reason` says why. */
export type Scanned = 'record' | 'malformed' | 'fill' | 'end';

export class CsvScanner {
  /** The chunk; replaced by fill(). */
  chunk: Uint8Array = new Uint8Array(0);
  filled = 0;
  /** Rewritten fields of the chunk; their places are negative: -1 - start. */
  extra = new HeapBuilder(256);
  fieldCount = 0;
  starts = new Int32Array(64);
  lengths = new Int32Array(64);
  reason = '';
  #file: FileInput | null = null;
  #chunkOffset = 0;
  #at = 0;
  #atEnd = false;
  #rewritten: number[] = [];

  constructor(private readonly options: CsvOptions) {}

  open(file: FileInput, offset: number): void {
    this.#file = file;
    this.chunk = new Uint8Array(0);
    this.filled = 0;
    this.#chunkOffset = offset;
    this.#at = 0;
    this.#atEnd = false;
    this.fill();
    const [a, b, c] = this.chunk;
    if (offset === 0 && this.filled >= 3 && a === 0xef && b === 0xbb && c === 0xbf) this.#at = 3;
  }

  close(): void {
    this.#file = null;
    this.chunk = new Uint8Array(0);
    this.filled = 0;
    this.#at = 0;
    this.#atEnd = true;
  }

  /** Where the next record starts. */
  get offset(): number {
    return this.#chunkOffset + this.#at;
  }

  /** Reads behind what is left of the chunk, into a new one. */
  fill(): void {
    const file = this.#file!;
    const left = this.filled - this.#at;
    if (left > MAX_RECORD_BYTES) {
      fail('MR4004', { detail: `${file.path}: a record is longer than ${MAX_RECORD_BYTES} bytes` });
    }
    const wanted = left < CHUNK_BYTES / 2 ? CHUNK_BYTES : left * 3;
    const chunk = new Uint8Array(wanted);
    chunk.set(this.chunk.subarray(this.#at, this.filled));
    this.#chunkOffset += this.#at;
    this.#at = 0;
    const got = file.readAt(this.#chunkOffset + left, chunk.subarray(left));
    this.#atEnd = got < wanted - left;
    this.filled = left + got;
    this.chunk = chunk;
    this.extra = new HeapBuilder(256);
  }

  next(): Scanned {
    if (this.options.allowComments && !this.#skipComments()) return 'fill';
    if (this.#at === this.filled) return this.#atEnd ? 'end' : 'fill';
    return this.#record();
  }

  /** Lines whose first character but blanks is #. False: the chunk ends before it is clear. */
  #skipComments(): boolean {
    const { chunk, filled } = this;
    for (;;) {
      let at = this.#at;
      while (at < filled && chunk[at] === SPACE) at++;
      if (at === filled) return this.#atEnd || at === this.#at;
      if (chunk[at] !== HASH) return true;
      const next = this.#behindLine(at);
      if (next < 0) return false;
      this.#at = next;
    }
  }

  /** Behind the end of the line that `from` is in; -1 = not in this chunk. */
  #behindLine(from: number): number {
    let at = from;
    while (at < this.filled && !isLineEnd(this.chunk[at]!)) at++;
    if (at === this.filled) return this.#atEnd ? at : -1;
    return this.#behindLineEnd(at);
  }

  /** Behind the \n, \r or both at `at`; -1 = not in this chunk. */
  #behindLineEnd(at: number): number {
    if (this.chunk[at] === LF) return at + 1;
    if (at + 1 === this.filled && !this.#atEnd) return -1;
    return at + 1 < this.filled && this.chunk[at + 1] === LF ? at + 2 : at + 1;
  }

  #record(): Scanned {
    const { chunk, filled, options } = this;
    this.fieldCount = 0;
    let at = this.#at;
    for (;;) {
      const isQuoted = at < filled && options.quote >= 0 && chunk[at] === options.quote;
      at = isQuoted ? this.#quoted(at + 1) : this.#unquoted(at);
      if (at === MALFORMED) return 'malformed';
      if (at === MORE || (at === filled && !this.#atEnd)) return 'fill';
      if (at < filled && chunk[at] === options.delimiter) {
        at++;
        continue;
      }
      const next = at === filled ? at : this.#behindLineEnd(at);
      if (next < 0) return 'fill';
      this.#at = next;
      return 'record';
    }
  }

  /** Up to the delimiter or line end that follows, which is not taken. */
  #unquoted(begin: number): number {
    const { chunk, filled } = this;
    const { delimiter, escape } = this.options;
    let at = begin;
    let rewriting = false;
    for (; at < filled; at++) {
      const code = chunk[at]!;
      if (code === delimiter || code === LF || code === CR) break;
      const isEscape = code === escape && (at + 1 < filled || !this.#atEnd);
      if (isEscape && !rewriting) {
        rewriting = true;
        this.#rewritten = Array.from(chunk.subarray(begin, at));
      }
      if (isEscape && ++at === filled) return MORE;
      if (rewriting) this.#rewritten.push(isEscape ? unescaped(chunk[at]!) : code);
    }
    if (rewriting) this.#keepRewritten();
    else this.#keep(begin, at - begin);
    return at;
  }

  #quoted(begin: number): number {
    const { chunk, filled } = this;
    const { delimiter, quote, escape } = this.options;
    let at = begin;
    let rewriting = false;
    for (; ; at++) {
      if (at >= filled) {
        return this.#atEnd ? this.#malformed(filled, 'a closing quote is missing') : MORE;
      }
      const code = chunk[at]!;
      if (code === quote) {
        if (at + 1 === filled && !this.#atEnd) return MORE;
        if (at + 1 >= filled || chunk[at + 1] !== quote) break;
      }
      if (code === quote || code === escape) {
        if (!rewriting) this.#rewritten = Array.from(chunk.subarray(begin, at));
        rewriting = true;
        if (++at < filled) this.#rewritten.push(code === quote ? code : unescaped(chunk[at]!));
      } else if (rewriting) {
        this.#rewritten.push(code);
      }
    }
    if (rewriting) this.#keepRewritten();
    else this.#keep(begin, at - begin);
    for (at++; at < filled && chunk[at] !== delimiter; at++) {
      if (chunk[at] !== SPACE && chunk[at] !== TAB) break;
    }
    if (at === filled || chunk[at] === delimiter || isLineEnd(chunk[at]!)) return at;
    return this.#malformed(at, 'text follows a closing quote');
  }

  /** The line is given up. */
  #malformed(at: number, reason: string): number {
    const next = this.#behindLine(at);
    if (next < 0) return MORE;
    this.#at = next;
    this.reason = reason;
    return MALFORMED;
  }

  #keepRewritten(): void {
    const bytes = Uint8Array.from(this.#rewritten);
    this.#keep(-1 - this.extra.append(bytes, 0, bytes.length), bytes.length);
  }

  #keep(start: number, length: number): void {
    if (this.fieldCount === this.starts.length) {
      const starts = new Int32Array(this.fieldCount * 2);
      const lengths = new Int32Array(this.fieldCount * 2);
      starts.set(this.starts);
      lengths.set(this.lengths);
      this.starts = starts;
      this.lengths = lengths;
    }
    this.starts[this.fieldCount] = start;
    this.lengths[this.fieldCount++] = length;
  }
}

/** Answers in place of a position. */
const MORE = -1;
const MALFORMED = -2;

function isLineEnd(code: number): boolean {
  return code === LF || code === CR;
}

/** What an escaped character stands for. */
function unescaped(code: number): number {
  switch (code) {
    case 48:
      return 0;
    case 110:
      return LF;
    case 114:
      return CR;
    case 116:
      return TAB;
    default:
      return code;
  }
}
