/**
 * Projection push-down: every node gives only the columns that are used above it. A sink uses all
 * of its input's, so nothing that a query puts out is pruned, whatever the sink does with it.
 */
import { INT, notNull } from '../../types/data-type.js';
import {
  aggregate, correlate, expand, filter, join, over, overAggregate, project, rank, sort, union,
  watermark, windowAggregate, windowFunction, withPhase, withStateTtl,
} from '../logical/build.js';
import { column, columnsIn, constant, type Expression, mapColumns } from '../logical/expression.js';
import type {
  Aggregate, Correlate, Expand, Filter, Join, LogicalAggregateCall, LogicalNode, Match, Over,
  OverAggregate, Project, Rank, Scan, Sort, Values, Watermark, WindowAggregate, WindowFunction,
} from '../logical/node.js';
import { placed, withInputs } from '../logical/node.js';
import { upsertKeyOf } from '../logical/upsert-key.js';
import type { SortKey } from '../physical/plan.js';

export function pruneColumns(node: LogicalNode): LogicalNode {
  return prune(node, node.schema.map((_, i) => i));
}

/** Sorted column numbers without repeats. */
type Columns = readonly number[];

const sorted = (columns: Iterable<number>): Columns =>
  [...new Set(columns)].sort((a, b) => a - b);

/** The node with exactly these columns, in their order. */
function prune(node: LogicalNode, needed: Columns): LogicalNode {
  const result = pruned(node, needed);
  if (result.kind !== 'project' || node.kind === 'project') return placed(result, node.position);
  return withInputs(result, [placed(result.input, node.position)]);
}

function pruned(node: LogicalNode, needed: Columns): LogicalNode {
  switch (node.kind) {
    case 'scan':
      return pruneScan(node, needed);
    case 'values':
      return pruneValues(node, needed);
    case 'project':
      return pruneProject(node, needed);
    case 'filter':
      return pruneFilter(node, needed);
    case 'watermark':
      return pruneWatermark(node, needed);
    case 'window-function':
      return pruneWindowFunction(node, needed);
    case 'aggregate':
      return pruneAggregate(node, needed);
    case 'window-aggregate':
      return pruneWindowAggregate(node, needed);
    case 'over':
    case 'rank':
      return pruneRank(node, needed);
    case 'changelog-function':
      return only(withInputs(node, [pruneColumns(node.input)]), [...node.schema.keys()], needed);
    case 'expand':
      return pruneExpand(node, needed);
    case 'match':
      return only(pruneMatch(node), node.schema.map((_, i) => i), needed);
    case 'correlate':
      return pruneCorrelate(node, needed);
    case 'over-aggregate':
      return pruneOverAggregate(node, needed);
    case 'sort':
      return pruneSort(node, needed);
    case 'union':
      return union(node.inputs.map((input) => prune(input, needed)),
        needed.flatMap((i) => node.schema[i] ?? []));
    case 'join':
      return pruneJoin(node, needed);
    case 'sink':
      return withInputs(node, [pruneColumns(node.input)]);
  }
}

/** `available` are the old numbers of the node's columns; those not needed are projected away. */
function only(node: LogicalNode, available: Columns, needed: Columns): LogicalNode {
  if (available.length === needed.length) return node;
  const places = needed.map((one) => available.indexOf(one));
  return project(node, places.map((i): Expression => column(i, node.schema[i]!.type)),
    places.map((i) => node.schema[i]?.name ?? ''));
}

const remap = (kept: Columns) => (index: number): number => kept.indexOf(index);

/** A source has at least one column; the key of one that changes may be needed to follow rows. */
function pruneScan(node: Scan, needed: Columns): LogicalNode {
  const used = sorted([...needed, ...upsertKeyOf(node)]);
  const kept = used.length > 0 ? used : cheapest(node);
  const columns = kept.flatMap((i) => node.columns[i] ?? []);
  const schema = kept.flatMap((i) => node.schema[i] ?? []);
  return only(Object.freeze({ ...node, columns, schema }), kept, needed);
}

/** A column of fixed width costs less to read than others. */
function cheapest(node: Scan): Columns {
  const wide = new Set(['ROW', 'ARRAY', 'MAP', 'MULTISET', 'VARCHAR', 'VARBINARY', 'CHAR']);
  const found = node.schema.findIndex((field) => !wide.has(field.type.root));
  return [Math.max(0, found)];
}

function pruneValues(node: Values, needed: Columns): LogicalNode {
  const kept = needed.length > 0 ? needed : [0];
  const rows = node.rows.map((row) => kept.map((i) => row[i] ?? null));
  const schema = kept.flatMap((i) => node.schema[i] ?? []);
  return only(Object.freeze({ kind: 'values', rows, schema }), kept, needed);
}

/** A projection to nothing keeps a constant, as in Flink: its rows still count. */
function pruneProject(node: Project, needed: Columns): LogicalNode {
  const expressions = needed.flatMap((i) => node.expressions[i] ?? []);
  const used = sorted(expressions.flatMap((one) => [...columnsIn(one)]));
  const input = prune(node.input, used);
  if (needed.length === 0) return project(input, [constant(0, notNull(INT))], ['$f0']);
  return project(input, expressions.map((one) => mapColumns(one, remap(used))),
    needed.map((i) => node.schema[i]?.name ?? ''));
}

function pruneFilter(node: Filter, needed: Columns): LogicalNode {
  const kept = sorted([...needed, ...columnsIn(node.condition)]);
  const condition = mapColumns(node.condition, remap(kept));
  return only(filter(prune(node.input, kept), condition), kept, needed);
}

function pruneWatermark(node: Watermark, needed: Columns): LogicalNode {
  const kept = sorted([...needed, node.rowtime, ...columnsIn(node.expression)]);
  const expression = mapColumns(node.expression, remap(kept));
  return only(watermark(prune(node.input, kept), kept.indexOf(node.rowtime), expression),
    kept, needed);
}

/** The window's three columns are always there, behind the others. */
function pruneWindowFunction(node: WindowFunction, needed: Columns): LogicalNode {
  const width = node.input.schema.length;
  const kept = sorted([
    ...needed.filter((i) => i < width), node.timeColumn, ...node.partition,
  ]);
  const result = windowFunction(prune(node.input, kept), node.window,
    kept.indexOf(node.timeColumn), node.partition.map(remap(kept)));
  return only(result, [...kept, width, width + 1, width + 2], needed);
}

interface PrunedCalls {
  readonly calls: readonly LogicalAggregateCall[];
  /** Columns of the input. */
  readonly used: Columns;
  /** Old numbers of the output's grouping and call columns. */
  readonly available: Columns;
}

/** Calls that nobody uses go away, but an aggregation without keys keeps one. */
function pruneCalls(
  node: Aggregate | WindowAggregate, needed: Columns, more: Columns,
): PrunedCalls {
  const keyCount = node.grouping.length;
  const wanted = node.calls.flatMap((_, i) => (needed.includes(keyCount + i) ? [i] : []));
  const kept = wanted.length === 0 && keyCount === 0 ? [0] : wanted;
  const calls = kept.flatMap((i) => node.calls[i] ?? []);
  const arguments_ = calls.flatMap((one) =>
    (one.filter === null ? one.arguments : [...one.arguments, one.filter]));
  const used = sorted([...node.grouping, ...arguments_, ...more]);
  return {
    used, available: [...node.grouping.map((_, i) => i), ...kept.map((i) => keyCount + i)],
    calls: calls.map((one) => ({
      ...one, arguments: one.arguments.map(remap(used)),
      filter: one.filter === null ? null : used.indexOf(one.filter),
    })),
  };
}

/** A final aggregation stands right on the partial one. */
function pruneAggregate(node: Aggregate, needed: Columns): LogicalNode {
  const below = node.phase === 'FINAL' ? [...node.input.schema.keys()] : [];
  const { calls, used, available } = pruneCalls(node, needed, below);
  const result = aggregate(prune(node.input, used), node.grouping.map(remap(used)), calls);
  return only(withPhase(withStateTtl(result, node), node.phase), available, needed);
}

function pruneWindowAggregate(node: WindowAggregate, needed: Columns): LogicalNode {
  const times = [node.timeColumn, node.startColumn, node.endColumn];
  const more = times.filter((index) => index !== null);
  const { calls, used, available } = pruneCalls(node, needed, more);
  const at = (index: number | null): number | null => index === null ? null : used.indexOf(index);
  const result = windowAggregate(prune(node.input, used), {
    grouping: node.grouping.map(remap(used)), calls, window: node.window,
    timeColumn: at(node.timeColumn), startColumn: at(node.startColumn),
    endColumn: at(node.endColumn), properties: node.properties, timeType: node.timeType,
  });
  const first = node.grouping.length + node.calls.length;
  return only(result, [...available, ...node.properties.map((_, i) => first + i)], needed);
}

/** The key of updating rows stays: a Rank may follow its rows by it. */
function pruneRank(node: Over | Rank, needed: Columns): LogicalNode {
  const width = node.input.schema.length;
  const hasNumber = node.kind === 'over' || node.outputRankNumber;
  const isNumberUsed = hasNumber && (node.kind === 'over' || needed.includes(width));
  const used = sorted([
    ...needed.filter((i) => i < width), ...node.partition,
    ...node.orderBy.map((key) => key.column), ...upsertKeyOf(node.input),
  ]);
  const input = prune(node.input, used);
  const partition = node.partition.map(remap(used));
  const orderBy = sortKeys(node.orderBy, used);
  const result = node.kind === 'over' ? over(input, partition, orderBy) : rank(input, {
    partition, orderBy, start: node.start, end: node.end, outputRankNumber: isNumberUsed,
  });
  return only(result, isNumberUsed ? [...used, width] : used, needed);
}

/** Calls that nobody uses go away; one stays. */
function pruneOverAggregate(node: OverAggregate, needed: Columns): LogicalNode {
  const width = node.input.schema.length;
  const wanted = node.calls.flatMap((_, i) => (needed.includes(width + i) ? [i] : []));
  const kept = wanted.length > 0 ? wanted : [0];
  const calls = kept.flatMap((i) => node.calls[i] ?? []);
  const used = sorted([
    ...needed.filter((i) => i < width), ...node.partition,
    ...node.orderBy.map((key) => key.column), ...calls.flatMap((one) => one.arguments),
    ...upsertKeyOf(node.input),
  ]);
  const result = overAggregate(prune(node.input, used), {
    partition: node.partition.map(remap(used)), orderBy: sortKeys(node.orderBy, used),
    frame: node.frame,
    calls: calls.map((one) => ({ ...one, arguments: one.arguments.map(remap(used)) })),
  });
  return only(result, [...used, ...kept.map((i) => width + i)], needed);
}

/** Conditions and measures count in rows side by side. */
function pruneMatch(node: Match): LogicalNode {
  const width = node.input.schema.length;
  const expressions = [...node.measures, ...node.define.flatMap((one) => one ?? [])];
  const used = sorted([
    ...expressions.flatMap((one) => [...columnsIn(one)].map((index) => index % width)),
    ...node.partition, ...node.orderBy.map((key) => key.column),
  ]);
  const place = (index: number): number =>
    Math.floor(index / width) * used.length + used.indexOf(index % width);
  const moved = (one: Expression): Expression => mapColumns(one, place);
  return Object.freeze({
    ...node, input: prune(node.input, used), partition: node.partition.map(remap(used)),
    orderBy: sortKeys(node.orderBy, used), measures: node.measures.map(moved),
    define: node.define.map((one) => (one === null ? null : moved(one))),
  });
}

function pruneExpand(node: Expand, needed: Columns): LogicalNode {
  const projects = node.projects.map((one) => needed.flatMap((i) => one[i] ?? []));
  const used = sorted(projects.flat().flatMap((one) => [...columnsIn(one)]));
  return expand(prune(node.input, used),
    projects.map((one) => one.map((part) => mapColumns(part, remap(used)))),
    needed.flatMap((i) => node.schema[i] ?? []));
}

/** What the function makes of a row it makes together. */
function pruneCorrelate(node: Correlate, needed: Columns): LogicalNode {
  const width = node.input.schema.length;
  const judged = node.condition === null ? [] : [...columnsIn(node.condition)];
  const used = someOf(sorted([
    ...needed.filter((i) => i < width),
    ...node.conditionSeesInput === true ? judged.filter((i) => i < width) : [],
    ...node.call.arguments.flatMap((one) => [...columnsIn(one)]),
  ]));
  const args = node.call.arguments.map((one) => mapColumns(one, remap(used)));
  const ofFunction = node.conditionSeesInput === true
    ? judged.filter((i) => i >= width).map((i) => i - width) : judged;
  const { call, made } = prunedLookup(node,
    [...needed.map((i) => i - width), ...ofFunction]);
  const kept = node.conditionSeesInput === true
    ? [...used, ...made.map((i) => width + i)] : made;
  const result = correlate(prune(node.input, used), {
    ...node, call: { ...call, arguments: args },
    condition: node.condition === null ? null : mapColumns(node.condition, remap(kept)),
  });
  return only(result, [...used, ...made.map((i) => width + i)], needed);
}

/** Of a looked up table only the columns that are used are read. */
function prunedLookup({ call }: Correlate, needed: Columns): {
  readonly call: Correlate['call'];
  /** Old numbers of the columns it makes. */
  readonly made: Columns;
} {
  if (call.function !== 'lookup') return { call, made: call.fields.map((_, i) => i) };
  const { table, columns } = call.lookup;
  const made = sorted([...needed.filter((i) => i >= 0), ...columns]);
  const fields = made.flatMap((i) => table.schema[i] ?? []);
  const read = made.flatMap((i) => table.columns[i] ?? []);
  const lookup = {
    table: Object.freeze({ ...table, schema: fields, columns: read }),
    columns: columns.map(remap(made)),
  };
  return { call: { ...call, fields, lookup }, made };
}

function pruneSort(node: Sort, needed: Columns): LogicalNode {
  const used = sorted([...needed, ...node.orderBy.map((key) => key.column),
    ...upsertKeyOf(node.input)]);
  const orderBy = sortKeys(node.orderBy, used);
  const result = sort(prune(node.input, used), { ...node, orderBy });
  return only(result, used, needed);
}

/** A side of which nothing is used keeps a column: its rows still count. */
function pruneJoin(node: Join, needed: Columns): LogicalNode {
  const width = node.left.schema.length;
  const { asOf } = node;
  const times = asOf === undefined ? []
    : [asOf.left, ...(asOf.right === null ? [] : [width + asOf.right])];
  const used = sorted([...needed, ...columnsIn(node.condition), ...times]);
  const left = someOf(used.filter((index) => index < width));
  const right = someOf(used.filter((index) => index >= width).map((index) => index - width));
  const kept = [...left, ...right.map((index) => index + width)];
  const result = join(prune(node.left, left), prune(node.right, right), node.joinType,
    mapColumns(node.condition, remap(kept)), asOf === undefined ? undefined : {
      ...asOf, left: left.indexOf(asOf.left),
      right: asOf.right === null ? null : right.indexOf(asOf.right),
    });
  const isLeftOnly = node.joinType === 'semi' || node.joinType === 'anti';
  return only(withStateTtl(result, node), isLeftOnly ? left : kept, needed);
}

const someOf = (columns: Columns): Columns => (columns.length === 0 ? [0] : columns);

function sortKeys(keys: readonly SortKey[], kept: Columns): readonly SortKey[] {
  return keys.map((key) => ({ ...key, column: kept.indexOf(key.column) }));
}
