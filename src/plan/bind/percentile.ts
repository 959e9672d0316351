/** PERCENTILE(value, percentage [, frequency]): the percentages are constants of the call. */
import { fail, type Position } from '../../errors/index.js';
import { array, DOUBLE, type DataType, withNullable } from '../../types/data-type.js';
import { isNumeric } from '../../types/merging.js';
import type { Expression } from '../logical/expression.js';
import type { PlanValue } from '../physical/plan.js';
import { castTo } from './cast.js';
import { constantValue } from './constant-value.js';
import type { ExpressionBinder } from './expression-binder.js';

export interface PercentileParts {
  /** The value and, where it is given, the frequency. */
  readonly arguments: readonly Expression[];
  readonly options: { readonly [name: string]: PlanValue };
  /** DOUBLE, or ARRAY<DOUBLE> for several percentages. */
  readonly type: DataType;
}

export function percentileParts(
  binder: ExpressionBinder, args: readonly Expression[], position: Position,
): PercentileParts {
  const [value, percentage, ...rest] = args;
  if (value === undefined || percentage === undefined) return refuse(position);
  if (!rest.every((one) => /INT(EGER)?$/.test(one.type.root))) return refuse(position);
  const isArray = percentage.type.root === 'ARRAY';
  const listed = isArray
    ? percentage.kind === 'call' && percentage.name === 'ARRAY' ? percentage.arguments : []
    : [percentage];
  if (listed.length === 0) return refuse(position);
  return {
    arguments: [value, ...rest],
    options: { percentages: listed.map((one) => shareOf(binder, one, position)), isArray },
    type: withNullable(isArray ? array(DOUBLE) : DOUBLE, true),
  };
}

/** From 0 to 1. */
function shareOf(binder: ExpressionBinder, percentage: Expression, position: Position): number {
  if (!isNumeric(percentage.type)) return refuse(position);
  const share = constantValue(castTo(percentage, DOUBLE, { zone: binder.zone }), binder.zone)
    ?.value;
  return typeof share === 'number' && share >= 0 && share <= 1 ? share : refuse(position);
}

function refuse(position: Position): never {
  return fail('MR2006', {
    call: 'PERCENTILE', signatures: 'PERCENTILE(<NUMERIC>, <constant from 0 to 1, or an ARRAY ' +
      'of such> [, <INTEGER>])',
  }, { position });
}
