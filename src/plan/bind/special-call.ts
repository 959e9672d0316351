/**
 * Functions whose arguments are parted by words. They are the rows of the same name, with units
 * and flags as string constants in front (EXTRACT, TIMESTAMPADD, TRIM) or behind (FLOOR, CEIL).
 */
import type { DateTimeDifference } from '../../sql/ast/expression.js';
import type { SpecialCall } from '../../sql/ast/special-call.js';
import { char, notNull } from '../../types/data-type.js';
import { constant, type Expression } from '../logical/expression.js';
import type { ExpressionBinder } from './expression-binder.js';
import { bindJson } from './json.js';
import { bindJsonAggregate } from './json-aggregate.js';

export function bindSpecialCall(binder: ExpressionBinder, syntax: SpecialCall): Expression {
  const { position } = syntax;
  switch (syntax.kind) {
    case 'extract':
      return binder.call('EXTRACT', [word(syntax.unit), binder.bind(syntax.operand)], position);
    case 'floor-to':
    case 'ceil-to': {
      const name = syntax.kind === 'floor-to' ? 'FLOOR' : 'CEIL';
      return binder.call(name, [binder.bind(syntax.operand), word(syntax.unit)], position);
    }
    case 'timestamp-arithmetic': {
      const unit = syntax.unit.replace(/^SQL_TSI_/, '');
      const args = [word(unit), ...binder.bindAll(syntax.arguments)];
      return binder.call(syntax.function, args, position);
    }
    case 'trim': {
      const characters = syntax.characters === undefined ? word(' ')
        : binder.bind(syntax.characters);
      const args = [word(syntax.side.toUpperCase()), characters, binder.bind(syntax.operand)];
      return binder.call('TRIM', args, position);
    }
    case 'position-call':
      return binder.call('POSITION', bindPresent(binder,
        [syntax.needle, syntax.operand, syntax.start]), position);
    case 'overlay':
      return binder.call('OVERLAY', bindPresent(binder,
        [syntax.operand, syntax.replacement, syntax.start, syntax.length]), position);
    case 'substring':
      return binder.call('SUBSTRING', bindPresent(binder,
        [syntax.operand, syntax.start, syntax.length]), position);
    case 'json-exists':
    case 'json-value':
    case 'json-query':
    case 'json-object':
    case 'json-array':
      return bindJson(binder, syntax);
    case 'json-arrayagg':
    case 'json-objectagg':
      return bindJsonAggregate(binder, syntax);
    default:
      return binder.unsupported(syntax.kind.replaceAll('-', '_').toUpperCase(), position);
  }
}

/** (a - b) unit: by the first unit of the qualifier. */
export function bindDifference(
  binder: ExpressionBinder, syntax: DateTimeDifference,
): Expression {
  const { operand, qualifier, position } = syntax;
  if (operand.kind !== 'binary-operation' || operand.operator !== '-') {
    return binder.unsupported('an interval of this expression', position);
  }
  const args = [word(qualifier.start), binder.bind(operand.left), binder.bind(operand.right)];
  return binder.call('DATETIME DIFFERENCE', args, position);
}

type Syntax = Parameters<ExpressionBinder['bind']>[0];

function bindPresent(
  binder: ExpressionBinder, parts: readonly (Syntax | undefined)[],
): readonly Expression[] {
  return parts.flatMap((part) => (part === undefined ? [] : [binder.bind(part)]));
}

function word(text: string): Expression {
  return constant(text, notNull(char(text.length)));
}
