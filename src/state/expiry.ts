/**
 * When state goes that is no longer written: entries (groups or rows, by number) in the order of
 * their last write, so that what has outlived its time is found without a search.
 *
 * An entry is kept for `keepMs` after the write that was noted last; a write is noted only where
 * the entry would else go within `ttlMs`. With both equal each write counts, which is a state
 * descriptor's time to live in Flink; with `keepMs` half as long again it is Flink's cleanup timer.
 */
const NONE = -1;
const FIRST_CAPACITY = 64;
/** Of an entry that holds nothing, or is kept for ever. */
const UNSET = -Infinity;

/** Entries that one batch may free beyond twice its rows. */
const MOST_SWEPT = 1024;

/** How many entries are let go after a batch of so many rows: more than it can have made. */
export function sweepLimit(rowCount: number): number {
  return MOST_SWEPT + 2 * rowCount;
}

export class Expiry {
  private times = new Float64Array(FIRST_CAPACITY).fill(UNSET);
  /** Neighbours in the order of the writes. */
  private next = new Int32Array(FIRST_CAPACITY);
  private previous = new Int32Array(FIRST_CAPACITY);
  private first = NONE;
  private last = NONE;
  /** Restored times are put in order when the first entry is written or asked for. */
  private isOrdered = true;

  constructor(private readonly ttlMs: number, private readonly keepMs = ttlMs) {}

  /** Room for so many entries. */
  resize(count: number): void {
    if (count <= this.times.length) return;
    const capacity = Math.max(count, this.times.length * 2);
    const times = new Float64Array(capacity).fill(UNSET);
    times.set(this.times);
    this.times = times;
    this.next = widened(this.next, capacity);
    this.previous = widened(this.previous, capacity);
  }

  /** The time of the last write noted; -Infinity where there is none. */
  timeOf(id: number): number {
    return this.times[id] ?? UNSET;
  }

  isExpired(id: number, nowMs: number): boolean {
    const time = this.timeOf(id);
    return time !== UNSET && time + this.keepMs <= nowMs;
  }

  /** The entry is written. A clock that runs back changes nothing. */
  touch(id: number, nowMs: number): void {
    this.order();
    const time = this.times[id]!;
    if (time + this.keepMs >= nowMs + this.ttlMs) return;
    if (time !== UNSET) this.unlink(id);
    this.times[id] = nowMs;
    this.insertInOrder(id);
  }

  /** An entry that may not go yet is taken for written each time that its time came. */
  renew(id: number, nowMs: number): void {
    this.order();
    const time = this.times[id]!;
    this.unlink(id);
    this.times[id] = time + this.keepMs * Math.floor((nowMs - time) / this.keepMs);
    this.insertInOrder(id);
  }

  /** The entry holds nothing any more. */
  forget(id: number): void {
    if (this.timeOf(id) === UNSET) return;
    if (this.isOrdered) this.unlink(id);
    this.times[id] = UNSET;
  }

  /** The entry that was not written for the longest time, if its time is up; NONE (-1) = none. */
  oldestExpired(nowMs: number): number {
    this.order();
    return this.first !== NONE && this.isExpired(this.first, nowMs) ? this.first : NONE;
  }

  /** Of a restored entry; entries are restored before anything else happens. */
  restore(id: number, time: number): void {
    this.times[id] = time;
    this.isOrdered = false;
  }

  /** Entries get new numbers: `kept` are the old ones in their new order. */
  renumber(kept: Int32Array): void {
    const { times } = this;
    this.times = new Float64Array(Math.max(FIRST_CAPACITY, kept.length)).fill(UNSET);
    kept.forEach((old, id) => { this.times[id] = times[old] ?? UNSET; });
    this.next = new Int32Array(this.times.length);
    this.previous = new Int32Array(this.times.length);
    this.isOrdered = false;
  }

  get byteSize(): number {
    return this.times.length * 16;
  }

  private order(): void {
    if (this.isOrdered) return;
    this.isOrdered = true;
    this.first = NONE;
    this.last = NONE;
    const { times } = this;
    const ids: number[] = [];
    for (let id = 0; id < times.length; id++) if (times[id] !== UNSET) ids.push(id);
    ids.sort((a, b) => times[a]! - times[b]! || a - b);
    for (const id of ids) this.link(id, this.last);
  }

  /** The place is at the end, or near it where the entry is renewed or the clock ran back. */
  private insertInOrder(id: number): void {
    let before = this.last;
    while (before !== NONE && this.times[before]! > this.times[id]!) {
      before = this.previous[before]!;
    }
    this.link(id, before);
  }

  private link(id: number, before: number): void {
    const after = before === NONE ? this.first : this.next[before]!;
    this.previous[id] = before;
    this.next[id] = after;
    if (before === NONE) this.first = id;
    else this.next[before] = id;
    if (after === NONE) this.last = id;
    else this.previous[after] = id;
  }

  private unlink(id: number): void {
    const before = this.previous[id]!;
    const after = this.next[id]!;
    if (before === NONE) this.first = after;
    else this.next[before] = after;
    if (after === NONE) this.last = before;
    else this.previous[after] = before;
  }
}

function widened(values: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const wider = new Int32Array(length);
  wider.set(values);
  return wider;
}
