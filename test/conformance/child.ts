/**
 * The process that runs the cases of one set from a position on, each outcome sent to its parent
 * as it comes: a case that takes the process down costs only itself.
 */
import type { EngineChoice } from '../../src/index.js';
import { readCases, type SetName } from './cases.js';
import { runCase } from './run-case.js';

type Parameters = [folder: string, set: SetName, engine: EngineChoice, from: string];

const [folder, set, engine, from] = process.argv.slice(2) as Parameters;

for (const one of (readCases(folder, set) ?? []).slice(Number(from))) {
  const result = await runCase(set, one, engine);
  await new Promise((resolve) => process.send!(result, resolve));
}
process.exit(0);
