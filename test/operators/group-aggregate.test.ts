import { describe, expect, it } from 'vitest';
import { makeGroupAggregate } from '../../src/operators/group-aggregate.js';
import { resolveAggregate } from '../../src/plan/bind/aggregates.js';
import type { AggregateCall, GroupAggregateNode } from '../../src/plan/physical/plan.js';
import {
  BIGINT, decimal, DOUBLE, INT, STRING, type RowField,
} from '../../src/types/data-type.js';
import { runRows, testContext, type TestRow } from '../support/operator-run.js';

const INPUT: readonly RowField[] = [
  { name: 'k', type: STRING }, { name: 'i', type: INT }, { name: 'b', type: BIGINT },
  { name: 'd', type: DOUBLE }, { name: 'e', type: decimal(38, 2) },
];

function call(name: string, column: number | null, options: Partial<AggregateCall> = {}) {
  const args = column === null ? [] : [{ type: INPUT[column]!.type }];
  const resolved = resolveAggregate(name, args, {});
  return {
    function: resolved.function, arguments: column === null ? [] : [column], filter: null,
    distinct: false, retract: false, type: resolved.resultType, ...options,
  };
}

function node(
  aggregates: readonly AggregateCall[], options: Partial<GroupAggregateNode> = {},
): GroupAggregateNode {
  return {
    kind: 'group-aggregate', id: 1, inputs: [0], description: '', semanticId: '',
    changelog: { updateBefore: true, updateAfter: true, delete: true },
    schema: [INPUT[0]!, ...aggregates.map(({ type }, i) => ({ name: `a${i}`, type }))],
    grouping: [0], aggregates, generateUpdateBefore: true, needRetraction: false,
    miniBatch: null, stateTtlMs: 0, ...options,
  };
}

function run(plan: GroupAggregateNode, rows: readonly TestRow[]): string[][] {
  return [1, 7, 4096].map((batchRows) =>
    runRows(makeGroupAggregate(plan, [INPUT], testContext()), INPUT, rows, batchRows));
}

const ROWS: readonly TestRow[] = [
  ['+I', 'a', 1, 1n, 1.5, 100n],
  ['+I', 'b', 2, null, null, null],
  ['+I', 'a', 2147483647, (1n << 63n) - 1n, NaN, null],
  ['+I', 'a', null, null, null, 5n],
];

describe('group aggregation', () => {
  it('emits the change of each row in input order, whatever the batches', () => {
    const plan = node([call('COUNT', null), call('SUM', 1), call('SUM', 2), call('MAX', 3)]);
    const expected = [
      '+I[a, 1, 1, 1, 1.5]',
      '+I[b, 1, 2, null, null]',
      '-U[a, 1, 1, 1, 1.5]',
      '+U[a, 2, -2147483648, -9223372036854775808, 1.5]',
      '-U[a, 2, -2147483648, -9223372036854775808, 1.5]',
      '+U[a, 3, -2147483648, -9223372036854775808, 1.5]',
    ];
    expect(run(plan, ROWS)).toEqual([expected, expected, expected]);
  });

  it('leaves out -U where nobody needs it, and a change that changes nothing', () => {
    const plan = node([call('MIN', 1), call('AVG', 4)], { generateUpdateBefore: false });
    const expected = ['+I[a, 1, 1.000000]', '+I[b, 2, null]', '+U[a, 1, 0.525000]'];
    expect(run(plan, ROWS)).toEqual([expected, expected, expected]);
  });

  it('takes rows back: -D with the old row when none is left, then a new +I', () => {
    const plan = node(
      [call('COUNT', 1), call('SUM', 1, { retract: true })], { needRetraction: true },
    );
    const rows: readonly TestRow[] = [
      ['-D', 'a', 9, null, null, null],
      ['+I', 'a', 1, null, null, null],
      ['-U', 'a', 1, null, null, null],
      ['+U', 'a', 2, null, null, null],
      ['+I', 'a', null, null, null, null],
      ['-D', 'a', 2, null, null, null],
    ];
    const expected = [
      '+I[a, 1, 1]', '-D[a, 1, 1]', '+I[a, 1, 2]', '-U[a, 1, 2]', '+U[a, 0, null]',
    ];
    expect(run(plan, rows)).toEqual([expected, expected, expected]);
  });

  it('counts each distinct value once', () => {
    const plan = node([call('COUNT', 1, { distinct: true }), call('SUM', 1, { distinct: true })]);
    const rows: readonly TestRow[] = [
      ['+I', 'a', 1, null, null, null],
      ['+I', 'a', 1, null, null, null],
      ['+I', 'b', 1, null, null, null],
      ['+I', 'a', 4, null, null, null],
    ];
    const expected = ['+I[a, 1, 1]', '+I[b, 1, 1]', '-U[a, 1, 1]', '+U[a, 2, 5]'];
    expect(run(plan, rows)).toEqual([expected, expected, expected]);
  });
});
