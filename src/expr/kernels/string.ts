/** Kernels over strings. */
import type { KernelFamily } from '../kernel.js';

export const stringKernels: KernelFamily = {};
