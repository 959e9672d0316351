/** Runs one operator of the TypeScript engine over rows given as values. */
import { Batch, ROW_KIND_TEXT, type WatermarkRun } from '../../src/batch/batch.js';
import { rowTexts } from '../../src/batch/format.js';
import { columnOf, type Value } from '../../src/batch/values.js';
import type { Operator, OperatorContext } from '../../src/operators/operator.js';
import type { RowField } from '../../src/types/data-type.js';

/** A row kind and the row's values. */
export type TestRow = readonly [kind: (typeof ROW_KIND_TEXT)[number], ...values: Value[]];

export function testContext(clock: { ms: number } = { ms: 0 }): OperatorContext {
  return {
    subtask: 0, parallelism: 1, maxParallelism: 128, batchRows: 4096, zone: 'UTC',
    nowMs: () => clock.ms,
  };
}

/** A batch of the rows; insert-only where all kinds are +I. */
export function batchOf(
  schema: readonly RowField[], rows: readonly TestRow[], runs: readonly WatermarkRun[] = [],
): Batch {
  const columns = schema.map((field, i) =>
    columnOf(field.type, rows.map((row) => row[i + 1] as Value)));
  const kinds = Uint8Array.from(rows, ([kind]) => ROW_KIND_TEXT.indexOf(kind));
  const rowKinds = kinds.some((kind) => kind !== 0) ? kinds : null;
  return new Batch(rows.length, columns, null, rowKinds, runs);
}

/** What the operator emits for the rows, cut into batches of `batchRows`, as Flink prints it. */
export function runRows(
  operator: Operator, schema: readonly RowField[], rows: readonly TestRow[], batchRows = 4096,
): string[] {
  const lines: string[] = [];
  const output = { emit: (batch: Batch): void => { lines.push(...rowTexts(batch)); } };
  for (let start = 0; start < rows.length; start += batchRows) {
    operator.process(batchOf(schema, rows.slice(start, start + batchRows)), 0, output);
  }
  operator.finish?.(output);
  return lines;
}
