/**
 * Interval joins: the condition bounds the time of a left row by that of a right row, from below
 * and from above, so that rows need to be kept for a time only. After Flink's IntervalJoinUtil.
 */
import { physicalOf, ticksPerSecond, type DataType, type TimeAttribute }
  from '../../types/data-type.js';
import { evaluateConstant } from '../../expr/evaluate.js';
import {
  columnsIn, conjuncts, constant, isDeterministic, rewrite, type Call, type Expression,
} from './expression.js';
import type { Join } from './node.js';
import { toPlanExpression } from './plan-expression.js';
import { timeAttributeOf } from './time-attribute.js';
import { joinedWindows } from './window-join.js';

/** `left.time` lies in [`right.time` + lowerMs, `right.time` + upperMs]; it may be empty. */
export interface IntervalBounds {
  readonly isRowTime: boolean;
  readonly lowerMs: number;
  readonly upperMs: number;
  /** The time attributes; the right one counts the right input's columns. */
  readonly leftTime: number;
  readonly rightTime: number;
  /** The condition without the bounds. */
  readonly rest: readonly Expression[];
}

const KNOWN = new WeakMap<Join, IntervalBounds | null>();

/**
 * Null where the join is none: it has no bounds, or more than two parts that speak of times, or
 * it joins windows.
 */
export function intervalBounds(node: Join): IntervalBounds | null {
  const known = KNOWN.get(node);
  if (known !== undefined) return known;
  const found = find(node);
  KNOWN.set(node, found);
  return found;
}

function find(node: Join): IntervalBounds | null {
  if (node.joinType === 'semi' || node.joinType === 'anti') return null;
  if (node.asOf !== undefined) return null;
  if (joinedWindows(node) !== null) return null;
  const bounds: Bound[] = [];
  const rest: Expression[] = [];
  for (const part of conjuncts(node.condition)) {
    const bound = boundOf(part, node);
    if (bound === undefined) rest.push(part);
    else bounds.push(bound);
  }
  const [first, second] = bounds;
  if (first === undefined || bounds.length > 2) return null;
  const { isRowTime, leftTime, rightTime } = first;
  const found = { isRowTime, leftTime, rightTime, rest };
  if (second === undefined) {
    return first.direction !== 'both' || first.ms === undefined ? null
      : { ...found, lowerMs: first.ms, upperMs: first.ms };
  }
  const lower = bounds.find((one) => one.direction === 'lower')?.ms;
  const upper = bounds.find((one) => one.direction === 'upper')?.ms;
  if (lower === undefined || upper === undefined) return null;
  return { ...found, lowerMs: lower, upperMs: upper };
}

/** One comparison of both times: the left one is bounded by the right one and some ms. */
interface Bound {
  readonly isRowTime: boolean;
  readonly leftTime: number;
  readonly rightTime: number;
  readonly direction: 'lower' | 'upper' | 'both';
  /** Absent where it is not the same for all rows. */
  readonly ms: number | undefined;
}

/** As seen from what stands left of the operator; `ms` more where equal times do not meet. */
const COMPARISONS: ReadonlyMap<string, readonly [Bound['direction'], ms: number]> = new Map([
  ['>', ['lower', 1]], ['>=', ['lower', 0]], ['<', ['upper', -1]], ['<=', ['upper', 0]],
  ['=', ['both', 0]],
]);

const OPPOSITES = { lower: 'upper', upper: 'lower', both: 'both' } as const;

function boundOf(part: Expression, node: Join): Bound | undefined {
  const comparison = part.kind === 'call' ? COMPARISONS.get(part.name) : undefined;
  if (comparison === undefined) return undefined;
  const [first, second] = (part as Call).arguments.map((one) => timeOf(one, node));
  if (first === undefined || second === undefined) return undefined;
  if (first.side === second.side || first.attribute !== second.attribute) return undefined;
  const [direction, more] = comparison;
  const isLeftFirst = first.side === 'left';
  const [left, right] = isLeftFirst ? [first, second] : [second, first];
  const apart = left.ms === undefined || right.ms === undefined ? undefined : right.ms - left.ms;
  return {
    isRowTime: first.attribute === 'rowtime', leftTime: left.column, rightTime: right.column,
    direction: isLeftFirst ? direction : OPPOSITES[direction],
    ms: apart === undefined ? undefined : apart + (isLeftFirst ? more : -more),
  };
}

/** An expression over one time attribute. */
interface TimeTerm {
  readonly side: 'left' | 'right';
  readonly column: number;
  readonly attribute: TimeAttribute;
  /** How far it is from the attribute. */
  readonly ms: number | undefined;
}

function timeOf(part: Expression, node: Join): TimeTerm | undefined {
  const [index, ...others] = columnsIn(part);
  if (index === undefined || others.length > 0) return undefined;
  const width = node.left.schema.length;
  const side = index < width ? 'left' : 'right';
  const column = side === 'left' ? index : index - width;
  const attribute = timeAttributeOf(side === 'left' ? node.left : node.right, column);
  return attribute === undefined ? undefined
    : { side, column, attribute, ms: offsetOf(part) };
}

/** What the expression is at the beginning of the epoch, as Flink reduces it. */
function offsetOf(part: Expression): number | undefined {
  if (part.kind === 'column') return 0;
  if (!isDeterministic(part) || !part.type.root.startsWith('TIMESTAMP')) return undefined;
  const atEpoch = rewrite(part, (one) => (one.kind === 'column' ? epoch(one.type) : undefined));
  try {
    const value = evaluateConstant(toPlanExpression(atEpoch), { nowMs: 0, zone: 'UTC' });
    if (typeof value !== 'bigint') return undefined;
    return Math.floor(Number(value) * 1000 / ticksPerSecond(part.type.precision ?? 6));
  } catch {
    return undefined;
  }
}

function epoch(type: DataType): Expression {
  return constant(physicalOf(type) === 'i64' ? 0n : 0, type);
}
