/**
 * Constant folding: parts without columns are evaluated once. A part whose evaluation fails stays
 * as it is, so that the error comes where and only where the part is needed.
 */
import { constantValue } from '../bind/constant-value.js';
import {
  conjunction, constant, type Call, type Expression, TRUE, withChildren,
} from '../logical/expression.js';
import { filter, project, watermark } from '../logical/build.js';
import { transform, type LogicalNode } from '../logical/node.js';
import type { RuleContext } from './rules.js';

export function foldConstants(node: LogicalNode, { zone }: RuleContext): LogicalNode {
  return transform(node, (one) => {
    switch (one.kind) {
      case 'project': {
        const folded = one.expressions.map((expression) => fold(expression, zone));
        return folded.every((part, i) => part === one.expressions[i]) ? one
          : project(one.input, folded, one.schema.map((field) => field.name));
      }
      case 'filter':
        return foldFilter(filter(one.input, fold(one.condition, zone)));
      case 'watermark':
        return watermark(one.input, one.rowtime, fold(one.expression, zone));
      default:
        return one;
    }
  });
}

/** WHERE TRUE is nothing; WHERE FALSE or NULL has no rows. */
function foldFilter(node: Extract<LogicalNode, { kind: 'filter' }>): LogicalNode {
  const { condition } = node;
  if (condition.kind !== 'literal') return node;
  if (condition.value === true) return node.input;
  return Object.freeze({ kind: 'values', rows: [], schema: node.schema });
}

export function fold(expression: Expression, zone: string): Expression {
  switch (expression.kind) {
    case 'column':
    case 'literal':
      return expression;
    case 'call':
      return foldCall(expression, zone);
    case 'aggregate':
    case 'over':
      return expression;
  }
}

function foldCall(whole: Call, zone: string): Expression {
  const parts = whole.arguments.map((part) => fold(part, zone));
  const same = parts.every((part, i) => part === whole.arguments[i]);
  const folded = same ? whole : withChildren(whole, parts);
  const value = constantValue(folded, zone);
  if (value !== undefined) return constant(value.value, whole.type);
  return folded.kind === 'call' && folded.kernel === 'and' ? withoutTrue(folded) : folded;
}

/** x AND TRUE is x. */
function withoutTrue(whole: Call): Expression {
  const isTrue = (part: Expression): boolean => part.kind === 'literal' && part.value === true;
  if (!whole.arguments.some(isTrue)) return whole;
  return conjunction(whole.arguments.filter((part) => !isTrue(part))) ?? TRUE;
}

