/**
 * Function calls: scalar functions, aggregates, and ROW_NUMBER() OVER (...).
 */
import { fail } from '../../errors/index.js';
import type { FunctionCall } from '../../sql/ast/call.js';
import { withTimeAttribute, type DataType } from '../../types/data-type.js';
import type { AggregateExpression, Expression } from '../logical/expression.js';
import { isAggregate, resolveAggregate } from './aggregates.js';
import { coerce } from './cast.js';
import { bindNullIf } from './conditional.js';
import { argumentOf, type ExpressionBinder } from './expression-binder.js';
import { percentileParts } from './percentile.js';
import { bindJsonString, refuseJson } from './json.js';
import { bindGroupingCall, isGroupingName } from './grouping-call.js';
import { bindGroupWindow, isGroupWindow } from './group-window.js';
import {
  bindMatchCall, checkMatchAggregate, isMatchFunction, matchAggregate,
} from './match-call.js';
import { bindOver } from './over.js';
import { rewriteOf } from './rewritten-call.js';
import { findName } from './scope.js';
import type { ResolvedAggregate } from './signature.js';
import { bindUserCall } from './user-call.js';

/** Ranking functions Flink has beside ROW_NUMBER, and functions that exist only with OVER. */
const OVER_ONLY = new Set([
  'RANK', 'DENSE_RANK', 'PERCENT_RANK', 'CUME_DIST', 'NTILE', 'LAG', 'LEAD', 'ROW_NUMBER',
]);

export function bindCall(binder: ExpressionBinder, syntax: FunctionCall): Expression {
  const named = syntax.parentheses ? undefined : findName(binder.scope, syntax.name.parts);
  if (named !== undefined) return named;
  const name = functionName(syntax);
  if (syntax.over !== undefined) return bindOver(binder, syntax, syntax.over, name);
  const { match } = binder.rules;
  if (match !== undefined && isMatchFunction(name)) {
    return bindMatchCall(binder, syntax, name, match);
  }
  if (isGroupingName(name)) return bindGroupingCall(binder, syntax, name);
  if (isGroupWindow(name)) return bindGroupWindow(binder, syntax, name);
  if (OVER_ONLY.has(name)) {
    fail('MR2006', { call: `${name}() without OVER`, signatures: `${name}() OVER (...)` },
      { position: syntax.position });
  }
  if (!isAggregate(name)) return bindScalar(binder, syntax, name);
  const bound = bindAggregate(binder, syntax, name);
  return match === undefined ? bound : matchAggregate(binder, bound, syntax.position);
}

function functionName(syntax: FunctionCall): string {
  return syntax.name.parts.map((part) => part.name).join('.').toUpperCase();
}

function bindScalar(binder: ExpressionBinder, syntax: FunctionCall, name: string): Expression {
  refuseClauses(syntax, name);
  // A function that does not exist is the first thing to tell of COUNTT(*).
  if (isStarCall(syntax)) binder.call(name, [], syntax.position, name);
  const [operand, ...others] = syntax.arguments;
  if (name === 'JSON') refuseJson(syntax.position);
  if (name === 'JSON_STRING' && operand !== undefined && others.length === 0) {
    return bindJsonString(binder, operand, syntax.position);
  }
  const args = binder.bindAll(syntax.arguments);
  const own = bindUserCall(binder, name, args, syntax.position);
  if (own !== undefined) return own;
  const rewrite = rewriteOf(name);
  if (rewrite !== undefined) return rewrite(binder, args, syntax.position);
  if (name === 'NULLIF') {
    const bound = bindNullIf(binder, args, syntax.position);
    if (bound !== undefined && args.length === 2) return bound;
  }
  const written = syntax.name.parts.map((part) => part.name).join('.');
  const bound = binder.call(written, args, syntax.position, name);
  if (name !== 'PROCTIME' || bound.kind !== 'call') return bound;
  return { ...bound, type: { ...bound.type, timeAttribute: 'proctime' } };
}

/** Clauses that only aggregates take. */
function refuseClauses(syntax: FunctionCall, name: string): void {
  const clause = aggregateClause(syntax) ?? (syntax.quantifier === undefined
    ? undefined : syntax.quantifier.toUpperCase());
  if (clause !== undefined) {
    fail('MR2006', { call: `${name} with ${clause}`, signatures: undefined },
      { position: syntax.position, detail: `${name} is no aggregate function` });
  }
}

function aggregateClause(syntax: FunctionCall): string | undefined {
  if (syntax.filter !== undefined) return 'FILTER';
  if (syntax.withinGroup !== undefined) return 'WITHIN GROUP';
  if (syntax.orderBy !== undefined) return 'ORDER BY';
  return syntax.nullTreatment === undefined ? undefined : syntax.nullTreatment;
}

function bindAggregate(
  binder: ExpressionBinder, syntax: FunctionCall, name: string,
): AggregateExpression {
  const { position } = syntax;
  if (!binder.rules.aggregates) {
    fail('MR2022', { detail: `aggregate function in ${binder.rules.clause}: ${name}` },
      { position });
  }
  refuseAggregateClauses(binder, syntax, name);
  const inner = withinArguments(binder, name);
  if (name === 'COUNT' && syntax.arguments.length === 0) {
    fail('MR2006', { call: 'COUNT()', signatures: 'COUNT(*) or COUNT(value)' }, { position });
  }
  const written = isStarCall(syntax) ? [] : inner.bindAll(syntax.arguments);
  const percentile = name === 'PERCENTILE' ? percentileParts(inner, written, position) : null;
  const args = percentile?.arguments ?? written;
  const filter = syntax.filter === undefined ? null : inner.bind(syntax.filter);
  const distinct = syntax.quantifier === 'distinct';
  const { match } = binder.rules;
  if (match !== undefined) {
    checkMatchAggregate(args, match, name, position);
    if (distinct || filter !== null) {
      fail('MR2022', { detail: `DISTINCT or FILTER of ${name} in MATCH_RECOGNIZE` }, { position });
    }
  }
  const site = { distinct, grouped: binder.rules.grouped ?? true, filtered: filter !== null };
  const resolved = resolveAggregate(name, args.map(argumentOf), site, { position });
  return Object.freeze({
    kind: 'aggregate', function: resolved.function, distinct,
    arguments: args.map((arg, i) => coerce(arg, resolved.parameterTypes[i] ?? arg.type,
      binder.zone)),
    filter, type: percentile?.type ?? markedType(resolved, args[0]),
    ...(percentile === null ? aggregateOptions(resolved, syntax) : { options: percentile.options }),
  });
}

/** The binder of an aggregate's arguments. */
export function withinArguments(binder: ExpressionBinder, name: string): ExpressionBinder {
  const { subQueries } = binder.rules;
  return binder.within({
    clause: `the arguments of ${name}`, aggregates: false, over: false,
    ...(subQueries === undefined ? {} : { subQueries }),
  });
}

/** What a call needs to know beside its arguments; ARRAY_AGG takes NULLs unless told not to. */
export function aggregateOptions(
  resolved: ResolvedAggregate, syntax: FunctionCall,
): Pick<AggregateExpression, 'options'> {
  if (resolved.function === 'ARRAY_AGG') {
    return { options: { nulls: syntax.nullTreatment === 'ignore-nulls' ? 'ignored' : 'kept' } };
  }
  return resolved.options === undefined ? {} : { options: resolved.options };
}

/** The largest of a time attribute is shown as one, though it is none any more. */
function markedType(resolved: ResolvedAggregate, argument: Expression | undefined): DataType {
  const { function: name, resultType } = resolved;
  const mark = argument?.type.timeAttribute;
  return mark === undefined || (name !== 'MAX' && name !== 'MIN')
    ? resultType : withTimeAttribute(resultType, mark);
}

function isStarCall(syntax: FunctionCall): boolean {
  return syntax.arguments.length === 1 && syntax.arguments[0]?.kind === 'star';
}

function refuseAggregateClauses(
  binder: ExpressionBinder, syntax: FunctionCall, name: string,
): void {
  const refuse = (clause: string, present: unknown): void => {
    if (present !== undefined) binder.unsupported(`${clause} in ${name}`, syntax.position);
  };
  refuse('WITHIN GROUP', syntax.withinGroup);
  refuse('ORDER BY', syntax.orderBy);
  refuse('SEPARATOR', syntax.separator);
  refuse('WITHIN DISTINCT', syntax.withinDistinct);
  if (name !== 'ARRAY_AGG') refuse('IGNORE NULLS and RESPECT NULLS', syntax.nullTreatment);
}

