/** All rows of all inputs; the watermark is the lowest of the inputs. */
import { Batch } from '../batch/batch.js';
import { InputWatermarks } from '../batch/watermark.js';
import type { UnionNode } from '../plan/physical/plan.js';
import type { RowField } from '../types/data-type.js';
import {
  INPUT_WATERMARK_TABLE, inputWatermarkContent, restoredInputWatermarks,
} from './input-watermark-table.js';
import type { Operator, Output, StateTable } from './operator.js';

class Union implements Operator {
  readonly stateTables: readonly StateTable[] = [INPUT_WATERMARK_TABLE];
  inputWatermarks: InputWatermarks;

  constructor(inputCount: number) {
    this.inputWatermarks = new InputWatermarks(inputCount, true);
  }

  process(batch: Batch, input: number, output: Output): void {
    const runs = this.inputWatermarks.merge(input, batch.watermarks);
    if (batch.activeCount === 0 && runs.length === 0) return;
    output.emit(
      new Batch(batch.rowCount, batch.columns, batch.selection, batch.rowKinds, runs),
    );
  }

  snapshot(): Batch {
    return inputWatermarkContent(this.inputWatermarks);
  }

  restore(_table: StateTable, content: Batch): void {
    this.inputWatermarks = restoredInputWatermarks(content, this.inputWatermarks);
  }
}

/** The union of a plan node. */
export function makeUnion(node: UnionNode, _inputs: readonly (readonly RowField[])[]): Operator {
  return new Union(node.inputs.length);
}
