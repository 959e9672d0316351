/** Statements of Flink that are parsed and refused, with what does their work here. */
import { errorOf, type MillraceError } from '../errors/index.js';
import type { Statement } from '../sql/ast/index.js';

const FUNCTIONS = 'there are no Java classes here: register functions with createTemporaryFunction';
const JOBS = 'jobs belong to the program that runs them: await() or cancel() their TableResult';

const INSTEAD: Readonly<Partial<Record<Statement['kind'], string>>> = {
  'create-function': FUNCTIONS,
  'alter-function': FUNCTIONS,
  'add-jar': FUNCTIONS,
  'remove-jar': FUNCTIONS,
  'stop-job': JOBS,
  'describe-job': JOBS,
};

/** MR2101 with its hint. */
export function unsupportedStatement({ kind, position }: Statement): MillraceError {
  const hint = INSTEAD[kind];
  return errorOf('MR2101', { statement: kind.replaceAll('-', ' ').toUpperCase() },
    { position, ...(hint === undefined ? {} : { hint }) });
}
