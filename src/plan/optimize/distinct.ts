/**
 * DISTINCT over rows that are unique already is no work: a key of the input lies within the
 * columns. A primary key counts though it is not enforced, as in Flink: rows that repeat it come
 * out.
 */
import { project } from '../logical/build.js';
import { column, type Expression } from '../logical/expression.js';
import { transform, type Aggregate, type LogicalNode } from '../logical/node.js';

export function dropNeedlessDistinct(node: LogicalNode): LogicalNode {
  return transform(node, (one) =>
    (one.kind === 'aggregate' && one.calls.length === 0 ? withoutDistinct(one) : one));
}

function withoutDistinct(node: Aggregate): LogicalNode {
  const { input, grouping, schema } = node;
  const key = uniqueKeyOf(input);
  if (key === undefined || !key.every((index) => grouping.includes(index))) return node;
  return project(input, grouping.map((index, i): Expression => column(index, schema[i]!.type)),
    schema.map((field) => field.name));
}

/** Columns of which no two rows have the same values; undefined: none are known. */
function uniqueKeyOf(node: LogicalNode): readonly number[] | undefined {
  switch (node.kind) {
    case 'scan':
      return known(node.table.primaryKey.map((name) =>
        node.columns.findIndex(({ path }) => path.length === 1 && path[0] === name)));
    case 'filter':
    case 'watermark':
      return uniqueKeyOf(node.input);
    case 'project':
      return known(uniqueKeyOf(node.input)?.map((index) => node.expressions.findIndex((one) =>
        one.kind === 'column' && one.index === index)));
    case 'aggregate':
      return known(node.grouping.map((_, i) => i));
    case 'join':
      return node.joinType === 'semi' ? uniqueKeyOf(node.left) : undefined;
    default:
      return undefined;
  }
}

/** Not where a column of it is gone, and nothing names the only row of a table without a key. */
function known(key: readonly number[] | undefined): readonly number[] | undefined {
  return key === undefined || key.length === 0 || key.includes(-1) ? undefined : key;
}
