/**
 * What stands behind a `TableEnvironment`: a session with its catalog, its options and its
 * engine. A statement is run by `executeSql`; queries and INSERTs become jobs.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type * as arrow from 'apache-arrow';
import { loadArrow } from '../batch/arrow-types.js';
import { Batch } from '../batch/batch.js';
import { columnOf } from '../batch/values.js';
import { Catalog } from '../catalog/catalog.js';
import { pathText } from '../catalog/table.js';
import { errorOf, MillraceError } from '../errors/index.js';
import { SessionConfig } from '../plan/config.js';
import { createTable, define } from '../plan/define.js';
import { Planner, type PlannableStatement, type PlannedStatement } from '../plan/planner.js';
import { capabilityTable } from '../runtime/engine.js';
import { Job } from '../runtime/job.js';
import { parseExpression, parseStatement } from '../sql/index.js';
import type {
  CompileAndExecutePlan, CompilePlan, ExecutePlan, Explain, Statement,
} from '../sql/ast/index.js';
import { STRING } from '../types/data-type.js';
import type { CommandResult } from './commands/command-result.js';
import { runCommand } from './commands/run-command.js';
import { checkpointSettings, recoveredState, startCheckpoints } from './checkpoints.js';
import { ExternalData } from './external-data.js';
import { arrowTable, rowsTable } from './provided-table.js';
import type { InputRow } from './rows-import.js';
import { rowsOf, type Row } from './row.js';
import { drainOutput } from './sink-output.js';
import type { StatementOptions, ViewOptions } from './statement-options.js';
import { TableResult, type JobHandle, type StatementKind } from './table-result.js';
import { unsupportedStatement } from './unsupported-statement.js';
import { nameTaken, sessionFunction, type UserFunction } from './user-function.js';

export class Session {
  readonly catalog = new Catalog();
  private readonly planner: Planner;

  constructor(readonly config: SessionConfig, private readonly data: ExternalData) {
    this.planner = new Planner(this.catalog, config);
  }

  /** Runs one statement. A query's rows come from the result; an INSERT runs on its own. */
  async executeSql(sql: string, options: StatementOptions = {}): Promise<TableResult> {
    options.signal?.throwIfAborted();
    try {
      return await this.execute(parseStatement(sql), options);
    } catch (error) {
      throw error instanceof MillraceError ? error.withSource(sql) : error;
    }
  }

  /** The plans of a query or INSERT, and which engine runs each node. */
  explainSql(sql: string): string {
    return withSource(sql, () => {
      const parsed = parseStatement(sql);
      return this.explain(parsed.kind === 'explain' ? parsed : { statement: parsed, details: [] });
    });
  }

  /**
   * Makes Arrow tables, or rows with a schema, readable under a name. Rows are read when a query
   * runs; every query reads them anew.
   */
  async createTemporaryView(
    name: string, rows: arrow.Table | readonly InputRow[], options: ViewOptions = {},
  ): Promise<void> {
    const { columns, provider } = Array.isArray(rows)
      ? rowsTable(rows as readonly InputRow[], options.schema)
      : arrowTable(await loadArrow(), rows as arrow.Table);
    const path = this.catalog.path(withSource(name, () => nameParts(name)));
    this.catalog.create({
      kind: 'table', path, temporary: true,
      columns: columns.map((column) => ({ kind: 'physical', ...column })),
      watermark: null, primaryKey: [], partitionedBy: [],
      options: { connector: 'values', 'data-id': this.data.register(provider) },
    });
  }

  createTemporaryFunction(name: string, definition: UserFunction): void {
    if (!this.catalog.functions.add(sessionFunction(name, definition))) throw nameTaken(name);
  }

  /** What INSERTs have written into a table of the connector `values`, change by change. */
  *collected(table: string): Generator<Row> {
    const { fields, batches } = this.data.kept(pathText(this.catalog.path(table.split('.'))));
    for (const batch of batches) yield* rowsOf(batch, fields);
  }

  /** The same as batches; for tools that print or compare. */
  collectedBatches(table: string): readonly Batch[] {
    return this.data.kept(pathText(this.catalog.path(table.split('.')))).batches;
  }

  private execute(
    statement: Statement, options: StatementOptions,
  ): TableResult | Promise<TableResult> {
    switch (statement.kind) {
      case 'query-statement':
      case 'insert':
      case 'statement-set':
        return this.runJob(statement, options);
      case 'create-table':
        if (statement.query === undefined) return this.runCommand(statement);
        createTable(this.catalog, this.config, statement);
        return this.runJob(statement, options);
      case 'explain': {
        const text = this.explain(statement);
        return tableOf({
          columns: [{ name: 'result', type: STRING }], rows: [[text]], style: 'text',
        });
      }
      case 'compile-plan':
        return this.compilePlan(statement);
      case 'compile-and-execute-plan':
        return this.compileAndExecute(statement, options);
      case 'execute-plan':
        return this.executePlan(statement, options);
      default:
        return this.runCommand(statement);
    }
  }

  /** A file that is there is kept, refused or replaced, as Flink does. */
  private async compilePlan(
    { path, ifNotExists, statement }: Omit<CompilePlan, 'kind'>,
  ): Promise<TableResult> {
    const { plan } = this.planner.plan(statement);
    const files = await import('./plan-files.js');
    if (ifNotExists && files.hasPlan(path)) return done('DDL');
    await files.writePlan(path, plan, this.config.boolean('table.plan.force-recompile'));
    return done('DDL');
  }

  /** A plan that is there already is run as it is. */
  private async compileAndExecute(
    statement: CompileAndExecutePlan, options: StatementOptions,
  ): Promise<TableResult> {
    await this.compilePlan({ ...statement, ifNotExists: true });
    return this.executePlan(statement, options);
  }

  private async executePlan(
    { path }: Pick<ExecutePlan, 'path'>, options: StatementOptions,
  ): Promise<TableResult> {
    const { loadPlan, planFailure } = await import('./plan-files.js');
    const plan = await loadPlan(path, this.catalog);
    const told = (error: unknown): never => {
      throw planFailure(error, path);
    };
    const planned = { plan, schema: [], insertOnly: true };
    return this.runPlan(planned, 'INSERT', options, told).catch(told);
  }

  private explain({ statement, details }: Pick<Explain, 'statement' | 'details'>): string {
    return this.planner.explain(statement, capabilityTable(), details);
  }

  private runCommand(statement: Statement): TableResult {
    if (define(this.catalog, this.config, statement)) return done('DDL');
    const result = runCommand(statement, this.catalog, this.config);
    if (result === undefined) {
      throw unsupportedStatement(statement);
    }
    if (result !== null) return tableOf(result);
    if (statement.kind === 'set') return done('SET', this.warningFor(statement.key ?? ''));
    return done(statement.kind === 'reset' ? 'SET' : 'DDL');
  }

  private warningFor(key: string): string | null {
    return this.config.hasEffect(key) ? null : `option of Flink without effect here: ${key}`;
  }

  /** Planned at once, as the session is now; made and started in turns of the event loop after. */
  private async runJob(
    statement: PlannableStatement, options: StatementOptions,
  ): Promise<TableResult> {
    const kind = statement.kind === 'query-statement' ? 'QUERY' : 'INSERT';
    return this.runPlan(this.planner.plan(statement), kind, options);
  }

  private async runPlan(
    planned: PlannedStatement, kind: 'QUERY' | 'INSERT', options: StatementOptions,
    failed?: (error: unknown) => never,
  ): Promise<TableResult> {
    await nextTurn();
    const checkpoints = checkpointSettings(this.config);
    const restore = await recoveredState(checkpoints);
    const batchRows = this.config.integer('millrace.batch-rows');
    const { plan, inputs, outputs } = await this.data.bind(planned.plan, batchRows);
    const job = new Job(plan, {
      engine: this.planner.engine,
      fallbackOperators: this.planner.fallbackOperators,
      parallelism: this.config.integer('parallelism.default'),
      batchRows,
      flushMs: this.config.durationMs('millrace.flush-interval'),
      workerThreads: this.config.boolean('millrace.fallback.worker-threads'),
      inputs,
      outputCount: outputs.length,
      signal: options.signal,
      ...(restore === null ? {} : { restore }),
    });
    await nextTurn();
    job.start();
    startCheckpoints(job, checkpoints);
    const isQuery = kind === 'QUERY';
    const written = outputs.flatMap((output, i) =>
      isQuery ? [] : [drainOutput(output, job.outputs[i]!, this.data)]);
    const whole = Promise.all([job.done, ...written]).then(() => {}).catch(failed);
    whole.catch(() => {});
    if (!isQuery && this.config.boolean('table.dml-sync')) await whole;
    return new TableResult(kind, planned.schema, isQuery ? job.outputs[0]! : null,
      handleOf(job, whole), planned.insertOnly);
  }
}

function handleOf(job: Job, done: Promise<void>): JobHandle {
  return {
    engines: job.engines,
    done,
    cancel: () => job.cancel(),
    progress: () => job.progress(),
  };
}

/** Gives errors of the parser and planner the text their positions point into. */
function withSource<Result>(sql: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw error instanceof MillraceError ? error.withSource(sql) : error;
  }
}

function done(kind: StatementKind, warning: string | null = null): TableResult {
  return new TableResult(kind, [], null, null, true, 'table', warning);
}

function tableOf({ columns, rows, style }: CommandResult): TableResult {
  const batch = new Batch(rows.length,
    columns.map(({ type }, c) => columnOf(type, rows.map((row) => row[c] ?? null))));
  return new TableResult('QUERY', columns, batchesOf([batch]), null, true, style);
}

async function* batchesOf(batches: readonly Batch[]): AsyncGenerator<Batch> {
  yield* batches;
}

/** The parts of a name as SQL writes it. */
function nameParts(name: string): readonly string[] {
  const parsed = parseExpression(name);
  if (parsed.kind !== 'name-reference') throw errorOf('MR2007', { detail: `no name: ${name}` });
  return parsed.parts.map((part) => part.name);
}
