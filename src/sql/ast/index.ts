/**
 * The syntax tree of Flink SQL: readonly unions discriminated by `kind`. Start with statement.ts.
 */
export type * from './alter.js';
export type * from './call.js';
export type * from './command.js';
export type * from './create.js';
export type * from './data-type.js';
export type * from './expression.js';
export type * from './node.js';
export type * from './query.js';
export type * from './special-call.js';
export type * from './statement.js';
export type * from './table-definition.js';
export type * from './table.js';
