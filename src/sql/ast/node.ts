/**
 * What every syntax tree node has: a kind to switch on and the place in the SQL text it came from.
 */

import type { Position } from '../../errors/position.js';

export type { Position };

/** A node of the syntax tree; `kind` discriminates all unions of this folder. */
export interface SyntaxNode {
  readonly kind: string;
  readonly position: Position;
}

/** One name as written; `quoted` if it stood in backticks. Case is kept and matters. */
export interface Identifier extends SyntaxNode {
  readonly kind: 'identifier';
  readonly name: string;
  readonly quoted: boolean;
}

/** A dotted name of an object: one to many parts, never empty. */
export interface QualifiedName extends SyntaxNode {
  readonly kind: 'qualified-name';
  readonly parts: readonly Identifier[];
}

/** One `'key' = 'value'` of a WITH, SET or OPTIONS list. */
export interface OptionEntry extends SyntaxNode {
  readonly kind: 'option';
  readonly key: string;
  readonly value: string;
}
