/** JSON functions: their paths, types to return, and clauses as options of a call. */
import { fail } from '../../errors/index.js';
import {
  compileJsonPath, JsonPathUnsupportedError, pathOption,
} from '../../expr/json/compile-path.js';
import type { Expression as Syntax } from '../../sql/ast/expression.js';
import type {
  JsonArrayCall, JsonBehavior, JsonExistsCall, JsonObjectCall, JsonQueryCall, JsonValueCall,
} from '../../sql/ast/special-call.js';
import type { Position } from '../../sql/ast/node.js';
import {
  INT, NULL, STRING, childTypes, typeToString, withNullable, type DataType,
} from '../../types/data-type.js';
import { isCharacter } from '../../types/merging.js';
import { constant, type Call, type Expression } from '../logical/expression.js';
import type { PlanValue } from '../physical/plan.js';
import { castTo, coerceImplicitly } from './cast.js';
import { constantValue } from './constant-value.js';
import { bindType } from './data-type.js';
import type { ExpressionBinder } from './expression-binder.js';

type JsonCall = JsonExistsCall | JsonValueCall | JsonQueryCall | JsonObjectCall | JsonArrayCall;
type Options = Record<string, PlanValue>;

export function bindJson(binder: ExpressionBinder, syntax: JsonCall): Expression {
  switch (syntax.kind) {
    case 'json-exists': {
      const options = { path: bindPath(binder, syntax),
        on_error: syntax.onError?.behavior ?? 'false' };
      return withOptions(binder.call('JSON_EXISTS', [binder.bind(syntax.operand)],
        syntax.position), options);
    }
    case 'json-value':
      return bindValue(binder, syntax);
    case 'json-query':
      return bindQuery(binder, syntax);
    case 'json-object':
      return bindObject(binder, syntax);
    case 'json-array':
      return bindArray(binder, syntax);
  }
}

function withOptions(bound: Expression, options: Options): Call {
  if (bound.kind !== 'call') fail('MR9001', { detail: 'JSON function without a kernel' });
  return { ...bound, options };
}

/** The table of a constant path. */
function bindPath(
  binder: ExpressionBinder, syntax: JsonExistsCall | JsonValueCall | JsonQueryCall,
): PlanValue {
  const { position } = syntax.path;
  if (syntax.passing.length > 0) binder.unsupported('PASSING in a JSON function', position);
  const path = constantValue(binder.bind(syntax.path), binder.zone)?.value;
  if (typeof path !== 'string') {
    return binder.unsupported('a JSON path that is not constant', position);
  }
  try {
    return pathOption(compileJsonPath(path));
  } catch (error) {
    if (!(error instanceof JsonPathUnsupportedError)) throw error;
    return binder.unsupported(`a JSON path with ${error.message}`, position);
  }
}

const RETURNED: ReadonlySet<DataType['root']> = new Set([
  'VARCHAR', 'BOOLEAN', 'INTEGER', 'DOUBLE',
]);

/** JSON_VALUE(json, default on empty, default on error). */
function bindValue(binder: ExpressionBinder, syntax: JsonValueCall): Expression {
  const { position } = syntax;
  const type = syntax.returning === undefined ? STRING : bindType(syntax.returning);
  if (!RETURNED.has(type.root)) refuseReturning('JSON_VALUE', type, position);
  const read = isCharacter(type) ? STRING : type;
  const options = { path: bindPath(binder, syntax), ...behaviors(syntax) };
  const args = [binder.bind(syntax.operand), defaultOf(binder, syntax.onEmpty, read, position),
    defaultOf(binder, syntax.onError, read, position)];
  const bound = withOptions(binder.call('JSON_VALUE', args, position), options);
  return castIfCut({ ...bound, type: withNullable(read, true) }, type, binder.zone);
}

function castIfCut(value: Expression, type: DataType, zone: string): Expression {
  return value.type.length === type.length ? value : castTo(value, type, { zone });
}

function behaviors(syntax: JsonValueCall | JsonQueryCall): Options {
  return {
    on_empty: syntax.onEmpty?.behavior ?? 'null', on_error: syntax.onError?.behavior ?? 'null',
  };
}

function defaultOf(
  binder: ExpressionBinder, behavior: JsonBehavior | undefined, type: DataType,
  position: Position,
): Expression {
  const nullable = withNullable(type, true);
  if (behavior?.value === undefined) return constant(null, nullable);
  const value = binder.bind(behavior.value);
  if (isCharacter(type)) return castTo(value, nullable, { zone: binder.zone });
  return coerceImplicitly(value, nullable, binder.zone, 'the default of JSON_VALUE', position);
}

function bindQuery(binder: ExpressionBinder, syntax: JsonQueryCall): Expression {
  const { position } = syntax;
  const type = syntax.returning === undefined ? STRING : bindType(syntax.returning);
  const isArray = type.root === 'ARRAY' && type.element?.root === 'VARCHAR';
  if (!isArray && type.root !== 'VARCHAR') refuseReturning('JSON_QUERY', type, position);
  const options = {
    path: bindPath(binder, syntax), wrapper: syntax.wrapper ?? 'without', ...behaviors(syntax),
  };
  const asked = [syntax.onEmpty?.behavior, syntax.onError?.behavior];
  if (isArray && asked.includes('empty-object')) {
    fail('MR2007', { detail: 'EMPTY OBJECT does not fit RETURNING ARRAY in JSON_QUERY' },
      { position });
  }
  const operand = binder.bind(syntax.operand);
  const args = isArray ? [operand, constant(0, INT)] : [operand];
  const bound = withOptions(binder.call('JSON_QUERY', args, position), options);
  if (isArray) return { ...bound, arguments: bound.arguments.slice(0, 1) };
  return castIfCut(bound, type, binder.zone);
}

function refuseReturning(name: string, type: DataType, position: Position): never {
  const detail = `Unsupported type '${typeToString(type)}' for RETURNING in ${name}()`;
  return fail('MR2007', { detail }, { position });
}

/**
 * A value inside of a JSON constructor: JSON made by another constructor stands as it is (r), the
 * text of JSON(...) is read (j), anything else is written by its type (v).
 */
function bindPart(
  binder: ExpressionBinder, syntax: Syntax,
): { readonly value: Expression; readonly mode: string } {
  if (syntax.kind === 'json-object' || syntax.kind === 'json-array') {
    return { value: binder.bind(syntax), mode: 'r' };
  }
  if (isJsonCall(syntax)) {
    const value = binder.bind(syntax.arguments[0]!);
    if (!isCharacter(value.type)) failPart(value.type, syntax.position);
    return { value, mode: 'j' };
  }
  const value = binder.bind(syntax);
  if (!hasJson(value.type)) failPart(value.type, syntax.position);
  return { value, mode: 'v' };
}

function isJsonCall(syntax: Syntax): syntax is Extract<Syntax, { kind: 'function-call' }> {
  return syntax.kind === 'function-call' && syntax.arguments.length === 1 &&
    syntax.name.parts.length === 1 && syntax.name.parts[0]!.name.toUpperCase() === 'JSON';
}

/** Types that have a form in JSON. */
function hasJson(type: DataType): boolean {
  switch (type.root) {
    case 'NULL': case 'DATE': case 'TIME': case 'INTERVAL_DAY_TIME': case 'INTERVAL_YEAR_MONTH':
    case 'MULTISET': return false;
    case 'MAP': return isCharacter(type.key!) && hasJson(type.element!);
    default: return childTypes(type).every(hasJson);
  }
}

function failPart(type: DataType, position: Position): never {
  const detail = `Type '${typeToString(type)}' is not scalar or cannot be converted into JSON.`;
  return fail('MR2007', { detail }, { position });
}

function bindObject(binder: ExpressionBinder, syntax: JsonObjectCall): Expression {
  const args: Expression[] = [];
  let modes = '';
  for (const { key, value } of syntax.members) {
    const name = binder.bind(key);
    const isNull = name.type.root === 'NULL' || constantValue(name, binder.zone)?.value === null;
    if (isNull || !isCharacter(name.type)) {
      fail('MR2007', { detail: 'a key of JSON_OBJECT must be a text' }, { position: key.position });
    }
    const part = bindPart(binder, value);
    args.push(name, part.value);
    modes += part.mode;
  }
  return withOptions(binder.call('JSON_OBJECT', args, syntax.position),
    { modes, keeps_null: syntax.onNull !== 'absent-on-null' });
}

function bindArray(binder: ExpressionBinder, syntax: JsonArrayCall): Expression {
  const parts = syntax.elements.map((element) => bindPart(binder, element));
  const args = parts.map((part) => part.value);
  return withOptions(binder.call('JSON_ARRAY', args, syntax.position), {
    modes: parts.map((part) => part.mode).join(''),
    keeps_null: syntax.onNull === 'null-on-null',
  });
}

/** JSON_STRING(value). */
export function bindJsonString(
  binder: ExpressionBinder, operand: Syntax, position: Position,
): Expression {
  const isNull = operand.kind === 'null-literal';
  const { value, mode } = isNull ? { value: constant(null, NULL), mode: 'v' }
    : bindPart(binder, operand);
  return withOptions(binder.call('JSON_STRING', [value], position), { modes: mode,
    keeps_null: true });
}

/** JSON(text) stands only inside of the constructors. */
export function refuseJson(position: Position): never {
  const detail = 'The JSON() function is currently only supported inside JSON_ARRAY() or as the '
    + 'VALUE param of JSON_OBJECT()';
  return fail('MR2007', { detail }, { position });
}
