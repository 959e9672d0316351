/** Kernels over strings, assembled from the files string-*.ts, like.ts and url.ts. */
import type { KernelFamily } from '../kernel.js';
import { likeKernels } from './like.js';
import { stringBuildKernels } from './string-build.js';
import { stringCaseKernels } from './string-case.js';
import { stringCodeKernels } from './string-code.js';
import { stringCutKernels } from './string-cut.js';
import { stringSearchKernels } from './string-search.js';
import { stringUtf16Kernels } from './string-utf16.js';
import { urlKernels } from './url.js';

export const stringKernels: KernelFamily = {
  ...stringCaseKernels, ...stringCutKernels, ...stringBuildKernels, ...stringUtf16Kernels,
  ...stringSearchKernels, ...likeKernels, ...stringCodeKernels, ...urlKernels,
};
