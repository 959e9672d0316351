/** The physical rows of a batch that are alive. */
import type { Batch } from '../batch/batch.js';

let identity = new Int32Array(4096);

/** Rising; valid until the next call. */
export function rowNumbers(batch: Batch): Int32Array {
  if (batch.selection !== null) return batch.selection;
  if (identity.length < batch.rowCount) identity = new Int32Array(batch.rowCount * 2);
  if (identity[identity.length - 1] === 0) identity.forEach((_, i) => { identity[i] = i; });
  return identity.subarray(0, batch.rowCount);
}
