/** NOT and the tests IS [NOT] NULL / TRUE / FALSE. AND and OR are forms of the evaluator. */
import type { Kernel, KernelFamily, KernelFunction } from '../kernel.js';
import { indexIn, siteLoop } from '../loop.js';

const not: Kernel = { nulls: 'skip', compile: (site) => siteLoop(site, 'o[k] = x[i] ^ 1;') };

function own(run: KernelFunction): Kernel {
  return { nulls: 'own', compile: () => run };
}

/** Whether the value is NULL, or the opposite. */
function nullTest(wanted: boolean): Kernel {
  return own((columns, selection, count, out) => {
    const a = columns[0]!;
    for (let n = 0; n < count; n++) {
      const row = selection === null ? n : selection[n]!;
      out.values[row] = a.isNull(row) === wanted ? 1 : 0;
    }
  });
}

/** Whether the value is `value` (never so of NULL), or the opposite of that. */
function truthTest(value: 0 | 1, negated: boolean): Kernel {
  return own((columns, selection, count, out) => {
    const a = columns[0]!;
    for (let n = 0; n < count; n++) {
      const row = selection === null ? n : selection[n]!;
      const holds = !a.isNull(row) && a.values[indexIn(a, row)] === value;
      out.values[row] = holds === negated ? 0 : 1;
    }
  });
}

export const logicKernels: KernelFamily = {
  not,
  is_null: nullTest(true),
  is_not_null: nullTest(false),
  is_true: truthTest(1, false),
  is_not_true: truthTest(1, true),
  is_false: truthTest(0, false),
  is_not_false: truthTest(0, true),
};
