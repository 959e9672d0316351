/**
 * The open sessions of groups: which session a row belongs to, which sessions it joins, and when
 * they close. What a session holds is its operator's, by the session's place.
 *
 *     a row at t        is the window [t, t + gap); it merges with those that it meets or touches
 *     the watermark     passes the last millisecond of a session: it has closed
 *     late              a row that meets no open session and whose own has closed
 *
 * Where a row joins two sessions, what one holds goes behind what the other does, in the order of
 * Flink's HashSet of their windows: texts and floating sums show it.
 *
 * Sessions of the clock: rows come at the time on the clock, which closes sessions in the
 * watermark's place. What is open at the end is dropped.
 */
import { type Batch, MIN_WATERMARK } from '../batch/batch.js';
import { readI64 } from '../batch/column.js';
import { fail } from '../errors/index.js';
import type { WindowSpec } from '../plan/physical/plan.js';
import { TimerQueue } from './timer-queue.js';
import { restoredWatermark, watermarkContent } from './watermark-table.js';
import { WindowGrid } from './window-grid.js';

interface Session {
  group: number;
  start: number;
  /** Exclusive; on the wall clock of the windows. */
  end: number;
  isOpen: boolean;
}

/** What of the session at `other` goes to the one at `into`. */
type Merge = (into: number, other: number) => void;

export class OpenSessions {
  readonly grid: WindowGrid;
  /** Rows that were late. */
  lateRows = 0;
  /** By group: places of its open sessions by their start. */
  private open: number[][] = [];
  private sessions: Session[] = [];
  private readonly free: number[] = [];
  private closedCount = 0;
  private timers = new TimerQueue();
  private watermark = MIN_WATERMARK;
  private progress = MIN_WATERMARK;
  private restoredMark: number | null = null;

  constructor(private readonly spec: WindowSpec) {
    this.grid = new WindowGrid(spec);
  }

  /** Places, those of closed sessions among them. */
  get placeCount(): number {
    return this.sessions.length;
  }

  get openCount(): number {
    return this.sessions.length - this.closedCount;
  }

  groupOf(place: number): number {
    return this.sessions[place]!.group;
  }

  startOf(place: number): number {
    return this.sessions[place]!.start;
  }

  endOf(place: number): number {
    return this.sessions[place]!.end;
  }

  isOpen(place: number): boolean {
    return this.sessions[place]!.isOpen;
  }

  /** On the wall clock of the windows; MR3004 where the row has no time. */
  timeOf(batch: Batch, row: number): number {
    if (this.grid.isByClock) return this.grid.localTime(this.watermark + 1);
    const column = batch.columns[this.spec.rowtime!]!;
    if (column.isNull(row)) fail('MR3004', { column: 'row time' });
    return this.grid.localTime(readI64(column.values as Int32Array, column.constant ? 0 : row));
  }

  /** The place of the row's session; -1: the row is late, and counted. */
  take(group: number, time: number, merge: Merge): number {
    const isMet = this.open[group]?.some((place) => this.meets(place, time)) ?? false;
    if (isMet || time + this.grid.size - 1 > this.progress) return this.join(group, time, merge);
    this.lateRows++;
    return -1;
  }

  /** The same for a row that is never late: one that was taken before. */
  join(group: number, time: number, merge: Merge): number {
    const places = (this.open[group] ??= []);
    const first = places.findIndex((place) => this.meets(place, time));
    if (first < 0) return this.begin(group, time);
    const next = places[first + 1];
    const place = next !== undefined && this.meets(next, time)
      ? this.unite(places, first, merge) : places[first]!;
    const session = this.sessions[place]!;
    session.start = Math.min(session.start, time);
    this.lengthen(place, time + this.grid.size);
    return place;
  }

  /**
   * Two neighbours become one: that of the lower bucket takes the other in. A row never meets
   * three, for a session is no shorter than the gap.
   */
  private unite(places: number[], first: number, merge: Merge): number {
    const [earlier, later] = places.slice(first) as [number, number];
    const isEarlierFirst = bucketOf(this.sessions[earlier]!) < bucketOf(this.sessions[later]!);
    const [into, other] = isEarlierFirst ? [earlier, later] : [later, earlier];
    merge(into, other);
    const session = this.sessions[into]!;
    session.start = Math.min(session.start, this.startOf(other));
    this.lengthen(into, this.endOf(other));
    this.close(other);
    places.splice(first, 2, into);
    return into;
  }

  private lengthen(place: number, end: number): void {
    const session = this.sessions[place]!;
    if (end <= session.end) return;
    session.end = end;
    this.timers.add(end - 1, place);
  }

  private meets(place: number, time: number): boolean {
    const { start, end } = this.sessions[place]!;
    return start <= time + this.grid.size && end >= time;
  }

  private begin(group: number, start: number): number {
    const place = this.free.pop() ?? this.sessions.length;
    if (place < this.sessions.length) this.closedCount--;
    this.sessions[place] = { group, start, end: start + this.grid.size, isOpen: true };
    const places = (this.open[group] ??= []);
    const at = places.findIndex((one) => this.startOf(one) > start);
    places.splice(at < 0 ? places.length : at, 0, place);
    this.timers.add(this.endOf(place) - 1, place);
    return place;
  }

  private close(place: number): void {
    this.sessions[place]!.isOpen = false;
    this.closedCount++;
  }

  /** The place of a closed session may be given to another. */
  release(place: number): void {
    this.free.push(place);
  }

  /** Time goes on to the watermark; what closes by it is told by `nextClosed`. */
  raise(watermark: number): void {
    if (watermark <= this.watermark) return;
    this.watermark = watermark;
    this.progress = this.grid.progressAt(watermark);
  }

  /**
   * The place of the next session that has closed, or -1. A timer whose session has grown or gone
   * since finds nothing that ends at its time.
   */
  nextClosed(): number {
    while (this.timers.size > 0 && this.timers.nextTime <= this.progress) {
      const time = this.timers.nextTime;
      const place = this.timers.take();
      const session = this.sessions[place]!;
      if (!session.isOpen || session.end - 1 !== time) continue;
      const places = this.open[session.group]!;
      places.splice(places.indexOf(place), 1);
      this.close(place);
      return place;
    }
    return -1;
  }

  /** When the clock closes the next session; Infinity where there is none. */
  deadlineMs(): number {
    if (!this.grid.isByClock || this.timers.size === 0) return Infinity;
    return this.grid.clockAt(this.timers.nextTime + 1);
  }

  openPlaces(): Int32Array {
    return Int32Array.from(this.sessions.keys()).filter((place) => this.isOpen(place));
  }

  hasOpen(group: number): boolean {
    return (this.open[group]?.length ?? 0) > 0;
  }

  /** Only `kept` places stay, numbered anew, and only `groups`, whose new numbers are `newIds`. */
  compact(kept: Int32Array, groups: Int32Array, newIds: Int32Array): void {
    const newPlaces = new Int32Array(this.sessions.length);
    kept.forEach((place, i) => { newPlaces[place] = i; });
    this.sessions = Array.from(kept, (place) => this.sessions[place]!);
    this.open = Array.from(groups, (group) =>
      this.open[group]!.map((place) => newPlaces[place]!));
    this.closedCount = 0;
    this.timers = new TimerQueue();
    this.sessions.forEach((session, place) => {
      session.group = newIds[session.group]!;
      this.timers.add(session.end - 1, place);
    });
  }

  /** The place of the session of a group that began then; it is made where there is none. */
  restoredPlace(group: number, start: number): number {
    const known = this.open[group]?.find((place) => this.startOf(place) === start);
    return known ?? this.begin(group, start);
  }

  restoreEnd(place: number, end: number): void {
    this.sessions[place]!.end = end;
    this.timers.add(end - 1, place);
  }

  /** Of WATERMARK_TABLE. */
  snapshotWatermark(): Batch {
    return watermarkContent(this.watermark);
  }

  restoreWatermark(content: Batch): void {
    this.restoredMark = restoredWatermark(content, this.restoredMark);
    this.watermark = this.restoredMark ?? MIN_WATERMARK;
    this.progress = this.grid.progressAt(this.watermark);
  }
}

/**
 * Where the window of a session stands in a HashSet of Java with 16 buckets. Of two in one bucket
 * the later window comes first.
 */
function bucketOf({ start, end }: Session): number {
  const odd = (end * 2 + 1) | 0;
  let inverse = Math.imul(Math.imul(odd, odd), odd);
  for (let i = 0; i < 3; i++) inverse = Math.imul(inverse, 2 - Math.imul(odd, inverse));
  const hash = (start + inverse) | 0;
  return (hash ^ (hash >>> 16)) & 15;
}
