/** A random program as a script, what an engine answers to it, and how answers are compared. */
import { TableEnvironment } from '../../../src/index.js';
import { folded } from '../../arbiter/script-golden.js';
import { difference, type StatementOutcome } from '../result-lines.js';
import { runScript } from '../run-script.js';
import { explanation } from './explained.js';
import { type Changelog, planChanges, planTables } from './plan-tables.js';
import { type View, versionsSql } from './random-plan.js';

export const PLAN_CONFIG = {
  'table.local-time-zone': 'UTC', 'pipeline.auto-watermark-interval': '0',
};

const FOR_FLINK: Changelog = { format: 'debezium-json' };

export const planScript = (
  folder: string, views: readonly View[], changelog: Changelog = FOR_FLINK,
): string => [
  ...planTables(folder, changelog), ...viewStatements(views), `SELECT * FROM ${views.at(-1)!.name}`,
].join(';\n');

function viewStatements(views: readonly View[]): readonly string[] {
  const versioned = new Set<string>();
  return views.flatMap(({ name, sql, versioned: source }) => {
    const own = `CREATE TEMPORARY VIEW ${name} AS ${sql}`;
    if (source === undefined || versioned.has(source)) return [own];
    versioned.add(source);
    return [versionsSql(source), own];
  });
}

/** The outcome of the query at the end, or of the first statement that failed. */
export const planAnswer = (outcomes: readonly StatementOutcome[]): StatementOutcome =>
  outcomes.find(({ kind }) => kind === 'error') ?? outcomes.at(-1)!;

export async function answerHere(
  engine: 'native' | 'fallback', folder: string, views: readonly View[],
): Promise<StatementOutcome> {
  const env = TableEnvironment.create({ engine, config: PLAN_CONFIG });
  const dataId = env.registerData(planChanges(folder));
  const script = planScript(folder, views, { dataId });
  return planAnswer(await runScript(script, engine, PLAN_CONFIG, env));
}

/** Null where they are the same, or a listed reason says why they are not. */
export function problem(
  views: readonly View[], flink: StatementOutcome, here: StatementOutcome,
): { readonly text: string; readonly reason: string | null } | null {
  const isFailure = flink.kind === 'error' || here.kind === 'error';
  const tables = isFailure ? difference(flink, here) : difference(folded(flink), folded(here));
  const text = tables ??
    (views.at(-1)!.mixes || isFailure ? null : difference(flink, here));
  if (text === null) return null;
  return { text, reason: explanation(views, { flink, here, sameTable: tables === null }) };
}
