/**
 * CURRENT_WATERMARK(row time): the watermark before a row, NULL where there was none. It is no
 * kernel: the calc that holds it gives it a column (physical/operators/calc.ts).
 * SOURCE_WATERMARK(): what the source itself says, alone in WATERMARK FOR.
 */
import { fail, type Position } from '../../errors/index.js';
import type { Expression as Syntax } from '../../sql/ast/expression.js';
import { typeToString, withNullable, withTimeAttribute } from '../../types/data-type.js';
import { call, CURRENT_WATERMARK, type Expression } from '../logical/expression.js';
import type { ExpressionBinder } from './expression-binder.js';

export function bindCurrentWatermark(
  _binder: ExpressionBinder, args: readonly Expression[], position: Position,
): Expression {
  const [time, second] = args;
  if (time === undefined || second !== undefined || time.type.timeAttribute !== 'rowtime') {
    const given = args.map((arg) => typeToString(arg.type)).join(', ');
    const signatures = 'CURRENT_WATERMARK(row time)';
    return fail('MR2006', { call: `CURRENT_WATERMARK(${given})`, signatures }, { position });
  }
  const type = { ...withNullable(withTimeAttribute(time.type), true), precision: 3 };
  return call({
    kernel: CURRENT_WATERMARK, name: 'CURRENT_WATERMARK', arguments: args, type,
    deterministic: false,
  });
}

export function refuseSourceWatermark(
  _binder: ExpressionBinder, _args: readonly Expression[], position: Position,
): never {
  return fail('MR2007', { detail: 'SOURCE_WATERMARK() stands alone in WATERMARK FOR' },
    { position });
}

export function isSourceWatermark(syntax: Syntax): boolean {
  return syntax.kind === 'function-call' && syntax.arguments.length === 0 &&
    syntax.name.parts.length === 1 && syntax.name.parts[0]?.name.toUpperCase() ===
      'SOURCE_WATERMARK';
}
