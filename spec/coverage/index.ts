/** The features of Flink 2.3 by id, each with SQL that uses it: the source of docs/coverage.md. */
import { CONCEPT_ROWS } from './concepts.js';
import { FUNCTION_ROWS } from './functions.js';
import { QUERY_ROWS } from './queries.js';
import type { CoverageRow } from './row.js';
import { STATEMENT_ROWS } from './statements.js';
import { TYPE_ROWS } from './types.js';

export interface CoverageSection {
  readonly title: string;
  readonly rows: readonly CoverageRow[];
}

export const COVERAGE: readonly CoverageSection[] = [
  { title: 'Statements', rows: STATEMENT_ROWS },
  { title: 'Data types', rows: TYPE_ROWS },
  { title: 'Queries', rows: QUERY_ROWS },
  { title: 'Functions', rows: FUNCTION_ROWS },
  { title: 'Streams and state', rows: CONCEPT_ROWS },
];
