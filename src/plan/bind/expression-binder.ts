/**
 * Binds expressions of the text in a scope: names to columns, operators and functions to kernels,
 * with implicit casts put in. One binder serves one clause of one query.
 */
import { fail, type Position } from '../../errors/index.js';
import type { Expression as Syntax, Literal } from '../../sql/ast/expression.js';
import type { WindowSpecification } from '../../sql/ast/query.js';
import type { SpecialCall } from '../../sql/ast/special-call.js';
import { withTimeAttribute, type DataType, type TypeRoot } from '../../types/data-type.js';
import { isCharacter } from '../../types/merging.js';
import { call, type Expression, expressionSize } from '../logical/expression.js';
import { plainType } from '../logical/plan-expression.js';
import { bindCall } from './call.js';
import { bindCase } from './conditional.js';
import { castExplicitly, castTo, coerce, failCast } from './cast.js';
import { constantValue } from './constant-value.js';
import { outerReference } from './correlate.js';
import { bindType } from './data-type.js';
import { resolveFunction } from './functions.js';
import { bindIntervalOf } from './intervals.js';
import { bindLiteral } from './literal.js';
import type { MatchClause } from './match-call.js';
import {
  bindCollection, bindElementAccess, bindMap, bindRow, bindRowTest,
} from './nested.js';
import { bindBetween, bindBinary, bindInList, bindIs, bindLike, bindUnary } from './operators.js';
import { fieldAccess, findName, findQualified, resolveName, type Scope } from './scope.js';
import type { BindSession } from './session.js';
import type { BoundArgument } from './signature.js';
import {
  bindExists, bindInQuery, bindQuantified, bindScalarQuery, type SubQueries,
} from './sub-query.js';
import { bindDifference, bindSpecialCall } from './special-call.js';

/** What the clause allows. */
export interface ClauseRules {
  /** For errors: `WHERE`, `GROUP BY`. */
  readonly clause: string;
  readonly aggregates: boolean;
  readonly over: boolean;
  /** Whether the query groups by anything: decides NULL of aggregates. */
  readonly grouped?: boolean;
  /** Where the clause's sub-queries are kept until it joins them; without it there may be none. */
  readonly subQueries?: SubQueries;
  /** WINDOW w AS (...) of the query. */
  readonly windows?: ReadonlyMap<string, WindowSpecification>;
  /** DEFINE and MEASURES of MATCH_RECOGNIZE. */
  readonly match?: MatchClause;
}

export class ExpressionBinder {
  /** Where each bound column reference stood, for errors found after binding. */
  readonly positions = new WeakMap<Expression, Position>();

  constructor(
    readonly session: BindSession, readonly scope: Scope, readonly rules: ClauseRules,
  ) {}

  get zone(): string {
    return this.session.config.zone;
  }

  /** A binder of another clause over the same scope. */
  within(rules: ClauseRules): ExpressionBinder {
    return new ExpressionBinder(this.session, this.scope, rules);
  }

  bind(syntax: Syntax): Expression {
    const bound = bindOne(this, syntax);
    if (!this.positions.has(bound)) this.positions.set(bound, syntax.position);
    return bound;
  }

  bindAll(list: readonly Syntax[]): readonly Expression[] {
    return list.map((syntax) => this.bind(syntax));
  }

  /** A bound call of a function or operator by name, with its arguments cast to what it takes. */
  call(
    name: string, args: readonly Expression[], position: Position, shown = name,
  ): Expression {
    const rows = bindRowTest(this, name, args, position);
    if (rows !== undefined) return rows;
    const flat = name === 'AND' || name === 'OR' ? flattened(name.toLowerCase(), args) : args;
    const resolved = resolveFunction(name, flat.map(argumentOf), { position }, this.zone);
    const parameters = flat.map((arg, i) => {
      const type = resolved.parameterTypes[i];
      if (type === undefined) return arg;
      return isLenient(name, arg, type) ? castTo(arg, type, { zone: this.zone, safe: true })
        : coerce(arg, type, this.zone);
    });
    return call({
      kernel: resolved.kernel, name: shown, arguments: parameters,
      type: keepMark(name, args, resolved.resultType),
      deterministic: resolved.deterministic,
      ...(resolved.options === undefined ? {} : { options: resolved.options }),
    });
  }

  /** MR2100 that names what was written. */
  unsupported(feature: string, position: Position): never {
    return fail('MR2100', { feature }, { position });
  }
}

const EQUALITIES = new Set(['=', '<>', 'IS DISTINCT FROM', 'IS NOT DISTINCT FROM']);

/** Equal to a time, a text that is none is NULL in Flink; a constant text is an error. */
function isLenient(name: string, arg: Expression, type: DataType): boolean {
  return EQUALITIES.has(name) && arg.kind !== 'literal' && isCharacter(arg.type) &&
    TIMES.includes(type.root);
}

const TIMES: readonly TypeRoot[] = ['DATE', 'TIME', 'TIMESTAMP', 'TIMESTAMP_LTZ'];

const MARK_KEEPERS = new Set(['+', '-', 'FLOOR', 'CEIL']);

/** A moved or rounded time attribute is shown as one, as in Flink, though it is none any more. */
function keepMark(name: string, args: readonly Expression[], type: DataType): DataType {
  const mark = MARK_KEEPERS.has(name) ? args[0]?.type.timeAttribute : undefined;
  return mark === 'rowtime' && type.root === args[0]?.type.root
    ? withTimeAttribute(type, mark) : type;
}

/** a AND (b AND c) has three operands. */
function flattened(kernel: string, args: readonly Expression[]): readonly Expression[] {
  return args.flatMap((arg) =>
    (arg.kind === 'call' && arg.kernel === kernel ? arg.arguments : [arg]));
}

/** Largest constant that is evaluated for its value: chains of operators stay linear. */
const MAX_CONSTANT_PARTS = 16;

/** What resolving a call needs of an argument: constants are given by value. */
export function argumentOf(argument: Expression): BoundArgument {
  const type = plainType(argument.type);
  const value = expressionSize(argument) > MAX_CONSTANT_PARTS ? undefined
    : constantValue(argument, 'UTC');
  return value === undefined ? { type } : { type, literal: value.value };
}

function bindOne(binder: ExpressionBinder, syntax: Syntax): Expression {
  const { position } = syntax;
  switch (syntax.kind) {
    case 'name-reference':
      return bindName(binder, syntax);
    case 'binary-operation':
      return bindBinary(binder, syntax);
    case 'interval-expression':
      return bindIntervalOf(binder, syntax);
    case 'unary-operation':
      return bindUnary(binder, syntax);
    case 'is-predicate':
      return bindIs(binder, syntax);
    case 'between':
      return bindBetween(binder, syntax);
    case 'like':
      return bindLike(binder, syntax);
    case 'in-list':
      return bindInList(binder, syntax);
    case 'case':
      return bindCase(binder, syntax);
    case 'cast':
      return bindCast(binder, syntax);
    case 'field-access':
      if (syntax.field.kind === 'star') return binder.unsupported('spreading a ROW', position);
      return fieldAccess(binder.bind(syntax.operand), syntax.field.name, position);
    case 'function-call':
      return bindCall(binder, syntax);
    case 'datetime-difference':
      return bindDifference(binder, syntax);
    case 'row-constructor':
      return bindRow(binder, syntax);
    case 'scalar-query':
      return bindScalarQuery(binder, syntax);
    case 'in-query':
      return bindInQuery(binder, syntax);
    case 'exists':
      return bindExists(binder, syntax);
    case 'quantified-comparison':
      return bindQuantified(binder, syntax);
    case 'array-constructor':
    case 'multiset-constructor':
      return bindCollection(binder, syntax);
    case 'map-constructor':
      return bindMap(binder, syntax);
    case 'element-access':
      return bindElementAccess(binder, syntax);
    default:
      if (isLiteral(syntax)) return bindLiteral(syntax);
      if (isSpecialCall(syntax)) return bindSpecialCall(binder, syntax);
      return binder.unsupported(UNSUPPORTED[syntax.kind] ?? syntax.kind, position);
  }
}

const LITERALS: ReadonlySet<string> = new Set<Literal['kind']>([
  'null-literal', 'boolean-literal', 'number-literal', 'string-literal', 'binary-literal',
  'datetime-literal', 'interval-literal',
]);

const isLiteral = (syntax: Syntax): syntax is Literal => LITERALS.has(syntax.kind);

const SPECIAL_CALLS: ReadonlySet<string> = new Set<SpecialCall['kind']>([
  'extract', 'floor-to', 'ceil-to', 'timestamp-arithmetic', 'trim', 'position-call', 'overlay',
  'substring', 'transcode', 'json-value', 'json-query', 'json-exists', 'json-object', 'json-array',
  'json-objectagg', 'json-arrayagg',
]);

const isSpecialCall = (syntax: Syntax): syntax is SpecialCall => SPECIAL_CALLS.has(syntax.kind);

/** What the user calls the kinds of expression that have no binding. */
const UNSUPPORTED: Readonly<Record<string, string>> = {
  star: '* outside of a select list and COUNT(*)',
  parameter: 'statement parameters (?)',
  'default-value': 'DEFAULT as a value',
  unique: 'UNIQUE (sub-query)',
  'query-constructor': 'collections from a query',
  'period-constructor': 'periods',
  'at-time-zone': 'AT TIME ZONE',
  'json-formatted': 'FORMAT JSON',
  lambda: 'lambda expressions',
  'sequence-value': 'sequences',
  'named-argument': 'named arguments of scalar functions',
  'table-argument': 'tables as arguments of scalar functions',
  descriptor: 'DESCRIPTOR outside of a window function',
  'model-argument': 'models',
};

type Syntaxes<K extends Syntax['kind']> = Extract<Syntax, { kind: K }>;

/** Functions of the grammar without parentheses come as names where a column may be called so. */
function bindName(binder: ExpressionBinder, syntax: Syntaxes<'name-reference'>): Expression {
  return findQualified(binder.scope, syntax.parts) ?? outerQualified(binder, syntax) ??
    findName(binder.scope, syntax.parts) ?? outerName(binder, syntax) ??
    resolveName(binder.scope, syntax.parts, syntax.position);
}

/** A table of the query around counts before a column of this one that has its name. */
function outerQualified(
  { session: { outer } }: ExpressionBinder, { parts }: Syntaxes<'name-reference'>,
): Expression | undefined {
  const found = outer === undefined ? undefined : findQualified(outer.scope, parts);
  return found === undefined ? undefined : outerReference(found);
}

/** A column of the query around this sub-query. */
function outerName(
  binder: ExpressionBinder, syntax: Syntaxes<'name-reference'>,
): Expression | undefined {
  const { outer } = binder.session;
  if (outer === undefined) return undefined;
  const found = findName(outer.scope, syntax.parts);
  if (found !== undefined) return outerReference(found);
  for (let next = outer.outer; next !== undefined; next = next.outer) {
    if (findName(next.scope, syntax.parts) === undefined) continue;
    return binder.unsupported('correlated sub-query over more than one level', syntax.position);
  }
  return undefined;
}

function bindCast(binder: ExpressionBinder, syntax: Syntaxes<'cast'>): Expression {
  const value = binder.bind(syntax.operand);
  if (syntax.type.kind === 'scalar-type' && syntax.type.name === 'BITMAP') {
    failCast(value.type, 'BITMAP', syntax.position);
  }
  const type = bindType(syntax.type);
  const options = { safe: syntax.safe, zone: binder.zone };
  return castExplicitly(value, type, options, syntax.position);
}

