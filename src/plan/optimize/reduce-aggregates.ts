/**
 * Standard deviations and variances as Flink computes them: the sum of squared distances (Welford)
 * and a count, divided above. An AVG beside them becomes SUM / COUNT, and so wraps where SUM does.
 */
import { BIGINT, DOUBLE, INT, notNull, typesEqual, type DataType } from
  '../../types/data-type.js';
import { resolveAggregate } from '../bind/aggregates.js';
import { applyFunction, castUnlessSame } from '../bind/apply.js';
import { castTo } from '../bind/cast.js';
import { aggregate, project, withStateTtl } from '../logical/build.js';
import { column, constant, type Expression } from '../logical/expression.js';
import { transform, type Aggregate, type LogicalAggregateCall, type LogicalNode } from
  '../logical/node.js';
import type { RuleContext } from './rules.js';

const MOMENTS = new Set(['STDDEV_POP', 'STDDEV_SAMP', 'VAR_POP', 'VAR_SAMP']);
const WELFORD = '$WELFORD_M2$1';

export function reduceAggregates(node: LogicalNode, { zone }: RuleContext): LogicalNode {
  return transform(node, (one) =>
    one.kind === 'aggregate' && one.calls.some(({ function: name }) => MOMENTS.has(name))
      ? new Reduction(one, zone).result() : one);
}

class Reduction {
  readonly #calls: LogicalAggregateCall[] = [];
  /** Casts to DOUBLE below the aggregation, behind the input's columns. */
  readonly #casts: Expression[] = [];

  constructor(private readonly node: Aggregate, private readonly zone: string) {}

  result(): LogicalNode {
    const { node } = this;
    const keys = node.grouping.map((_, i) => column(i, node.schema[i]!.type));
    const results = node.calls.map((one) => this.#reduce(one));
    const reduced = withStateTtl(aggregate(this.#input(), node.grouping, this.#calls), node);
    return project(reduced, [...keys, ...results], node.schema.map(({ name }) => name));
  }

  #input(): LogicalNode {
    const { input } = this.node;
    if (this.#casts.length === 0) return input;
    const columns = input.schema.map((field, i) => column(i, field.type));
    const names = input.schema.map(({ name }) => name);
    const added = this.#casts.map((_, i) => `$d${i}`);
    return project(input, [...columns, ...this.#casts], [...names, ...added]);
  }

  #reduce(one: LogicalAggregateCall): Expression {
    if (one.function === 'AVG') {
      return this.#cast(this.#apply('/', this.#add(one, 'SUM'), this.#add(one, 'COUNT')), one.type);
    }
    if (!MOMENTS.has(one.function)) return this.#keep(one);
    const squares = this.#add({ ...one, arguments: [this.#asDouble(one.arguments[0]!)] }, WELFORD);
    const count = this.#add(one, 'COUNT');
    const divisor = one.function.endsWith('SAMP') ? this.#lessOne(count) : count;
    const variance = this.#apply('/', squares, divisor);
    return this.#cast(one.function.startsWith('VAR') ? variance : this.#root(variance), one.type);
  }

  #root(value: Expression): Expression {
    return this.#apply('POWER', value, constant(0.5, notNull(DOUBLE)));
  }

  /** count - 1; NULL where the count is 1. */
  #lessOne(count: Expression): Expression {
    const isOne = this.#apply('=', count, constant(1, notNull(INT)));
    const less = this.#apply('-', count, constant(1, notNull(INT)));
    return this.#apply('CASE', isOne, constant(null, BIGINT), less);
  }

  #asDouble(argument: number): number {
    const { schema } = this.node.input;
    const { type } = schema[argument]!;
    if (typesEqual(type, DOUBLE, true)) return argument;
    this.#casts.push(castTo(column(argument, type), DOUBLE, { zone: this.zone }));
    return schema.length + this.#casts.length - 1;
  }

  /** Another aggregate over the argument of a call. */
  #add(one: LogicalAggregateCall, name: string): Expression {
    const { schema } = this.node.input;
    const types = one.arguments.map((i) => ({ type: schema[i]?.type ?? DOUBLE }));
    const { resultType } = resolveAggregate(name, types, { grouped: false });
    return this.#keep({
      function: name, name: `$f${this.#calls.length}`, arguments: one.arguments,
      filter: one.filter, distinct: one.distinct, type: resultType,
    });
  }

  /** The column of a call; one that is there already is shared. */
  #keep(one: LogicalAggregateCall): Expression {
    let at = this.#calls.findIndex((other) => isSameCall(one, other));
    if (at < 0) at = this.#calls.push(one) - 1;
    return column(this.node.grouping.length + at, this.#calls[at]!.type);
  }

  #apply(name: string, ...args: readonly Expression[]): Expression {
    return applyFunction(this.zone, name, ...args);
  }

  #cast(value: Expression, type: DataType): Expression {
    return castUnlessSame(value, type, this.zone);
  }
}

function isSameCall(a: LogicalAggregateCall, b: LogicalAggregateCall): boolean {
  return a.function === b.function && a.filter === b.filter && a.distinct === b.distinct &&
    a.options === b.options && a.arguments.length === b.arguments.length &&
    a.arguments.every((x, i) => x === b.arguments[i]);
}
