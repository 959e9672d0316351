/** Runs a whole set on an engine, in child processes that are started again after a crash. */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { EngineChoice } from '../../src/index.js';
import { readCases, type SetName } from './cases.js';
import { failed, type CaseResult } from './outcome.js';
import { CASE_LIMIT_MS } from './run-case.js';

export interface SetResult {
  readonly set: SetName;
  readonly engine: EngineChoice;
  readonly cases: readonly CaseResult[];
}

/** Null where the folder is absent. */
export async function runSet(
  folder: string, set: SetName, engine: EngineChoice,
): Promise<SetResult | null> {
  const cases = readCases(folder, set);
  if (cases === null) return null;
  const results: CaseResult[] = [];
  while (results.length < cases.length) {
    const end = await runFrom(results, [folder, set, engine]);
    const next = cases[results.length];
    if (next !== undefined) results.push({ id: next.id, ...failed(`the process ended: ${end}`) });
  }
  return { set, engine, cases: results };
}

/** Adds outcomes until the child ends or says nothing for too long; how it ended. */
function runFrom(results: CaseResult[], parameters: readonly string[]): Promise<string> {
  const child = fork(join(import.meta.dirname, 'child.ts'),
    [...parameters, String(results.length)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  return new Promise((resolve) => {
    const stop = (): void => void child.kill('SIGKILL');
    let timer = setTimeout(stop, 3 * CASE_LIMIT_MS);
    child.on('message', (result: CaseResult) => {
      results.push(result);
      clearTimeout(timer);
      timer = setTimeout(stop, 2 * CASE_LIMIT_MS);
    });
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      resolve(signal ?? `code ${code}`);
    });
  });
}

export interface SetFigures {
  readonly set: SetName;
  readonly engine: EngineChoice;
  readonly total: number;
  readonly passed: number;
  readonly failed: number;
  readonly unsupported: number;
}

export function figures({ set, engine, cases }: SetResult): SetFigures {
  const count = (status: CaseResult['status']): number =>
    cases.filter((one) => one.status === status).length;
  return {
    set, engine, total: cases.length, passed: count('passed'), failed: count('failed'),
    unsupported: count('unsupported'),
  };
}
