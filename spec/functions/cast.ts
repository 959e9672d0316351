/**
 * CAST and TRY_CAST as kernels. The binder makes these calls itself (the target type is no
 * argument), so they have no signature; which casts exist: src/plan/bind/castable.ts.
 * Options: `try`, whether NULL stands for a failure; `zone`, the session zone (a name of a fixed
 * offset or a table of src/types/zone.ts), where one side is a TIMESTAMP_LTZ.
 */
import type { FunctionRow } from './row.js';

export const CAST: readonly FunctionRow[] = [
  {
    name: 'CAST', kernel: 'cast', signatures: [], nulls: 'propagate',
    doc: 'The value in another type; a value that cannot be cast is an error.',
    examples: [["CAST('42' AS INT)", 'INT NOT NULL', '42']],
  },
  {
    name: 'TRY_CAST', kernel: 'cast', signatures: [], nulls: 'propagate',
    doc: 'The value in another type; NULL for a value that cannot be cast.',
    examples: [["TRY_CAST('x' AS INT)", 'INT', null]],
  },
];
