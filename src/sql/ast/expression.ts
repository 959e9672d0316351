/**
 * Expressions that are literals, names, operators and constructors. Calls are in call.ts,
 * functions with clauses of their own in special-call.ts.
 */
import type { DataType } from './data-type.js';
import type { FunctionCall, TableFunctionArgument } from './call.js';
import type { SpecialCall } from './special-call.js';
import type { Identifier, SyntaxNode } from './node.js';
import type { Query } from './query.js';

/** NULL. */
export interface NullLiteral extends SyntaxNode {
  readonly kind: 'null-literal';
}

/** TRUE, FALSE; UNKNOWN is `null`. */
export interface BooleanLiteral extends SyntaxNode {
  readonly kind: 'boolean-literal';
  readonly value: boolean | null;
}

/**
 * An unsigned number as written (`text` without blanks; a sign is a unary operation).
 * `form`: 12 is integer, 1.5 and .5 decimal, 1e3 approximate; DECIMAL '1.5' is decimal.
 */
export interface NumberLiteral extends SyntaxNode {
  readonly kind: 'number-literal';
  readonly text: string;
  readonly form: 'integer' | 'decimal' | 'approximate';
}

/** A character string, escapes resolved and adjacent pieces joined. */
export interface StringLiteral extends SyntaxNode {
  readonly kind: 'string-literal';
  readonly value: string;
  /** The character set of _latin1'...', in upper case; U&'...' has none. */
  readonly charset?: string;
}

/** X'0aFF'; `hex` has an even number of digits, in upper case. */
export interface BinaryLiteral extends SyntaxNode {
  readonly kind: 'binary-literal';
  readonly hex: string;
}

/** DATE '...', TIME '...', TIMESTAMP '...', or the JDBC escapes {d '...'}; text not checked. */
export interface DateTimeLiteral extends SyntaxNode {
  readonly kind: 'datetime-literal';
  readonly type: 'date' | 'time' | 'timestamp' | 'timestamp-ltz' | 'timestamp-tz'
    | 'time-ltz' | 'time-tz' | 'datetime';
  readonly text: string;
}

/** Units of time as written in intervals and time functions, plurals folded to the singular. */
export type TimeUnit =
  | 'YEAR' | 'QUARTER' | 'MONTH' | 'WEEK' | 'DAY' | 'HOUR' | 'MINUTE' | 'SECOND'
  | 'MILLISECOND' | 'MICROSECOND' | 'NANOSECOND'
  | 'DECADE' | 'CENTURY' | 'MILLENNIUM' | 'EPOCH' | 'DOW' | 'DOY' | 'ISODOW' | 'ISOYEAR';

/** DAY(3) TO SECOND(6): `precision` of the first unit, `fraction` of a last SECOND. */
export interface IntervalQualifier extends SyntaxNode {
  readonly kind: 'interval-qualifier';
  readonly start: TimeUnit;
  readonly end?: TimeUnit;
  readonly precision?: number;
  readonly fraction?: number;
}

/** INTERVAL [sign] '1 12:00' DAY TO MINUTE. */
export interface IntervalLiteral extends SyntaxNode {
  readonly kind: 'interval-literal';
  readonly negative: boolean;
  readonly text: string;
  readonly qualifier: IntervalQualifier;
}

/** INTERVAL expression DAY: a number of units that is not a literal. */
export interface IntervalExpression extends SyntaxNode {
  readonly kind: 'interval-expression';
  readonly negative: boolean;
  readonly operand: Expression;
  readonly qualifier: IntervalQualifier;
}

/** (a - b) DAY TO SECOND: the difference of two points in time. */
export interface DateTimeDifference extends SyntaxNode {
  readonly kind: 'datetime-difference';
  /** The subtraction. */
  readonly operand: Expression;
  readonly qualifier: IntervalQualifier;
}

/**
 * A name: column, alias.column, or column.field...; which one is known only to the binder.
 * Also the functions without parentheses that are not reserved words.
 */
export interface NameReference extends SyntaxNode {
  readonly kind: 'name-reference';
  readonly parts: readonly Identifier[];
}

/** `*` or `t.*`; only in select lists and in COUNT(*). */
export interface Star extends SyntaxNode {
  readonly kind: 'star';
  readonly qualifier: readonly Identifier[];
}

/** `?`, numbered from 0 in the order of the text. */
export interface Parameter extends SyntaxNode {
  readonly kind: 'parameter';
  readonly index: number;
}

/** DEFAULT as an argument, or as a value of INSERT ... VALUES. */
export interface DefaultValue extends SyntaxNode {
  readonly kind: 'default-value';
}

/** Infix operators; `!=` is folded to `<>`, `%` stays. Comparisons of periods included. */
export type BinaryOperator =
  | 'or' | 'and'
  | '=' | '<>' | '<' | '<=' | '>' | '>='
  | '+' | '-' | '*' | '/' | '%' | '||'
  | 'is-distinct-from' | 'is-not-distinct-from'
  | 'member-of' | 'submultiset-of' | 'not-submultiset-of'
  | 'multiset-union' | 'multiset-union-all' | 'multiset-intersect' | 'multiset-intersect-all'
  | 'multiset-except' | 'multiset-except-all'
  | 'overlaps' | 'contains' | 'equals' | 'precedes' | 'succeeds'
  | 'immediately-precedes' | 'immediately-succeeds';

/** `left operator right`. Chains are nested to the left. */
export interface BinaryOperation extends SyntaxNode {
  readonly kind: 'binary-operation';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

/** NOT x, -x, +x. */
export interface UnaryOperation extends SyntaxNode {
  readonly kind: 'unary-operation';
  readonly operator: 'not' | '-' | '+';
  readonly operand: Expression;
}

/** What stands behind IS [NOT]. */
export type IsTest =
  | 'null' | 'true' | 'false' | 'unknown' | 'a-set' | 'empty'
  | 'json' | 'json-value' | 'json-object' | 'json-array' | 'json-scalar';

/** operand IS [NOT] test. */
export interface IsPredicate extends SyntaxNode {
  readonly kind: 'is-predicate';
  readonly operand: Expression;
  readonly test: IsTest;
  readonly negated: boolean;
}

/** operand [NOT] BETWEEN [SYMMETRIC] low AND high. */
export interface BetweenPredicate extends SyntaxNode {
  readonly kind: 'between';
  readonly operand: Expression;
  readonly low: Expression;
  readonly high: Expression;
  readonly symmetric: boolean;
  readonly negated: boolean;
}

/** operand [NOT] LIKE pattern [ESCAPE c]; RLIKE takes a regular expression. */
export interface LikePredicate extends SyntaxNode {
  readonly kind: 'like';
  readonly operator: 'like' | 'ilike' | 'rlike' | 'similar-to';
  readonly operand: Expression;
  readonly pattern: Expression;
  readonly escape?: Expression;
  readonly negated: boolean;
}

/** operand [NOT] IN (a, b, ...); the list may be empty only where Flink allows it: never. */
export interface InList extends SyntaxNode {
  readonly kind: 'in-list';
  readonly operand: Expression;
  readonly values: readonly Expression[];
  readonly negated: boolean;
}

/** operand [NOT] IN (query). */
export interface InQuery extends SyntaxNode {
  readonly kind: 'in-query';
  readonly operand: Expression;
  readonly query: Query;
  readonly negated: boolean;
}

/** operand = ANY (query), operand < ALL (1, 2). ANY is folded to SOME. */
export interface QuantifiedComparison extends SyntaxNode {
  readonly kind: 'quantified-comparison';
  readonly operator: '=' | '<>' | '<' | '<=' | '>' | '>=';
  readonly quantifier: 'some' | 'all';
  readonly operand: Expression;
  /** Exactly one of `query` and `values` is there. */
  readonly query?: Query;
  readonly values?: readonly Expression[];
}

/** EXISTS (query). */
export interface ExistsPredicate extends SyntaxNode {
  readonly kind: 'exists';
  readonly query: Query;
}

/** UNIQUE (query). */
export interface UniquePredicate extends SyntaxNode {
  readonly kind: 'unique';
  readonly query: Query;
}

/** A query in parentheses where a value is wanted. */
export interface ScalarQuery extends SyntaxNode {
  readonly kind: 'scalar-query';
  readonly query: Query;
}

/** One WHEN ... THEN of a CASE; a simple CASE may list several values. */
export interface CaseBranch extends SyntaxNode {
  readonly kind: 'case-branch';
  readonly conditions: readonly Expression[];
  readonly result: Expression;
}

/** CASE [operand] WHEN ... END. */
export interface CaseExpression extends SyntaxNode {
  readonly kind: 'case';
  readonly operand?: Expression;
  readonly branches: readonly CaseBranch[];
  readonly otherwise?: Expression;
}

/** CAST(x AS T), TRY_CAST(x AS T). */
export interface CastExpression extends SyntaxNode {
  readonly kind: 'cast';
  readonly operand: Expression;
  readonly type: DataType;
  /** TRY_CAST: NULL in place of an error. */
  readonly safe: boolean;
}

/** ROW(a, b) if `explicit`, else (a, b). */
export interface RowConstructor extends SyntaxNode {
  readonly kind: 'row-constructor';
  readonly fields: readonly Expression[];
  readonly explicit: boolean;
}

/** ARRAY[a, b], MULTISET[a, b]. */
export interface CollectionConstructor extends SyntaxNode {
  readonly kind: 'array-constructor' | 'multiset-constructor';
  readonly elements: readonly Expression[];
}

/** ARRAY(query), MAP(query), MULTISET(query), CURSOR(query). */
export interface QueryConstructor extends SyntaxNode {
  readonly kind: 'query-constructor';
  readonly collection: 'array' | 'map' | 'multiset' | 'cursor';
  readonly query: Query;
}

/** One key, value of MAP[...]. */
export interface MapEntry extends SyntaxNode {
  readonly kind: 'map-entry';
  readonly key: Expression;
  readonly value: Expression;
}

/** MAP[k, v, ...]. */
export interface MapConstructor extends SyntaxNode {
  readonly kind: 'map-constructor';
  readonly entries: readonly MapEntry[];
}

/** PERIOD (start, end). */
export interface PeriodConstructor extends SyntaxNode {
  readonly kind: 'period-constructor';
  readonly start: Expression;
  readonly end: Expression;
}

/** operand.field, where operand is not itself a plain name; `*` spreads a row. */
export interface FieldAccess extends SyntaxNode {
  readonly kind: 'field-access';
  readonly operand: Expression;
  readonly field: Identifier | Star;
}

/** operand[index] of an array, map, row or variant. */
export interface ElementAccess extends SyntaxNode {
  readonly kind: 'element-access';
  readonly operand: Expression;
  readonly index: Expression;
}

/** operand AT TIME ZONE zone, operand AT LOCAL (without zone). */
export interface AtTimeZone extends SyntaxNode {
  readonly kind: 'at-time-zone';
  readonly operand: Expression;
  readonly zone?: Expression;
}

/** value FORMAT JSON [ENCODING e] inside JSON functions. */
export interface JsonFormatted extends SyntaxNode {
  readonly kind: 'json-formatted';
  readonly operand: Expression;
  readonly encoding?: 'UTF8' | 'UTF16' | 'UTF32';
}

/** NEXT VALUE FOR s, CURRENT VALUE FOR s. */
export interface SequenceValue extends SyntaxNode {
  readonly kind: 'sequence-value';
  readonly which: 'next' | 'current';
  readonly sequence: readonly Identifier[];
}

/** The literals. */
export type Literal =
  | NullLiteral | BooleanLiteral | NumberLiteral | StringLiteral | BinaryLiteral
  | DateTimeLiteral | IntervalLiteral;

/** Any expression. Arguments that are tables, descriptors or models stand only in calls. */
export type Expression =
  | Literal | IntervalExpression | DateTimeDifference | NameReference | Star | Parameter
  | DefaultValue
  | BinaryOperation | UnaryOperation | IsPredicate | BetweenPredicate | LikePredicate
  | InList | InQuery | QuantifiedComparison | ExistsPredicate | UniquePredicate | ScalarQuery
  | CaseExpression | CastExpression | RowConstructor | CollectionConstructor
  | QueryConstructor | MapConstructor | PeriodConstructor | FieldAccess | ElementAccess
  | AtTimeZone | JsonFormatted | SequenceValue
  | FunctionCall | SpecialCall | TableFunctionArgument;
