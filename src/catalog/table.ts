/**
 * What a catalog holds: tables with their columns, watermark, key and options; views as queries.
 */
import type { Expression } from '../sql/ast/expression.js';
import type { Query } from '../sql/ast/query.js';
import type { DataType, RowField } from '../types/data-type.js';

/** A full name. */
export interface ObjectPath {
  readonly catalog: string;
  readonly database: string;
  readonly name: string;
}

/** A column that stands in the records. */
export interface PhysicalColumn {
  readonly kind: 'physical';
  readonly name: string;
  readonly type: DataType;
  readonly comment?: string;
}

/** A column derived from the others whenever the table is read. */
export interface ComputedColumn {
  readonly kind: 'computed';
  readonly name: string;
  readonly expression: Expression;
  /** The expression as DESCRIBE and SHOW CREATE print it. */
  readonly text: string;
  readonly type: DataType;
  readonly comment?: string;
}

/** A column that the connector or format provides beside the record. */
export interface MetadataColumn {
  readonly kind: 'metadata';
  readonly name: string;
  readonly type: DataType;
  readonly key: string;
  /** Not written by a sink. */
  readonly virtual: boolean;
  readonly comment?: string;
}

export type TableColumn = PhysicalColumn | ComputedColumn | MetadataColumn;

export interface WatermarkDefinition {
  /** A column of the table. */
  readonly column: string;
  readonly expression: Expression;
  readonly text: string;
}

/** DISTRIBUTED BY: how a connector that has buckets spreads the rows over them. */
export interface TableDistribution {
  readonly method?: 'hash' | 'range';
  /** Empty: the connector chooses. */
  readonly columns: readonly string[];
  readonly buckets?: number;
}

/** The values of a partition's columns, in the order of PARTITIONED BY. */
export type Partition = Readonly<Record<string, string>>;

export interface CatalogTable {
  readonly kind: 'table';
  readonly path: ObjectPath;
  readonly temporary: boolean;
  readonly columns: readonly TableColumn[];
  readonly watermark: WatermarkDefinition | null;
  /** Column names; empty = none. */
  readonly primaryKey: readonly string[];
  /** Name of the key's constraint; absent without a key. */
  readonly primaryKeyName?: string;
  readonly partitionedBy: readonly string[];
  readonly distribution?: TableDistribution;
  /** Those that ALTER TABLE ADD PARTITION has added; absent = none. */
  readonly partitions?: readonly Partition[];
  readonly options: Readonly<Record<string, string>>;
  readonly comment?: string;
}

export interface CatalogView {
  readonly kind: 'view';
  readonly path: ObjectPath;
  readonly temporary: boolean;
  /** Every name in it is full, every star written out: it means the same in any scope. */
  readonly query: Query;
  /** The query as SHOW CREATE prints it. */
  readonly text: string;
  /** What the view showed when it was made. */
  readonly schema: readonly RowField[];
  /** What names in the query are relative to. */
  readonly scope: { readonly catalog: string; readonly database: string };
  readonly comment?: string;
}

export type CatalogObject = CatalogTable | CatalogView;

/** `catalog.database.name` as error texts and operator names show it. */
export function pathText(path: ObjectPath): string {
  return `${path.catalog}.${path.database}.${path.name}`;
}
