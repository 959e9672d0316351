/** Texts by the formats of java.util.Formatter. Answers of Flink 2.3. */
import type { FunctionRow } from './row.js';

export const PRINTF: readonly FunctionRow[] = [
  {
    name: 'PRINTF', kernel: 'printf', nulls: 'custom',
    signatures: [{
      arguments: ['CHARACTER_STRING'], rest: 'PRINTED', result: 'STRING', nullable: 'always',
    }],
    doc: 'The values put into the `%` places of the text, as `String.format` of Java does: '
      + '`%s`, `%d`, `%x`, `%o`, `%c`, `%b`, `%e`, `%f`, `%g` with flags, width and precision. '
      + 'Dates and times are numbers there. NULL where Java refuses the text or a value.',
    examples: [
      ["PRINTF('%-6s|%05d|%.2f', 'ab', 42, CAST(1.005E0 AS DOUBLE))", 'STRING', 'ab    |00042|1.01'],
      ["PRINTF('%2$s %1$s %,d', 'a', 'b', 3)", 'STRING', null],
    ],
  },
];
