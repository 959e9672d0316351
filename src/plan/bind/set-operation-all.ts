/**
 * INTERSECT ALL and EXCEPT ALL after Flink's rewrites: both sides are counted row by row, and each
 * row is repeated as often as the counts say.
 */
import { BIGINT, BOOLEAN, notNull, type RowField } from '../../types/data-type.js';
import { aggregate, allColumns, correlate, filter, project, union } from '../logical/build.js';
import {
  call, column, conjunction, constant, type Expression, TRUE,
} from '../logical/expression.js';
import type { LogicalAggregateCall, LogicalNode } from '../logical/node.js';

const MARK = constant(true, notNull(BOOLEAN));
const NO_MARK = constant(null, BOOLEAN);
const COUNT_TYPE = notNull(BIGINT);

/** Each row as often as the side that has it less often; the sides are of one schema. */
export function intersectAll(
  left: LogicalNode, right: LogicalNode, schema: readonly RowField[],
): LogicalNode {
  const width = schema.length;
  const marks = [['vcol_left_marker', BOOLEAN], ['vcol_right_marker', BOOLEAN]] as const;
  const all = union([marked(left, [MARK, NO_MARK]), marked(right, [NO_MARK, MARK])],
    [...schema, ...marks.map(([name, type]) => ({ name, type }))]);
  const counted = aggregate(all, schema.map((_, i) => i), [
    counting('COUNT', 'vcol_left_cnt', width), counting('COUNT', 'vcol_right_cnt', width + 1),
  ]);
  const [ofLeft, ofRight] = [column(width, COUNT_TYPE), column(width + 1, COUNT_TYPE)];
  const one = constant(1n, COUNT_TYPE);
  const onBoth = conjunction([compared('greater_equal', '>=', ofLeft, one),
    compared('greater_equal', '>=', ofRight, one)]) ?? TRUE;
  const fewer = call({
    kernel: 'case', name: 'IF', type: COUNT_TYPE,
    arguments: [compared('greater', '>', ofLeft, ofRight), ofRight, ofLeft],
  });
  return repeated(filter(counted, onBoth), fewer, '$f0', schema);
}

/** Each row of the left side as often as it has it more often than the right one. */
export function exceptAll(
  left: LogicalNode, right: LogicalNode, schema: readonly RowField[],
): LogicalNode {
  const width = schema.length;
  const all = union([marked(left, [constant(1n, COUNT_TYPE)]),
    marked(right, [constant(-1n, COUNT_TYPE)])],
  [...schema, { name: 'vcol_marker', type: COUNT_TYPE }]);
  const sum = aggregate(all, schema.map((_, i) => i), [counting('SUM', 'sum_vcol_marker', width)]);
  const surplus = column(width, COUNT_TYPE);
  const kept = filter(sum, compared('greater', '>', surplus, constant(0n, COUNT_TYPE)));
  return repeated(kept, surplus, 'sum_vcol_marker', schema);
}

const MARK_NAMES = ['vcol_left_marker', 'vcol_right_marker'];

function marked(side: LogicalNode, marks: readonly Expression[]): LogicalNode {
  const names = marks.length === 1 ? ['vcol_marker'] : MARK_NAMES;
  return project(side, [...allColumns(side), ...marks],
    [...side.schema.map((field) => field.name), ...names]);
}

function counting(function_: string, name: string, argument: number): LogicalAggregateCall {
  return {
    function: function_, name, arguments: [argument], filter: null, distinct: false,
    type: COUNT_TYPE,
  };
}

function compared(kernel: string, name: string, a: Expression, b: Expression): Expression {
  return call({ kernel, name, arguments: [a, b], type: notNull(BOOLEAN) });
}

/** The first columns of the input, as often as the count says. */
function repeated(
  input: LogicalNode, count: Expression, name: string, schema: readonly RowField[],
): LogicalNode {
  const columns = schema.map((field, i) => column(i, field.type));
  const counted = project(input, [count, ...columns],
    [name, ...schema.map((field) => field.name)]);
  const made = correlate(counted, {
    joinType: 'inner', condition: null,
    call: { function: 'replicate-rows', arguments: allColumns(counted), fields: schema },
  });
  const first = 1 + schema.length;
  return project(made, schema.map((field, i) => column(first + i, field.type)),
    schema.map((field) => field.name));
}
