/**
 * JSON: tests and paths. Paths are compiled by the planner into the option `path`; what is written
 * behind them (ON EMPTY, ON ERROR, wrappers) comes as options too. Answers of Flink 2.3.
 */
import type { FunctionExample, FunctionRow } from './row.js';

const TEXT = 'CHARACTER_STRING';

function isJson(kind: string, doc: string, example: FunctionExample): FunctionRow {
  return {
    name: `IS JSON ${kind}`, kernel: `is_json_${kind.toLowerCase()}`, nulls: 'custom', doc,
    signatures: [{ arguments: [TEXT], result: 'BOOLEAN', nullable: 'never' }],
    examples: [example],
  };
}

export const JSON_READ: readonly FunctionRow[] = [
  isJson('VALUE', 'Whether the text starts with a JSON value. Written IS JSON as well.',
    ["'[1' IS JSON", 'BOOLEAN NOT NULL', 'FALSE']),
  isJson('OBJECT', 'Whether the text starts with a JSON object.',
    ["'{}' IS JSON OBJECT", 'BOOLEAN NOT NULL', 'TRUE']),
  isJson('ARRAY', 'Whether the text starts with a JSON array.',
    ["'{}' IS NOT JSON ARRAY", 'BOOLEAN NOT NULL', 'TRUE']),
  isJson('SCALAR', 'Whether the text starts with a JSON value that is no object and no array.',
    ["'1' IS JSON SCALAR", 'BOOLEAN NOT NULL', 'TRUE']),
  {
    name: 'JSON_EXISTS', kernel: 'json_exists', nulls: 'propagate',
    signatures: [{ arguments: [TEXT], result: 'BOOLEAN', nullable: 'always' }],
    doc: 'Whether a path leads to a value other than null. Paths are strict unless they say lax.',
    examples: [["JSON_EXISTS('{\"a\": [1]}', 'lax $.a[0]')", 'BOOLEAN', 'TRUE']],
  },
  {
    name: 'JSON_VALUE', kernel: 'json_value', nulls: 'custom',
    signatures: [{ arguments: [TEXT, 'ANY', 'ANY'], result: 'STRING', nullable: 'always' }],
    doc: 'The scalar a path leads to, as STRING or RETURNING BOOLEAN, INTEGER or DOUBLE.',
    examples: [
      ["JSON_VALUE('{\"a\": 1.50}', '$.a')", 'STRING', '1.50'],
      ["JSON_VALUE('{\"a\": 1}', 'lax $.b' RETURNING INT DEFAULT 5 ON EMPTY)", 'INT', '5'],
    ],
  },
  {
    name: 'JSON_QUERY', kernel: 'json_query', nulls: 'propagate',
    signatures: [
      { arguments: [TEXT], result: 'STRING', nullable: 'always' },
      { arguments: [TEXT, 'ANY'], result: 'ARRAY_STRING', nullable: 'always',
        kernel: 'json_query_array' },
    ],
    doc: 'The object or array a path leads to, as JSON text or RETURNING ARRAY<STRING>.',
    examples: [
      ["JSON_QUERY('{\"b\": [1, 2], \"a\": 0}', '$.b')", 'STRING', '[1,2]'],
      ["JSON_QUERY('[1, \"a\"]', '$' RETURNING ARRAY<STRING>)", 'ARRAY<STRING>', '[1, a]'],
    ],
  },
];

export const JSON_BUILD: readonly FunctionRow[] = [
  {
    name: 'JSON_STRING', kernel: 'json_string', nulls: 'custom',
    signatures: [{ arguments: ['ANY'], result: 'STRING', nullable: 'arguments' }],
    doc: 'A value as JSON text. Members are sorted by name.',
    examples: [["JSON_STRING(MAP['b', 1, 'a', 2])", 'STRING NOT NULL', '{"a":2,"b":1}']],
  },
  {
    name: 'JSON_OBJECT', kernel: 'json_object', nulls: 'custom',
    signatures: [{
      arguments: [TEXT, 'ANY'], optional: 2, rest: 'ANY', result: 'STRING', nullable: 'never',
    }],
    doc: 'A JSON object of keys and values, sorted by key: JSON_OBJECT(KEY k VALUE v).',
    examples: [
      ["JSON_OBJECT('b' VALUE 1, 'a' VALUE 'x')", 'STRING NOT NULL', '{"a":"x","b":1}'],
    ],
  },
  {
    name: 'JSON_ARRAY', kernel: 'json_array', nulls: 'custom',
    signatures: [{
      arguments: ['ANY'], optional: 1, rest: 'ANY', result: 'STRING', nullable: 'never',
    }],
    doc: 'A JSON array of values; NULLs are left out unless it says NULL ON NULL.',
    examples: [["JSON_ARRAY(1, 'a', JSON('{}'))", 'STRING NOT NULL', '[1,"a",{}]']],
  },
  {
    name: 'JSON_QUOTE', kernel: 'json_quote', nulls: 'propagate',
    signatures: [{ arguments: [TEXT], result: 'STRING' }],
    doc: 'The text as a JSON string of ASCII characters.',
    examples: [["JSON_QUOTE('é/')", 'STRING NOT NULL', '"\\u00e9\\/"']],
  },
  {
    name: 'JSON_UNQUOTE', kernel: 'json_unquote', nulls: 'propagate',
    signatures: [{ arguments: [TEXT], result: 'STRING' }],
    doc: 'The text of a JSON string; any other text as it is.',
    examples: [["JSON_UNQUOTE('\"\\u0041\"')", 'STRING NOT NULL', 'A']],
  },
];
