/**
 * Syntax trees as SQL text that parses to an equal tree, positions aside.
 */
export { dataTypeText } from './data-types.js';
export { expressionText } from './expressions.js';
export { queryLines } from './query-lines.js';
export { queryText } from './queries.js';
export { statementText } from './statements.js';
