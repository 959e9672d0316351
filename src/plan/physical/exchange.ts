/** Where rows must meet by key: an exchange before the operator that needs it. */
import type { Rel } from './rel.js';

/** hash by the keys; all rows to one subtask where there are none. */
export function exchangeBefore(input: Rel, keys: readonly number[]): Rel {
  return {
    op: { kind: 'exchange', distribution: keys.length === 0 ? 'single' : 'hash', keys },
    inputs: [input], schema: input.schema, traits: input.traits,
  };
}
