/** The windows of a plan's nodes. */
import type { PlanValue } from './plan.js';

/** Where the windows of a node lie. */
export interface WindowSpec {
  /** A session's size is its gap. */
  readonly kind: 'tumble' | 'hop' | 'cumulate' | 'session';
  readonly sizeMs: number;
  /** hop: slide; cumulate: step; tumble: the size. */
  readonly slideMs: number;
  readonly offsetMs: number;
  /**
   * The rowtime column; null where the rows carry their window (`windowEnd`), or, where they do
   * not, belong to the window of the task clock when they come.
   */
  readonly rowtime: number | null;
  /** The column of processing time that windows of the clock are written with, for EXPLAIN. */
  readonly proctime?: number;
  /** An attached window_end / window_start column of an earlier window; null otherwise. */
  readonly windowStart: number | null;
  readonly windowEnd: number | null;
  /** Session zone of a TIMESTAMP_LTZ row time; null for TIMESTAMP. */
  readonly zone: string | null;
  /** The transitions of that zone where its offset is not fixed (src/types/zone.ts). */
  readonly zoneTable?: PlanValue;
}

/** proctime: the time at which the window fires. */
export type WindowProperty = 'start' | 'end' | 'rowtime' | 'proctime';
