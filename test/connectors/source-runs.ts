/** Runs a source alone on an engine, and says its rows. */
import type { EngineName, PipelineOptions } from '../../src/runtime/pipeline.js';
import type { FormatSpec, PhysicalPlan, SourceColumn } from '../../src/plan/physical/plan.js';
import { jsonText } from '../../src/batch/format.js';
import type { RowField } from '../../src/types/data-type.js';
import { Driver, makePipeline, type Row, run, type Said } from '../runtime/harness.js';
import { PlanBuilder } from '../runtime/plans.js';

export interface SourceSetup {
  readonly connector: string;
  readonly options: Readonly<Record<string, string>>;
  readonly format?: FormatSpec;
  readonly columns: readonly SourceColumn[];
}

export function sourcePlan(setup: SourceSetup): PhysicalPlan {
  const builder = new PlanBuilder();
  const schema: readonly RowField[] =
    setup.columns.map(({ path, type }) => ({ name: path.join('.'), type }));
  builder.add({
    kind: 'source', connector: setup.connector, table: 't', options: setup.options,
    format: setup.format ?? null, tableSchema: schema, columns: setup.columns,
  }, schema);
  builder.collect(0);
  return { version: 1, nodes: builder.nodes, zone: 'UTC' };
}

const isRow = (said: Said): said is Row => Array.isArray(said);

/** All rows, in order; throws what the pipeline failed with. */
export async function sourceRows(
  engine: EngineName, setup: SourceSetup, options: Partial<PipelineOptions> = {},
): Promise<readonly Row[]> {
  const { said } = await run([engine], sourcePlan(setup), [], options);
  return (said[0] ?? []).filter(isRow);
}

/** The values of rows as JSON text of result lines. */
export function textsOf(setup: SourceSetup, rows: readonly Row[]): readonly string[] {
  return rows.map((row) =>
    `[${row.map((value, i) => jsonText(value, setup.columns[i]!.type)).join(',')}]`);
}

/**
 * Takes a snapshot while the source runs, and restores a second engine from it. Says whether the
 * second began with the very row behind those that the snapshot counts as read: `before` holds
 * at least these, since the first engine ran on until it was closed.
 */
export async function rowsAcrossRecovery(
  engines: readonly [EngineName, EngineName], setup: SourceSetup,
  options: Partial<PipelineOptions> = {},
): Promise<{ readonly before: readonly Row[]; readonly after: readonly Row[] }> {
  const plan = sourcePlan(setup);
  const first = new Driver(makePipeline(engines[0], plan, options));
  const restore = await first.snapshot(1);
  await first.pipeline.close();
  const before = (first.said[0] ?? []).filter(isRow);
  const second = new Driver(makePipeline(engines[1], plan, { ...options, restore }));
  await second.event('finished');
  const after = (second.said[0] ?? []).filter(isRow);
  await second.pipeline.close();
  return { before, after };
}
