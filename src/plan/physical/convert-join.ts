/**
 * Regular joins: which equalities are keys, what names a row of each input (it decides how state
 * is laid out, and so what is emitted), and what the output carries. After Flink's
 * StreamPhysicalJoin, JoinUtil and FlinkRelMdUpsertKeys.
 */
import { ticksPerSecond, physicalOf, type DataType } from '../../types/data-type.js';
import { fail } from '../../errors/index.js';
import { conjunction, conjuncts, type Expression, TRUE } from '../logical/expression.js';
import { intervalBounds, type IntervalBounds } from '../logical/interval-join.js';
import type { Join } from '../logical/node.js';
import { joinedWindows, type JoinedWindows } from '../logical/window-join.js';
import type { ConvertContext } from './context.js';
import { convertTemporalJoin } from './convert-temporal-join.js';
import { exchangeBefore } from './exchange.js';
import type { WindowSpec } from './plan.js';
import { APPEND, isInsertOnly, type JoinOp, type Rel, type Traits, type UniqueSpec }
  from './rel.js';
import { keysWith } from './traits.js';
import { attachedWindow } from './window-spec.js';

export function convertJoin(node: Join, left: Rel, right: Rel, context: ConvertContext): Rel {
  if (node.asOf !== undefined) return convertTemporalJoin(node, node.asOf, left, right);
  const windows = joinedWindows(node);
  if (windows !== null) return convertWindowJoin(node, windows, [left, right], context);
  const bounds = intervalBounds(node);
  if (bounds !== null) return convertIntervalJoin(node, bounds, [left, right], context);
  const { keys, rest } = splitCondition(node, conjuncts(node.condition));
  const leftKeys = keys.map((key) => key.left);
  const rightKeys = keys.map((key) => key.right);
  const op: JoinOp = {
    kind: 'join', joinType: node.joinType, leftKeys, rightKeys,
    filterNulls: keys.map((key) => key.filterNull),
    condition: conjunction(rest), where: node.condition,
    leftState: uniqueSpec(left.traits, leftKeys), rightState: uniqueSpec(right.traits, rightKeys),
    ...(node.stateTtl === undefined ? {} : { stateTtl: node.stateTtl }),
  };
  return {
    op, inputs: [exchangeBefore(left, leftKeys), exchangeBefore(right, rightKeys)],
    schema: node.schema, traits: joinTraits(op, left, right),
  };
}

/** Rows meet once, when their window closes. */
function convertWindowJoin(
  node: Join, windows: JoinedWindows, inputs: readonly [Rel, Rel], context: ConvertContext,
): Rel {
  if (!inputs.every((input) => isInsertOnly(input.traits))) {
    fail('MR2100', { feature: 'window join over updating rows' });
  }
  if (windows.left.shape.isProctime === true) {
    fail('MR2100', { feature: 'window join over processing time' });
  }
  const { keys, rest } = splitCondition(node, windows.rest);
  const leftKeys = keys.map((key) => key.left);
  const rightKeys = keys.map((key) => key.right);
  const windowOf = ({ shape, start, end, timeType }: JoinedWindows['left']): WindowSpec =>
    attachedWindow(shape, start, end, timeType, context.zone);
  return {
    op: {
      kind: 'window-join', joinType: node.joinType, leftKeys, rightKeys,
      filterNulls: keys.map((key) => key.filterNull), condition: conjunction(rest),
      where: conjunction(windows.rest) ?? TRUE,
      leftWindow: windowOf(windows.left), rightWindow: windowOf(windows.right),
    },
    inputs: [exchangeBefore(inputs[0], leftKeys), exchangeBefore(inputs[1], rightKeys)],
    schema: node.schema, traits: APPEND,
  };
}

/** Rows meet whose times lie apart as the condition says. */
function convertIntervalJoin(
  node: Join, bounds: IntervalBounds, inputs: readonly [Rel, Rel], context: ConvertContext,
): Rel {
  if (!inputs.every((input) => isInsertOnly(input.traits))) {
    fail('MR2100', { feature: 'interval join over updating rows' });
  }
  const { keys, rest } = splitCondition(node, bounds.rest);
  const leftKeys = keys.map((key) => key.left);
  const rightKeys = keys.map((key) => key.right);
  return {
    op: {
      kind: 'interval-join', joinType: node.joinType, leftKeys, rightKeys, bounds,
      filterNulls: keys.map((key) => key.filterNull), condition: conjunction(rest),
      where: node.condition, minCleanupMs: context.minCleanupMs,
    },
    inputs: [exchangeBefore(inputs[0], leftKeys), exchangeBefore(inputs[1], rightKeys)],
    schema: node.schema, traits: APPEND,
  };
}

export interface JoinKey {
  readonly left: number;
  readonly right: number;
  /** `=`: NULL meets nothing; IS NOT DISTINCT FROM: NULL meets NULL. */
  readonly filterNull: boolean;
}

/** Equalities of columns that hash alike are keys, everything else is evaluated pair by pair. */
export function splitCondition(
  node: Join, parts: readonly Expression[],
): { readonly keys: readonly JoinKey[]; readonly rest: readonly Expression[] } {
  const width = node.left.schema.length;
  const keys: JoinKey[] = [];
  const rest: Expression[] = [];
  for (const part of parts) {
    const key = keyOf(part, width);
    if (key !== undefined) keys.push(key);
    else if (part.kind !== 'literal' || part.value !== true) rest.push(part);
  }
  return { keys, rest };
}

function keyOf(part: Expression, width: number): JoinKey | undefined {
  if (part.kind !== 'call') return undefined;
  if (part.name !== '=' && part.name !== 'IS NOT DISTINCT FROM') return undefined;
  const [a, b] = part.arguments;
  if (a?.kind !== 'column' || b?.kind !== 'column' || !hashAlike(a.type, b.type)) return undefined;
  const [left, right] = a.index < b.index ? [a.index, b.index] : [b.index, a.index];
  if (left >= width || right < width) return undefined;
  return { left, right: right - width, filterNull: part.name === '=' };
}

const NESTED: ReadonlySet<string> = new Set(['row', 'array', 'map']);

/** Whether equal values of both types have equal bits. */
function hashAlike(a: DataType, b: DataType): boolean {
  const physical = physicalOf(a);
  if (physical !== physicalOf(b) || NESTED.has(physical)) return false;
  if (a.root === 'DECIMAL' || b.root === 'DECIMAL') return a.root === b.root && a.scale === b.scale;
  const isTime = (type: DataType): boolean => type.root.startsWith('TIMESTAMP');
  if (!isTime(a) && !isTime(b)) return true;
  return a.root === b.root &&
    ticksPerSecond(a.precision ?? 6) === ticksPerSecond(b.precision ?? 6);
}

type Columns = readonly number[];

const isWithin = (part: Columns, whole: Columns): boolean =>
  part.every((index) => whole.includes(index));

/** A key inside the join key, else the shortest key there is. */
function uniqueSpec({ upsertKeys }: Traits, joinKeys: Columns): UniqueSpec {
  const shortest = (keys: readonly Columns[]): Columns | undefined =>
    [...keys].sort((a, b) => a.length - b.length)[0];
  const inside = shortest(upsertKeys.filter((key) => isWithin(key, joinKeys)));
  if (inside !== undefined) return { kind: 'join-key', key: inside };
  const key = shortest(upsertKeys);
  return key === undefined ? { kind: 'none', key: [] } : { kind: 'unique-key', key };
}

function joinTraits(op: JoinOp, left: Rel, right: Rel): Traits {
  const { joinType } = op;
  const width = left.schema.length;
  const forwards = joinType === 'inner' || joinType === 'semi';
  const updates = !forwards || left.traits.updates || right.traits.updates;
  const deletes = !forwards || left.traits.deletes || right.traits.deletes;
  const isAppend = forwards && isInsertOnly(left.traits) && isInsertOnly(right.traits);
  const isLeftOnly = joinType === 'semi' || joinType === 'anti';
  const count = isLeftOnly ? width : width + right.schema.length;
  return {
    ...APPEND, updates, deletes,
    upsertKeys: isLeftOnly ? keysWith(left.traits.upsertKeys, op.leftKeys)
      : joinedKeys(op, left, right),
    monotonicity: isAppend ? Array.from({ length: count }, () => 'constant' as const) : [],
  };
}

/** Keys survive the shuffle by the join key if they contain it. */
/** Keys of both sides together; of one side alone where a row meets at most one of the other. */
export function joinedKeys(
  op: Pick<JoinOp, 'joinType' | 'leftKeys' | 'rightKeys'>, left: Rel, right: Rel,
): readonly Columns[] {
  const width = left.schema.length;
  const ofLeft = keysWith(left.traits.upsertKeys, op.leftKeys);
  const ofRight = keysWith(right.traits.upsertKeys, op.rightKeys)
    .map((key) => key.map((index) => index + width));
  const both = ofLeft.flatMap((a) => ofRight.map((b) => [...a, ...b]));
  const isUnique = (traits: Traits, keys: Columns): boolean =>
    traits.upsertKeys.some((key) => isWithin(key, keys));
  const padsLeft = op.joinType === 'right' || op.joinType === 'full';
  const padsRight = op.joinType === 'left' || op.joinType === 'full';
  return [
    ...both,
    ...(isUnique(right.traits, op.rightKeys) && !padsLeft ? ofLeft : []),
    ...(isUnique(left.traits, op.leftKeys) && !padsRight ? ofRight : []),
  ];
}
