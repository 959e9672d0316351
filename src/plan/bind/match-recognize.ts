/**
 * MATCH_RECOGNIZE: the clauses bound over the rows of the input side by side, one for each
 * variable of the pattern (see Match in src/plan/logical/node.ts).
 */
import { fail, type Position } from '../../errors/index.js';
import type { Expression as Syntax } from '../../sql/ast/expression.js';
import type { AfterMatch, MatchRecognizeTable } from '../../sql/ast/table.js';
import { BOOLEAN, type RowField } from '../../types/data-type.js';
import { column, type Expression } from '../logical/expression.js';
import { type Definition, matchTexts } from '../logical/match-text.js';
import type { LogicalNode, Match, PatternPart } from '../logical/node.js';
import type { SortKey } from '../physical/plan.js';
import { ANY_VARIABLE, type MatchSkip } from '../physical/match-plan.js';
import { constantValue } from './constant-value.js';
import { ExpressionBinder } from './expression-binder.js';
import { bindFrom } from './from.js';
import { bindPattern } from './match-pattern.js';
import { relation, type Relation } from './relation.js';
import { EMPTY_SCOPE, resolveName, type Scope, scopeOf } from './scope.js';
import type { BindSession } from './session.js';

export function bindMatchRecognize(session: BindSession, syntax: MatchRecognizeTable): Relation {
  const { node: input } = bindFrom(session, syntax.input);
  if (syntax.rowsPerMatch !== undefined && syntax.rowsPerMatch !== 'one') {
    fail('MR2100', { feature: 'ALL ROWS PER MATCH' }, { position: syntax.position });
  }
  const pattern = bindPattern(syntax.pattern);
  const partition = syntax.partitionBy.map((key) => columnOf(input, key, 'PARTITION BY'));
  const orderBy = bindOrder(input, syntax);
  const scope = sideBySide(input.schema, pattern);
  const definitions = bindDefine(session, syntax, scope, input.schema.length);
  const define = pattern.map((part) =>
    definitions.find((one) => one.name === part.name)?.condition ?? null);
  const { measures, fields } = bindMeasures(session, syntax, scope, input.schema.length);
  const schema = [...partition.map((index) => input.schema[index]!), ...fields];
  checkNames(schema, syntax.position);
  const parts: Omit<Match, 'shown'> = {
    kind: 'match', input, partition, orderBy, pattern, define, measures,
    skip: skipOf(syntax.afterMatch, pattern), withinMs: withinOf(session, syntax), schema,
  };
  return relation(Object.freeze({ ...parts, shown: matchTexts(parts, definitions, syntax) }));
}

/** The row without a variable, then one a variable. A bare name is a column of the first. */
function sideBySide(fields: readonly RowField[], pattern: readonly PatternPart[]): Scope {
  const width = fields.length;
  return {
    relations: pattern.map((part, i) => ({ name: [part.name], fields, offset: (i + 1) * width })),
    merged: fields.map((field, i) => ({
      name: field.name, expression: column(i, field.type),
      hides: pattern.map((_, variable) => (variable + 1) * width + i),
    })),
  };
}

function columnOf(input: LogicalNode, syntax: Syntax, clause: string): number {
  const bound = syntax.kind === 'name-reference'
    ? resolveName(scopeOf([], input.schema), syntax.parts, syntax.position) : undefined;
  if (bound?.kind === 'column') return bound.index;
  return fail('MR2100', { feature: `${clause} of MATCH_RECOGNIZE by other than columns` },
    { position: syntax.position });
}

/** The time first, and rising; checked where the operator is made. */
function bindOrder(input: LogicalNode, syntax: MatchRecognizeTable): readonly SortKey[] {
  return syntax.orderBy.map((item): SortKey => ({
    column: columnOf(input, item.expression, 'ORDER BY'), descending: item.descending,
    nullsFirst: item.nulls === undefined ? !item.descending : item.nulls === 'first',
  }));
}

/** Conditions of names that the pattern does not have are never asked, as in Flink. */
function bindDefine(
  session: BindSession, syntax: MatchRecognizeTable, scope: Scope, width: number,
): readonly Definition[] {
  const binder = new ExpressionBinder(session, scope, {
    clause: 'DEFINE', aggregates: true, over: false, grouped: false,
    match: { clause: 'define', width },
  });
  return syntax.define.map((one) => {
    const bound = binder.bind(one.condition);
    if (bound.type.root !== BOOLEAN.root) {
      fail('MR2007', { detail: `DEFINE of ${one.variable.name} is no condition` },
        { position: one.condition.position });
    }
    return { name: one.variable.name, condition: bound };
  });
}

function bindMeasures(
  session: BindSession, syntax: MatchRecognizeTable, scope: Scope, width: number,
): { readonly measures: readonly Expression[]; readonly fields: readonly RowField[] } {
  const binder = new ExpressionBinder(session, scope, {
    clause: 'MEASURES', aggregates: true, over: false, grouped: false,
    match: { clause: 'measures', width },
  });
  const measures = syntax.measures.map((one) => binder.bind(one.expression));
  const fields = measures.map((one, i) =>
    ({ name: syntax.measures[i]?.name.name ?? `EXPR$${i}`, type: one.type }));
  return { measures, fields };
}

function checkNames(schema: readonly RowField[], position: Position): void {
  const names = schema.map((field) => field.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) fail('MR2005', { name: twice }, { position });
  if (names.length === 0) {
    fail('MR2022', { detail: 'MATCH_RECOGNIZE without MEASURES' }, { position });
  }
}

function skipOf(after: AfterMatch | undefined, pattern: readonly PatternPart[]): MatchSkip {
  if (after?.variable === undefined) {
    const to = after?.skip === 'past-last-row' ? 'past-last-row' : 'next-row';
    return { to, variable: ANY_VARIABLE };
  }
  const { name } = after.variable;
  const variable = pattern.findIndex((part) => part.name === name);
  if (variable < 0) {
    fail('MR2022', { detail: `AFTER MATCH SKIP TO ${name}: no such pattern variable` },
      { position: after.variable.position });
  }
  return { to: after.skip === 'to-first' ? 'first' : 'last', variable };
}

function withinOf(session: BindSession, { within }: MatchRecognizeTable): number {
  if (within === undefined) return 0;
  const binder = new ExpressionBinder(session, EMPTY_SCOPE,
    { clause: 'WITHIN', aggregates: false, over: false });
  const bound = binder.bind(within);
  const value = constantValue(bound, binder.zone)?.value;
  if (bound.type.root !== 'INTERVAL_DAY_TIME' || value === undefined || value === null) {
    return binder.unsupported('WITHIN of other than a constant span of days to milliseconds',
      within.position);
  }
  return Math.max(0, Number(value));
}
