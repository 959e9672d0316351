/** CREATE TABLE ... LIKE: a draft over what another table has, feature by feature. */
import { fail } from '../../../errors/index.js';
import type { LikeClause, LikeOption } from '../../../sql/ast/table-definition.js';
import type { DraftColumn, TableDraft } from './draft.js';

type Strategy = LikeOption['strategy'];
type Feature = Exclude<LikeOption['feature'], 'all'>;

const DEFAULTS: Readonly<Record<Feature, Strategy>> = {
  constraints: 'including', distribution: 'including', generated: 'including',
  metadata: 'including', options: 'overwriting', partitions: 'including',
  watermarks: 'including',
};

const CAN_OVERWRITE: ReadonlySet<LikeOption['feature']> =
  new Set(['generated', 'metadata', 'options', 'watermarks'] as const);

/** `own`: what the statement itself says. Its comment is its own, too. */
export function likeTable(own: TableDraft, base: TableDraft, clause: LikeClause): TableDraft {
  const strategies = strategiesOf(clause);
  const { position } = clause;
  const conflict = (what: string, remedy: string): never =>
    fail('MR2010', { name: what }, { position, hint: `write ${remedy}` });
  if (own.primaryKey !== null && base.primaryKey !== null &&
    strategies.constraints !== 'excluding') {
    conflict('primary key of the base table', 'EXCLUDING CONSTRAINTS');
  }
  if (own.partitionedBy.length > 0 && base.partitionedBy.length > 0 &&
    strategies.partitions !== 'excluding') {
    conflict('partitions of the base table', 'EXCLUDING PARTITIONS');
  }
  if (own.distribution !== null && base.distribution !== null &&
    strategies.distribution !== 'excluding') {
    conflict('distribution of the base table', 'EXCLUDING DISTRIBUTION');
  }
  return {
    ...own,
    columns: likeColumns(own.columns, base.columns, strategies),
    options: likeOptions(own, base, strategies.options, conflict),
    watermark: likeWatermark(own, base, strategies.watermarks, conflict),
    primaryKey: own.primaryKey ??
      (strategies.constraints === 'excluding' ? null : base.primaryKey),
    // As in Flink: EXCLUDING only makes room for the statement's own.
    partitionedBy: own.partitionedBy.length > 0 ? own.partitionedBy : base.partitionedBy,
    distribution: own.distribution ?? base.distribution,
  };
}

/** MR2016 for a feature named twice, or OVERWRITING where there is nothing to overwrite. */
function strategiesOf({ options }: LikeClause): Readonly<Record<Feature, Strategy>> {
  const given = new Map<LikeOption['feature'], Strategy>();
  for (const { feature, strategy, position } of options) {
    const name = feature.toUpperCase();
    if (given.has(feature)) {
      fail('MR2016', { detail: `${name} is written twice in LIKE` }, { position });
    }
    if (strategy === 'overwriting' && !CAN_OVERWRITE.has(feature)) {
      fail('MR2016', { detail: `${name} cannot be overwritten` }, { position });
    }
    given.set(feature, strategy);
  }
  const all = given.get('all');
  const strategy = (feature: Feature): Strategy =>
    given.get(feature) ?? (all === 'excluding' ? 'excluding' : DEFAULTS[feature]);
  return {
    constraints: strategy('constraints'), distribution: strategy('distribution'),
    generated: strategy('generated'), metadata: strategy('metadata'),
    options: strategy('options'), partitions: strategy('partitions'),
    watermarks: strategy('watermarks'),
  };
}

/** The base table's columns in their order, then the statement's own. */
function likeColumns(
  own: readonly DraftColumn[], base: readonly DraftColumn[],
  strategies: Readonly<Record<Feature, Strategy>>,
): readonly DraftColumn[] {
  const strategyOf = (column: DraftColumn): Strategy =>
    column.kind === 'computed' ? strategies.generated
      : column.kind === 'metadata' ? strategies.metadata : 'including';
  const kept = base.filter((one) => strategyOf(one) !== 'excluding');
  const overwrites = (one: DraftColumn): boolean => {
    const taken = kept.find((other) => other.name === one.name);
    return taken !== undefined && taken.kind === one.kind && strategyOf(one) === 'overwriting';
  };
  const columns = kept.map((one) =>
    own.find((other) => other.name === one.name && overwrites(other)) ?? one);
  return [...columns, ...own.filter((one) => !overwrites(one))];
}

type Conflict = (what: string, remedy: string) => never;

function likeOptions(
  own: TableDraft, base: TableDraft, strategy: Strategy, conflict: Conflict,
): TableDraft['options'] {
  if (strategy === 'excluding') return own.options;
  const twice = Object.keys(own.options).find((key) => base.options[key] !== undefined);
  if (strategy === 'including' && twice !== undefined) {
    conflict(`option ${twice} of the base table`, 'EXCLUDING OPTIONS or OVERWRITING OPTIONS');
  }
  return { ...base.options, ...own.options };
}

function likeWatermark(
  own: TableDraft, base: TableDraft, strategy: Strategy, conflict: Conflict,
): TableDraft['watermark'] {
  if (strategy === 'excluding' || base.watermark === null) return own.watermark;
  if (own.watermark !== null && strategy === 'including') {
    conflict('watermark of the base table', 'EXCLUDING WATERMARKS or OVERWRITING WATERMARKS');
  }
  return own.watermark ?? base.watermark;
}
