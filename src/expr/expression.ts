/** What a compiled expression is, whatever node of the plan it came from. */
import type { Batch } from '../batch/batch.js';
import type { Column } from '../batch/column.js';
import type { DataType } from '../types/data-type.js';
import type { EvaluationContext } from './kernel.js';

/** An expression bound to its kernels. Holds scratch memory: one task's alone. */
export interface CompiledExpression {
  readonly type: DataType;
  /**
   * The value of each selected row (0 .. count-1 where `selection` is null), at the row's own
   * index; other rows hold anything. May be a column of the batch itself, or constant. Throws the
   * KernelError of the lowest failing row.
   */
  evaluate(
    batch: Batch, selection: Int32Array | null, count: number, context: EvaluationContext,
  ): Column;
}
