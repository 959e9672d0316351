/** Evaluates one expression over one batch on both engines. */
import { Batch } from '../../src/batch/batch.js';
import { packBatch, unpackBatch } from '../../src/batch/packed.js';
import { columnOf, type Value, valueAt } from '../../src/batch/values.js';
import { compileExpression, KernelError } from '../../src/expr/evaluate.js';
import type { NativeError } from '../../src/native/binding.js';
import { loadNative } from '../../src/native/load.js';
import { encodeValue } from '../../src/plan/physical/encode.js';
import type { PlanExpression, PlanValue } from '../../src/plan/physical/plan.js';
import type { DataType } from '../../src/types/data-type.js';

/** The values of the selected rows, or the failure that is reported. */
export type Outcome =
  | { readonly values: readonly Value[] }
  | { readonly code: string; readonly detail: string; readonly row: number };

export function makeBatch(
  types: readonly DataType[], rows: readonly (readonly Value[])[], selection?: Int32Array,
): Batch {
  const columns = types.map((type, i) => columnOf(type, rows.map((row) => row[i] ?? null)));
  return new Batch(rows.length, columns, selection ?? null);
}

const CONTEXT = { nowMs: 1_600_000_000_000, zone: 'UTC' };

export function evaluateFallback(expression: PlanExpression, batch: Batch): Outcome {
  const { selection, activeCount } = batch;
  try {
    const out = compileExpression(expression).evaluate(batch, selection, activeCount, CONTEXT);
    return { values: selectedRows(batch).map((row) => valueAt(out, row)) };
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    return { code: error.code, detail: error.detail, row: error.row };
  }
}

export function evaluateNative(expression: PlanExpression, batch: Batch): Outcome {
  const native = loadNative();
  if (native === null) throw new Error('the native engine is not built');
  const schema = batch.columns.map((column, i) => ({ name: `f${i}`, type: column.type }));
  try {
    const block = native.evaluateExpression(
      encodeValue(expression as unknown as PlanValue), encodeValue(schema as unknown as PlanValue),
      packBatch(batch), CONTEXT.nowMs, CONTEXT.zone,
    );
    const column = unpackBatch(block, [expression.type]).columns[0]!;
    return { values: selectedRows(batch).map((_, i) => valueAt(column, i)) };
  } catch (error) {
    const { code, message, row } = error as NativeError;
    if (code === undefined || row === undefined) throw error;
    return { code, detail: message, row };
  }
}

function selectedRows(batch: Batch): readonly number[] {
  return batch.selection === null
    ? Array.from({ length: batch.rowCount }, (_, row) => row) : [...batch.selection];
}
