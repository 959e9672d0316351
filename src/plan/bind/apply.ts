/** Calls that rewriting makes, with the types and casts that binding would give them. */
import { typesEqual, withNullable, type DataType } from '../../types/data-type.js';
import { call, type Expression } from '../logical/expression.js';
import { castTo, coerce } from './cast.js';
import { resolveFunction } from './functions.js';

/** The function or operator of this name over these values, which are coerced where it asks. */
export function applyFunction(
  zone: string, name: string, ...args: readonly Expression[]
): Expression {
  const resolved = resolveFunction(name, args.map((arg) => ({
    type: arg.type, literal: arg.kind === 'literal' ? arg.value : undefined,
  })));
  return call({
    kernel: resolved.kernel, name, type: resolved.resultType,
    arguments: args.map((arg, i) => coerce(arg, resolved.parameterTypes[i]!, zone)),
    ...(resolved.options === undefined ? {} : { options: resolved.options }),
  });
}

/** The value as of this type, as nullable as it is itself. */
export function castUnlessSame(value: Expression, type: DataType, zone: string): Expression {
  return typesEqual(value.type, type, true) ? value
    : castTo(value, withNullable(type, value.type.nullable), { zone });
}
