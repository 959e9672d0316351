/** What a lookup join says of the table that it looks rows up in. */
import type { SourceNode, ValuesNode } from './plan.js';

/** What is read of a looked up table. */
export type LookupSource = Pick<SourceNode,
  'connector' | 'table' | 'options' | 'format' | 'tableSchema' | 'columns' | 'schema'> & {
    /** Of the connector `values`: filled in when the job is made. */
    readonly rows?: ValuesNode['rows'];
  };

/**
 * When a looked up table is read again: before the first batch at or after a multiple of `everyMs`
 * behind its last reading, its first, or `offsetMs` after the epoch. 0: before each batch.
 */
export interface LookupReload {
  readonly everyMs: number;
  readonly from: 'last' | 'first' | 'epoch';
  readonly offsetMs?: number;
}
