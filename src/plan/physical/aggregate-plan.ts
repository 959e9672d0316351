/** The calls of a plan's aggregations, and when they emit. */
import type { DataType } from '../../types/data-type.js';
import type { PlanValue } from './plan.js';

export interface AggregateCall {
  /** A row of spec/aggregates.ts. */
  readonly function: string;
  /** Input columns. Empty for COUNT(*). */
  readonly arguments: readonly number[];
  /** A BOOLEAN input column: only rows where it is TRUE count. */
  readonly filter: number | null;
  readonly distinct: boolean;
  /** Whether rows may be taken back; picks the retractable state of MIN, MAX and kin. */
  readonly retract: boolean;
  readonly type: DataType;
  readonly options?: { readonly [name: string]: PlanValue };
}

/** Bundles under table.exec.mini-batch.*; null = emit for each row. */
export interface MiniBatch {
  readonly size: number;
  readonly latencyMs: number;
  /** A bundle ends with each batch: the operator below sends its own bundles as one. */
  readonly endsWithBatch?: true;
}
