/**
 * Statements that are wrong (invalid/statements.txt): each gives an error of the class that Flink
 * gives (invalid/flink.jsonl), and the code and place that invalid/here.jsonl keeps.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  isSameClass, judgeHere, readVerdicts, type FlinkVerdict, type Verdict,
} from './invalid-golden.js';

/** Statements of another class than Flink's, each with its reason. */
const DIFFERENT = JSON.parse(
  readFileSync(join(import.meta.dirname, 'invalid', 'different.json'), 'utf8'),
) as Readonly<Record<string, string>>;

const flink = readVerdicts<FlinkVerdict>('flink.jsonl');
const kept = readVerdicts<Verdict>('here.jsonl');

describe('statements that are wrong', () => {
  it('are refused with the code and at the place that is kept', async () => {
    expect(await judgeHere()).toEqual(kept);
  });

  it('are refused with the class of Flink, but for the listed ones', () => {
    const others = flink.filter((verdict, i) => !isSameClass(verdict, kept[i]!));
    expect(others.map((one) => one.statement).sort()).toEqual(Object.keys(DIFFERENT).sort());
  });

  it('are 300 at least, and all errors of planning have a place', () => {
    const refused = kept.filter((one) => one.class !== 'none');
    expect(refused.length).toBeGreaterThanOrEqual(300);
    const planned = refused.filter((one) => one.class !== 'runtime');
    expect(planned.filter((one) => one.line === undefined)).toEqual([]);
  });

  it('have the place of Flink in most cases where Flink has one', () => {
    const both = flink.flatMap((one, i) =>
      (one.line === undefined ? [] : [[one, kept[i]!] as const]));
    const equal = both.filter(([one, other]) =>
      one.line === other.line && one.column === other.column);
    expect(equal.length / both.length).toBeGreaterThan(0.6);
  });
});
