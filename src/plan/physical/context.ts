/** What conversion needs of the session. */
import type { MiniBatch } from './plan.js';

export interface ConvertContext {
  readonly zone: string;
  readonly stateTtlMs: number;
  /** table.exec.interval-join.min-cleanup-interval. */
  readonly minCleanupMs: number;
  readonly miniBatch: MiniBatch | null;
  /** table.exec.source.cdc-events-duplicate: changes of sources may come twice. */
  readonly hasDuplicateEvents: boolean;
}
