/** The second phase of a group aggregation: accumulators of local phases meet by key. */
import type { GlobalGroupAggregateNode } from '../plan/physical/plan.js';
import { KeyLayout } from '../state/key-layout.js';
import type { RowField } from '../types/data-type.js';
import { mergeAccumulators } from './aggregates/accumulators.js';
import { AggregateSet } from './aggregates/aggregate-set.js';
import { type Intake, MiniBatchAggregate } from './mini-batch-aggregate.js';
import type { Operator, OperatorContext } from './operator.js';

/** Behind the keys stands the number of rows, where some are taken back, then accumulators. */
function accumulatorIntake({ grouping, needRetraction }: GlobalGroupAggregateNode): Intake {
  const counts = grouping.length;
  const first = counts + (needRetraction ? 1 : 0);
  return {
    resolve: (groups, batch, rows, expired, resolved) =>
      groups.resolveMerged(rows, needRetraction ? batch.columns[counts]! : null, rows.length,
        expired, resolved),
    fold: (aggregates, batch, { count, rows, groups }) =>
      mergeAccumulators(aggregates, batch.columns.slice(first), rows.subarray(0, count),
        groups.subarray(0, count)),
  };
}

/** The global phase of a plan node. */
export function makeGlobalGroupAggregate(
  node: GlobalGroupAggregateNode, inputs: readonly (readonly RowField[])[],
  context: OperatorContext,
): Operator {
  const layout = new KeyLayout(node.grouping.map((column) => inputs[0]![column]!.type));
  const aggregates = new AggregateSet(node.aggregates, node.rows);
  return new MiniBatchAggregate(node, layout, aggregates, accumulatorIntake(node), context);
}
