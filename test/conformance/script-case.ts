/** Statements of scripts of Flink's command line client: they must parse. */
import { parseStatement } from '../../src/sql/index.js';
import type { ScriptCase } from './cases.js';
import { ofError, PASSED, type Outcome } from './outcome.js';

export function runStatement(one: ScriptCase): Outcome {
  try {
    parseStatement(one.sql);
    return PASSED;
  } catch (error) {
    return ofError(error);
  }
}
