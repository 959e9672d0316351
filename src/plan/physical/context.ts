/** What conversion needs of the session. */
import { parseDurationMs } from '../duration.js';
import type { MiniBatch, SinkConstraints } from './plan.js';

/** table.exec.sink.* */
export interface SinkSettings {
  readonly upsertMaterialize: 'NONE' | 'AUTO' | 'FORCE';
  /** Whether a query whose key is not the sink's must say ON CONFLICT. */
  readonly requiresOnConflict: boolean;
  /** Whether rows are spread by the sink's primary key in any case. */
  readonly isShuffleForced: boolean;
  /** Whether constraints count inside rows, and inside arrays and maps too. */
  readonly nested: SinkConstraints['nested'];
  /** What values of another length than their type's do. */
  readonly lengths: SinkConstraints['lengths'];
}

/** table.optimizer.agg-phase-strategy and its kin: how aggregations under mini-batch are cut. */
export interface PhaseSettings {
  readonly areTwo: boolean;
  /** DISTINCT values are split over so many buckets; null: they are not. */
  readonly buckets: number | null;
  /** Whether the phases in the middle of a split become one. */
  readonly areMerged: boolean;
}

export interface ConvertContext {
  readonly zone: string;
  readonly stateTtlMs: number;
  /** millrace.lookup.max-rows. */
  readonly lookupMostRows: number;
  /** table.exec.source.idle-timeout; 0: never idle. */
  readonly idleTimeoutMs: number;
  /** table.exec.interval-join.min-cleanup-interval. */
  readonly minCleanupMs: number;
  readonly miniBatch: MiniBatch | null;
  readonly phases: PhaseSettings;
  readonly sinks: SinkSettings;
  /** table.optimizer.reuse-sub-plan-enabled: equal parts of a plan run once. */
  readonly reusesPlans: boolean;
  /** table.optimizer.reuse-source-enabled: a table is read once for all columns. */
  readonly reusesSources: boolean;
  /** table.optimizer.source.predicate-pushdown-enabled. */
  readonly pushesFilters: boolean;
  /** table.exec.source.cdc-events-duplicate: changes of sources may come twice. */
  readonly hasDuplicateEvents: boolean;
}

/** How long an operator keeps an input: as a hint says, else as the session does. 0 = for ever. */
export function stateTtlMs(
  hint: string | null | undefined, { stateTtlMs: ttl }: Pick<ConvertContext, 'stateTtlMs'>,
): number {
  return hint === null || hint === undefined ? ttl : parseDurationMs(hint) ?? ttl;
}
