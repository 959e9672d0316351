/**
 * Sub-queries in expressions. Where one is bound it is not known yet over which rows its clause is
 * evaluated (behind a grouping, for one), so it stands as a call of `sub-query`, which no engine
 * knows, until the clause joins it to its input (sub-query-join.ts).
 */
import { fail } from '../../errors/index.js';
import type {
  ExistsPredicate, Expression as Syntax, InQuery, QuantifiedComparison, ScalarQuery,
} from '../../sql/ast/expression.js';
import type { Position } from '../../sql/ast/node.js';
import type { Query } from '../../sql/ast/query.js';
import { BOOLEAN, notNull, withNullable, type DataType } from '../../types/data-type.js';
import { call, contains, type Expression } from '../logical/expression.js';
import type { LogicalNode } from '../logical/node.js';
import type { ExpressionBinder } from './expression-binder.js';
import { bindQuery } from './query.js';

/** `some`: whether the operand compares so with any value of the query. */
export interface SubQuery {
  readonly kind: 'exists' | 'in' | 'some' | 'scalar';
  /** Of `some`. */
  readonly sign?: Sign;
  /** Names of the query around it stand as outer references (correlate.ts). */
  readonly node: LogicalNode;
  readonly position: Position;
}

export type Sign = '<>' | '<' | '<=' | '>' | '>=';

const KERNEL = 'sub-query';

/** The sub-queries of one SELECT by the number in their calls. */
export class SubQueries {
  private readonly all: SubQuery[] = [];

  add(one: SubQuery, operands: readonly Expression[], type: DataType): Expression {
    const index = this.all.push(one) - 1;
    return call({
      kernel: KERNEL, name: 'SUB_QUERY', arguments: operands, type, options: { index },
      deterministic: false,
    });
  }

  /** What the call stands for; undefined of any other expression. */
  of(part: Expression): SubQuery | undefined {
    return isSubQuery(part) && part.kind === 'call'
      ? this.all[Number(part.options?.['index'])] : undefined;
  }
}

const isSubQuery = (part: Expression): boolean => part.kind === 'call' && part.kernel === KERNEL;

export const hasSubQuery = (expression: Expression): boolean => contains(expression, isSubQuery);

/** The value of a query of one column, NULL where it has no row. */
export function bindScalarQuery(binder: ExpressionBinder, syntax: ScalarQuery): Expression {
  const node = bindInner(binder, syntax.query, syntax.position);
  const [field] = node.schema;
  if (field === undefined || node.schema.length !== 1) {
    const detail = `scalar sub-query of ${node.schema.length} columns`;
    return fail('MR2013', { detail }, { position: syntax.position });
  }
  const { position } = syntax;
  return register(binder, { kind: 'scalar', node, position }, [], withNullable(field.type, true));
}

export function bindExists(binder: ExpressionBinder, syntax: ExistsPredicate): Expression {
  const { position } = syntax;
  const node = bindInner(binder, syntax.query, position);
  return register(binder, { kind: 'exists', node, position }, [], notNull(BOOLEAN));
}

export function bindInQuery(binder: ExpressionBinder, syntax: InQuery): Expression {
  const { operand, query, position } = syntax;
  const found = membership(binder, operand, query, position);
  return syntax.negated ? binder.call('NOT', [found], position) : found;
}

/** (a, b) IN (query) has two operands. */
function membership(
  binder: ExpressionBinder, operand: Syntax, query: Query, position: Position,
): Expression {
  const operands = operand.kind === 'row-constructor' ? binder.bindAll(operand.fields)
    : [binder.bind(operand)];
  const node = bindInner(binder, query, position);
  const found = node.schema;
  if (found.length !== operands.length) {
    const detail = `IN of ${operands.length} and ${found.length} columns`;
    fail('MR2013', { detail }, { position });
  }
  return register(binder, { kind: 'in', node, position }, operands, truthOf(operands, node));
}

/** NULL where a NULL on either side may be the value that is looked for. */
const truthOf = (operands: readonly Expression[], node: LogicalNode): DataType =>
  ([...operands, ...node.schema].some((one) => one.type.nullable) ? BOOLEAN : notNull(BOOLEAN));

/** What fails for all is what holds for some, turned round. */
const OPPOSITE = { '=': '<>', '<>': '=', '<': '>=', '<=': '>', '>': '<=', '>=': '<' } as const;

export function bindQuantified(
  binder: ExpressionBinder, syntax: QuantifiedComparison,
): Expression {
  const { quantifier, operator, operand, query, position } = syntax;
  if (query === undefined) return binder.unsupported('SOME and ALL of a list', position);
  const isAll = quantifier === 'all';
  const sign = isAll ? OPPOSITE[operator] : operator;
  const found = sign === '=' ? membership(binder, operand, query, position)
    : comparison(binder, syntax, query, sign);
  return isAll ? binder.call('NOT', [found], position) : found;
}

function comparison(
  binder: ExpressionBinder, { operand, position }: QuantifiedComparison, query: Query, sign: Sign,
): Expression {
  const value = binder.bind(operand);
  const node = bindInner(binder, query, position);
  if (node.schema.length !== 1) {
    fail('MR2013', { detail: `comparison with ${node.schema.length} columns` }, { position });
  }
  return register(binder, { kind: 'some', sign, node, position }, [value],
    truthOf([value], node));
}

function register(
  binder: ExpressionBinder, one: SubQuery, operands: readonly Expression[], type: DataType,
): Expression {
  const { subQueries, clause } = binder.rules;
  if (subQueries === undefined) {
    return binder.unsupported(`sub-query in ${clause}`, one.position);
  }
  return subQueries.add(one, operands, type);
}

function bindInner(binder: ExpressionBinder, query: Query, position: Position): LogicalNode {
  const { session, scope, rules } = binder;
  if (rules.subQueries === undefined) {
    return binder.unsupported(`sub-query in ${rules.clause}`, position);
  }
  return bindQuery({ ...session, outer: { scope, outer: session.outer } }, query).node;
}
