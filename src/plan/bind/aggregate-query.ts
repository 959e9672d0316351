/**
 * Grouped queries. Everything is bound over the input first, aggregate calls left inside; then a
 * projection makes keys and arguments, an Aggregate groups, and what stood in SELECT, HAVING and
 * QUALIFY is rewritten over the Aggregate's columns.
 *
 *     SELECT a + 1, SUM(b * 2) FROM t GROUP BY a + 1
 *     Project[$0, $1] <- Aggregate[{0}, SUM($1)] <- Project[a + 1, b * 2]
 */
import { fail, type Position } from '../../errors/index.js';
import type { Expression as Syntax } from '../../sql/ast/expression.js';
import type { Select } from '../../sql/ast/query.js';
import { aggregate, project, withStateTtl } from '../logical/build.js';
import {
  type AggregateExpression, call, childrenOf, column, type Expression, expressionsEqual, rewrite,
} from '../logical/expression.js';
import type { LogicalAggregateCall, LogicalNode } from '../logical/node.js';
import { BOOLEAN, notNull } from '../../types/data-type.js';
import { type WindowedKeys, windowedKeys } from './group-window.js';
import type { ExpressionBinder } from './expression-binder.js';
import { groupingValue, isGroupingCall, setNumbers, type SetNumbers } from './grouping-call.js';
import { expanded, groupingSets } from './grouping-sets.js';
import { hintedTtl } from './query-hints.js';
import type { OutputColumn, SelectParts } from './select.js';
import { anyOuter } from './correlate.js';
import { filterBySubQueries, joinInValues } from './sub-query-join.js';

export interface Grouped extends SelectParts {
  readonly input: LogicalNode;
}

export function bindGrouped(
  binder: ExpressionBinder, select: Select, input: LogicalNode, parts: SelectParts,
): Grouped {
  const { keys, sets } = bindKeys(binder, select);
  const windowed = windowedKeys(input, keys);
  if (sets !== null && windowed.input !== input) {
    fail('MR2100', { feature: 'grouping sets over windows' }, { position: select.position });
  }
  const calls = collectCalls(parts);
  const grouping = new Grouping(binder, windowed, sets, calls, parts.columns,
    hintedTtl(select.hints, [binder.scope]));
  const over = (expression: Expression, position: Position): Expression =>
    grouping.rewrite(expression, binder, position);
  const columns = parts.columns.map((one, i): OutputColumn =>
    ({ ...one, expression: over(one.expression, itemPosition(select, i)) }));
  const having = parts.having === undefined ? undefined
    : over(parts.having, select.having?.position ?? select.position);
  const node = having === undefined ? grouping.node
    : filterBySubQueries(binder, grouping.node, having);
  const qualify = parts.qualify === undefined ? undefined
    : over(parts.qualify, select.qualify?.position ?? select.position);
  return { input: node, columns, having: undefined, qualify };
}

function itemPosition(select: Select, index: number): Position {
  return (select.items[index] ?? select).position;
}

/** `sets`: null where all keys group together, else the keys of each set. */
interface Keys {
  readonly keys: readonly Expression[];
  readonly sets: readonly (readonly number[])[] | null;
}

function bindKeys(binder: ExpressionBinder, select: Select): Keys {
  const { subQueries } = binder.rules;
  const inner = binder.within({
    clause: 'GROUP BY', aggregates: false, over: false,
    ...(subQueries === undefined ? {} : { subQueries }),
  });
  const keys: Expression[] = [];
  const place = (syntax: Syntax): number => {
    const bound = inner.bind(syntax);
    const found = keys.findIndex((key) => expressionsEqual(key, bound));
    return found >= 0 ? found : keys.push(bound) - 1;
  };
  const sets = groupingSets(select.groupBy?.items ?? []).map((set) => set.map(place));
  return { keys, sets: sets.length === 1 ? null : sets };
}

function collectCalls(parts: SelectParts): readonly AggregateExpression[] {
  const calls: AggregateExpression[] = [];
  const visit = (expression: Expression): void => {
    if (expression.kind !== 'aggregate') childrenOf(expression).forEach(visit);
    else if (!calls.some((one) => expressionsEqual(one, expression))) calls.push(expression);
  };
  parts.columns.forEach((one) => visit(one.expression));
  if (parts.having !== undefined) visit(parts.having);
  if (parts.qualify !== undefined) visit(parts.qualify);
  return calls;
}

/** The Aggregate of a query and what its columns stand for. */
class Grouping {
  readonly node: LogicalNode;
  readonly #keys: readonly Expression[];
  readonly #calls: readonly AggregateExpression[];
  readonly #firstCall: number;
  readonly #sets: Keys['sets'];
  readonly #numbers: SetNumbers | null;

  constructor(
    binder: ExpressionBinder, { input, keys, sources }: WindowedKeys, sets: Keys['sets'],
    calls: readonly AggregateExpression[],
    columns: readonly OutputColumn[], ttl: ReturnType<typeof hintedTtl>,
  ) {
    this.#keys = keys;
    this.#calls = calls;
    this.#sets = sets;
    const arguments_ = new ArgumentColumns(input, sources, columns, sets !== null);
    const bound = calls.map((one, i) =>
      boundCall(one, arguments_, callName(columns, one, i, keys.length)));
    const below = arguments_.project(binder);
    this.#firstCall = keys.length + (sets === null ? 0 : 1);
    const grouping = keys.map((_, i) => i);
    if (sets === null) {
      this.#numbers = null;
      this.node = withStateTtl(aggregate(below, grouping, bound), ttl);
      return;
    }
    const numbers = setNumbers(keys.length, sets);
    this.node = aggregate(expanded(below, keys.length, sets, numbers),
      [...grouping, below.schema.length], bound);
    this.#numbers = { column: this.#column(keys.length), numbers };
  }

  /** Keys and calls become the Aggregate's columns; any other column is an error. */
  rewrite(expression: Expression, binder: ExpressionBinder, position: Position): Expression {
    return rewrite(expression, (part) => {
      if (isGroupingCall(part)) {
        const at = binder.positions.get(part) ?? position;
        return groupingValue(binder, part, this.#keys, this.#sets, this.#numbers, at);
      }
      const key = this.#keys.findIndex((one) => expressionsEqual(one, part));
      if (key >= 0) return this.#column(key);
      const index = this.#calls.findIndex((one) => expressionsEqual(one, part));
      if (index >= 0) return this.#column(this.#firstCall + index);
      const inner = binder.rules.subQueries?.of(part);
      if (inner !== undefined && anyOuter(inner.node)) {
        binder.unsupported('correlated sub-query behind a grouping', inner.position);
      }
      if (part.kind !== 'column') return undefined;
      const name = columnName(binder, part.index);
      return fail('MR2012', { name }, { position: binder.positions.get(part) ?? position });
    });
  }

  #column(index: number): Expression {
    const field = this.node.schema[index];
    if (field === undefined) return fail('MR9001', { detail: `no grouped column ${index}` });
    return column(index, field.type);
  }
}

function columnName(binder: ExpressionBinder, index: number): string {
  for (const one of binder.scope.relations) {
    const field = one.fields[index - one.offset];
    if (field !== undefined) return field.name;
  }
  return `$${index}`;
}

/** The name of the output column that is just this call. */
function callName(
  columns: readonly OutputColumn[], one: AggregateExpression, index: number, keyCount: number,
): string {
  const at = columns.findIndex((other) => expressionsEqual(other.expression, one));
  return at < 0 ? `$f${keyCount + index}` : columns[at]?.name ?? `EXPR$${at}`;
}

/** The projection under an Aggregate: keys first, then each argument and filter once. */
class ArgumentColumns {
  readonly #input: LogicalNode;
  readonly #expressions: Expression[];
  readonly #names: string[];

  constructor(
    input: LogicalNode, private readonly keys: readonly Expression[],
    columns: readonly OutputColumn[],
    /** Keys are NULL in some sets, arguments are not: they need columns of their own. */
    private readonly areKeysApart: boolean,
  ) {
    this.#input = input;
    this.#expressions = [...keys];
    this.#names = keys.map((key, i) => this.#name(key, columns, i));
  }

  #name(expression: Expression, columns: readonly OutputColumn[], index: number): string {
    if (expression.kind === 'column') {
      return this.#input.schema[expression.index]?.name ?? `$f${index}`;
    }
    const shown = columns.find((one) => expressionsEqual(one.expression, expression));
    return shown?.name ?? `$f${index}`;
  }

  indexOf(expression: Expression): number {
    const found = this.#expressions.findIndex((one, i) =>
      expressionsEqual(one, expression) && !(this.areKeysApart && i < this.keys.length));
    if (found >= 0) return found;
    this.#names.push(this.#name(expression, [], this.#expressions.length));
    return this.#expressions.push(expression) - 1;
  }

  /** Nothing is projected for COUNT(*) alone. */
  project(binder: ExpressionBinder): LogicalNode {
    if (this.#expressions.length === 0) return this.#input;
    const { node, expressions } = joinInValues(binder, this.#input, this.#expressions);
    return project(node, expressions, this.#names);
  }
}

/** COUNT of what is never NULL counts the rows. */
function isCountOfAll(one: AggregateExpression): boolean {
  return one.function === 'COUNT' && !one.distinct &&
    one.arguments.every((arg) => !arg.type.nullable);
}

/** A filter counts where it is TRUE; NULL is made FALSE beforehand. */
function isTrue(condition: Expression): Expression {
  return !condition.type.nullable ? condition : call({
    kernel: 'is_true', name: 'IS TRUE', arguments: [condition], type: notNull(BOOLEAN),
  });
}

function boundCall(
  one: AggregateExpression, columns: ArgumentColumns, name: string,
): LogicalAggregateCall {
  const counted = isCountOfAll(one) ? [] : one.arguments.map((arg) => columns.indexOf(arg));
  return {
    function: one.function, name, arguments: counted,
    filter: one.filter === null ? null : columns.indexOf(isTrue(one.filter)),
    distinct: one.distinct, type: one.type,
    ...(one.options === undefined ? {} : { options: one.options }),
  };
}
