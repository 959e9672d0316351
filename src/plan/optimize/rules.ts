/**
 * The optimizer: one ordered list of rules, each a pure function from plan to plan. No rule moves
 * an error to where there was none, and none changes what a query returns.
 */
import type { LogicalNode } from '../logical/node.js';
import type { ConvertContext } from '../physical/context.js';
import { dropNeedlessDistinct } from './distinct.js';
import { foldConstants } from './fold.js';
import { materializeTimes } from './join.js';
import { mergeCalcs } from './merge.js';
import { fieldsBelowWatermark, scanPaths } from './nested-fields.js';
import { extractOver, overToAggregate } from './over.js';
import { pruneColumns } from './prune.js';
import { reduceAggregates } from './reduce-aggregates.js';
import { filterToRank, rankBelowProject } from './rank.js';
import { splitDistinct } from './split-distinct.js';
import { windowAggregates } from './window-aggregate.js';

export interface RuleContext {
  /** Session zone. */
  readonly zone: string;
  readonly phases?: ConvertContext['phases'];
}

export interface Rule {
  readonly name: string;
  readonly apply: (node: LogicalNode, context: RuleContext) => LogicalNode;
}

/** In this order, each once. */
export const RULES: readonly Rule[] = [
  { name: 'fold-constants', apply: foldConstants },
  { name: 'reduce-aggregates', apply: reduceAggregates },
  { name: 'extract-over', apply: extractOver },
  { name: 'merge-calcs', apply: mergeCalcs },
  { name: 'drop-needless-distinct', apply: dropNeedlessDistinct },
  { name: 'merge-calcs-under-distinct', apply: mergeCalcs },
  { name: 'filter-to-rank', apply: filterToRank },
  { name: 'over-to-aggregate', apply: overToAggregate },
  { name: 'merge-calcs-over-rank', apply: mergeCalcs },
  { name: 'window-aggregates', apply: windowAggregates },
  { name: 'merge-calcs-over-windows', apply: mergeCalcs },
  { name: 'split-distinct', apply: splitDistinct },
  { name: 'rank-below-project', apply: rankBelowProject },
  { name: 'prune-columns', apply: pruneColumns },
  { name: 'merge-pruned-calcs', apply: mergeCalcs },
  { name: 'fields-below-watermark', apply: fieldsBelowWatermark },
  { name: 'prune-rows', apply: pruneColumns },
  { name: 'join-times', apply: materializeTimes },
  { name: 'merge-last-calcs', apply: mergeCalcs },
  { name: 'scan-paths', apply: scanPaths },
  { name: 'fold-merged-constants', apply: foldConstants },
];
