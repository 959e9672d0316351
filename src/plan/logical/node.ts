/**
 * The logical plan: relational nodes over typed expressions, immutable, inputs inside. A node's
 * `schema` names and types its output; column references count into the schema of the input.
 */
import type { CatalogTable } from '../../catalog/table.js';
import { MillraceError, type Position } from '../../errors/index.js';
import type { DataType, RowField, TimeAttribute } from '../../types/data-type.js';
import type { LiteralValue, PlanValue, SortKey, SourceColumn } from '../physical/plan.js';
import type { MatchSkip } from '../physical/match-plan.js';
import type { Expression, OverFrame } from './expression.js';

interface NodeBase {
  readonly schema: readonly RowField[];
  /** Where it was written, for errors that are found later; parts of views have none. */
  readonly position?: Position;
}

/** Reads columns (or fields nested in them) of a table. */
export interface Scan extends NodeBase {
  readonly kind: 'scan';
  readonly table: CatalogTable;
  /** The table's options with those of an OPTIONS hint over them. */
  readonly options: Readonly<Record<string, string>>;
  readonly columns: readonly SourceColumn[];
}

export interface Values extends NodeBase {
  readonly kind: 'values';
  readonly rows: readonly (readonly LiteralValue[])[];
}

export interface Project extends NodeBase {
  readonly kind: 'project';
  readonly input: LogicalNode;
  readonly expressions: readonly Expression[];
}

export interface Filter extends NodeBase {
  readonly kind: 'filter';
  readonly input: LogicalNode;
  readonly condition: Expression;
}

export interface Watermark extends NodeBase {
  readonly kind: 'watermark';
  readonly input: LogicalNode;
  readonly rowtime: number;
  readonly expression: Expression;
}

/** Window sizes in ms; `slideMs` is the step of CUMULATE and the size of TUMBLE. */
export interface WindowShape {
  /** A session's size is its gap. */
  readonly kind: 'tumble' | 'hop' | 'cumulate' | 'session';
  readonly sizeMs: number;
  readonly slideMs: number;
  readonly offsetMs: number;
  /** Windows of the clock: rows belong to the time at which they come. */
  readonly isProctime?: true;
}

/** Output: the input's columns, then window_start, window_end, window_time. */
export interface WindowFunction extends NodeBase {
  readonly kind: 'window-function';
  readonly input: LogicalNode;
  readonly window: WindowShape;
  readonly timeColumn: number;
  /** Sessions are those of a partition; empty for other windows. */
  readonly partition: readonly number[];
}

export interface LogicalAggregateCall {
  readonly function: string;
  readonly name: string;
  readonly arguments: readonly number[];
  readonly filter: number | null;
  readonly distinct: boolean;
  readonly type: DataType;
  readonly options?: { readonly [name: string]: PlanValue };
}

/** Output: grouping columns, then one column a call. No calls: DISTINCT. */
export interface Aggregate extends NodeBase {
  readonly kind: 'aggregate';
  readonly input: LogicalNode;
  readonly grouping: readonly number[];
  readonly calls: readonly LogicalAggregateCall[];
  readonly stateTtl?: StateTtl;
  /** Of one that split-distinct.ts has split. */
  readonly phase?: SplitPhase;
}

export type SplitPhase = 'PARTIAL' | 'FINAL';

/** What hints say of how long state is kept, as written: one an input, null where none does. */
export type StateTtl = readonly (string | null)[];

/** What an aggregation over windows shows of each window. */
export type WindowProperty = 'start' | 'end' | 'rowtime' | 'proctime';

/**
 * Aggregation over windows that have closed. Either the rows carry their time (`timeColumn`) or
 * their window (`startColumn`, `endColumn`). Output: grouping, calls, properties.
 */
export interface WindowAggregate extends NodeBase {
  readonly kind: 'window-aggregate';
  readonly input: LogicalNode;
  readonly grouping: readonly number[];
  readonly calls: readonly LogicalAggregateCall[];
  readonly window: WindowShape;
  readonly timeColumn: number | null;
  readonly startColumn: number | null;
  readonly endColumn: number | null;
  readonly properties: readonly WindowProperty[];
  /** Of the row time that the windows stand on. */
  readonly timeType: DataType;
}

/** Output: the input's columns, then the row number. Becomes a Rank, or is unsupported. */
export interface Over extends NodeBase {
  readonly kind: 'over';
  readonly input: LogicalNode;
  readonly partition: readonly number[];
  readonly orderBy: readonly SortKey[];
}

/** Output: the input's columns, then one a call. Frames end at the current row. */
export interface OverAggregate extends NodeBase {
  readonly kind: 'over-aggregate';
  readonly input: LogicalNode;
  readonly partition: readonly number[];
  readonly orderBy: readonly SortKey[];
  readonly frame: OverFrame;
  readonly calls: readonly LogicalAggregateCall[];
}

/** A code in a column and the row kind (its byte in a batch) that it stands for. */
export interface ChangeCode {
  readonly code: string;
  readonly kind: number;
}

/**
 * TO_CHANGELOG (to): the code of each change in a column before the others, kinds without a code
 * are dropped. FROM_CHANGELOG (from): the codes of a column become kinds; output: the others.
 */
export interface ChangelogFunction extends NodeBase {
  readonly kind: 'changelog-function';
  readonly input: LogicalNode;
  readonly direction: 'to' | 'from';
  readonly op: string;
  /** The column of the codes: in the output of TO_CHANGELOG, in the input of FROM_CHANGELOG. */
  readonly opColumn: number;
  readonly codes: readonly ChangeCode[];
  /** The call as EXPLAIN prints it. */
  readonly invocation: string;
  readonly uid: string | null;
}

/** A variable of a row pattern with its quantifier. */
export interface PatternPart {
  readonly name: string;
  /** It may repeat without end. */
  readonly loops: boolean;
  /** Rows it takes if it takes any; `to` means nothing where it loops. */
  readonly from: number;
  readonly to: number;
  readonly optional: boolean;
  /** What follows is looked for only in rows that this does not take. */
  readonly greedy: boolean;
}

/**
 * MATCH_RECOGNIZE. Columns of conditions and measures count in rows side by side: first the row
 * without a variable, then one a variable. `match_row` calls move a column along its variable.
 * Output: the partition columns, then the measures.
 */
export interface Match extends NodeBase {
  readonly kind: 'match';
  readonly input: LogicalNode;
  readonly partition: readonly number[];
  readonly orderBy: readonly SortKey[];
  readonly pattern: readonly PatternPart[];
  /** One a variable; null: every row. */
  readonly define: readonly (Expression | null)[];
  readonly measures: readonly Expression[];
  readonly skip: MatchSkip;
  /** 0: no limit. */
  readonly withinMs: number;
  /** What Flink prints of it. */
  readonly shown: MatchText;
}

/** Texts of EXPLAIN. */
export interface MatchText {
  readonly pattern: string;
  readonly after: string;
  readonly define: readonly string[];
  readonly subsets: readonly string[];
  readonly measures: readonly string[];
  /** The line of the syntax tree. */
  readonly logical: string;
}

/** Each row once a projection, in their order. */
export interface Expand extends NodeBase {
  readonly kind: 'expand';
  readonly input: LogicalNode;
  readonly projects: readonly (readonly Expression[])[];
}

/** A function that makes rows of a row: UNNEST, or one that repeats a row. */
export interface TableFunctionCall {
  readonly function: 'unnest' | 'unnest-with-ordinality' | 'replicate-rows';
  readonly arguments: readonly Expression[];
  /** The columns it makes. */
  readonly fields: readonly RowField[];
}

/** The rows of a table whose columns are equal to the arguments. */
export interface LookupCall {
  readonly function: 'lookup';
  readonly arguments: readonly Expression[];
  readonly fields: readonly RowField[];
  readonly lookup: LookupTable;
}

/** A table in which partners are looked up. */
export interface LookupTable {
  readonly table: Scan;
  readonly columns: readonly number[];
}

/** A column of the looked up table. */
export interface LookupKey {
  readonly column: number;
}

/**
 * Each row beside each row that the function makes of it; in a left correlate a row of which it
 * makes none stands beside NULLs. Output: the input's columns, then the function's.
 */
export interface Correlate extends NodeBase {
  readonly kind: 'correlate';
  readonly input: LogicalNode;
  readonly joinType: 'inner' | 'left';
  /** Over the input's columns. */
  readonly call: TableFunctionCall | LookupCall;
  /** Over the function's columns: rows for which it is not TRUE are not made. */
  readonly condition: Expression | null;
  /** Of a lookup: the condition is over the node's own columns. */
  readonly conditionSeesInput?: true;
}

/** Row numbers in [start, end]. Output: the input's columns, then the row number if asked for. */
export interface Rank extends NodeBase {
  readonly kind: 'rank';
  readonly input: LogicalNode;
  readonly partition: readonly number[];
  readonly orderBy: readonly SortKey[];
  readonly start: number;
  readonly end: number;
  readonly outputRankNumber: boolean;
}

/** ORDER BY with LIMIT, or LIMIT alone (`orderBy` empty). `count` null: no limit. */
export interface Sort extends NodeBase {
  readonly kind: 'sort';
  readonly input: LogicalNode;
  readonly orderBy: readonly SortKey[];
  readonly offset: number;
  readonly count: number | null;
}

/** UNION ALL. */
export interface Union extends NodeBase {
  readonly kind: 'union';
  readonly inputs: readonly LogicalNode[];
}

export type JoinType = 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti';

/**
 * `condition` counts the columns of both inputs side by side. Output: the columns of both, of
 * semi and anti joins those of the left input.
 */
export interface Join extends NodeBase {
  readonly kind: 'join';
  readonly left: LogicalNode;
  readonly right: LogicalNode;
  readonly joinType: JoinType;
  readonly condition: Expression;
  /** FOR SYSTEM_TIME AS OF: each left row meets the version of the right side of its time. */
  readonly asOf?: AsOf;
  readonly stateTtl?: StateTtl;
}

/** Time attributes of both inputs; `right`, the time of the versions, counts its own columns. */
export interface AsOf {
  readonly attribute: TimeAttribute;
  readonly left: number;
  /** Null: the right side has none. */
  readonly right: number | null;
}

/** `table` is null for the collect sink of a bare SELECT. */
export interface Sink extends NodeBase {
  readonly kind: 'sink';
  readonly input: LogicalNode;
  readonly table: CatalogTable | null;
  readonly options: Readonly<Record<string, string>>;
  /** What a NULL in a NOT NULL column does: the row is dropped, or else the job fails. */
  readonly dropsNulls: boolean;
  readonly onConflict: 'nothing' | 'error' | 'deduplicate' | null;
}

export type LogicalNode =
  | Scan | Values | Project | Filter | Watermark | WindowFunction | Aggregate | WindowAggregate
  | Over | Rank | Sort | Union | Join | OverAggregate | Expand | Correlate
  | ChangelogFunction | Match
  | Sink;

export function inputsOf(node: LogicalNode): readonly LogicalNode[] {
  switch (node.kind) {
    case 'scan':
    case 'values':
      return [];
    case 'union':
      return node.inputs;
    case 'join':
      return [node.left, node.right];
    default:
      return [node.input];
  }
}

/** The same node over other inputs of the same schemas. */
export function withInputs(node: LogicalNode, inputs: readonly LogicalNode[]): LogicalNode {
  const [input] = inputs;
  if (input === undefined) return node;
  if (node.kind === 'scan' || node.kind === 'values') return node;
  if (node.kind === 'union') return Object.freeze({ ...node, inputs });
  if (node.kind === 'join') {
    return Object.freeze({ ...node, left: input, right: inputs[1] ?? node.right });
  }
  return Object.freeze({ ...node, input });
}

/** The node, written there unless it has a place of its own. */
export function placed<Node extends LogicalNode>(
  node: Node, position: Position | undefined,
): Node {
  return position === undefined || node.position !== undefined ? node
    : Object.freeze<Node>({ ...node, position });
}

/** Runs `work`; an error without a place gets the node's. */
export function atPlaceOf<Result>(
  { position }: Pick<LogicalNode, 'position'>, work: () => Result,
): Result {
  try {
    return work();
  } catch (error) {
    throw error instanceof MillraceError ? error.withPosition(position) : error;
  }
}

/** Applies `change` to every node, inputs first; what it makes stands where the node stood. */
export function transform(
  node: LogicalNode, change: (node: LogicalNode) => LogicalNode,
): LogicalNode {
  const inputs = inputsOf(node);
  const changed = inputs.map((input) => transform(input, change));
  const same = changed.every((input, i) => input === inputs[i]);
  return placed(change(same ? node : withInputs(node, changed)), node.position);
}
