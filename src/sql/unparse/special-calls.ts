/**
 * Calls with clauses of their own as SQL text.
 */
import type {
  Expression, JsonBehavior, JsonMember, JsonNullClause, SpecialCall,
} from '../ast/index.js';
import { aggregateClauses } from './calls.js';
import { dataTypeText } from './data-types.js';
import { expressionList, expressionText, unitText } from './expressions.js';
import { isPlainName, words } from './names.js';
import { orderText } from './queries.js';

const specialKinds: ReadonlySet<string> = new Set<SpecialCall['kind']>([
  'extract', 'floor-to', 'ceil-to', 'timestamp-arithmetic', 'trim', 'position-call', 'overlay',
  'substring', 'transcode', 'json-value', 'json-query', 'json-exists', 'json-object', 'json-array',
  'json-objectagg', 'json-arrayagg',
]);

/** Whether an expression is a call with clauses of its own. */
export function isSpecialCall(expression: Expression): expression is SpecialCall {
  return specialKinds.has(expression.kind);
}

/** Such a call as text. */
export function specialCallText(call: SpecialCall): string {
  switch (call.kind) {
    case 'extract': return `EXTRACT(${unitText(call.unit)} FROM ${expressionText(call.operand)})`;
    case 'floor-to': return `FLOOR(${expressionText(call.operand)} TO ${unitText(call.unit)})`;
    case 'ceil-to': return `CEIL(${expressionText(call.operand)} TO ${unitText(call.unit)})`;
    case 'timestamp-arithmetic': return timeText(call);
    case 'trim': return trimText(call);
    case 'position-call': return positionText(call);
    case 'overlay': return overlayText(call);
    case 'substring': {
      const length = call.length === undefined ? '' : ` FOR ${expressionText(call.length)}`;
      const from = `${expressionText(call.operand)} FROM ${expressionText(call.start)}`;
      return `SUBSTRING(${from}${length})`;
    }
    case 'transcode':
      return `${call.function}(${expressionText(call.operand)} USING ${nameOf(call.charset)})`;
    default: return jsonText(call);
  }
}

function nameOf(text: string): string {
  return isPlainName(text) ? text : `\`${text.replaceAll('`', '``')}\``;
}

type Call<Kind extends SpecialCall['kind']> = Extract<SpecialCall, { kind: Kind }>;

function timeText(call: Call<'timestamp-arithmetic'>): string {
  const unit = unitText(call.unit);
  const args = expressionList(call.arguments);
  const unitFirst = call.function === 'TIMESTAMPADD' || call.function === 'TIMESTAMPDIFF';
  return `${call.function}(${unitFirst ? `${unit}, ${args}` : `${args}, ${unit}`})`;
}

function trimText({ side, characters, operand }: Call<'trim'>): string {
  const trimmed = characters === undefined ? '' : `${expressionText(characters)} `;
  return `TRIM(${side.toUpperCase()} ${trimmed}FROM ${expressionText(operand)})`;
}

function positionText({ needle, operand, start }: Call<'position-call'>): string {
  const from = start === undefined ? '' : ` FROM ${expressionText(start)}`;
  const simple = simpleNeedles.has(needle.kind);
  const text = expressionText(needle);
  return `POSITION(${simple ? text : `(${text})`} IN ${expressionText(operand)}${from})`;
}

const simpleNeedles: ReadonlySet<string> =
  new Set(['name-reference', 'string-literal', 'function-call', 'cast']);

function overlayText({ operand, replacement, start, length }: Call<'overlay'>): string {
  const count = length === undefined ? '' : ` FOR ${expressionText(length)}`;
  const placing = `${expressionText(operand)} PLACING ${expressionText(replacement)}`;
  return `OVERLAY(${placing} FROM ${expressionText(start)}${count})`;
}

type JsonCall = Extract<SpecialCall, { kind: `json-${string}` }>;

function jsonText(call: JsonCall): string {
  switch (call.kind) {
    case 'json-value': case 'json-query': case 'json-exists': return pathCallText(call);
    case 'json-object':
      return `JSON_OBJECT(${join(call.members.map(memberText).join(', '), nullText(call.onNull))})`;
    case 'json-array':
      return `JSON_ARRAY(${join(expressionList(call.elements), nullText(call.onNull))})`;
    case 'json-objectagg': {
      const inner = join(memberText(call.member), nullText(call.onNull));
      return `JSON_OBJECTAGG(${inner})${aggregateClauses(call)}`;
    }
    case 'json-arrayagg': {
      const order = call.orderBy.length === 0 ? '' : orderText(call.orderBy);
      const inner = join(expressionText(call.operand), order, nullText(call.onNull));
      return `JSON_ARRAYAGG(${inner})${aggregateClauses(call)}`;
    }
  }
}

function pathCallText(call: Call<'json-value' | 'json-query' | 'json-exists'>): string {
  const passing = call.passing.map(({ value, name }) =>
    `${expressionText(value)} AS ${nameOf(name)}`).join(', ');
  const parts = [`${expressionText(call.operand)}, ${expressionText(call.path)}`];
  if (passing !== '') parts.push(`PASSING ${passing}`);
  if (call.kind !== 'json-exists' && call.returning !== undefined) {
    parts.push(`RETURNING ${dataTypeText(call.returning)}`);
  }
  if (call.kind === 'json-query' && call.wrapper !== undefined) {
    parts.push(wrapperTexts[call.wrapper]);
  }
  if (call.kind !== 'json-exists' && call.onEmpty !== undefined) {
    parts.push(`${behaviorText(call.onEmpty)} ON EMPTY`);
  }
  if (call.onError !== undefined) parts.push(`${behaviorText(call.onError)} ON ERROR`);
  return `${call.kind.toUpperCase().replace('-', '_')}(${parts.join(' ')})`;
}

const wrapperTexts = {
  without: 'WITHOUT ARRAY WRAPPER',
  conditional: 'WITH CONDITIONAL ARRAY WRAPPER',
  unconditional: 'WITH UNCONDITIONAL ARRAY WRAPPER',
} as const;

function behaviorText({ behavior, value }: JsonBehavior): string {
  return value === undefined ? words(behavior) : `DEFAULT ${expressionText(value)}`;
}

function memberText({ key, value }: JsonMember): string {
  return `KEY ${expressionText(key)} VALUE ${expressionText(value)}`;
}

function nullText(clause: JsonNullClause | undefined): string {
  return clause === undefined ? '' : words(clause);
}

function join(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}
