/** Watermarks in snapshots: BIGINT ms, the ends of the range for "none yet" and "ended". */
import { MAX_WATERMARK, MIN_WATERMARK } from '../batch/batch.js';
import { readBigI64, readI64, writeBigI64, writeI64 } from '../batch/column.js';

const MAX_I64 = (1n << 63n) - 1n;
const MIN_I64 = -(1n << 63n);

/** Writes a watermark as the native engine holds it. */
export function writeWatermark(values: Int32Array, row: number, watermark: number): void {
  if (watermark === MAX_WATERMARK) writeBigI64(values, row, MAX_I64);
  else if (watermark === MIN_WATERMARK) writeBigI64(values, row, MIN_I64);
  else writeI64(values, row, watermark);
}

/** The inverse of writeWatermark. */
export function readWatermark(values: Int32Array, row: number): number {
  const exact = readBigI64(values, row);
  if (exact === MAX_I64) return MAX_WATERMARK;
  return exact === MIN_I64 ? MIN_WATERMARK : readI64(values, row);
}
