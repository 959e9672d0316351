/**
 * Finding a function by name and arguments. All knowledge about functions is in the rows of
 * spec/functions.ts; this reads them.
 */
import {
  FUNCTIONS, type FunctionRow, type ResultNullability, type Signature,
} from '../../../spec/functions.js';
import { AGGREGATES } from '../../../spec/aggregates.js';
import { FOREIGN_FUNCTIONS } from '../../../spec/foreign-names.js';
import { UNSUPPORTED_FUNCTIONS } from '../../../spec/unsupported-functions.js';
import { fail } from '../../errors/fail.js';
import type { ErrorContext } from '../../errors/error.js';
import { suggest } from '../../errors/suggest.js';
import {
  BOOLEAN, typeToString, withNullable, type DataType,
} from '../../types/data-type.js';
import { commonType } from '../../types/merging.js';
import { callOptions, isDynamic } from './call-options.js';
import { familyText, parameterType } from './argument-family.js';
import {
  arithmeticParameters, comparisonParameters, equalityParameters, moduloParameters,
} from './parameters.js';
import { resultTypeOf } from './result-type.js';
import type { BoundArgument, ResolvedFunction } from './signature.js';

const BY_NAME = new Map<string, FunctionRow[]>();
for (const row of FUNCTIONS) {
  for (const name of [row.name, ...(row.aliases ?? [])]) {
    const rows = BY_NAME.get(name);
    if (rows === undefined) BY_NAME.set(name, [row]);
    else rows.push(row);
  }
}

/** Functions that get a row while this list still names them are supported. */
const UNSUPPORTED = new Set(UNSUPPORTED_FUNCTIONS);

/** Whether a scalar function of this name (any case) exists. */
export function isFunction(name: string): boolean {
  return BY_NAME.has(name.toUpperCase());
}

/** What a mistyped name may have meant. */
const KNOWN = [...BY_NAME.keys(), ...AGGREGATES.map((row) => row.name)];

/** The names of all functions, operators included. */
export function functionNames(): readonly string[] {
  return [...BY_NAME.keys()];
}

/**
 * The kernel, parameter types and result type of a call. `name` in any case: a function's name,
 * an operator's sign, `IS NOT NULL`, `NEGATE`, `AND`, `CASE` (when1, then1, ..., else).
 * `zone` is the session zone. Fails with MR2003 for an unknown name, MR2102 for one that only
 * Flink has, MR2006 for arguments that no signature takes.
 */
export function resolveFunction(
  name: string, args: readonly BoundArgument[], context: ErrorContext = {}, zone = 'UTC',
): ResolvedFunction {
  const rows = BY_NAME.get(name.toUpperCase());
  if (rows === undefined) {
    if (UNSUPPORTED.has(name.toUpperCase())) fail('MR2102', { name: name.toUpperCase() }, context);
    const suggestion = FOREIGN_FUNCTIONS[name.toUpperCase()] ?? suggest(name, KNOWN);
    fail('MR2003', { name, suggestion }, context);
  }
  for (const row of rows) {
    for (const signature of row.signatures) {
      const resolved = applySignature(row, signature, args, zone);
      if (resolved !== null) return resolved;
    }
  }
  return failArguments(name.toUpperCase(), rows, args, context);
}

function applySignature(
  row: FunctionRow, signature: Signature, args: readonly BoundArgument[], zone: string,
): ResolvedFunction | null {
  const matched = matchArguments(signature, args);
  if (matched === null) return null;
  const typed = args.map((arg, i) => ({ ...arg, type: matched[i]! }));
  const type = resultTypeOf(signature.result, typed);
  if (type === null) return null;
  const parameterTypes = parametersOf(signature, matched, type);
  if (parameterTypes === null) return null;
  const options = callOptions(row, args, zone);
  return {
    kernel: `${signature.kernel ?? row.kernel}${isDynamic(row, args) ? '_dynamic' : ''}`,
    parameterTypes,
    resultType: withNullable(type, isNullable(row, signature, typed)),
    deterministic: row.deterministic ?? true,
    ...(options === undefined ? {} : { options }),
  };
}

function matchArguments(
  signature: Signature, args: readonly BoundArgument[],
): readonly DataType[] | null {
  const { arguments: families, rest, optional = 0 } = signature;
  if (args.length < families.length - optional) return null;
  if (args.length > families.length && rest === undefined) return null;
  const types: DataType[] = [];
  for (const [i, arg] of args.entries()) {
    const family = families[i] ?? rest;
    const type = family === undefined ? null : parameterType(family, arg.type, args[0]?.type);
    if (type === null) return null;
    types.push(type);
  }
  return types;
}

function parametersOf(
  signature: Signature, types: readonly DataType[], result: DataType,
): readonly DataType[] | null {
  const to = (target: DataType) => types.map((type) => withNullable(target, type.nullable));
  switch (signature.parameters ?? 'keep') {
    case 'keep':
      return types;
    case 'result':
      return to(result);
    case 'common': {
      const target = commonType(types);
      return target === null ? null : to(target);
    }
    case 'equality':
      return equalityParameters(types);
    case 'comparison':
      return comparisonParameters(types);
    case 'arithmetic':
      return arithmeticParameters(types, result);
    case 'modulo':
      return moduloParameters(types, result);
    case 'map-entries':
      return types.map((type, i) =>
        withNullable((i % 2 === 0 ? result.key : result.element)!, type.nullable));
    case 'case-branches':
      return types.map((type, i) => {
        const isCondition = i % 2 === 0 && i < types.length - 1;
        return withNullable(isCondition ? BOOLEAN : result, type.nullable);
      });
  }
}

function isNullable(
  row: FunctionRow, signature: Signature, args: readonly BoundArgument[],
): boolean {
  const rule: ResultNullability =
    signature.nullable ?? (row.nulls === 'propagate' ? 'arguments' : 'always');
  switch (rule) {
    case 'never':
      return false;
    case 'always':
      return true;
    case 'all':
      return args.every((arg) => arg.type.nullable);
    case 'first':
      return args[0]?.type.nullable ?? true;
    case 'element':
      return args[0]?.type.nullable !== false || args[0].type.element?.nullable !== false;
    case 'any':
      return args.some((arg) => arg.type.nullable);
    case 'arguments':
      return isAnyNullable(signature, args);
  }
}

/** Conditions of a CASE do not make its result nullable. */
function isAnyNullable(signature: Signature, args: readonly BoundArgument[]): boolean {
  const counted = signature.parameters === 'case-branches'
    ? args.filter((_, i) => i % 2 === 1 || i === args.length - 1)
    : args;
  return counted.some((arg) => arg.type.nullable);
}

/** The error for a call no signature takes, with Flink's words as the detail. */
function failArguments(
  name: string, rows: readonly FunctionRow[], args: readonly BoundArgument[],
  context: ErrorContext,
): never {
  const given = args.map((arg) => typeToString(withNullable(arg.type, true)));
  const signatures = rows.flatMap((row) => row.signatures)
    .map((signature) => signatureText(name, signature));
  const call = `${name}(${given.join(', ')})`;
  const detail = `Cannot apply '${name}' to arguments of type `
    + `'${name}(${given.map((type) => `<${type}>`).join(', ')})'. `
    + `Supported form(s): ${signatures.map((text) => `'${text}'`).join(' ')}`;
  fail('MR2006', { call, signatures: signatures.join(' or ') }, { detail, ...context });
}

function signatureText(name: string, signature: Signature): string {
  const parts = signature.arguments.map(familyText);
  const firstOptional = parts.length - (signature.optional ?? 0);
  const shown = parts.map((part, i) => (i >= firstOptional ? `[${part}]` : part));
  if (signature.rest !== undefined) shown.push(`${familyText(signature.rest)}...`);
  return `${name}(${shown.join(', ')})`;
}
