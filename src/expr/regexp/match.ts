/**
 * The backtracking machine for the programs of compile.ts, over UTF-8 bytes. The stack holds
 * states to go back to and old values to put back; steps are bounded.
 */
import { CODE, type RegexpProgram } from './compile.js';
import { BEYOND_ASCII } from './first-points.js';
import { ASSERTIONS } from './node.js';

/** Steps that one search may take; beyond, it fails with StepLimitError. */
const MAX_STEPS = 5_000_000;

/** A search took more than MAX_STEPS. */
export class StepLimitError extends Error {}

/** Kinds of stack entries: a state (pc, position), or a slot or mark to restore. */
const STATE = 0;
const SLOT = 1;
const MARK = 2;

/** 1 for each point that a match may begin with; null: for any, and for none at all. */
function tableOf(points: readonly number[] | null): Uint8Array | null {
  if (points === null) return null;
  const table = new Uint8Array(BEYOND_ASCII + 1);
  for (const point of points) table[point] = 1;
  return table;
}

export class RegexpMatcher {
  /** Start and end of each group of the last match as byte offsets; -1 where it took no part. */
  readonly slots: Int32Array;
  readonly #code: Int32Array;
  readonly #sets: readonly Int32Array[];
  readonly #marks: Int32Array;
  readonly #firstAtStart: Uint8Array | null;
  readonly #firstInside: Uint8Array | null;
  #stack = new Int32Array(3 * 1024);
  #top = 0;
  #steps = 0;
  #heap: Uint8Array = new Uint8Array(0);
  #start = 0;
  #end = 0;
  /** Where the code point read last ends. */
  #next = 0;

  constructor(readonly program: RegexpProgram) {
    this.#code = Int32Array.from(program.code);
    this.#sets = program.sets.map((set) => Int32Array.from(set));
    this.#marks = new Int32Array(program.markCount);
    this.#firstAtStart = tableOf(program.firstAtStart);
    this.#firstInside = tableOf(program.firstInside);
    this.slots = new Int32Array(2 * (program.groupCount + 1));
  }

  /** Takes a new text; searches may follow. */
  reset(heap: Uint8Array, start: number, end: number): void {
    this.#heap = heap;
    this.#start = start;
    this.#end = end;
    this.#steps = 0;
  }

  /** The first match that starts at or behind `from`. */
  find(from: number): boolean {
    for (let at = this.#candidate(from); at >= 0; at = this.#candidate(this.#next)) {
      this.slots.fill(-1);
      this.#top = 0;
      if (this.#run(0, at) >= 0) return true;
      if (at >= this.#end) return false;
      this.#decode(at);
    }
    return false;
  }

  /** The first place at or behind `from` where a match may start; -1: none. Takes no steps. */
  #candidate(from: number): number {
    for (let at = from; ;) {
      const first = at === this.#start ? this.#firstAtStart : this.#firstInside;
      if (first === null) return at;
      if (at >= this.#end) return -1;
      const byte = this.#heap[at]!;
      if (first[byte < BEYOND_ASCII ? byte : BEYOND_ASCII] === 1) return at;
      at = byte < BEYOND_ASCII ? at + 1 : this.behind(at);
    }
  }

  /** Whether the whole text matches. The program must end with the assertion of the end. */
  matchesAll(): boolean {
    this.slots.fill(-1);
    this.#top = 0;
    return this.#run(0, this.#start) >= 0;
  }

  /** Where the next search starts behind an empty match at `at`. */
  behind(at: number): number {
    if (at >= this.#end) return at + 1;
    this.#decode(at);
    return this.#next;
  }

  /** Runs from a state until a match; the position there, or -1. Leaves the stack as it was. */
  #run(pc: number, position: number): number {
    const base = this.#top;
    let at = position;
    let next = pc;
    for (;;) {
      if (++this.#steps > MAX_STEPS) throw new StepLimitError();
      const code = this.#code;
      switch (code[next]) {
        case CODE.match:
          this.#top = base;
          return at;
        case CODE.point:
          next = at < this.#end && this.#decode(at) === code[next + 1]! ? next + 2 : -1;
          at = this.#next;
          break;
        case CODE.set:
          next = at < this.#end && this.#isIn(this.#decode(at), code[next + 1]!) ? next + 2 : -1;
          at = this.#next;
          break;
        case CODE.split:
          this.#push(STATE, code[next + 2]!, at);
          next = code[next + 1]!;
          break;
        case CODE.jump:
          next = code[next + 1]!;
          break;
        case CODE.save:
          this.#push(SLOT, code[next + 1]!, this.slots[code[next + 1]!]!);
          this.slots[code[next + 1]!] = at;
          next += 2;
          break;
        case CODE.mark:
          this.#push(MARK, code[next + 1]!, this.#marks[code[next + 1]!]!);
          this.#marks[code[next + 1]!] = at;
          next += 2;
          break;
        case CODE.progress:
          next = this.#marks[code[next + 1]!] === at ? code[next + 2]! : next + 3;
          break;
        default:
          next = this.#runRare(next, at);
          at = this.#next;
      }
      if (next >= 0) continue;
      next = this.#back(base);
      if (next < 0) return -1;
      at = this.#next;
    }
  }

  /** The instructions that are seldom used. The next pc or -1; sets #next to the position. */
  #runRare(pc: number, at: number): number {
    const code = this.#code;
    this.#next = at;
    switch (code[pc]) {
      case CODE.assert: return this.#holds(code[pc + 1]!, at) ? pc + 2 : -1;
      case CODE.wordBoundary: {
        const words = code[pc + 2]!;
        const isBoundary = this.#isWordBefore(at, words) !== this.#isWordAt(at, words);
        this.#next = at;
        return isBoundary !== (code[pc + 1] === 1) ? pc + 3 : -1;
      }
      case CODE.reference: return this.#matchReference(code[pc + 1]!, at) ? pc + 2 : -1;
      case CODE.look: {
        const saved = this.slots.slice();
        const isFound = this.#run(pc + 3, at) >= 0;
        this.#next = at;
        if (isFound === (code[pc + 1] === 1)) return this.#restored(saved);
        if (isFound) this.#pushChanged(saved);
        return code[pc + 2]!;
      }
      default: {
        const saved = this.slots.slice();
        const end = this.#run(pc + 2, at);
        if (end < 0) return this.#restored(saved);
        this.#pushChanged(saved);
        this.#next = end;
        return code[pc + 1]!;
      }
    }
  }

  #restored(saved: Int32Array): -1 {
    this.slots.set(saved);
    return -1;
  }

  /** What an inner run captured is undone when it is backtracked over. */
  #pushChanged(saved: Int32Array): void {
    saved.forEach((old, slot) => {
      if (old !== this.slots[slot]) this.#push(SLOT, slot, old);
    });
  }

  #push(kind: number, a: number, b: number): void {
    if (this.#top + 3 > this.#stack.length) {
      const larger = new Int32Array(this.#stack.length * 2);
      larger.set(this.#stack);
      this.#stack = larger;
    }
    this.#stack[this.#top] = kind;
    this.#stack[this.#top + 1] = a;
    this.#stack[this.#top + 2] = b;
    this.#top += 3;
  }

  /** Undoes down to the last state; its pc (and #next its position), or -1 at the base. */
  #back(base: number): number {
    while (this.#top > base) {
      this.#top -= 3;
      const a = this.#stack[this.#top + 1]!;
      const b = this.#stack[this.#top + 2]!;
      const kind = this.#stack[this.#top]!;
      if (kind === SLOT) this.slots[a] = b;
      else if (kind === MARK) this.#marks[a] = b;
      else {
        this.#next = b;
        return a;
      }
    }
    return -1;
  }

  #isIn(point: number, set: number): boolean {
    const ranges = this.#sets[set]!;
    let low = 0;
    let high = ranges.length >> 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ranges[2 * middle + 1]! < point) low = middle + 1;
      else high = middle;
    }
    return 2 * low < ranges.length && ranges[2 * low]! <= point;
  }

  #isWordAt(at: number, set: number): boolean {
    return at < this.#end && this.#isIn(this.#decode(at), set);
  }

  #isWordBefore(at: number, set: number): boolean {
    if (at <= this.#start) return false;
    let first = at - 1;
    while (first > this.#start && at - first < 4 && (this.#heap[first]! & 0xc0) === 0x80) first--;
    return this.#isIn(this.#decode(first), set);
  }

  #matchReference(group: number, at: number): boolean {
    const start = this.slots[2 * group]!;
    const length = this.slots[2 * group + 1]! - start;
    if (start < 0 || length < 0 || at + length > this.#end) return false;
    for (let i = 0; i < length; i++) {
      if (this.#heap[start + i] !== this.#heap[at + i]) return false;
    }
    this.#next = at + length;
    return true;
  }

  #holds(assertion: number, at: number): boolean {
    switch (assertion) {
      case ASSERTIONS.start: return at === this.#start;
      case ASSERTIONS.end: return at === this.#end;
      case ASSERTIONS.lineStart: return at === this.#start
        || (at < this.#end && this.#isBehindBreak(at));
      case ASSERTIONS.lineEnd: return at === this.#end || this.#breakBytes(at) > 0;
      default: return at === this.#end
        || (this.#breakBytes(at) > 0 && at + this.#breakBytes(at) === this.#end);
    }
  }

  /** Bytes of the line break at a position, 0 where there is none; not inside \r\n. */
  #breakBytes(at: number): number {
    const heap = this.#heap;
    const isSecond = heap[at] === 0x0a && at > this.#start && heap[at - 1] === 0x0d;
    if (at >= this.#end || isSecond) return 0;
    switch (heap[at]) {
      case 0x0a: return 1;
      case 0x0d: return at + 1 < this.#end && heap[at + 1] === 0x0a ? 2 : 1;
      case 0xc2: return at + 1 < this.#end && heap[at + 1] === 0x85 ? 2 : 0;
      case 0xe2: return at + 2 < this.#end && heap[at + 1] === 0x80
        && (heap[at + 2]! & 0xfe) === 0xa8 ? 3 : 0;
      default: return 0;
    }
  }

  #isBehindBreak(at: number): boolean {
    const heap = this.#heap;
    const last = heap[at - 1]!;
    if (last === 0x0a) return true;
    if (last === 0x0d) return heap[at] !== 0x0a;
    if (last === 0x85) return at - 2 >= this.#start && heap[at - 2] === 0xc2;
    return (last & 0xfe) === 0xa8 && at - 3 >= this.#start && heap[at - 2] === 0x80
      && heap[at - 3] === 0xe2;
  }

  /** The code point at `at` (before the end), and #next behind it; U+FFFD for malformed bytes. */
  #decode(at: number): number {
    const heap = this.#heap;
    const first = heap[at]!;
    this.#next = at + 1;
    if (first < 0x80) return first;
    let needed = 0;
    let low = 0x80;
    let high = 0xbf;
    let point = 0;
    if (first >= 0xc2 && first <= 0xdf) [needed, point] = [1, first & 0x1f];
    else if (first >= 0xe0 && first <= 0xef) {
      [needed, point] = [2, first & 0x0f];
      if (first === 0xe0) low = 0xa0;
      if (first === 0xed) high = 0x9f;
    } else if (first >= 0xf0 && first <= 0xf4) {
      [needed, point] = [3, first & 0x07];
      if (first === 0xf0) low = 0x90;
      if (first === 0xf4) high = 0x8f;
    } else return 0xfffd;
    for (; needed > 0; needed--) {
      if (this.#next >= this.#end) return 0xfffd;
      const byte = heap[this.#next]!;
      if (byte < low || byte > high) return 0xfffd;
      point = (point << 6) | (byte & 0x3f);
      [low, high] = [0x80, 0xbf];
      this.#next++;
    }
    return point;
  }
}
