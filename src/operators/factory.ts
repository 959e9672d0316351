/**
 * From a plan node to the operator that runs it: one line a kind. Sinks, which are connectors, are
 * in connectors/factory.ts; native/operators/factory.cpp is the same table of the native engine.
 */
import { fail } from '../errors/index.js';
import type { NodeKind, PhysicalNode } from '../plan/physical/plan.js';
import type { RowField } from '../types/data-type.js';
import { makeCalc } from './calc.js';
import { makeChangelogNormalize } from './changelog-normalize.js';
import { makeCorrelate } from './correlate.js';
import { makeDeduplicate } from './deduplicate.js';
import { makeDropUpdateBefore } from './drop-update-before.js';
import { makeExpand } from './expand.js';
import { makeFromChangelog } from './from-changelog.js';
import { makeGlobalGroupAggregate } from './global-group-aggregate.js';
import { makeGroupAggregate } from './group-aggregate.js';
import { makeIntervalJoin } from './interval-join.js';
import { makeJoin } from './join.js';
import { makeLimit } from './limit.js';
import { makeLocalGroupAggregate } from './local-group-aggregate.js';
import { makeLookupJoin } from './lookup-join.js';
import { makeMatch } from './match.js';
import type { Operator, OperatorContext } from './operator.js';
import { makeOverAggregate } from './over-aggregate.js';
import { makeRank } from './rank.js';
import { makeSessionWindow } from './session-window.js';
import { makeSinkConflict } from './sink-conflict.js';
import { makeSinkUpsertMaterialize } from './sink-upsert-materialize.js';
import { makeTemporalJoin } from './temporal-join.js';
import { makeTemporalSort } from './temporal-sort.js';
import { makeToChangelog } from './to-changelog.js';
import { makeUnion } from './union.js';
import { makeWatermarkAssigner } from './watermark-assigner.js';
import { makeWindowAggregate } from './window-aggregate.js';
import { makeWindowDeduplicate } from './window-deduplicate.js';
import { makeWindowJoin } from './window-join.js';
import { makeWindowRank } from './window-rank.js';
import { makeWindowTableFunction } from './window-table-function.js';

/** Makes an operator; throws a MillraceError for what it cannot serve. */
export type MakeOperator<Node extends PhysicalNode> = (
  node: Node,
  /** One an input. */
  inputSchemas: readonly (readonly RowField[])[],
  context: OperatorContext,
) => Operator;

/** Kinds that the pipeline itself runs. */
type PipelineKind = 'source' | 'values' | 'sink' | 'exchange';
type OperatorKind = Exclude<NodeKind, PipelineKind>;
type OperatorTable = {
  readonly [Kind in OperatorKind]?: MakeOperator<Extract<PhysicalNode, { kind: Kind }>>;
};

const OPERATORS: OperatorTable = {
  calc: makeCalc,
  'changelog-normalize': makeChangelogNormalize,
  correlate: makeCorrelate,
  deduplicate: makeDeduplicate,
  'drop-update-before': makeDropUpdateBefore,
  expand: makeExpand,
  'from-changelog': makeFromChangelog,
  'global-group-aggregate': makeGlobalGroupAggregate,
  'group-aggregate': makeGroupAggregate,
  'interval-join': makeIntervalJoin,
  join: makeJoin,
  limit: makeLimit,
  'local-group-aggregate': makeLocalGroupAggregate,
  'lookup-join': makeLookupJoin,
  match: makeMatch,
  'over-aggregate': makeOverAggregate,
  rank: makeRank,
  'session-window': makeSessionWindow,
  'sink-conflict': makeSinkConflict,
  'sink-upsert-materialize': makeSinkUpsertMaterialize,
  'temporal-join': makeTemporalJoin,
  'temporal-sort': makeTemporalSort,
  'to-changelog': makeToChangelog,
  union: makeUnion,
  'watermark-assigner': makeWatermarkAssigner,
  'window-aggregate': makeWindowAggregate,
  'window-deduplicate': makeWindowDeduplicate,
  'window-join': makeWindowJoin,
  'window-rank': makeWindowRank,
  'window-table-function': makeWindowTableFunction,
};

/** The kinds of the table. */
export const operatorKinds: readonly string[] = Object.keys(OPERATORS);

/** The operator of any node but sources, values, exchanges and sinks. */
export function makeOperator(
  node: PhysicalNode, inputSchemas: readonly (readonly RowField[])[], context: OperatorContext,
): Operator {
  const row = OPERATORS[node.kind as OperatorKind];
  if (row === undefined) fail('MR2104', { engine: 'fallback', feature: node.kind });
  return (row as MakeOperator<PhysicalNode>)(node, inputSchemas, context);
}
