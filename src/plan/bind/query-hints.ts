/**
 * Hints of a SELECT. Those that choose how a batch join runs mean nothing to a stream: as in
 * Flink they are checked and then left alone. STATE_TTL('a' = '1d', ...) says how long the joins of
 * the SELECT, or its grouping, keep the rows of the tables it names.
 */
import { fail } from '../../errors/index.js';
import type { Hint } from '../../sql/ast/index.js';
import { parseDurationMs } from '../duration.js';
import { checkLookupHint } from './lookup-hint.js';
import type { StateTtl } from '../logical/node.js';
import type { Scope, ScopeRelation } from './scope.js';

const BATCH_JOIN_HINTS: ReadonlySet<string> =
  new Set(['BROADCAST', 'SHUFFLE_HASH', 'SHUFFLE_MERGE', 'NEST_LOOP']);

const STATE_TTL = 'STATE_TTL';
const LOOKUP = 'LOOKUP';

/** Hints of Flink that would change a plan or its state. */
const UNSUPPORTED_HINTS: ReadonlySet<string> = new Set(['MULTI_JOIN']);

export function checkQueryHints(hints: readonly Hint[], scope: Scope): void {
  for (const hint of hints) {
    const name = hint.name.toUpperCase();
    if (name === STATE_TTL) checkStateTtl(hint, scope);
    else if (name === LOOKUP) checkTables({ ...hint, values: [checkLookupHint(hint)] }, scope);
    else if (BATCH_JOIN_HINTS.has(name)) checkTables(hint, scope);
    else refuse(hint, name);
  }
}

function checkStateTtl({ name, options, values, position }: Hint, scope: Scope): void {
  if (options.length === 0 || values.length > 0) {
    fail('MR2006', { call: `hint ${name}`, signatures: "'table' = 'duration'" }, { position });
  }
  for (const { key, value } of options) {
    if (parseDurationMs(value) === undefined) {
      fail('MR2007', { detail: `duration of hint ${name}: ${value}` }, { position });
    }
    if (!scope.relations.some((relation) => isNamed(relation, key))) {
      fail('MR2014', { object: `table of hint ${name}`, name: key }, { position });
    }
  }
}

/** Of several hints the first, of several durations of a table the last. */
function stateTtlOf(hints: readonly Hint[], scope: Scope): string | null {
  const hint = hints.find((one) => one.name.toUpperCase() === STATE_TTL);
  const [relation, another] = scope.relations;
  if (hint === undefined || relation === undefined || another !== undefined) return null;
  return hint.options.findLast(({ key }) => isNamed(relation, key))?.value ?? null;
}

/** How long each input is kept; only an input that is one table has a name. Absent: no hint. */
export function hintedTtl(
  hints: readonly Hint[], inputs: readonly Scope[],
): { readonly stateTtl?: StateTtl } {
  const stateTtl = inputs.map((input) => stateTtlOf(hints, input));
  return stateTtl.every((one) => one === null) ? {} : { stateTtl };
}

function isNamed({ name }: ScopeRelation, written: string): boolean {
  const own = name.join('.');
  return own === written || own.endsWith(`.${written}`);
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
  for (const value of values) {
    const isKnown = scope.relations.some((relation) => isNamed(relation, value));
    if (!isKnown) fail('MR2014', { object: `table of hint ${name}`, name: value }, { position });
  }
}
