/**
 * Functions of the grammar whose arguments are parted by words: CAST, EXTRACT, TRIM and the like.
 */
import type {
  Expression, RoundTimeCall, TimestampArithmeticCall, TrimCall,
} from '../ast/index.js';
import { TokenKind } from '../lexer/tokens.js';
import type { Cursor } from './cursor.js';
import { dataType, intervalType } from './data-types.js';
import { expression } from './expressions.js';
import { jsonCalls } from './json-calls.js';
import { functionUnit } from './literals.js';
import { atIdentifier, identifier, qualifiedName } from './names.js';
import { primary } from './primaries.js';

type CallRule = (cursor: Cursor, start: number) => Expression | undefined;

/**
 * A call of the grammar, or undefined: then the same words may start a plain function call. The
 * rules are entered behind the opening parenthesis and take the closing one.
 */
export function specialCall(cursor: Cursor): Expression | undefined {
  const start = cursor.index;
  if (cursor.at('MODEL')) return modelArgument(cursor);
  const rule = callRules[cursor.word()];
  if (rule === undefined || cursor.word(1) !== '(') return undefined;
  const word = cursor.word();
  cursor.index += 2;
  const call = rule(cursor, start);
  if (call !== undefined) return call;
  if (needsRule.has(word)) cursor.unexpected();
  cursor.index = start;
  return undefined;
}

function modelArgument(cursor: Cursor): Expression | undefined {
  const start = cursor.index;
  if (cursor.kind(1) !== TokenKind.quotedIdentifier && !atIdentifier(cursor, 1)) return undefined;
  cursor.expect('MODEL');
  const model = qualifiedName(cursor);
  return { kind: 'model-argument', model, position: cursor.from(start) };
}

function cast(safe: boolean): CallRule {
  return (cursor, start) => {
    const operand = expression(cursor);
    cursor.expect('AS');
    const type = cursor.at('INTERVAL') ? intervalType(cursor) : dataType(cursor);
    cursor.expect(')');
    return { kind: 'cast', operand, type, safe, position: cursor.from(start) };
  };
}

function extract(cursor: Cursor, start: number): Expression {
  const unit = functionUnit(cursor);
  cursor.expect('FROM');
  const operand = expression(cursor);
  cursor.expect(')');
  return { kind: 'extract', unit, operand, position: cursor.from(start) };
}

/** FLOOR(x TO unit); FLOOR(x) is a plain call. */
function roundTime(kind: RoundTimeCall['kind']): CallRule {
  return (cursor, start) => {
    const operand = expression(cursor);
    if (!cursor.accept('TO')) return undefined;
    const unit = functionUnit(cursor);
    cursor.expect(')');
    return { kind, operand, unit, position: cursor.from(start) };
  };
}

function trim(cursor: Cursor, start: number): Expression | undefined {
  const word = cursor.acceptOneOf('BOTH', 'LEADING', 'TRAILING');
  const side = word === undefined ? 'both' : trimSides[word];
  if (word !== undefined && cursor.accept('FROM')) return trimEnd(cursor, start, { side });
  const first = expression(cursor);
  if (cursor.accept('FROM')) return trimEnd(cursor, start, { side, characters: first });
  if (word === undefined) return undefined;
  cursor.expect(')');
  return { kind: 'trim', side, operand: first, position: cursor.from(start) };
}

const trimSides = { BOTH: 'both', LEADING: 'leading', TRAILING: 'trailing' } as const;

function trimEnd(
  cursor: Cursor, start: number, parts: Pick<TrimCall, 'side' | 'characters'>,
): TrimCall {
  const operand = expression(cursor);
  cursor.expect(')');
  return { kind: 'trim', ...parts, operand, position: cursor.from(start) };
}

/** SUBSTRING(x FROM a FOR b); with commas it is a plain call. */
function substring(cursor: Cursor, start: number): Expression | undefined {
  const operand = expression(cursor);
  if (!cursor.accept('FROM')) return undefined;
  const from = expression(cursor);
  const length = cursor.acceptOneOf('FOR', ',') === undefined ? undefined : expression(cursor);
  cursor.expect(')');
  return {
    kind: 'substring', operand, start: from, position: cursor.from(start),
    ...(length === undefined ? {} : { length }),
  };
}

function overlay(cursor: Cursor, start: number): Expression | undefined {
  const operand = expression(cursor);
  cursor.expect('PLACING');
  const replacement = expression(cursor);
  cursor.expect('FROM');
  const from = expression(cursor);
  const length = cursor.accept('FOR') ? expression(cursor) : undefined;
  cursor.expect(')');
  return {
    kind: 'overlay', operand, replacement, start: from, position: cursor.from(start),
    ...(length === undefined ? {} : { length }),
  };
}

function positionCall(cursor: Cursor, start: number): Expression {
  const needle = needleOf(cursor);
  const operand = expression(cursor);
  const from = cursor.accept('FROM') ? expression(cursor) : undefined;
  cursor.expect(')');
  return {
    kind: 'position-call', needle, operand, position: cursor.from(start),
    ...(from === undefined ? {} : { start: from }),
  };
}

/** The needle ends at the IN of POSITION, which must not be read as the predicate IN. */
function needleOf(cursor: Cursor): Expression {
  const needle = primary(cursor);
  cursor.expect('IN');
  return needle;
}

function transcode(name: 'TRANSLATE' | 'CONVERT'): CallRule {
  return (cursor, start) => {
    const operand = expression(cursor);
    if (!cursor.accept('USING')) return undefined;
    const charset = identifier(cursor).name;
    cursor.expect(')');
    return { kind: 'transcode', function: name, operand, charset, position: cursor.from(start) };
  };
}

/** f(unit, a, b), or f(a, b, unit), by `unitFirst`. */
function timeArithmetic(
  name: TimestampArithmeticCall['function'], unitFirst: boolean, operands: number,
): CallRule {
  return (cursor, start) => {
    let unit = '';
    if (unitFirst) {
      unit = functionUnit(cursor);
      cursor.expect(',');
    }
    const args: Expression[] = [];
    for (let index = 0; index < operands; index++) {
      if (index > 0) cursor.expect(',');
      args.push(expression(cursor));
    }
    if (!unitFirst) {
      cursor.expect(',');
      unit = functionUnit(cursor);
    }
    cursor.expect(')');
    return {
      kind: 'timestamp-arithmetic', function: name, unit, arguments: args,
      position: cursor.from(start),
    };
  };
}

const callRules: Readonly<Record<string, CallRule>> = {
  CAST: cast(false), TRY_CAST: cast(true), SAFE_CAST: cast(true),
  EXTRACT: extract, FLOOR: roundTime('floor-to'), CEIL: roundTime('ceil-to'),
  CEILING: roundTime('ceil-to'), TRIM: trim, SUBSTRING: substring, OVERLAY: overlay,
  POSITION: positionCall, TRANSLATE: transcode('TRANSLATE'), CONVERT: transcode('CONVERT'),
  TIMESTAMPADD: timeArithmetic('TIMESTAMPADD', true, 2),
  TIMESTAMPDIFF: timeArithmetic('TIMESTAMPDIFF', true, 2),
  DATE_DIFF: timeArithmetic('DATE_DIFF', false, 2),
  DATETIME_DIFF: timeArithmetic('DATETIME_DIFF', false, 2),
  TIMESTAMP_DIFF: timeArithmetic('TIMESTAMP_DIFF', false, 2),
  TIME_DIFF: timeArithmetic('TIME_DIFF', false, 2),
  TIMESTAMP_TRUNC: timeArithmetic('TIMESTAMP_TRUNC', false, 1),
  DATETIME_TRUNC: timeArithmetic('DATETIME_TRUNC', false, 1),
  TIME_TRUNC: timeArithmetic('TIME_TRUNC', false, 1),
  DATE_TRUNC: timeArithmetic('DATE_TRUNC', false, 1),
  ...jsonCalls,
};

/** Words that cannot start a plain call. */
const needsRule: ReadonlySet<string> = new Set(
  Object.keys(callRules).filter((word) => !new Set([
    'FLOOR', 'CEIL', 'CEILING', 'TRIM', 'SUBSTRING', 'TRANSLATE', 'CONVERT',
  ]).has(word)));
