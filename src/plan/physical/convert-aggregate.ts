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
import { APPEND, isInsertOnly, type Rel, type Traits } from './rel.js';
import { aggregateTraits } from './traits.js';

export function convertAggregate(node: Aggregate, below: Rel, context: ConvertContext): Rel {
  const traits = aggregateTraits(below.traits, node.grouping, node.calls);
  const aggregates = boundCalls(node, below.traits, traits);
  const hint = node.stateTtl === undefined ? {} : { stateTtl: node.stateTtl };
  if (context.miniBatch !== null && context.phases.areTwo && aggregates.every(canMerge)) {
    return { ...twoPhases(node, below, aggregates, hint), schema: node.schema, traits };
  }
  return {
    op: { kind: 'group-aggregate', grouping: node.grouping, aggregates, ...hint },
    inputs: [exchangeBefore(below, node.grouping)], schema: node.schema, traits,
  };
}

const ONE_PHASE = new Map<string, AggregateRow['onePhase']>(
  AGGREGATES.map((row: AggregateRow) => [row.name, row.onePhase]));

/** Whether what a call keeps of some rows can be put together with what it keeps of others. */
export function canMerge({ function: name, retract }: AggregateCall): boolean {
  const limit = ONE_PHASE.get(name);
  return limit !== 'always' && !(limit === 'retracting' && retract);
}

function twoPhases(
  { grouping }: Aggregate, below: Rel, aggregates: readonly AggregateCall[],
  hint: Pick<Aggregate, 'stateTtl'>,
): Pick<Rel, 'op' | 'inputs'> {
  const needRetraction = !isInsertOnly(below.traits);
  const count: RowField = { name: 'row_count', type: notNull(BIGINT) };
  const local: Rel = {
    op: { kind: 'local-group-aggregate', grouping, aggregates, needRetraction },
    inputs: [below],
    schema: [
      ...grouping.map((key) => below.schema[key]!), ...(needRetraction ? [count] : []),
      ...accumulatorFields(aggregates, below.schema),
    ],
    traits: APPEND,
  };
  const keys = grouping.map((_, i) => i);
  return {
    op: {
      kind: 'global-group-aggregate', grouping: keys, aggregates, rows: below.schema,
      needRetraction, ...hint,
    },
    inputs: [exchangeBefore(local, keys)],
  };
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
