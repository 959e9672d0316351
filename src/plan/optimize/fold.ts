/**
 * Constant folding: parts without columns are evaluated once. A part whose evaluation fails stays
 * as it is, so that the error comes where and only where the part is needed.
 */
import { constantValue } from '../bind/constant-value.js';
import {
  call, childrenOf, conjunction, constant, type Call, type Expression, rewrite, TRUE, withChildren,
} from '../logical/expression.js';
import { filter, project, watermark } from '../logical/build.js';
import { transform, type LogicalNode, type Match } from '../logical/node.js';
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
      case 'sort':
        return one.count === 0 ? noRows(one) : one;
      case 'watermark':
        return watermark(one.input, one.rowtime, fold(one.expression, zone));
      case 'match':
        return foldMatch(one, zone);
      default:
        return one;
    }
  });
}

/**
 * What is NOT NULL in the input is so here too, as Flink has it, though the row may be absent:
 * IS NULL of it is FALSE.
 */
function foldMatch(node: Match, zone: string): Match {
  const settled = (expression: Expression): Expression =>
    fold(rewrite(expression, (part) => {
      const test = part.kind === 'call' ? part.kernel : '';
      if (test !== 'is_null' && test !== 'is_not_null') return undefined;
      const [operand] = childrenOf(part);
      return operand?.type.nullable === false
        ? constant(test === 'is_not_null', part.type) : undefined;
    }), zone);
  return Object.freeze({
    ...node, define: node.define.map((one) => (one === null ? null : settled(one))),
    measures: node.measures.map(settled),
  });
}

/** WHERE TRUE is nothing; WHERE FALSE or NULL has no rows. */
function foldFilter(node: Extract<LogicalNode, { kind: 'filter' }>): LogicalNode {
  const { condition } = node;
  if (condition.kind !== 'literal') return node;
  if (condition.value === true) return node.input;
  return noRows(node);
}

function noRows({ schema }: LogicalNode): LogicalNode {
  return Object.freeze({ kind: 'values', rows: [], schema });
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
  if (folded.kind !== 'call') return folded;
  if (folded.kernel === 'not') return negated(folded);
  if (isDecided(folded)) return constant(folded.kernel === 'or', whole.type);
  return folded.kernel === 'and' ? withoutTrue(folded) : folded;
}

/** x OR TRUE is TRUE and x AND FALSE is FALSE, whatever x is; it is not evaluated, as in Flink. */
const isDecided = ({ kernel, arguments: parts }: Call): boolean =>
  (kernel === 'or' || kernel === 'and') &&
  parts.some((part) => part.kind === 'literal' && part.value === (kernel === 'or'));

/** Kernel and shown name of the opposite of a comparison or test. */
const OPPOSITES: Readonly<Record<string, readonly [kernel: string, name: string]>> = {
  equal: ['not_equal', '<>'], not_equal: ['equal', '='],
  less: ['greater_equal', '>='], greater_equal: ['less', '<'],
  greater: ['less_equal', '<='], less_equal: ['greater', '>'],
  is_null: ['is_not_null', 'IS NOT NULL'], is_not_null: ['is_null', 'IS NULL'],
  is_true: ['is_not_true', 'IS NOT TRUE'], is_not_true: ['is_true', 'IS TRUE'],
  is_false: ['is_not_false', 'IS NOT FALSE'], is_not_false: ['is_false', 'IS FALSE'],
};

/** NOT (a > b) is a <= b, as Calcite has it: for NaN too, where the two differ. */
function negated(whole: Call): Expression {
  const [inner] = whole.arguments;
  if (inner?.kind !== 'call') return whole;
  if (inner.kernel === 'not') return inner.arguments[0] ?? whole;
  const opposite = OPPOSITES[inner.kernel];
  if (opposite !== undefined) return call({ ...inner, kernel: opposite[0], name: opposite[1] });
  const connective = CONNECTIVES[inner.kernel];
  if (connective === undefined) return whole;
  const parts = inner.arguments.map((part) =>
    negated(call({ ...whole, arguments: [part], type: part.type })));
  return call({ ...inner, kernel: connective, name: connective.toUpperCase(), arguments: parts });
}

/** NOT (a AND b) is NOT a OR NOT b, in three-valued logic too. */
const CONNECTIVES: Readonly<Record<string, string>> = { and: 'or', or: 'and' };

/** x AND TRUE is x. */
function withoutTrue(whole: Call): Expression {
  const isTrue = (part: Expression): boolean => part.kind === 'literal' && part.value === true;
  if (!whole.arguments.some(isTrue)) return whole;
  return conjunction(whole.arguments.filter((part) => !isTrue(part))) ?? TRUE;
}

