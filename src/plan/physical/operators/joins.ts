/** Joins of two inputs. */
import { fail } from '../../../errors/index.js';
import type { JoinType } from '../../logical/node.js';
import { uniqueNames } from '../../logical/unique-names.js';
import { stateTtlMs } from '../context.js';
import { expressionText, type TextStyle } from '../expression-text.js';
import type { JoinInput } from '../plan.js';
import type {
  IntervalJoinOp, JoinOp, Rel, TemporalJoinOp, UniqueSpec, WindowJoinOp,
} from '../rel.js';
import { conditionOf, isUpdating, orNull, type RowsOf } from './row.js';
import { nameList, selectText, windowText } from './text.js';

const JOIN_NAMES: Readonly<Record<JoinType, string>> = {
  inner: 'InnerJoin', left: 'LeftOuterJoin', right: 'RightOuterJoin', full: 'FullOuterJoin',
  semi: 'LeftSemiJoin', anti: 'LeftAntiJoin',
};

const STATE_NAMES: Readonly<Record<UniqueSpec['kind'], string>> = {
  'join-key': 'JoinKeyContainsUniqueKey', 'unique-key': 'HasUniqueKey', none: 'NoUniqueKey',
};

type AnyJoin = JoinOp | WindowJoinOp | IntervalJoinOp | TemporalJoinOp;

const typeText = (op: AnyJoin): string => `joinType=[${JOIN_NAMES[op.joinType]}]`;

/** The whole condition and the output's columns. */
function whereText(op: AnyJoin, rel: Rel, style: TextStyle): string {
  const names = uniqueNames(rel.inputs.flatMap((input) => nameList(input.schema)));
  return `where=[${expressionText(op.where, names, style)}], ${selectText(rel)}`;
}

function windowJoinText(op: WindowJoinOp, rel: Rel, style: TextStyle): string {
  const [left, right] = rel.inputs.map((input) => input.schema);
  return `WindowJoin(leftWindow=[${windowText(op.leftWindow, left ?? [])}], ` +
    `rightWindow=[${windowText(op.rightWindow, right ?? [])}], ` +
    `${typeText(op)}, ${whereText(op, rel, style)})`;
}

function intervalJoinText(op: IntervalJoinOp, rel: Rel, style: TextStyle): string {
  const { isRowTime, lowerMs, upperMs, leftTime, rightTime } = op.bounds;
  return `IntervalJoin(${typeText(op)}, ` +
    `windowBounds=[isRowTime=${isRowTime}, leftLowerBound=${lowerMs}, ` +
    `leftUpperBound=${upperMs}, leftTimeIndex=${leftTime}, rightTimeIndex=${rightTime}], ` +
    `${whereText(op, rel, style)})`;
}

function joinTtlText({ stateTtl }: JoinOp): string {
  if (stateTtl === undefined) return '';
  const shown = [['LEFT', stateTtl[0]], ['RIGHT', stateTtl[1]]]
    .flatMap(([side, ttl]) => (ttl === null ? [] : [`${side}=${ttl}`]));
  return `, stateTtlHints=[[[STATE_TTL options:{${shown.join(', ')}}]]]`;
}

/** Whether a new row finds what it replaces under the same join key. */
function joinsByKey(op: JoinOp, rel: Rel, index: number): boolean {
  const joinKeys = index === 0 ? op.leftKeys : op.rightKeys;
  const keys = (rel.inputs[index]?.inputs[0] ?? rel.inputs[index])?.traits.upsertKeys ?? [];
  return keys.some((key) => joinKeys.every((one) => key.includes(one)));
}

export const JOINS: RowsOf<'join' | 'window-join' | 'interval-join' | 'temporal-join'> = {
  join: {
    describe: (op, rel, style) => `Join(${typeText(op)}, ${whereText(op, rel, style)}, ` +
      `leftInputSpec=[${STATE_NAMES[op.leftState.kind]}], ` +
      `rightInputSpec=[${STATE_NAMES[op.rightState.kind]}]${joinTtlText(op)})`,
    payload: (op, { rel, takesOldRow, context }) => {
      const inputOf = (index: number, keys: readonly number[], state: UniqueSpec): JoinInput => ({
        keys, uniqueness: state.kind, uniqueKey: state.key,
        takesUpdateBefore: takesOldRow(index), insertOnly: !isUpdating(rel.inputs[index]),
        stateTtlMs: stateTtlMs(op.stateTtl?.[index], context),
      });
      return {
        kind: op.kind, joinType: op.joinType, filterNulls: op.filterNulls,
        left: inputOf(0, op.leftKeys, op.leftState),
        right: inputOf(1, op.rightKeys, op.rightState), condition: orNull(op.condition),
      };
    },
    signature: (op) => [op.kind, op.joinType, op.leftKeys, op.rightKeys, op.leftState,
      op.rightState, op.filterNulls, orNull(op.condition)],
    takesOldRow: (op, { rel, index, oldRow }) => oldRow || !joinsByKey(op, rel, index),
    canDropOldRows: (op, rel, below) => rel.inputs.every((input, i) => !input.traits.updates ||
      (joinsByKey(op, rel, i) && below(input))),
    takesFullDelete: (op, { rel, index, fullDelete }) => fullDelete || !joinsByKey(op, rel, index),
    expressions: conditionOf,
  },
  'window-join': {
    describe: windowJoinText,
    payload: (op) => ({
      kind: op.kind, joinType: op.joinType, filterNulls: op.filterNulls,
      left: { keys: op.leftKeys, windowEnd: op.leftWindow.windowEnd ?? 0 },
      right: { keys: op.rightKeys, windowEnd: op.rightWindow.windowEnd ?? 0 },
      condition: orNull(op.condition), zone: op.leftWindow.zone,
    }),
    signature: (op) => [op.kind, op.joinType, op.leftKeys, op.rightKeys, op.leftWindow,
      op.rightWindow, op.filterNulls, orNull(op.condition)],
    expressions: conditionOf,
  },
  'interval-join': {
    describe: intervalJoinText,
    payload: ({ bounds, ...op }) => {
      if (op.joinType === 'semi' || op.joinType === 'anti') {
        return fail('MR9001', { detail: `interval join of type ${op.joinType}` });
      }
      return {
        kind: op.kind, joinType: op.joinType, filterNulls: op.filterNulls,
        left: { keys: op.leftKeys, time: bounds.leftTime },
        right: { keys: op.rightKeys, time: bounds.rightTime },
        condition: orNull(op.condition), isRowTime: bounds.isRowTime, lowerMs: bounds.lowerMs,
        upperMs: bounds.upperMs, minCleanupMs: op.minCleanupMs,
      };
    },
    signature: ({ bounds, ...op }) => {
      const { leftTime, rightTime, lowerMs, upperMs, isRowTime } = bounds;
      return [op.kind, op.joinType, op.leftKeys, op.rightKeys, op.filterNulls,
        [leftTime, rightTime, lowerMs, upperMs, isRowTime], orNull(op.condition)];
    },
    expressions: conditionOf,
  },
  'temporal-join': {
    describe: (op, rel, style) =>
      `TemporalJoin(${typeText(op)}, ${whereText(op, rel, style)})`,
    payload: (op, { context }) => ({
      kind: op.kind, joinType: op.joinType === 'left' ? 'left' : 'inner',
      left: { keys: op.leftKeys, time: op.leftTime },
      right: { keys: op.rightKeys, time: op.rightTime }, condition: orNull(op.condition),
      stateTtlMs: context.stateTtlMs,
    }),
    signature: (op) => [op.kind, op.joinType, op.leftKeys, op.rightKeys, op.leftTime,
      op.rightTime, orNull(op.condition)],
    takesOldRow: (_op, { index, oldRow }) => index === 0 && oldRow,
    canDropOldRows: (_op, rel, below) => rel.inputs.slice(0, 1).every(below),
    expressions: conditionOf,
  },
};
