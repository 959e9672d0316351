/**
 * Random expressions that the real Flink answered (`npm run arbiter:expressions -- --update N`):
 * type and value of each row, or a failure at the same time, on both engines.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EngineHere } from '../support/expressions/answers.js';
import { difference } from '../support/expressions/difference.js';
import { explanation } from '../support/expressions/explained.js';
import { writeSampleFiles } from '../support/expressions/sample-table.js';
import { RANDOM_GOLDENS, readGoldens } from './random-golden.js';

const folder = mkdtempSync(join(tmpdir(), 'millrace-expressions-'));
beforeAll(() => writeSampleFiles(folder));
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(readdirSync(RANDOM_GOLDENS))('%s', (file) => {
  it.each(['native', 'fallback'] as const)('answers as Flink does on %s', async (engine) => {
    const { zone, goldens } = readGoldens(file);
    const here = await EngineHere.open(engine, folder, zone);
    const wrong: string[] = [];
    let explained = 0;
    for (const { answer, ...question } of goldens) {
      const own = await here.answer(question);
      const found = difference(question.sql, answer, own);
      if (found === null) continue;
      if (explanation(question.sql, answer, [own]) !== null) explained++;
      else wrong.push(`${question.sql}: ${found} in place of ${JSON.stringify(answer)}`);
    }
    expect(wrong).toEqual([]);
    expect(explained / goldens.length).toBeLessThan(0.15);
  }, 120_000);
});
