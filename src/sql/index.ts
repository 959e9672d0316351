/**
 * SQL text to syntax trees and back.
 */
export type * from './ast/index.js';
export {
  parseDataType, parseExpression, parseScript, parseStatement, scriptPieces,
  type ScriptPiece, type ScriptStatement,
} from './parse.js';
export { nonReservedWords, reservedWords } from './lexer/keywords.js';
export {
  dataTypeText, expressionText, queryText, statementText as unparse,
} from './unparse/index.js';
