/**
 * From a source or sink node to what runs it: one line a connector. `external` is the
 * pipeline's own. native/operators/factory.cpp is the same table of the native engine.
 */
import { fail } from '../errors/index.js';
import type { MakeOperator } from '../operators/factory.js';
import { withConstraints } from '../operators/constrained-sink.js';
import type { Operator, OperatorContext } from '../operators/operator.js';
import { makeSinkBlackhole, makeSinkCollect } from '../operators/sink-collect.js';
import {
  INSERT_ONLY, type LookupSource, type SinkNode, type SourceNode, type ValuesNode,
} from '../plan/physical/plan.js';
import type { RowField } from '../types/data-type.js';
import { makeDatagenSource } from './datagen/source.js';
import { makeFilesystemSink } from './filesystem/sink.js';
import { makeFilesystemSource } from './filesystem/source.js';
import { makeNexmarkSource } from './nexmark/source.js';
import { integerOption } from './options.js';
import { LimitedSource } from './limited-source.js';
import type { Source, SourceContext, SourceFactory } from './source.js';
import { makeValues } from './values.js';

const SOURCES: Readonly<Record<string, SourceFactory>> = {
  datagen: makeDatagenSource,
  filesystem: makeFilesystemSource,
  nexmark: makeNexmarkSource,
};

/** As many key groups as there may be. */
const MOST_SUBTASKS = 32_768;

/** A table that is looked up is read whole, however small the batches of the stream are. */
const TABLE_BATCH_ROWS = 4096;

const SINKS: Readonly<Record<string, MakeOperator<SinkNode>>> = {
  blackhole: makeSinkBlackhole,
  collect: makeSinkCollect,
  filesystem: makeFilesystemSink,
};

/** The names of the two tables. */
export const sourceConnectors: readonly string[] = Object.keys(SOURCES);
export const sinkConnectors: readonly string[] = Object.keys(SINKS);

/** The source of a `source` or `values` node; throws MR2104 where this engine has none. */
export function makeSource(node: SourceNode | ValuesNode, context: SourceContext): Source {
  if (node.kind === 'values') return makeValues(node, context);
  const make = SOURCES[node.connector];
  if (make === undefined) {
    fail('MR2104', { engine: 'fallback', feature: `source connector ${node.connector}` });
  }
  const parallelism = scanParallelism(node.options, context);
  if (node.limit === undefined) return make(node, { ...context, parallelism });
  const batchRows = Math.max(1, Math.min(context.batchRows, node.limit));
  return new LimitedSource(make(node, { ...context, parallelism, batchRows }), node.limit);
}

/** How many of the job's subtasks read; the others, of a higher number, end at once. */
function scanParallelism(
  options: SourceNode['options'], { parallelism }: SourceContext,
): number {
  return Math.min(
    parallelism, integerOption(options, 'scan.parallelism', parallelism, 1, MOST_SUBTASKS));
}

/** All rows of a table that is looked up, whoever reads it. */
export function openTable(
  table: LookupSource, context: Omit<SourceContext, 'subtask' | 'parallelism'>,
): Source {
  const place = {
    id: 0, inputs: [], changelog: INSERT_ONLY, description: table.table, semanticId: '',
  };
  const node: SourceNode | ValuesNode = table.rows === undefined
    ? { ...table, ...place, kind: 'source' }
    : { ...place, kind: 'values', schema: table.schema, rows: table.rows };
  const batchRows = Math.max(context.batchRows, TABLE_BATCH_ROWS);
  return makeSource(node, { ...context, batchRows, subtask: 0, parallelism: 1 });
}

/**
 * The operator of a sink. What it emits goes to the pipeline's output `options.output` where the
 * plan gives one, and is dropped otherwise.
 */
export function makeSink(
  node: SinkNode, inputSchemas: readonly (readonly RowField[])[], context: OperatorContext,
): Operator {
  const make = SINKS[node.connector];
  if (make === undefined) {
    fail('MR2104', { engine: 'fallback', feature: `sink connector ${node.connector}` });
  }
  return withConstraints(make(node, inputSchemas, context), node);
}
