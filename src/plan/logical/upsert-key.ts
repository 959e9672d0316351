/**
 * Columns that name a row of an updating node. Pruning keeps them for a Top-N above, which can
 * then follow a row by its key instead of by its content.
 */
import { changeKinds } from '../../catalog/options.js';
import type { LogicalNode, Scan } from './node.js';

/** Empty: rows of the node are never updated, or nothing names them. */
export function upsertKeyOf(node: LogicalNode): readonly number[] {
  switch (node.kind) {
    case 'aggregate':
      return node.grouping.map((_, i) => i);
    case 'scan':
      return changingKey(node);
    case 'filter':
    case 'watermark':
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

/** The primary key of a source whose rows change. */
function changingKey(node: Scan): readonly number[] {
  if (changeKinds(node).join() === 'I') return [];
  const key = node.table.primaryKey.map((name) =>
    node.columns.findIndex((one) => one.path.length === 1 && one.path[0] === name));
  return key.includes(-1) ? [] : key;
}
