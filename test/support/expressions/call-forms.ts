/**
 * How calls are written: a form for each signature of spec/functions, and for what the grammar has
 * beside them (BETWEEN, IN, CASE of a value, JSON clauses, casts). A form names the families of its
 * arguments and writes their texts; words that must be constant are drawn from a list.
 */
import { FUNCTIONS, type ArgumentFamily, type FunctionRow, type Signature } from
  '../../../spec/functions.js';
import {
  CAST_TYPES, CHARSETS, COUNTS, DATE_PATTERNS, JSON_PATHS, LIKE_PATTERNS, REGEXPS, SIMILAR_PATTERNS,
  UNITS, URL_PARTS, ZONES, quoted,
} from './words.js';

export interface CallForm {
  /** The function's name, or what stands for it in a report. */
  readonly name: string;
  readonly families: readonly ArgumentFamily[];
  /** How many of the last arguments may be left out; a family of any number more. */
  readonly optional?: number;
  readonly rest?: ArgumentFamily;
  /** How many more: `rest` comes in pairs in MAP. */
  readonly restStep?: number;
  /** Whether the arguments are usually of one type. */
  readonly alike?: boolean;
  /** Constant arguments by index: drawn from these texts. */
  readonly words?: Readonly<Record<number, readonly string[]>>;
  readonly write: (args: readonly string[]) => string;
}

const at = (args: readonly string[], index: number): string => args[index] ?? '';

type Writer = (args: readonly string[]) => string;

const infix = (sign: string): Writer => (args) => args.join(` ${sign} `);
const postfix = (sign: string): Writer => (args) => `${at(args, 0)} ${sign}`;
const call = (name: string): Writer => (args) => `${name}(${args.join(', ')})`;

const INFIX = ['+', '-', '*', '/', '%', '=', '<>', '<', '<=', '>', '>=', '||', 'AND', 'OR',
  'IS DISTINCT FROM', 'IS NOT DISTINCT FROM'];
const POSTFIX = ['IS NULL', 'IS NOT NULL', 'IS TRUE', 'IS NOT TRUE', 'IS FALSE', 'IS NOT FALSE',
  'IS UNKNOWN', 'IS NOT UNKNOWN'];

function caseText(args: readonly string[]): string {
  const pairs = Array.from({ length: Math.floor(args.length / 2) }, (_, i) =>
    `WHEN ${at(args, 2 * i)} THEN ${at(args, 2 * i + 1)}`);
  const last = args.length % 2 === 1 ? ` ELSE ${at(args, args.length - 1)}` : '';
  return `CASE ${pairs.join(' ')}${last} END`;
}

const WRITERS: Readonly<Record<string, Writer>> = {
  ...Object.fromEntries(INFIX.map((sign) => [sign, infix(sign)])),
  ...Object.fromEntries(POSTFIX.map((sign) => [sign, postfix(sign)])),
  NEGATE: (args) => `-${at(args, 0)}`,
  NOT: (args) => `NOT ${at(args, 0)}`,
  CASE: caseText,
  ARRAY: (args) => `ARRAY[${args.join(', ')}]`,
  MAP: (args) => `MAP[${args.join(', ')}]`,
  ITEM: (args) => `${at(args, 0)}[${at(args, 1)}]`,
  LIKE: (args) => `${at(args, 0)} LIKE ${at(args, 1)}` +
    (args.length > 2 ? ` ESCAPE ${at(args, 2)}` : ''),
  'SIMILAR TO': (args) => `${at(args, 0)} SIMILAR TO ${at(args, 1)}`,
  EXTRACT: (args) => `EXTRACT(${at(args, 0)} FROM ${at(args, 1)})`,
  'DATETIME DIFFERENCE': (args) => `(${at(args, 1)} - ${at(args, 2)}) ${at(args, 0)}`,
  OVERLAY: (args) => `OVERLAY(${at(args, 0)} PLACING ${at(args, 1)} FROM ${at(args, 2)}` +
    `${args.length > 3 ? ` FOR ${at(args, 3)}` : ''})`,
};

/** Rows whose text needs more than a signature says; they are written in EXTRA. */
const WRITTEN_APART = ['JSON_VALUE', 'JSON_QUERY', 'JSON_EXISTS', 'JSON_OBJECT', 'CAST', 'TRY_CAST',
  'IS JSON VALUE', 'IS JSON OBJECT', 'IS JSON ARRAY', 'IS JSON SCALAR', 'RAND', 'RAND_INTEGER',
  'UUID'];

function writerOf(row: FunctionRow, signature: Signature): Writer {
  if (row.name === 'TRIM' && signature.arguments.length === 3) {
    return (args) => `TRIM(${at(args, 0)} ${at(args, 1)} FROM ${at(args, 2)})`;
  }
  if ((row.name === 'FLOOR' || row.name === 'CEIL') && signature.arguments.length === 2) {
    return (args) => `${row.name}(${at(args, 0)} TO ${at(args, 1)})`;
  }
  return WRITERS[row.name] ?? call(row.name);
}

const WORDS: Readonly<Record<string, Readonly<Record<number, readonly string[]>>>> = {
  EXTRACT: { 0: UNITS.all }, TIMESTAMPADD: { 0: UNITS.added }, TIMESTAMPDIFF: { 0: UNITS.added },
  'DATETIME DIFFERENCE': { 0: UNITS.intervals },
  LIKE: { 1: quoted(LIKE_PATTERNS), 2: quoted(['$', '\\']) },
  'SIMILAR TO': { 1: quoted(SIMILAR_PATTERNS) },
  REGEXP: { 1: quoted(REGEXPS) }, REGEXP_EXTRACT: { 1: quoted(REGEXPS) },
  REGEXP_SUBSTR: { 1: quoted(REGEXPS) }, REGEXP_REPLACE: { 1: quoted(REGEXPS) },
  REGEXP_COUNT: { 1: quoted(REGEXPS) }, REGEXP_INSTR: { 1: quoted(REGEXPS) },
  REGEXP_EXTRACT_ALL: { 1: quoted(REGEXPS) },
  DATE_FORMAT: { 1: quoted(DATE_PATTERNS) }, FROM_UNIXTIME: { 1: quoted(DATE_PATTERNS) },
  TO_DATE: { 1: quoted(DATE_PATTERNS) }, TO_TIMESTAMP: { 1: quoted(DATE_PATTERNS) },
  UNIX_TIMESTAMP: { 1: quoted(DATE_PATTERNS) },
  CONVERT_TZ: { 1: quoted(ZONES), 2: quoted(ZONES) },
  ENCODE: { 1: quoted(CHARSETS) }, DECODE: { 1: quoted(CHARSETS) },
  PARSE_URL: { 1: quoted(URL_PARTS) },
  REPEAT: { 1: COUNTS }, LPAD: { 1: COUNTS }, RPAD: { 1: COUNTS },
  STR_TO_MAP: { 1: quoted([',', ';', '\\|']), 2: quoted(['=', ':', '']) },
};

function wordsOf(row: FunctionRow, signature: Signature): CallForm['words'] {
  if (row.name === 'TRIM' && signature.arguments.length === 3) {
    return { 0: ['BOTH', 'LEADING', 'TRAILING'] };
  }
  if ((row.name === 'FLOOR' || row.name === 'CEIL') && signature.arguments.length === 2) {
    return { 1: UNITS.floors };
  }
  if (row.name === 'TO_TIMESTAMP_LTZ') {
    return signature.kernel === undefined ? { 1: ['0', '3', '3'] }
      : { 1: quoted(DATE_PATTERNS), 2: quoted(ZONES) };
  }
  return WORDS[row.name];
}

const ALIKE = ['common', 'comparison', 'equality', 'result', 'case-branches', 'map-entries'];

function formOf(row: FunctionRow, signature: Signature): CallForm {
  const words = wordsOf(row, signature);
  return {
    name: row.name, families: signature.arguments, write: writerOf(row, signature),
    alike: ALIKE.includes(signature.parameters ?? 'keep'),
    restStep: row.name === 'MAP' || row.name === 'CASE' ? 2 : 1,
    ...(signature.optional === undefined ? {} : { optional: signature.optional }),
    ...(signature.rest === undefined ? {} : { rest: signature.rest }),
    ...(words === undefined ? {} : { words }),
  };
}

const SPEC_FORMS: readonly CallForm[] = FUNCTIONS
  .filter((row) => row.deterministic !== false && !WRITTEN_APART.includes(row.name))
  .flatMap((row) => row.signatures.map((signature) => formOf(row, signature)));

function extra(
  name: string, families: readonly ArgumentFamily[], write: Writer, more: Partial<CallForm> = {},
): CallForm {
  return { name, families, write, ...more };
}

const casts = (name: string): CallForm =>
  extra(name, ['ANY', 'ANY'], (args) => `${name}(${at(args, 0)} AS ${at(args, 1)})`,
    { words: { 1: CAST_TYPES } });

const json = (name: string, behind: readonly string[]): CallForm =>
  extra(name, ['CHARACTER_STRING', 'ANY', 'ANY'],
    (args) => `${name}(${at(args, 0)}, ${at(args, 1)}${at(args, 2)})`,
    { words: { 1: quoted(JSON_PATHS), 2: behind } });

const TEXT = 'CHARACTER_STRING';

const EXTRA: readonly CallForm[] = [
  casts('CAST'), casts('CAST'), casts('CAST'), casts('TRY_CAST'), casts('TRY_CAST'),
  extra('BETWEEN', ['ORDERED', 'ORDERED', 'ORDERED'],
    (args) => `${at(args, 0)} BETWEEN ${at(args, 1)} AND ${at(args, 2)}`, { alike: true }),
  extra('NOT BETWEEN', ['ORDERED', 'ORDERED', 'ORDERED'],
    (args) => `${at(args, 0)} NOT BETWEEN ${at(args, 1)} AND ${at(args, 2)}`, { alike: true }),
  extra('IN', ['COMPARABLE', 'COMPARABLE', 'COMPARABLE'],
    (args) => `${at(args, 0)} IN (${args.slice(1).join(', ')})`,
    { alike: true, rest: 'COMPARABLE' }),
  extra('NOT IN', ['COMPARABLE', 'COMPARABLE', 'COMPARABLE'],
    (args) => `${at(args, 0)} NOT IN (${args.slice(1).join(', ')})`, { alike: true }),
  extra('CASE value', ['COMPARABLE', 'COMPARABLE', 'ANY', 'ANY'], (args) =>
    `CASE ${at(args, 0)} WHEN ${at(args, 1)} THEN ${at(args, 2)} ELSE ${at(args, 3)} END`,
  { alike: true }),
  extra('NULLIF', ['COMPARABLE', 'COMPARABLE'], call('NULLIF'), { alike: true }),
  extra('NOT LIKE', [TEXT, TEXT], infix('NOT LIKE'), { words: { 1: quoted(LIKE_PATTERNS) } }),
  extra('LIKE column', [TEXT, TEXT], infix('LIKE')),
  extra('POSITION', [TEXT, TEXT], (args) =>
    `POSITION(${at(args, 0).replace(/^\((.*)\)$/, '$1')} IN ${at(args, 1)})`),
  extra('SUBSTRING', [TEXT, 'TO_INT', 'TO_INT'], (args) =>
    `SUBSTRING(${at(args, 0)} FROM ${at(args, 1)}${args.length > 2 ? ` FOR ${at(args, 2)}` : ''})`,
  { optional: 1 }),
  extra('ROW field', ['ROW', 'ANY'], (args) => `${at(args, 0)}.${at(args, 1)}`,
    { words: { 1: ['a', 'b'] } }),
  ...['VALUE', 'OBJECT', 'ARRAY', 'SCALAR'].map((kind) =>
    extra(`IS JSON ${kind}`, [TEXT], postfix(`IS JSON ${kind}`))),
  json('JSON_EXISTS', ['', ' TRUE ON ERROR', ' UNKNOWN ON ERROR', ' ERROR ON ERROR']),
  json('JSON_VALUE', ['', ' RETURNING INT', ' RETURNING BOOLEAN', ' RETURNING DOUBLE',
    ' RETURNING STRING NULL ON EMPTY', ' DEFAULT \'e\' ON EMPTY', ' ERROR ON ERROR',
    ' NULL ON EMPTY DEFAULT \'e\' ON ERROR', ' RETURNING INT DEFAULT 5 ON EMPTY']),
  json('JSON_QUERY', ['', ' WITH WRAPPER', ' WITH CONDITIONAL WRAPPER', ' EMPTY ARRAY ON EMPTY',
    ' EMPTY OBJECT ON ERROR', ' ERROR ON ERROR', ' RETURNING ARRAY<STRING>']),
  extra('JSON_OBJECT', [TEXT, 'ANY', TEXT, 'ANY'],
    (args) => `JSON_OBJECT(${at(args, 0)} VALUE ${at(args, 1)}, ` +
      `KEY ${at(args, 2)} VALUE ${at(args, 3)})`,
    { words: { 0: quoted(['k', '', 'a"b']), 2: quoted(['z', 'é']) } }),
  extra('JSON_OBJECT', [TEXT, 'ANY'],
    (args) => `JSON_OBJECT(${at(args, 0)} VALUE ${at(args, 1)} ABSENT ON NULL)`,
    { words: { 0: quoted(['k', 'b']) } }),
  extra('JSON_ARRAY', ['ANY', 'ANY'],
    (args) => `JSON_ARRAY(${args.join(', ')} NULL ON NULL)`),
];

/** Every way to write a call. */
export const CALL_FORMS: readonly CallForm[] = [...SPEC_FORMS, ...EXTRA];
