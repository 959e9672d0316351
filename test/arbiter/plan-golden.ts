/** Random programs with Flink's answers: a folder a seed in test/arbiter/random-plans. */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { View } from '../support/plans/random-plan.js';
import type { StatementOutcome } from '../support/result-lines.js';
import { folded } from './script-golden.js';

export const PLAN_GOLDENS = join(import.meta.dirname, 'random-plans');

export interface PlanGolden {
  /** Of the files that its tables read. */
  readonly folder: string;
  readonly views: readonly View[];
  readonly answer: StatementOutcome;
}

/** Rows of several inputs meet in any order: of those only the table at the end is kept. */
function kept({ folder, views, answer }: PlanGolden): PlanGolden {
  const { changes } = views.at(-1)!.mixes ? folded(answer) : answer;
  return {
    folder: basename(folder),
    views: views.map((view) => ({ ...view, inputs: [] })),
    answer: { ...answer, statement: '', changes: [...changes].sort() },
  };
}

export function writePlanGoldens(seed: number, goldens: readonly PlanGolden[]): void {
  const target = join(PLAN_GOLDENS, String(seed));
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const folder of new Set(goldens.map((one) => one.folder))) {
    cpSync(folder, join(target, basename(folder)), { recursive: true });
  }
  writeFileSync(join(target, 'plans.jsonl'),
    goldens.map((one) => `${JSON.stringify(kept(one))}\n`).join(''));
}

export function readPlanGoldens(seed: string): readonly PlanGolden[] {
  const target = join(PLAN_GOLDENS, seed);
  return readFileSync(join(target, 'plans.jsonl'), 'utf8').split('\n')
    .filter((line) => line !== '').map((line) => {
      const golden = JSON.parse(line) as PlanGolden;
      return { ...golden, folder: join(target, golden.folder) };
    });
}
