/**
 * Regular expressions of java.util.regex, and SIMILAR TO. The planner compiles a constant pattern
 * (E-092); a text that is no pattern gives NULL, REGEXP gives FALSE. A search is bounded: beyond
 * it is an error.
 */
import type { ArgumentFamily, FunctionExample, FunctionRow, ResultStrategy } from './row.js';
import type { Signature } from './row.js';

const TEXT = 'CHARACTER_STRING';

function row(
  name: string, kernel: string, args: readonly ArgumentFamily[], result: ResultStrategy,
  doc: string, example: FunctionExample, more: Partial<Signature> = {},
): FunctionRow {
  return {
    name, kernel, nulls: 'propagate', doc, examples: [example], pattern: 'regexp',
    signatures: [{ arguments: args, result, ...more }],
  };
}

export const REGEXP: readonly FunctionRow[] = [
  row('REGEXP', 'regexp', [TEXT, TEXT], 'BOOLEAN', 'Whether the pattern is found in the text.',
    ["REGEXP('hello', 'l+')", 'BOOLEAN NOT NULL', 'TRUE']),
  row('REGEXP_EXTRACT', 'regexp_extract', [TEXT, TEXT, 'TO_INT'], 'STRING',
    'The first match, or a group of it; NULL where there is none.',
    ["REGEXP_EXTRACT('foothebar', 'foo(.*?)(bar)', 2)", 'STRING', 'bar'],
    { optional: 1, nullable: 'always' }),
  row('REGEXP_SUBSTR', 'regexp_extract', [TEXT, TEXT], 'STRING',
    'The first match; NULL where there is none.',
    ["REGEXP_SUBSTR('abc123xyz456', '\\d')", 'STRING', '1'], { nullable: 'always' }),
  row('REGEXP_REPLACE', 'regexp_replace', [TEXT, TEXT, TEXT], 'STRING',
    'Every match replaced by the third text as it stands.',
    ["REGEXP_REPLACE('foobar', 'oo|ar', '')", 'STRING NOT NULL', 'fb']),
  row('REGEXP_COUNT', 'regexp_count', [TEXT, TEXT], 'INT', 'The number of matches.',
    ["REGEXP_COUNT('a.b.c.d', '\\.')", 'INT', '3'], { nullable: 'always' }),
  row('REGEXP_INSTR', 'regexp_instr', [TEXT, TEXT], 'INT',
    'Where the first match starts, from 1; 0 where there is none.',
    ["REGEXP_INSTR('abc123', '\\d')", 'INT', '4'], { nullable: 'always' }),
  {
    name: 'SIMILAR TO', kernel: 'similar', nulls: 'propagate', pattern: 'similar',
    signatures: [{ arguments: [TEXT, TEXT, TEXT], optional: 1, result: 'BOOLEAN' }],
    doc: 'Whether the whole text matches a pattern of SQL.',
    examples: [["'abc' SIMILAR TO 'a(b|x)_'", 'BOOLEAN NOT NULL', 'TRUE']],
  },
];
