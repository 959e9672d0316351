/**
 * Temporal joins: each left row meets the version of the right side that holds at its time. After
 * Flink's StreamPhysicalTemporalJoin and TemporalJoinRewriteWithUniqueKeyRule.
 */
import { fail } from '../../errors/index.js';
import { BOOLEAN, notNull } from '../../types/data-type.js';
import {
  call, column, conjunction, conjuncts, type Expression, TRUE,
} from '../logical/expression.js';
import type { AsOf, Join } from '../logical/node.js';
import { joinedKeys, splitCondition } from './convert-join.js';
import { exchangeBefore } from './exchange.js';
import type { Rel, TemporalJoinOp } from './rel.js';

export function convertTemporalJoin(node: Join, asOf: AsOf, left: Rel, right: Rel): Rel {
  const { keys, rest } = splitCondition(node, conjuncts(node.condition));
  if (keys.length === 0) {
    fail('MR2100', { feature: 'temporal join without an equality in its ON' });
  }
  const leftKeys = keys.map((key) => key.left);
  const rightKeys = keys.map((key) => key.right);
  const key = versionKey(right, rightKeys);
  const { joinType } = node;
  if (asOf.attribute === 'proctime') fail('MR2100', { feature: 'processing-time temporal join' });
  if (asOf.right === null) {
    fail('MR2016', { detail: 'the versioned table of a temporal join has no row time' });
  }
  if (joinType !== 'inner' && joinType !== 'left') {
    fail('MR2100', { feature: `${joinType.toUpperCase()} temporal join` });
  }
  const op: TemporalJoinOp = {
    kind: 'temporal-join', joinType, leftKeys, rightKeys,
    // as in Flink: NULL keys meet
    filterNulls: keys.map(() => false),
    condition: conjunction(rest),
    where: conjunction([...conjuncts(node.condition),
      shownTimes(node, { leftKeys, rightKeys, key, left: asOf.left, right: asOf.right })]) ?? TRUE,
    leftTime: asOf.left, rightTime: asOf.right,
  };
  return {
    op, inputs: [exchangeBefore(left, leftKeys), exchangeBefore(right, rightKeys)],
    schema: node.schema,
    traits: { ...left.traits, monotonicity: [], upsertKeys: joinedKeys(op, left, right) },
  };
}

/** A key of the right side that the equalities name: it tells versions of one row from rows. */
function versionKey(right: Rel, rightKeys: readonly number[]): readonly number[] {
  const keys = right.traits.upsertKeys;
  const key = keys.find((one) => one.every((index) => rightKeys.includes(index)));
  if (key !== undefined) return key;
  const names = (keys[0] ?? []).map((index) => right.schema[index]?.name ?? '').join(', ');
  return fail('MR2016', {
    detail: keys.length === 0
      ? 'the versioned table of a temporal join has no primary key'
      : `a temporal join without an equality for the primary key (${names}) of its versions`,
  });
}

interface ShownTimes {
  readonly leftKeys: readonly number[];
  readonly rightKeys: readonly number[];
  readonly key: readonly number[];
  readonly left: number;
  readonly right: number;
}

/** What Flink's plans show of the times: nobody evaluates it. */
function shownTimes(node: Join, parts: ShownTimes): Expression {
  const width = node.left.schema.length;
  const columns = (indexes: readonly number[]): readonly Expression[] =>
    indexes.map((index) => column(index, node.schema[index]!.type));
  const named = (name: string, list: readonly Expression[]): Expression =>
    call({ kernel: 'and', name, arguments: list, type: notNull(BOOLEAN) });
  const ofRight = (indexes: readonly number[]): readonly Expression[] =>
    columns(indexes.map((index) => index + width));
  return named('__TEMPORAL_JOIN_CONDITION', [
    ...columns([parts.left]), ...ofRight([parts.right]),
    named('__TEMPORAL_JOIN_CONDITION_PRIMARY_KEY', ofRight(parts.key)),
    named('__TEMPORAL_JOIN_LEFT_KEY', columns(parts.leftKeys)),
    named('__TEMPORAL_JOIN_RIGHT_KEY', ofRight(parts.rightKeys)),
  ]);
}
