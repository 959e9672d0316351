/**
 * String functions. Strings are UTF-8; positions and lengths count code points, except in LPAD,
 * RPAD and OVERLAY, which count UTF-16 units as Java does (E-090). Answers of Flink 2.3.
 */
import type {
  ArgumentFamily, FunctionExample, FunctionRow, ResultStrategy, Signature,
} from './row.js';

const TEXT = 'CHARACTER_STRING';

function texts(count: number, result: ResultStrategy, more: Partial<Signature> = {}): Signature {
  return { arguments: Array.from({ length: count }, () => TEXT), result, ...more };
}

/** A row of one signature whose nulls propagate. */
function plain(
  name: string, kernel: string, args: readonly ArgumentFamily[], result: ResultStrategy,
  doc: string, example: FunctionExample, more: Partial<Signature> = {},
): FunctionRow {
  return {
    name, kernel, nulls: 'propagate', doc, examples: [example],
    signatures: [{ arguments: args, result, ...more }],
  };
}

function digest(name: string, bits: string, result: ResultStrategy, hex: string): FunctionRow {
  const type = result.replace('CHAR_', 'CHAR(');
  return alsoOfBytes(plain(
    name, name.toLowerCase(), [TEXT], result, `The ${bits} digest as hex digits.`,
    [`${name}('abc')`, `${type}) NOT NULL`, hex],
  ));
}

/** The same function of a binary string. */
function alsoOfBytes(row: FunctionRow): FunctionRow {
  const ofBytes = row.signatures.map((signature): Signature =>
    ({ ...signature, arguments: ['BINARY_STRING', ...signature.arguments.slice(1)] }));
  return { ...row, signatures: [...row.signatures, ...ofBytes] };
}

const CASES: readonly FunctionRow[] = [
  plain('UPPER', 'upper', [TEXT], 'argument-0', 'Upper case.',
    ["UPPER('aé')", 'CHAR(2) NOT NULL', 'AÉ']),
  plain('LOWER', 'lower', [TEXT], 'argument-0', 'Lower case.',
    ["LOWER('AÉ')", 'CHAR(2) NOT NULL', 'aé']),
  plain('INITCAP', 'initcap', [TEXT], 'argument-0',
    'Words of ASCII letters and digits capitalized.',
    ["INITCAP('hello wORLD')", 'CHAR(11) NOT NULL', 'Hello World']),
];

const PIECES: readonly FunctionRow[] = [
  {
    name: 'TRIM', kernel: 'trim', nulls: 'propagate',
    signatures: [texts(3, 'varchar-2'), texts(1, 'varchar-0', { kernel: 'trim_both' })],
    doc: 'Characters taken from one end or both: TRIM(LEADING characters FROM text).',
    examples: [["TRIM(BOTH 'ab' FROM 'abcab')", 'VARCHAR(5) NOT NULL', 'c']],
  },
  plain('LTRIM', 'trim_leading', [TEXT, TEXT], 'varchar-0',
    'Blanks, or the characters given, taken from the start.',
    ["LTRIM('xxa', 'x')", 'VARCHAR(3) NOT NULL', 'a'], { optional: 1 }),
  plain('RTRIM', 'trim_trailing', [TEXT, TEXT], 'varchar-0',
    'Blanks, or the characters given, taken from the end.',
    ["RTRIM('  a ')", 'VARCHAR(4) NOT NULL', '  a'], { optional: 1 }),
  plain('BTRIM', 'trim_both', [TEXT, TEXT], 'STRING',
    'Blanks, or the characters given, taken from both ends.',
    ["BTRIM('xyaxy', 'xy')", 'STRING NOT NULL', 'a'], { optional: 1 }),
  {
    ...plain('SUBSTRING', 'substring', [TEXT, 'TO_INT', 'TO_INT'], 'varchar-0',
      'A piece by start, from 1, and length; a negative start counts from the end.',
      ["SUBSTRING('hello', -3, 2)", 'VARCHAR(5)', 'll'], { optional: 1, nullable: 'always' }),
    aliases: ['SUBSTR'],
  },
  plain('LEFT', 'left', [TEXT, 'TO_INT'], 'varchar-0', 'The first characters.',
    ["LEFT('hello', 2)", 'VARCHAR(5)', 'he'], { nullable: 'always' }),
  plain('RIGHT', 'right', [TEXT, 'TO_INT'], 'varchar-0', 'The last characters.',
    ["RIGHT('hello', 2)", 'VARCHAR(5)', 'lo'], { nullable: 'always' }),
  {
    name: 'SPLIT_INDEX', kernel: 'split_index', nulls: 'propagate',
    signatures: [
      { arguments: [TEXT, TEXT, 'TO_INT'], result: 'STRING', nullable: 'always' },
      { arguments: [TEXT, 'TO_INT', 'TO_INT'], result: 'STRING', nullable: 'always',
        kernel: 'split_index_code' },
    ],
    doc: 'The piece of this index, from 0, between separators; NULL where there is none.',
    examples: [["SPLIT_INDEX('a,b,c', ',', 2)", 'STRING', 'c']],
  },
];

const BUILT: readonly FunctionRow[] = [
  plain('||', 'concat', [TEXT, TEXT], 'char-sum', 'Both texts after each other.',
    ["'ab' || 'cd'", 'CHAR(4) NOT NULL', 'abcd']),
  plain('CONCAT', 'concat', [TEXT], 'STRING', 'All texts after each other.',
    ["CONCAT('a', 'b', 'c')", 'STRING NOT NULL', 'abc'], { rest: TEXT }),
  {
    name: 'CONCAT_WS', kernel: 'concat_ws', nulls: 'custom',
    signatures: [texts(1, 'STRING', { rest: TEXT, nullable: 'arguments' })],
    doc: 'All texts that are not NULL, the first one between them.',
    examples: [["CONCAT_WS('~', 'a', CAST(NULL AS STRING), 'b')", 'STRING', 'a~b']],
  },
  plain('REPEAT', 'repeat', [TEXT, 'TO_INT'], 'STRING', 'The text several times.',
    ["REPEAT('ab', 3)", 'STRING NOT NULL', 'ababab']),
  plain('REPLACE', 'replace', [TEXT, TEXT, TEXT], 'STRING',
    'Each occurrence of the second text replaced by the third.',
    ["REPLACE('hello', 'l', 'LL')", 'STRING NOT NULL', 'heLLLLo']),
  plain('REVERSE', 'reverse', [TEXT], 'STRING', 'The characters in reverse.',
    ["REVERSE('abc')", 'STRING', 'cba'], { nullable: 'always' }),
  plain('LPAD', 'lpad', [TEXT, 'TO_INT', TEXT], 'STRING',
    'The text filled up on the left, or cut, to a length; NULL if it is negative.',
    ["LPAD('hi', 4, '??')", 'STRING NOT NULL', '??hi']),
  plain('RPAD', 'rpad', [TEXT, 'TO_INT', TEXT], 'STRING',
    'The text filled up on the right, or cut, to a length; NULL if it is negative.',
    ["RPAD('hi', 1, '??')", 'STRING NOT NULL', 'h']),
  plain('OVERLAY', 'overlay', [TEXT, TEXT, 'TO_BIGINT', 'TO_BIGINT'], 'varchar-sum',
    'A part, by start and length, replaced by the second text.',
    ["OVERLAY('abcdef' PLACING 'XY' FROM 3)", 'VARCHAR(8) NOT NULL', 'abXYef'],
    { optional: 1 }),
  {
    name: 'TRANSLATE', kernel: 'translate', nulls: 'custom', aliases: ['TRANSLATE3'],
    signatures: [texts(3, 'STRING', { nullable: 'first' })],
    doc: 'Each character of the second text replaced by its partner in the third.',
    examples: [["TRANSLATE('hello', 'el', 'ip')", 'STRING NOT NULL', 'hippo']],
  },
];

const SEARCHED: readonly FunctionRow[] = [
  {
    ...plain('CHAR_LENGTH', 'char_length', [TEXT], 'INT', 'The number of characters.',
      ["CHAR_LENGTH('hé')", 'INT NOT NULL', '2']),
    aliases: ['CHARACTER_LENGTH'],
  },
  {
    ...plain('POSITION', 'position', [TEXT, TEXT, 'TO_INT'], 'INT',
      'Where the first text stands in the second, from 1; 0 where it does not.',
      ["LOCATE('l', 'hello', 4)", 'INT NOT NULL', '4'], { optional: 1 }),
    aliases: ['LOCATE'],
  },
  plain('INSTR', 'instr', [TEXT, TEXT, 'TO_INT', 'TO_INT'], 'INT',
    'Where the second text stands in the first, by start and occurrence.',
    ["INSTR('helloworld', 'l', -1, 2)", 'INT NOT NULL', '4'], { optional: 2 }),
  {
    name: 'STARTSWITH', kernel: 'starts_with', nulls: 'propagate',
    signatures: [texts(2, 'BOOLEAN'),
      { arguments: ['BINARY_STRING', 'BINARY_STRING'], result: 'BOOLEAN' }],
    doc: 'Whether it starts so.',
    examples: [["STARTSWITH('hello', 'he')", 'BOOLEAN NOT NULL', 'TRUE']],
  },
  {
    name: 'ENDSWITH', kernel: 'ends_with', nulls: 'propagate',
    signatures: [texts(2, 'BOOLEAN'),
      { arguments: ['BINARY_STRING', 'BINARY_STRING'], result: 'BOOLEAN' }],
    doc: 'Whether it ends so.',
    examples: [["ENDSWITH('hello', 'he')", 'BOOLEAN NOT NULL', 'FALSE']],
  },
  plain('LIKE', 'like', [TEXT, TEXT, TEXT], 'BOOLEAN',
    'Whether it matches a pattern of % and _; no escape character unless one is given (E-093).',
    ["'a_c' LIKE 'a$_%' ESCAPE '$'", 'BOOLEAN NOT NULL', 'TRUE'], { optional: 1 }),
  plain('ASCII', 'ascii', [TEXT], 'INT', 'The first byte, signed; 0 of an empty text.',
    ["ASCII('abc')", 'INT NOT NULL', '97']),
];

const CODED: readonly FunctionRow[] = [
  plain('CHR', 'chr', ['TO_BIGINT'], 'STRING', 'The character of the lowest byte.',
    ['CHR(353)', 'STRING', 'a'], { nullable: 'always' }),
  {
    name: 'HEX', kernel: 'hex_number', nulls: 'propagate',
    signatures: [
      { arguments: ['TO_BIGINT'], result: 'STRING' },
      { arguments: [TEXT], result: 'STRING', kernel: 'hex_text' },
    ],
    doc: 'Hex digits of an integer or of the bytes of a text.',
    examples: [["HEX('é')", 'STRING NOT NULL', 'C3A9']],
  },
  plain('BIN', 'bin', ['TO_BIGINT'], 'STRING', 'An integer in base 2.',
    ['BIN(10)', 'STRING NOT NULL', '1010']),
  plain('UNHEX', 'unhex', [TEXT], 'BYTES', 'Bytes of hex digits; NULL of other characters.',
    ["UNHEX('616263')", 'BYTES', 'abc'], { nullable: 'always' }),
  plain('TO_BASE64', 'to_base64', [TEXT], 'STRING', 'The bytes of a text in base 64.',
    ["TO_BASE64('hello')", 'STRING NOT NULL', 'aGVsbG8=']),
  alsoOfBytes(plain(
    'FROM_BASE64', 'from_base64', [TEXT], 'STRING', 'Base 64 as text; padding may be missing.',
    ["FROM_BASE64('aGVsbG8')", 'STRING NOT NULL', 'hello'],
  )),
  digest('MD5', 'MD5', 'CHAR_32', '900150983cd24fb0d6963f7d28e17f72'),
  digest('SHA1', 'SHA-1', 'CHAR_40', 'a9993e364706816aba3e25717850c26c9cd0d89d'),
  digest('SHA224', 'SHA-224', 'CHAR_56',
    '23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7'),
  digest('SHA256', 'SHA-256', 'CHAR_64',
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'),
  digest('SHA384', 'SHA-384', 'CHAR_96',
    'cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed'
    + '8086072ba1e7cc2358baeca134c825a7'),
  digest('SHA512', 'SHA-512', 'CHAR_128',
    'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a'
    + '2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f'),
  alsoOfBytes(plain('SHA2', 'sha2', [TEXT, 'TO_INT'], 'VARCHAR_128',
    'The SHA-2 digest of 224, 256, 384 or 512 bits.',
    ["SHA2('abc', 224)", 'VARCHAR(128) NOT NULL',
      '23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7'])),
];

const URLS: readonly FunctionRow[] = [
  plain('PARSE_URL', 'parse_url', [TEXT, TEXT, TEXT], 'STRING',
    'A part of a URL: HOST, PATH, QUERY, REF, PROTOCOL, FILE, AUTHORITY, USERINFO; a query key.',
    ["PARSE_URL('http://u@a.b/c?d=e#f', 'QUERY', 'd')", 'STRING', 'e'],
    { optional: 1, nullable: 'always' }),
  plain('URL_ENCODE', 'url_encode', [TEXT], 'STRING', 'A text in the form of URL parameters.',
    ["URL_ENCODE('a b&é')", 'STRING', 'a+b%26%C3%A9'], { nullable: 'always' }),
  plain('URL_DECODE', 'url_decode', [TEXT], 'STRING', 'What URL_ENCODE made, as text.',
    ["URL_DECODE('a+b%26')", 'STRING', 'a b&'], { nullable: 'always' }),
];

export const STRING: readonly FunctionRow[] = [
  ...CASES, ...PIECES, ...BUILT, ...SEARCHED, ...CODED, ...URLS,
];
