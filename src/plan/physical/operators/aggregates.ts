/** Aggregations: of groups, of windows, over rows; and the windows themselves. */
import { stateTtlMs } from '../context.js';
import { literalText } from '../expression-text.js';
import type { LiteralValue } from '../plan.js';
import type { GroupAggregateOp, OverAggregateOp, Rel, WindowAggregateOp } from '../rel.js';
import { globalWindowText } from './phases.js';
import { always, asItIs, isUpdating, type RowsOf } from './row.js';
import {
  aggregateText, type Fields, hintText, inputOf, keysText, nameAt, nameList, orderText, phaseText,
  windowText,
} from './text.js';

/** Grouping columns, then calls. */
function groupedColumns(op: GroupAggregateOp | WindowAggregateOp, rel: Rel): readonly string[] {
  const input = inputOf(rel);
  return [
    ...op.grouping.map((key) => nameAt(input, key)),
    ...op.aggregates.map((call, i) =>
      aggregateText(call, input, nameAt(rel.schema, op.grouping.length + i))),
  ];
}

function groupAggregateText(op: GroupAggregateOp, rel: Rel): string {
  return `GroupAggregate(${keysText('groupBy', op.grouping, inputOf(rel))}` +
    `${phaseText(op.phase)}select=[${groupedColumns(op, rel).join(', ')}]` +
    `${op.phase === undefined ? hintText(op.stateTtl) : ''})`;
}

/** Sessions that are not attached are those of the grouping keys. */
const sessionKeys = ({ window, grouping }: WindowAggregateOp): readonly number[] =>
  (window.kind === 'session' && window.windowEnd === null ? grouping : []);

function windowAggregateText(op: WindowAggregateOp, rel: Rel): string {
  const input = inputOf(rel);
  const columns = groupedColumns(op, rel);
  const properties = op.properties.map((property, i) =>
    `${property}('w$) AS ${nameAt(rel.schema, columns.length + i)}`);
  return `WindowAggregate(${keysText('groupBy', op.grouping, input)}` +
    `window=[${windowText(op.window, input, sessionKeys(op))}], ` +
    `select=[${[...columns, ...properties].join(', ')}])`;
}

function overAggregateText(op: OverAggregateOp, rel: Rel): string {
  const input = inputOf(rel);
  const calls = op.calls.map((call, i) =>
    `${overCallText(call, input)} AS ${nameAt(rel.schema, input.length + i)}`);
  const start = op.preceding === null ? 'UNBOUNDED PRECEDING'
    : op.preceding === 0 && op.unit === 'rows' ? 'CURRENT ROW' : `${op.preceding} PRECEDING`;
  return `OverAggregate(${keysText('partitionBy', op.partition, input)}` +
    `orderBy=[${orderText([op.orderBy], input)}], ` +
    `window=[ ${op.unit.toUpperCase()} BETWEEN ${start} AND CURRENT ROW], ` +
    `select=[${[...nameList(input), ...calls].join(', ')}])`;
}

function overCallText(call: OverAggregateOp['calls'][number], input: Fields): string {
  const parts = call.arguments.length === 0 ? ['*'] : call.arguments.map((i) => nameAt(input, i));
  const { options } = call;
  if (options?.['isOffsetGiven'] === true) parts.splice(1, 0, String(options['offset']));
  if (options?.['hasDefault'] === true) {
    parts.push(literalText((options['default'] ?? null) as LiteralValue, call.type, 'prefix'));
  }
  return `${call.function}(${call.distinct ? 'DISTINCT ' : ''}${parts.join(', ')})`;
}

export const AGGREGATES: RowsOf<
  'group-aggregate' | 'window-aggregate' | 'over-aggregate' | 'window-table-function'
  | 'session-window'
> = {
  'group-aggregate': {
    describe: groupAggregateText,
    payload: ({ phase: _phase, stateTtl, ...rest }, { rel, oldRow, context }) => ({
      ...rest, generateUpdateBefore: oldRow, needRetraction: isUpdating(rel.inputs[0]),
      miniBatch: context.miniBatch, stateTtlMs: stateTtlMs(stateTtl?.[0], context),
    }),
    signature: (op) => [op.kind, op.grouping, op.aggregates],
    takesOldRow: always,
  },
  'window-aggregate': {
    describe: (op, rel) =>
      (op.areTwoPhases ? globalWindowText(op, rel) : windowAggregateText(op, rel)),
    payload: ({ calls: _calls, areTwoPhases: _phases, ...rest }, { rel }) =>
      ({ ...rest, needRetraction: isUpdating(rel.inputs[0]) }),
    signature: (op) => [op.kind, op.grouping, op.aggregates, op.window, op.properties],
    takesOldRow: always,
  },
  'over-aggregate': {
    describe: overAggregateText,
    payload: ({ calls: _calls, ...rest }, { oldRow, context }) =>
      ({ ...rest, generateUpdateBefore: oldRow, stateTtlMs: context.stateTtlMs }),
    signature: (op) =>
      [op.kind, op.partition, op.orderBy, op.mode, op.unit, op.preceding, op.aggregates],
    takesOldRow: always,
  },
  'window-table-function': {
    describe: (op, rel) =>
      `WindowTableFunction(window=[${windowText(op.window, inputOf(rel))}])`,
    payload: asItIs,
    takesOldRow: (_op, { oldRow }) => oldRow,
  },
  'session-window': {
    describe: (op, rel) =>
      `WindowTableFunction(window=[${windowText(op.window, inputOf(rel), op.partition)}])`,
    payload: asItIs, takesOldRow: always,
  },
};
