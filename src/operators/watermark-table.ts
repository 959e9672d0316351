/** The state table of an operator that drops late rows: its watermark, one row. */
import { Batch } from '../batch/batch.js';
import { allocateColumn } from '../batch/column.js';
import { BIGINT, notNull } from '../types/data-type.js';
import type { StateTable } from './operator.js';
import { readWatermark, writeWatermark } from './watermark-state.js';

export const WATERMARK_TABLE: StateTable = {
  name: 'watermark', fields: [{ name: 'watermark', type: notNull(BIGINT) }], keyCount: 0,
};

export function watermarkContent(watermark: number): Batch {
  const column = allocateColumn(notNull(BIGINT), 1);
  writeWatermark(column.values as Int32Array, 0, watermark);
  return new Batch(1, [column]);
}

/** The lowest watermark of this chunk and those restored before. */
export function restoredWatermark(content: Batch, before: number | null): number | null {
  let lowest = before;
  const values = content.columns[0]!.values as Int32Array;
  for (let row = 0; row < content.rowCount; row++) {
    const watermark = readWatermark(values, row);
    lowest = lowest === null ? watermark : Math.min(lowest, watermark);
  }
  return lowest;
}
