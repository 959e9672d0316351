/**
 * Where windows lie. A slice is the piece of time that all rows in it share windows over; rows are
 * folded once into their slice, named by its end (ms, exclusive).
 *
 *     tumble    one slice a window
 *     hop       slices of the slide; a window is the last size/slide of them
 *     cumulate  slices of the step; a window is all slices from its start
 *     attached  the rows carry the end of their window: one slice a window, never shared
 *
 * Windows of the clock (no row time, not attached) are those of the time at which rows come; a
 * clock at t is a watermark of t - 1.
 *
 * On TIMESTAMP_LTZ all this happens on the wall clock of the session zone. `progress` is how far
 * the watermark has come on that clock.
 */
import { fail } from '../errors/fail.js';
import type { WindowSpec } from '../plan/physical/plan.js';
import { type Zone, zoneOfOption } from '../types/zone.js';

/** A window fires, and its rows are late, once the progress reaches its last millisecond. */
export function hasFired(end: number, progress: number): boolean {
  return progress >= end - 1;
}

export class WindowGrid {
  readonly isAttached: boolean;
  /** Rows belong to the window of the task clock. */
  readonly isByClock: boolean;
  /** Whether a slice belongs to several windows. */
  readonly isShared: boolean;
  readonly isCumulate: boolean;
  readonly sliceSize: number;
  readonly size: number;
  /** hop: slide; cumulate: step; tumble: size. */
  readonly step: number;
  private readonly offset: number;
  /** null: wall clock and epoch are one. */
  private readonly zone: Zone | null;

  /** MR2103 for a size that is not positive. */
  constructor(readonly spec: WindowSpec) {
    this.size = spec.sizeMs;
    this.step = spec.kind === 'tumble' ? spec.sizeMs : spec.slideMs;
    this.offset = spec.offsetMs;
    checkSpec(spec, this.step);
    this.zone = spec.zone === null ? null : zoneOfOption(spec.zoneTable ?? spec.zone);
    this.isAttached = spec.windowEnd !== null;
    this.isByClock = spec.rowtime === null && !this.isAttached;
    this.isShared = !this.isAttached && spec.kind !== 'tumble' && this.size !== this.step;
    this.isCumulate = this.isShared && spec.kind === 'cumulate';
    this.sliceSize = this.isAttached || spec.kind === 'tumble' ? this.size : this.step;
  }

  /** The wall clock at an instant. */
  localTime(epochMs: number): number {
    return this.zone === null ? epochMs : this.zone.toLocal(epochMs);
  }

  /** The instant of a wall-clock time: Flink's for a window's row time. */
  instant(localMs: number): number {
    return this.zone === null ? localMs : this.zone.toUtc(localMs);
  }

  /**
   * How far the wall clock has come for good: where it will be set back, the hour that comes
   * twice has not passed before its second time.
   */
  progressAt(watermark: number): number {
    const { zone } = this;
    if (zone === null || !Number.isFinite(watermark)) return watermark;
    const local = zone.toLocal(watermark);
    const again = zone.toUtcLater(local);
    if (again <= watermark) return local;
    const after = zone.offsetAt(again);
    let low = watermark;
    let high = again;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (zone.offsetAt(middle) === after) high = middle;
      else low = middle;
    }
    return high + after - 1;
  }

  /** The clock at which a window that ends there fires. */
  clockAt(end: number): number {
    return this.zone === null ? end : this.zone.toUtcLater(end - 1) + 1;
  }

  /** Start of the interval of `length` that holds a time. */
  startOf(time: number, length: number): number {
    const rest = (time - this.offset) % length;
    return time - (rest < 0 ? rest + length : rest);
  }

  sliceEnd(time: number): number {
    return this.startOf(time, this.sliceSize) + this.sliceSize;
  }

  /** End of the last window a slice belongs to. */
  lastWindowEnd(sliceEnd: number): number {
    if (!this.isShared) return sliceEnd;
    if (this.spec.kind === 'hop') return sliceEnd - this.step + this.size;
    return this.startOf(sliceEnd - 1, this.size) + this.size;
  }

  /** The first window of a slice that has not fired. */
  nextWindowEnd(sliceEnd: number, progress: number): number {
    if (!hasFired(sliceEnd, progress)) return sliceEnd;
    return sliceEnd + (Math.floor((progress + 1 - sliceEnd) / this.step) + 1) * this.step;
  }

  /** Cumulate keeps what has fired of a window in the slice it begins with. */
  firstSliceEnd(sliceEnd: number): number {
    return this.startOf(sliceEnd - 1, this.size) + this.step;
  }

  windowStart(windowEnd: number): number {
    if (this.spec.kind === 'cumulate') return this.startOf(windowEnd - 1, this.size);
    return windowEnd - this.size;
  }

  /** The slice that no window after this one needs. */
  expiredSlice(windowEnd: number): number {
    return windowEnd - this.size + this.step;
  }
}

function checkSpec(spec: WindowSpec, step: number): void {
  if (spec.sizeMs <= 0 || step <= 0) fail('MR2103', { size: `${spec.sizeMs} ms` });
  if (spec.sizeMs % step !== 0) {
    fail('MR2100', { feature: 'window size that is no multiple of its slide or step' });
  }
}
