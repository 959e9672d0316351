/**
 * Random programs that the real Flink answered (`npm run arbiter:plans -- --update N`): the same
 * table on both engines, and the same changes where one input alone decides them.
 */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { answerHere, problem } from '../support/plans/answers.js';
import { PLAN_GOLDENS, readPlanGoldens } from './plan-golden.js';

describe.each(readdirSync(PLAN_GOLDENS))('seed %s', (seed) => {
  it.each(['native', 'fallback'] as const)('answers as Flink does on %s', async (engine) => {
    const wrong: string[] = [];
    for (const { folder, views, answer } of readPlanGoldens(seed)) {
      const found = problem(views, answer, await answerHere(engine, folder, views));
      if (found === null) continue;
      const shown = views.map(({ name, sql }) => `${name}: ${sql}`).join('; ');
      wrong.push(`${folder}: ${shown}: ${found.text}`);
    }
    expect(wrong).toEqual([]);
  }, 300_000);
});
