/**
 * From a source node to the source that runs it: one line a connector. `external` is the
 * pipeline's own. native/operators/factory.cpp is the same table of the native engine.
 */
import { fail } from '../errors/index.js';
import type { SourceNode, ValuesNode } from '../plan/physical/plan.js';
import { makeDatagenSource } from './datagen/source.js';
import { makeFilesystemSource } from './filesystem/source.js';
import { makeNexmarkSource } from './nexmark/source.js';
import type { Source, SourceContext, SourceFactory } from './source.js';
import { makeValues } from './values.js';

const SOURCES: Readonly<Record<string, SourceFactory>> = {
  datagen: makeDatagenSource,
  filesystem: makeFilesystemSource,
  nexmark: makeNexmarkSource,
};

/** The names of the table. */
export const sourceConnectors: readonly string[] = Object.keys(SOURCES);

/** The source of a `source` or `values` node; throws MR2104 where this engine has none. */
export function makeSource(node: SourceNode | ValuesNode, context: SourceContext): Source {
  if (node.kind === 'values') return makeValues(node, context);
  const make = SOURCES[node.connector];
  if (make === undefined) {
    fail('MR2104', { engine: 'fallback', feature: `source connector ${node.connector}` });
  }
  return make(node, context);
}
