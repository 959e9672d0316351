/** Runs one case of any set, for at most so long. */
import type { EngineChoice } from '../../src/index.js';
import type { CaseOf, SetName } from './cases.js';
import { runExpression, runFunction } from './expression-case.js';
import { failed, ofError, type CaseResult, type Outcome } from './outcome.js';
import { runProgram } from './program-case.js';
import { runStatement } from './script-case.js';

export const CASE_LIMIT_MS = 20_000;

const RUN: { readonly [Set in SetName]:
  (one: CaseOf[Set], engine: EngineChoice) => Outcome | Promise<Outcome> } = {
  expressions: runExpression, functions: runFunction, programs: runProgram, scripts: runStatement,
};

/** Never rejects. */
export async function runCase<Set extends SetName>(
  set: Set, one: CaseOf[Set], engine: EngineChoice,
): Promise<CaseResult> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<Outcome>((resolve) => {
    timer = setTimeout(() => resolve(failed(`no end within ${CASE_LIMIT_MS} ms`)), CASE_LIMIT_MS);
  });
  try {
    return { id: one.id, ...await Promise.race([RUN[set](one, engine), limit]) };
  } catch (error) {
    return { id: one.id, ...ofError(error) };
  } finally {
    clearTimeout(timer);
  }
}
