/**
 * The optimizer: one ordered list of rules, each a pure function from plan to plan. No rule moves
 * an error to where there was none, and none changes what a query returns.
 */
import type { LogicalNode } from '../logical/node.js';

export interface RuleContext {
  /** Session zone. */
  readonly zone: string;
}

export interface Rule {
  readonly name: string;
  readonly apply: (node: LogicalNode, context: RuleContext) => LogicalNode;
}

export const RULES: readonly Rule[] = [];
