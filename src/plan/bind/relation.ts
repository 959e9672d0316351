/** A bound table expression: its plan and the names of its columns. */
import type { LogicalNode } from '../logical/node.js';
import { scopeOf, type Scope } from './scope.js';

export interface Relation {
  readonly node: LogicalNode;
  readonly scope: Scope;
}

export function relation(node: LogicalNode, name: readonly string[] = []): Relation {
  return { node, scope: scopeOf(name, node.schema) };
}
