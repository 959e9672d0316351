import { describe, expect, it } from 'vitest';
import { Batch } from '../../src/batch/batch.js';
import { columnOf, constantColumn, type Value, valueAt } from '../../src/batch/values.js';
import { compileExpression, evaluateConstant, KernelError } from '../../src/expr/evaluate.js';
import { selectTrue } from '../../src/expr/selection.js';
import type { PlanExpression } from '../../src/plan/physical/plan.js';
import { BIGINT, BOOLEAN, type DataType, INT, row, STRING } from '../../src/types/data-type.js';

const CONTEXT = { nowMs: 0, zone: 'UTC' };

function column(index: number, type: DataType): PlanExpression {
  return { kind: 'column', index, type };
}

function call(kernel: string, type: DataType, ...parts: PlanExpression[]): PlanExpression {
  return { kind: 'call', kernel, arguments: parts, type };
}

function literal(value: boolean | number | bigint | string | null, type: DataType): PlanExpression {
  return { kind: 'literal', value, type };
}

function run(expression: PlanExpression, batch: Batch): Value[] {
  const { selection } = batch;
  const count = batch.activeCount;
  const out = compileExpression(expression).evaluate(batch, selection, count, CONTEXT);
  return Array.from({ length: count }, (_, i) =>
    valueAt(out, selection === null ? i : selection[i]!));
}

const TRUTH: Value[] = [true, false, null];
const LEFT = TRUTH.flatMap((value) => [value, value, value]);
const RIGHT = [...TRUTH, ...TRUTH, ...TRUTH];

describe('special forms', () => {
  const batch = new Batch(9, [columnOf(BOOLEAN, LEFT), columnOf(BOOLEAN, RIGHT)]);
  const both = [column(0, BOOLEAN), column(1, BOOLEAN)];

  it('AND and OR follow three-valued logic', () => {
    expect(run(call('and', BOOLEAN, ...both), batch)).toEqual(
      [true, false, null, false, false, false, null, false, null]);
    expect(run(call('or', BOOLEAN, ...both), batch)).toEqual(
      [true, true, true, true, false, null, true, null, null]);
  });

  it('AND and OR take constants and selections', () => {
    const some = new Batch(9, batch.columns, Int32Array.of(1, 2, 8));
    expect(run(call('and', BOOLEAN, both[1]!, literal(null, BOOLEAN)), some)).toEqual(
      [false, null, null]);
    expect(run(call('or', BOOLEAN, literal(true, BOOLEAN), both[0]!), some)).toEqual(
      [true, true, true]);
  });

  it('CASE takes each row from its first true branch', () => {
    const cases = call('case', STRING, both[0]!, literal('left', STRING), both[1]!,
      literal('right', STRING), literal(null, STRING));
    expect(run(cases, batch)).toEqual(
      ['left', 'left', 'left', 'right', null, null, 'right', null, null]);
  });

  it('COALESCE takes the first value that is there', () => {
    const numbers = new Batch(4, [
      columnOf(BIGINT, [1n, null, null, 4n]), columnOf(BIGINT, [null, 2n ** 60n, null, 7n]),
    ]);
    const parts = [column(0, BIGINT), column(1, BIGINT)];
    expect(run(call('coalesce', BIGINT, ...parts), numbers)).toEqual([1n, 2n ** 60n, null, 4n]);
    expect(run(call('coalesce', BIGINT, ...parts, literal(9n, BIGINT)), numbers)).toEqual(
      [1n, 2n ** 60n, 9n, 4n]);
  });

  it('CASE merges rows', () => {
    const type = row([{ name: 'a', type: INT }, { name: 'b', type: STRING }]);
    const rows = new Batch(2, [
      columnOf(type, [[1, 'x'], null]), columnOf(type, [[3, 'y'], [4, null]]),
      columnOf(BOOLEAN, [true, false]),
    ]);
    const cases = call('case', type, column(2, BOOLEAN), column(0, type), column(1, type));
    expect(run(cases, rows)).toEqual([[1, 'x'], [4, null]]);
  });

  it('a field of a null row is null', () => {
    const type = row([{ name: 'a', type: INT }]);
    const field: PlanExpression = {
      kind: 'call', kernel: 'field', arguments: [column(0, type)], type: INT,
      options: { index: 0 },
    };
    expect(run(field, new Batch(3, [columnOf(type, [[1], null, [null]])]))).toEqual(
      [1, null, null]);
    expect(run(field, new Batch(2, [constantColumn(type, [7])]))).toEqual([7, 7]);
    expect(run(field, new Batch(2, [constantColumn(type, null)]))).toEqual([null, null]);
  });
});

describe('selectTrue', () => {
  it('keeps neither FALSE nor NULL', () => {
    const flags = columnOf(BOOLEAN, [true, null, false, true, true]);
    expect([...selectTrue(flags, null, 5)]).toEqual([0, 3, 4]);
    expect([...selectTrue(flags, Int32Array.of(1, 2, 3), 3)]).toEqual([3]);
    expect([...selectTrue(constantColumn(BOOLEAN, true), null, 3)]).toEqual([0, 1, 2]);
    expect([...selectTrue(constantColumn(BOOLEAN, null), null, 3)]).toEqual([]);
  });
});

describe('compileExpression', () => {
  it('refuses a kernel that is not there', () => {
    expect(() => compileExpression(call('no-such-kernel', INT))).toThrow(/MR9002/);
  });

  it('evaluates a constant without columns', () => {
    expect(evaluateConstant(call('coalesce', STRING, literal(null, STRING),
      literal('é', STRING)))).toBe('é');
  });

  it('renders an error of the data with its code and detail', () => {
    const error = new KernelError('MR3001', "'abc' to INT", 3).toDataError();
    expect(error.text).toBe("cast failed: 'abc' to INT");
    expect(error.class).toBe('data');
    expect(error.hint).toBe('TRY_CAST gives NULL');
  });
});
