/**
 * Aggregations of groups: one operator behind the exchange, or, under mini-batch, two phases of
 * which the first one leaves less to exchange. When Flink's planner takes which, so does this one.
 */
import { AGGREGATES, type AggregateRow } from '../../../spec/aggregates.js';
import { BIGINT, notNull, type RowField } from '../../types/data-type.js';
import type { Aggregate, WindowAggregate } from '../logical/node.js';
import { accumulatorFields } from './accumulators.js';
import type { ConvertContext } from './context.js';
import { exchangeBefore } from './exchange.js';
import type { AggregateCall } from './plan.js';
import {
  APPEND, isInsertOnly, type GlobalGroupAggregateOp, type Rel, type Traits,
} from './rel.js';
import { aggregateTraits } from './traits.js';

export function convertAggregate(node: Aggregate, below: Rel, context: ConvertContext): Rel {
  const traits = aggregateTraits(below.traits, node.grouping, node.calls);
  const aggregates = boundCalls(node, below.traits, traits);
  const further: Further = {
    ...(node.stateTtl === undefined ? {} : { stateTtl: node.stateTtl }),
    ...(node.phase === undefined ? {} : { phase: node.phase }),
  };
  if (context.miniBatch !== null && context.phases.areTwo && aggregates.every(canMerge)) {
    const made = twoPhases(node, below, aggregates, further, context);
    return { ...made, schema: node.schema, traits };
  }
  return {
    op: { kind: 'group-aggregate', grouping: node.grouping, aggregates, ...further },
    inputs: [exchangeBefore(below, node.grouping)], schema: node.schema, traits,
  };
}

/** What an aggregation says beside its keys and calls. */
type Further = Pick<Aggregate, 'stateTtl' | 'phase'>;

const ONE_PHASE = new Map<string, AggregateRow['onePhase']>(
  AGGREGATES.map((row: AggregateRow) => [row.name, row.onePhase]));

/** Whether what a call keeps of some rows can be put together with what it keeps of others. */
export function canMerge({ function: name, retract }: AggregateCall): boolean {
  const limit = ONE_PHASE.get(name);
  return limit !== 'always' && !(limit === 'retracting' && retract);
}

function twoPhases(
  { grouping }: Aggregate, input: Rel, aggregates: readonly AggregateCall[],
  { phase, ...hint }: Further, context: ConvertContext,
): Pick<Rel, 'op' | 'inputs'> {
  const needRetraction = !isInsertOnly(input.traits);
  const count: RowField = { name: 'row_count', type: notNull(BIGINT) };
  const marked = phase === undefined ? {} : { phase };
  const partial = phase === 'FINAL' && context.phases.areMerged ? partialOf(input) : null;
  const local: Rel = {
    op: {
      kind: 'local-group-aggregate', grouping, aggregates, needRetraction, ...marked,
      ...(partial === null ? {} : { isIncremental: true }),
    },
    inputs: [partial === null ? input : { ...input, isHidden: true }],
    schema: [
      ...grouping.map((key) => input.schema[key]!), ...(needRetraction ? [count] : []),
      ...accumulatorFields(aggregates, input.schema),
    ],
    traits: APPEND,
  };
  const keys = grouping.map((_, i) => i);
  return {
    op: {
      kind: 'global-group-aggregate', grouping: keys, aggregates, rows: input.schema,
      needRetraction, ...marked, ...hint, ...(partial === null ? {} : { shownOver: partial }),
    },
    inputs: [exchangeBefore(local, keys)],
  };
}

/** The global phase of a partial aggregation; the local one of the final one merges with it. */
function partialOf({ op }: Rel): GlobalGroupAggregateOp | null {
  return op.kind === 'global-group-aggregate' && op.phase === 'PARTIAL' ? op : null;
}

/** MAX of a column that only grows need not take rows back, as in Flink. */
export function boundCalls(
  node: Aggregate | WindowAggregate, input: Traits, output: Traits | null,
): readonly AggregateCall[] {
  const updating = !isInsertOnly(input);
  return node.calls.map((call, i): AggregateCall => {
    const moves = output?.monotonicity[node.grouping.length + i];
    const monotone = (call.function === 'MAX' && moves === 'increasing') ||
      (call.function === 'MIN' && moves === 'decreasing');
    return {
      function: call.function, arguments: call.arguments, filter: call.filter,
      distinct: call.distinct, retract: updating && !monotone, type: call.type,
      ...(call.options === undefined ? {} : { options: call.options }),
    };
  });
}
