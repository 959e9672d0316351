/**
 * What an aggregation holds for a group, as columns: the form in which a local phase hands groups
 * to the phase behind the exchange.
 *
 *     a<i>_<state column>   of each call that is not DISTINCT, as in a snapshot
 *     distinct_<i>          ARRAY<ROW<value, count>>: the values of DISTINCT call i and its equals,
 *                           from which the calls behind them follow
 *     values_<i>            the same of a call that keeps whole values
 */
import { AGGREGATES, type AggregateRow, type StateColumn } from '../../../spec/aggregates.js';
import { fail } from '../../errors/index.js';
import {
  array, BIGINT, decimal, DOUBLE, notNull, row, withNullable, type DataType, type RowField,
} from '../../types/data-type.js';
import type { AggregateCall } from './plan.js';

const ROWS = new Map<string, AggregateRow>(AGGREGATES.map((one) => [one.name, one]));

/** Whether NULLs are values to a call; the rows that count leave them out otherwise. */
export function keepsNulls(call: AggregateCall): boolean {
  if (call.function === 'ARRAY_AGG') return call.options?.['nulls'] !== 'ignored';
  if (call.function === 'SINGLE_VALUE') return true;
  return call.function === 'JSON_ARRAYAGG' && call.options?.['nulls'] === 'kept';
}

/** JSON_OBJECTAGG takes its key and its value as one row; LISTAGG has its separator elsewhere. */
export function takesRow(call: AggregateCall): boolean {
  const { function: name, arguments: columns } = call;
  return name === 'JSON_OBJECTAGG' || (name === 'PERCENTILE' && columns.length > 1);
}

/** Type of what a call takes of each row; null for COUNT(*). */
export function argumentTypeOf(call: AggregateCall, input: readonly RowField[]): DataType | null {
  if (takesRow(call)) return notNull(row(call.arguments.map((i) => input[i]!)));
  const column = call.arguments[0];
  return column === undefined ? null : input[column]!.type;
}

/**
 * Of each DISTINCT call the number of the first that counts the same values, so that they are
 * counted once; null for the others.
 */
export function distinctGates(calls: readonly AggregateCall[]): readonly (number | null)[] {
  return calls.map((call) => {
    if (!call.distinct || call.arguments.length === 0) return null;
    return calls.findIndex((other) => other.distinct &&
      other.arguments[0] === call.arguments[0] && other.filter === call.filter &&
      keepsNulls(other) === keepsNulls(call));
  });
}

/** The columns of accumulators; `input` is the schema that the calls point into. */
export function accumulatorFields(
  calls: readonly AggregateCall[], input: readonly RowField[],
): readonly RowField[] {
  const gates = distinctGates(calls);
  const argument = (i: number): DataType => argumentTypeOf(calls[i]!, input) ?? BIGINT;
  const state = calls.flatMap((call, i) => (gates[i] !== null ? []
    : stateColumns(call).map((name): RowField =>
      ({ name: `a${i}_${name}`, type: stateType(name, call, argument(i)) }))));
  const distinct = calls.flatMap((_, i) => (gates[i] !== i ? []
    : [{ name: `distinct_${i}`, type: countedList(argument(i)) }]));
  const counted = calls.flatMap((call, i) => (gates[i] !== null || !keepsValues(call) ? []
    : [{ name: `values_${i}`, type: countedList(countedType(call, argument(i))) }]));
  return [...state, ...distinct, ...counted];
}

function stateColumns(call: AggregateCall): readonly StateColumn[] {
  const found = ROWS.get(call.function);
  if (found === undefined) fail('MR9001', { detail: `no aggregate ${call.function}` });
  return call.retract ? found.retractState ?? [] : found.state;
}

function stateType(name: StateColumn, call: AggregateCall, argument: DataType): DataType {
  switch (name) {
    case 'count':
    case 'size':
      return notNull(BIGINT);
    case 'mean':
    case 'm2':
      return notNull(DOUBLE);
    case 'sum':
      return withNullable(call.type, call.function !== '$SUM0');
    case 'wide_sum':
      return withNullable(wideSum(argument), true);
    case 'value':
    case 'text':
      return withNullable(argument, true);
  }
}

/** In which AVG adds up. */
function wideSum(argument: DataType): DataType {
  if (argument.root === 'DECIMAL') return decimal(38, argument.scale ?? 0);
  return argument.root === 'FLOAT' || argument.root === 'DOUBLE' ? DOUBLE : BIGINT;
}

/** Whole values are kept by what has no other state, and by MIN and MAX that take rows back. */
function keepsValues(call: AggregateCall): boolean {
  const isExtreme = call.function === 'MIN' || call.function === 'MAX';
  return isExtreme ? call.retract : stateColumns(call).length === 0;
}

function countedType(call: AggregateCall, argument: DataType): DataType {
  const isWeighted = call.function === 'PERCENTILE' && takesRow(call);
  return withNullable(isWeighted ? argument.fields![0]!.type : argument, true);
}

const countedList = (value: DataType): DataType => notNull(array(notNull(row([
  { name: 'value', type: value }, { name: 'count', type: notNull(BIGINT) },
]))));
