/** Kernels over dates, times, timestamps and intervals, assembled from the files temporal-*.ts. */
import type { KernelFamily } from '../kernel.js';
import { temporalArithmeticKernels } from './temporal-arithmetic.js';
import { temporalExtractKernels } from './temporal-extract.js';
import { temporalNowKernels } from './temporal-now.js';
import { temporalReadKernels } from './temporal-read.js';
import { temporalRoundKernels } from './temporal-round.js';
import { temporalWriteKernels } from './temporal-write.js';

export const temporalKernels: KernelFamily = {
  ...temporalExtractKernels, ...temporalRoundKernels, ...temporalArithmeticKernels,
  ...temporalNowKernels, ...temporalReadKernels, ...temporalWriteKernels,
};
