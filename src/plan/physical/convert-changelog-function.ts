/** TO_CHANGELOG and FROM_CHANGELOG as operators: which kinds of rows they take and give. */
import { fail } from '../../errors/index.js';
import type { ChangelogFunction } from '../logical/node.js';
import { APPEND, isInsertOnly, type Rel } from './rel.js';

export function convertChangelogFunction(node: ChangelogFunction, input: Rel): Rel {
  const { direction, codes, opColumn, schema } = node;
  const shownAs = { invocation: node.invocation, uid: node.uid };
  if (direction === 'to') {
    const byKind = [0, 1, 2, 3].map((kind) =>
      codes.find((one) => one.kind === kind)?.code ?? null);
    return {
      op: { kind: 'to-changelog', codes: byKind, shownAs }, inputs: [input], schema,
      traits: APPEND,
    };
  }
  if (!isInsertOnly(input.traits)) {
    fail('MR2007', { detail: 'FROM_CHANGELOG takes only inserts, its table is updated' });
  }
  return {
    op: {
      kind: 'from-changelog', opColumn, codes: codes.map((one) => one.code),
      kinds: codes.map((one) => one.kind), shownAs,
    },
    inputs: [input], schema, traits: { ...APPEND, updates: true, deletes: true },
  };
}
