/** Which engine runs which node of a plan, and why: settled before it starts. */
import { sourceConnectors } from '../connectors/factory.js';
import { kernelNames } from '../expr/registry.js';
import { loadNative, nativeStatus } from '../native/load.js';
import { operatorKinds, sinkConnectors } from '../operators/factory.js';
import { encodePlan } from '../plan/physical/encode.js';
import {
  chooseEngines, type CapabilityTable, type EngineCapabilities, type EngineChoice,
  type NodeEngine,
} from '../plan/physical/islands.js';
import type { PhysicalPlan } from '../plan/physical/plan.js';
import { makeFallbackPipeline } from './fallback/fallback-pipeline.js';
import { makeNativePipeline } from './native/native-pipeline.js';
import type { EngineName, Pipeline, PipelineOptions } from './pipeline.js';
import { checkChunksFit } from './state-chunks.js';

export type { EngineChoice, NodeEngine };

/** Run by the pipelines themselves. */
const PIPELINE_KINDS = ['source', 'values', 'sink', 'exchange'];
/** Handed over by the pipelines themselves, not by a row of a factory. */
const TYPESCRIPT_SOURCES = ['external', 'values'];
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
    fallback: capabilities(operatorKinds, kernelNames(), sourceConnectors, sinkConnectors),
  };
}

/** One engine for the whole plan: native where it runs every node. */
export function decideEngine(plan: PhysicalPlan, choice: EngineChoice): EngineName {
  if (choice === 'auto') loadNative();
  const engines = chooseEngines(plan, choice, capabilityTable());
  return engines.every((one) => one.engine === 'native') ? 'native' : 'fallback';
}

export function makePipeline(
  engine: EngineName, plan: PhysicalPlan, options: PipelineOptions,
): Pipeline {
  checkChunksFit(plan, options.restore ?? []);
  const binding = engine === 'native' ? loadNative() : null;
  if (binding === null) return makeFallbackPipeline(plan, options);
  const outputTypes: (readonly PhysicalPlan['nodes'][number]['schema'][number]['type'][])[] = [];
  for (const node of plan.nodes) {
    if (node.kind !== 'sink' || node.options['output'] === undefined) continue;
    outputTypes[Number(node.options['output'])] = node.schema.map((field) => field.type);
  }
  return makeNativePipeline(binding, { encoded: encodePlan(plan), outputTypes }, options);
}
