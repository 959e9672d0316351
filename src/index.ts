/**
 * The public door of millrace. It loads next to nothing: what a program calls loads the rest.
 */
import type { ResultSummary } from './api/result-hash.js';
import type { TableResult } from './api/table-result.js';
import type { GenerateNexmarkOptions } from './connectors/nexmark/generate.js';
import type { ScriptStatement } from './sql/index.js';

export {
  ConnectorError, DataError, InternalError, MillraceError, ParseError, StateError,
  UnsupportedError, ValidationError,
} from './errors/index.js';
export type {
  JobHandle, JobProgress, ResultColumn, StatementKind, TableResult,
} from './api/table-result.js';
export type { ResultSummary } from './api/result-hash.js';
export type { Row, RowKindText, RowValue } from './api/row.js';
export type { InputChange, InputRow } from './api/rows-import.js';
export type {
  EngineChoice, EnvironmentOptions, StatementOptions, ViewOptions,
} from './api/statement-options.js';
export type {
  ColumnFunction, ColumnView, ResultView, RowFunction, UserFunction,
} from './api/user-function.js';
export { TableEnvironment } from './api/table-environment.js';
export type { GenerateNexmarkOptions } from './connectors/nexmark/generate.js';
export type { ScriptStatement } from './sql/index.js';

/** The statements of a script with their texts; a ParseError names line and column. */
export async function parseScript(sql: string): Promise<readonly ScriptStatement[]> {
  return (await import('./sql/index.js')).parseScript(sql);
}

/** Counts and hashes the rest of a result; equal tables have equal hashes. */
export async function resultHash(result: TableResult): Promise<ResultSummary> {
  return (await import('./api/table-result.js')).resultHash(result);
}

/** Writes Nexmark events into a file, on the native engine where it is there. */
export async function generateNexmark(options: GenerateNexmarkOptions): Promise<void> {
  await (await import('./api/nexmark-file.js')).writeNexmarkFile(options);
}
