/** Runs the rules of rules.ts in their order. */
import type { LogicalNode, Sink } from '../logical/node.js';
import { RULES, type RuleContext } from './rules.js';

export function optimize(sink: Sink, context: RuleContext): Sink {
  let node: LogicalNode = sink;
  for (const rule of RULES) node = rule.apply(node, context);
  return node.kind === 'sink' ? node : sink;
}
