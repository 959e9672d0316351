/**
 * Queries. A `query` is the whole with WITH, ORDER BY and LIMIT; its body is a SELECT, VALUES,
 * TABLE t, a set operation, or again a query if one stood in parentheses.
 */
import type { Expression } from './expression.js';
import type { Identifier, OptionEntry, QualifiedName, SyntaxNode } from './node.js';
import type { TableExpression } from './table.js';

/** [WITH ..] body [ORDER BY ..] [OFFSET ..] [LIMIT .. | FETCH ..]. */
export interface Query extends SyntaxNode {
  readonly kind: 'query';
  /** Empty if absent. */
  readonly with: readonly CommonTable[];
  /** WITH RECURSIVE. */
  readonly recursive: boolean;
  readonly body: QueryBody;
  /** Empty if absent. */
  readonly orderBy: readonly OrderItem[];
  readonly offset?: Expression;
  /** LIMIT n or FETCH FIRST n ROWS ONLY; LIMIT ALL is no limit. */
  readonly limit?: Expression;
}

/** name [(columns)] AS (query) of WITH. */
export interface CommonTable extends SyntaxNode {
  readonly kind: 'common-table';
  readonly name: Identifier;
  /** Empty if absent. */
  readonly columns: readonly Identifier[];
  readonly query: Query;
}

/** What a query has between WITH and ORDER BY. */
export type QueryBody = Select | SetOperation | Values | ExplicitTable | Query;

/** SELECT. */
export interface Select extends SyntaxNode {
  readonly kind: 'select';
  /** Hints behind SELECT; empty if absent. */
  readonly hints: readonly Hint[];
  readonly quantifier?: 'distinct' | 'all';
  /** SELECT STREAM. */
  readonly stream: boolean;
  readonly items: readonly SelectItem[];
  /** Absent: a SELECT without FROM, which has one row. A comma is a join of type `comma`. */
  readonly from?: TableExpression;
  readonly where?: Expression;
  readonly groupBy?: GroupBy;
  readonly having?: Expression;
  /** WINDOW w AS (...); empty if absent. */
  readonly windows: readonly NamedWindow[];
  readonly qualify?: Expression;
}

/** One entry of the select list; a Star has no alias. */
export interface SelectItem extends SyntaxNode {
  readonly kind: 'select-item';
  readonly expression: Expression;
  readonly alias?: Identifier;
}

/** left UNION [ALL] right, and the like. Without ALL: distinct. */
export interface SetOperation extends SyntaxNode {
  readonly kind: 'set-operation';
  readonly operator: 'union' | 'intersect' | 'except';
  readonly all: boolean;
  readonly left: QueryBody;
  readonly right: QueryBody;
}

/** VALUES (1, 'a'), (2, 'b'). A row written without parentheses has one field. */
export interface Values extends SyntaxNode {
  readonly kind: 'values';
  readonly rows: readonly (readonly Expression[])[];
}

/** TABLE t as a query. */
export interface ExplicitTable extends SyntaxNode {
  readonly kind: 'explicit-table';
  readonly table: QualifiedName;
}

/** expression [ASC | DESC] [NULLS FIRST | LAST]. */
export interface OrderItem extends SyntaxNode {
  readonly kind: 'order-item';
  readonly expression: Expression;
  readonly descending: boolean;
  /** As written; absent: Flink's default (nulls are the smallest value). */
  readonly nulls?: 'first' | 'last';
}

/** GROUP BY. */
export interface GroupBy extends SyntaxNode {
  readonly kind: 'group-by';
  /** GROUP BY DISTINCT folds equal grouping sets. */
  readonly quantifier?: 'distinct' | 'all';
  readonly items: readonly GroupingItem[];
}

/** a, (a, b) or (): one grouping set. `()` has no expressions. */
export interface GroupingSet extends SyntaxNode {
  readonly kind: 'grouping-set';
  readonly expressions: readonly Expression[];
}

/** GROUPING SETS (...), ROLLUP (...), CUBE (...). */
export interface GroupingSets extends SyntaxNode {
  readonly kind: 'grouping-sets' | 'rollup' | 'cube';
  readonly items: readonly GroupingItem[];
}

/** One item of GROUP BY. */
export type GroupingItem = GroupingSet | GroupingSets;

/** w AS (specification). */
export interface NamedWindow extends SyntaxNode {
  readonly kind: 'named-window';
  readonly name: Identifier;
  readonly window: WindowSpecification;
}

/** ([base] [PARTITION BY ..] [ORDER BY ..] [frame]). OVER w is a specification with a base only. */
export interface WindowSpecification extends SyntaxNode {
  readonly kind: 'window';
  readonly base?: Identifier;
  /** Empty if absent. */
  readonly partitionBy: readonly Expression[];
  /** Empty if absent. */
  readonly orderBy: readonly OrderItem[];
  readonly frame?: WindowFrame;
  /** ALLOW PARTIAL is true, DISALLOW PARTIAL false. */
  readonly allowPartial?: boolean;
}

/** ROWS | RANGE [BETWEEN start AND end]; `end` is absent if only the start was written. */
export interface WindowFrame extends SyntaxNode {
  readonly kind: 'window-frame';
  readonly unit: 'rows' | 'range';
  readonly start: FrameBound;
  readonly end?: FrameBound;
}

/** UNBOUNDED PRECEDING, 5 PRECEDING, CURRENT ROW, ...; `value` only of preceding and following. */
export interface FrameBound extends SyntaxNode {
  readonly kind: 'frame-bound';
  readonly bound: 'unbounded-preceding' | 'preceding' | 'current-row' | 'following'
    | 'unbounded-following';
  readonly value?: Expression;
}

/** One hint of a comment with a plus: OPTIONS('k'='v'), LOOKUP('table'='d'), BROADCAST(t). */
export interface Hint extends SyntaxNode {
  readonly kind: 'hint';
  /** As written. */
  readonly name: string;
  /** Arguments that are 'key' = 'value'; either these or `values` are there. */
  readonly options: readonly OptionEntry[];
  /** Arguments that are names (text with dots) or literals (their text). */
  readonly values: readonly string[];
}
