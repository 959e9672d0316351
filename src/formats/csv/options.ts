/** Options of the format csv; native/formats/csv-options.h reads the same. */
import { fail } from '../../errors/index.js';

export interface CsvOptions {
  /** Codes of ASCII characters; -1 = none. */
  readonly delimiter: number;
  readonly quote: number;
  readonly escape: number;
  readonly allowComments: boolean;
  readonly ignoreParseErrors: boolean;
  readonly nullLiteral: string | null;
  readonly elementDelimiter: string;
}

type Given = Readonly<Record<string, string>>;

const KNOWN = new Set([
  'field-delimiter', 'quote-character', 'disable-quote-character', 'allow-comments',
  'ignore-parse-errors', 'array-element-delimiter', 'escape-character', 'null-literal',
  'write-bigdecimal-in-scientific-notation', 'charset',
]);
const NONE = -1;

/** MR2008 for a value it does not take, MR2014 for an option it does not know. */
export function parseCsvOptions(given: Given): CsvOptions {
  for (const name of Object.keys(given)) {
    if (!KNOWN.has(name)) fail('MR2014', { object: 'option', name: `csv.${name}` });
  }
  const escape = given['escape-character'];
  if (escape !== undefined && escape.length !== 1) invalid('escape-character', escape);
  const noQuotes = flag(given, 'disable-quote-character');
  return {
    delimiter: character(given, 'field-delimiter', 44),
    quote: noQuotes ? NONE : character(given, 'quote-character', 34),
    escape: escape === undefined ? NONE : character(given, 'escape-character', NONE),
    allowComments: flag(given, 'allow-comments'),
    ignoreParseErrors: flag(given, 'ignore-parse-errors'),
    nullLiteral: given['null-literal'] ?? null,
    elementDelimiter: given['array-element-delimiter'] ?? ';',
  };
}

function invalid(name: string, value: string): never {
  return fail('MR2008', { name: `csv.${name}`, value });
}

function flag(given: Given, name: string): boolean {
  const value = given[name]?.toLowerCase() ?? 'false';
  if (value !== 'true' && value !== 'false') invalid(name, value);
  return value === 'true';
}

/** One ASCII character; Java's \t and \uXXXX are understood. */
function character(given: Given, name: string, fallback: number): number {
  const text = given[name];
  if (text === undefined) return fallback;
  if (text === '\\t') return 9;
  if (text === '\\\\') return 92;
  const escaped = /^\\u00([0-7][0-9a-fA-F])$/.exec(text);
  const code = escaped === null ? text.charCodeAt(0) : parseInt(escaped[1]!, 16);
  if ((escaped === null && text.length !== 1) || !(code > 0 && code < 128)) invalid(name, text);
  return code;
}
