/** The planner's columns of accumulators are those that aggregates keep. */
import { describe, expect, it } from 'vitest';
import { AGGREGATES } from '../../spec/aggregates.js';
import { AggregateSet } from '../../src/operators/aggregates/aggregate-set.js';
import { resolveAggregate } from '../../src/plan/bind/aggregates.js';
import { accumulatorFields } from '../../src/plan/physical/accumulators.js';
import type { AggregateCall } from '../../src/plan/physical/plan.js';
import {
  BIGINT, decimal, DOUBLE, FLOAT, INT, STRING, timestamp, typeToString, type RowField,
} from '../../src/types/data-type.js';

const INPUT: readonly RowField[] = [INT, BIGINT, FLOAT, DOUBLE, decimal(10, 2), STRING,
  timestamp(3)].map((type, i) => ({ name: `c${i}`, type }));

/** Calls of a function over every column that it takes. */
function callsOf(name: string, how: Partial<AggregateCall>): readonly AggregateCall[] {
  return INPUT.flatMap((field, i): readonly AggregateCall[] => {
    try {
      const { resultType } = resolveAggregate(name, [{ type: field.type }], {});
      return [{
        function: name, arguments: [i], filter: null, distinct: false, retract: false,
        type: resultType, ...how,
      }];
    } catch {
      return [];
    }
  });
}

function keptBy(calls: readonly AggregateCall[]): readonly string[] {
  const set = new AggregateSet(calls, INPUT);
  return [
    ...set.plainState().map(({ type }) => typeToString(type)),
    ...set.plainTables().map(({ valueType }) => typeToString(valueType)),
  ];
}

function planned(calls: readonly AggregateCall[]): readonly string[] {
  return accumulatorFields(calls, INPUT).map(({ type }) =>
    typeToString(type.root === 'ARRAY' ? type.element!.fields![0]!.type : type));
}

const NAMES = AGGREGATES.filter((row) => !('reduced' in row) && row.arguments.length === 1)
  .map(({ name }) => name).filter((name) => name !== 'PERCENTILE' && !name.startsWith('$'));

describe.each(NAMES)('%s', (name) => {
  it.each([
    ['of rows that are only added', {}],
    ['of rows that may be taken back', { retract: true }],
    ['of distinct values', { distinct: true }],
    ['of distinct values that may be taken back', { distinct: true, retract: true }],
  ])('%s', (_how, how) => {
    const calls = callsOf(name, how);
    expect(calls.length).toBeGreaterThan(0);
    expect(planned(calls)).toEqual(keptBy(calls));
  });
});
