/** The part of a join's condition that is no equality of keys, over pairs of kept rows. */
import { Batch } from '../batch/batch.js';
import { allocateColumn, type Column } from '../batch/column.js';
import { compileExpression, type CompiledExpression, selectTrue } from '../expr/evaluate.js';
import type { PlanExpression } from '../plan/physical/plan.js';
import type { RowField } from '../types/data-type.js';
import type { OperatorContext } from './operator.js';
import type { RowStore } from './row-store.js';

export class KeptCondition {
  private readonly compiled: CompiledExpression;
  private readonly used: ReadonlySet<number>;
  private readonly placeholders: readonly Column[];
  private readonly width: number;

  constructor(
    condition: PlanExpression, left: readonly RowField[], right: readonly RowField[],
    private readonly context: OperatorContext,
  ) {
    this.compiled = compileExpression(condition);
    this.used = columnsOf(condition);
    this.placeholders = [...left, ...right].map((field) => allocateColumn(field.type, 0));
    this.width = left.length;
  }

  /** One byte a pair: 1 = they meet. */
  judge(
    left: RowStore, right: RowStore, leftIds: Int32Array, rightIds: Int32Array,
  ): Uint8Array {
    const count = leftIds.length;
    const columns = this.placeholders.map((placeholder, i) => {
      if (!this.used.has(i)) return placeholder;
      return i < this.width ? left.gather(i, leftIds) : right.gather(i - this.width, rightIds);
    });
    const evaluation = { nowMs: this.context.nowMs(), zone: this.context.zone };
    const truth = this.compiled.evaluate(new Batch(count, columns), null, count, evaluation);
    const meets = new Uint8Array(count);
    for (const place of selectTrue(truth, null, count)) meets[place] = 1;
    return meets;
  }
}

/** The columns an expression reads. */
export function columnsOf(
  expression: PlanExpression, into = new Set<number>(),
): ReadonlySet<number> {
  if (expression.kind === 'column') into.add(expression.index);
  if (expression.kind === 'call') for (const part of expression.arguments) columnsOf(part, into);
  return into;
}
