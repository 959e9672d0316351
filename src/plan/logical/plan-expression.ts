/**
 * Planner expressions as the engines get them: without names, without time attributes.
 */
import { fail } from '../../errors/index.js';
import { withTimeAttribute, type DataType } from '../../types/data-type.js';
import { zoneOption } from '../../types/zone.js';
import type { PlanExpression, PlanValue } from '../physical/plan.js';
import { CURRENT_WATERMARK, type Expression } from './expression.js';

export function toPlanExpression(expression: Expression): PlanExpression {
  const type = plainType(expression.type);
  switch (expression.kind) {
    case 'column':
      return { kind: 'column', index: expression.index, type };
    case 'literal':
      return { kind: 'literal', value: expression.value, type };
    case 'call': {
      if (expression.kernel === CURRENT_WATERMARK) {
        fail('MR2100', { feature: 'CURRENT_WATERMARK elsewhere than in SELECT and WHERE' });
      }
      const parts = expression.arguments.map(toPlanExpression);
      const plain = { kind: 'call', kernel: expression.kernel, arguments: parts, type } as const;
      return expression.options === undefined ? plain
        : { ...plain, options: withZoneTables(expression.options) };
    }
    case 'aggregate':
    case 'over':
      return fail('MR9001', { detail: `${expression.kind} expression left in a plan` });
  }
}

/** Options `zone`, `zone_1`, ... hold a name until here; engines get tables of transitions. */
function withZoneTables(options: Options): Options {
  const entries = Object.entries(options).map(([name, value]) => {
    const isZone = name.startsWith('zone') && typeof value === 'string';
    return [name, isZone ? zoneOption(value) : value] as const;
  });
  return Object.fromEntries(entries);
}

type Options = { readonly [name: string]: PlanValue };

export function plainType(type: DataType): DataType {
  return type.timeAttribute === undefined ? type : withTimeAttribute(type);
}
