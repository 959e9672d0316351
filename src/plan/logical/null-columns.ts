/** What follows for an expression from columns that are NULL, after Calcite's Strong. */
import type { Expression } from './expression.js';

export type ColumnTest = (index: number) => boolean;

/** Whether the condition cannot be TRUE where these columns are all NULL. */
export function isNotTrue(part: Expression, isNullColumn: ColumnTest): boolean {
  if (part.kind !== 'call') return isNull(part, isNullColumn) || isFalse(part);
  switch (part.name) {
    case 'AND':
      return part.arguments.some((one) => isNotTrue(one, isNullColumn));
    case 'OR':
      return part.arguments.every((one) => isNotTrue(one, isNullColumn));
    case 'IS NOT NULL':
      return part.arguments.every((one) => isNull(one, isNullColumn));
    case 'IS TRUE':
      return part.arguments.every((one) => isNotTrue(one, isNullColumn));
    default:
      return isNull(part, isNullColumn);
  }
}

const isFalse = (part: Expression): boolean => part.kind === 'literal' && part.value === false;

const STRICT: ReadonlySet<string> = new Set([
  '=', '<>', '<', '<=', '>', '>=', '+', '-', '*', '/', 'MOD', 'CAST', 'NOT', 'LIKE',
]);

/** Whether the value is NULL where these columns are. */
export function isNull(part: Expression, isNullColumn: ColumnTest): boolean {
  if (part.kind === 'column') return isNullColumn(part.index);
  if (part.kind === 'literal') return part.value === null;
  if (part.kind !== 'call') return false;
  if (part.kernel === 'field') return isNull(part.arguments[0]!, isNullColumn);
  return STRICT.has(part.name) && part.arguments.some((one) => isNull(one, isNullColumn));
}
