/**
 * The JSON of change data capture tools: one record tells what became of a row, around the row as
 * it was and as it is. One line a format; native/formats/json-envelope.cpp has the same table.
 */
import type { SourceColumn } from '../../plan/physical/plan.js';
import { array, row, STRING, type RowField } from '../../types/data-type.js';

/** What a record says: a row came, changed, or went; or something that is no row's business. */
export type ChangeVerb = 'insert' | 'update' | 'delete' | 'skip';

export interface Envelope {
  /** Members of a record: the row before, the row after, the verb. */
  readonly old: string;
  readonly data: string;
  readonly verb: string;
  readonly verbs: Readonly<Record<string, ChangeVerb>>;
  /** Whether `old` and `data` are arrays of rows. */
  readonly isList: boolean;
  /** Whether several records may stand in an array. */
  readonly takesArrays: boolean;
  /** Where the row stands that a delete takes away. */
  readonly deleted: 'old' | 'data';
  /** Whether fields that `old` does not name, at any depth, are as in `data`. */
  readonly isPartial: boolean;
  /** The verbs that an encoder writes. */
  readonly written: { readonly insert: string; readonly delete: string };
}

export const ENVELOPES: Readonly<Record<string, Envelope>> = {
  'debezium-json': {
    old: 'before', data: 'after', verb: 'op', isList: false, deleted: 'old', isPartial: false,
    takesArrays: true, verbs: { r: 'insert', c: 'insert', u: 'update', d: 'delete' },
    written: { insert: 'c', delete: 'd' },
  },
  'ogg-json': {
    old: 'before', data: 'after', verb: 'op_type', isList: false, deleted: 'old',
    isPartial: false, takesArrays: false, verbs: { I: 'insert', U: 'update', D: 'delete' },
    written: { insert: 'I', delete: 'D' },
  },
  'maxwell-json': {
    old: 'old', data: 'data', verb: 'type', isList: false, deleted: 'data', isPartial: true,
    takesArrays: false, verbs: { insert: 'insert', update: 'update', delete: 'delete' },
    written: { insert: 'insert', delete: 'delete' },
  },
  'canal-json': {
    old: 'old', data: 'data', verb: 'type', isList: true, deleted: 'data', isPartial: true,
    takesArrays: false,
    verbs: { INSERT: 'insert', UPDATE: 'update', DELETE: 'delete', CREATE: 'skip' },
    written: { insert: 'INSERT', delete: 'DELETE' },
  },
};

/** Members that are read of each record, in the order of the columns of a batch of records. */
export const RECORD = { old: 0, data: 1, verb: 2, oldText: 3, filters: 4 } as const;

/** What a record is read for: the fields of its rows that columns need, whole. */
export function recordColumns(
  envelope: Envelope, fields: readonly RowField[], filters: readonly string[],
  hasSchema: boolean,
): readonly SourceColumn[] {
  const prefix = hasSchema ? ['payload'] : [];
  const rows = envelope.isList ? array(row(fields)) : row(fields);
  const text = (name: string): SourceColumn => ({ path: [...prefix, name], type: STRING });
  return [
    { path: [...prefix, envelope.old], type: rows },
    { path: [...prefix, envelope.data], type: rows },
    text(envelope.verb),
    ...(envelope.isPartial ? [text(envelope.old)] : []),
    ...filters.map(text),
  ];
}
