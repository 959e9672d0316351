/**
 * Top-N: a filter that bounds the row number turns the Over that makes it into a Rank.
 */
import { fail } from '../../errors/index.js';
import { filter, project, rank, ROW_NUMBER_TYPE } from '../logical/build.js';
import {
  column, columnsIn, conjunction, conjuncts, constant, type Call, type Expression,
} from '../logical/expression.js';
import {
  transform, type Filter, type LogicalNode, type Over, type Rank,
} from '../logical/node.js';
import { upsertKeyOf } from '../logical/upsert-key.js';

/** Filter[rn <= 3 AND rest] over Over becomes Filter[rest] over Rank. */
export function filterToRank(node: LogicalNode): LogicalNode {
  return transform(node, (one) => {
    if (one.kind !== 'filter') return one;
    refuseOtherRanks(one);
    return one.input.kind === 'over' ? rankOf(one.input, one) : one;
  });
}

/** As Flink: the first of them by RANK would be a Top-N with ties. */
function refuseOtherRanks({ input, condition }: Filter): void {
  if (input.kind !== 'over-aggregate') return;
  const width = input.input.schema.length;
  for (const index of columnsIn(condition)) {
    const name: string | undefined = input.calls[index - width]?.function;
    if (name === 'RANK' || name === 'DENSE_RANK') {
      fail('MR2100', { feature: `a filter on ${name}() OVER` });
    }
  }
}

interface Bounds {
  start: number;
  end: number;
}

function rankOf(node: Over, { condition, schema }: Filter): LogicalNode {
  const number = node.schema.length - 1;
  const bounds: Bounds = { start: 1, end: Infinity };
  const rest = conjuncts(condition).filter((part) => !narrow(bounds, part, number));
  if (bounds.end === Infinity) {
    fail('MR2100', { feature: 'ROW_NUMBER without an upper bound (a Top-N has rn <= N)' });
  }
  if (node.orderBy.length === 0) fail('MR2100', { feature: 'ROW_NUMBER without ORDER BY' });
  const left = conjunction(rest);
  const top = numberedRank(node, bounds, schema.map((field) => field.name));
  return left === null ? top : filter(top, left);
}

/** Where only one number can come out it is a constant behind the Rank. */
function numberedRank(
  node: Over, { start, end }: Bounds, names: readonly string[],
): LogicalNode {
  const { input, partition, orderBy } = node;
  if (start !== end) {
    return rank(input, { partition, orderBy, start, end, outputRankNumber: true });
  }
  const single = rank(input, { partition, orderBy, start, end, outputRankNumber: false });
  const columns = input.schema.map((field, i): Expression => column(i, field.type));
  return project(single, [...columns, constant(BigInt(start), ROW_NUMBER_TYPE)], names);
}

const MIRRORED: Readonly<Record<string, string>> = {
  equal: 'equal', less: 'greater', less_equal: 'greater_equal', greater: 'less',
  greater_equal: 'less_equal',
};

/** Whether the condition bounds the row number; the bounds are then narrowed. */
function narrow(bounds: Bounds, condition: Expression, number: number): boolean {
  if (condition.kind !== 'call') return false;
  const bound = comparison(condition, number);
  if (bound === undefined) return false;
  const { kernel, value } = bound;
  const [lowest, highest] = rangeOf(kernel, value);
  bounds.start = Math.max(bounds.start, lowest);
  bounds.end = Math.min(bounds.end, highest);
  return true;
}

/** The row numbers for which `number kernel value` holds. */
function rangeOf(kernel: string, value: number): readonly [lowest: number, highest: number] {
  switch (kernel) {
    case 'equal':
      return [value, value];
    case 'greater_equal':
      return [value, Infinity];
    case 'greater':
      return [value + 1, Infinity];
    case 'less_equal':
      return [1, value];
    default:
      return [1, value - 1];
  }
}

/** A comparison of the row number with a constant, the row number on the left. */
function comparison(
  condition: Call, number: number,
): { readonly kernel: string; readonly value: number } | undefined {
  const mirrored = MIRRORED[condition.kernel];
  const [left, right] = condition.arguments;
  if (mirrored === undefined || left === undefined || right === undefined) return undefined;
  if (isNumber(left, number) && right.kind === 'literal') {
    return { kernel: condition.kernel, value: Number(right.value) };
  }
  return isNumber(right, number) && left.kind === 'literal'
    ? { kernel: mirrored, value: Number(left.value) } : undefined;
}

function isNumber(expression: Expression, number: number): boolean {
  return expression.kind === 'column' && expression.index === number;
}

/**
 * Rank over a projection that drops the key of updating rows: the projection moves above, so that
 * the Rank can follow its rows by that key.
 */
export function rankBelowProject(node: LogicalNode): LogicalNode {
  return transform(node, (one) => (one.kind === 'rank' ? pullProject(one) : one));
}

function pullProject(node: Rank): LogicalNode {
  const { input } = node;
  if (input.kind !== 'project' || upsertKeyOf(input.input).length === 0) return node;
  const sources = input.expressions.map((one) => (one.kind === 'column' ? one.index : -1));
  if (sources.includes(-1)) return node;
  const at = (index: number): number => sources[index] ?? index;
  const below = rank(input.input, {
    partition: node.partition.map(at),
    orderBy: node.orderBy.map((key) => ({ ...key, column: at(key.column) })),
    start: node.start, end: node.end, outputRankNumber: node.outputRankNumber,
  });
  const number = column(input.input.schema.length, ROW_NUMBER_TYPE);
  const expressions = node.outputRankNumber
    ? [...input.expressions, number] : input.expressions;
  return project(below, expressions, node.schema.map((field) => field.name));
}
