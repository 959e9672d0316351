/**
 * Top-N: by window where the windows are closed, as a deduplication where it keeps the first or
 * last row in time, else a Rank whose strategy follows from what the input may change.
 */
import { fail } from '../../errors/index.js';
import type { Rank, Sort } from '../logical/node.js';
import { timeAttributeOf } from '../logical/time-attribute.js';
import { windowColumnsOf } from '../logical/window-columns.js';
import type { ConvertContext } from './context.js';
import { exchangeBefore } from './exchange.js';
import type { SortKey } from './plan.js';
import { APPEND, isInsertOnly, type RankOp, type Rel, type Traits } from './rel.js';
import { keysWith } from './traits.js';
import { attachedWindow } from './window-spec.js';

export function convertRank(node: Rank, below: Rel, context: ConvertContext): Rel {
  return windowRank(node, below, context) ?? deduplicate(node, below) ?? plainRank(node, below);
}

/** Partition keys contain both bounds of a window; it is emitted when the window closes. */
function windowRank(node: Rank, below: Rel, context: ConvertContext): Rel | undefined {
  const columns = windowColumnsOf(node.input);
  if (columns === null || columns.start === null || columns.end === null) return undefined;
  const { start, end, shape, timeType } = columns;
  if (!node.partition.includes(start) || !node.partition.includes(end)) return undefined;
  if (!isInsertOnly(below.traits)) return undefined;
  const partition = node.partition.filter((index) => index !== start && index !== end);
  const input = exchangeBefore(below, partition);
  const window = attachedWindow(shape, start, end, timeType, context.zone);
  const byTime = rowtimeOrder(node);
  if (shape.isProctime === true) refuseProcessingTime(node);
  if (byTime !== undefined) {
    return {
      op: {
        kind: 'window-deduplicate', partition, rowtime: byTime.column,
        keepLast: byTime.descending, windowEnd: end, window,
      },
      inputs: [input], schema: node.schema, traits: APPEND,
    };
  }
  return {
    op: {
      kind: 'window-rank', partition, orderBy: node.orderBy, rankStart: node.start,
      rankEnd: node.end, outputRankNumber: node.outputRankNumber, windowEnd: end, window,
    },
    inputs: [input], schema: node.schema, traits: APPEND,
  };
}

/** Flink has neither. */
function refuseProcessingTime({ input, orderBy: [key] }: Rank): never {
  const isByTime = key !== undefined && timeAttributeOf(input, key.column) !== undefined;
  const what = isByTime ? 'deduplication' : 'Top-N';
  return fail('MR2100', { feature: `window ${what} over processing time` });
}

/** The order of a Top-1 by row time alone: a deduplication. */
function rowtimeOrder(node: Rank): SortKey | undefined {
  const [key, second] = node.orderBy;
  if (key === undefined || second !== undefined || node.end !== 1) return undefined;
  if (node.start !== 1 || node.outputRankNumber) return undefined;
  return timeAttributeOf(node.input, key.column) === 'rowtime' ? key : undefined;
}

/** ROW_NUMBER = 1 ordered by row time only. In Flink it deletes too, as far as EXPLAIN knows. */
function deduplicate(node: Rank, below: Rel): Rel | undefined {
  const [key, second] = node.orderBy;
  if (key === undefined || second !== undefined) return undefined;
  const attribute = timeAttributeOf(node.input, key.column);
  if (attribute === undefined) return undefined;
  if (node.start !== 1 || node.end !== 1 || node.outputRankNumber) return undefined;
  if (!isInsertOnly(below.traits)) return undefined;
  const input = exchangeBefore(below, node.partition);
  const rowtime = attribute === 'rowtime' ? key.column : null;
  const keepLast = key.descending;
  return {
    op: {
      kind: 'deduplicate', keys: node.partition, rowtime, keepLast, timeColumn: key.column,
    },
    inputs: [input], schema: node.schema,
    traits: {
      ...APPEND, updates: keepLast, deletes: keepLast,
      upsertKeys: [[...node.partition].sort((a, b) => a - b)],
    },
  };
}

function plainRank(node: Rank, below: Rel): Rel {
  const input = exchangeBefore(below, node.partition);
  const { strategy, primaryKey } = strategyFor(input.traits, node.partition, node.orderBy);
  return {
    op: {
      kind: 'rank', partition: node.partition, orderBy: node.orderBy, rankStart: node.start,
      rankEnd: node.end, outputRankNumber: node.outputRankNumber, strategy, primaryKey,
      shownAs: 'rank',
    },
    inputs: [input], schema: node.schema, traits: rankTraits(node, input.traits),
  };
}

/** The row number names a row of its partition; so does what named it there before. */
function rankTraits(node: Rank, input: Traits): Traits {
  const keys: (readonly number[])[] = [...keysWith(input.upsertKeys, node.partition)];
  if (node.outputRankNumber) keys.push([...node.partition, node.schema.length - 1]);
  if (node.start === 1 && node.end === 1) keys.push(node.partition);
  return {
    ...APPEND, updates: true, deletes: true,
    upsertKeys: keys.map((key) => [...new Set(key)].sort((a, b) => a - b)),
  };
}

/**
 * append: nothing is ever changed. update-fast: rows are named by a key within their partition
 * and only move up. retract: anything else.
 */
function strategyFor(
  input: Traits, partition: readonly number[], orderBy: readonly SortKey[],
): Pick<RankOp, 'strategy' | 'primaryKey'> {
  if (isInsertOnly(input)) return { strategy: 'append', primaryKey: [] };
  const key = input.upsertKeys.find((one) => partition.every((index) => one.includes(index)));
  const movesUp = input.monotonicity.length > 0 && orderBy.every((sortKey) => {
    const moves = input.monotonicity[sortKey.column];
    return moves === 'constant' || moves === (sortKey.descending ? 'increasing' : 'decreasing');
  });
  return key !== undefined && movesUp
    ? { strategy: 'update-fast', primaryKey: key } : { strategy: 'retract', primaryKey: [] };
}

/** ORDER BY with LIMIT: a Top-N over all rows. */
export function convertSortLimit(node: Sort, below: Rel): Rel {
  if (node.count === null) return temporalSort(node, below);
  const input = exchangeBefore(below, []);
  const { strategy, primaryKey } = strategyFor(input.traits, [], node.orderBy);
  return {
    op: {
      kind: 'rank', partition: [], orderBy: node.orderBy, rankStart: node.offset + 1,
      rankEnd: node.offset + node.count, outputRankNumber: false, strategy, primaryKey,
      shownAs: 'sort-limit',
    },
    inputs: [input], schema: node.schema,
    traits: {
      ...APPEND, updates: true, deletes: true,
      upsertKeys: keysWith(input.traits.upsertKeys, node.orderBy.map((key) => key.column)),
    },
  };
}

/** LIMIT over changing rows: a Top-N in which all rows are equal. */
export function convertUpdatingLimit(node: Sort & { readonly count: number }, input: Rel): Rel {
  return {
    op: {
      kind: 'rank', partition: [], orderBy: [], rankStart: node.offset + 1,
      rankEnd: node.offset + node.count, outputRankNumber: false, strategy: 'retract',
      primaryKey: [], shownAs: 'limit',
    },
    inputs: [input], schema: node.schema,
    traits: { ...APPEND, updates: true, deletes: true, upsertKeys: input.traits.upsertKeys },
  };
}

/** ORDER BY without LIMIT: by a time attribute first. In processing time rows come in order. */
function temporalSort(node: Sort, below: Rel): Rel {
  const [first, ...rest] = node.orderBy;
  const attribute = first === undefined ? undefined : timeAttributeOf(node.input, first.column);
  if (first === undefined || attribute === undefined || first.descending) {
    fail('MR2100', { feature: 'ORDER BY without LIMIT on a column that is no time attribute' });
  }
  if (!isInsertOnly(below.traits)) {
    fail('MR2100', { feature: 'ORDER BY a time attribute over updating rows' });
  }
  if (attribute === 'proctime') {
    if (rest.length === 0) return below;
    fail('MR2100', { feature: 'ORDER BY processing time and further columns' });
  }
  return {
    op: { kind: 'temporal-sort', rowtime: first.column, orderBy: rest },
    inputs: [exchangeBefore(below, [])], schema: node.schema,
    traits: { ...APPEND, upsertKeys: below.traits.upsertKeys },
  };
}

