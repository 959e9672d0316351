/** How many questions there are, as the README says. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PLAN_GOLDENS } from './plan-golden.js';
import { readGolden, scriptNames } from './script-golden.js';

const readme = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8');

const linesOf = (file: string): number =>
  readFileSync(file, 'utf8').split('\n').filter((line) => line !== '').length;

const goldensIn = (folder: string, ending: string): number =>
  readdirSync(join(import.meta.dirname, folder)).filter((name) => name.endsWith(ending))
    .reduce((sum, name) => sum + linesOf(join(import.meta.dirname, folder, name)), 0);

/** Statements that only prepare others are no questions. */
const inScripts = (): number => scriptNames().flatMap((name) => readGolden(name) ?? [])
  .filter(({ kind }) => kind === 'QUERY' || kind === 'INSERT' || kind === 'error').length;

const inPlans = (): number => readdirSync(PLAN_GOLDENS)
  .reduce((sum, seed) => sum + linesOf(join(PLAN_GOLDENS, seed, 'plans.jsonl')), 0);

const COUNTS: readonly (readonly [row: string, count: () => number])[] = [
  ['statements of scripts', inScripts],
  ['statements about the catalog', () => goldensIn('catalog', '.golden.jsonl')],
  ['wrong statements', () => linesOf(join(import.meta.dirname, 'invalid/flink.jsonl'))],
  ['random programs', inPlans],
  ['random expressions', () => goldensIn('random-expressions', '.jsonl')],
];

it.each(COUNTS)('there are as many %s as the README says, or more', (row, count) => {
  const said = Number(new RegExp(`^\\| ${row} \\| (\\d+) `, 'm').exec(readme)?.[1]);
  expect(count()).toBeGreaterThanOrEqual(said);
  expect(said, 'the README knows of most of them').toBeGreaterThan(0.75 * count());
});
