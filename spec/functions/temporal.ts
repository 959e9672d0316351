/** Rows of the temporal functions. */
import type { FunctionRow } from './row.js';

export const TEMPORAL: readonly FunctionRow[] = [];
