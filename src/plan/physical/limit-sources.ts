/**
 * LIMIT down to the sources: behind operators that pass each row on, no more rows need be read.
 * Not where rows change: a row that is read may be taken back by one that is not.
 */
import { isInsertOnly, type Rel } from './rel.js';

/** Sources that read by themselves; rows of TypeScript are offered. */
const READERS: ReadonlySet<string> = new Set(['datagen', 'filesystem', 'nexmark']);

/** The input of a Limit that takes `count` rows. */
export function limited(rel: Rel, count: number): Rel {
  const { op } = rel;
  switch (op.kind) {
    case 'source':
      return READERS.has(op.connector) && isInsertOnly(rel.traits)
        ? { ...rel, op: { ...op, limit: count } } : rel;
    case 'calc':
      return op.condition === null ? over(rel, count) : rel;
    case 'exchange':
    case 'watermark-assigner':
    case 'union':
      return over(rel, count);
    default:
      return rel;
  }
}

const over = (rel: Rel, count: number): Rel =>
  ({ ...rel, inputs: rel.inputs.map((input) => limited(input, count)) });
