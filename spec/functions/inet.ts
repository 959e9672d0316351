/** Internet addresses. Answers of Flink 2.3. */
import type { FunctionRow } from './row.js';

export const INET: readonly FunctionRow[] = [
  {
    name: 'INET_ATON', kernel: 'inet_aton', nulls: 'propagate',
    signatures: [{ arguments: ['CHARACTER_STRING'], result: 'BIGINT', nullable: 'always' }],
    doc: 'An IPv4 address as a number; NULL where it is none. Missing parts are 0.',
    examples: [["INET_ATON('127.1')", 'BIGINT', '2130706433']],
  },
  {
    name: 'INET_NTOA', kernel: 'inet_ntoa', nulls: 'propagate',
    signatures: [{ arguments: ['TO_BIGINT'], result: 'STRING', nullable: 'always' }],
    doc: 'The IPv4 address of a number; NULL where it is none.',
    examples: [['INET_NTOA(2130706433)', 'STRING', '127.0.0.1']],
  },
];
