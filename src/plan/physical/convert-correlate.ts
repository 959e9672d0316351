/** Rows beside what a table function makes of them: every change is passed on with its kind. */
import type { Correlate } from '../logical/node.js';
import { APPEND, type Rel } from './rel.js';

/** Nothing names the rows: several may come of one. */
export function convertCorrelate(node: Correlate, input: Rel): Rel {
  const { joinType, call, condition } = node;
  const { updates, deletes } = input.traits;
  return {
    op: { kind: 'correlate', joinType, call, condition }, inputs: [input], schema: node.schema,
    traits: { ...APPEND, updates, deletes },
  };
}
