/**
 * Moves filters toward the sources and merges neighbouring projections and filters, so that each
 * chain of them becomes one Calc. Filters pass projections, unions and the keys of aggregations.
 */
import { correlate, filter, join, project, union, withStateTtl } from '../logical/build.js';
import {
  columnsIn, conjunction, conjuncts, contains, type Expression, expressionSize, inline,
  isDeterministic, mapColumns, TRUE,
} from '../logical/expression.js';
import {
  placed, transform, withInputs, type Aggregate, type Correlate, type Filter, type Join,
  type LogicalNode, type Project, type WindowAggregate,
} from '../logical/node.js';
import { placeConditions, withKeyColumns } from './join.js';

export function mergeCalcs(node: LogicalNode): LogicalNode {
  return transform(node, (one) => {
    if (one.kind === 'filter') return pushFilter(one);
    if (one.kind === 'join') return placed(placeJoin(one, []), one.position);
    return one.kind === 'project' ? mergeProject(one) : one;
  });
}

function pushFilter(node: Filter): LogicalNode {
  const { input, condition } = node;
  if (!isDeterministic(condition)) return node;
  switch (input.kind) {
    case 'filter': {
      const both = conjunction([...conjuncts(input.condition), ...conjuncts(condition)]);
      return both === null ? input : pushFilter(filter(input.input, both));
    }
    case 'project':
      return throughProject(condition, input) ?? node;
    case 'union':
      return union(input.inputs.map((side) => pushFilter(filter(side, condition))), input.schema);
    case 'aggregate':
    case 'window-aggregate':
      return throughKeys(condition, input) ?? node;
    case 'join':
      return placed(placeJoin(input, conjuncts(condition)), input.position);
    case 'correlate':
      return throughCorrelate(conjuncts(condition), input);
    default:
      return node;
  }
}

/** What a filter says about the left columns goes below, about the function's into the node. */
function throughCorrelate(parts: readonly Expression[], node: Correlate): LogicalNode {
  const width = node.input.schema.length;
  const isOf = (part: Expression, test: (index: number) => boolean): boolean => {
    const used = [...columnsIn(part)];
    return used.length > 0 && used.every(test);
  };
  const below = parts.filter((part) => isOf(part, (index) => index < width));
  const inside = node.joinType === 'left' ? []
    : parts.filter((part) => isOf(part, (index) => index >= width));
  const rest = conjunction(parts.filter((part) => ![...below, ...inside].includes(part)));
  const left = conjunction(below);
  const own = inside.map((part) => mapColumns(part, (index) => index - width));
  const made = correlate(left === null ? node.input : pushFilter(filter(node.input, left)), {
    ...node,
    condition: conjunction([...node.condition === null ? [] : conjuncts(node.condition), ...own]),
  });
  return rest === null ? made : filter(made, rest);
}

/**
 * The join with its conditions, and those of a filter above, where they belong. Nothing passes a
 * temporal join: a version that is filtered out is not the same as none.
 */
function placeJoin(node: Join, above: readonly Expression[]): LogicalNode {
  if (node.asOf !== undefined) {
    const whole = keyed(node, node.schema.map((field) => field.name));
    const over = conjunction(above);
    return over === null ? whole : pushOnProject(whole, over);
  }
  const placed = placeConditions(node, above);
  const below = (side: LogicalNode, parts: readonly Expression[]): LogicalNode => {
    const condition = conjunction(parts);
    return condition === null ? side : pushFilter(filter(side, condition));
  };
  const bare = join(below(node.left, placed.left), below(node.right, placed.right),
    placed.joinType, conjunction(placed.condition) ?? TRUE);
  const joined = keyed(withStateTtl(bare, node), node.schema.map((field) => field.name));
  const rest = conjunction(placed.above);
  return rest === null ? joined : pushOnProject(joined, rest);
}

/** Key expressions as columns of the sides; the output keeps its names. */
function keyed(node: Join, names: readonly string[]): LogicalNode {
  const wide = withKeyColumns(node);
  if (wide.kind !== 'project' || wide.input.kind !== 'join') return wide;
  const { left, right, joinType, condition, asOf } = wide.input;
  const merged = join(mergedSide(left), mergedSide(right), joinType, condition, asOf);
  return project(withStateTtl(merged, wide.input), wide.expressions, names);
}

const mergedSide = (side: LogicalNode): LogicalNode =>
  (side.kind === 'project' ? mergeProject(side) : side);

/** A filter over a join, or over the projection that drops its key columns. */
function pushOnProject(node: LogicalNode, condition: Expression): LogicalNode {
  if (node.kind !== 'project') return filter(node, condition);
  return project(filter(node.input, inline(condition, node.expressions)), node.expressions,
    node.schema.map((field) => field.name));
}

function throughProject(condition: Expression, input: Project): LogicalNode | undefined {
  if (!input.expressions.every(isPlain) || bloats([condition], input)) return undefined;
  const below = pushFilter(filter(input.input, inline(condition, input.expressions)));
  return mergeProject(project(below, input.expressions, input.schema.map((field) => field.name)));
}

/** Parts by which a merged projection may be larger than the two together, as in Calcite. */
const BLOAT = 100;

/** Whether inlining would repeat so much that two steps are cheaper: it may double at each. */
function bloats(users: readonly Expression[], input: Project): boolean {
  const sizes = input.expressions.map((one) => expressionSize(one));
  let apart = sizes.reduce((sum, size) => sum + size, 0);
  let merged = 0;
  for (const user of users) {
    apart += expressionSize(user);
    merged += expressionSize(user, sizes);
  }
  return merged > apart + BLOAT;
}

/** Evaluated twice it gives the same, and it belongs to no group of rows. */
function isPlain(expression: Expression): boolean {
  return isDeterministic(expression) && !contains(expression, (part) => part.kind === 'over');
}

/** What a filter says about keys alone, it says about each row of the group. */
function throughKeys(
  condition: Expression, input: Aggregate | WindowAggregate,
): LogicalNode | undefined {
  const keyCount = input.grouping.length;
  const onKeys = (part: Expression): boolean => {
    const used = [...columnsIn(part)];
    return used.length > 0 && used.every((index) => index < keyCount);
  };
  const parts = conjuncts(condition);
  const moved = conjunction(parts.filter(onKeys));
  if (moved === null) return undefined;
  const below = mapColumns(moved, (index) => input.grouping[index] ?? index);
  const pushed = withInputs(input, [pushFilter(filter(input.input, below))]);
  const rest = conjunction(parts.filter((part) => !onKeys(part)));
  return rest === null ? pushed : filter(pushed, rest);
}

function mergeProject(node: Project): LogicalNode {
  const { input } = node;
  if (isIdentity(node)) return renamed(node);
  if (input.kind !== 'project' || !canInline(node, input)) return node;
  if (bloats(node.expressions, input)) return node;
  const names = node.schema.map((field) => field.name);
  const merged = node.expressions.map((one) => inline(one, input.expressions));
  return mergeProject(project(input.input, merged, names));
}

/** All columns of the input in their order; names count only at the end of a plan. */
function isIdentity(node: Project): boolean {
  return node.expressions.length === node.input.schema.length &&
    node.expressions.every((one, i) => one.kind === 'column' && one.index === i);
}

/** Without the projection if names do not matter or the input can carry them. */
function renamed(node: Project): LogicalNode {
  const { input, schema } = node;
  if (schema.every((field, i) => field.name === input.schema[i]?.name)) return input;
  switch (input.kind) {
    case 'project':
      return project(input.input, input.expressions, schema.map((field) => field.name));
    case 'values':
      return Object.freeze({ ...input, schema });
    case 'filter':
      return node;
    default:
      return input;
  }
}

/** A value that differs at each call must be made once; so must what belongs to groups. */
function canInline(outer: Project, inner: Project): boolean {
  return inner.expressions.every((one, i) => isPlain(one) ||
    (!contains(one, (part) => part.kind === 'over') && useCount(outer, i) <= 1 &&
      outer.expressions.every((user) => user.kind === 'column')));
}

function useCount(outer: Project, index: number): number {
  let count = 0;
  for (const one of outer.expressions) {
    contains(one, (part) => {
      if (part.kind === 'column' && part.index === index) count++;
      return false;
    });
  }
  return count;
}

