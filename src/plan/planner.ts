/**
 * The planner: statements of the syntax tree to physical plans. Pure but for reading the catalog.
 */
import { fail } from '../errors/index.js';
import type { Catalog } from '../catalog/catalog.js';
import type { CreateTable } from '../sql/ast/create.js';
import type { Query } from '../sql/ast/query.js';
import type { ExplainDetail, Insert, QueryStatement, Statement, StatementSet }
  from '../sql/ast/statement.js';
import type { RowField } from '../types/data-type.js';
import { openSession } from './bind/session.js';
import { bindCollect, bindInserts, bindTableAs } from './bind/statement.js';
import type { SessionConfig } from './config.js';
import { atPlaceOf, type Sink } from './logical/node.js';
import { explainText } from './explain.js';
import { optimize } from './optimize/optimize.js';
import type { ConvertContext, PhaseSettings, SinkSettings } from './physical/context.js';
import { convert } from './physical/convert.js';
import { chooseEngines, type CapabilityTable, type EngineChoice } from './physical/islands.js';
import { lower, type LoweredPlan } from './physical/lower.js';
import type { MiniBatch, PhysicalPlan } from './physical/plan.js';
import type { Rel } from './physical/rel.js';
import { shareSources } from './physical/share-sources.js';
import { withShownOperators } from './physical/shown-operators.js';

/** What can be planned: statements that become a job. */
export type PlannableStatement = QueryStatement | Insert | StatementSet | CreateTable;

export interface PlannedStatement {
  readonly plan: PhysicalPlan;
  /** Of a query: names and types of its columns, as Flink prints them. Of INSERTs: empty. */
  readonly schema: readonly RowField[];
  /** Of a query: whether its rows are never changed. */
  readonly insertOnly: boolean;
}

/** Every stage of planning a statement; EXPLAIN shows them. */
export interface PlanStages {
  readonly logical: readonly Sink[];
  readonly optimized: readonly Sink[];
  readonly physical: readonly Rel[];
  readonly lowered: LoweredPlan;
}

/** Plans statements of one session. */
export class Planner {
  readonly #catalog: Catalog;
  readonly #config: SessionConfig;

  constructor(catalog: Catalog, config: SessionConfig) {
    this.#catalog = catalog;
    this.#config = config;
  }

  plan(statement: Statement | Query): PlannedStatement {
    const stages = this.stages(statement);
    const { plan } = stages.lowered;
    const [root] = stages.logical;
    const isQuery = root?.table === null;
    const [physical] = stages.physical;
    const input = physical?.inputs[0]?.traits;
    return {
      plan,
      schema: isQuery ? root.schema : [],
      insertOnly: input !== undefined && !input.updates && !input.deletes,
    };
  }

  /** An error without a place of its own is at the statement's. */
  stages(statement: Statement | Query): PlanStages {
    return atPlaceOf(statement, () => this.#stages(statement));
  }

  #stages(statement: Statement | Query): PlanStages {
    const logical = this.#bind(statement);
    const context = this.#context();
    const optimized = logical.map((sink) => optimize(sink, context));
    const converted = optimized.map((sink) => convert(sink, context));
    const physical = context.reusesPlans && context.reusesSources
      ? shareSources(converted) : converted;
    return { logical, optimized, physical, lowered: lower(physical, context) };
  }

  /** EXPLAIN's text. `capabilities` say what each engine can run. */
  explain(
    statement: Statement | Query, capabilities: CapabilityTable,
    details: readonly ExplainDetail[] = [], choice: EngineChoice = this.engine,
  ): string {
    if (statement.kind === 'explain') {
      return this.explain(statement.statement, capabilities,
        [...statement.details, ...details], choice);
    }
    const stages = this.stages(statement);
    const roots = stages.physical.flatMap((root) =>
      (root.op.kind === 'sink' && root.op.connector === 'collect' ? root.inputs : [root]));
    const engines = chooseEngines(
      stages.lowered.plan, choice, capabilities, this.fallbackOperators,
    );
    const context = this.#context();
    const shown = lower(withShownOperators(roots, context), context);
    const parallelism = this.#config.integer('parallelism.default');
    return explainText(stages, shown, engines, { details, context, parallelism });
  }

  /** The engine asked for. */
  get engine(): EngineChoice {
    const text = this.#config.text('millrace.engine').toLowerCase();
    return text === 'native' || text === 'fallback' ? text : 'auto';
  }

  /** Kinds and numbers of nodes that `auto` is to leave to the fallback. */
  get fallbackOperators(): ReadonlySet<string> {
    const texts = this.#config.text('millrace.engine.fallback-operators').split(',');
    return new Set(texts.map((text) => text.trim()).filter((text) => text !== ''));
  }

  #bind(statement: Statement | Query): readonly Sink[] {
    const session = openSession(this.#catalog, this.#config);
    switch (statement.kind) {
      case 'query':
        return [bindCollect(session, statement)];
      case 'query-statement':
        return [bindCollect(session, statement.query)];
      case 'insert':
        return bindInserts(session, [statement]);
      case 'statement-set':
        return bindInserts(session, statement.inserts);
      case 'create-table':
        return statement.query === undefined ? unplannable(statement)
          : [bindTableAs(session, statement, statement.query)];
      default:
        return unplannable(statement);
    }
  }

  #context(): ConvertContext {
    const config = this.#config;
    if (config.text('execution.runtime-mode').toLowerCase() !== 'streaming') {
      fail('MR2100', { feature: 'execution.runtime-mode other than streaming' });
    }
    return {
      zone: config.zone, stateTtlMs: config.durationMs('table.exec.state.ttl'),
      lookupMostRows: config.integer('millrace.lookup.max-rows'),
      miniBatch: miniBatchOf(config), phases: phaseSettings(config), sinks: sinkSettings(config),
      idleTimeoutMs: config.durationMs('table.exec.source.idle-timeout'),
      minCleanupMs: config.durationMs('table.exec.interval-join.min-cleanup-interval'),
      reusesPlans: config.boolean('table.optimizer.reuse-sub-plan-enabled'),
      reusesSources: config.boolean('table.optimizer.reuse-source-enabled'),
      pushesFilters: config.boolean('table.optimizer.source.predicate-pushdown-enabled'),
      hasDuplicateEvents: config.boolean('table.exec.source.cdc-events-duplicate'),
    };
  }
}

function phaseSettings(config: SessionConfig): PhaseSettings {
  return {
    areTwo: config.text('table.optimizer.agg-phase-strategy').toUpperCase() !== 'ONE_PHASE',
    buckets: config.boolean('table.optimizer.distinct-agg.split.enabled')
      ? config.integer('table.optimizer.distinct-agg.split.bucket-num') : null,
    areMerged: config.boolean('table.optimizer.incremental-agg-enabled'),
  };
}

const NESTED: Readonly<Record<string, SinkSettings['nested']>> = {
  ROWS: 'rows', ROWS_AND_COLLECTIONS: 'collections',
};

const LENGTHS: Readonly<Record<string, SinkSettings['lengths']>> = {
  TRIM_PAD: 'trim-pad', ERROR: 'error',
};

function sinkSettings(config: SessionConfig): SinkSettings {
  return {
    upsertMaterialize: config.text('table.exec.sink.upsert-materialize')
      .toUpperCase() as SinkSettings['upsertMaterialize'],
    requiresOnConflict: config.boolean('table.exec.sink.require-on-conflict'),
    nested: NESTED[config.text('table.exec.sink.nested-constraint-enforcer').toUpperCase()],
    lengths: LENGTHS[config.text('table.exec.sink.type-length-enforcer').toUpperCase()],
    isShuffleForced: config.text('table.exec.sink.keyed-shuffle').toUpperCase() === 'FORCE',
  };
}

function unplannable({ kind, position }: Statement): never {
  return fail('MR2101', { statement: kind.replaceAll('-', ' ').toUpperCase() }, { position });
}

function miniBatchOf(config: SessionConfig): MiniBatch | null {
  if (!config.boolean('table.exec.mini-batch.enabled')) return null;
  const size = config.integer('table.exec.mini-batch.size');
  const latencyMs = config.durationMs('table.exec.mini-batch.allow-latency');
  if (size > 0 && latencyMs > 0) return { size, latencyMs };
  return fail('MR2008', {
    name: size > 0 ? 'table.exec.mini-batch.allow-latency' : 'table.exec.mini-batch.size',
    value: size > 0 ? `${latencyMs} ms` : size,
    expected: 'mini-batches need a positive size and a positive latency',
  });
}
