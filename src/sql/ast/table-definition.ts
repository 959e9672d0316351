/**
 * The parts of CREATE and ALTER TABLE: columns, watermarks, constraints, distribution, LIKE.
 */
import type { DataType } from './data-type.js';
import type { Expression, StringLiteral } from './expression.js';
import type { Identifier, QualifiedName, SyntaxNode } from './node.js';

/** name type [PRIMARY KEY | UNIQUE ..] [COMMENT ..]. */
export interface PhysicalColumn extends SyntaxNode {
  readonly kind: 'physical-column';
  readonly name: Identifier;
  readonly type: DataType;
  /** A constraint written at the column; its `columns` holds this column's name. */
  readonly constraint?: TableConstraint;
  readonly comment?: StringLiteral;
}

/** name type METADATA [FROM 'key'] [VIRTUAL] [COMMENT ..]. */
export interface MetadataColumn extends SyntaxNode {
  readonly kind: 'metadata-column';
  readonly name: Identifier;
  readonly type: DataType;
  /** Absent: the column's name is the key. */
  readonly key?: StringLiteral;
  readonly virtual: boolean;
  readonly constraint?: TableConstraint;
  readonly comment?: StringLiteral;
}

/** name AS expression [COMMENT ..]. */
export interface ComputedColumn extends SyntaxNode {
  readonly kind: 'computed-column';
  readonly name: Identifier;
  readonly expression: Expression;
  readonly comment?: StringLiteral;
}

/** A name without type: the column order of CREATE TABLE ... AS. */
export interface ColumnName extends SyntaxNode {
  readonly kind: 'column-name';
  readonly name: Identifier;
}

/** WATERMARK FOR column AS expression; the column may be a nested field. */
export interface WatermarkDefinition extends SyntaxNode {
  readonly kind: 'watermark';
  readonly column: QualifiedName;
  readonly strategy: Expression;
}

/** [CONSTRAINT name] PRIMARY KEY (columns) [NOT ENFORCED]. */
export interface TableConstraint extends SyntaxNode {
  readonly kind: 'table-constraint';
  readonly name?: Identifier;
  readonly constraint: 'primary-key' | 'unique';
  readonly columns: readonly Identifier[];
  /** ENFORCED is true, NOT ENFORCED false; absent if not written. */
  readonly enforced?: boolean;
}

/** A column of a table. */
export type ColumnDefinition = PhysicalColumn | MetadataColumn | ComputedColumn;

/** What stands in the parentheses of CREATE TABLE. */
export type TableElement =
  | ColumnDefinition | ColumnName | WatermarkDefinition | TableConstraint;

/** DISTRIBUTED [BY [HASH | RANGE] (columns)] [INTO n BUCKETS]. */
export interface Distribution extends SyntaxNode {
  readonly kind: 'distribution';
  readonly method?: 'hash' | 'range';
  /** Empty if absent. */
  readonly columns: readonly Identifier[];
  readonly buckets?: number;
}

/** LIKE table (INCLUDING ALL ...). */
export interface LikeClause extends SyntaxNode {
  readonly kind: 'like-clause';
  readonly table: QualifiedName;
  readonly options: readonly LikeOption[];
}

/** One INCLUDING, EXCLUDING or OVERWRITING of LIKE. */
export interface LikeOption extends SyntaxNode {
  readonly kind: 'like-option';
  readonly strategy: 'including' | 'excluding' | 'overwriting';
  readonly feature: 'all' | 'constraints' | 'distribution' | 'generated' | 'metadata' | 'options'
    | 'partitions' | 'watermarks';
}

/** dt = '2020', or dt alone (then `value` is absent). */
export interface PartitionEntry extends SyntaxNode {
  readonly kind: 'partition-entry';
  readonly column: Identifier;
  readonly value?: Expression;
}

/** PARTITION (entries). */
export interface PartitionSpecification extends SyntaxNode {
  readonly kind: 'partition';
  readonly entries: readonly PartitionEntry[];
}
