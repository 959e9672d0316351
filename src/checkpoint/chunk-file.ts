/**
 * A chunk of state as an Arrow IPC file, which any Arrow library can read. It is made and read a
 * piece at a time: however large the state, the event loop turns in between.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RecordBatch } from 'apache-arrow';
import { Batch } from '../batch/batch.js';
import { toRecordBatch } from '../batch/arrow-export.js';
import { fromRecordBatch } from '../batch/arrow-import.js';
import type { Arrow } from '../batch/arrow-types.js';
import { flattened, materialized, slice } from '../batch/take.js';
import { fail } from '../errors/index.js';
import type { RowField } from '../types/data-type.js';

/** Rows of a record batch: a few milliseconds of work. */
const PIECE_ROWS = 8192;

/** The file's bytes in order. */
export async function* chunkToBytes(
  arrow: Arrow, content: Batch, fields: readonly RowField[],
): AsyncGenerator<Uint8Array> {
  const writer = new arrow.RecordBatchFileWriter();
  let isRead = true;
  const writing = writer.writeAll(recordBatches(arrow, content, fields)).catch((error: unknown) => {
    // A reader that left early has closed the file: what made it leave is the error that counts.
    if (isRead) writer.abort(error);
  });
  try {
    for await (const bytes of writer) yield bytes;
  } finally {
    isRead = false;
  }
  await writing;
}

/** At least one, so that the file has its schema. */
async function* recordBatches(
  arrow: Arrow, content: Batch, fields: readonly RowField[],
): AsyncGenerator<RecordBatch> {
  const count = content.activeCount;
  for (let start = 0; start === 0 || start < count; start += PIECE_ROWS) {
    const end = Math.min(start + PIECE_ROWS, count);
    yield toRecordBatch(arrow, pieceOf(content, start, end), fields);
    await nextTurn();
  }
}

/** Rows start .. end - 1 of those alive, without constant columns. */
function pieceOf(content: Batch, start: number, end: number): Batch {
  const { columns, selection, rowCount } = content;
  const count = end - start;
  const piece = selection === null
    ? new Batch(count, columns.map((column) => slice(column, start, end)))
    : materialized(new Batch(rowCount, columns, selection.subarray(start, end)));
  return new Batch(count, piece.columns.map((column) => flattened(column, count)));
}

/** The inverse, a batch a piece; MR5001 where the bytes are no such file. */
export async function chunkFromBytes(
  arrow: Arrow, bytes: Uint8Array, fields: readonly RowField[], rows: number,
): Promise<readonly Batch[]> {
  try {
    const table = arrow.tableFromIPC(bytes);
    const types = fields.map((field) => field.type);
    const records = table.batches.length > 0 ? table.batches
      : [new arrow.RecordBatch(table.schema)];
    const batches: Batch[] = [];
    for (const record of records) {
      batches.push(fromRecordBatch(arrow, record, types));
      await nextTurn();
    }
    const found = batches.reduce((sum, batch) => sum + batch.rowCount, 0);
    if (found !== rows) throw new Error('row count differs from the manifest');
    return batches;
  } catch (error) {
    return fail('MR5001', { detail: error instanceof Error ? error.message : String(error) });
  }
}
