/** The parts of a `source` node: what it reads of each record, and how records are written. */
import type { DataType } from '../../types/data-type.js';
import type { LiteralValue } from './plan.js';

/**
 * Values that are asked for, both ends included, in the form of literals. A source may leave out
 * rows whose value lies outside, or is NULL; it need not.
 */
export interface ColumnBounds {
  readonly least?: NonNullable<LiteralValue>;
  readonly most?: NonNullable<LiteralValue>;
}

/** One output column of a source: where it lies in the record. */
export interface SourceColumn {
  /** Field names from the top of the record: ['bid', 'auction']. */
  readonly path: readonly string[];
  readonly type: DataType;
  /** It stands in no record: a value of the partition, or a key of metadata. */
  readonly from?: string;
  readonly bounds?: ColumnBounds;
}

export interface FormatSpec {
  readonly name: string;
  readonly options: Readonly<Record<string, string>>;
}
