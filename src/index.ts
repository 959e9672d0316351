/** The public door of millrace. */
export { generateNexmark, type GenerateNexmarkOptions } from './connectors/nexmark/generate.js';
export {
  ConnectorError, DataError, InternalError, MillraceError, ParseError, StateError,
  UnsupportedError, ValidationError,
} from './errors/index.js';
export {
  resultHash, TableResult, type JobHandle, type JobProgress, type ResultColumn,
  type StatementKind,
} from './api/table-result.js';
export { type ResultSummary } from './api/result-hash.js';
export type { Row, RowKindText, RowValue } from './api/row.js';
export type { InputChange, InputRow } from './api/rows-import.js';
export type {
  EngineChoice, EnvironmentOptions, StatementOptions,
} from './api/statement-options.js';
export { TableEnvironment, type ViewOptions } from './api/table-environment.js';
export { parseScript, type ScriptStatement } from './sql/index.js';
