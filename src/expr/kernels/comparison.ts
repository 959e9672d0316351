/**
 * = <> < <= > >=, IS [NOT] DISTINCT FROM, GREATEST, LEAST. Both sides have one physical form;
 * decimals keep their own scales. Floating point compares as in Java: NaN is equal to nothing,
 * 0.0 to -0.0. Strings and bytes compare as unsigned bytes.
 */
import type { Column } from '../../batch/column.js';
import { readI128 } from '../../batch/int128.js';
import { compareBytes, equalBytes, HeapBuilder } from '../../batch/strings.js';
import { fail } from '../../errors/index.js';
import { compareDecimals, isSmall, readSmall } from '../../types/decimal.js';
import { physicalOf } from '../../types/data-type.js';
import { itemsEqual } from '../items.js';
import type { CallSite, Kernel, KernelFamily, KernelFunction } from '../kernel.js';
import { arithmeticLoop, indexIn, type LoopForm, rowLoop } from '../loop.js';

/** One comparison: as an operator over typed arrays, and as a test of an order. */
interface Test {
  readonly sign: string;
  readonly ofOrder: (order: number) => boolean;
}

const EQUAL: Test = { sign: '===', ofOrder: (order) => order === 0 };
const NOT_EQUAL: Test = { sign: '!==', ofOrder: (order) => order !== 0 };
const LESS: Test = { sign: '<', ofOrder: (order) => order < 0 };
const LESS_EQUAL: Test = { sign: '<=', ofOrder: (order) => order <= 0 };
const GREATER: Test = { sign: '>', ofOrder: (order) => order > 0 };
const GREATER_EQUAL: Test = { sign: '>=', ofOrder: (order) => order >= 0 };

/** Negative, 0 or positive for the values of one row; only for forms that have a total order. */
type RowOrder = (a: Column, b: Column, row: number) => number;

const compareText: RowOrder = (a, b, row) => {
  const i = indexIn(a, row);
  const j = indexIn(b, row);
  return compareBytes(a.heap, a.starts[i]!, a.lengths[i]!, b.heap, b.starts[j]!, b.lengths[j]!);
};

const compareI128: RowOrder = (a, b, row) => {
  const x = a.values as Int32Array;
  const y = b.values as Int32Array;
  const i = 4 * indexIn(a, row);
  const j = 4 * indexIn(b, row);
  const leftScale = a.type.scale ?? 0;
  const rightScale = b.type.scale ?? 0;
  if (leftScale === rightScale && isSmall(x, i) && isSmall(y, j)) {
    return readSmall(x, i) - readSmall(y, j);
  }
  return compareDecimals(readI128(x, i >> 2), leftScale, readI128(y, j >> 2), rightScale);
};

function orderLoop(order: RowOrder, test: Test): KernelFunction {
  const holds = test.ofOrder;
  return (columns, selection, count, out) => {
    const [a, b] = columns as readonly [Column, Column];
    for (let n = 0; n < count; n++) {
      const row = selection === null ? n : selection[n]!;
      out.values[row] = holds(order(a, b, row)) ? 1 : 0;
    }
  };
}

/** Equality of strings: lengths first. */
function sameTextLoop(wanted: boolean): KernelFunction {
  return (columns, selection, count, out) => {
    const [a, b] = columns as readonly [Column, Column];
    for (let n = 0; n < count; n++) {
      const row = selection === null ? n : selection[n]!;
      const i = indexIn(a, row);
      const j = indexIn(b, row);
      const length = a.lengths[i]!;
      const same = length === b.lengths[j]! &&
        equalBytes(a.heap, a.starts[i]!, length, b.heap, b.starts[j]!, length);
      out.values[row] = same === wanted ? 1 : 0;
    }
  };
}

/** Rows, arrays and maps are equal or not; the planner refuses their order. */
function nestedTest(test: Test): KernelFunction {
  if (test !== EQUAL && test !== NOT_EQUAL) {
    fail('MR9002', { call: 'a comparison of nested types' });
  }
  return (columns, selection, count, out) => {
    const [a, b] = columns as readonly [Column, Column];
    for (let n = 0; n < count; n++) {
      const row = selection === null ? n : selection[n]!;
      out.values[row] = itemsEqual(a, row, b, row) === (test === EQUAL) ? 1 : 0;
    }
  };
}

function compileTest(test: Test, site: CallSite): KernelFunction {
  const physical = physicalOf(site.argumentTypes[0]!);
  switch (physical) {
    case 'i128':
      return orderLoop(compareI128, test);
    case 'string':
    case 'bytes':
      if (test === EQUAL) return sameTextLoop(true);
      return test === NOT_EQUAL ? sameTextLoop(false) : orderLoop(compareText, test);
    case 'row':
    case 'array':
    case 'map':
      return nestedTest(test);
    default:
      return arithmeticLoop(site, `o[k] = x[i] ${test.sign} y[j] ? 1 : 0;`);
  }
}

const comparison = (test: Test): Kernel =>
  ({ nulls: 'skip', compile: (site) => compileTest(test, site) });

/**
 *     distinct   NULL   b          not distinct   NULL   b
 *       NULL      F     T             NULL         T     F
 *       a         T    a<>b           a            F    a=b
 */
function distinct(wanted: boolean): Kernel {
  return {
    nulls: 'own',
    compile: (site) => {
      const isBareNull = site.argumentTypes.some((type) => type.root === 'NULL');
      const test = isBareNull ? null : compileTest(wanted ? NOT_EQUAL : EQUAL, site);
      return (columns, selection, count, out, context) => {
        const [a, b] = columns as readonly [Column, Column];
        const both = new Int32Array(count);
        let found = 0;
        for (let n = 0; n < count; n++) {
          const row = selection === null ? n : selection[n]!;
          const isNull = a.isNull(row);
          out.values[row] = (isNull !== b.isNull(row)) === wanted ? 1 : 0;
          if (!isNull && !b.isNull(row)) both[found++] = row;
        }
        if (test !== null && found > 0) test(columns, both, found, out, context);
      };
    },
  };
}

/** The arguments have the result's type. Starts with the first; a better one replaces it. */
function extreme(sign: '>' | '<'): Kernel {
  return { nulls: 'propagate', compile: (site) => compileExtreme(sign, site) };
}

function compileExtreme(sign: '>' | '<', site: CallSite): KernelFunction {
  const physical = physicalOf(site.resultType);
  switch (physical) {
    case 'string':
    case 'bytes':
      return extremeText(sign === '>' ? 1 : -1);
    case 'i128':
      return extremeDecimal(sign === '>' ? 1 : -1);
    case 'i64':
      return extremeNumber('int64', 'o[k] = x[i];', `x[i] ${sign} o[k]`);
    case 'row':
    case 'array':
    case 'map':
      return fail('MR9002', { call: 'a comparison of nested types' });
    case 'f32':
    case 'f64':
      return extremeNumber(physical, 'o[k] = x[i];', realOrder(sign));
    default:
      return extremeNumber(physical, 'o[k] = x[i];', `x[i] ${sign} o[k]`);
  }
}

/** The order of Java's Double.compare: NaN is the largest value, -0.0 is below 0.0. */
function realOrder(sign: '>' | '<'): string {
  const isNaNBetter = sign === '>' ? 'x[i] !== x[i] && o[k] === o[k]'
    : 'x[i] === x[i] && o[k] !== o[k]';
  return `x[i] ${sign} o[k] || (${isNaNBetter}) ||
    (x[i] === 0 && o[k] === 0 && 1 / x[i] ${sign} 1 / o[k])`;
}

function extremeNumber(form: LoopForm, copy: string, isBetter: string): KernelFunction {
  const first = rowLoop(copy, [form], form);
  const others = rowLoop(`if (${isBetter}) { ${copy} }`, [form], form);
  return (columns, selection, count, out, context) => {
    for (const [n, column] of columns.entries()) {
      (n === 0 ? first : others)([column], selection, count, out, context);
    }
  };
}

/** The argument with the best value of a row, the first of equal ones. */
function bestOf(columns: readonly Column[], row: number, order: RowOrder, sign: 1 | -1): Column {
  let best = columns[0]!;
  for (let n = 1; n < columns.length; n++) {
    if (order(columns[n]!, best, row) * sign > 0) best = columns[n]!;
  }
  return best;
}

function extremeDecimal(sign: 1 | -1): KernelFunction {
  return (columns, selection, count, out) => {
    const o = out.values as Int32Array;
    for (let n = 0; n < count; n++) {
      const row = selection === null ? n : selection[n]!;
      const best = bestOf(columns, row, compareI128, sign);
      const from = 4 * indexIn(best, row);
      for (let word = 0; word < 4; word++) o[4 * row + word] = best.values[from + word]!;
    }
  };
}

function extremeText(sign: 1 | -1): KernelFunction {
  return (columns, selection, count, out) => {
    const heap = new HeapBuilder();
    for (let n = 0; n < count; n++) {
      const row = selection === null ? n : selection[n]!;
      const best = bestOf(columns, row, compareText, sign);
      const at = indexIn(best, row);
      out.starts[row] = heap.append(best.heap, best.starts[at]!, best.lengths[at]!);
      out.lengths[row] = best.lengths[at]!;
    }
    out.heap = heap.finish();
  };
}

export const comparisonKernels: KernelFamily = {
  equal: comparison(EQUAL),
  not_equal: comparison(NOT_EQUAL),
  less: comparison(LESS),
  less_equal: comparison(LESS_EQUAL),
  greater: comparison(GREATER),
  greater_equal: comparison(GREATER_EQUAL),
  is_distinct: distinct(true),
  is_not_distinct: distinct(false),
  greatest: extreme('>'),
  least: extreme('<'),
};
