/**
 * Rows as a TypeScript user gets them.
 *
 *     BOOLEAN boolean        TINYINT..INT, FLOAT, DOUBLE number        BIGINT bigint
 *     STRING string          BYTES Uint8Array                          DECIMAL string, exact
 *     DATE, TIME, TIMESTAMP  string as java.time prints it: 2020-01-01T00:00:01.500
 *     TIMESTAMP_LTZ          the same with a closing Z                 intervals string
 *     ROW object by field    ARRAY array                               MAP Map
 */
import { ROW_KIND_TEXT, type Batch } from '../batch/batch.js';
import type { Column } from '../batch/column.js';
import { decimalText } from '../types/number-text.js';
import { isTemporal, temporalText } from '../types/temporal-text.js';
import { valueAt, type Value } from '../batch/values.js';
import type { DataType, RowField } from '../types/data-type.js';

export type RowValue =
  | null | boolean | number | bigint | string | Uint8Array
  | readonly RowValue[]
  | ReadonlyMap<RowValue, RowValue>
  | { readonly [field: string]: RowValue };

/** Flink's short names of the row kinds. */
export type RowKindText = (typeof ROW_KIND_TEXT)[number];

/** One change of a result. */
export interface Row {
  readonly kind: RowKindText;
  /** Values by column name; of two columns of one name the last. */
  readonly fields: { readonly [column: string]: RowValue };
  /** Values in column order. */
  readonly values: readonly RowValue[];
}

export function* rowsOf(batch: Batch, columns: readonly RowField[]): Generator<Row> {
  const count = batch.activeCount;
  for (let i = 0; i < count; i++) {
    const at = batch.selection === null ? i : batch.selection[i]!;
    const values = batch.columns.map((column) => rowValueAt(column, at));
    const fields = Object.fromEntries(columns.map((column, c) => [column.name, values[c]!]));
    yield { kind: ROW_KIND_TEXT[batch.rowKinds?.[at] as 0 | undefined ?? 0], fields, values };
  }
}

export function rowValueAt(column: Column, row: number): RowValue {
  return convert(valueAt(column, row), column.type);
}

function convert(value: Value, type: DataType): RowValue {
  if (value === null) return null;
  if (isTemporal(type)) return temporalText(value as number | bigint, type);
  switch (type.root) {
    case 'DECIMAL':
      return decimalText(value as bigint, type.scale ?? 0);
    case 'ROW':
      return Object.fromEntries((type.fields ?? []).map((field, i) =>
        [field.name, convert((value as readonly Value[])[i] ?? null, field.type)]));
    case 'ARRAY':
      return (value as readonly Value[]).map((item) => convert(item, type.element!));
    case 'MAP':
    case 'MULTISET':
      return new Map((value as readonly (readonly Value[])[]).map(([key, item]) =>
        [convert(key ?? null, type.key ?? type.element!),
          type.root === 'MAP' ? convert(item ?? null, type.element!) : item as RowValue]));
    default:
      return value as RowValue;
  }
}
