/**
 * Names of an outer query inside a sub-query. While the sub-query is bound they stand as calls of
 * `outer`, which no engine knows; taking them out gives a plan that stands by itself and the
 * conditions under which its rows belong to a row of the outer query.
 */
import { fail } from '../../errors/index.js';
import type { Position } from '../../sql/ast/node.js';
import { BOOLEAN, notNull } from '../../types/data-type.js';
import { aggregate, filter, join, project } from '../logical/build.js';
import {
  call, column, columnsIn, conjunction, conjuncts, contains, type Expression, mapColumns, rewrite,
  TRUE,
} from '../logical/expression.js';
import {
  inputsOf, type Aggregate, type Filter, type Join, type LogicalNode, type Project,
} from '../logical/node.js';
import { isNull } from '../logical/null-columns.js';
import { keyed } from './value-generator.js';

const OUTER = 'outer';

/** A column of the outer query, seen from a sub-query. */
export function outerReference(found: Expression): Expression {
  return rewrite(found, (part) => (part.kind !== 'column' ? undefined : call({
    kernel: OUTER, name: `$cor0.${part.index}`, arguments: [], type: part.type,
    options: { index: part.index }, deterministic: false,
  })));
}

const isOuter = (part: Expression): boolean => part.kind === 'call' && part.kernel === OUTER;

/** The column of the outer query that a reference stands for; undefined of anything else. */
export const outerIndex = (part: Expression): number | undefined =>
  (isOuter(part) && part.kind === 'call' ? Number(part.options?.['index']) : undefined);

/** Whether it names columns of the outer query. */
export const hasOuter = (expression: Expression): boolean => contains(expression, isOuter);

export interface Correlated {
  /** The columns of the sub-query, then those that only the conditions use. */
  readonly node: LogicalNode;
  /** Over the node's columns and references to outer ones. */
  readonly conditions: readonly Expression[];
  /** A group a value stands for an aggregation without keys: what has no group gets NULL. */
  readonly isAggregated: boolean;
  /** Columns that are 0 and not NULL where a row of the outer query meets none: plain COUNTs. */
  readonly zeroColumns: readonly number[];
}

/** Conditions over the left input's columns and, behind them, the sub-query's. */
export function outerToLeft(
  conditions: readonly Expression[], leftWidth: number,
): readonly Expression[] {
  return conditions.map((condition) =>
    rewrite(mapColumns(condition, (index) => index + leftWidth), (part) => {
      const index = outerIndex(part);
      return index === undefined ? undefined : column(index, part.type);
    }));
}

const PLAIN = {
  conditions: [], isAggregated: false, zeroColumns: [],
} as const;

/**
 * The conditions about the outer query taken out; where they stand below what must see them,
 * values of `outer` take their place (value-generator.ts).
 */
export function decorrelated(
  node: LogicalNode, outer: LogicalNode, position: Position,
): Correlated {
  const found = orRefused(() => new Decorrelation(false).take(node));
  if (!(found instanceof Refusal)) return found;
  const { node: inner, keys } = keyed(node, outer, position);
  const conditions = [...keys].map(([index, key]) => call({
    kernel: 'equal', name: '=', type: BOOLEAN,
    arguments: [outerReference(column(index, outer.schema[index]!.type)),
      column(key, inner.schema[key]!.type)],
  }));
  const zeroColumns = zeroColumnsOf(node);
  if (zeroColumns !== null) {
    return { ...PLAIN, node: inner, conditions, zeroColumns };
  }
  const feature = `correlated sub-query: names of the outer query in ${found.where}`;
  return fail('MR2100', { feature }, { position });
}

/** The same for rows that are only looked for; null where conditions cannot be taken out. */
export function tryDecorrelated(node: LogicalNode): Correlated | null {
  const found = orRefused(() => new Decorrelation(true).take(node));
  return found instanceof Refusal ? null : found;
}

/** Counts among columns that are aggregates; null where values are made of aggregates. */
function zeroColumnsOf(node: LogicalNode): readonly number[] | null {
  if (node.kind === 'project') {
    const below = zeroColumnsOf(node.input);
    if (below === null || !isScalarAggregate(node.input)) return below;
    const indexes = node.expressions.map((one) => (one.kind === 'column' ? one.index : -1));
    if (indexes.includes(-1)) return null;
    return indexes.flatMap((index, i) => (below.includes(index) ? [i] : []));
  }
  if (node.kind !== 'aggregate' || node.grouping.length > 0) return [];
  return node.calls.flatMap((one, i) => (one.function === 'COUNT' ? [i] : []));
}

const isScalarAggregate = (node: LogicalNode): boolean =>
  node.kind === 'project' ? isScalarAggregate(node.input)
    : node.kind === 'aggregate' && node.grouping.length === 0;

/** Where names of the outer query stand that cannot be taken out. */
class Refusal extends Error {
  constructor(readonly where: string) {
    super(where);
  }
}

function orRefused(take: () => Correlated): Correlated | Refusal {
  try {
    return take();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

class Decorrelation {
  /** `isSought`: rows are only looked for, so that values without a group do not matter. */
  constructor(private readonly isSought: boolean) {}

  take(node: LogicalNode): Correlated {
    switch (node.kind) {
      case 'filter':
        return this.filter(node);
      case 'project':
        return this.project(node);
      case 'aggregate':
        return this.aggregate(node);
      case 'join':
        return this.join(node);
      case 'correlate':
        if (anyOuter(node)) this.refuse('UNNEST');
        return { ...PLAIN, node };
      default:
        this.refuseBelow(node);
        return { ...PLAIN, node };
    }
  }

  private filter(node: Filter): Correlated {
    const below = this.take(node.input);
    if (below.isAggregated && !this.isSought) this.refuse('a filter of an aggregation');
    const parts = conjuncts(node.condition);
    if (this.isSought && parts.some((part) => hasOuter(part) && isOr(part))) this.refuse('OR');
    const own = conjunction(parts.filter((part) => !hasOuter(part)));
    return {
      ...below, node: own === null ? below.node : filter(below.node, own),
      conditions: [...below.conditions, ...parts.filter(hasOuter)],
    };
  }

  private project(node: Project): Correlated {
    const below = this.take(node.input);
    if (!this.isSought && below.isAggregated &&
      !node.expressions.every((one) => isNull(one, () => true))) {
      this.refuse('a value made of aggregates');
    }
    if (node.expressions.some(hasOuter)) this.refuse('a select list');
    const expressions = [...node.expressions];
    const names = node.schema.map((field) => field.name);
    const place = (index: number): number => {
      const known = expressions.findIndex((one) => one.kind === 'column' && one.index === index);
      if (known >= 0) return known;
      const field = below.node.schema[index]!;
      names.push(field.name);
      return expressions.push(column(index, field.type)) - 1;
    };
    const conditions = below.conditions.map((one) => mapColumns(one, place));
    return {
      ...below, node: project(below.node, expressions, names), conditions,
      zeroColumns: this.zeroColumns(node, below),
    };
  }

  /** A value made of a COUNT would have to be made again of 0. */
  private zeroColumns(node: Project, below: Correlated): readonly number[] {
    if (below.conditions.length === 0 || this.isSought) return [];
    const isZero = (one: Expression): boolean =>
      one.kind === 'column' && below.zeroColumns.includes(one.index);
    const usesZero = (one: Expression): boolean => contains(one, isZero);
    if (node.expressions.some((one) => usesZero(one) && !isZero(one))) {
      this.refuse('an expression of COUNT');
    }
    return node.expressions.flatMap((one, i) => (isZero(one) ? [i] : []));
  }

  /**
   * A group a value of what the outer query compares with. A row of it that meets no group gets
   * NULL, which is right for all functions but COUNT.
   */
  private aggregate(node: Aggregate): Correlated {
    const below = this.take(node.input);
    const isScalar = node.grouping.length === 0;
    if (below.isAggregated) this.refuse('an aggregation of an aggregation');
    if (below.conditions.length === 0) {
      const same = aggregate(below.node, node.grouping, node.calls);
      return { ...PLAIN, node: same };
    }
    const keys: number[] = [];
    const conditions = below.conditions.map((condition) => {
      const key = this.keyOf(condition);
      const known = keys.indexOf(key);
      const at = known >= 0 ? known : keys.push(key) - 1;
      return { condition, at };
    });
    const present = conjunction(keys.map((key) => isNotNull(column(
      key, below.node.schema[key]!.type)))) ?? TRUE;
    const grouped = aggregate(filter(below.node, present), [...keys, ...node.grouping],
      node.calls);
    const width = node.schema.length;
    const order = [
      ...Array.from({ length: width }, (_, i) => i + keys.length), ...keys.map((_, i) => i),
    ];
    const ordered = project(grouped, order.map((i) => column(i, grouped.schema[i]!.type)),
      order.map((i) => grouped.schema[i]!.name));
    return {
      node: ordered, isAggregated: isScalar,
      zeroColumns: !isScalar ? []
        : node.calls.flatMap((one, i) => (one.function === 'COUNT' ? [i] : [])),
      conditions: conditions.map(({ condition, at }) => mapColumns(condition, () => width + at)),
    };
  }

  /** The one column of an equality with the outer query. */
  private keyOf(condition: Expression): number {
    const sides = condition.kind === 'call' && condition.name === '=' ? condition.arguments : [];
    const own = sides.find((one) => one.kind === 'column');
    if (sides.length !== 2 || own?.kind !== 'column' || !sides.some(hasOuter)) {
      return this.refuse('a condition other than = under an aggregation');
    }
    const used = [...columnsIn(condition)];
    return used.length === 1 ? own.index : this.refuse('a condition under an aggregation');
  }

  private join(node: Join): Correlated {
    if (hasOuter(node.condition)) this.refuse('ON');
    if (node.asOf !== undefined && anyOuter(node)) this.refuse('a temporal join');
    const left = this.take(node.left);
    const right = this.take(node.right);
    if (left.isAggregated || right.isAggregated) this.refuse('a join of an aggregation');
    if (right.conditions.length > 0 && node.joinType !== 'inner') this.refuse('an outer join');
    if (left.conditions.length > 0 && (node.joinType === 'right' || node.joinType === 'full')) {
      this.refuse('an outer join');
    }
    if (left.conditions.length + right.conditions.length === 0) {
      const same = join(left.node, right.node, node.joinType, node.condition, node.asOf);
      return { ...PLAIN, node: same };
    }
    return rejoined(node, left, right);
  }

  private refuseBelow(node: LogicalNode): void {
    if (inputsOf(node).some((input) => anyOuter(input))) this.refuse(node.kind.toUpperCase());
  }

  private refuse(where: string): never {
    throw new Refusal(where);
  }
}

/** Columns of the join first, then those that only conditions use. */
function rejoined(node: Join, left: Correlated, right: Correlated): Correlated {
  const oldLeft = node.left.schema.length;
  const newLeft = left.node.schema.length;
  const move = (index: number): number => (index < oldLeft ? index : index - oldLeft + newLeft);
  const wide = join(left.node, right.node, node.joinType, mapColumns(node.condition, move));
  const isLeftOnly = node.joinType === 'semi' || node.joinType === 'anti';
  const all = wide.schema.map((_, i) => i);
  const first = node.schema.map((_, i) => move(i));
  const order = [...first, ...all.filter((i) => !first.includes(i))];
  const nodeOut = project(wide, order.map((i) => column(i, wide.schema[i]!.type)),
    order.map((i) => wide.schema[i]!.name));
  const place = (index: number): number => order.indexOf(index);
  const ofRight = isLeftOnly ? [] : right.conditions.map((one) =>
    mapColumns(one, (index) => place(index + newLeft)));
  return {
    ...PLAIN, node: nodeOut,
    conditions: [...left.conditions.map((one) => mapColumns(one, place)), ...ofRight],
  };
}

/** Flink takes comparisons out of a sub-query's conditions, but no OR. */
const isOr = (part: Expression): boolean => part.kind === 'call' && part.kernel === 'or';

function isNotNull(value: Expression): Expression {
  return call({
    kernel: 'is_not_null', name: 'IS NOT NULL', arguments: [value], type: notNull(BOOLEAN),
  });
}

/** Whether anything in the plan names columns of the outer query. */
export function anyOuter(node: LogicalNode): boolean {
  const own = node.kind === 'filter' || node.kind === 'join' ? [node.condition]
    : node.kind === 'project' ? node.expressions
      : node.kind === 'correlate' ? node.call.arguments : [];
  return own.some(hasOuter) || inputsOf(node).some(anyOuter);
}

