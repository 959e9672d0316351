/**
 * Every scalar function and operator, one row each, a file a family. The form of a row and what
 * comes from it: spec/functions/row.ts.
 */
import { ARITHMETIC } from './functions/arithmetic.js';
import { ARRAY } from './functions/array.js';
import { CAST } from './functions/cast.js';
import { CHARSET } from './functions/charset.js';
import { COMPARISON } from './functions/comparison.js';
import { CONDITIONAL } from './functions/conditional.js';
import { HASH_CODE } from './functions/hash-code.js';
import { INET } from './functions/inet.js';
import { JSON_BUILD, JSON_READ } from './functions/json.js';
import { LOGIC } from './functions/logic.js';
import { MATH } from './functions/math.js';
import { NESTED } from './functions/nested.js';
import { PRINTF } from './functions/printf.js';
import { RANDOM } from './functions/random.js';
import { REGEXP } from './functions/regexp.js';
import type { FunctionRow } from './functions/row.js';
import { SPLIT } from './functions/split.js';
import { STRING } from './functions/string.js';
import { TEMPORAL } from './functions/temporal.js';

export type {
  ArgumentFamily, ConcreteType, FunctionExample, FunctionRow, ParameterStrategy,
  ResultNullability, ResultStrategy, Signature,
} from './functions/row.js';

/** The families by name: the stem of their kernels' files. */
export const FUNCTION_FAMILIES = {
  arithmetic: ARITHMETIC,
  comparison: COMPARISON,
  logic: LOGIC,
  math: MATH,
  cast: CAST,
  conditional: CONDITIONAL,
  string: STRING,
  regexp: REGEXP,
  temporal: TEMPORAL,
  nested: NESTED,
  array: ARRAY,
  json: JSON_READ,
  'json-build': JSON_BUILD,
  inet: INET,
  random: RANDOM,
  charset: CHARSET,
  'hash-code': HASH_CODE,
  split: SPLIT,
  printf: PRINTF,
} as const satisfies Readonly<Record<string, readonly FunctionRow[]>>;

/** All rows, in the order in which signatures are tried. */
export const FUNCTIONS: readonly FunctionRow[] = Object.values(FUNCTION_FAMILIES).flat();

/** Evaluated by the evaluators themselves, lazily; never a kernel. */
export const SPECIAL_FORMS: readonly string[] = ['and', 'or', 'case', 'coalesce', 'field'];
