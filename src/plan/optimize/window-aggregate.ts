/**
 * Aggregations whose keys contain both bounds of a window become window aggregations, emitted
 * when the window closes. Where the rows come from the window function by way of projections and
 * filters that look at no window column, the function itself goes away: rows carry their time.
 */
import { fail } from '../../errors/index.js';
import { expand, filter, project, windowAggregate } from '../logical/build.js';
import {
  column, columnsIn, conjunction, contains, inline, type Expression,
} from '../logical/expression.js';
import {
  transform, type Aggregate, type LogicalAggregateCall, type LogicalNode, type WindowFunction,
  type WindowProperty,
} from '../logical/node.js';
import { windowColumnsOf, type WindowColumns } from '../logical/window-columns.js';

export function windowAggregates(node: LogicalNode): LogicalNode {
  return transform(node, (one) => (one.kind === 'aggregate' ? convertAggregate(one) : one));
}

function convertAggregate(node: Aggregate): LogicalNode {
  const columns = windowColumnsOf(node.input);
  if (columns === null || columns.start === null || columns.end === null) return node;
  if (!node.grouping.includes(columns.start) || !node.grouping.includes(columns.end)) return node;
  if (columns.shape.kind === 'session') return overSessions(node, columns);
  const folded = overFunction(node, columns);
  if (folded !== undefined) return folded;
  return columns.shape.isProctime === true ? node : overColumns(node, columns);
}

/** Grouping keys without the window's columns. */
function plainKeys(node: Aggregate, { start, end, time }: WindowColumns): readonly number[] {
  return node.grouping.filter((key) => key !== start && key !== end && key !== time);
}

function properties(node: Aggregate, columns: WindowColumns): readonly WindowProperty[] {
  const { time, shape } = columns;
  if (time === null || !node.grouping.includes(time)) return ['start', 'end'];
  return ['start', 'end', shape.isProctime === true ? 'proctime' : 'rowtime'];
}

/** Rows that carry their window as columns. */
function overColumns(node: Aggregate, columns: WindowColumns): LogicalNode {
  const grouping = plainKeys(node, columns);
  const result = windowAggregate(node.input, {
    grouping, calls: node.calls, window: columns.shape, timeColumn: null,
    startColumn: columns.start, endColumn: columns.end, properties: properties(node, columns),
    timeType: columns.timeType,
  });
  return inOrder(node, columns, grouping, result);
}

/**
 * Sessions differ by partition: only with just its columns as further keys do windows close for
 * their groups. Aggregates whose state can be merged are kept instead of the rows; for others
 * where a session begins is a key, where it ends is the window.
 */
function overSessions(node: Aggregate, columns: WindowColumns): LogicalNode {
  const { partition, start, end, time } = columns;
  const keys = plainKeys(node, columns);
  const isByPartition = partition !== null && keys.length === new Set(partition).size &&
    keys.every((key) => partition.includes(key));
  if (!isByPartition || start === null) return node;
  const folded = node.calls.every(isMerged) ? overFunction(node, columns) : undefined;
  if (folded !== undefined) return folded;
  if (columns.shape.isProctime === true) {
    fail('MR2100', { feature: 'such aggregates over sessions of processing time' });
  }
  const isTimeKey = time !== null && node.grouping.includes(time);
  const grouping = [...keys, start];
  const result = windowAggregate(node.input, {
    grouping, calls: node.calls, window: columns.shape, timeColumn: null, startColumn: start,
    endColumn: end, properties: isTimeKey ? ['end', 'rowtime'] : ['end'],
    timeType: columns.timeType,
  });
  const first = grouping.length + node.calls.length;
  const places = node.grouping.map((key) => (key === end ? first
    : key === time ? first + 1 : grouping.indexOf(key)));
  const calls = node.calls.map((_, i) => grouping.length + i);
  const expressions = [...places, ...calls].map((index): Expression =>
    column(index, result.schema[index]?.type ?? node.schema[0]!.type));
  return project(result, expressions, node.schema.map((field) => field.name));
}

/** Whether Flink can merge what the call holds of two sessions. */
const isMerged = ({ function: name }: LogicalAggregateCall): boolean =>
  /^(COUNT|SUM|\$SUM0|AVG|MIN|MAX|STDDEV.*|VAR.*|LISTAGG|ARRAY_AGG|COLLECT)$/.test(name);

/** The input of the Aggregate, or of its Expand, over the columns below the window function. */
interface Unwound {
  readonly source: WindowFunction;
  readonly expressions: readonly Expression[];
  readonly conditions: readonly Expression[];
}

function overFunction(node: Aggregate, columns: WindowColumns): LogicalNode | undefined {
  const unwound = unwind(node.input.kind === 'expand' ? node.input.input : node.input);
  if (unwound === undefined) return undefined;
  const { source, expressions, conditions } = unwound;
  const bounds = [columns.start, columns.end, columns.time];
  const width = source.input.schema.length;
  const isOutside = (one: Expression): boolean => [...columnsIn(one)].some((i) => i >= width);
  if (conditions.some(isOutside)) return undefined;
  if (expressions.some((one, i) => !bounds.includes(i) && isOutside(one))) return undefined;
  const used = node.calls.flatMap((call) => [...call.arguments, call.filter ?? -1]);
  if (used.some((index) => bounds.includes(index))) return undefined;
  return foldFunction(node, columns, unwound);
}

function unwind(node: LogicalNode): Unwound | undefined {
  switch (node.kind) {
    case 'window-function': {
      const expressions = node.schema.map((field, i): Expression => column(i, field.type));
      return { source: node, expressions, conditions: [] };
    }
    case 'filter': {
      const below = unwind(node.input);
      return below === undefined ? undefined : {
        ...below, conditions: [...below.conditions, inline(node.condition, below.expressions)],
      };
    }
    case 'project': {
      const below = unwind(node.input);
      return below === undefined || node.expressions.some(hasOver) ? undefined
        : { ...below, expressions: node.expressions.map((one) => inline(one, below.expressions)) };
    }
    default:
      return undefined;
  }
}

const hasOver = (one: Expression): boolean => contains(one, (part) => part.kind === 'over');

function foldFunction(node: Aggregate, columns: WindowColumns, unwound: Unwound): LogicalNode {
  const { source } = unwound;
  const bounds = [columns.start, columns.end, columns.time];
  const kept = node.input.schema.flatMap((_, i) => (bounds.includes(i) ? [] : [i]));
  const place = (index: number): number => kept.indexOf(index);
  const input = withoutWindow(node.input, kept, unwound);
  if (input === undefined) return node;
  const grouping = plainKeys(node, columns);
  const result = windowAggregate(input, {
    grouping: grouping.map(place), window: source.window, timeColumn: kept.length,
    startColumn: null, endColumn: null, properties: properties(node, columns),
    timeType: columns.timeType,
    calls: node.calls.map((call) => ({
      ...call, arguments: call.arguments.map(place),
      filter: call.filter === null ? null : place(call.filter),
    })),
  });
  return inOrder(node, columns, grouping, result);
}

/** The columns kept of the Aggregate's input, then the time of its rows. */
function withoutWindow(
  node: LogicalNode, kept: readonly number[], { source, expressions, conditions }: Unwound,
): LogicalNode | undefined {
  const timeField = source.input.schema[source.timeColumn];
  if (timeField === undefined) return undefined;
  const condition = conjunction(conditions);
  const below = condition === null ? source.input : filter(source.input, condition);
  const values = kept.filter((i) => i < expressions.length);
  const input = project(below,
    [...values.flatMap((i) => expressions[i] ?? []), column(source.timeColumn, timeField.type)],
    [...values.map((i) => node.schema[i]?.name ?? `$f${i}`), timeField.name]);
  if (node.kind !== 'expand') return input;
  const moved = expressions.map((one, i): Expression => column(values.indexOf(i), one.type));
  const time = column(values.length, timeField.type);
  return expand(input,
    node.projects.map((set) => [...kept.flatMap((i) => inlined(set[i], moved)), time]),
    [...kept.flatMap((i) => node.schema[i] ?? []), timeField]);
}

const inlined = (one: Expression | undefined, by: readonly Expression[]): readonly Expression[] =>
  (one === undefined ? [] : [inline(one, by)]);

/** The columns of the window aggregation in the order of the Aggregate that it replaces. */
function inOrder(
  node: Aggregate, columns: WindowColumns, grouping: readonly number[], result: LogicalNode,
): LogicalNode {
  const first = grouping.length + node.calls.length;
  const bounds = [columns.start, columns.end, columns.time];
  const keys = node.grouping.map((key) =>
    bounds.includes(key) ? first + bounds.indexOf(key) : grouping.indexOf(key));
  const calls = node.calls.map((_, i) => grouping.length + i);
  const expressions = [...keys, ...calls].map((index): Expression =>
    column(index, result.schema[index]?.type ?? node.schema[0]!.type));
  return project(result, expressions, node.schema.map((field) => field.name));
}
