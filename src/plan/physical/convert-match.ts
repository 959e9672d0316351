/**
 * MATCH_RECOGNIZE: the pattern compiled to an automaton, each condition and measure split into
 * what it reads of the rows of a match and an expression over that.
 */
import { fail } from '../../errors/index.js';
import type { RowField } from '../../types/data-type.js';
import {
  type AggregateExpression, column, type ColumnReference, type Expression, expressionsEqual,
  isDeterministic, mapColumns, rewrite,
} from '../logical/expression.js';
import type { Match } from '../logical/node.js';
import { plainType, toPlanExpression } from '../logical/plan-expression.js';
import { timeAttributeOf } from '../logical/time-attribute.js';
import { exchangeBefore } from './exchange.js';
import type { MatchExpression, MatchInput } from './match-plan.js';
import { compilePattern } from './match-states.js';
import type { AggregateCall } from './plan.js';
import { APPEND, isInsertOnly, type Rel } from './rel.js';

export function convertMatch(node: Match, below: Rel): Rel {
  const [time, ...orderBy] = node.orderBy;
  const attribute = time === undefined ? undefined : timeAttributeOf(node.input, time.column);
  if (time === undefined || attribute === undefined) {
    return fail('MR2007', { detail: 'MATCH_RECOGNIZE is ordered by a time attribute first' });
  }
  if (time.descending) fail('MR2007', { detail: 'MATCH_RECOGNIZE is ordered by rising time' });
  if (!isInsertOnly(below.traits)) {
    fail('MR2100', { feature: 'MATCH_RECOGNIZE over updating rows' });
  }
  const fields = node.input.schema;
  return {
    op: {
      kind: 'match', partition: node.partition, orderBy, timeColumn: time.column,
      rowtime: attribute === 'rowtime' ? time.column : null,
      variables: node.pattern.map((part) => part.name),
      automaton: compilePattern(node.pattern), withinMs: node.withinMs, skip: node.skip,
      conditions: node.define.map((one, variable) => (one === null || isTrue(one) ? null
        : new Split(fields, variable).expression(one))),
      measures: node.measures.map((one) => new Split(fields, null).expression(one)),
      shown: node.shown,
    },
    inputs: [exchangeBefore(below, node.partition)], schema: node.schema,
    traits: APPEND,
  };
}

const isTrue = (one: Expression): boolean => one.kind === 'literal' && one.value === true;

interface AggregateGroup {
  readonly variable: number;
  readonly values: Expression[];
  readonly calls: AggregateExpression[];
}

/** Takes an expression apart. `own`: the variable of a condition; null in a measure. */
class Split {
  readonly #inputs: MatchInput[] = [];
  readonly #groups: AggregateGroup[] = [];

  constructor(
    private readonly fields: readonly RowField[], private readonly own: number | null,
  ) {}

  expression(whole: Expression): MatchExpression {
    const expression = toPlanExpression(rewrite(whole, (part) => this.#leaf(part)));
    const groups = this.#groups.map(({ variable, values, calls }) => ({
      variable, values: values.map(toPlanExpression),
      aggregates: calls.map((one) => callOf(one, values)),
    }));
    const ofRow = isDeterministic(whole) && groups.length === 0 &&
      this.#inputs.every((input) => input.source === 'row');
    return { inputs: this.#inputs, groups, expression, ofRow };
  }

  #leaf(part: Expression): Expression | undefined {
    switch (part.kind) {
      case 'column':
        return this.#pick(part, false, 0);
      case 'aggregate':
        return this.#aggregate(part);
      case 'call': {
        if (part.kernel === 'match_time') {
          return this.#input({ source: 'time', type: plainType(part.type) });
        }
        const [inner] = part.arguments;
        if (part.kernel !== 'match_row' || inner?.kind !== 'column') return undefined;
        const { options } = part;
        return this.#pick(inner, options?.['first'] === true, Number(options?.['offset']));
      }
      default:
        return undefined;
    }
  }

  #variableOf(index: number): number {
    return Math.floor(index / this.fields.length) - 1;
  }

  /** The last row of the own variable, and of any, is the row at hand. */
  #pick(part: ColumnReference, first: boolean, offset: number): Expression {
    const variable = this.#variableOf(part.index);
    const place = part.index % this.fields.length;
    const type = plainType(part.type);
    const isHere = this.own !== null && !first && offset === 0 &&
      (variable === this.own || variable === -1);
    return this.#input(isHere ? { source: 'row', column: place, type }
      : { source: 'pick', variable, first, offset, column: place, type });
  }

  #aggregate(part: AggregateExpression): Expression {
    const [argument] = part.arguments;
    const columns = argument === undefined ? [] : columnsOf(argument);
    const variable = columns[0] === undefined ? -1 : this.#variableOf(columns[0]);
    let group = this.#groups.findIndex((one) => one.variable === variable);
    if (group < 0) group = this.#groups.push({ variable, values: [], calls: [] }) - 1;
    const { calls, values } = this.#groups[group]!;
    const width = this.fields.length;
    const own = {
      ...part, arguments: part.arguments.map((one) => mapColumns(one, (index) => index % width)),
    };
    let index = calls.findIndex((one) => expressionsEqual(one, own));
    if (index < 0) {
      index = calls.push(own) - 1;
      for (const one of own.arguments) if (placeOf(one, values) < 0) values.push(one);
    }
    return this.#input({ source: 'aggregate', group, index, type: plainType(part.type) });
  }

  #input(input: MatchInput): Expression {
    const text = JSON.stringify(input);
    let index = this.#inputs.findIndex((one) => JSON.stringify(one) === text);
    if (index < 0) index = this.#inputs.push(input) - 1;
    return column(index, input.type);
  }
}

function columnsOf(expression: Expression): readonly number[] {
  const found: number[] = [];
  rewrite(expression, (part) => {
    if (part.kind === 'column') found.push(part.index);
    return undefined;
  });
  return found;
}

const placeOf = (one: Expression, values: readonly Expression[]): number =>
  values.findIndex((other) => expressionsEqual(one, other));

function callOf(one: AggregateExpression, values: readonly Expression[]): AggregateCall {
  return {
    function: one.function, arguments: one.arguments.map((arg) => placeOf(arg, values)),
    filter: null, distinct: false, retract: false, type: plainType(one.type),
    ...(one.options === undefined ? {} : { options: one.options }),
  };
}
