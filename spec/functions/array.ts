/** ARRAY_* functions. Answers of Flink 2.3. */
import type { ArgumentFamily, FunctionExample, FunctionRow, Signature } from './row.js';

type More = Partial<Signature> & { readonly nulls?: 'custom' };

function array(
  name: string, args: readonly ArgumentFamily[], doc: string, example: FunctionExample,
  { nulls, ...more }: More = {},
): FunctionRow {
  return {
    name, kernel: name.toLowerCase(), nulls: nulls ?? 'propagate', doc, examples: [example],
    signatures: [{ arguments: args, result: 'argument-0', ...more }],
  };
}

const SET: More = { parameters: 'common', result: 'common' };
const INTS = 'ARRAY<INT NOT NULL> NOT NULL';

export const ARRAY: readonly FunctionRow[] = [
  array('ARRAY_CONTAINS', ['ARRAY', 'ELEMENT_OF_0'], 'Whether the array has such an element.',
    ['ARRAY_CONTAINS(ARRAY[1, 2], 2)', 'BOOLEAN NOT NULL', 'TRUE'],
    { result: 'BOOLEAN', nullable: 'first', nulls: 'custom' }),
  array('ARRAY_POSITION', ['ARRAY', 'ELEMENT_OF_0'],
    'Where the first such element stands, from 1; 0 where it does not.',
    ['ARRAY_POSITION(ARRAY[5, 6], 6)', 'INT NOT NULL', '2'], { result: 'INT' }),
  array('ARRAY_APPEND', ['ARRAY', 'ELEMENT_OF_0'], 'The array with one element more behind.',
    ['ARRAY_APPEND(ARRAY[1, 2], 3)', INTS, '[1, 2, 3]'],
    { result: 'array-with-element', nullable: 'arguments', nulls: 'custom' }),
  array('ARRAY_PREPEND', ['ARRAY', 'ELEMENT_OF_0'], 'The array with one element more in front.',
    ['ARRAY_PREPEND(ARRAY[1, 2], 3)', INTS, '[3, 1, 2]'],
    { result: 'array-with-element', nullable: 'arguments', nulls: 'custom' }),
  array('ARRAY_CONCAT', ['ARRAY'], 'The elements of all arrays.',
    ['ARRAY_CONCAT(ARRAY[1], ARRAY[2, 3])', INTS, '[1, 2, 3]'], { ...SET, rest: 'ARRAY' }),
  array('ARRAY_REMOVE', ['ARRAY', 'ELEMENT_OF_0'], 'The array without such elements.',
    ['ARRAY_REMOVE(ARRAY[1, 2, 1], 1)', INTS, '[2]'], { nullable: 'first', nulls: 'custom' }),
  array('ARRAY_REVERSE', ['ARRAY'], 'The elements in reverse.',
    ['ARRAY_REVERSE(ARRAY[1, 2])', INTS, '[2, 1]']),
  array('ARRAY_DISTINCT', ['ARRAY'], 'The elements, each once.',
    ['ARRAY_DISTINCT(ARRAY[1, 2, 1])', INTS, '[1, 2]']),
  array('ARRAY_UNION', ['ARRAY', 'ARRAY'], 'The elements of both arrays, each once.',
    ['ARRAY_UNION(ARRAY[1, 2], ARRAY[2, 3])', INTS, '[1, 2, 3]'], SET),
  array('ARRAY_EXCEPT', ['ARRAY', 'ARRAY'],
    'The elements of the first array that the second has not, each once.',
    ['ARRAY_EXCEPT(ARRAY[1, 2], ARRAY[2])', INTS, '[1]'], SET),
  array('ARRAY_INTERSECT', ['ARRAY', 'ARRAY'], 'The elements that both arrays have, each once.',
    ['ARRAY_INTERSECT(ARRAY[1, 2], ARRAY[2, 3])', INTS, '[2]'], SET),
  array('ARRAY_MAX', ['ARRAY_ORDERED'], 'The largest element, NULLs left out.',
    ['ARRAY_MAX(ARRAY[1, 5, NULL])', 'INT', '5'], { result: 'element-0', nullable: 'always' }),
  array('ARRAY_MIN', ['ARRAY_ORDERED'], 'The smallest element, NULLs left out.',
    ['ARRAY_MIN(ARRAY[1, 5, NULL])', 'INT', '1'], { result: 'element-0', nullable: 'always' }),
  array('ARRAY_SLICE', ['ARRAY', 'TO_INT', 'TO_INT'],
    'The elements from one position to another, from 1; negative ones count from the end.',
    ['ARRAY_SLICE(ARRAY[1, 2, 3, 4], -3, -2)', INTS, '[2, 3]'], { optional: 1 }),
  array('ARRAY_SORT', ['ARRAY_SORTED', 'BOOLEAN', 'BOOLEAN'],
    'The elements in order, rising unless told otherwise, NULLs as in ORDER BY.',
    ['ARRAY_SORT(ARRAY[2, 1], FALSE)', INTS, '[2, 1]'], { optional: 2 }),
  array('ARRAY_JOIN', ['ARRAY_TEXT', 'CHARACTER_STRING', 'CHARACTER_STRING'],
    'The texts with a separator between them; NULLs left out, or replaced by a text.',
    ["ARRAY_JOIN(ARRAY['a', 'b'], '+')", 'STRING NOT NULL', 'a+b'],
    { result: 'STRING', optional: 1 }),
];
