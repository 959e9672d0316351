/**
 * The first or the last row by row time of each key of a window that has closed: a window Top-1
 * in which, for the last row, an equal row time takes the place of the one before.
 */
import type { WindowDeduplicateNode } from '../plan/physical/plan.js';
import type { RowField } from '../types/data-type.js';
import type { Operator } from './operator.js';
import { checkWindowZone, WindowRank } from './window-rank.js';

/** The window deduplication of a plan node. */
export function makeWindowDeduplicate(
  node: WindowDeduplicateNode, inputs: readonly (readonly RowField[])[],
): Operator {
  checkWindowZone(node.zone);
  const { schema, partition, windowEnd, rowtime, keepLast } = node;
  return new WindowRank({
    schema, partition, windowEnd, rankStart: 1, rankEnd: 1, outputRankNumber: false,
    orderBy: [{ column: rowtime, descending: keepLast, nullsFirst: !keepLast }],
    isLastOfEqual: keepLast,
  }, inputs[0]!);
}
