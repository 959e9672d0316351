/**
 * Sub-queries in conditions and values, as joins: EXISTS and IN become semi joins, their negations
 * anti joins, a scalar sub-query a left join with its one row. Conditions about the outer query
 * move from the sub-query's filters into the join's condition (correlate.ts).
 */
import { fail } from '../../errors/index.js';
import type { Expression as Syntax } from '../../sql/ast/expression.js';
import type { Position } from '../../sql/ast/node.js';
import type { Query } from '../../sql/ast/query.js';
import { BOOLEAN, INT, notNull, withNullable } from '../../types/data-type.js';
import { aggregate, filter, join, project } from '../logical/build.js';
import {
  call, column, conjunction, conjuncts, constant, type Expression, TRUE,
} from '../logical/expression.js';
import type { JoinType, LogicalNode } from '../logical/node.js';
import { type Correlated, decorrelated, outerToLeft } from './correlate.js';
import type { ExpressionBinder } from './expression-binder.js';
import { bindQuery } from './query.js';
import { orZero } from './sub-query-value.js';

/** The plan below a clause; scalar sub-queries put their columns behind those of the scope. */
export class SubQueryInput {
  constructor(public node: LogicalNode) {}
}

/** Sub-query predicates among the ANDed parts of a condition; the others are left. */
export interface PartedCondition {
  readonly predicates: readonly SubQueryPredicate[];
  readonly rest: readonly Syntax[];
}

interface SubQueryPredicate {
  readonly syntax: Extract<Syntax, { kind: 'in-query' | 'exists' }>;
  readonly negated: boolean;
}

export function partCondition(condition: Syntax): PartedCondition {
  const predicates: SubQueryPredicate[] = [];
  const rest: Syntax[] = [];
  const visit = (syntax: Syntax, negated: boolean): void => {
    if (syntax.kind === 'unary-operation' && syntax.operator === 'not') {
      visit(syntax.operand, !negated);
    } else if (syntax.kind === 'binary-operation' &&
      syntax.operator === (negated ? 'or' : 'and')) {
      visit(syntax.left, negated);
      visit(syntax.right, negated);
    } else {
      const predicate = predicateOf(syntax, negated);
      if (predicate !== undefined) predicates.push(predicate);
      else rest.push(negated ? negation(syntax) : syntax);
    }
  };
  visit(condition, false);
  return { predicates, rest };
}

const negation = (operand: Syntax): Syntax =>
  ({ kind: 'unary-operation', operator: 'not', operand, position: operand.position });

function predicateOf(syntax: Syntax, negated: boolean): SubQueryPredicate | undefined {
  if (syntax.kind === 'exists') return { syntax, negated };
  return syntax.kind === 'in-query' ? { syntax, negated: negated !== syntax.negated } : undefined;
}

/** The rows of the input for which the predicate holds. */
export function joinPredicate(binder: ExpressionBinder, predicate: SubQueryPredicate): void {
  const { input } = binder.rules;
  const { syntax, negated } = predicate;
  if (input === undefined) return binder.unsupported('sub-query here', syntax.position);
  const operands = syntax.kind === 'in-query' ? operandsOf(binder, syntax.operand) : [];
  const left = input.node;
  const inner = bindInner(binder, syntax.query);
  const type: JoinType = negated ? 'anti' : 'semi';
  const on = outerToLeft(inner.conditions, left.schema.length);
  if (syntax.kind === 'exists') {
    if (inner.isAlwaysThere) {
      if (negated) input.node = filter(left, constant(false, notNull(BOOLEAN)));
      return;
    }
    const isPlain = inner.conditions.length === 0;
    const right = isPlain ? atMostOneRow(inner.node) : inner.node;
    input.node = join(left, right, type, conjunction(on) ?? TRUE);
    return;
  }
  if (inner.isAggregated && (negated || inner.zeroColumns.length > 0)) {
    binder.unsupported('IN over a correlated aggregation', syntax.position);
  }
  const found = inner.node.schema.slice(0, inner.width);
  if (found.length !== operands.length) {
    const detail = `IN of ${operands.length} and ${found.length} columns`;
    fail('MR2013', { detail }, { position: syntax.position });
  }
  const matches = operands.map((operand, i) => {
    const value = column(left.schema.length + i, found[i]?.type ?? operand.type);
    const equal = binder.call('=', [operand, value], syntax.position);
    return negated ? orNull(operand, value, equal) : equal;
  });
  const condition = conjunction([...matches.flatMap(conjuncts), ...on]) ?? TRUE;
  input.node = join(left, inner.node, type, condition);
}

/** (a, b) IN (query) has two. */
function operandsOf(binder: ExpressionBinder, operand: Syntax): readonly Expression[] {
  return operand.kind === 'row-constructor' ? binder.bindAll(operand.fields)
    : [binder.bind(operand)];
}

/** NOT IN: a NULL on either side may be the one that is looked for. */
function orNull(operand: Expression, value: Expression, equal: Expression): Expression {
  const nulls = [operand, value].filter((one) => one.type.nullable)
    .map((one) => call({
      kernel: 'is_null', name: 'IS NULL', arguments: [one], type: notNull(BOOLEAN),
    }));
  return nulls.length === 0 ? equal
    : call({ kernel: 'or', name: 'OR', arguments: [...nulls, equal], type: BOOLEAN });
}

function bindInner(
  binder: ExpressionBinder, query: Query,
): Correlated & { readonly width: number } {
  const { session, scope } = binder;
  const { node } = bindQuery({ ...session, outer: { scope, outer: session.outer } }, query);
  return { ...decorrelated(node, query.position), width: node.schema.length };
}

/**
 * EXISTS without a condition about the outer query: one row if there is any. MIN never changes
 * once it has a value, so the row stays as more rows come.
 */
function atMostOneRow(node: LogicalNode): LogicalNode {
  const mark = project(node, [constant(1, notNull(INT))], ['i']);
  const least = aggregate(mark, [], [{
    function: 'MIN', name: 'm', arguments: [0], filter: null, distinct: false,
    type: withNullable(INT, true),
  }]);
  const there = call({
    kernel: 'is_not_null', name: 'IS NOT NULL', arguments: [column(0, INT)],
    type: notNull(BOOLEAN),
  });
  return filter(least, there);
}

/** The value of a sub-query that gives one row, as a new column of the clause's input. */
export function bindScalarQuery(
  binder: ExpressionBinder, query: Query, position: Position,
): Expression {
  const { input } = binder.rules;
  if (input === undefined) {
    return binder.unsupported(`scalar sub-query in ${binder.rules.clause}`, position);
  }
  const left = input.node;
  const inner = bindInner(binder, query);
  const field = inner.node.schema[0];
  if (field === undefined || inner.width !== 1) {
    const detail = `scalar sub-query of ${inner.width} columns`;
    return fail('MR2013', { detail }, { position });
  }
  if (!inner.isOneRow) {
    return binder.unsupported('scalar sub-query that may give several rows', position);
  }
  const width = left.schema.length;
  const on = outerToLeft(inner.conditions, width);
  input.node = join(left, inner.node, 'left', conjunction(on) ?? TRUE);
  const value = column(width, withNullable(field.type, true));
  return inner.zeroColumns.includes(0) && on.length > 0 ? orZero(value) : value;
}

/** The columns of the scope again, without those of scalar sub-queries. */
export function withoutSubQueryColumns(node: LogicalNode, width: number): LogicalNode {
  if (node.schema.length === width) return node;
  const kept = node.schema.slice(0, width);
  return project(node, kept.map((field, i) => column(i, field.type)),
    kept.map((field) => field.name));
}
