/**
 * OVER aggregates: by the time attribute that orders the rows, or by any other column or over rows
 * that are taken back, where each change changes the results of the rows behind it.
 */
import { fail } from '../../errors/index.js';
import { withNullable } from '../../types/data-type.js';
import type { OverAggregate } from '../logical/node.js';
import { timeAttributeOf } from '../logical/time-attribute.js';
import { exchangeBefore } from './exchange.js';
import type { AggregateCall, SortKey } from './plan.js';
import { APPEND, isInsertOnly, type Rel, type Traits } from './rel.js';
import { keysWith } from './traits.js';

export function convertOverAggregate(node: OverAggregate, below: Rel): Rel {
  const key = orderOf(node);
  const attribute = timeAttributeOf(node.input, key.column);
  const mode = attribute === 'proctime' || isInsertOnly(below.traits)
    ? attribute ?? 'sorted' : 'sorted';
  const { unit, preceding } = node.frame;
  checkFrame(node, below, mode);
  const retracts = preceding !== null &&
    (mode !== 'sorted' || node.calls.every((call) => isExact(call, node.input.schema)));
  const input = exchangeBefore(below, node.partition);
  return {
    op: {
      kind: 'over-aggregate', partition: node.partition, orderBy: key, mode, unit, preceding,
      calls: node.calls, aggregates: node.calls.map((call) => boundCall(call, retracts)),
    },
    inputs: [input], schema: node.schema, traits: overTraits(input.traits, mode, node.partition),
  };
}

function orderOf({ orderBy }: OverAggregate): SortKey {
  const [key, second] = orderBy;
  if (key === undefined || second !== undefined) {
    return refuse('an OVER window is ordered by one column');
  }
  return key.descending ? refuse('an OVER window is ordered in ascending order') : key;
}

function refuse(detail: string): never {
  return fail('MR2007', { detail });
}

function checkFrame(
  { frame, calls }: OverAggregate, input: Rel, mode: 'rowtime' | 'proctime' | 'sorted',
): void {
  const isBounded = frame.preceding !== null;
  if (mode === 'sorted') {
    if (isBounded && frame.unit === 'range') {
      refuse('a bounded OVER RANGE needs an order by a time attribute over insert-only rows');
    }
    const [lag] = calls.filter((call) => call.function === 'LAG');
    if (lag !== undefined) refuse('LAG needs an order by a time attribute');
    return;
  }
  if (!isInsertOnly(input.traits)) {
    fail('MR2100', { feature: 'OVER by processing time over updating rows' });
  }
}

/** Whether taking a value back leaves what was there before it, whatever came between. */
function isExact(
  call: OverAggregate['calls'][number], input: OverAggregate['schema'],
): boolean {
  const isSum = /^(COUNT|ROW_NUMBER|RANK|DENSE_RANK|SUM|\$SUM0|AVG)$/.test(call.function);
  return isSum && !call.distinct &&
    call.arguments.every((i) => !/^(FLOAT|DOUBLE)$/.test(input[i]!.type.root));
}

/** Rows leave bounded frames. A sum of no rows is shown by nobody: SUM serves for $SUM0. */
function boundCall(
  call: OverAggregate['calls'][number], retract: boolean,
): AggregateCall {
  const isDecimalSum = call.function === '$SUM0' && call.type.root === 'DECIMAL';
  const name = isDecimalSum ? 'SUM' : call.function;
  return {
    function: /^(ROW_NUMBER|RANK|DENSE_RANK)$/.test(name) ? 'COUNT' : name,
    arguments: call.arguments, filter: null, distinct: call.distinct, retract,
    type: isDecimalSum ? withNullable(call.type, true) : call.type,
    ...(call.options === undefined ? {} : { options: call.options }),
  };
}

function overTraits(input: Traits, mode: string, partition: readonly number[]): Traits {
  const upsertKeys = keysWith(input.upsertKeys, partition);
  if (mode !== 'sorted') return { ...APPEND, upsertKeys };
  return { ...APPEND, updates: true, deletes: !isInsertOnly(input), upsertKeys };
}
