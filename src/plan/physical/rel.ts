/**
 * The physical plan before numbers: operators with their inputs inside, and the traits that the
 * changelog pass decides by. Built bottom-up by convert/, turned into plan nodes by lower.ts.
 */
import type { RowField } from '../../types/data-type.js';
import type { CatalogTable } from '../../catalog/table.js';
import type { Expression } from '../logical/expression.js';
import type { IntervalBounds } from '../logical/interval-join.js';
import type {
  JoinType, LogicalAggregateCall, MatchText, SplitPhase, StateTtl, TableFunctionCall,
} from '../logical/node.js';
import type {
  AggregateCall, LiteralValue, MatchNode, SinkNode, SortKey, SourceNode, WindowProperty, WindowSpec,
} from './plan.js';

export type SourceOp = {
  readonly kind: 'source';
  readonly table: CatalogTable;
  /** It gives the old row of an update too. */
  readonly hasUpdateBefore: boolean;
} & Pick<SourceNode, 'connector' | 'options' | 'format' | 'tableSchema' | 'columns' | 'limit'>;

export interface ValuesOp {
  readonly kind: 'values';
  readonly rows: readonly (readonly LiteralValue[])[];
}

export interface CalcOp {
  readonly kind: 'calc';
  readonly projections: readonly Expression[];
  readonly condition: Expression | null;
}

export interface ExpandOp {
  readonly kind: 'expand';
  readonly projects: readonly (readonly Expression[])[];
}

export interface CorrelateOp {
  readonly kind: 'correlate';
  readonly joinType: 'inner' | 'left';
  readonly call: TableFunctionCall;
  readonly condition: Expression | null;
}

export interface LookupJoinOp {
  readonly kind: 'lookup-join';
  readonly joinType: 'inner' | 'left';
  readonly source: SourceOp;
  readonly fields: readonly RowField[];
  readonly keys: readonly number[];
  readonly arguments: readonly Expression[];
  readonly condition: Expression | null;
  /** The condition is over the input's columns and, behind them, the table's. */
  readonly conditionSeesInput?: true;
}

/** Over an exchange by the keys. Needless where nobody asks for what the source leaves out. */
export interface ChangelogNormalizeOp {
  readonly kind: 'changelog-normalize';
  readonly keys: readonly number[];
  readonly condition: Expression | null;
  /** Events may come twice: it is never needless. */
  readonly dropsDuplicates: boolean;
}

export interface DropUpdateBeforeOp {
  readonly kind: 'drop-update-before';
}

/** How EXPLAIN shows a call of a process table function. */
export interface ShownCall {
  readonly invocation: string;
  readonly uid: string | null;
}

export interface ToChangelogOp {
  readonly kind: 'to-changelog';
  readonly codes: readonly (string | null)[];
  readonly shownAs: ShownCall;
}

export interface FromChangelogOp {
  readonly kind: 'from-changelog';
  readonly opColumn: number;
  readonly codes: readonly string[];
  readonly kinds: readonly number[];
  readonly shownAs: ShownCall;
}

export interface WatermarkOp {
  readonly kind: 'watermark-assigner';
  readonly rowtime: number;
  readonly watermark: Expression;
  readonly idleTimeoutMs: number;
}

/** In trees that are shown alone: an operator of Flink that passes rows on here. */
export interface ShownOp {
  readonly kind: 'shown';
  readonly text: string;
}

export interface UnionOp {
  readonly kind: 'union';
}

export interface ExchangeOp {
  readonly kind: 'exchange';
  readonly distribution: 'hash' | 'single' | 'rebalance';
  readonly keys: readonly number[];
}

export interface GroupAggregateOp {
  readonly kind: 'group-aggregate';
  readonly grouping: readonly number[];
  readonly aggregates: readonly AggregateCall[];
  readonly phase?: SplitPhase;
  readonly stateTtl?: StateTtl;
}

export interface LocalGroupAggregateOp {
  readonly kind: 'local-group-aggregate';
  readonly grouping: readonly number[];
  readonly aggregates: readonly AggregateCall[];
  readonly needRetraction: boolean;
  readonly phase?: SplitPhase;
  /** In Flink one operator with the global phase below, which is hidden. */
  readonly isIncremental?: true;
}

export interface GlobalGroupAggregateOp {
  readonly kind: 'global-group-aggregate';
  readonly grouping: readonly number[];
  readonly aggregates: readonly AggregateCall[];
  /** What the local phase takes: the calls point into it. */
  readonly rows: readonly RowField[];
  readonly needRetraction: boolean;
  readonly phase?: SplitPhase;
  readonly stateTtl?: StateTtl;
  /** The partial calls that Flink's incremental phase passes on: shown in place of its own. */
  readonly shownOver?: Pick<LocalGroupAggregateOp, 'aggregates' | 'needRetraction'>;
}

export interface WindowAggregateOp {
  readonly kind: 'window-aggregate';
  readonly grouping: readonly number[];
  readonly calls: readonly LogicalAggregateCall[];
  readonly aggregates: readonly AggregateCall[];
  readonly window: WindowSpec;
  readonly properties: readonly WindowProperty[];
  /** Flink has a local phase before the exchange. */
  readonly areTwoPhases: boolean;
  /** It shows in the results. */
  readonly localPhase: boolean;
}

export interface WindowFunctionOp {
  readonly kind: 'window-table-function';
  readonly window: WindowSpec;
}

export interface SessionWindowOp {
  readonly kind: 'session-window';
  readonly partition: readonly number[];
  readonly window: WindowSpec;
}

export interface TemporalSortOp {
  readonly kind: 'temporal-sort';
  readonly rowtime: number;
  readonly orderBy: readonly SortKey[];
}

export type RankStrategy = 'append' | 'retract' | 'update-fast';

export interface RankOp {
  readonly kind: 'rank';
  readonly partition: readonly number[];
  readonly orderBy: readonly SortKey[];
  readonly rankStart: number;
  readonly rankEnd: number;
  readonly outputRankNumber: boolean;
  readonly strategy: RankStrategy;
  readonly primaryKey: readonly number[];
  /** What EXPLAIN calls it: ORDER BY ... LIMIT is a SortLimit, LIMIT alone a Limit. */
  readonly shownAs: 'rank' | 'sort-limit' | 'limit';
}

export interface WindowRankOp {
  readonly kind: 'window-rank';
  readonly partition: readonly number[];
  readonly orderBy: readonly SortKey[];
  readonly rankStart: number;
  readonly rankEnd: number;
  readonly outputRankNumber: boolean;
  readonly windowEnd: number;
  readonly window: WindowSpec;
}

export interface WindowDeduplicateOp {
  readonly kind: 'window-deduplicate';
  readonly partition: readonly number[];
  readonly rowtime: number;
  readonly keepLast: boolean;
  readonly windowEnd: number;
  readonly window: WindowSpec;
}

export interface DeduplicateOp {
  readonly kind: 'deduplicate';
  readonly keys: readonly number[];
  /** The time attribute that orders the rows. */
  readonly timeColumn: number;
  readonly rowtime: number | null;
  readonly keepLast: boolean;
}

/** What names a row of a join's input: a key within the join key, a key, or nothing. */
export interface UniqueSpec {
  readonly kind: 'join-key' | 'unique-key' | 'none';
  readonly key: readonly number[];
}

/** What joins of every kind have. */
interface JoinBase {
  readonly joinType: JoinType;
  readonly leftKeys: readonly number[];
  readonly rightKeys: readonly number[];
  readonly filterNulls: readonly boolean[];
  /** Over both inputs side by side, without the equalities of keys and windows. */
  readonly condition: Expression | null;
  /** With the equalities of the keys, without those of the windows. */
  readonly where: Expression;
}

export interface JoinOp extends JoinBase {
  readonly kind: 'join';
  readonly leftState: UniqueSpec;
  readonly rightState: UniqueSpec;
  readonly stateTtl?: StateTtl;
}

export interface OverAggregateOp {
  readonly kind: 'over-aggregate';
  readonly partition: readonly number[];
  readonly orderBy: SortKey;
  readonly mode: 'rowtime' | 'proctime' | 'sorted';
  readonly unit: 'rows' | 'range';
  readonly preceding: number | null;
  readonly calls: readonly LogicalAggregateCall[];
  readonly aggregates: readonly AggregateCall[];
}

export interface WindowJoinOp extends JoinBase {
  readonly kind: 'window-join';
  readonly leftWindow: WindowSpec;
  readonly rightWindow: WindowSpec;
}

export interface IntervalJoinOp extends JoinBase {
  readonly kind: 'interval-join';
  readonly bounds: IntervalBounds;
  readonly minCleanupMs: number;
}

export interface MatchOp extends Pick<MatchNode,
  'kind' | 'partition' | 'rowtime' | 'orderBy' | 'variables' | 'automaton' | 'conditions'
  | 'measures' | 'skip' | 'withinMs'> {
  /** The column of the time that orders the rows. */
  readonly timeColumn: number;
  readonly shown: MatchText;
}

export interface TemporalJoinOp extends JoinBase {
  readonly kind: 'temporal-join';
  readonly leftTime: number;
  readonly rightTime: number;
}

export interface LimitOp {
  readonly kind: 'limit';
  readonly offset: number;
  readonly count: number;
}

export interface SinkUpsertMaterializeOp {
  readonly kind: 'sink-upsert-materialize';
  readonly primaryKey: readonly number[];
  readonly upsertKey: readonly number[];
}

export interface SinkConflictOp {
  readonly kind: 'sink-conflict';
  readonly primaryKey: readonly number[];
  readonly upsertKey: readonly number[];
  readonly onConflict: 'nothing' | 'error';
}

export type OnConflict = 'nothing' | 'error' | 'deduplicate';

export type SinkOp = { readonly kind: 'sink' } & Pick<SinkNode,
  'connector' | 'options' | 'format' | 'primaryKey' | 'partition' | 'constraints'> & {
  readonly table: string;
  /** Takes updates and deletes; if not, the input must be insert-only. */
  readonly acceptsUpdates: boolean;
  /** Asks for the old row of an update. */
  readonly wantsUpdateBefore: boolean;
  /** Takes deletes that have only the key. */
  readonly acceptsDeletesByKey: boolean;
  /** What EXPLAIN tells of the operators before it that are hidden. */
  readonly shownAs: { readonly isMaterialized: boolean; readonly onConflict: OnConflict | null };
};

export type Operator =
  | SourceOp | ValuesOp | CalcOp | ChangelogNormalizeOp | DropUpdateBeforeOp | WatermarkOp
  | UnionOp | ShownOp | ExchangeOp | GroupAggregateOp | LocalGroupAggregateOp
  | GlobalGroupAggregateOp | WindowAggregateOp | WindowFunctionOp | RankOp | WindowRankOp
  | WindowDeduplicateOp | DeduplicateOp | JoinOp | WindowJoinOp | IntervalJoinOp | TemporalJoinOp
  | LimitOp | OverAggregateOp | ExpandOp | CorrelateOp | LookupJoinOp | ToChangelogOp
  | FromChangelogOp | SessionWindowOp | TemporalSortOp | MatchOp | SinkUpsertMaterializeOp
  | SinkConflictOp | SinkOp;

/** How the values of a column move while a key is updated. */
export type Monotonicity = 'constant' | 'increasing' | 'decreasing' | 'none';

export interface Traits {
  /** Which kinds beside inserts the edge carries. */
  readonly updates: boolean;
  readonly deletes: boolean;
  /** Each a set of columns that names a row across its updates; sorted. */
  readonly upsertKeys: readonly (readonly number[])[];
  /** Empty: nothing is known. */
  readonly monotonicity: readonly Monotonicity[];
  /** Deletes may have nothing but the key. */
  readonly deletesByKey?: true;
  /** New rows come as updates too. */
  readonly noInserts?: true;
}

export interface Rel {
  readonly op: Operator;
  readonly inputs: readonly Rel[];
  readonly schema: readonly RowField[];
  readonly traits: Traits;
  /** It runs, but in Flink's EXPLAIN it is a part of the operator above. */
  readonly isHidden?: true;
}

export const APPEND: Traits = Object.freeze({
  updates: false, deletes: false, upsertKeys: [], monotonicity: [],
});

export const isInsertOnly = (traits: Traits): boolean => !traits.updates && !traits.deletes;
