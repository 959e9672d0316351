/**
 * The form of a function's row. A row is data: from it come the binder's signature, the dispatch
 * of both engines, the docs page, and tests that run its examples on both engines.
 *
 * Several rows may share a name (`+` of numbers, `+` of timestamps): the first signature that
 * takes the arguments wins, rows in the order of spec/functions.ts.
 */

/**
 * What an argument may be. The names of families take a member of the family as it is. A name of
 * a concrete type takes whatever casts to it implicitly, and the binder inserts that cast.
 */
export type ArgumentFamily =
  | 'ANY' | 'COMPARABLE' | 'ORDERED' | 'NUMERIC' | 'EXACT_NUMERIC' | 'INTEGER_NUMERIC'
  | 'APPROXIMATE_NUMERIC' | 'DECIMAL' | 'CHARACTER_STRING' | 'BINARY_STRING' | 'BOOLEAN'
  | 'DATETIME' | 'DATE' | 'TIME' | 'TIMESTAMP' | 'TIMESTAMP_LTZ' | 'ANY_TIMESTAMP'
  | 'INTERVAL' | 'INTERVAL_YEAR_MONTH' | 'INTERVAL_DAY_TIME'
  | 'ROW' | 'ARRAY' | 'MAP' | 'MULTISET' | 'NULL'
  /** What has a text of its own: no bytes, nothing nested. */
  | 'PRINTED'
  /** Arrays whose elements have an order; that ARRAY_SORT takes; of texts. */
  | 'ARRAY_ORDERED' | 'ARRAY_SORTED' | 'ARRAY_TEXT'
  /** What casts implicitly to the first argument's element, or to its key. */
  | 'ELEMENT_OF_0' | 'KEY_OF_0'
  | ConcreteType;

/** Types an argument is cast to, and fixed result types. */
export type ConcreteType =
  | 'TO_BOOLEAN' | 'TO_TINYINT' | 'TO_SMALLINT' | 'TO_INT' | 'TO_BIGINT' | 'TO_FLOAT'
  | 'TO_DOUBLE' | 'TO_STRING' | 'TO_DATE' | 'TO_TIMESTAMP_3';

/**
 * How the result's type follows from the arguments; src/plan/bind/result-type.ts has one function
 * a name. `argument-0` is the type of the first argument; `common` the least common type of all.
 */
export type ResultStrategy =
  | 'BOOLEAN' | 'TINYINT' | 'SMALLINT' | 'INT' | 'BIGINT' | 'FLOAT' | 'DOUBLE' | 'STRING'
  | 'BYTES' | 'DATE' | 'TIME_0' | 'TIMESTAMP_3' | 'TIMESTAMP_LTZ_3' | 'INTERVAL_YEAR_MONTH'
  | 'INTERVAL_DAY_TIME' | 'ARRAY_STRING' | 'MAP_STRING'
  | 'argument-0' | 'argument-1' | 'argument-2' | 'common'
  /** The common type of the results of a CASE: arguments 1, 3, 5, ... and the last. */
  | 'case-branches'
  /** The common type, or for decimals the rule of E-071. */
  | 'decimal-plus' | 'decimal-times' | 'decimal-divide' | 'decimal-modulo'
  /** CEIL and FLOOR: a decimal loses its fraction. */
  | 'integral'
  /** The first of two is taken if it is never NULL, with its own type if it is a text. */
  | 'if-null'
  /** By the unit, a constant in front. */
  | 'extracted' | 'timestamp-add' | 'timestamp-diff' | 'interval-of-unit'
  /** TIMESTAMP_LTZ of the precision given as a constant, or of a pattern's fraction; at least 3. */
  | 'timestamp-ltz-number' | 'timestamp-ltz-text'
  /** VARCHAR of the length of one argument, or of the first two together. */
  | 'varchar-0' | 'varchar-2' | 'varchar-sum'
  /** CHAR of both lengths if both are CHAR, else VARCHAR. */
  | 'char-sum'
  | 'CHAR_36' | 'CHAR_32' | 'CHAR_40' | 'CHAR_56' | 'CHAR_64' | 'CHAR_96' | 'CHAR_128' | 'VARCHAR_128'
  /** Made of all arguments: a row of them; an array of their common type; a map of entries. */
  | 'row-of' | 'array-of-common' | 'map-of-entries'
  /** Of the first argument: its element or value, and its keys, values, entries as arrays. */
  | 'element-0' | 'keys-0' | 'values-0' | 'entries-0'
  /** The first argument's type, whose elements may be NULL where the second argument may. */
  | 'array-with-element'
  /** A map of the elements of two arrays. */
  | 'map-of-arrays'
  /** ROUND and TRUNCATE: a decimal takes the scale asked for. */
  | 'rounded' | 'truncated';

/**
 * When the result may be NULL. `arguments`: if any argument may, conditions of a CASE aside.
 * `any`: if any argument may, conditions included. `all`: if all arguments may. `first`: if the
 * first argument may. `element`: if the first argument or its element may.
 */
export type ResultNullability = 'arguments' | 'any' | 'always' | 'never' | 'all' | 'first'
  | 'element';

/**
 * What the binder casts the arguments to, beyond concrete types of the signature: nothing; all to
 * their least common type; all to the result's type; both to what they compare as (decimals keep
 * their scales; a string becomes the number, date or time beside it, but a test of equality
 * refuses numbers beside strings); a CASE's conditions to BOOLEAN and its branches to the result's type; numbers to
 * the result's type unless it is a decimal; operands of % to their wider type; keys and values of
 * a map to the result's.
 */
export type ParameterStrategy =
  | 'keep' | 'common' | 'result' | 'comparison' | 'equality' | 'case-branches' | 'arithmetic'
  | 'modulo' | 'map-entries';

export interface Signature {
  readonly arguments: readonly ArgumentFamily[];
  /** How many of the last arguments may be left out. */
  readonly optional?: number;
  /** Any number of further arguments of this family. */
  readonly rest?: ArgumentFamily;
  /** Default: keep. */
  readonly parameters?: ParameterStrategy;
  readonly result: ResultStrategy;
  /** Default: that of the row's `nulls` ('arguments' where they propagate, else 'always'). */
  readonly nullable?: ResultNullability;
  /** Where one name has several kernels. */
  readonly kernel?: string;
}

/** SQL text, the type of its result as Flink prints it, its value cast to STRING (NULL: null). */
export type FunctionExample = readonly [sql: string, type: string, value: string | null];

export interface FunctionRow {
  /** Upper case, or an operator's sign; `NEGATE` is unary minus. */
  readonly name: string;
  readonly aliases?: readonly string[];
  /** Name in both engines: src/expr/kernels and native/kernels, or a special form of the plan. */
  readonly kernel: string;
  readonly signatures: readonly Signature[];
  /** propagate: one NULL argument makes NULL, and the kernel never sees it. */
  readonly nulls: 'propagate' | 'custom';
  /** Default true. False for RAND, UUID, CURRENT_TIMESTAMP and kin: never folded. */
  readonly deterministic?: false;
  /** Whether the session zone matters: the binder puts it into the option `zone`. */
  readonly zone?: true;
  /** Arguments that name zones: where constant, they become options `zone_1`, `zone_2` by index. */
  readonly zoneArguments?: readonly number[];
  /**
   * The second argument is a pattern, compiled into the option `program` where it is constant.
   * `pairs`: the second and third are, into `list_program` and `pair_program`.
   * Where it (or a zone argument) is not, the kernel is `..._dynamic`, which for zones is not native.
   */
  readonly pattern?: 'regexp' | 'similar' | 'pairs';
  readonly doc: string;
  readonly examples: readonly FunctionExample[];
}
