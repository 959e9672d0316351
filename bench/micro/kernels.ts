/**
 * Micro benches of expressions on the TypeScript engine, by the package benchmark: a batch of 4096
 * rows in cache, and columns handed over so that nothing is folded. `npm run bench -- micro`.
 */
import Benchmark from 'benchmark';
import { Batch } from '../../src/batch/batch.js';
import { columnOf } from '../../src/batch/values.js';
import { compileExpression } from '../../src/expr/evaluate.js';
import type { PlanExpression } from '../../src/plan/physical/plan.js';
import { BIGINT, BOOLEAN, DOUBLE, STRING, type DataType } from '../../src/types/data-type.js';

const ROWS = 4096;
const CONTEXT = { nowMs: 0, zone: 'UTC' };

interface MicroRow {
  readonly name: string;
  readonly kernel: string;
  readonly arguments: readonly DataType[];
  readonly result: DataType;
}

const CASES: readonly MicroRow[] = [
  { name: 'BIGINT + BIGINT', kernel: 'add', arguments: [BIGINT, BIGINT], result: BIGINT },
  { name: 'DOUBLE * DOUBLE', kernel: 'multiply', arguments: [DOUBLE, DOUBLE], result: DOUBLE },
  { name: 'BIGINT < BIGINT', kernel: 'less', arguments: [BIGINT, BIGINT], result: BOOLEAN },
  { name: 'UPPER(STRING)', kernel: 'upper', arguments: [STRING], result: STRING },
];

function valueOf(type: DataType, row: number): bigint | number | string {
  if (type.root === 'BIGINT') return BigInt((row * 7919) % 100_003);
  return type.root === 'DOUBLE' ? row * 0.37 : `item ${row % 97} of the list`;
}

/** What each run computed, so that none is thrown away. */
let checksum = 0;

/** One line a case: name and M rows/s. Names the kernels that this build does not have. */
export function runMicro(maxSeconds: number): string[] {
  return CASES.map(({ name, kernel, arguments: types, result }) => {
    const columns = types.map((type) =>
      columnOf(type, Array.from({ length: ROWS }, (_, row) => valueOf(type, row))));
    const expression: PlanExpression = {
      kind: 'call', kernel, type: result,
      arguments: types.map((type, index) => ({ kind: 'column', index, type })),
    };
    const compiled = compileExpression(expression);
    const batch = new Batch(ROWS, columns);
    const bench = new Benchmark(name, () => {
      checksum += compiled.evaluate(batch, null, ROWS, CONTEXT).length;
    }, { maxTime: maxSeconds });
    bench.run();
    if (!Number.isFinite(bench.hz) || bench.hz === 0) throw bench.error ?? new Error(name);
    return `${name.padEnd(20)} ${((bench.hz * ROWS) / 1e6).toFixed(1).padStart(8)} M rows/s`;
  }).concat(checksum > 0 ? [] : ['nothing was computed']);
}
