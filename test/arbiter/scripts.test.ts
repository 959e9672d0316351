/**
 * Scripts whose answers the real Flink gave (`npm run arbiter -- --update FILE.sql`): both engines
 * give the same schemas and the same changes, or refuse a statement as unsupported.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { difference, type StatementOutcome } from '../support/result-lines.js';
import { runScript } from '../support/run-script.js';
import {
  folded, isFolded, readGolden, readScript, scriptNames, SCRIPTS, SESSION_ZONE,
} from './script-golden.js';

/** Codes that name what is missing, for an engine or altogether. */
const UNSUPPORTED = /^MR21(00|01|02|04) /;

/** Statements that are answered otherwise, each with its reason. */
const DIFFERENT = JSON.parse(
  readFileSync(join(SCRIPTS, 'different.json'), 'utf8')) as Readonly<Record<string, string>>;

async function run(name: string, engine: 'native' | 'fallback'): Promise<StatementOutcome[]> {
  const script = readScript(name);
  const outcomes = await runScript(script, engine, { 'table.local-time-zone': SESSION_ZONE });
  return isFolded(script) ? outcomes.map(folded) : outcomes;
}

/** Null where they agree, or where the engine refuses by name. */
function disagreement(expected: StatementOutcome, actual: StatementOutcome): string | null {
  if (expected.kind !== 'error' && UNSUPPORTED.test(actual.error ?? '')) return null;
  const found = difference(expected, actual);
  return found === null ? null : `${expected.statement}\n  Flink ${found}`;
}

describe.each(['native', 'fallback'] as const)('on the %s engine', (engine) => {
  const listed = new Set<string>();
  let refused = 0;
  let all = 0;

  it.each(scriptNames())('%s', async (name) => {
    const golden = readGolden(name);
    expect(golden, 'a golden stands beside the script').not.toBeNull();
    const outcomes = await run(name, engine);
    expect(outcomes.length).toBe(golden!.length);
    const problems = golden!.flatMap((expected, i) => {
      const found = disagreement(expected, outcomes[i]!);
      if (found === null || DIFFERENT[expected.statement] === undefined) return found ?? [];
      listed.add(expected.statement);
      return [];
    });
    all += outcomes.length;
    refused += outcomes.filter(({ error }) => UNSUPPORTED.test(error ?? '')).length;
    expect(problems).toEqual([]);
  });

  it('few statements are refused, and no listed difference is out of date', () => {
    expect(refused / all).toBeLessThan(0.1);
    expect(Object.keys(DIFFERENT).filter((statement) => !listed.has(statement))).toEqual([]);
  });
});
