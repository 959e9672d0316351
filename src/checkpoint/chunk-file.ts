/** A chunk of state as an Arrow IPC file, which any Arrow library can read. */
import { Batch } from '../batch/batch.js';
import { toRecordBatch } from '../batch/arrow-export.js';
import { fromRecordBatch } from '../batch/arrow-import.js';
import type { Arrow } from '../batch/arrow-types.js';
import { flattened, materialized } from '../batch/take.js';
import { fail } from '../errors/index.js';
import type { RowField } from '../types/data-type.js';

/** The file's bytes. */
export function chunkToBytes(
  arrow: Arrow, content: Batch, fields: readonly RowField[],
): Uint8Array {
  const dense = materialized(content);
  const columns = dense.columns.map((column) => flattened(column, dense.rowCount));
  const record = toRecordBatch(arrow, new Batch(dense.rowCount, columns), fields);
  return arrow.tableToIPC(new arrow.Table([record]), 'file');
}

/** The inverse; MR5001 where the bytes are no such file. */
export function chunkFromBytes(
  arrow: Arrow, bytes: Uint8Array, fields: readonly RowField[], rows: number,
): Batch {
  try {
    const table = arrow.tableFromIPC(bytes);
    const record = table.batches[0];
    const types = fields.map((field) => field.type);
    if (record !== undefined) return checked(fromRecordBatch(arrow, record, types), rows);
    const empty = new arrow.RecordBatch(table.schema);
    return checked(fromRecordBatch(arrow, empty, types), rows);
  } catch (error) {
    return fail('MR5001', { detail: error instanceof Error ? error.message : String(error) });
  }
}

function checked(batch: Batch, rows: number): Batch {
  if (batch.rowCount !== rows) throw new Error('row count differs from the manifest');
  return batch;
}
