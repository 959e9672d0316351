/**
 * Function calls with everything that may stand around their arguments, and the arguments that are
 * no values: tables, descriptors, models, names.
 */
import type { Expression, NameReference } from './expression.js';
import type { Identifier, QualifiedName, SyntaxNode } from './node.js';
import type { OrderItem, Query, WindowSpecification } from './query.js';

/**
 * name(arguments) with its clauses. Functions of the grammar (CURRENT_DATE, ROW_NUMBER, ABS, ...)
 * come the same way as user functions: by name.
 */
export interface FunctionCall extends SyntaxNode {
  readonly kind: 'function-call';
  readonly name: QualifiedName;
  readonly arguments: readonly Expression[];
  /** False for CURRENT_DATE and the like: no parentheses were written. */
  readonly parentheses: boolean;
  /** DISTINCT or ALL before the arguments. */
  readonly quantifier?: 'distinct' | 'all';
  /** ORDER BY behind the arguments: LISTAGG(x ORDER BY y). */
  readonly orderBy?: readonly OrderItem[];
  /** LISTAGG(x SEPARATOR ','). */
  readonly separator?: Expression;
  readonly nullTreatment?: 'ignore-nulls' | 'respect-nulls';
  readonly withinGroup?: readonly OrderItem[];
  /** WITHIN DISTINCT (a, b). */
  readonly withinDistinct?: readonly Expression[];
  readonly filter?: Expression;
  /** OVER (...), or OVER w as a specification that only names its base. */
  readonly over?: WindowSpecification;
  /** RUNNING or FINAL before a call in MATCH_RECOGNIZE. */
  readonly matchSemantics?: 'running' | 'final';
  /** Written as {fn name(...)}. */
  readonly jdbcEscape?: boolean;
}

/** name => value. */
export interface NamedArgument extends SyntaxNode {
  readonly kind: 'named-argument';
  readonly name: Identifier;
  readonly value: Expression;
}

/** TABLE t, TABLE(query) or a query as an argument, with its PARTITION BY and ORDER BY. */
export interface TableArgument extends SyntaxNode {
  readonly kind: 'table-argument';
  /** Exactly one of `table`, `query` and `call` is there. */
  readonly table?: QualifiedName;
  readonly query?: Query;
  /** TABLE(f(...)) as an argument. */
  readonly call?: FunctionCall;
  /** Empty if absent. */
  readonly partitionBy: readonly Expression[];
  /** Empty if absent. */
  readonly orderBy: readonly OrderItem[];
  /** TABLE t AS alias. */
  readonly alias?: Identifier;
}

/** DESCRIPTOR(a, b); a column may carry a type. */
export interface DescriptorArgument extends SyntaxNode {
  readonly kind: 'descriptor';
  readonly columns: readonly NameReference[];
}

/** MODEL m. */
export interface ModelArgument extends SyntaxNode {
  readonly kind: 'model-argument';
  readonly model: QualifiedName;
}

/** Arguments that are no values. */
export type TableFunctionArgument =
  | NamedArgument | TableArgument | DescriptorArgument | ModelArgument;
