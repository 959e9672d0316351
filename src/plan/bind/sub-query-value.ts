/** What a sub-query that found nothing is worth. */
import { BOOLEAN, notNull, withNullable } from '../../types/data-type.js';
import { call, constant, type Expression } from '../logical/expression.js';

/** COUNT of no rows, where the join found no group. */
export function orZero(value: Expression): Expression {
  const isNull = call({
    kernel: 'is_null', name: 'IS NULL', arguments: [value], type: notNull(BOOLEAN),
  });
  const type = withNullable(value.type, false);
  return call({
    kernel: 'case', name: 'CASE', arguments: [isNull, constant(0n, type), value],
    type: value.type,
  });
}
