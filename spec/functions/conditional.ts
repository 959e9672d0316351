/**
 * Conditional functions. CASE and COALESCE are special forms of the evaluators: a result is
 * evaluated only for the rows that take it. IF, IFNULL are bound to them; NULLIF(a, b) is bound
 * by the planner as CASE WHEN a = b THEN NULL ELSE a END.
 */
import type { FunctionRow } from './row.js';

export const CONDITIONAL: readonly FunctionRow[] = [
  {
    name: 'CASE', kernel: 'case', nulls: 'custom',
    signatures: [
      { arguments: ['BOOLEAN', 'ANY'], rest: 'ANY', parameters: 'case-branches',
        result: 'case-branches', nullable: 'arguments' },
    ],
    doc: 'The result behind the first condition that is TRUE, else the last.',
    examples: [["CASE WHEN 1 = 2 THEN 'a' ELSE 'bcd' END", 'VARCHAR(3) NOT NULL', 'bcd']],
  },
  {
    name: 'IF', kernel: 'case', nulls: 'custom',
    signatures: [
      { arguments: ['BOOLEAN', 'ANY', 'ANY'], parameters: 'case-branches',
        result: 'case-branches', nullable: 'any' },
    ],
    doc: 'The second argument if the first is TRUE, else the third.',
    examples: [['IF(1 = 2, 1, 2)', 'INT NOT NULL', '2']],
  },
  {
    name: 'COALESCE', kernel: 'coalesce', nulls: 'custom',
    signatures: [
      { arguments: ['ANY'], rest: 'ANY', parameters: 'result', result: 'common',
        nullable: 'all' },
    ],
    doc: 'The first argument that is not NULL.',
    examples: [['COALESCE(CAST(NULL AS INT), 2, 3)', 'INT NOT NULL', '2']],
  },
  {
    name: 'IFNULL', kernel: 'coalesce', nulls: 'custom',
    signatures: [
      { arguments: ['ANY', 'ANY'], parameters: 'result', result: 'if-null', nullable: 'all' },
    ],
    doc: 'The first argument, or where it is NULL the second.',
    examples: [['IFNULL(CAST(NULL AS INT), 5)', 'INT NOT NULL', '5']],
  },
];
