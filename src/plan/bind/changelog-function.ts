/**
 * TO_CHANGELOG and FROM_CHANGELOG: changes to rows with a code of their kind, and back. Both work
 * row by row, so their table may be neither partitioned nor ordered.
 */
import { fail, type Position } from '../../errors/index.js';
import type { FunctionCall } from '../../sql/ast/call.js';
import type { Expression as Syntax } from '../../sql/ast/expression.js';
import { STRING, type RowField } from '../../types/data-type.js';
import type { Expression } from '../logical/expression.js';
import type { ChangelogFunction, ChangeCode, LogicalNode } from '../logical/node.js';
import { expressionText } from '../physical/expression-text.js';
import { ExpressionBinder } from './expression-binder.js';
import { relation, type Relation } from './relation.js';
import { EMPTY_SCOPE } from './scope.js';
import type { BindSession } from './session.js';
import { bindTableArgument } from './table-function.js';

export const CHANGELOG_FUNCTIONS: ReadonlySet<string> = new Set(['TO_CHANGELOG', 'FROM_CHANGELOG']);

const PARAMETERS = ['INPUT', 'OP', 'OP_MAPPING', 'ON_TIME', 'UID'];
/** In the order of their bytes in a batch. */
const KINDS = ['INSERT', 'UPDATE_BEFORE', 'UPDATE_AFTER', 'DELETE'];
const SIGNATURE = 'input => TABLE t, op => DESCRIPTOR(column), op_mapping => MAP[...], uid => name';

type Arguments = ReadonlyMap<string, Syntax>;

export function bindChangelogFunction(
  session: BindSession, call: FunctionCall, name: string,
): Relation {
  const args = assignArguments(name, call);
  const input = tableOf(session, args.get('INPUT'), name, call.position);
  refuse(args.get('ON_TIME'), 'on_time of a changelog function');
  const op = opName(args.get('OP'));
  const mapping = bindMapping(session, args.get('OP_MAPPING'));
  const uid = uidOf(session, args.get('UID'));
  const direction = name === 'TO_CHANGELOG' ? 'to' : 'from';
  const codes = codesOf(mapping, direction, args.get('OP_MAPPING')?.position ?? call.position);
  const parts = { op: op ?? 'op', codes, invocation: invocationText(name, op, mapping, uid), uid };
  return relation(direction === 'to' ? toChangelog(input, parts, call.position)
    : fromChangelog(input, parts, call.position));
}

type Parts = Pick<ChangelogFunction, 'op' | 'codes' | 'invocation' | 'uid'>;

function toChangelog(input: LogicalNode, parts: Parts, position: Position): LogicalNode {
  if (input.schema.some((field) => field.name === parts.op)) {
    fail('MR2016', { detail: `column ${parts.op} is in the table already` }, { position });
  }
  const schema: readonly RowField[] = [{ name: parts.op, type: STRING }, ...input.schema];
  return Object.freeze({
    kind: 'changelog-function', direction: 'to', input, opColumn: 0, ...parts, schema,
  });
}

function fromChangelog(input: LogicalNode, parts: Parts, position: Position): LogicalNode {
  const opColumn = input.schema.findIndex((field) => field.name === parts.op);
  const type = input.schema[opColumn]?.type;
  if (type === undefined) return fail('MR2002', { name: parts.op }, { position });
  if (type.root !== 'VARCHAR' && type.root !== 'CHAR') {
    fail('MR2007', { detail: `op column ${parts.op} must be a STRING` }, { position });
  }
  const schema = input.schema.filter((_, i) => i !== opColumn);
  return Object.freeze({
    kind: 'changelog-function', direction: 'from', input, opColumn, ...parts, schema,
  });
}

/** As in Flink names that are none of the parameters' are passed over. */
function assignArguments(name: string, call: FunctionCall): Arguments {
  const args = new Map<string, Syntax>();
  call.arguments.forEach((arg, i) => {
    const isNamed = arg.kind === 'named-argument';
    const parameter = isNamed ? arg.name.name.toUpperCase() : PARAMETERS[i];
    if (parameter === undefined || args.has(parameter)) failArguments(name, arg.position);
    args.set(parameter, isNamed ? arg.value : arg);
  });
  return args;
}

function failArguments(name: string, position: Position): never {
  return fail('MR2006', { call: name, signatures: `${name}(${SIGNATURE})` }, { position });
}

function tableOf(
  session: BindSession, data: Syntax | undefined, name: string, position: Position,
): LogicalNode {
  if (data?.kind !== 'table-argument') return failArguments(name, data?.position ?? position);
  if (data.partitionBy.length > 0 || data.orderBy.length > 0) {
    const detail = 'PARTITION BY or ORDER BY of a table that is taken row by row';
    fail('MR2022', { detail }, { position: data.position });
  }
  return bindTableArgument(session, data).node;
}

function refuse(argument: Syntax | undefined, feature: string): void {
  if (argument !== undefined) fail('MR2100', { feature }, { position: argument.position });
}

function opName(argument: Syntax | undefined): string | undefined {
  if (argument === undefined) return undefined;
  const [column, second] = argument.kind === 'descriptor' ? argument.columns : [];
  const name = column?.parts[0]?.name;
  if (name !== undefined && second === undefined) return name;
  return fail('MR2007', { detail: 'the descriptor for argument op must be exactly one column' },
    { position: argument.position });
}

function uidOf(session: BindSession, argument: Syntax | undefined): string | null {
  if (argument === undefined) return null;
  const bound = binderOf(session).bind(argument);
  if (bound.kind === 'literal' && typeof bound.value === 'string') return bound.value;
  return fail('MR2007', { detail: 'argument uid must be a constant string' },
    { position: argument.position });
}

const binderOf = (session: BindSession): ExpressionBinder => new ExpressionBinder(
  session, EMPTY_SCOPE, { clause: 'a table function', aggregates: false, over: false });

type Call = Extract<Expression, { kind: 'call' }>;

function bindMapping(session: BindSession, argument: Syntax | undefined): Call | null {
  if (argument === undefined) return null;
  const bound = binderOf(session).bind(argument);
  if (bound.kind === 'call' && bound.kernel === 'map') return bound;
  return failMapping(argument.position);
}

function failMapping(position: Position): never {
  return fail('MR2007', { detail: 'argument op_mapping must be a constant MAP of strings' },
    { position });
}

const split = (text: string): readonly string[] => text.split(',').map((one) => one.trim());

/**
 * Pairs of code and kind. TO_CHANGELOG maps kinds to a code, FROM_CHANGELOG codes to a kind; either
 * key may be several with commas between. Kinds without a code are dropped.
 */
function codesOf(
  mapping: Call | null, direction: 'to' | 'from', position: Position,
): readonly ChangeCode[] {
  if (mapping === null) return KINDS.map((code, kind) => ({ code, kind }));
  const texts = mapping.arguments.map((one) => stringOf(one, position));
  const pairs = texts.flatMap((key, i) => {
    if (i % 2 === 1) return [];
    const value = texts[i + 1] ?? '';
    return split(key).map((part): ChangeCode => direction === 'to'
      ? { code: value, kind: kindOf(part, position) }
      : { code: part, kind: kindOf(value.trim(), position) });
  });
  checkRepeats(texts, pairs, direction, position);
  const kinds = pairs.map((one) => one.kind);
  if (direction === 'from' && kinds.includes(2) && !kinds.includes(1)) {
    const detail = 'argument op_mapping must include UPDATE_BEFORE where it has UPDATE_AFTER';
    fail('MR2007', { detail }, { position });
  }
  return pairs;
}

function checkRepeats(
  texts: readonly string[], pairs: readonly ChangeCode[], direction: 'to' | 'from',
  position: Position,
): void {
  const kinds = direction === 'to' ? pairs.map((one) => KINDS[one.kind]!)
    : texts.filter((_, i) => i % 2 === 1).map((one) => one.trim());
  const codes = direction === 'to' ? [] : pairs.map((one) => one.code);
  for (const names of [kinds, codes]) {
    const twice = names.find((one, i) => names.indexOf(one) !== i);
    if (twice === undefined) continue;
    const detail = `argument op_mapping has the change operation twice: ${twice}`;
    fail('MR2007', { detail }, { position });
  }
}

function stringOf(one: Expression, position: Position): string {
  const isCast = one.kind === 'call' && one.kernel === 'cast';
  const value = isCast ? one.arguments[0] : one;
  if (value?.kind === 'literal' && typeof value.value === 'string') return value.value;
  return failMapping(position);
}

function kindOf(name: string, position: Position): number {
  const kind = KINDS.indexOf(name);
  if (kind >= 0) return kind;
  const detail = `unknown change operation in op_mapping: '${name}'`;
  return fail('MR2007', { detail }, { position, hint: `there are ${KINDS.join(', ')}` });
}

function invocationText(
  name: string, op: string | undefined, mapping: Expression | null, uid: string | null,
): string {
  const parts = [
    'TABLE(#0)', op === undefined ? 'DEFAULT()' : `DESCRIPTOR(_UTF-16LE'${op}')`,
    mapping === null ? 'DEFAULT()' : expressionText(mapping, [], 'prefix'), 'DEFAULT()',
    uid === null ? 'DEFAULT()' : `_UTF-16LE'${uid}'`,
  ];
  return `${name}(${parts.join(', ')})`;
}
