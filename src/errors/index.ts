/**
 * Errors with codes: `fail` throws one by its row in spec/errors.ts.
 */
export { type ErrorClass, type ErrorCode, type ErrorRow, errorRows } from '../../spec/errors.js';
export {
  ConnectorError, DataError, type ErrorContext, InternalError, MillraceError, ParseError,
  StateError, UnsupportedError, ValidationError,
} from './error.js';
export { errorOf, type ErrorValue, type ErrorValues, fail } from './fail.js';
export type { Position } from './position.js';
export { type ErrorParts, renderError } from './render.js';
export { suggest } from './suggest.js';
