/** Which engine runs which node of a plan, and why: settled before it starts. */
import { sinkConnectors, sourceConnectors } from '../connectors/factory.js';
import { kernelNames } from '../expr/registry.js';
import { USER_KERNEL } from '../expr/user-functions.js';
import { loadNative, nativeStatus } from '../native/load.js';
import { operatorKinds } from '../operators/factory.js';
import { encodePlan } from '../plan/physical/encode.js';
import {
  callsKernel, chooseEngines, type CapabilityTable, type EngineCapabilities, type EngineChoice,
  type NodeEngine,
} from '../plan/physical/islands.js';
import type { PhysicalPlan } from '../plan/physical/plan.js';
import type { DataType } from '../types/data-type.js';
import { makeFallbackPipeline } from './fallback/fallback-pipeline.js';
import { subtasksOf } from './fallback/graph.js';
import { makeThreadedPipeline } from './fallback/threads/threaded-pipeline.js';
import { MOST_WORKERS, workerFile } from './fallback/threads/workers.js';
import { cutPlan } from './islands/cut.js';
import { makeMixedPipeline } from './islands/mixed-pipeline.js';
import { makeNativePipeline } from './native/native-pipeline.js';
import type { EngineName, EnginePipeline, Pipeline, PipelineOptions } from './pipeline.js';
import { checkChunksFit } from './state-chunks.js';

export type { EngineChoice, NodeEngine };

/** Run by the pipelines themselves. */
const PIPELINE_KINDS = ['source', 'values', 'sink', 'exchange'];
/** Handed over by the pipelines themselves, not by a row of a factory. */
const TYPESCRIPT_SOURCES = ['external', 'values'];
/** Read at once: the others are read in turns, and a lookup cannot wait. */
const TYPESCRIPT_LOOKUPS: ReadonlySet<string> = new Set(['json', 'csv']);
const TYPESCRIPT_SINKS = ['collect', 'print', 'values'];

function capabilities(
  operators: readonly string[], kernels: readonly string[], sources: readonly string[],
  sinks: readonly string[],
): EngineCapabilities {
  return {
    operators: new Set([...operators, ...PIPELINE_KINDS]),
    kernels: new Set(kernels),
    sources: new Set([...sources, ...TYPESCRIPT_SOURCES]),
    sinks: new Set([...sinks, ...TYPESCRIPT_SINKS]),
  };
}

/** What each engine can run in this process. Loads the addon. */
export function capabilityTable(): CapabilityTable {
  const status = nativeStatus();
  return {
    native: status.binding === null
      ? { missing: status.reason }
      : capabilities(status.binding.operatorKinds, status.binding.kernelNames,
        status.binding.sourceConnectors, status.binding.sinkConnectors),
    fallback: {
      ...capabilities(
        operatorKinds, [...kernelNames(), USER_KERNEL], sourceConnectors, sinkConnectors),
      lookupFormats: TYPESCRIPT_LOOKUPS,
    },
  };
}

/** The engine of each node, for a plan that is to run now. */
export function decideEngines(
  plan: PhysicalPlan, choice: EngineChoice, wishes?: ReadonlySet<string>,
): readonly NodeEngine[] {
  if (choice === 'auto') loadNative();
  return chooseEngines(plan, choice, capabilityTable(), wishes);
}

/** The pipeline of a plan: of one engine where every node has the same, else of both. */
export function makePipeline(
  plan: PhysicalPlan, engines: readonly NodeEngine[], options: PipelineOptions,
): Pipeline {
  checkChunksFit(plan, options.restore ?? []);
  const [first] = engines;
  if (first === undefined || engines.every((one) => one.engine === first.engine)) {
    return makeEnginePipeline(first?.engine ?? 'fallback', plan, options);
  }
  const cut = cutPlan(plan, engines, options.parallelism);
  return makeMixedPipeline(plan, cut, options, makeEnginePipeline);
}

function makeEnginePipeline(
  engine: EngineName, plan: PhysicalPlan, options: PipelineOptions,
): EnginePipeline {
  const binding = engine === 'native' ? loadNative() : null;
  if (binding === null) return makeFallback(plan, options);
  const outputTypes = outputTypesOf(plan);
  return makeNativePipeline(binding, { encoded: encodePlan(plan), outputTypes }, options);
}

/**
 * In workers where that is asked for and there are as many subtasks as may have one; virtual
 * clocks, seeded merges and functions of the user need one thread.
 */
function makeFallback(plan: PhysicalPlan, options: PipelineOptions): EnginePipeline {
  const { parallelism, workerThreads, clockMs, mergeSeed } = options;
  const isWanted = workerThreads === true && parallelism > 1 && parallelism <= MOST_WORKERS &&
    clockMs === undefined && mergeSeed === undefined && !callsKernel(plan, USER_KERNEL) &&
    [...subtasksOf(plan, parallelism).values()].some((subtasks) => subtasks > 1);
  const file = isWanted ? workerFile() : null;
  return file === null ? makeFallbackPipeline(plan, options)
    : makeThreadedPipeline(plan, options, file);
}

/** Column types by number of output port; a border has a port for each of its lanes. */
function outputTypesOf(plan: PhysicalPlan): readonly (readonly DataType[])[] {
  const types: (readonly DataType[])[] = [];
  for (const node of plan.nodes) {
    if (node.kind !== 'sink' || node.options['output'] === undefined) continue;
    const first = Number(node.options['output']);
    const ports = Number(node.options['lanes'] ?? 1);
    types.length = Math.max(types.length, first + ports);
    types.fill(node.schema.map((field) => field.type), first, first + ports);
  }
  return types;
}
