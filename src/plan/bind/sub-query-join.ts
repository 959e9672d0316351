/**
 * Sub-queries joined to the input of their clause, as Flink plans them. In WHERE and HAVING, under
 * nothing but AND and NOT, EXISTS and IN are semi joins and their negations anti joins. Anywhere
 * else each is a left join whose columns say what it is worth (sub-query-value.ts), and a scalar
 * sub-query a left join with its one row.
 */
import { fail, type Position } from '../../errors/index.js';
import { BIGINT, BOOLEAN, INT, notNull, withNullable } from '../../types/data-type.js';
import { aggregate, filter, join, project } from '../logical/build.js';
import {
  call, column, conjunction, conjuncts, constant, type Expression, rewrite, TRUE, withChildren,
} from '../logical/expression.js';
import type { Aggregate, JoinType, LogicalAggregateCall, LogicalNode } from '../logical/node.js';
import { anyOuter, outerToLeft, tryDecorrelated } from './correlate.js';
import type { ExpressionBinder } from './expression-binder.js';
import { hasSubQuery, type SubQueries, type SubQuery } from './sub-query.js';
import {
  type Compare, isNotNull, isNull, memberValue, orZero, type Reading, someValue,
} from './sub-query-value.js';
import { keyed } from './value-generator.js';

/** Expressions over a node that was widened for their sub-queries. */
export interface Joined {
  readonly node: LogicalNode;
  readonly expressions: readonly Expression[];
}

/** Values of a select list, of keys and of arguments. */
export function joinInValues(
  binder: ExpressionBinder, node: LogicalNode, expressions: readonly Expression[],
): Joined {
  if (!expressions.some(hasSubQuery)) return { node, expressions };
  const joins = new SubQueryJoins(binder, node, 0);
  return { expressions: expressions.map((one) => joins.value(one, 'value')), node: joins.node };
}

/** Rows for which the condition holds, with the columns of the node alone. */
export function filterBySubQueries(
  binder: ExpressionBinder, node: LogicalNode, condition: Expression,
): LogicalNode {
  if (!hasSubQuery(condition)) return filter(node, condition);
  const joins = new SubQueryJoins(binder, node, 0);
  const rest = conjunction(joins.condition(condition));
  const filtered = rest === null ? joins.node : filter(joins.node, rest);
  return withoutJoined(filtered, node.schema.length);
}

/** ON: sub-queries are joined to the right side, whose columns count from `width`. */
export function joinInOn(
  binder: ExpressionBinder, right: LogicalNode, condition: Expression, width: number,
): { readonly right: LogicalNode; readonly condition: Expression } {
  if (!hasSubQuery(condition)) return { right, condition };
  const joins = new SubQueryJoins(binder, right, width);
  return { condition: joins.value(condition, 'holds'), right: joins.node };
}

/** The first columns alone, without those that sub-queries brought. */
export function withoutJoined(node: LogicalNode, width: number): LogicalNode {
  if (node.schema.length === width) return node;
  const kept = node.schema.slice(0, width);
  return project(node, kept.map((field, i) => column(i, field.type)),
    kept.map((field) => field.name));
}

class SubQueryJoins {
  private readonly subQueries: SubQueries;

  constructor(
    private readonly binder: ExpressionBinder, public node: LogicalNode,
    /** Of the node's first column, where it is the right side of a join. */
    private readonly offset: number,
  ) {
    if (binder.rules.subQueries === undefined) fail('MR9001', { detail: 'no sub-queries' });
    this.subQueries = binder.rules.subQueries;
    this.original = node;
  }

  /** What the values of correlated names are taken from. */
  private readonly original: LogicalNode;

  /** The ANDed parts that are left when sub-queries that are parts themselves are joined. */
  condition(condition: Expression): readonly Expression[] {
    const parts = positive(condition, false);
    const isPlain = parts.every((part) => this.isPart(part) || !this.hasPredicate(part));
    const rest: Expression[] = [];
    if (!isPlain) {
      return parts.map((part) =>
        this.value(part, this.partOf(part)?.negated === false ? 'test' : 'holds'));
    }
    for (const part of parts) {
      const one = this.partOf(part);
      const left = one === undefined ? part : this.joinPart(one.call, one.negated);
      if (left !== null) rest.push(left);
    }
    return rest.map((part) => this.value(part, 'holds'));
  }

  private isPart(part: Expression): boolean {
    return this.partOf(part) !== undefined;
  }

  /** EXISTS or IN, alone or under NOT. */
  private partOf(
    part: Expression,
  ): { readonly call: Expression; readonly negated: boolean } | undefined {
    const negated = part.kind === 'call' && part.kernel === 'not';
    const inner = negated ? part.arguments[0]! : part;
    const one = this.subQueries.of(inner);
    return one?.kind === 'exists' || one?.kind === 'in' ? { call: inner, negated } : undefined;
  }

  private hasPredicate(part: Expression): boolean {
    const one = this.subQueries.of(part);
    if (one !== undefined) return one.kind !== 'scalar';
    return part.kind === 'call' && part.arguments.some((inner) => this.hasPredicate(inner));
  }

  /** A semi or an anti join; what is left to test where Flink makes none. */
  private joinPart(part: Expression, negated: boolean): Expression | null {
    const one = this.subQueries.of(part)!;
    const operands = part.kind === 'call'
      ? part.arguments.map((operand) => this.value(operand, 'value')) : [];
    if (one.kind === 'exists' && isAlwaysThere(one.node)) {
      return negated ? constant(false, notNull(BOOLEAN)) : null;
    }
    const inner = tryDecorrelated(one.kind === 'exists' ? bare(one.node) : one.node);
    if (inner === null) return negated ? not(part) : part;
    const left = this.node;
    const on = outerToLeft(inner.conditions, left.schema.length);
    const isFree = one.kind === 'exists' && on.length === 0;
    const right = isFree ? atMostOneRow(inner.node) : inner.node;
    const compare = this.compare(one.position);
    const matches = operands.map((operand, i) => {
      const value = column(left.schema.length + i, one.node.schema[i]!.type);
      const equal = compare('=', operand, value);
      return negated ? orNull(operand, value, equal) : equal;
    });
    const condition = conjunction([...matches.flatMap(conjuncts), ...on]) ?? TRUE;
    this.node = join(left, right, negated ? 'anti' : 'semi', condition);
    return null;
  }

  private compare(position: Position): Compare {
    return (sign, a, b) => this.binder.call(sign, [a, b], position);
  }

  value(expression: Expression, reading: Reading): Expression {
    if (!hasSubQuery(expression)) return expression;
    const one = this.subQueries.of(expression);
    if (one !== undefined) return this.joined(one, expression, reading);
    if (expression.kind !== 'call') return this.valueOfParts(expression);
    const { kernel, arguments: args } = expression;
    if (kernel === 'not') {
      const inner = this.value(args[0]!, OPPOSITE[reading]);
      return inner.kind === 'call' && inner.kernel === 'not' ? inner.arguments[0]!
        : withChildren(expression, [inner]);
    }
    return withChildren(expression, args.map((part, i) =>
      this.value(part, readingOf(kernel, i, args.length, reading))));
  }

  private valueOfParts(expression: Expression): Expression {
    return rewrite(expression, (part) =>
      (part.kind === 'call' ? this.value(part, 'value') : undefined));
  }

  private joined(one: SubQuery, expression: Expression, reading: Reading): Expression {
    const operands = expression.kind === 'call'
      ? expression.arguments.map((operand) => this.value(operand, 'value')) : [];
    switch (one.kind) {
      case 'scalar':
        return this.scalar(one);
      case 'exists':
        return this.exists(one);
      case 'in':
        return this.member(one, operands, reading);
      case 'some':
        return this.some(one, operands[0]!);
    }
  }

  /** Joins rows to the input and says where each of their columns stands. */
  private meet(
    node: LogicalNode, joinType: JoinType, position: Position,
    more: (value: (index: number) => Expression) => readonly Expression[] = () => [],
  ): { readonly place: (index: number) => number; readonly isCorrelated: boolean } {
    if (this.offset > 0 && anyOuter(node)) {
      fail('MR2100', { feature: 'correlated sub-query in ON' }, { position });
    }
    const made = keyed(node, this.original, position);
    const { node: right, places } = inOrderOf(made.node);
    const width = this.node.schema.length;
    const place = (index: number): number => width + places[index]!;
    const value = (index: number): Expression =>
      column(place(index), right.schema[places[index]!]!.type);
    const compare = this.compare(position);
    const on = [...more(value), ...[...made.keys].map(([outer, key]) =>
      compare('=', column(outer, this.original.schema[outer]!.type), value(key)))];
    this.node = join(this.node, right, joinType, conjunction(on) ?? TRUE);
    return { place, isCorrelated: made.keys.size > 0 };
  }

  /** A column that was joined; NULL where there was no partner. */
  private column(index: number): Expression {
    return column(this.offset + index, this.node.schema[index]!.type);
  }

  private exists(one: SubQuery): Expression {
    if (isAlwaysThere(one.node)) return TRUE;
    const isCorrelated = anyOuter(one.node);
    const there = project(bare(one.node), isCorrelated ? [] : [TRUE], ['i']);
    const rows = aggregate(there, there.schema.map((_, i) => i), []);
    const { place } = this.meet(isCorrelated ? project(rows, [TRUE], ['i']) : rows, 'left',
      one.position);
    return isNotNull(this.column(place(0)));
  }

  private scalar(one: SubQuery): Expression {
    const rows = isAggregated(one.node) ? one.node : single(one.node);
    const lifted = anyOuter(rows) && rows.kind === 'project' && rows.input.kind === 'aggregate'
      ? rows : undefined;
    const base = lifted?.input ?? rows;
    const { place, isCorrelated } = this.meet(base, 'left', one.position);
    const value = (index: number): Expression => {
      const own = this.column(place(index));
      const isCount = base.kind === 'aggregate' && base.calls[index]?.function === 'COUNT';
      return isCorrelated && isCount ? orZero(own) : own;
    };
    const [shown] = lifted?.expressions ?? [];
    if (shown === undefined) return value(0);
    return nullable(rewrite(shown, (part) =>
      (part.kind === 'column' ? value(part.index) : undefined)));
  }

  private member(one: SubQuery, operands: readonly Expression[], reading: Reading): Expression {
    const { node, position } = one;
    if (this.offset > 0) fail('MR2100', { feature: 'IN (sub-query) in ON' }, { position });
    const maybe = operands.filter((operand) => operand.type.nullable);
    const hasNulls = maybe.length > 0 || node.schema.some((field) => field.type.nullable);
    const counts = hasNulls && reading !== 'test'
      ? this.counted(node, reading !== 'holds', position) : null;
    const width = node.schema.length;
    const distinct = aggregate(node, node.schema.map((_, i) => i), []);
    const marked = project(distinct,
      [...node.schema.map((field, i) => column(i, field.type)), TRUE],
      [...node.schema.map((field) => field.name), 'i']);
    const compare = this.compare(position);
    const { place } = this.meet(marked, 'left', position, (found) =>
      operands.map((operand, i) => compare('=', operand, found(i))));
    return memberValue(compare, {
      counts, found: this.column(place(width)), nullable: maybe, isCorrelated: anyOuter(node),
    }, reading);
  }

  /** How many rows the query has, and how many without NULL. */
  private counted(
    node: LogicalNode, needsWhole: boolean, position: Position,
  ): { readonly all: Expression; readonly whole: Expression } {
    if (needsWhole && node.schema.length > 1) {
      fail('MR2100', { feature: 'IN of several columns as a value' }, { position });
    }
    const rows = aggregate(node, [],
      [countOf('c', []), ...(needsWhole ? [countOf('ck', [0])] : [])]);
    const { place } = this.meet(rows, anyOuter(node) ? 'left' : 'inner', position);
    const all = this.column(place(0));
    return { all, whole: needsWhole ? this.column(place(1)) : all };
  }

  private some(one: SubQuery, operand: Expression): Expression {
    const { node, position } = one;
    const sign = one.sign!;
    const isCorrelated = anyOuter(node);
    const values = sign === '<>' ? aggregate(node, [0], []) : node;
    const type = withNullable(node.schema[0]!.type, true);
    const extreme: LogicalAggregateCall = {
      function: sign === '>' || sign === '>=' ? 'MIN' : 'MAX', name: 'm', arguments: [0],
      filter: null, distinct: false, type,
    };
    const rows = aggregate(values, [],
      [extreme, countOf('c', []), countOf('d', [0])]);
    const shown = isCorrelated ? project(rows,
      [...rows.schema.map((field, i) => column(i, field.type)), TRUE],
      ['m', 'c', 'd', 'trueLiteral']) : rows;
    const { place } = this.meet(shown, isCorrelated ? 'left' : 'inner', position);
    return someValue(this.compare(position), {
      operand, sign, extreme: this.column(place(0)), all: this.column(place(1)),
      whole: this.column(place(2)), there: isCorrelated ? this.column(place(3)) : null,
    });
  }
}

/** Rows without the projection that only reorders them, and where its columns stand in them. */
function inOrderOf(
  node: LogicalNode,
): { readonly node: LogicalNode; readonly places: readonly number[] } {
  const same = { node, places: node.schema.map((_, i) => i) };
  if (node.kind !== 'project' || node.input.kind !== 'aggregate') return same;
  const places = node.expressions.map((one) => (one.kind === 'column' ? one.index : -1));
  const isWhole = !places.includes(-1) && places.length === node.input.schema.length &&
    new Set(places).size === places.length;
  return isWhole ? { node: node.input, places } : same;
}

const OPPOSITE: Readonly<Record<Reading, Reading>> = {
  value: 'value', holds: 'fails', fails: 'holds', test: 'value',
};

/** What a call makes of its argument's three values. */
function readingOf(kernel: string, index: number, count: number, reading: Reading): Reading {
  switch (kernel) {
    case 'and':
    case 'or':
      return reading;
    case 'is_true':
    case 'is_not_true':
      return 'test';
    case 'is_false':
    case 'is_not_false':
      return 'fails';
    case 'case':
      return index % 2 === 0 && index < count - 1 ? 'holds' : 'value';
    default:
      return 'value';
  }
}

/** The ANDed parts, with NOT moved to the leaves of AND, OR and the tests of truth. */
function positive(part: Expression, negated: boolean): readonly Expression[] {
  if (part.kind !== 'call' || !hasSubQuery(part)) return [negated ? not(part) : part];
  const { kernel, arguments: args } = part;
  if (kernel === 'not' || kernel === 'is_false') {
    return kernel === 'not' || !negated ? positive(args[0]!, !negated) : [not(part)];
  }
  if (kernel === 'is_true' && !negated) return positive(args[0]!, false);
  if (kernel === (negated ? 'or' : 'and')) return args.flatMap((one) => positive(one, negated));
  if (kernel === 'and' && negated) {
    return [call({ ...part, kernel: 'or', name: 'OR', arguments: args.map(not) })];
  }
  return [negated ? not(part) : part];
}

const not = (value: Expression): Expression => (value.kind === 'call' && value.kernel === 'not'
  ? value.arguments[0]!
  : call({ kernel: 'not', name: 'NOT', arguments: [value], type: value.type }));

/** NOT IN: a NULL on either side may be the one that is looked for. */
function orNull(operand: Expression, value: Expression, equal: Expression): Expression {
  const nulls = [operand, value].filter((one) => one.type.nullable).map(isNull);
  return nulls.length === 0 ? equal
    : call({ kernel: 'or', name: 'OR', arguments: [...nulls, equal], type: BOOLEAN });
}

const nullable = (value: Expression): Expression =>
  (value.kind === 'call' ? { ...value, type: withNullable(value.type, true) } : value);

function countOf(name: string, args: readonly number[]): LogicalAggregateCall {
  return {
    function: 'COUNT', name, arguments: args, filter: null, distinct: false,
    type: notNull(BIGINT),
  };
}

/** Projections do not matter to EXISTS. */
function bare(node: LogicalNode): LogicalNode {
  return node.kind === 'project' ? bare(node.input) : node;
}

/** A row whatever the tables hold: an aggregation without keys. */
function isAlwaysThere(node: LogicalNode): boolean {
  const inner = bare(node);
  return inner.kind === 'aggregate' && inner.grouping.length === 0;
}

/** At most one row, by its form: an aggregation without keys, filtered or not. */
function isAggregated(node: LogicalNode): boolean {
  if (node.kind === 'project' || node.kind === 'filter') return isAggregated(node.input);
  return node.kind === 'aggregate' && node.grouping.length === 0;
}

/** The query's one value; two rows are an error. */
function single(node: LogicalNode): Aggregate {
  const type = withNullable(node.schema[0]!.type, true);
  return aggregate(node, [], [{
    function: 'SINGLE_VALUE', name: '$f0', arguments: [0], filter: null, distinct: false, type,
  }]);
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
  return filter(least, isNotNull(column(0, INT)));
}
