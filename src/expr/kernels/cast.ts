/**
 * CAST and TRY_CAST (option `try`): picks the loop for a pair of types. BOOLEAN and numbers to
 * each other: cast-number.ts; dates and times: cast-time.ts; strings: cast-to-text.ts and
 * cast-from-text.ts; rows, arrays and maps: cast-nested.ts.
 */
import { fail } from '../../errors/index.js';
import { typeToString } from '../../types/data-type.js';
import type { CallSite, KernelFamily, KernelFunction } from '../kernel.js';
import { fromTextCast } from './cast-from-text.js';
import { nestedCast } from './cast-nested.js';
import { numberCast } from './cast-number.js';
import { timeCast } from './cast-time.js';
import { toTextCast } from './cast-to-text.js';

function compileCast(site: CallSite): KernelFunction {
  for (const find of [numberCast, timeCast, toTextCast, fromTextCast]) {
    const loop = find(site);
    if (loop !== null) return loop;
  }
  const nested = nestedCast(site, compileCast);
  if (nested !== null) return nested;
  const [from] = site.argumentTypes;
  const types = `${from === undefined ? '?' : typeToString(from)} as ${
    typeToString(site.resultType)}`;
  return fail('MR9002', { call: `cast of ${types}` });
}

export const castKernels: KernelFamily = {
  cast: { nulls: 'propagate', compile: compileCast },
};
