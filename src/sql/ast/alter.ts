/**
 * ALTER statements: an object and one action on it.
 */
import type {
  ColumnDefinition, Distribution, PartitionSpecification, TableConstraint, WatermarkDefinition,
} from './table-definition.js';
import type { Expression, StringLiteral } from './expression.js';
import type { FunctionLanguage } from './create.js';
import type { Identifier, OptionEntry, QualifiedName, SyntaxNode } from './node.js';
import type { Query } from './query.js';

/** RENAME TO name. */
export interface RenameAction extends SyntaxNode {
  readonly kind: 'rename-to';
  readonly name: QualifiedName;
}

/** RENAME column TO name; the column may be a nested field. */
export interface RenameColumnAction extends SyntaxNode {
  readonly kind: 'rename-column';
  readonly column: QualifiedName;
  readonly name: Identifier;
}

/** SET ('k' = 'v', ...). */
export interface SetOptionsAction extends SyntaxNode {
  readonly kind: 'set-options';
  readonly options: readonly OptionEntry[];
}

/** RESET ('k', ...). */
export interface ResetOptionsAction extends SyntaxNode {
  readonly kind: 'reset-options';
  readonly keys: readonly string[];
}

/** A column of ADD or MODIFY with the place it goes to. */
export interface PlacedColumn extends SyntaxNode {
  readonly kind: 'placed-column';
  readonly column: ColumnDefinition;
  /** FIRST or AFTER; absent: the end (ADD), where it was (MODIFY). */
  readonly place?: 'first' | 'after';
  /** The column of AFTER. */
  readonly after?: QualifiedName;
}

/** ADD (...), MODIFY (...): columns, a watermark, a key. */
export interface ChangeSchemaAction extends SyntaxNode {
  readonly kind: 'add-schema' | 'modify-schema';
  readonly elements: readonly (PlacedColumn | WatermarkDefinition | TableConstraint)[];
}

/** ADD DISTRIBUTION, MODIFY DISTRIBUTION. */
export interface ChangeDistributionAction extends SyntaxNode {
  readonly kind: 'add-distribution' | 'modify-distribution';
  readonly distribution: Distribution;
}

/** DROP DISTRIBUTION, DROP PRIMARY KEY, DROP WATERMARK. */
export interface DropFeatureAction extends SyntaxNode {
  readonly kind: 'drop-distribution' | 'drop-primary-key' | 'drop-watermark';
}

/** DROP (a, b.c), DROP a. */
export interface DropColumnsAction extends SyntaxNode {
  readonly kind: 'drop-columns';
  readonly columns: readonly QualifiedName[];
}

/** DROP CONSTRAINT name. */
export interface DropConstraintAction extends SyntaxNode {
  readonly kind: 'drop-constraint';
  readonly name: Identifier;
}

/** One PARTITION (..) [WITH (..)] of ADD. */
export interface AddedPartition extends SyntaxNode {
  readonly kind: 'added-partition';
  readonly partition: PartitionSpecification;
  readonly options: readonly OptionEntry[];
}

/** ADD [IF NOT EXISTS] PARTITION (..) ... */
export interface AddPartitionsAction extends SyntaxNode {
  readonly kind: 'add-partitions';
  readonly ifNotExists: boolean;
  readonly partitions: readonly AddedPartition[];
}

/** DROP [IF EXISTS] PARTITION (..), ... */
export interface DropPartitionsAction extends SyntaxNode {
  readonly kind: 'drop-partitions';
  readonly ifExists: boolean;
  readonly partitions: readonly PartitionSpecification[];
}

/** AS query, of a view or a materialized table. */
export interface AsQueryAction extends SyntaxNode {
  readonly kind: 'as-query';
  readonly query: Query;
}

/** COMMENT 'text', of a catalog. */
export interface CommentAction extends SyntaxNode {
  readonly kind: 'set-comment';
  readonly comment: StringLiteral;
}

/** SUSPEND. */
export interface SuspendAction extends SyntaxNode {
  readonly kind: 'suspend';
}

/** RESUME [WITH (..)]. */
export interface ResumeAction extends SyntaxNode {
  readonly kind: 'resume';
  readonly options: readonly OptionEntry[];
}

/** REFRESH [PARTITION (..)]. */
export interface RefreshAction extends SyntaxNode {
  readonly kind: 'refresh';
  readonly partition?: PartitionSpecification;
}

/** SET FRESHNESS = INTERVAL ... */
export interface SetFreshnessAction extends SyntaxNode {
  readonly kind: 'set-freshness';
  readonly freshness: Expression;
}

/** SET REFRESH_MODE = FULL | CONTINUOUS. */
export interface SetRefreshModeAction extends SyntaxNode {
  readonly kind: 'set-refresh-mode';
  readonly refreshMode: 'continuous' | 'full';
}

/** Actions on tables. */
export type AlterTableAction =
  | RenameAction | RenameColumnAction | SetOptionsAction | ResetOptionsAction
  | ChangeSchemaAction | ChangeDistributionAction | DropFeatureAction | DropColumnsAction
  | DropConstraintAction | AddPartitionsAction | DropPartitionsAction;

/** Actions on materialized tables. */
export type AlterMaterializedTableAction =
  | SetOptionsAction | ResetOptionsAction | ChangeSchemaAction | ChangeDistributionAction
  | DropFeatureAction | DropColumnsAction | DropConstraintAction | AsQueryAction | SuspendAction
  | ResumeAction | RefreshAction | SetFreshnessAction | SetRefreshModeAction;

/** ALTER TABLE. */
export interface AlterTable extends SyntaxNode {
  readonly kind: 'alter-table';
  readonly name: QualifiedName;
  readonly ifExists: boolean;
  readonly action: AlterTableAction;
}

/** ALTER MATERIALIZED TABLE. */
export interface AlterMaterializedTable extends SyntaxNode {
  readonly kind: 'alter-materialized-table';
  readonly name: QualifiedName;
  readonly action: AlterMaterializedTableAction;
}

/** ALTER VIEW. */
export interface AlterView extends SyntaxNode {
  readonly kind: 'alter-view';
  readonly name: QualifiedName;
  readonly action: RenameAction | AsQueryAction;
}

/** ALTER DATABASE. */
export interface AlterDatabase extends SyntaxNode {
  readonly kind: 'alter-database';
  readonly name: QualifiedName;
  readonly action: SetOptionsAction;
}

/** ALTER CATALOG. */
export interface AlterCatalog extends SyntaxNode {
  readonly kind: 'alter-catalog';
  readonly name: QualifiedName;
  readonly action: SetOptionsAction | ResetOptionsAction | CommentAction;
}

/** ALTER MODEL. */
export interface AlterModel extends SyntaxNode {
  readonly kind: 'alter-model';
  readonly name: QualifiedName;
  readonly ifExists: boolean;
  readonly action: RenameAction | SetOptionsAction | ResetOptionsAction;
}

/** ALTER CONNECTION. */
export interface AlterConnection extends SyntaxNode {
  readonly kind: 'alter-connection';
  readonly name: QualifiedName;
  readonly ifExists: boolean;
  readonly action: RenameAction | SetOptionsAction | ResetOptionsAction;
}

/** ALTER [TEMPORARY [SYSTEM]] FUNCTION. */
export interface AlterFunction extends SyntaxNode {
  readonly kind: 'alter-function';
  readonly name: QualifiedName;
  readonly temporary: boolean;
  readonly system: boolean;
  readonly ifExists: boolean;
  readonly implementation: StringLiteral;
  readonly language?: FunctionLanguage;
}

/** Any ALTER. */
export type AlterStatement =
  | AlterTable | AlterMaterializedTable | AlterView | AlterDatabase | AlterCatalog | AlterModel
  | AlterConnection | AlterFunction;
