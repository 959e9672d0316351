/**
 * From logical nodes to physical operators: projections and filters become one Calc, exchanges
 * go before keyed operators, Top-N becomes what its input allows. Inputs first.
 */
import { fail } from '../../errors/index.js';
import { physicalFields } from '../../catalog/fields.js';
import { pathText } from '../../catalog/table.js';
import { column, type Expression } from '../logical/expression.js';
import type {
  Aggregate, Filter, LogicalNode, Project, Scan, Sort, Union, Values, Watermark, WindowAggregate,
  WindowFunction,
} from '../logical/node.js';
import { checkDirection, splitOptions } from './connector.js';
import { convertRank, convertSortLimit, convertUpdatingLimit } from './convert-rank.js';
import { convertSink } from './convert-sink.js';
import type { ConvertContext } from './context.js';
import { exchangeBefore } from './exchange.js';
import type { AggregateCall, WindowSpec } from './plan.js';
import { APPEND, isInsertOnly, type Rel, type Traits } from './rel.js';
import { aggregateTraits, calcTraits, sourceTraits, unionTraits } from './traits.js';
import { attachedWindow, timeWindow } from './window-spec.js';

export function convert(node: LogicalNode, context: ConvertContext): Rel {
  switch (node.kind) {
    case 'scan':
      return convertScan(node);
    case 'values':
      return convertValues(node);
    case 'project':
    case 'filter':
      return convertCalc(node, context);
    case 'watermark':
      return convertWatermark(node, convert(node.input, context));
    case 'window-function':
      return convertWindowFunction(node, convert(node.input, context), context);
    case 'aggregate':
      return convertAggregate(node, convert(node.input, context));
    case 'window-aggregate':
      return convertWindowAggregate(node, convert(node.input, context), context);
    case 'union':
      return convertUnion(node, node.inputs.map((input) => convert(input, context)));
    case 'rank':
      return convertRank(node, convert(node.input, context), context);
    case 'sort':
      return convertSort(node, convert(node.input, context));
    case 'sink':
      return convertSink(node, convert(node.input, context));
    case 'over':
      return fail('MR2100', { feature: 'OVER other than a Top-N (a filter on ROW_NUMBER)' });
  }
}

function convertScan(node: Scan): Rel {
  const parts = splitOptions(node.options);
  const { connector, options, format } = parts;
  checkDirection(pathText(node.table.path), parts, 'source');
  refuseMetadata(node);
  return {
    op: {
      kind: 'source', connector, options, format, table: node.table, columns: node.columns,
      tableSchema: physicalFields(node.table),
    },
    inputs: [], schema: node.schema,
    traits: changingSource(sourceTraits(node.schema.length), node),
  };
}

/** No source gives metadata yet; a table may declare it as long as nobody reads it. */
function refuseMetadata(node: Scan): void {
  const read = node.table.columns.find((one) => one.kind === 'metadata' &&
    node.columns.some((column) => column.path[0] === one.name));
  if (read !== undefined) fail('MR2100', { feature: `metadata column ${read.name}` });
}

/** `changelog-mode` of a table of TypeScript rows: which kinds it may hold beside inserts. */
function changingSource(traits: Traits, node: Scan): Traits {
  const kinds = (node.options['changelog-mode'] ?? 'I').split(',').map((kind) => kind.trim());
  const updates = kinds.includes('UA');
  if (updates !== kinds.includes('UB')) {
    fail('MR2100', { feature: 'upsert sources (updates without the old row)' });
  }
  if (!updates && !kinds.includes('D')) return traits;
  return {
    ...APPEND, updates, deletes: kinds.includes('D'), upsertKeys: primaryKeyOf(node),
  };
}

function primaryKeyOf(node: Scan): readonly (readonly number[])[] {
  const { primaryKey } = node.table;
  const key = primaryKey.map((name) =>
    node.columns.findIndex((one) => one.path.length === 1 && one.path[0] === name));
  return key.length === 0 || key.includes(-1) ? [] : [key.sort((a, b) => a - b)];
}

function convertValues(node: Values): Rel {
  return {
    op: { kind: 'values', rows: node.rows }, inputs: [], schema: node.schema,
    traits: sourceTraits(node.schema.length),
  };
}

/** Project over Filter becomes one Calc; optimization has merged longer chains. */
function convertCalc(node: Project | Filter, context: ConvertContext): Rel {
  const filter = node.kind === 'filter' ? node : node.input.kind === 'filter' ? node.input : null;
  const below = filter === null ? node.input : filter.input;
  const input = convert(below, context);
  const projections: readonly Expression[] = node.kind === 'project' ? node.expressions
    : below.schema.map((field, i) => column(i, field.type));
  return {
    op: { kind: 'calc', projections, condition: filter?.condition ?? null }, inputs: [input],
    schema: node.schema, traits: calcTraits(input.traits, projections),
  };
}

function convertWatermark(node: Watermark, input: Rel): Rel {
  return {
    op: { kind: 'watermark-assigner', rowtime: node.rowtime, watermark: node.expression },
    inputs: [input], schema: node.schema, traits: input.traits,
  };
}

function convertWindowFunction(
  node: WindowFunction, input: Rel, context: ConvertContext,
): Rel {
  requireInsertOnly(input, 'window table function');
  const window = timeWindow(node.window, node.timeColumn, input.schema, context.zone);
  return {
    op: { kind: 'window-table-function', window }, inputs: [input], schema: node.schema,
    traits: { ...APPEND, upsertKeys: input.traits.upsertKeys },
  };
}

/** Flink's window functions take no updates, except under a window aggregation. */
function requireInsertOnly(input: Rel, what: string): void {
  if (!isInsertOnly(input.traits)) fail('MR2100', { feature: `${what} over updating rows` });
}

function convertAggregate(node: Aggregate, below: Rel): Rel {
  const input = exchangeBefore(below, node.grouping);
  const traits = aggregateTraits(input.traits, node.grouping, node.calls);
  return {
    op: {
      kind: 'group-aggregate', grouping: node.grouping, calls: node.calls,
      aggregates: boundCalls(node, input.traits, traits),
    },
    inputs: [input], schema: node.schema, traits,
  };
}

/** MAX of a column that only grows need not take rows back, as in Flink. */
function boundCalls(
  node: Aggregate | WindowAggregate, input: Traits, output: Traits | null,
): readonly AggregateCall[] {
  const updating = !isInsertOnly(input);
  return node.calls.map((call, i): AggregateCall => {
    const moves = output?.monotonicity[node.grouping.length + i];
    const monotone = (call.function === 'MAX' && moves === 'increasing') ||
      (call.function === 'MIN' && moves === 'decreasing');
    return {
      function: call.function, arguments: call.arguments, filter: call.filter,
      distinct: call.distinct, retract: updating && !monotone, type: call.type,
      ...(call.options === undefined ? {} : { options: call.options }),
    };
  });
}

function convertWindowAggregate(
  node: WindowAggregate, below: Rel, context: ConvertContext,
): Rel {
  const input = exchangeBefore(below, node.grouping);
  const window: WindowSpec = node.timeColumn === null
    ? attachedWindow(node.window, node.startColumn, node.endColumn, node.timeType, context.zone)
    : timeWindow(node.window, node.timeColumn, input.schema, context.zone);
  return {
    op: {
      kind: 'window-aggregate', grouping: node.grouping, calls: node.calls, window,
      properties: node.properties, aggregates: boundCalls(node, input.traits, null),
    },
    inputs: [input], schema: node.schema, traits: APPEND,
  };
}

function convertUnion(node: Union, inputs: readonly Rel[]): Rel {
  return {
    op: { kind: 'union' }, inputs, schema: node.schema,
    traits: unionTraits(inputs.map((input) => input.traits)),
  };
}

function convertSort(node: Sort, below: Rel): Rel {
  if (node.orderBy.length > 0) return convertSortLimit(node, below);
  if (node.count === null) fail('MR2100', { feature: 'OFFSET without LIMIT' });
  const input = exchangeBefore(below, []);
  if (!isInsertOnly(input.traits)) {
    return convertUpdatingLimit({ ...node, count: node.count }, input);
  }
  return {
    op: { kind: 'limit', offset: node.offset, count: node.count }, inputs: [input],
    schema: node.schema, traits: { ...APPEND, upsertKeys: input.traits.upsertKeys },
  };
}

