/**
 * The physical plan: what both engines run. It says nothing about the engine. It is plain data,
 * encoded by encode.ts into a versioned binary that either engine decodes.
 *
 * Nodes stand in topological order: a node's inputs come before it. Column references are
 * indexes into the schema of the input (inputs side by side where there are several).
 */
import type { DataType, RowField } from '../../types/data-type.js';
import type { AggregateCall, MiniBatch } from './aggregate-plan.js';
import type { LookupReload, LookupSource } from './lookup-plan.js';
import type { MatchAutomaton, MatchExpression, MatchSkip } from './match-plan.js';
import type { FormatSpec, SourceColumn } from './source-plan.js';
import type { WindowProperty, WindowSpec } from './window-plan.js';

export type { AggregateCall, MiniBatch } from './aggregate-plan.js';
export type { LookupReload, LookupSource } from './lookup-plan.js';
export type { ColumnBounds, FormatSpec, SourceColumn } from './source-plan.js';
export type { WindowProperty, WindowSpec } from './window-plan.js';

export const PLAN_VERSION = 1;

/**
 * Value of a literal by physical form: bool -> boolean; i8..i32, f32, f64 -> number;
 * i64 (BIGINT, timestamps in the type's ticks, day-time intervals in ms) and i128 (DECIMAL,
 * unscaled) -> bigint; string -> string; bytes -> Uint8Array; NULL of any type -> null.
 */
export type LiteralValue = boolean | number | bigint | string | Uint8Array | null;

/** What a call may carry besides its arguments: compiled patterns, flags, zones. */
export type PlanValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly PlanValue[]
  | { readonly [name: string]: PlanValue };

/**
 * and, or, case, if and coalesce evaluate an argument only for the rows that need it, so an
 * error in a branch not taken never shows. Every other call evaluates all its arguments.
 *
 *     case      arguments: when1, then1, when2, then2, ..., else (always present)
 *     if        is bound as case; nullif, between, in (few values) are bound as these forms
 *     coalesce  arguments in order; all of the result's type
 *     field     arguments: [row]; options.index: the field
 *     cast      arguments: [value]; options: {try: boolean, zone?: string}
 */
export type PlanExpression =
  | { readonly kind: 'column'; readonly index: number; readonly type: DataType }
  | { readonly kind: 'literal'; readonly value: LiteralValue; readonly type: DataType }
  | {
      readonly kind: 'call';
      /** A kernel name of spec/functions.ts, or a special form above. */
      readonly kernel: string;
      readonly arguments: readonly PlanExpression[];
      readonly type: DataType;
      readonly options?: { readonly [name: string]: PlanValue };
    };

/** The row kinds an edge may carry. */
export interface ChangelogMode {
  readonly updateBefore: boolean;
  readonly updateAfter: boolean;
  readonly delete: boolean;
}

export const INSERT_ONLY: ChangelogMode = Object.freeze({
  updateBefore: false,
  updateAfter: false,
  delete: false,
});

interface NodeBase {
  /** Unique in the plan; names the operator in state, metrics and errors. */
  readonly id: number;
  readonly inputs: readonly number[];
  readonly schema: readonly RowField[];
  /** What this node produces. */
  readonly changelog: ChangelogMode;
  /** Flink's one-line text of the node, for EXPLAIN and errors. */
  readonly description: string;
  /** Stable across plans: hash of input signature, keys and expressions. Names the state. */
  readonly semanticId: string;
}

/** A node whose state has a time to live. */
interface StatefulNode extends NodeBase {
  /** 0 = state is kept for ever. */
  readonly stateTtlMs: number;
}

/**
 * connector: a row of spec/connectors.ts (nexmark, filesystem, datagen, external). `external`
 * rows are offered from TypeScript (`options.input` is the pipeline input's number).
 */
export interface SourceNode extends NodeBase {
  readonly kind: 'source';
  readonly connector: string;
  readonly table: string;
  readonly options: Readonly<Record<string, string>>;
  readonly format: FormatSpec | null;
  /** The physical columns of the table, in order (CSV is positional). */
  readonly tableSchema: readonly RowField[];
  /** One an output column; fewer than the table's where the plan reads fewer. */
  readonly columns: readonly SourceColumn[];
  /** No subtask need give more rows than that. */
  readonly limit?: number;
}

export interface ValuesNode extends NodeBase {
  readonly kind: 'values';
  readonly rows: readonly (readonly LiteralValue[])[];
}

export interface CalcNode extends NodeBase {
  readonly kind: 'calc';
  readonly projections: readonly PlanExpression[];
  /** Rows for which it is not TRUE are dropped. An update pair may lose one half. */
  readonly condition: PlanExpression | null;
  /**
   * Where it is there the column behind the input's is the watermark before each row, as this
   * type; NULL before the first.
   */
  readonly watermarkType?: DataType;
}

/** Each row once a projection, in their order. */
export interface ExpandNode extends NodeBase {
  readonly kind: 'expand';
  readonly projects: readonly (readonly PlanExpression[])[];
}

/**
 * Each row beside each row that the function makes of it, with the row's kind; `left`: a row of
 * which it makes none stands beside NULLs. Output: the input's columns, then the function's.
 *
 *     unnest                  [collection]: an item a row (of a map key and value, of rows their
 *                             fields; an item of a multiset as often as it is in it)
 *     unnest-with-ordinality  the same, and INT 1, 2, ... behind it
 *     replicate-rows          [BIGINT count, values...]: the values so many times
 */
export interface CorrelateNode extends NodeBase {
  readonly kind: 'correlate';
  readonly function: 'unnest' | 'unnest-with-ordinality' | 'replicate-rows';
  readonly arguments: readonly PlanExpression[];
  readonly joinType: 'inner' | 'left';
  /** Over the function's columns: rows for which it is not TRUE are not made. */
  readonly condition: PlanExpression | null;
}

/**
 * Each row beside the rows of a table whose key columns are equal to the row's values; NULL meets
 * nothing. The table is read as a whole before the first row, and again as `reload` says. Else as
 * CorrelateNode.
 */
export interface LookupJoinNode extends NodeBase {
  readonly kind: 'lookup-join';
  readonly table: LookupSource;
  /** Columns of the table. */
  readonly keys: readonly number[];
  /** One a key. */
  readonly arguments: readonly PlanExpression[];
  readonly joinType: 'inner' | 'left';
  /** Over the table's columns: rows for which it is not TRUE are no partners. */
  readonly condition: PlanExpression | null;
  /** The condition is over the input's columns and, behind them, the table's. */
  readonly conditionSeesInput?: true;
  /** Null: the table is read once. */
  readonly reload: LookupReload | null;
  /** A table of more rows is an error (MR3035). */
  readonly mostRows: number;
}

/**
 * From the changes of a source that names rows by key alone to a changelog: the last row of each
 * key is kept, and deleted where it stops to meet the condition.
 */
export interface ChangelogNormalizeNode extends StatefulNode {
  readonly kind: 'changelog-normalize';
  readonly keys: readonly number[];
  readonly condition: PlanExpression | null;
  readonly generateUpdateBefore: boolean;
}

/** Drops the old rows of updates. */
export interface DropUpdateBeforeNode extends NodeBase {
  readonly kind: 'drop-update-before';
}

/**
 * TO_CHANGELOG. Output: the code of each row's kind, then the input's columns; inserts only.
 * `codes`: one a kind (+I, -U, +U, -D); rows of a kind whose code is null are dropped.
 */
export interface ToChangelogNode extends NodeBase {
  readonly kind: 'to-changelog';
  readonly codes: readonly (string | null)[];
}

/**
 * FROM_CHANGELOG. Output: the input's columns but `opColumn`, whose text is the row's kind:
 * kinds[i] (its byte in a batch) for codes[i]; any other text or NULL is an MR3006.
 */
export interface FromChangelogNode extends NodeBase {
  readonly kind: 'from-changelog';
  readonly opColumn: number;
  readonly codes: readonly string[];
  readonly kinds: readonly number[];
}

/** Raises the watermark after each row whose expression exceeds all before it. */
export interface WatermarkAssignerNode extends NodeBase {
  readonly kind: 'watermark-assigner';
  readonly rowtime: number;
  /** A TIMESTAMP(3) or TIMESTAMP_LTZ(3); NULL is ignored. */
  readonly watermark: PlanExpression;
  /** Idle after so long without a row; 0: never. */
  readonly idleTimeoutMs: number;
}

export interface UnionNode extends NodeBase {
  readonly kind: 'union';
}

/** hash: by key group of `keys`; single: all to subtask 0. A no-op at parallelism 1. */
export interface ExchangeNode extends NodeBase {
  readonly kind: 'exchange';
  readonly distribution: 'hash' | 'single' | 'rebalance';
  readonly keys: readonly number[];
}

/** Output: grouping columns, then one column an aggregate. */
export interface GroupAggregateNode extends StatefulNode {
  readonly kind: 'group-aggregate';
  readonly grouping: readonly number[];
  readonly aggregates: readonly AggregateCall[];
  readonly generateUpdateBefore: boolean;
  /** Whether the input carries updates or deletes. */
  readonly needRetraction: boolean;
  readonly miniBatch: MiniBatch | null;
}

/**
 * The first of two phases, once a bundle. Output: grouping columns, the number of rows that came
 * less those taken back where `needRetraction`, then accumulators (accumulators.ts).
 */
export interface LocalGroupAggregateNode extends NodeBase {
  readonly kind: 'local-group-aggregate';
  readonly grouping: readonly number[];
  readonly aggregates: readonly AggregateCall[];
  readonly needRetraction: boolean;
  readonly miniBatch: MiniBatch;
}

/** The second of two phases: takes what the first puts out. Output as of GroupAggregateNode. */
export interface GlobalGroupAggregateNode extends NodeBase {
  readonly kind: 'global-group-aggregate';
  readonly grouping: readonly number[];
  readonly aggregates: readonly AggregateCall[];
  /** What the local phase takes: the calls point into it. */
  readonly rows: readonly RowField[];
  readonly generateUpdateBefore: boolean;
  readonly needRetraction: boolean;
  readonly miniBatch: MiniBatch;
  readonly stateTtlMs: number;
}

/** Output: grouping columns, aggregates, then the window properties asked for. */
export interface WindowAggregateNode extends NodeBase {
  readonly kind: 'window-aggregate';
  readonly grouping: readonly number[];
  readonly aggregates: readonly AggregateCall[];
  readonly window: WindowSpec;
  readonly properties: readonly WindowProperty[];
  readonly needRetraction: boolean;
  /** Sums are added in two phases, as Flink's LocalWindowAggregate does, and it shows in them. */
  readonly localPhase: boolean;
}

/** Output: the input's columns, then window_start, window_end, window_time. */
export interface WindowTableFunctionNode extends NodeBase {
  readonly kind: 'window-table-function';
  readonly window: WindowSpec;
}

/**
 * Rows of a partition that lie less than the gap apart share a window; sent when it closes.
 * Output: the input's columns, then window_start, window_end, window_time.
 */
export interface SessionWindowNode extends NodeBase {
  readonly kind: 'session-window';
  readonly partition: readonly number[];
  readonly window: WindowSpec;
}

/** Rows in the order of their row time, those of one time by `orderBy`. */
export interface TemporalSortNode extends NodeBase {
  readonly kind: 'temporal-sort';
  readonly rowtime: number;
  readonly orderBy: readonly SortKey[];
}

export interface SortKey {
  readonly column: number;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

/** ROW_NUMBER in [rankStart, rankEnd]. Output: the input's columns (+ BIGINT rank number). */
export interface RankNode extends StatefulNode {
  readonly kind: 'rank';
  readonly partition: readonly number[];
  readonly orderBy: readonly SortKey[];
  readonly rankStart: number;
  readonly rankEnd: number;
  readonly outputRankNumber: boolean;
  readonly strategy: 'append' | 'retract' | 'update-fast';
  /** update-fast: the input's upsert key. */
  readonly primaryKey: readonly number[];
  readonly generateUpdateBefore: boolean;
}

/** Top-N inside a window that has closed; insert-only in and out. */
export interface WindowRankNode extends NodeBase {
  readonly kind: 'window-rank';
  readonly partition: readonly number[];
  readonly orderBy: readonly SortKey[];
  readonly rankStart: number;
  readonly rankEnd: number;
  readonly outputRankNumber: boolean;
  /** The window_end column of the input. */
  readonly windowEnd: number;
  readonly zone: string | null;
}

/**
 * The first or the last row by row time of each key of a closed window; of equal times the first
 * arrival is the first, the last arrival the last. Insert-only in and out.
 */
export interface WindowDeduplicateNode extends NodeBase {
  readonly kind: 'window-deduplicate';
  readonly partition: readonly number[];
  readonly rowtime: number;
  readonly keepLast: boolean;
  /** The window_end column of the input. */
  readonly windowEnd: number;
  readonly zone: string | null;
}

/** The first or the last row of a key by row time (or by arrival). */
export interface DeduplicateNode extends StatefulNode {
  readonly kind: 'deduplicate';
  readonly keys: readonly number[];
  /** null = processing time (arrival). */
  readonly rowtime: number | null;
  readonly keepLast: boolean;
  readonly generateUpdateBefore: boolean;
}

/**
 * How a join keeps an input: one row a join key (join-key), one a unique key (unique-key), or all
 * rows as they come (none).
 */
export interface JoinInput {
  readonly keys: readonly number[];
  readonly uniqueness: 'join-key' | 'unique-key' | 'none';
  readonly uniqueKey: readonly number[];
  /** Whether the old rows of updates count; if not, the new row replaces it by its key. */
  readonly takesUpdateBefore: boolean;
  /** Whether every row is an insert. */
  readonly insertOnly: boolean;
  /** 0 = its rows are kept for ever. */
  readonly stateTtlMs: number;
}

/** Two inputs: left, right. Output: the columns of both; of semi and anti joins the left ones. */
export interface JoinNode extends NodeBase {
  readonly kind: 'join';
  readonly joinType: 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti';
  readonly left: JoinInput;
  readonly right: JoinInput;
  /** One a key: whether NULL meets nothing. */
  readonly filterNulls: readonly boolean[];
  /** Over both inputs side by side; only pairs for which it is TRUE meet. */
  readonly condition: PlanExpression | null;
}

/**
 * Aggregates over the rows before, by partition. Output: the input's columns, then one a call.
 * mode: rowtime waits for the watermark, proctime takes rows as they come (in a bounded RANGE
 * together with those of the same millisecond, when it is over), sorted keeps all rows in order
 * and changes the results of those behind a change; `retract` then says for all calls whether a
 * bounded frame may slide.
 */
export interface OverAggregateNode extends StatefulNode {
  readonly kind: 'over-aggregate';
  readonly partition: readonly number[];
  readonly orderBy: SortKey;
  readonly mode: 'rowtime' | 'proctime' | 'sorted';
  readonly unit: 'rows' | 'range';
  /** Rows before the current one, or ms; null: all. */
  readonly preceding: number | null;
  /**
   * Beside those of spec/aggregates.ts: LAG, options {offset, default}; a default that is no
   * literal is its second argument.
   */
  readonly aggregates: readonly AggregateCall[];
  readonly generateUpdateBefore: boolean;
}

/** The window and the keys of one input of a window join. */
export interface WindowJoinInput {
  readonly keys: readonly number[];
  readonly windowEnd: number;
}

/** Rows of the same window meet when it closes; insert-only in and out. Output as of JoinNode. */
export interface WindowJoinNode extends NodeBase {
  readonly kind: 'window-join';
  readonly joinType: JoinNode['joinType'];
  readonly left: WindowJoinInput;
  readonly right: WindowJoinInput;
  readonly filterNulls: readonly boolean[];
  readonly condition: PlanExpression | null;
  readonly zone: string | null;
}

/** The keys of one input of an interval or a temporal join, and its time. */
export interface IntervalJoinInput {
  readonly keys: readonly number[];
  readonly time: number;
}

/**
 * Rows meet whose times lie apart as the bounds say: left in [right + lowerMs, right + upperMs].
 * Rows that can meet nothing any more come out alone where the join type keeps them, then go.
 * Insert-only in and out; output as of JoinNode. Watermarks are held back by the larger bound.
 */
export interface IntervalJoinNode extends NodeBase {
  readonly kind: 'interval-join';
  readonly joinType: 'inner' | 'left' | 'right' | 'full';
  readonly left: IntervalJoinInput;
  readonly right: IntervalJoinInput;
  readonly filterNulls: readonly boolean[];
  readonly condition: PlanExpression | null;
  /** Row times; if not, times of arrival. */
  readonly isRowTime: boolean;
  readonly lowerMs: number;
  readonly upperMs: number;
  /** How much longer than needed rows are kept at least, so that they are dropped together. */
  readonly minCleanupMs: number;
}

/**
 * MATCH_RECOGNIZE, one row a match, insert-only in and out. Output: the partition columns, then
 * the measures.
 */
export interface MatchNode extends NodeBase {
  readonly kind: 'match';
  readonly partition: readonly number[];
  /** Rows wait for the watermark of this column; null = processing time, rows as they come. */
  readonly rowtime: number | null;
  /** Further keys, of rows of one time. */
  readonly orderBy: readonly SortKey[];
  /** Names of the variables, in the order of the pattern. */
  readonly variables: readonly string[];
  readonly automaton: MatchAutomaton;
  /** One a variable; null: every row. */
  readonly conditions: readonly (MatchExpression | null)[];
  readonly measures: readonly MatchExpression[];
  readonly skip: MatchSkip;
  /** Longest time from the first row to the last, exclusive; 0: no limit. */
  readonly withinMs: number;
}

/**
 * Each left row, when the watermark has passed its time, beside the version of the right side that
 * holds then: the last row of its key up to that time, unless it is a -U or -D. Left rows keep
 * their kind. Output as of JoinNode.
 */
export interface TemporalJoinNode extends StatefulNode {
  readonly kind: 'temporal-join';
  readonly joinType: 'inner' | 'left';
  readonly left: IntervalJoinInput;
  readonly right: IntervalJoinInput;
  readonly condition: PlanExpression | null;
}

/** `offset` rows skipped, then `count` rows kept. */
export interface LimitNode extends NodeBase {
  readonly kind: 'limit';
  readonly offset: number;
  readonly count: number;
}

/**
 * connector: a row of spec/connectors.ts (collect, print, blackhole, filesystem). `collect` and
 * `print` hand their batches to TypeScript (`options.output` is the pipeline output's number).
 */
export interface SinkNode extends NodeBase {
  readonly kind: 'sink';
  readonly connector: string;
  readonly table: string;
  readonly options: Readonly<Record<string, string>>;
  readonly format: FormatSpec | null;
  readonly primaryKey: readonly number[];
  /** Partition columns of a filesystem sink. */
  readonly partition: readonly number[];
  /** Absent where the columns take every value. */
  readonly constraints?: SinkConstraints;
}

/** What Flink's ConstraintEnforcer looks at before a sink. */
export interface SinkConstraints {
  /** NOT NULL columns: a row with a NULL in one is dropped, or else fails (MR3004). */
  readonly notNull: readonly number[];
  readonly drops: boolean;
  /** Texts and bytes of another length than their type's are made to fit, or fail (MR3033). */
  readonly lengths?: 'trim-pad' | 'error';
  /** Fields of rows count too (rows), and elements, keys and values (collections). */
  readonly nested?: 'rows' | 'collections';
}

/**
 * Before a sink whose primary key is not the key of the query: keeps all rows of a primary key and
 * sends the last one.
 */
export interface SinkUpsertMaterializeNode extends StatefulNode {
  readonly kind: 'sink-upsert-materialize';
  readonly primaryKey: readonly number[];
  /** Names a row across its updates; empty: rows are the same where all columns are. */
  readonly upsertKey: readonly number[];
}

/**
 * The same under ON CONFLICT DO NOTHING (the first row stays) or DO ERROR (MR3032), decided when
 * the watermark rises.
 */
export interface SinkConflictNode extends NodeBase {
  readonly kind: 'sink-conflict';
  readonly primaryKey: readonly number[];
  readonly upsertKey: readonly number[];
  readonly onConflict: 'nothing' | 'error';
}

export type PhysicalNode =
  | SourceNode
  | ValuesNode
  | CalcNode
  | ChangelogNormalizeNode
  | ExpandNode
  | CorrelateNode
  | LookupJoinNode
  | DropUpdateBeforeNode
  | ToChangelogNode
  | FromChangelogNode
  | WatermarkAssignerNode
  | UnionNode
  | ExchangeNode
  | GroupAggregateNode
  | LocalGroupAggregateNode
  | GlobalGroupAggregateNode
  | WindowAggregateNode
  | WindowTableFunctionNode
  | RankNode
  | WindowRankNode
  | WindowDeduplicateNode
  | DeduplicateNode
  | JoinNode
  | WindowJoinNode
  | IntervalJoinNode
  | MatchNode
  | TemporalJoinNode
  | LimitNode
  | OverAggregateNode
  | SessionWindowNode
  | TemporalSortNode
  | SinkUpsertMaterializeNode
  | SinkConflictNode
  | SinkNode;

export type NodeKind = PhysicalNode['kind'];

export interface PhysicalPlan {
  readonly version: typeof PLAN_VERSION;
  readonly nodes: readonly PhysicalNode[];
  /** Session zone, for casts and functions that need one at run time. */
  readonly zone: string;
}
