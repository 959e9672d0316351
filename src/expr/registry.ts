/**
 * Every kernel of the TypeScript engine by name, assembled from the families.
 */
import type { Kernel, KernelFamily } from './kernel.js';
import { arithmeticKernels } from './kernels/arithmetic.js';
import { arrayKernels } from './kernels/array.js';
import { castKernels } from './kernels/cast.js';
import { comparisonKernels } from './kernels/comparison.js';
import { inetKernels } from './kernels/inet.js';
import { randomKernels } from './kernels/random.js';
import { charsetKernels } from './kernels/charset.js';
import { hashCodeKernels } from './kernels/hash-code.js';
import { splitKernels } from './kernels/split.js';
import { jsonKernels } from './kernels/json.js';
import { jsonBuildKernels } from './kernels/json-build.js';
import { logicKernels } from './kernels/logic.js';
import { mathKernels } from './kernels/math.js';
import { nestedKernels } from './kernels/nested.js';
import { printfKernels } from './kernels/printf.js';
import { regexpKernels } from './kernels/regexp.js';
import { stringKernels } from './kernels/string.js';
import { temporalKernels } from './kernels/temporal.js';
import { USER_KERNEL, userKernel } from './user-functions.js';

const FAMILIES: readonly KernelFamily[] = [
  arithmeticKernels,
  arrayKernels,
  comparisonKernels,
  castKernels,
  inetKernels,
  randomKernels,
  charsetKernels,
  hashCodeKernels,
  splitKernels,
  jsonKernels,
  jsonBuildKernels,
  logicKernels,
  mathKernels,
  nestedKernels,
  printfKernels,
  regexpKernels,
  stringKernels,
  temporalKernels,
];

const KERNELS = new Map<string, Kernel>();
for (const family of FAMILIES) {
  for (const [name, kernel] of Object.entries(family)) {
    if (KERNELS.has(name)) throw new Error(`kernel is there twice: ${name}`);
    KERNELS.set(name, kernel);
  }
}

/** The kernel of that name, or undefined. */
export function findKernel(name: string): Kernel | undefined {
  return name === USER_KERNEL ? userKernel : KERNELS.get(name);
}

/**
 * Ends the name of a kernel that takes what another takes only as a constant (a pattern, a zone).
 * No row of spec/functions.ts names them, and those that take zones are not native.
 */
export const DYNAMIC_SUFFIX = '_dynamic';

/** All names, for the test that compares the two engines. */
export function kernelNames(): readonly string[] {
  return [...KERNELS.keys()];
}
