/**
 * Expressions that the real Flink answered (test/arbiter/expressions): the same type, the same
 * text, an error where it has one.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type Engine, ENGINES, evaluatedGolden, type Golden, goldenType,
} from '../support/expression.js';

const folder = join(import.meta.dirname, '..', 'arbiter', 'expressions');

function goldens(file: string): readonly Golden[] {
  return readFileSync(join(folder, file), 'utf8').split('\n').filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Golden);
}

/** Questions that are answered otherwise, each with its reason. */
const DIFFERENT: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(join(folder, 'different.json'), 'utf8')) as Record<string, string>;

/** Codes of features that are not there: an error by name is as right as Flink's answer. */
const UNSUPPORTED = /^MR(2003|2100|2102|2104|9002 \w+_dynamic)\b/;

function problem(golden: Golden, engine: Engine = 'fallback'): string | null {
  const answer = evaluatedGolden(golden, engine);
  if ('error' in answer) {
    if (UNSUPPORTED.test(answer.error)) return null;
    return golden.error === undefined ? `${golden.sql}: ${answer.error}` : null;
  }
  if (golden.error !== undefined) return `${golden.sql}: no error, ${String(answer.text)}`;
  const got = `${JSON.stringify(answer.text)} ${answer.type}`;
  const wanted = `${JSON.stringify(golden.text ?? golden.value ?? null)} ${goldenType(golden)}`;
  return got === wanted ? null : `${golden.sql}: ${got} in place of ${wanted}`;
}

describe.each(readdirSync(folder).filter((file) => file.endsWith('.jsonl')))('%s', (file) => {
  it.each(ENGINES)('answers as Flink does on %s', (engine) => {
    const wrong = goldens(file).filter(({ sql }) => DIFFERENT[sql] === undefined)
      .map((golden) => problem(golden, engine)).filter((text) => text !== null);
    expect(wrong).toEqual([]);
  });

  it('finds most functions', () => {
    const all = goldens(file);
    const missing = all.filter((golden) => {
      const answer = evaluatedGolden(golden);
      return 'error' in answer && UNSUPPORTED.test(answer.error) && golden.error === undefined;
    });
    expect(missing.length / all.length).toBeLessThan(0.2);
  });
});

it('no listed difference is out of date', () => {
  const all = new Map(readdirSync(folder).filter((file) => file.endsWith('.jsonl'))
    .flatMap(goldens).map((golden) => [golden.sql, golden]));
  const settled = Object.keys(DIFFERENT).filter((sql) => {
    const golden = all.get(sql);
    return golden === undefined || problem(golden) === null;
  });
  expect(settled).toEqual([]);
});
