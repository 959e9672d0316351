/**
 * Statements about the catalog whose answers the real Flink gave (`npm run arbiter -- --update
 * test/arbiter/catalog/x.sql`): the same columns and rows in the same order, and errors where
 * Flink has errors.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  CATALOG_SCRIPTS, catalogScripts, readCatalogGolden, runCatalogScript, type CatalogAnswer,
} from './catalog-golden.js';

/** Statements that are answered otherwise, each with its reason. */
const DIFFERENT = JSON.parse(readFileSync(join(CATALOG_SCRIPTS, 'different.json'), 'utf8')) as
  Readonly<Record<string, string>>;

const keyOf = (script: string, { statement }: CatalogAnswer): string => `${script}: ${statement}`;

const answerText = ({ columns, rows, failed }: CatalogAnswer): string =>
  JSON.stringify({ columns, rows, failed });

describe('the catalog answers as Flink does', () => {
  const listed = new Set<string>();

  it.each(catalogScripts())('%s', async (name) => {
    const golden = readCatalogGolden(name);
    const answers = await runCatalogScript(name);
    expect(answers.length).toBe(golden.length);
    const problems = golden.flatMap((expected, i) => {
      if (answerText(expected) === answerText(answers[i]!)) return [];
      if (DIFFERENT[keyOf(name, expected)] !== undefined) {
        listed.add(keyOf(name, expected));
        return [];
      }
      return [{ statement: expected.statement, flink: answerText(expected),
        here: answerText(answers[i]!) }];
    });
    expect(problems).toEqual([]);
  });

  it('no listed difference is out of date', () => {
    expect(Object.keys(DIFFERENT).filter((key) => !listed.has(key))).toEqual([]);
  });
});
