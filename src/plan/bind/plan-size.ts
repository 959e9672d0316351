/**
 * How large a query has become: views and common tables that read others twice double with each
 * level, and a plan that has them all takes planning itself hostage.
 */
import { fail } from '../../errors/index.js';
import type { Position } from '../../sql/ast/node.js';
import { inputsOf, type LogicalNode } from '../logical/node.js';

/** Tables that one query may read, those of its views and common tables counted each time. */
const MAX_TABLE_READS = 2_000;

const reads = new WeakMap<LogicalNode, number>();

/** Parts that a plan has twice are counted twice, but looked at once. */
function tableReads(node: LogicalNode): number {
  const known = reads.get(node);
  if (known !== undefined) return known;
  const inputs = inputsOf(node);
  const count = inputs.length === 0 ? 1
    : inputs.reduce((sum, input) => sum + tableReads(input), 0);
  reads.set(node, count);
  return count;
}

/** The same node; MR2023 where it reads too many tables. */
export function withinPlanSize(node: LogicalNode, position: Position): LogicalNode {
  if (tableReads(node) > MAX_TABLE_READS) {
    fail('MR2023', { limit: String(MAX_TABLE_READS) }, { position });
  }
  return node;
}
