/** The state table of an operator of several inputs: the watermark of each. */
import { Batch, MAX_WATERMARK, MIN_WATERMARK } from '../batch/batch.js';
import { allocateColumn } from '../batch/column.js';
import { InputWatermarks } from '../batch/watermark.js';
import { fail } from '../errors/index.js';
import { BIGINT, INT, notNull } from '../types/data-type.js';
import type { StateTable } from './operator.js';
import { readWatermark, writeWatermark } from './watermark-state.js';

export const INPUT_WATERMARK_TABLE: StateTable = {
  name: 'watermarks',
  fields: [
    { name: 'input', type: notNull(INT) },
    { name: 'watermark', type: notNull(BIGINT) },
  ],
  keyCount: 0,
};

export function inputWatermarkContent({ kept }: InputWatermarks): Batch {
  const inputs = allocateColumn(notNull(INT), kept.length);
  const watermarks = allocateColumn(notNull(BIGINT), kept.length);
  kept.forEach((watermark, input) => {
    inputs.values[input] = input;
    writeWatermark(watermarks.values as Int32Array, input, watermark);
  });
  return new Batch(kept.length, [inputs, watermarks]);
}

/** The rows of several subtasks: the lowest of an input counts. */
export function restoredInputWatermarks(
  content: Batch, before: InputWatermarks,
): InputWatermarks {
  if (content.rowCount === 0) return before;
  const { count, kept } = before;
  const lowest = new Array<number>(count).fill(MAX_WATERMARK);
  const [inputs, watermarks] = content.columns;
  for (let row = 0; row < content.rowCount; row++) {
    const input = inputs!.values[row]!;
    const known = lowest[input];
    if (known === undefined) fail('MR5002', { detail: `watermark of unknown input ${input}` });
    lowest[input] = Math.min(known, readWatermark(watermarks!.values as Int32Array, row));
  }
  const restored = new InputWatermarks(count, before.leavesOut);
  lowest.forEach((watermark, input) => {
    const earlier = kept[input]!;
    const first = earlier === MIN_WATERMARK;
    restored.raise(input, first ? watermark : Math.min(earlier, watermark));
  });
  return restored;
}
