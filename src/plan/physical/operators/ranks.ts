/** Operators that order rows or count them. */
import type { TextStyle } from '../expression-text.js';
import type { SortKey } from '../plan.js';
import type { DeduplicateOp, RankOp, Rel, WindowDeduplicateOp, WindowRankOp } from '../rel.js';
import { always, asItIs, type RowsOf } from './row.js';
import {
  inputOf, nameAt, namesAt, orderText, risingTime, selectText, windowText,
} from './text.js';

function strategyText(op: RankOp): string {
  if (op.strategy === 'append') return 'AppendFastStrategy';
  if (op.strategy === 'retract') return 'RetractStrategy';
  return `UpdateFastStrategy[${op.primaryKey.join(',')}]`;
}

function rankText(op: RankOp, rel: Rel, style: TextStyle): string {
  const input = inputOf(rel);
  const strategy = strategyText(op);
  const order = orderText(op.orderBy, input, style === 'prefix');
  const fetch = op.rankEnd - op.rankStart + 1;
  if (op.shownAs === 'limit') return `Limit(offset=[${op.rankStart - 1}], fetch=[${fetch}])`;
  if (op.shownAs === 'sort-limit') {
    return `SortLimit(orderBy=[${order}], offset=[${op.rankStart - 1}], fetch=[${fetch}], ` +
      `strategy=[${strategy}])`;
  }
  return `Rank(strategy=[${strategy}], ${rangeText(op)}, ` +
    `partitionBy=[${namesAt(input, op.partition)}], orderBy=[${order}], ${selectText(rel)})`;
}

function rangeText(op: Pick<RankOp, 'rankStart' | 'rankEnd'>): string {
  return `rankType=[ROW_NUMBER], ` +
    `rankRange=[rankStart=${op.rankStart}, rankEnd=${op.rankEnd}]`;
}

function windowRankText(op: WindowRankOp, rel: Rel): string {
  const input = inputOf(rel);
  return `WindowRank(window=[${windowText(op.window, input)}], ${rangeText(op)}, ` +
    `partitionBy=[${namesAt(input, op.partition)}], orderBy=[${orderText(op.orderBy, input)}], ` +
    `${selectText(rel)})`;
}

const keepText = (op: { readonly keepLast: boolean }): string =>
  (op.keepLast ? 'LastRow' : 'FirstRow');

function windowDeduplicateText(op: WindowDeduplicateOp, rel: Rel): string {
  const input = inputOf(rel);
  return `WindowDeduplicate(window=[${windowText(op.window, input)}], keep=[${keepText(op)}], ` +
    `partitionKeys=[${namesAt(input, op.partition)}], ` +
    `orderKey=[${nameAt(input, op.rowtime)}], order=[ROWTIME])`;
}

/** Before translation it is still a Rank, in Flink too. */
function deduplicateText(op: DeduplicateOp, rel: Rel, style: TextStyle): string {
  const input = inputOf(rel);
  if (style === 'prefix') {
    const key: SortKey = {
      column: op.timeColumn, descending: op.keepLast, nullsFirst: !op.keepLast,
    };
    return `Rank(strategy=[AppendFastStrategy], ${rangeText({ rankStart: 1, rankEnd: 1 })}, ` +
      `partitionBy=[${namesAt(input, op.keys)}], orderBy=[${orderText([key], input, true)}], ` +
      `${selectText(rel)})`;
  }
  const order = op.rowtime === null ? 'PROCTIME' : 'ROWTIME';
  return `Deduplicate(keep=[${keepText(op)}], key=[${namesAt(input, op.keys)}], ` +
    `order=[${order}], outputInsertOnly=[${!rel.traits.updates}])`;
}

export const RANKS: RowsOf<
  'rank' | 'window-rank' | 'window-deduplicate' | 'deduplicate' | 'temporal-sort' | 'limit'
> = {
  rank: {
    describe: rankText,
    payload: ({ shownAs: _shown, ...rest }, { oldRow, context }) =>
      ({ ...rest, generateUpdateBefore: oldRow, stateTtlMs: context.stateTtlMs }),
    takesOldRow: (op) => op.strategy === 'retract',
  },
  'window-rank': {
    describe: windowRankText,
    payload: ({ window, ...rest }) => ({ ...rest, zone: window.zone }),
  },
  'window-deduplicate': {
    describe: windowDeduplicateText,
    payload: ({ window, ...rest }) => ({ ...rest, zone: window.zone }),
  },
  deduplicate: {
    describe: deduplicateText,
    payload: ({ timeColumn: _shown, ...rest }, { oldRow, context }) =>
      ({ ...rest, generateUpdateBefore: oldRow, stateTtlMs: context.stateTtlMs }),
  },
  'temporal-sort': {
    describe: (op, rel) => `TemporalSort(orderBy=[${
      orderText([risingTime(op.rowtime), ...op.orderBy], inputOf(rel))}])`,
    payload: asItIs,
  },
  limit: {
    describe: (op) => `Limit(offset=[${op.offset}], fetch=[${op.count}])`,
    payload: asItIs, takesOldRow: always,
  },
};
