/**
 * Statements: queries, changes of data, plans, and the union of all.
 */
import type { AlterStatement } from './alter.js';
import type { Assignment, CommandStatement } from './command.js';
import type { CreateStatement } from './create.js';
import type { Expression, StringLiteral } from './expression.js';
import type { Hint, Query } from './query.js';
import type { Identifier, QualifiedName, SyntaxNode } from './node.js';
import type { PartitionSpecification } from './table-definition.js';

/** A query as a statement; EXECUTE before it changes nothing. */
export interface QueryStatement extends SyntaxNode {
  readonly kind: 'query-statement';
  readonly query: Query;
}

/** INSERT INTO | OVERWRITE table [PARTITION (..)] [(columns)] query [ON CONFLICT DO ..]. */
export interface Insert extends SyntaxNode {
  readonly kind: 'insert';
  readonly table: QualifiedName;
  /** Hints behind the table's name; empty if absent. */
  readonly hints: readonly Hint[];
  readonly overwrite: boolean;
  /** UPSERT INTO. */
  readonly upsert: boolean;
  readonly partition?: PartitionSpecification;
  /** Target columns of a partial insert, nested fields with dots; empty if absent. */
  readonly columns: readonly QualifiedName[];
  readonly query: Query;
  readonly onConflict?: 'nothing' | 'error' | 'deduplicate';
}

/** EXECUTE STATEMENT SET BEGIN insert; ... END, or BEGIN STATEMENT SET; insert; ... END. */
export interface StatementSet extends SyntaxNode {
  readonly kind: 'statement-set';
  readonly inserts: readonly Insert[];
}

/** BEGIN STATEMENT SET and END as statements of their own, for clients that send them apart. */
export interface StatementSetBoundary extends SyntaxNode {
  readonly kind: 'begin-statement-set' | 'end-statement-set';
}

/** UPDATE table [AS alias] SET a = b, ... [WHERE ..]. */
export interface Update extends SyntaxNode {
  readonly kind: 'update';
  readonly table: QualifiedName;
  readonly hints: readonly Hint[];
  readonly alias?: Identifier;
  readonly assignments: readonly Assignment[];
  readonly where?: Expression;
}

/** DELETE FROM table [AS alias] [WHERE ..]. */
export interface Delete extends SyntaxNode {
  readonly kind: 'delete';
  readonly table: QualifiedName;
  readonly hints: readonly Hint[];
  readonly alias?: Identifier;
  readonly where?: Expression;
}

/** What EXPLAIN shows beside the plans. */
export type ExplainDetail =
  'estimated-cost' | 'changelog-mode' | 'plan-advice' | 'json-execution-plan';

/** EXPLAIN [details | PLAN FOR] statement. */
export interface Explain extends SyntaxNode {
  readonly kind: 'explain';
  readonly details: readonly ExplainDetail[];
  /** Written EXPLAIN PLAN FOR. */
  readonly planFor: boolean;
  readonly statement: Statement;
}

/** COMPILE PLAN 'path' [IF NOT EXISTS] FOR statement. */
export interface CompilePlan extends SyntaxNode {
  readonly kind: 'compile-plan';
  readonly path: StringLiteral;
  readonly ifNotExists: boolean;
  readonly statement: Insert | StatementSet;
}

/** EXECUTE PLAN 'path'. */
export interface ExecutePlan extends SyntaxNode {
  readonly kind: 'execute-plan';
  readonly path: StringLiteral;
}

/** COMPILE AND EXECUTE PLAN 'path' FOR statement. */
export interface CompileAndExecutePlan extends SyntaxNode {
  readonly kind: 'compile-and-execute-plan';
  readonly path: StringLiteral;
  readonly statement: Insert | StatementSet;
}

/** Any statement. */
export type Statement =
  | QueryStatement | Insert | StatementSet | StatementSetBoundary | Update | Delete
  | Explain | CompilePlan | ExecutePlan | CompileAndExecutePlan
  | CreateStatement | AlterStatement | CommandStatement;
