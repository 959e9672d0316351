/**
 * Columns that name a row of an updating node. Pruning keeps them for a Top-N above, which can
 * then follow a row by its key instead of by its content.
 */
import type { LogicalNode } from './node.js';

/** Empty: rows of the node are never updated, or nothing names them. */
export function upsertKeyOf(node: LogicalNode): readonly number[] {
  switch (node.kind) {
    case 'aggregate':
      return node.grouping.map((_, i) => i);
    case 'filter':
      return upsertKeyOf(node.input);
    case 'project': {
      const below = upsertKeyOf(node.input);
      const mapped = below.map((index) => node.expressions.findIndex((one) =>
        one.kind === 'column' && one.index === index));
      return mapped.includes(-1) ? [] : mapped;
    }
    default:
      return [];
  }
}
