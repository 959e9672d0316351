/** Engines for the nodes of a plan, drawn at random, and pipelines that run them. */
import { loadNative } from '../../src/native/load.js';
import type { Engine, NodeEngine } from '../../src/plan/physical/islands.js';
import type { PhysicalPlan } from '../../src/plan/physical/plan.js';
import { makePipeline } from '../../src/runtime/engine.js';
import type { Pipeline, PipelineOptions } from '../../src/runtime/pipeline.js';

/** mulberry32 */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Some of the nodes on each engine; two nodes or more make a mixture. */
function mixedEngines(plan: PhysicalPlan, seed: number): readonly NodeEngine[] {
  if (loadNative() === null) throw new Error('the native engine is not built');
  const random = randomFrom(seed);
  const engines = plan.nodes.map((): Engine => (random() < 0.5 ? 'native' : 'fallback'));
  if (engines.every((engine) => engine === engines[0])) {
    const odd = Math.floor(random() * engines.length);
    engines[odd] = engines[0] === 'native' ? 'fallback' : 'native';
  }
  return plan.nodes.map((node, i) => ({ node: node.id, engine: engines[i]!, reason: 'drawn' }));
}

/** A pipeline of both engines; anything else is an error. */
export function makeMixed(
  plan: PhysicalPlan, seed: number, options: PipelineOptions,
): Pipeline {
  const pipeline = makePipeline(plan, mixedEngines(plan, seed), options);
  if (pipeline.engine !== 'mixed') throw new Error(`asked for a mixture, got ${pipeline.engine}`);
  return pipeline;
}
