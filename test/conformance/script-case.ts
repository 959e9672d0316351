/** Statements of scripts of Flink's command line client: they must parse. */
import { parseScript } from '../../src/index.js';
import type { ScriptCase } from './cases.js';
import { ofError, PASSED, type Outcome } from './outcome.js';

export function runStatement(one: ScriptCase): Outcome {
  try {
    parseScript(one.sql);
    return PASSED;
  } catch (error) {
    return ofError(error);
  }
}
