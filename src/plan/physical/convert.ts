/**
 * From logical nodes to physical operators: projections and filters become one Calc, exchanges
 * go before keyed operators, Top-N becomes what its input allows. Inputs first.
 */
import { fail } from '../../errors/index.js';
import { parseDurationMs } from '../duration.js';
import { column, type Expression } from '../logical/expression.js';
import {
  atPlaceOf, type Filter, type LogicalNode, type Project, type Sort, type Union, type Values,
  type Watermark, type WindowAggregate, type WindowFunction,
} from '../logical/node.js';
import { withBounds } from './column-bounds.js';
import { boundCalls, canMerge, convertAggregate } from './convert-aggregate.js';
import { convertChangelogFunction } from './convert-changelog-function.js';
import { convertCorrelate } from './convert-correlate.js';
import { convertJoin } from './convert-join.js';
import { convertMatch } from './convert-match.js';
import { convertOverAggregate } from './convert-over.js';
import { convertRank, convertSortLimit, convertUpdatingLimit } from './convert-rank.js';
import { convertSink } from './convert-sink.js';
import { convertScan } from './convert-source.js';
import type { ConvertContext } from './context.js';
import { exchangeBefore } from './exchange.js';
import { limited } from './limit-sources.js';
import { filterIntoNormalize, isNormalize, watermarkBelowNormalize } from './normalize.js';
import type { DataType, RowField } from '../../types/data-type.js';
import type { AggregateCall, WindowSpec } from './plan.js';
import { APPEND, isInsertOnly, type Rel, type WatermarkOp } from './rel.js';
import { calcTraits, expandTraits, sourceTraits, unionTraits } from './traits.js';
import { attachedWindow, timeWindow } from './window-spec.js';

export function convert(node: LogicalNode, context: ConvertContext): Rel {
  return atPlaceOf(node, () => converted(node, context));
}

function converted(node: LogicalNode, context: ConvertContext): Rel {
  switch (node.kind) {
    case 'scan':
      return convertScan(node, context);
    case 'values':
      return convertValues(node);
    case 'project':
    case 'filter':
      return convertCalc(node, context);
    case 'watermark':
      return convertWatermark(node, convert(node.input, context), context);
    case 'window-function':
      return convertWindowFunction(node, convert(node.input, context), context);
    case 'aggregate':
      return convertAggregate(node, convert(node.input, context), context);
    case 'window-aggregate':
      return convertWindowAggregate(node, convert(node.input, context), context);
    case 'union':
      return convertUnion(node, node.inputs.map((input) => convert(input, context)));
    case 'rank':
      return convertRank(node, convert(node.input, context), context);
    case 'join':
      return convertJoin(node, convert(node.left, context), convert(node.right, context), context);
    case 'sort':
      return convertSort(node, convert(node.input, context));
    case 'sink':
      return convertSink(node, convert(node.input, context), context);
    case 'changelog-function':
      return convertChangelogFunction(node, convert(node.input, context));
    case 'expand': {
      const input = convert(node.input, context);
      return {
        op: { kind: 'expand', projects: node.projects }, inputs: [input], schema: node.schema,
        traits: expandTraits(input.traits, node.schema.length),
      };
    }
    case 'match':
      return convertMatch(node, convert(node.input, context));
    case 'correlate':
      return convertCorrelate(node, convert(node.input, context), context);
    case 'over-aggregate':
      return convertOverAggregate(node, convert(node.input, context));
    case 'over':
      return fail('MR9001', { detail: 'an Over that is neither Top-N nor aggregation' });
  }
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
  const projections: readonly Expression[] = node.kind === 'project' ? node.expressions
    : below.schema.map((field, i) => column(i, field.type));
  let input = convert(below, context);
  let condition = filter?.condition ?? null;
  const taken = condition !== null && isNormalize(input)
    ? filterIntoNormalize(input, condition) : null;
  if (taken === null && condition !== null && context.pushesFilters) {
    input = withBounds(input, condition);
  }
  if (taken !== null) {
    input = taken;
    condition = null;
    if (node.kind === 'filter') return { ...input, schema: node.schema };
  }
  return {
    op: { kind: 'calc', projections, condition }, inputs: [input],
    schema: node.schema, traits: calcTraits(input.traits, projections),
  };
}

function convertWatermark(node: Watermark, input: Rel, context: ConvertContext): Rel {
  const op: WatermarkOp = {
    kind: 'watermark-assigner', rowtime: node.rowtime, watermark: node.expression,
    idleTimeoutMs: idleTimeoutMs(input, context),
  };
  if (isNormalize(input)) return watermarkBelowNormalize(input, op, node.schema);
  return { op, inputs: [input], schema: node.schema, traits: input.traits };
}

/** As an option of the table says, else as the session does. */
function idleTimeoutMs({ op, inputs: [input] }: Rel, context: ConvertContext): number {
  if (input !== undefined) return idleTimeoutMs(input, context);
  const own = op.kind === 'source' ? op.options['scan.watermark.idle-timeout'] : undefined;
  return Math.floor((own === undefined ? undefined : parseDurationMs(own))
    ?? context.idleTimeoutMs);
}

function convertWindowFunction(
  node: WindowFunction, input: Rel, context: ConvertContext,
): Rel {
  const window = timeWindow(node.window, node.timeColumn, input.schema, context.zone);
  if (node.window.kind === 'session') return sessionWindow(node, input, window);
  requireInsertOnly(input, 'window table function');
  return {
    op: { kind: 'window-table-function', window }, inputs: [input], schema: node.schema,
    traits: { ...APPEND, upsertKeys: input.traits.upsertKeys },
  };
}

/** Rows come out with their kind when their window has closed. */
function sessionWindow(node: WindowFunction, below: Rel, window: WindowSpec): Rel {
  const input = exchangeBefore(below, node.partition);
  const { updates, deletes } = input.traits;
  return {
    op: { kind: 'session-window', partition: node.partition, window }, inputs: [input],
    schema: node.schema, traits: { ...APPEND, updates, deletes },
  };
}

/** Flink's window functions take no updates, except under a window aggregation. */
function requireInsertOnly(input: Rel, what: string): void {
  if (!isInsertOnly(input.traits)) fail('MR2100', { feature: `${what} over updating rows` });
}

/** Floating sums show in which order they were added. */
function showsPhases(calls: readonly AggregateCall[], input: readonly RowField[]): boolean {
  const isFloating = ({ root }: DataType): boolean => root === 'FLOAT' || root === 'DOUBLE';
  return calls.some((call) => /^(STDDEV|VAR)/.test(call.function) ||
    (/^(SUM|AVG|\$SUM0)$/.test(call.function) &&
      call.arguments.some((column) => isFloating(input[column]!.type))));
}

function convertWindowAggregate(
  node: WindowAggregate, below: Rel, context: ConvertContext,
): Rel {
  const input = exchangeBefore(below, node.grouping);
  const window: WindowSpec = node.timeColumn === null
    ? attachedWindow(node.window, node.startColumn, node.endColumn, node.timeType, context.zone)
    : timeWindow(node.window, node.timeColumn, input.schema, context.zone);
  const aggregates = boundCalls(node, input.traits, null);
  const areTwoPhases = context.phases.areTwo && window.proctime === undefined &&
    window.kind !== 'session' && aggregates.every(canMerge);
  return {
    op: {
      kind: 'window-aggregate', grouping: node.grouping, calls: node.calls, window,
      properties: node.properties, aggregates, areTwoPhases,
      localPhase: areTwoPhases && showsPhases(aggregates, below.schema),
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
    op: { kind: 'limit', offset: node.offset, count: node.count },
    inputs: [limited(input, node.offset + node.count)],
    schema: node.schema, traits: { ...APPEND, upsertKeys: input.traits.upsertKeys },
  };
}

