/** Rows of the conditional functions. */
import type { FunctionRow } from './row.js';

export const CONDITIONAL: readonly FunctionRow[] = [];
