/** All rows of all inputs; the watermark is the lowest of the inputs. */
import { Batch, MAX_WATERMARK, MIN_WATERMARK } from '../batch/batch.js';
import { allocateColumn } from '../batch/column.js';
import { InputWatermarks } from '../batch/watermark.js';
import { fail } from '../errors/index.js';
import type { UnionNode } from '../plan/physical/plan.js';
import { BIGINT, INT, notNull, type RowField } from '../types/data-type.js';
import type { Operator, Output, StateTable } from './operator.js';
import { readWatermark, writeWatermark } from './watermark-state.js';

const WATERMARKS: StateTable = {
  name: 'watermarks',
  fields: [
    { name: 'input', type: notNull(INT) },
    { name: 'watermark', type: notNull(BIGINT) },
  ],
  keyCount: 0,
};

class Union implements Operator {
  readonly stateTables: readonly StateTable[] = [WATERMARKS];
  private watermarks: InputWatermarks;

  constructor(private readonly inputCount: number) {
    this.watermarks = new InputWatermarks(inputCount);
  }

  process(batch: Batch, input: number, output: Output): void {
    const runs = this.watermarks.merge(input, batch.watermarks);
    if (batch.activeCount === 0 && runs.length === 0) return;
    output.emit(
      new Batch(batch.rowCount, batch.columns, batch.selection, batch.rowKinds, runs),
    );
  }

  snapshot(): Batch {
    const inputs = allocateColumn(notNull(INT), this.inputCount);
    const watermarks = allocateColumn(notNull(BIGINT), this.inputCount);
    this.watermarks.perInput.forEach((watermark, input) => {
      inputs.values[input] = input;
      writeWatermark(watermarks.values as Int32Array, input, watermark);
    });
    return new Batch(this.inputCount, [inputs, watermarks]);
  }

  /** The rows of several subtasks: the lowest of an input counts. */
  restore(_table: StateTable, content: Batch): void {
    if (content.rowCount === 0) return;
    const lowest = new Array<number>(this.inputCount).fill(MAX_WATERMARK);
    const [inputs, watermarks] = content.columns;
    for (let row = 0; row < content.rowCount; row++) {
      const input = inputs!.values[row]!;
      const known = lowest[input];
      if (known === undefined) fail('MR5002', { detail: `union: unknown input ${input}` });
      lowest[input] = Math.min(known, readWatermark(watermarks!.values as Int32Array, row));
    }
    const before = this.watermarks.perInput;
    const restored = new InputWatermarks(this.inputCount);
    lowest.forEach((watermark, input) => {
      const earlier = before[input]!;
      const first = earlier === MIN_WATERMARK;
      restored.raise(input, first ? watermark : Math.min(earlier, watermark));
    });
    this.watermarks = restored;
  }
}

/** The union of a plan node. */
export function makeUnion(node: UnionNode, _inputs: readonly (readonly RowField[])[]): Operator {
  return new Union(node.inputs.length);
}
