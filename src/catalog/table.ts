/**
 * What a catalog holds: tables with their columns, watermark, key and options; views as queries.
 */
import type { Expression } from '../sql/ast/expression.js';
import type { Query } from '../sql/ast/query.js';
import type { DataType } from '../types/data-type.js';

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
  /** The expression's SQL text, for DESCRIBE and SHOW CREATE. */
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

export interface CatalogTable {
  readonly kind: 'table';
  readonly path: ObjectPath;
  readonly temporary: boolean;
  readonly columns: readonly TableColumn[];
  readonly watermark: WatermarkDefinition | null;
  /** Column names; empty = none. */
  readonly primaryKey: readonly string[];
  readonly partitionedBy: readonly string[];
  readonly options: Readonly<Record<string, string>>;
  readonly comment?: string;
}

export interface CatalogView {
  readonly kind: 'view';
  readonly path: ObjectPath;
  readonly temporary: boolean;
  readonly query: Query;
  /** The query's SQL text, for SHOW CREATE and errors inside it. */
  readonly text: string;
  /** Names in place of the query's own; empty = its own. */
  readonly columns: readonly string[];
  /** What names in the query are relative to. */
  readonly scope: { readonly catalog: string; readonly database: string };
  readonly comment?: string;
}

export type CatalogObject = CatalogTable | CatalogView;

/** `catalog.database.name` as error texts and operator names show it. */
export function pathText(path: ObjectPath): string {
  return `${path.catalog}.${path.database}.${path.name}`;
}
