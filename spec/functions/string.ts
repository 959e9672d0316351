/** Rows of the string functions. */
import type { FunctionRow } from './row.js';

export const STRING: readonly FunctionRow[] = [];
