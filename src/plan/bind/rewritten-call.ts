/**
 * Functions that are other expressions: ELT is a CASE, TYPEOF a constant, IS_DECIMAL, IS_DIGIT and
 * IS_ALPHA patterns that a text matches as a whole.
 */
import { fail } from '../../errors/index.js';
import { compileRegexp } from '../../expr/regexp/compile.js';
import type { Position } from '../../sql/ast/node.js';
import {
  BOOLEAN, NULL, STRING, char, notNull, typeToString, type DataType,
} from '../../types/data-type.js';
import { isBinary, isCharacter, isInteger, isNumeric } from '../../types/merging.js';
import { call, constant, type Expression } from '../logical/expression.js';
import { constantValue } from './constant-value.js';
import type { ExpressionBinder } from './expression-binder.js';
import { bindCurrentWatermark, refuseSourceWatermark } from './watermark-call.js';

type Rewrite = (
  binder: ExpressionBinder, args: readonly Expression[], position: Position,
) => Expression;

/** What java.lang.Double.parseDouble reads, and integers of digits of any script. */
const DECIMAL = '[\\x00-\\x20]*[+-]?(?:NaN|Infinity|\\p{Nd}+|'
  + '(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?[dDfF]?|'
  + '0[xX](?:[0-9a-fA-F]+\\.?[0-9a-fA-F]*|\\.[0-9a-fA-F]+)[pP][+-]?[0-9]+[dDfF]?)'
  + '[\\x00-\\x20]*';

const REWRITES: Readonly<Record<string, Rewrite>> = {
  CURRENT_DATABASE: ({ session }, args, position) => {
    if (args.length > 0) return wrong('CURRENT_DATABASE', args, 'CURRENT_DATABASE()', position);
    return constant(session.names.database, notNull(STRING));
  },
  CURRENT_WATERMARK: bindCurrentWatermark,
  SOURCE_WATERMARK: refuseSourceWatermark,
  ELT: bindElt,
  TYPEOF: bindTypeOf,
  IS_DECIMAL: (binder, args, position) =>
    bindTest(binder, 'IS_DECIMAL', args, position, DECIMAL, isNumeric),
  IS_DIGIT: (binder, args, position) =>
    bindTest(binder, 'IS_DIGIT', args, position, '\\p{Nd}+', isInteger),
  IS_ALPHA: (binder, args, position) =>
    bindTest(binder, 'IS_ALPHA', args, position, '\\p{L}+', () => false),
};

/** The expression that a function of this name (upper case) is; undefined if it is none. */
export function rewriteOf(name: string): Rewrite | undefined {
  return Object.hasOwn(REWRITES, name) ? REWRITES[name] : undefined;
}

function wrong(name: string, args: readonly Expression[], form: string, at: Position): never {
  const call = `${name}(${args.map((arg) => typeToString(arg.type)).join(', ')})`;
  return fail('MR2006', { call, signatures: form }, { position: at });
}

/** ELT(index, a, b, ...): NULL where there is no such argument. */
function bindElt(
  binder: ExpressionBinder, args: readonly Expression[], position: Position,
): Expression {
  const [index, ...values] = args;
  const literal = index === undefined ? undefined : constantValue(index, binder.zone)?.value;
  const isNegative = literal !== undefined && literal !== null && Number(literal) < 0;
  const fits = index !== undefined && (isInteger(index.type) || index.type.root === 'NULL') &&
    values.length > 0 && !isNegative &&
    [isCharacter, isBinary].some((isOfKind) =>
      values.every(({ type }) => isOfKind(type) || type.root === 'NULL'));
  if (!fits) return wrong('ELT', args, 'ELT(<INTEGER_NUMERIC>, <STRING>, <STRING>...)', position);
  const parts = values.flatMap((value, i) =>
    [binder.call('=', [index, binder.bind(integer(i + 1, position))], position), value]);
  return binder.call('CASE', [...parts, constant(null, NULL)], position);
}

const integer = (value: number, position: Position) =>
  ({ kind: 'number-literal', form: 'integer', text: String(value), position } as const);

/** TYPEOF(value [, whether lengths of STRING and BYTES are spelled out]). */
function bindTypeOf(
  _binder: ExpressionBinder, args: readonly Expression[], position: Position,
): Expression {
  const [value, full] = args;
  const isFull = full?.kind === 'literal' ? full.value : full === undefined ? false : undefined;
  if (value === undefined || args.length > 2 || typeof isFull !== 'boolean') {
    return wrong('TYPEOF', args, 'TYPEOF(<ANY>[, <BOOLEAN literal>])', position);
  }
  const text = typeToString(value.type);
  const shown = isFull ? text.replace(/\bSTRING\b/g, 'VARCHAR(2147483647)')
    .replace(/\bBYTES\b/g, 'VARBINARY(2147483647)') : text;
  return constant(shown, STRING);
}

/** Whether a text matches as a whole; numbers pass by their type, NULL does not pass. */
function bindTest(
  binder: ExpressionBinder, name: string, args: readonly Expression[], position: Position,
  pattern: string, passes: (type: DataType) => boolean,
): Expression {
  const [value] = args;
  if (value === undefined || args.length > 1 ||
    !(isCharacter(value.type) || isNumeric(value.type))) {
    return wrong(name, args, `${name}(<CHARACTER>) or ${name}(<NUMERIC>)`, position);
  }
  const never = constant(false, notNull(BOOLEAN));
  if (!isCharacter(value.type)) {
    return passes(value.type) ? binder.call('IS NOT NULL', [value], position) : never;
  }
  const test = call({
    kernel: 'similar', name, type: { ...BOOLEAN, nullable: value.type.nullable },
    arguments: [value, constant(pattern, notNull(char(pattern.length)))],
    options: { program: compileRegexp(`(?:${pattern})\\z`) },
  });
  return binder.call('COALESCE', [test, never], position);
}
