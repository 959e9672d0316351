/**
 * Joins of FROM: comma, CROSS, ON, USING and NATURAL. Columns of USING and NATURAL join keep
 * their places in the plan; only the scope knows that their name alone means both.
 */
import { fail } from '../../errors/index.js';
import type { Identifier } from '../../sql/ast/node.js';
import type { JoinTable } from '../../sql/ast/table.js';
import { join, padded, withStateTtl } from '../logical/build.js';
import { typesEqual } from '../../types/data-type.js';
import { columnTypesOf, type Expression, TRUE } from '../logical/expression.js';
import { placed, type JoinType } from '../logical/node.js';
import { type ClauseRules, ExpressionBinder } from './expression-binder.js';
import { bindFrom } from './from.js';
import { isLateral, lateralJoin, leftDeep } from './lateral.js';
import { lookupJoin } from './lookup-join.js';
import type { Relation } from './relation.js';
import { hintedTtl } from './query-hints.js';
import { findName, type MergedColumn, type Scope, type ScopeRelation } from './scope.js';
import { bindCondition } from './select.js';
import { placeIn, type BindSession } from './session.js';
import { SubQueries } from './sub-query.js';
import { joinInOn, withoutJoined } from './sub-query-join.js';
import { bindAsOf, splitAsOf } from './temporal-join.js';

const onRules = (): ClauseRules =>
  ({ clause: 'ON', aggregates: false, over: false, subQueries: new SubQueries() });

export function bindJoin(session: BindSession, written: JoinTable): Relation {
  const syntax = leftDeep(written);
  const left = bindFrom(session, syntax.left);
  const { table, time } = splitAsOf(syntax.right);
  const right = bindFrom(isLateral(table)
    ? { ...session, outer: { scope: left.scope, outer: session.outer } } : session, table);
  const asOf = time === undefined ? undefined : bindAsOf(session, time, left, right.node);
  refuseSameName(left.scope, right.scope, syntax);
  const width = left.node.schema.length;
  const type = syntax.type === 'cross' || syntax.type === 'comma' ? 'inner' : syntax.type;
  const scope = sideBySide(left.scope, right.scope, width);
  const binder = new ExpressionBinder(session, scope, onRules());
  const shared = sharedColumns(syntax, left.scope, right.scope);
  const pairs = shared.map((name) => pairOf(name, left.scope, right.scope, width));
  const equalities = pairs.map(([a, b]) => binder.call('=', [a, b], syntax.position));
  const condition = syntax.condition !== undefined ? bindCondition(binder, syntax.condition)
    : equalities.length > 1 ? binder.call('AND', equalities, syntax.position)
      : equalities[0] ?? TRUE;
  const isBare = syntax.condition === undefined && syntax.using.length === 0;
  if (isBare && type === syntax.type && !syntax.natural) {
    const word = type === 'inner' ? 'JOIN' : `${type.toUpperCase()} JOIN`;
    fail('MR2016', { detail: `${word} needs ON or USING` },
      { position: syntax.position, hint: 'write CROSS JOIN for all pairs' });
  }
  const { position } = syntax;
  const on = joinInOn(binder, right.node, condition, width);
  const sides = { left: left.node, joinType: type, position, ...on };
  const wide = asOf === undefined ? lateralJoin(sides)
    : asOf.attribute === 'proctime' ? lookupJoin({ ...sides, zone: binder.zone })
      : join(left.node, on.right, type, on.condition, asOf);
  const hinted = wide.kind !== 'join' ? wide
    : withStateTtl(wide, hintedTtl(session.hints ?? [], [left.scope, right.scope]));
  const there = placed(hinted, placeIn(session, position));
  const node = withoutJoined(there, width + right.node.schema.length);
  const merged = shared.map((one, i) => mergedColumn(one.name, pairs[i]!, type, binder, syntax));
  return { node, scope: outputScope(scope, merged, type, width) };
}

function refuseSameName(left: Scope, right: Scope, syntax: JoinTable): void {
  const names = new Set(left.relations.map((one) => one.name.at(-1)));
  const same = right.relations.find((one) => one.name.length > 0 && names.has(one.name.at(-1)));
  if (same === undefined) return;
  fail('MR2015', { name: same.name.at(-1) ?? '' }, { position: syntax.right.position });
}

function sideBySide(left: Scope, right: Scope, width: number): Scope {
  const moved = right.relations.map((one) => ({ ...one, offset: one.offset + width }));
  return {
    relations: [...left.relations, ...moved],
    merged: [...left.merged ?? [], ...(right.merged ?? []).map((one) => shifted(one, width))],
  };
}

function shifted(merged: MergedColumn, width: number): MergedColumn {
  return {
    name: merged.name, hides: merged.hides.map((index) => index + width),
    expression: columnTypesOf(merged.expression, (index, type) => ({ index: index + width, type })),
  };
}

/** NATURAL: the names that both sides have, in the left side's order. */
function sharedColumns(
  syntax: JoinTable, left: Scope, right: Scope,
): readonly Identifier[] {
  if (!syntax.natural) return syntax.using;
  const names = (scope: Scope): readonly string[] =>
    [...new Set(scope.relations.flatMap((one) => one.fields.map((field) => field.name)))];
  const others = new Set(names(right));
  return names(left).filter((name) => others.has(name)).map((name): Identifier =>
    ({ kind: 'identifier', name, quoted: true, position: syntax.position }));
}

/** The column of each side that a name of USING means. */
function pairOf(
  name: Identifier, left: Scope, right: Scope, width: number,
): readonly [Expression, Expression] {
  const [a, b] = [left, right].map((scope) => firstColumn(scope, name));
  if (a === undefined || b === undefined) {
    return fail('MR2002', { name: name.name, suggestion: undefined },
      { position: name.position, detail: 'USING names columns that both sides have' });
  }
  return [a, columnTypesOf(b, (index, type) => ({ index: index + width, type }))];
}

/** The first column of the name, as in Flink: a side may have several. */
function firstColumn(scope: Scope, name: Identifier): Expression | undefined {
  const owner = scope.relations.find((one) =>
    one.fields.some((field) => field.name === name.name));
  return owner === undefined ? undefined : findName({ relations: [owner] }, [name]);
}

/** The value of the side that is always there, or of the first that is. */
function mergedColumn(
  name: string, pair: readonly [Expression, Expression], type: JoinType,
  binder: ExpressionBinder, syntax: JoinTable,
): MergedColumn {
  const [left, right] = pair;
  const own = pair.flatMap((one) => (one.kind === 'column' ? [one.index] : []));
  const earlier = (binder.scope.merged ?? []).filter((one) => one.name === name &&
    one.hides.some((index) => own.includes(index)));
  const hides = [...new Set([...own, ...earlier.flatMap((one) => one.hides)])];
  if (type === 'inner') return { name, expression: surer(left, right), hides };
  if (type === 'left') return { name, expression: left, hides };
  if (type === 'right') return { name, expression: right, hides };
  const sides = pair.map((one) => columnTypesOf(one, (index, own) =>
    ({ index, type: { ...own, nullable: true } })));
  return { name, expression: binder.call('COALESCE', sides, syntax.position), hides };
}

/** Equal values: of two columns of one type that which cannot be NULL. */
function surer(left: Expression, right: Expression): Expression {
  const isSame = typesEqual(left.type, { ...right.type, nullable: left.type.nullable }, true);
  return isSame && !right.type.nullable ? right : left;
}

/** Columns beside rows without a partner may be NULL. */
function outputScope(
  scope: Scope, merged: readonly MergedColumn[], type: JoinType, width: number,
): Scope {
  const isPadded = (index: number): boolean =>
    type === 'full' || (index < width ? type === 'right' : type === 'left');
  const relations = scope.relations.map((one): ScopeRelation =>
    ({ ...one, fields: padded(one.fields, isPadded(one.offset)) }));
  const hidden = new Set(merged.flatMap((one) => one.hides));
  const all = [...merged, ...(scope.merged ?? [])
    .filter((one) => !one.hides.some((index) => hidden.has(index)))];
  return {
    relations,
    merged: all.map((one) => ({
      ...one,
      expression: columnTypesOf(one.expression, (index, columnType) => ({
        index,
        type: isPadded(index) ? { ...columnType, nullable: true } : columnType,
      })),
    })),
  };
}
