/** What sub-queries are worth, made of the columns that were joined for them. */
import { BOOLEAN, notNull, withNullable } from '../../types/data-type.js';
import { call, conjunction, constant, type Expression, TRUE } from '../logical/expression.js';
import type { Sign } from './sub-query.js';

const truth = (kernel: string, name: string, args: readonly Expression[]): Expression =>
  call({ kernel, name, arguments: args, type: notNull(BOOLEAN) });

export const isNull = (value: Expression): Expression => truth('is_null', 'IS NULL', [value]);

export const isNotNull = (value: Expression): Expression =>
  truth('is_not_null', 'IS NOT NULL', [value]);

/** COUNT of no rows, where the join found no group. */
export function orZero(value: Expression): Expression {
  const type = withNullable(value.type, false);
  return call({
    kernel: 'case', name: 'CASE', arguments: [isNull(value), constant(0n, type), value],
    type: value.type,
  });
}

const UNKNOWN = constant(null, BOOLEAN);
const FALSE = constant(false, notNull(BOOLEAN));

/** The first branch whose condition is TRUE; pairs of condition and value, then the rest. */
function firstOf(parts: readonly Expression[]): Expression {
  return call({ kernel: 'case', name: 'CASE', arguments: parts, type: BOOLEAN });
}

/** A comparison, bound. */
export type Compare = (sign: string, left: Expression, right: Expression) => Expression;

/**
 * What of a condition's three values matters: `value` all of them, `holds` whether it is TRUE,
 * `fails` whether it is FALSE, `test` whether it is TRUE, under IS TRUE and its kin.
 */
export type Reading = 'value' | 'holds' | 'fails' | 'test';

/** Columns joined for IN: rows of the query, those without NULL, and whether the value is there. */
export interface Membership {
  readonly counts: { readonly all: Expression; readonly whole: Expression } | null;
  readonly found: Expression;
  /** Operands that may be NULL. */
  readonly nullable: readonly Expression[];
  /** Counts are NULL where no row of the query belongs to the outer one. */
  readonly isCorrelated: boolean;
}

/** operand IN (query) as Calcite has it: three-valued, FALSE for an empty query. */
export function memberValue(
  compare: Compare, parts: Membership, reading: Reading,
): Expression {
  const { counts, found, nullable, isCorrelated } = parts;
  const isThere = isNotNull(found);
  if (reading === 'holds' || reading === 'test') return memberHolds(compare, parts);
  if (counts === null && nullable.length === 0) return isThere;
  const isEmpty = counts === null ? null : equalsZero(compare, counts.all);
  if (!isCorrelated && reading === 'fails' && counts !== null && isEmpty !== null) {
    const noNulls = compare('>=', counts.whole, counts.all);
    const absent = conjunction([isNull(found), noNulls, ...nullable.map(isNotNull)]) ?? TRUE;
    return not(any([isEmpty, absent]));
  }
  const branches = isEmpty === null ? [] : [isEmpty, FALSE];
  if (nullable.length > 0) branches.push(any(nullable.map(isNull)), UNKNOWN);
  branches.push(isThere, TRUE);
  if (counts !== null) {
    branches.push(compare('<', counts.whole, counts.all), UNKNOWN);
  }
  return firstOf([...branches, FALSE]);
}

function memberHolds(
  compare: Compare, { counts, found, nullable, isCorrelated }: Membership,
): Expression {
  const parts = [isNotNull(found), ...nullable.map(isNotNull)];
  if (counts === null) return conjunction(parts) ?? TRUE;
  const isEmpty = equalsZero(compare, counts.all);
  const some = isCorrelated ? truth('is_not_true', 'IS NOT TRUE', [isEmpty])
    : compare('<>', counts.all, constant(0n, counts.all.type));
  return conjunction([some, ...parts]) ?? TRUE;
}

const equalsZero = (compare: Compare, count: Expression): Expression =>
  compare('=', count, constant(0n, withNullable(count.type, false)));

function any(parts: readonly Expression[]): Expression {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  return call({ kernel: 'or', name: 'OR', arguments: parts, type: BOOLEAN });
}

const not = (value: Expression): Expression =>
  call({ kernel: 'not', name: 'NOT', arguments: [value], type: value.type });

/** Columns joined for a comparison with SOME. `there` is NULL beside rows without partners. */
export interface Compared {
  readonly operand: Expression;
  readonly sign: Sign;
  /** Least or greatest value: with it the comparison holds, if it does with any. */
  readonly extreme: Expression;
  readonly all: Expression;
  /** Values that are not NULL. */
  readonly whole: Expression;
  readonly there: Expression | null;
}

export function someValue(compare: Compare, parts: Compared): Expression {
  const { operand, sign, extreme, all, whole, there } = parts;
  const isEmpty = any([...(there === null ? [] : [isNull(there)]), equalsZero(compare, all)]);
  const compared = compare(sign, operand, extreme);
  const hasNulls = compare('>', all, whole);
  if (sign !== '<>') {
    return firstOf([isEmpty, FALSE, truth('is_true', 'IS TRUE', [compared]), TRUE,
      hasNulls, UNKNOWN, compared]);
  }
  const one = constant(1n, withNullable(whole.type, false));
  const isOne = compare('=', whole, one);
  const isFew = compare('<=', whole, one);
  const onlyNulls = conjunction([hasNulls, isFew]) ?? TRUE;
  return firstOf([isEmpty, FALSE, isNull(operand), UNKNOWN, onlyNulls,
    any([compared, UNKNOWN]), isOne, compared, TRUE]);
}
