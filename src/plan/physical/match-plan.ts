/**
 * The parts of a `match` node: a row pattern compiled to an automaton, and what is evaluated over
 * the rows of a match. After Flink's CEP: a pattern is strict, each row is taken or ends the match.
 */
import type { DataType } from '../../types/data-type.js';
import type { AggregateCall, PlanExpression } from './plan.js';

/** Any variable: a column without a variable before it. */
export const ANY_VARIABLE = -1;

/** Whether the row at hand meets (or does not meet) the condition of a variable. */
export interface MatchCheck {
  readonly variable: number;
  readonly negated: boolean;
}

/**
 * A way out of a state, open where all its checks hold, asked in their order: `takes` puts the row
 * into the match, the others go on to the target with the same row.
 */
export interface MatchStep {
  readonly takes: boolean;
  readonly target: number;
  readonly when: readonly MatchCheck[];
}

export interface MatchState {
  /** The variable whose rows it takes; ANY_VARIABLE in the end state. */
  readonly variable: number;
  readonly steps: readonly MatchStep[];
}

/** `states[end]` has no steps: who reaches it is a match. */
export interface MatchAutomaton {
  readonly states: readonly MatchState[];
  readonly start: number;
  readonly end: number;
}

/**
 * Where an input of an expression comes from:
 *
 *     row         a column of the row at hand; conditions only
 *     pick        a column of the first or last row of a variable, `offset` rows further in; NULL
 *                 where there is none. In a condition of this variable the row at hand is its last
 *     aggregate   a call over all rows of a variable: `groups[group].aggregates[index]`
 *     time        ms: that of the last row, or of the watermark that let the match go
 */
export type MatchInput =
  | { readonly source: 'row'; readonly column: number; readonly type: DataType }
  | {
      readonly source: 'pick'; readonly variable: number; readonly first: boolean;
      readonly offset: number; readonly column: number; readonly type: DataType;
    }
  | {
      readonly source: 'aggregate'; readonly group: number; readonly index: number;
      readonly type: DataType;
    }
  | { readonly source: 'time'; readonly type: DataType };

/** Aggregates over the rows of one variable. Arguments of the calls count in `values`. */
export interface MatchAggregates {
  readonly variable: number;
  /** Over the columns of a row. */
  readonly values: readonly PlanExpression[];
  readonly aggregates: readonly AggregateCall[];
}

/** Columns of the expression count in `inputs`. */
export interface MatchExpression {
  readonly inputs: readonly MatchInput[];
  readonly groups: readonly MatchAggregates[];
  readonly expression: PlanExpression;
  /** It reads the row at hand alone, and gives the same whenever it is asked. */
  readonly ofRow: boolean;
}

/** Where matching goes on after a match. */
export interface MatchSkip {
  readonly to: 'past-last-row' | 'next-row' | 'first' | 'last';
  /** Of first and last; else ANY_VARIABLE. */
  readonly variable: number;
}
