/**
 * OVER in projections: the calls move into a node below. ROW_NUMBER alone becomes an Over, which a
 * filter may turn into a Top-N; aggregates and LAG become an OverAggregate, all over one window.
 */
import { fail } from '../../errors/index.js';
import { BIGINT, decimal, INT, notNull, withNullable, type DataType } from
  '../../types/data-type.js';
import { resolveAggregate } from '../bind/aggregates.js';
import { applyFunction, castUnlessSame } from '../bind/apply.js';
import { castTo } from '../bind/cast.js';
import { over, overAggregate, project, ROW_NUMBER_TYPE } from '../logical/build.js';
import {
  column, columnsIn, constant, contains, expressionsEqual, isDeterministic, mapColumns,
  rewrite, type Expression,
  type OverExpression, windowsEqual,
} from '../logical/expression.js';
import {
  placed, transform, type LogicalAggregateCall, type LogicalNode, type Over, type Project,
} from '../logical/node.js';
import type { PlanValue, SortKey } from '../physical/plan.js';
import type { RuleContext } from './rules.js';

/** Project[.., f() OVER w] becomes Project over Over[w] or OverAggregate[w]. */
export function extractOver(node: LogicalNode, { zone }: RuleContext): LogicalNode {
  return transform(node, (one) => (one.kind === 'project' ? extractFrom(one, zone) : one));
}

function extractFrom(node: Project, zone: string): LogicalNode {
  const found: OverExpression[] = [];
  for (const expression of node.expressions) {
    contains(expression, (part) => {
      if (part.kind === 'over' && !found.some((other) => expressionsEqual(other, part))) {
        found.push(part);
      }
      return false;
    });
  }
  const [first] = found;
  if (first === undefined) return node;
  const { position } = found.find((other) => !windowsEqual(first, other)) ?? {};
  if (!found.every((other) => windowsEqual(first, other))) {
    fail('MR2100', { feature: 'several different OVER windows' }, { position });
  }
  if (found.length === 1 && first.function === 'ROW_NUMBER') return rowNumber(node, first);
  return new Extraction(node.input, first, zone).result(node, found);
}

function rowNumber(original: Project, window: OverExpression): LogicalNode {
  const node = computedBelow(original);
  const columns = new InputColumns(node.input);
  const { partition, orderBy } = windowKeys(window, columns);
  const below = columns.project();
  const numbered = placed(over(below, partition, orderBy), window.position);
  const number = column(below.schema.length, ROW_NUMBER_TYPE);
  const expressions = node.expressions.map((one) =>
    rewrite(one, (part) => (part.kind === 'over' ? number : undefined)));
  return project(numbered, expressions, node.schema.map((field) => field.name));
}

/**
 * What stands beside calls of OVER is computed below them, behind the columns that are still used,
 * as Calcite splits a projection. Columns that are used in it alone are gone then.
 */
function computedBelow(node: Project): Project {
  const computed = node.expressions.filter((one) => one.kind === 'call' && !hasOver(one));
  if (computed.length === 0 || !computed.every(isDeterministic)) return node;
  const others = node.expressions.filter((one) => !computed.includes(one));
  const kept = [...new Set(others.flatMap((one) => [...columnsIn(one)]))].sort((a, b) => a - b);
  const names = node.schema.map((field) => field.name);
  const below = project(node.input,
    [...kept.map((index) => column(index, node.input.schema[index]!.type)), ...computed],
    [...kept.map((index) => node.input.schema[index]!.name),
      ...computed.map((one) => names[node.expressions.indexOf(one)] ?? '')]);
  return project(below, node.expressions.map((one) => (computed.includes(one)
    ? column(kept.length + computed.indexOf(one), one.type)
    : mapColumns(one, (index) => kept.indexOf(index)))), names);
}

const hasOver = (one: Expression): boolean => contains(one, (part) => part.kind === 'over');

/** An Over that no filter has turned into a Rank: the row number of every row. */
export function overToAggregate(node: LogicalNode): LogicalNode {
  return transform(node, (one) => (one.kind === 'over' ? numbering(one) : one));
}

function numbering({ input, partition, orderBy, position }: Over): LogicalNode {
  const numbered = overAggregate(input, {
    partition, orderBy, frame: { unit: 'rows', preceding: null },
    calls: [{
      function: 'ROW_NUMBER', name: 'w0$o0', arguments: [], filter: null, distinct: false,
      type: ROW_NUMBER_TYPE,
    }],
  });
  return placed(numbered, position);
}

/** The input's columns; keys and arguments that are no plain columns stand behind them. */
class InputColumns {
  readonly #all: Expression[];

  constructor(private readonly input: LogicalNode) {
    this.#all = input.schema.map((field, i) => column(i, field.type));
  }

  place(expression: Expression): number {
    if (expression.kind === 'column') return expression.index;
    const found = this.#all.findIndex((one) => expressionsEqual(one, expression));
    return found >= 0 ? found : this.#all.push(expression) - 1;
  }

  get width(): number {
    return this.#all.length;
  }

  project(): LogicalNode {
    const { schema } = this.input;
    if (this.#all.length === schema.length) return this.input;
    return project(this.input, this.#all, this.#all.map((_, i) => schema[i]?.name ?? `$${i}`));
  }
}

function windowKeys(window: OverExpression, columns: InputColumns): {
  partition: readonly number[]; orderBy: readonly SortKey[];
} {
  return {
    partition: window.partition.map((key) => columns.place(key)),
    orderBy: window.orderBy.map((key): SortKey => ({
      column: columns.place(key.expression), descending: key.descending,
      nullsFirst: key.nullsFirst,
    })),
  };
}

/** Aggregates over one window; SUM and AVG are made of COUNT and $SUM0, as in Flink. */
class Extraction {
  readonly #columns: InputColumns;
  readonly #calls: LogicalAggregateCall[] = [];
  readonly #keys: ReturnType<typeof windowKeys>;

  constructor(
    input: LogicalNode, private readonly window: OverExpression, private readonly zone: string,
  ) {
    this.#columns = new InputColumns(input);
    this.#keys = windowKeys(window, this.#columns);
  }

  result(node: Project, found: readonly OverExpression[]): LogicalNode {
    for (const one of found) one.arguments.forEach((arg, i) => this.#placeArgument(one, arg, i));
    const values = found.map((one) => this.#value(one));
    const expressions = node.expressions.map((one) => rewrite(one, (part) => {
      const at = found.findIndex((other) => expressionsEqual(other, part));
      return at < 0 ? undefined : values[at];
    }));
    const below = this.#columns.project();
    const { frame, position } = this.window;
    const aggregated = placed(
      overAggregate(below, { ...this.#keys, frame, calls: this.#calls }), position);
    return project(aggregated, expressions, node.schema.map((field) => field.name));
  }

  /** All columns have their place before the calls' columns are counted behind them. */
  #placeArgument(one: OverExpression, argument: Expression, index: number): void {
    if (isMoment(one)) {
      const value = this.#inType(argument, one.type);
      this.#columns.place(value);
      this.#columns.place(this.#apply('*', value, value));
    } else if (one.function !== 'LAG' || index === 0 || isDefaultColumn(one, index)) {
      this.#columns.place(argument);
    }
  }

  #value(one: OverExpression): Expression {
    switch (one.function) {
      case 'SUM':
        return this.#sum(one);
      case 'AVG': {
        return this.#inType(this.#apply('/', this.#sum(one), this.#count(one)), one.type);
      }
      case 'STDDEV_POP':
      case 'STDDEV_SAMP':
      case 'VAR_POP':
      case 'VAR_SAMP':
        return this.#moment(one);
      default:
        return this.#add(one, one.function, one.type, lagOptions(one) ?? one.options);
    }
  }

  /** (SUM(x * x) - SUM(x) * SUM(x) / n) / n in the type of the result: so Flink over rows. */
  #moment(one: OverExpression): Expression {
    const value = this.#inType(one.arguments[0]!, one.type);
    const over = (argument: Expression): OverExpression => ({ ...one, arguments: [argument] });
    const squares = this.#sum(over(this.#apply('*', value, value)));
    const sum = this.#sum(over(value));
    const count = this.#count(over(value));
    const size = castTo(count, notNull(one.type), { zone: this.zone });
    const distance = this.#apply('-', squares,
      this.#apply('/', this.#apply('*', sum, sum), size));
    const variance = this.#apply('/', distance,
      one.function.endsWith('SAMP') ? this.#lessOne(count) : size);
    const root = constant(5n, notNull(decimal(2, 1)));
    const result = one.function.startsWith('VAR') ? variance
      : this.#apply('POWER', variance, root);
    return this.#inType(result, one.type);
  }

  /** count - 1; NULL where the count is 1. */
  #lessOne(count: Expression): Expression {
    const isOne = this.#apply('=', count, constant(1n, notNull(BIGINT)));
    return this.#apply('CASE', isOne, constant(null, BIGINT),
      this.#apply('-', count, constant(1, notNull(INT))));
  }

  #inType(value: Expression, type: DataType): Expression {
    return castUnlessSame(value, type, this.zone);
  }

  #sum(one: OverExpression): Expression {
    const count = this.#count(one);
    const types = one.arguments.map((arg) => ({ type: arg.type }));
    const { resultType } = resolveAggregate('$SUM0', types, { grouped: true });
    const sum = this.#add(one, '$SUM0', resultType);
    const isSome = this.#apply('>', count, constant(0n, notNull(BIGINT)));
    return this.#apply('CASE', isSome, sum, constant(null, withNullable(sum.type, true)));
  }

  #count(one: OverExpression): Expression {
    return this.#add(one, 'COUNT', notNull(BIGINT));
  }

  #add(
    one: OverExpression, name: string, type: LogicalAggregateCall['type'],
    options?: { readonly [name: string]: PlanValue },
  ): Expression {
    const shown = one.function !== 'LAG' ? one.arguments
      : one.arguments.filter((_, i) => i === 0 || isDefaultColumn(one, i));
    const isCountOfAll = name === 'COUNT' && !one.distinct &&
      one.arguments.every((arg) => !arg.type.nullable);
    const made: LogicalAggregateCall = {
      function: name, name: `w0$o${this.#calls.length}`, filter: null, distinct: one.distinct, type,
      arguments: isCountOfAll ? [] : shown.map((arg) => this.#columns.place(arg)),
      ...(options === undefined ? {} : { options }),
    };
    let at = this.#calls.findIndex((other) => other.function === name &&
      other.distinct === made.distinct && String(other.arguments) === String(made.arguments) &&
      options === undefined);
    if (at < 0) at = this.#calls.push(made) - 1;
    return column(this.#columns.width + at, this.#calls[at]!.type);
  }

  #apply(name: string, ...args: readonly Expression[]): Expression {
    return applyFunction(this.zone, name, ...args);
  }
}

const isMoment = (one: OverExpression): boolean => /^(STDDEV|VAR)_/.test(one.function);

/** A default of LAG that each row gives. */
const isDefaultColumn = (one: OverExpression, index: number): boolean =>
  index === 2 && one.arguments[index]!.kind !== 'literal';

/** Distance and default of a LAG. */
function lagOptions(one: OverExpression): { readonly [name: string]: PlanValue } | undefined {
  if (one.function !== 'LAG') return undefined;
  const [, offset, absent] = one.arguments;
  const literal = (expression: Expression | undefined): PlanValue =>
    (expression?.kind === 'literal' ? expression.value : null);
  return {
    offset: offset === undefined ? 1 : Number(literal(offset)), isOffsetGiven: offset !== undefined,
    hasDefault: absent?.kind === 'literal', default: literal(absent),
  };
}
