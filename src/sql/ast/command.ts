/**
 * Statements that are short commands: DROP, SHOW, DESCRIBE, USE, SET, jars, jobs, modules, CALL.
 */
import type { Expression, StringLiteral } from './expression.js';
import type { FunctionCall } from './call.js';
import type { Identifier, OptionEntry, QualifiedName, SyntaxNode } from './node.js';
import type { PartitionSpecification } from './table-definition.js';

/** DROP object. */
export interface Drop extends SyntaxNode {
  readonly kind: 'drop';
  readonly object: 'catalog' | 'database' | 'table' | 'materialized-table' | 'view'
    | 'function' | 'model' | 'connection';
  readonly name: QualifiedName;
  readonly ifExists: boolean;
  readonly temporary: boolean;
  /** DROP [TEMPORARY] SYSTEM FUNCTION, DROP TEMPORARY SYSTEM CONNECTION. */
  readonly system: boolean;
  /** RESTRICT or CASCADE of DROP DATABASE. */
  readonly behavior?: 'restrict' | 'cascade';
}

/** [NOT] LIKE 'pattern' of SHOW. */
export interface ShowFilter extends SyntaxNode {
  readonly kind: 'show-filter';
  readonly operator: 'like' | 'ilike';
  readonly negated: boolean;
  readonly pattern: string;
}

/** SHOW [USER | FULL] objects [FROM | IN scope] [filter]. */
export interface Show extends SyntaxNode {
  readonly kind: 'show';
  readonly objects: 'catalogs' | 'databases' | 'tables' | 'views' | 'materialized-tables'
    | 'columns' | 'functions' | 'procedures' | 'models' | 'modules' | 'jars' | 'jobs'
    | 'connections';
  /** USER of SHOW USER FUNCTIONS, FULL of SHOW FULL MODULES. */
  readonly modifier?: 'user' | 'full';
  /** FROM or IN: a catalog, a database, of SHOW COLUMNS the table. */
  readonly scope?: QualifiedName;
  readonly preposition?: 'from' | 'in';
  readonly filter?: ShowFilter;
}

/** SHOW CURRENT CATALOG | DATABASE. */
export interface ShowCurrent extends SyntaxNode {
  readonly kind: 'show-current';
  readonly object: 'catalog' | 'database';
}

/** SHOW PARTITIONS table [PARTITION (..)]. */
export interface ShowPartitions extends SyntaxNode {
  readonly kind: 'show-partitions';
  readonly table: QualifiedName;
  readonly partition?: PartitionSpecification;
}

/** SHOW CREATE object name. */
export interface ShowCreate extends SyntaxNode {
  readonly kind: 'show-create';
  readonly object: 'table' | 'materialized-table' | 'view' | 'catalog' | 'model' | 'connection';
  readonly name: QualifiedName;
}

/** DESCRIBE | DESC [object] [EXTENDED] name; without an object it is a table. */
export interface Describe extends SyntaxNode {
  readonly kind: 'describe';
  readonly object: 'table' | 'catalog' | 'database' | 'function' | 'model' | 'connection';
  readonly extended: boolean;
  readonly name: QualifiedName;
}

/** DESCRIBE JOB 'id'. */
export interface DescribeJob extends SyntaxNode {
  readonly kind: 'describe-job';
  readonly job: StringLiteral;
}

/** USE database. */
export interface UseDatabase extends SyntaxNode {
  readonly kind: 'use-database';
  readonly name: QualifiedName;
}

/** USE CATALOG name. */
export interface UseCatalog extends SyntaxNode {
  readonly kind: 'use-catalog';
  readonly name: QualifiedName;
}

/** USE MODULES a, b. */
export interface UseModules extends SyntaxNode {
  readonly kind: 'use-modules';
  readonly modules: readonly Identifier[];
}

/** LOAD MODULE name [WITH (..)]. */
export interface LoadModule extends SyntaxNode {
  readonly kind: 'load-module';
  readonly name: Identifier;
  readonly options: readonly OptionEntry[];
}

/** UNLOAD MODULE name. */
export interface UnloadModule extends SyntaxNode {
  readonly kind: 'unload-module';
  readonly name: Identifier;
}

/** SET 'key' = 'value', or SET alone (then both are absent). */
export interface SetStatement extends SyntaxNode {
  readonly kind: 'set';
  readonly key?: string;
  readonly value?: string;
}

/** RESET 'key', or RESET alone. */
export interface ResetStatement extends SyntaxNode {
  readonly kind: 'reset';
  readonly key?: string;
}

/** ADD JAR 'path', REMOVE JAR 'path'. */
export interface JarStatement extends SyntaxNode {
  readonly kind: 'add-jar' | 'remove-jar';
  readonly path: string;
}

/** STOP JOB 'id' [WITH SAVEPOINT] [WITH DRAIN]. */
export interface StopJob extends SyntaxNode {
  readonly kind: 'stop-job';
  readonly job: StringLiteral;
  readonly savepoint: boolean;
  readonly drain: boolean;
}

/** CALL procedure(arguments). */
export interface CallProcedure extends SyntaxNode {
  readonly kind: 'call';
  readonly call: FunctionCall;
}

/** ANALYZE TABLE name [PARTITION (..)] COMPUTE STATISTICS [FOR ALL COLUMNS | FOR COLUMNS a, b]. */
export interface AnalyzeTable extends SyntaxNode {
  readonly kind: 'analyze-table';
  readonly name: QualifiedName;
  readonly partition?: PartitionSpecification;
  /** The columns of FOR COLUMNS; `all` of FOR ALL COLUMNS; absent: the table only. */
  readonly columns?: readonly Identifier[] | 'all';
}

/** TRUNCATE TABLE name. */
export interface TruncateTable extends SyntaxNode {
  readonly kind: 'truncate-table';
  readonly name: QualifiedName;
}

/** One column = value of UPDATE. */
export interface Assignment extends SyntaxNode {
  readonly kind: 'assignment';
  readonly column: Identifier;
  readonly value: Expression;
}

/** Statements of the client: QUIT, EXIT, CLEAR, HELP, SOURCE are not SQL and not parsed here. */
export type CommandStatement =
  | Drop | Show | ShowCurrent | ShowPartitions | ShowCreate | Describe | DescribeJob
  | UseDatabase | UseCatalog | UseModules | LoadModule | UnloadModule | SetStatement
  | ResetStatement | JarStatement | StopJob | CallProcedure | AnalyzeTable | TruncateTable;
