/**
 * Typed expressions inside the planner: a PlanExpression that also knows how Flink prints it and
 * whether it may be folded, plus calls over groups (`over`, `aggregate`) that never reach a plan.
 */
import type { Position } from '../../errors/index.js';
import { BOOLEAN, notNull, typesEqual, type DataType } from '../../types/data-type.js';
import type { LiteralValue, PlanValue } from '../physical/plan.js';

/** A column of the input, or of the inputs side by side. */
export interface ColumnReference {
  readonly kind: 'column';
  readonly index: number;
  readonly type: DataType;
}

/** A constant; `value` by physical form as in PlanExpression. */
export interface Constant {
  readonly kind: 'literal';
  readonly value: LiteralValue;
  readonly type: DataType;
}

/** A kernel or special form. */
export interface Call {
  readonly kind: 'call';
  readonly kernel: string;
  /** As Flink prints it: `=`, `UPPER`, `CASE`. */
  readonly name: string;
  readonly arguments: readonly Expression[];
  readonly type: DataType;
  readonly options?: { readonly [name: string]: PlanValue };
  /** Of this call alone, arguments aside. */
  readonly deterministic: boolean;
}

/** An aggregate call before the select list is split into Aggregate and Project. */
export interface AggregateExpression {
  readonly kind: 'aggregate';
  /** Row of spec/aggregates.ts. */
  readonly function: string;
  readonly arguments: readonly Expression[];
  readonly filter: Expression | null;
  readonly distinct: boolean;
  readonly type: DataType;
  readonly options?: { readonly [name: string]: PlanValue };
}

/** One key of an ORDER BY. */
export interface OrderKey {
  readonly expression: Expression;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

/** Rows from `preceding` (rows, or ms of the order's time; null: the first) to the current one. */
export interface OverFrame {
  readonly unit: 'rows' | 'range';
  readonly preceding: number | null;
}

/** A function with its OVER clause. */
export interface OverExpression {
  readonly kind: 'over';
  /** ROW_NUMBER, LAG, or a row of spec/aggregates.ts. */
  readonly function: string;
  readonly arguments: readonly Expression[];
  readonly distinct: boolean;
  readonly frame: OverFrame;
  readonly partition: readonly Expression[];
  readonly orderBy: readonly OrderKey[];
  readonly type: DataType;
  readonly options?: { readonly [name: string]: PlanValue };
  /** For errors; does not count where expressions are compared. */
  readonly position?: Position;
}

export type Expression =
  | ColumnReference | Constant | Call | AggregateExpression | OverExpression;

export const column = (index: number, type: DataType): ColumnReference =>
  Object.freeze({ kind: 'column', index, type });

export const constant = (value: LiteralValue, type: DataType): Constant =>
  Object.freeze({ kind: 'literal', value, type });

export const TRUE = constant(true, notNull(BOOLEAN));

type CallParts = Omit<Call, 'kind' | 'deterministic'> & { readonly deterministic?: boolean };

/** A call; deterministic unless said otherwise. */
export function call(parts: CallParts): Call {
  return Object.freeze({ deterministic: true, ...parts, kind: 'call' });
}

/** The kernel's name of the watermark before a row; a column by the time a plan is made. */
export const CURRENT_WATERMARK = 'current_watermark';

/** The parts an expression is made of, in the order in which `withChildren` takes them back. */
export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'column':
    case 'literal':
      return [];
    case 'call':
      return expression.arguments;
    case 'aggregate':
      return expression.filter === null
        ? expression.arguments : [...expression.arguments, expression.filter];
    case 'over':
      return [...expression.arguments, ...expression.partition,
        ...expression.orderBy.map((key) => key.expression)];
  }
}

/** The same expression over other parts: as many as `childrenOf` gave. */
export function withChildren(
  expression: Expression, children: readonly Expression[],
): Expression {
  switch (expression.kind) {
    case 'column':
    case 'literal':
      return expression;
    case 'call':
      return Object.freeze({ ...expression, arguments: children });
    case 'aggregate':
      return Object.freeze({
        ...expression,
        arguments: children.slice(0, expression.arguments.length),
        filter: expression.filter === null ? null : children.at(-1) ?? null,
      });
    case 'over': {
      const keysAt = expression.arguments.length;
      const orderAt = keysAt + expression.partition.length;
      return Object.freeze({
        ...expression,
        arguments: children.slice(0, keysAt),
        partition: children.slice(keysAt, orderAt),
        orderBy: children.slice(orderAt).map((child, i) => ({
          descending: expression.orderBy[i]?.descending ?? false,
          nullsFirst: expression.orderBy[i]?.nullsFirst ?? true,
          expression: child,
        })),
      });
    }
  }
}

/** Rebuilds from the leaves up; `replace` gives another expression or undefined to keep it. */
export function rewrite(
  expression: Expression, replace: (part: Expression) => Expression | undefined,
): Expression {
  const early = replace(expression);
  if (early !== undefined) return early;
  const children = childrenOf(expression);
  if (children.length === 0) return expression;
  const rebuilt = children.map((child) => rewrite(child, replace));
  return rebuilt.every((child, i) => child === children[i])
    ? expression : withChildren(expression, rebuilt);
}

/** Column references renumbered; what they refer to keeps its type. */
export function mapColumns(expression: Expression, map: (index: number) => number): Expression {
  return rewrite(expression, (part) =>
    part.kind === 'column' ? column(map(part.index), part.type) : undefined);
}

/** Column references with other indexes and types; the types of calls stay as they are. */
export function columnTypesOf(
  expression: Expression,
  map: (index: number, type: DataType) => { readonly index: number; readonly type: DataType },
): Expression {
  return rewrite(expression, (part) => {
    if (part.kind !== 'column') return undefined;
    const { index, type } = map(part.index, part.type);
    return column(index, type);
  });
}

/** Column references replaced by the expressions that make them. */
export function inline(expression: Expression, sources: readonly Expression[]): Expression {
  return rewrite(expression, (part) => (part.kind === 'column' ? sources[part.index] : undefined));
}

export function contains(
  expression: Expression, test: (part: Expression) => boolean,
): boolean {
  return test(expression) || childrenOf(expression).some((child) => contains(child, test));
}

export function columnsIn(expression: Expression, into: Set<number> = new Set()): Set<number> {
  if (expression.kind === 'column') into.add(expression.index);
  for (const child of childrenOf(expression)) columnsIn(child, into);
  return into;
}

/** Number of parts; columns count as what stands for them, if that is given. */
export function expressionSize(expression: Expression, sizes?: readonly number[]): number {
  if (expression.kind === 'column') return sizes?.[expression.index] ?? 1;
  return childrenOf(expression).reduce((sum, child) => sum + expressionSize(child, sizes), 1);
}

export function isDeterministic(expression: Expression): boolean {
  return !contains(expression, (part) => part.kind === 'call' && !part.deterministic);
}

/** Equal in every part; types compared with nullability. */
export function expressionsEqual(a: Expression, b: Expression): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind || !typesEqual(a.type, b.type, true)) return false;
  return headsEqual(a, b) && listsEqual(childrenOf(a), childrenOf(b));
}

function headsEqual(a: Expression, b: Expression): boolean {
  switch (a.kind) {
    case 'column':
      return b.kind === 'column' && a.index === b.index;
    case 'literal':
      return b.kind === 'literal' && literalsEqual(a.value, b.value);
    case 'call':
      return b.kind === 'call' && a.kernel === b.kernel && a.deterministic &&
        optionsEqual(a.options, b.options);
    case 'aggregate':
      return b.kind === 'aggregate' && a.function === b.function && a.distinct === b.distinct &&
        (a.filter === null) === (b.filter === null) && optionsEqual(a.options, b.options);
    case 'over':
      return b.kind === 'over' && a.function === b.function && a.distinct === b.distinct &&
        a.arguments.length === b.arguments.length && optionsEqual(a.options, b.options) &&
        sameWindow(a, b);
  }
}

/** The same partition, order and frame, as far as the number and the form of the keys say. */
function sameWindow(a: OverExpression, b: OverExpression): boolean {
  return a.partition.length === b.partition.length && a.frame.unit === b.frame.unit &&
    a.frame.preceding === b.frame.preceding && a.orderBy.length === b.orderBy.length &&
    a.orderBy.every((key, i) => key.descending === b.orderBy[i]?.descending &&
      key.nullsFirst === b.orderBy[i]?.nullsFirst);
}

/** Whether two calls stand over the same window. */
export function windowsEqual(a: OverExpression, b: OverExpression): boolean {
  const keys = (one: OverExpression): readonly Expression[] =>
    childrenOf(one).slice(one.arguments.length);
  return sameWindow(a, b) && listsEqual(keys(a), keys(b));
}

function literalsEqual(a: LiteralValue, b: LiteralValue): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) {
    return a.length === b.length && a.every((byte, i) => byte === b[i]);
  }
  return Object.is(a, b);
}

function optionsEqual(a: Call['options'], b: Call['options']): boolean {
  return a === b || planValueText(a ?? null) === planValueText(b ?? null);
}

/** A plain value as text: equal values, equal texts. */
export function planValueText(value: PlanValue): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part === 'bigint') return `${part}n`;
    return part instanceof Uint8Array ? Buffer.from(part).toString('hex') : part;
  });
}

function listsEqual(a: readonly Expression[], b: readonly Expression[]): boolean {
  return a.length === b.length && a.every((part, i) => {
    const other = b[i];
    return other !== undefined && expressionsEqual(part, other);
  });
}

/** The operands of a conjunction, nested ANDs flattened. */
export function conjuncts(condition: Expression): readonly Expression[] {
  if (condition.kind !== 'call' || condition.kernel !== 'and') return [condition];
  return condition.arguments.flatMap(conjuncts);
}

/** AND of all; null of none. */
export function conjunction(parts: readonly Expression[]): Expression | null {
  const [first, ...rest] = parts;
  if (first === undefined || rest.length === 0) return first ?? null;
  const nullable = parts.some((part) => part.type.nullable);
  return call({
    kernel: 'and', name: 'AND', arguments: parts, type: nullable ? BOOLEAN : notNull(BOOLEAN),
  });
}
