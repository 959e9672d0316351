/** Strings as bytes: UTF-8, US-ASCII, ISO-8859-1, UTF-16, UTF-16BE and UTF-16LE. */
import type { FunctionRow } from './row.js';

export const CHARSET: readonly FunctionRow[] = [
  {
    name: 'ENCODE', kernel: 'encode', nulls: 'propagate',
    signatures: [{ arguments: ['CHARACTER_STRING', 'CHARACTER_STRING'], result: 'BYTES' }],
    doc: 'The text in a character set; characters it has not are question marks.',
    examples: [["CAST(ENCODE('abc', 'ISO-8859-1') AS STRING)", 'STRING NOT NULL', 'abc']],
  },
  {
    name: 'DECODE', kernel: 'decode', nulls: 'propagate',
    signatures: [{ arguments: ['BINARY_STRING', 'CHARACTER_STRING'], result: 'STRING' }],
    doc: 'The text that bytes stand for in a character set.',
    examples: [["DECODE(x'e9', 'ISO-8859-1')", 'STRING NOT NULL', 'é']],
  },
];
