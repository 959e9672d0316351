/** JSON_ARRAYAGG and JSON_OBJECTAGG: aggregates over the JSON texts of their values. */
import { fail } from '../../errors/index.js';
import type {
  JsonArrayAggregateCall, JsonObjectAggregateCall,
} from '../../sql/ast/special-call.js';
import { isCharacter } from '../../types/merging.js';
import { typeToString } from '../../types/data-type.js';
import type { AggregateExpression, Expression } from '../logical/expression.js';
import { resolveAggregate } from './aggregates.js';
import { withinArguments } from './call.js';
import { argumentOf, type ExpressionBinder } from './expression-binder.js';
import { bindJsonString } from './json.js';

export function bindJsonAggregate(
  binder: ExpressionBinder, syntax: JsonArrayAggregateCall | JsonObjectAggregateCall,
): AggregateExpression {
  const { position } = syntax;
  const isArray = syntax.kind === 'json-arrayagg';
  const name = isArray ? 'JSON_ARRAYAGG' : 'JSON_OBJECTAGG';
  if (!binder.rules.aggregates) {
    fail('MR2022', { detail: `aggregate function in ${binder.rules.clause}: ${name}` },
      { position });
  }
  const refuse = (clause: string, isPresent: boolean): void => {
    if (isPresent) binder.unsupported(`${clause} in ${name}`, position);
  };
  refuse('FILTER', syntax.filter !== undefined);
  refuse('OVER', syntax.over !== undefined);
  refuse('ORDER BY', isArray && syntax.orderBy.length > 0);
  const inner = withinArguments(binder, name);
  const args = isArray ? [bindJsonString(inner, syntax.operand, position)]
    : bindMember(inner, syntax);
  const resolved = resolveAggregate(name, args.map(argumentOf), {}, { position });
  const nulls = syntax.onNull ?? (isArray ? 'absent-on-null' : 'null-on-null');
  return Object.freeze({
    kind: 'aggregate', function: name, distinct: false, arguments: args, filter: null,
    type: resolved.resultType, options: { nulls: nulls === 'null-on-null' ? 'kept' : 'ignored' },
  });
}

function bindMember(
  binder: ExpressionBinder, { member, position }: JsonObjectAggregateCall,
): readonly Expression[] {
  const key = binder.bind(member.key);
  if (!isCharacter(key.type)) {
    const call = `JSON_OBJECTAGG(<${typeToString(key.type)}>, <ANY>)`;
    fail('MR2006', { call, signatures: 'JSON_OBJECTAGG(<CHARACTER>, <ANY>)' }, { position });
  }
  return [key, bindJsonString(binder, member.value, position)];
}
