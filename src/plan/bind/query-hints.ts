/**
 * Hints of a SELECT. Those that choose how a batch join runs mean nothing to a stream: as in
 * Flink they are checked and then left alone.
 */
import { fail } from '../../errors/index.js';
import type { Hint } from '../../sql/ast/index.js';
import type { Scope } from './scope.js';

const BATCH_JOIN_HINTS: ReadonlySet<string> =
  new Set(['BROADCAST', 'SHUFFLE_HASH', 'SHUFFLE_MERGE', 'NEST_LOOP']);

/** Hints of Flink that would change a plan or its state. */
const UNSUPPORTED_HINTS: ReadonlySet<string> = new Set(['LOOKUP', 'STATE_TTL', 'MULTI_JOIN']);

export function checkQueryHints(hints: readonly Hint[], scope: Scope): void {
  for (const hint of hints) {
    const name = hint.name.toUpperCase();
    if (BATCH_JOIN_HINTS.has(name)) checkTables(hint, scope);
    else refuse(hint, name);
  }
}

function refuse({ name, position }: Hint, upper: string): never {
  if (UNSUPPORTED_HINTS.has(upper)) fail('MR2100', { feature: `hint ${name}` }, { position });
  return fail('MR2014', { object: 'hint', name }, { position });
}

/** Each must name a table of a join, by its alias where it has one. */
function checkTables({ name, values, position }: Hint, scope: Scope): void {
  if (values.length === 0) {
    fail('MR2006', { call: `hint ${name}`, signatures: 'names of tables' }, { position });
  }
  if (scope.relations.length < 2) return;
  const known = scope.relations.map((relation) => relation.name.join('.'));
  for (const value of values) {
    const isKnown = known.some((one) => one === value || one.endsWith(`.${value}`));
    if (!isKnown) fail('MR2014', { object: `table of hint ${name}`, name: value }, { position });
  }
}
