/**
 * CREATE statements.
 */
import type { Distribution, LikeClause, TableElement } from './table-definition.js';
import type { Expression, StringLiteral } from './expression.js';
import type { Identifier, OptionEntry, QualifiedName, SyntaxNode } from './node.js';
import type { Query } from './query.js';

/** CREATE [OR REPLACE] [TEMPORARY] TABLE ... [LIKE .. | AS query], REPLACE TABLE ... */
export interface CreateTable extends SyntaxNode {
  readonly kind: 'create-table';
  readonly name: QualifiedName;
  readonly temporary: boolean;
  readonly ifNotExists: boolean;
  /** OR REPLACE, or REPLACE TABLE; Flink heeds it only with `query`. */
  readonly replace: 'none' | 'replace' | 'create-or-replace';
  /** Empty if there were no parentheses. */
  readonly elements: readonly TableElement[];
  readonly comment?: StringLiteral;
  readonly distribution?: Distribution;
  /** Empty if absent. */
  readonly partitionedBy: readonly Identifier[];
  /** Empty if absent. */
  readonly options: readonly OptionEntry[];
  readonly like?: LikeClause;
  readonly query?: Query;
}

/** START_MODE of a materialized table; `from-timestamp` and its kin carry a value. */
export interface StartMode extends SyntaxNode {
  readonly kind: 'start-mode';
  readonly mode: 'from-beginning' | 'from-now' | 'from-timestamp' | 'resume-or-from-beginning'
    | 'resume-or-from-now' | 'resume-or-from-timestamp';
  /** FROM_NOW(INTERVAL ..), FROM_TIMESTAMP(TIMESTAMP ..). */
  readonly value?: Expression;
}

/** CREATE [OR ALTER] MATERIALIZED TABLE ... AS query. */
export interface CreateMaterializedTable extends SyntaxNode {
  readonly kind: 'create-materialized-table';
  readonly name: QualifiedName;
  readonly orAlter: boolean;
  readonly elements: readonly TableElement[];
  readonly comment?: StringLiteral;
  readonly distribution?: Distribution;
  readonly partitionedBy: readonly Identifier[];
  readonly options: readonly OptionEntry[];
  /** FRESHNESS = INTERVAL ...; */
  readonly freshness?: Expression;
  readonly refreshMode?: 'continuous' | 'full';
  readonly startMode?: StartMode;
  readonly query: Query;
}

/** CREATE [OR REPLACE] [TEMPORARY] VIEW name [(columns)] AS query. */
export interface CreateView extends SyntaxNode {
  readonly kind: 'create-view';
  readonly name: QualifiedName;
  readonly orReplace: boolean;
  readonly temporary: boolean;
  readonly ifNotExists: boolean;
  /** Empty if absent. */
  readonly columns: readonly Identifier[];
  readonly comment?: StringLiteral;
  readonly query: Query;
}

/** CREATE CATALOG. */
export interface CreateCatalog extends SyntaxNode {
  readonly kind: 'create-catalog';
  readonly name: QualifiedName;
  readonly ifNotExists: boolean;
  readonly comment?: StringLiteral;
  readonly options: readonly OptionEntry[];
}

/** CREATE DATABASE. */
export interface CreateDatabase extends SyntaxNode {
  readonly kind: 'create-database';
  readonly name: QualifiedName;
  readonly ifNotExists: boolean;
  readonly comment?: StringLiteral;
  readonly options: readonly OptionEntry[];
}

/** JAR 'path' of USING. */
export interface FunctionResource extends SyntaxNode {
  readonly kind: 'function-resource';
  readonly type: 'jar' | 'artifact';
  readonly path: string;
}

/** CREATE [OR REPLACE] [TEMPORARY [SYSTEM]] FUNCTION name AS 'class'. */
export interface CreateFunction extends SyntaxNode {
  readonly kind: 'create-function';
  readonly name: QualifiedName;
  readonly orReplace: boolean;
  readonly temporary: boolean;
  readonly system: boolean;
  readonly ifNotExists: boolean;
  readonly implementation: StringLiteral;
  readonly language?: FunctionLanguage;
  /** Empty if absent. */
  readonly resources: readonly FunctionResource[];
  readonly options: readonly OptionEntry[];
}

/** LANGUAGE of a function. */
export type FunctionLanguage = 'java' | 'scala' | 'sql' | 'python';

/** CREATE [TEMPORARY] MODEL name INPUT(..) OUTPUT(..) WITH (..) [AS query]. */
export interface CreateModel extends SyntaxNode {
  readonly kind: 'create-model';
  readonly name: QualifiedName;
  readonly temporary: boolean;
  readonly ifNotExists: boolean;
  readonly orReplace: boolean;
  /** Physical columns; empty if absent. */
  readonly input: readonly TableElement[];
  readonly output: readonly TableElement[];
  readonly comment?: StringLiteral;
  readonly options: readonly OptionEntry[];
  readonly query?: Query;
}

/** CREATE [TEMPORARY [SYSTEM]] CONNECTION. */
export interface CreateConnection extends SyntaxNode {
  readonly kind: 'create-connection';
  readonly name: QualifiedName;
  readonly temporary: boolean;
  readonly system: boolean;
  readonly ifNotExists: boolean;
  readonly comment?: StringLiteral;
  readonly options: readonly OptionEntry[];
}

/** Any CREATE. */
export type CreateStatement =
  | CreateTable | CreateMaterializedTable | CreateView | CreateCatalog | CreateDatabase
  | CreateFunction | CreateModel | CreateConnection;
