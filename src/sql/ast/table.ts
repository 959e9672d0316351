/**
 * What stands in FROM. Alias, time travel, sampling, pattern matching and pivot each wrap the
 * table they stand behind, so that a consumer recurses from the outside in.
 */
import type { Expression, StringLiteral } from './expression.js';
import type { FunctionCall } from './call.js';
import type { Identifier, QualifiedName, SyntaxNode } from './node.js';
import type { Hint, OrderItem, Query } from './query.js';

/** A table, view or common table by name, with its hints. */
export interface NamedTable extends SyntaxNode {
  readonly kind: 'named-table';
  readonly name: QualifiedName;
  /** Empty if absent. */
  readonly hints: readonly Hint[];
}

/** [LATERAL] (query). */
export interface DerivedTable extends SyntaxNode {
  readonly kind: 'derived-table';
  readonly query: Query;
  readonly lateral: boolean;
}

/** [LATERAL] UNNEST(a, b) [WITH ORDINALITY]. */
export interface UnnestTable extends SyntaxNode {
  readonly kind: 'unnest';
  readonly operands: readonly Expression[];
  readonly ordinality: boolean;
  readonly lateral: boolean;
}

/** [LATERAL] TABLE(f(...)), or f(...) alone. */
export interface TableFunctionTable extends SyntaxNode {
  readonly kind: 'table-function';
  readonly call: FunctionCall;
  readonly lateral: boolean;
  /** False if f(...) was written without TABLE( ). */
  readonly tableKeyword: boolean;
}

/** input AS alias [(columns)]. */
export interface AliasedTable extends SyntaxNode {
  readonly kind: 'aliased-table';
  readonly input: TableExpression;
  readonly alias: Identifier;
  /** New names of the columns; empty if absent. */
  readonly columns: readonly Identifier[];
}

/** input FOR SYSTEM_TIME AS OF time. */
export interface TableAsOf extends SyntaxNode {
  readonly kind: 'table-as-of';
  readonly input: TableExpression;
  readonly time: Expression;
}

/** input TABLESAMPLE method (percentage) [REPEATABLE (seed)], or SUBSTITUTE('name'). */
export interface SampledTable extends SyntaxNode {
  readonly kind: 'sampled-table';
  readonly input: TableExpression;
  readonly method: 'bernoulli' | 'system' | 'substitute';
  readonly argument: Expression;
  readonly seed?: Expression;
}

/** left [NATURAL] type JOIN right [ON .. | USING ..]; `comma` for a comma in FROM. */
export interface JoinTable extends SyntaxNode {
  readonly kind: 'join';
  readonly type: 'inner' | 'left' | 'right' | 'full' | 'cross' | 'comma';
  readonly natural: boolean;
  readonly left: TableExpression;
  readonly right: TableExpression;
  /** ON condition. */
  readonly condition?: Expression;
  /** USING (columns); empty if absent. */
  readonly using: readonly Identifier[];
}

/** MATCH_RECOGNIZE over the input. */
export interface MatchRecognizeTable extends SyntaxNode {
  readonly kind: 'match-recognize';
  readonly input: TableExpression;
  /** Empty if absent. */
  readonly partitionBy: readonly Expression[];
  /** Empty if absent. */
  readonly orderBy: readonly OrderItem[];
  readonly measures: readonly MatchMeasure[];
  readonly rowsPerMatch?: 'one' | 'all' | 'all-show-empty' | 'all-omit-empty'
    | 'all-with-unmatched';
  readonly afterMatch?: AfterMatch;
  readonly pattern: Pattern;
  /** `^` and `$` at the ends of the pattern. */
  readonly anchorStart: boolean;
  readonly anchorEnd: boolean;
  readonly within?: Expression;
  readonly subsets: readonly MatchSubset[];
  readonly define: readonly MatchDefinition[];
}

/** expression AS name of MEASURES. */
export interface MatchMeasure extends SyntaxNode {
  readonly kind: 'match-measure';
  readonly expression: Expression;
  readonly name: Identifier;
}

/** AFTER MATCH SKIP ...; `variable` only of to-first, to-last. */
export interface AfterMatch extends SyntaxNode {
  readonly kind: 'after-match';
  readonly skip: 'next-row' | 'past-last-row' | 'to-first' | 'to-last';
  readonly variable?: Identifier;
}

/** name = (a, b) of SUBSET. */
export interface MatchSubset extends SyntaxNode {
  readonly kind: 'match-subset';
  readonly name: Identifier;
  readonly variables: readonly Identifier[];
}

/** variable AS condition of DEFINE. */
export interface MatchDefinition extends SyntaxNode {
  readonly kind: 'match-definition';
  readonly variable: Identifier;
  readonly condition: Expression;
}

/** A row pattern variable. */
export interface PatternVariable extends SyntaxNode {
  readonly kind: 'pattern-variable';
  readonly variable: Identifier;
}

/** a b c, a | b, PERMUTE(a, b), {- a -}. */
export interface PatternGroup extends SyntaxNode {
  readonly kind: 'pattern-sequence' | 'pattern-alternation' | 'pattern-permute'
    | 'pattern-exclusion';
  readonly items: readonly Pattern[];
}

/** item{low,high}; `high` is absent if there is no bound. */
export interface PatternQuantifier extends SyntaxNode {
  readonly kind: 'pattern-quantifier';
  readonly item: Pattern;
  readonly low: number;
  readonly high?: number;
  readonly reluctant: boolean;
}

/** A row pattern. */
export type Pattern = PatternVariable | PatternGroup | PatternQuantifier;

/** input PIVOT (aggregates FOR axes IN (values)). */
export interface PivotTable extends SyntaxNode {
  readonly kind: 'pivot';
  readonly input: TableExpression;
  readonly aggregates: readonly PivotItem[];
  readonly axes: readonly Identifier[];
  readonly values: readonly PivotItem[];
}

/** expressions [AS alias]. */
export interface PivotItem extends SyntaxNode {
  readonly kind: 'pivot-item';
  readonly expressions: readonly Expression[];
  readonly alias?: Identifier;
}

/** input UNPIVOT [INCLUDE NULLS] (measures FOR axes IN (columns AS values)). */
export interface UnpivotTable extends SyntaxNode {
  readonly kind: 'unpivot';
  readonly input: TableExpression;
  readonly includeNulls?: boolean;
  readonly measures: readonly Identifier[];
  readonly axes: readonly Identifier[];
  readonly columns: readonly UnpivotItem[];
}

/** columns [AS values]. */
export interface UnpivotItem extends SyntaxNode {
  readonly kind: 'unpivot-item';
  readonly columns: readonly Identifier[];
  /** Empty if absent. */
  readonly values: readonly (Expression | StringLiteral)[];
}

/** Whatever stands in FROM. */
export type TableExpression =
  | NamedTable | DerivedTable | UnnestTable | TableFunctionTable | AliasedTable | TableAsOf
  | SampledTable | JoinTable | MatchRecognizeTable | PivotTable | UnpivotTable;
