/** Calls of the session's own functions. Functions of the system come first, as in Flink. */
import type { SessionFunction } from '../../catalog/functions.js';
import { fail } from '../../errors/index.js';
import { USER_KERNEL } from '../../expr/user-functions.js';
import type { Position } from '../../sql/ast/node.js';
import { canCastImplicitly } from '../../types/castable.js';
import { typeToString, withNullable } from '../../types/data-type.js';
import { call, type Expression } from '../logical/expression.js';
import { isAggregate } from './aggregates.js';
import { coerce } from './cast.js';
import type { ExpressionBinder } from './expression-binder.js';
import { isFunction } from './functions.js';

/** Undefined where the name is none of the session's functions. */
export function bindUserCall(
  binder: ExpressionBinder, name: string, args: readonly Expression[], position: Position,
): Expression | undefined {
  if (isFunction(name) || isAggregate(name)) return undefined;
  const found = binder.session.catalog.functions.find(name);
  if (found === undefined) return undefined;
  const { parameterTypes, resultType, isDeterministic, handle } = found;
  const isFitting = args.length === parameterTypes.length &&
    args.every((arg, i) => canCastImplicitly(arg.type, parameterTypes[i]!));
  if (!isFitting) refuse(found, args, position);
  return call({
    kernel: USER_KERNEL, name: found.name,
    arguments: args.map((arg, i) =>
      coerce(arg, withNullable(parameterTypes[i]!, arg.type.nullable), binder.zone)),
    type: resultType, deterministic: isDeterministic,
    options: { name: found.name, handle },
  });
}

function refuse(
  { name, parameterTypes }: SessionFunction, args: readonly Expression[], position: Position,
): never {
  const given = args.map((arg) => typeToString(withNullable(arg.type, true)));
  const taken = parameterTypes.map((type) => typeToString(withNullable(type, true)));
  fail('MR2006', {
    call: `${name}(${given.join(', ')})`, signatures: `${name}(${taken.join(', ')})`,
  }, { position });
}
