/**
 * Where the conditions of a join and of a filter above it are evaluated, as Calcite's and Flink's
 * rules leave them: an outer join whose padded rows a filter drops becomes a narrower one, parts
 * about one side go below the join, equalities of expressions become equalities of columns.
 */
import { withTimeAttribute } from '../../types/data-type.js';
import { castTo } from '../bind/cast.js';
import { join, project, withStateTtl } from '../logical/build.js';
import {
  column, columnsIn, conjunction, conjuncts, contains, type Expression, expressionsEqual,
  isDeterministic, mapColumns, TRUE,
} from '../logical/expression.js';
import { intervalBounds } from '../logical/interval-join.js';
import { transform, type Join, type JoinType, type LogicalNode } from '../logical/node.js';
import { isNotTrue } from '../logical/null-columns.js';
import { timeAttributeOf } from '../logical/time-attribute.js';
import { uniqueNames } from '../logical/unique-names.js';
import { joinedWindows } from '../logical/window-join.js';

/** Conditions by the place where they are evaluated; those of `right` count its own columns. */
export interface PlacedConditions {
  readonly joinType: JoinType;
  readonly left: readonly Expression[];
  readonly right: readonly Expression[];
  readonly condition: readonly Expression[];
  readonly above: readonly Expression[];
}

/** `above`: the parts of a filter over the join. */
export function placeConditions(node: Join, above: readonly Expression[]): PlacedConditions {
  const width = node.left.schema.length;
  const joinType = narrowed(node.joinType, above, width);
  const own = conjuncts(node.condition).filter((part) => !isTrue(part));
  const merges = joinType === 'inner';
  const conditions = distinct(merges ? [...own, ...above] : own);
  const placed: Placed = { left: [], right: [], condition: [], above: [] };
  for (const part of conditions) {
    place(part, width, { left: ON_LEFT.has(joinType), right: ON_RIGHT.has(joinType) },
      placed, placed.condition);
  }
  if (!merges) {
    const sides = { left: ABOVE_LEFT.has(joinType), right: joinType === 'right' };
    for (const part of above) place(part, width, sides, placed, placed.above);
  }
  transfer(joinType, placed, width);
  return { joinType, ...placed };
}

/** Joins whose own condition about a side may go below it. */
const ON_LEFT: ReadonlySet<JoinType> = new Set(['inner', 'right', 'semi']);
const ON_RIGHT: ReadonlySet<JoinType> = new Set(['inner', 'left', 'semi', 'anti']);
/** Joins that keep every row of the left side, or drop it as a filter does. */
const ABOVE_LEFT: ReadonlySet<JoinType> = new Set(['left', 'semi', 'anti']);

interface Placed {
  readonly left: Expression[];
  readonly right: Expression[];
  readonly condition: Expression[];
  readonly above: Expression[];
}

function place(
  part: Expression, width: number, sides: { readonly left: boolean; readonly right: boolean },
  placed: Placed, rest: Expression[],
): void {
  const used = [...columnsIn(part)];
  const isMovable = used.length > 0 && isDeterministic(part);
  if (isMovable && sides.left && used.every((index) => index < width)) placed.left.push(part);
  else if (isMovable && sides.right && used.every((index) => index >= width)) {
    placed.right.push(mapColumns(part, (index) => index - width));
  } else rest.push(part);
}

function distinct(parts: readonly Expression[]): readonly Expression[] {
  const seen: Expression[] = [];
  addNew(seen, parts);
  return seen;
}

const isTrue = (part: Expression): boolean => part.kind === 'literal' && part.value === true;

/** A filter that no padded row passes. */
function narrowed(type: JoinType, above: readonly Expression[], width: number): JoinType {
  if (type !== 'left' && type !== 'right' && type !== 'full') return type;
  const dropsPaddedLeft = type !== 'left' &&
    above.some((part) => isNotTrue(part, (index) => index < width));
  const dropsPaddedRight = type !== 'right' &&
    above.some((part) => isNotTrue(part, (index) => index >= width));
  if (type === 'full') {
    if (dropsPaddedLeft) return dropsPaddedRight ? 'inner' : 'left';
    return dropsPaddedRight ? 'right' : 'full';
  }
  return dropsPaddedLeft || dropsPaddedRight ? 'inner' : type;
}

/** What holds for the key of one side holds for the equal key of the other. */
function transfer(type: JoinType, placed: Placed, width: number): void {
  const pairs = placed.condition.flatMap((part) => equalColumns(part, width));
  const toRight = (index: number): number | undefined =>
    pairs.find(([left]) => left === index)?.[1];
  const toLeft = (index: number): number | undefined =>
    pairs.find(([, right]) => right === index)?.[0];
  const { left, right } = placed;
  const fromLeft = type === 'inner' || type === 'left' || type === 'semi'
    ? left.flatMap((part) => moved(part, toRight)) : [];
  const fromRight = type === 'inner' || type === 'right' || type === 'semi'
    ? right.flatMap((part) => moved(part, toLeft)) : [];
  addNew(right, fromLeft);
  addNew(left, fromRight);
}

/** Column of the left, column of the right side (counting its own) of an equality. */
function equalColumns(part: Expression, width: number): readonly (readonly [number, number])[] {
  if (part.kind !== 'call' || part.name !== '=') return [];
  const [a, b] = part.arguments;
  if (a?.kind !== 'column' || b?.kind !== 'column') return [];
  const [first, second] = a.index < b.index ? [a.index, b.index] : [b.index, a.index];
  return first < width && second >= width ? [[first, second - width]] : [];
}

/** Only what cannot fail: it is evaluated for more rows than before. */
const SAFE: ReadonlySet<string> = new Set([
  '=', '<>', '<', '<=', '>', '>=', 'AND', 'OR', 'IS NOT NULL',
]);

function moved(
  part: Expression, map: (index: number) => number | undefined,
): readonly Expression[] {
  const isSafe = !contains(part, (one) => one.kind === 'call' && !SAFE.has(one.name));
  const isMapped = [...columnsIn(part)].every((index) => map(index) !== undefined);
  return isSafe && isMapped ? [mapColumns(part, (index) => map(index) ?? index)] : [];
}

function addNew(list: Expression[], more: readonly Expression[]): void {
  for (const one of more) {
    if (!list.some((other) => expressionsEqual(one, other))) list.push(one);
  }
}

/** Equality operators whose sides may become keys. */
const KEY_OPERATORS: ReadonlySet<string> = new Set(['=', 'IS NOT DISTINCT FROM']);

/**
 * The join with each side of an equality as a column: expressions are computed below the join
 * and dropped above it. The join itself if there is nothing to do.
 */
export function withKeyColumns(node: Join): LogicalNode {
  const width = node.left.schema.length;
  const left = new KeySide(node.left);
  const right = new KeySide(node.right);
  const parts = conjuncts(node.condition).map((part) => {
    const sides = keySides(part, width);
    if (sides === undefined || part.kind !== 'call') return part;
    const [a, b] = sides.leftFirst ? part.arguments : [...part.arguments].reverse();
    const first = left.columnOf(a!, 0);
    const second = right.columnOf(b!, width);
    return { ...part, arguments: sides.leftFirst ? [first, second] : [second, first] };
  });
  if (left.added + right.added === 0) return node;
  const move = (index: number): number =>
    index < 0 ? left.width - index - 1 : index < width ? index : index + left.added;
  const condition = conjunction(parts.map((part) => mapColumns(part, move))) ?? TRUE;
  const wide = withStateTtl(
    join(left.node(), right.node(), node.joinType, condition, node.asOf), node);
  if (node.joinType === 'semi' || node.joinType === 'anti') {
    return project(wide, node.schema.map((field, i) => column(i, field.type)),
      node.schema.map((field) => field.name));
  }
  const kept = node.schema.map((field, i) => column(i < width ? i : i + left.added, field.type));
  return project(wide, kept, node.schema.map((field) => field.name));
}

/** Which side each argument of an equality belongs to; undefined if it joins nothing. */
function keySides(
  part: Expression, width: number,
): { readonly leftFirst: boolean } | undefined {
  if (part.kind !== 'call' || !KEY_OPERATORS.has(part.name)) return undefined;
  if (!isDeterministic(part)) return undefined;
  const [a, b] = part.arguments.map((one) => sideOf(one, width));
  if (a === 'left' && b === 'right') return { leftFirst: true };
  return a === 'right' && b === 'left' ? { leftFirst: false } : undefined;
}

function sideOf(part: Expression, width: number): 'left' | 'right' | undefined {
  const used = [...columnsIn(part)];
  if (used.length === 0) return undefined;
  if (used.every((index) => index < width)) return 'left';
  return used.every((index) => index >= width) ? 'right' : undefined;
}

/** One side of a join with the key expressions that were put behind its columns. */
class KeySide {
  readonly width: number;
  private readonly expressions: Expression[] = [];

  constructor(private readonly input: LogicalNode) {
    this.width = input.schema.length;
  }

  get added(): number {
    return this.expressions.length;
  }

  /**
   * The column that holds the expression, which counts from `offset`. Columns that are new on the
   * left side are -1, -2, ... until its width is known.
   */
  columnOf(expression: Expression, offset: number): Expression {
    if (expression.kind === 'column') return expression;
    const own = mapColumns(expression, (index) => index - offset);
    const known = this.expressions.findIndex((one) => expressionsEqual(one, own));
    const place = known >= 0 ? known : this.expressions.push(own) - 1;
    return column(offset === 0 ? -1 - place : offset + this.width + place, expression.type);
  }

  node(): LogicalNode {
    if (this.expressions.length === 0) return this.input;
    const columns = this.input.schema.map((field, i): Expression => column(i, field.type));
    const names = this.input.schema.map((field) => field.name);
    const added = this.expressions.map((one, i) => keyName(one, names, this.width + i));
    return project(this.input, [...columns, ...this.expressions],
      uniqueNames([...names, ...added]));
  }
}

function keyName(key: Expression, names: readonly string[], index: number): string {
  const source = key.kind === 'call' && key.name === 'CAST' ? key.arguments[0] : undefined;
  return source?.kind === 'column' ? names[source.index] ?? `$f${index}` : `$f${index}`;
}

/** Rows of a regular join are out of step with the watermarks: their times are plain values. */
export function materializeTimes(node: LogicalNode): LogicalNode {
  return transform(node, (one) => {
    if (one.kind !== 'join' || one.asOf !== undefined || joinedWindows(one) !== null) return one;
    if (intervalBounds(one) !== null) return one;
    const left = withoutTimes(one.left);
    const right = withoutTimes(one.right);
    return left === one.left && right === one.right ? one
      : withStateTtl(join(left, right, one.joinType, one.condition), one);
  });
}

function withoutTimes(node: LogicalNode): LogicalNode {
  if (!node.schema.some((field) => field.type.timeAttribute !== undefined)) return node;
  const expressions = node.schema.map((field, i): Expression => {
    const value = column(i, field.type);
    const timeAttribute = timeAttributeOf(node, i);
    if (timeAttribute === undefined) return value;
    const plain = castTo(value, withTimeAttribute(field.type), { zone: 'UTC' });
    return timeAttribute === 'proctime' && plain.kind === 'call'
      ? { ...plain, name: 'PROCTIME_MATERIALIZE' } : plain;
  });
  return project(node, expressions, node.schema.map((field) => field.name));
}
