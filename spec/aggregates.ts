/**
 * The aggregate functions, one row each. From a row come the binder's signature, both engines'
 * dispatch and state columns, the docs page, and tests that run its examples on both engines.
 */

/** What the argument may be; `any` also lets COUNT take any type, `value` is any but NULL. */
export type AggregateArgument = 'none' | 'any' | 'value' | 'comparable' | 'numeric' | 'string';

/**
 * How the result's type follows from the argument's: BIGINT NOT NULL; the argument's type; that of
 * SUM (DECIMAL(38, s) for decimals); that of AVG (DECIMAL(38, max(6, s)) for decimals); ARRAY and
 * MULTISET of the argument; VARCHAR(2000) NOT NULL for JSON; DOUBLE that may be NULL for percentiles.
 */
export type AggregateResult =
  | 'count' | 'argument' | 'sum' | 'average' | 'double' | 'array' | 'multiset' | 'json'
  | 'percentile';

/**
 * The columns an aggregate keeps for each group, in this order, when rows are only added and when
 * they may be taken back. `sum` is of the sum's type (of AVG's accumulator for `average`),
 * `value` of the argument's, counts are BIGINT, `mean` and `m2` DOUBLE.
 */
export type StateColumn = 'count' | 'sum' | 'wide_sum' | 'value' | 'size' | 'mean' | 'm2' | 'text';

export interface AggregateRow {
  /** Upper case. */
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly arguments: readonly AggregateArgument[];
  /** A constant text behind the arguments, if it is written: the option `separator`. */
  readonly separator?: true;
  /** A number behind the arguments, if it is written: how often each counts. */
  readonly frequency?: true;
  readonly result: AggregateResult;
  /** Never NULL, even over no rows. */
  readonly neverNull?: true;
  readonly state: readonly StateColumn[];
  /** State where rows may be taken back; null: this aggregate cannot take rows back. */
  readonly retractState: readonly StateColumn[] | null;
  /** Made of others by the planner (src/plan/optimize/reduce-aggregates.ts); no engine sees it. */
  readonly reduced?: true;
  /** With DISTINCT it gives the same result as without. */
  readonly ignoresDistinct?: true;
  /**
   * An aggregation with it has one phase: what it keeps does not merge, or not where rows of
   * another bundle are taken back.
   */
  readonly onePhase?: 'always' | 'retracting';
  readonly doc: string;
  /** SQL over (VALUES (1, 'a', 2.5), (3, 'b', NULL), (NULL, 'c', 0.5)) AS t (i, s, d); result. */
  readonly examples: readonly (readonly [sql: string, value: string | null])[];
}

export const AGGREGATES = [
  {
    name: 'COUNT', arguments: ['any'], result: 'count', neverNull: true,
    state: ['count'], retractState: ['count'],
    doc: 'Number of rows whose argument is not NULL; of all rows for COUNT(*).',
    examples: [['COUNT(*)', '3'], ['COUNT(i)', '2'], ['COUNT(DISTINCT i)', '2']],
  },
  {
    name: 'SUM', arguments: ['numeric'], result: 'sum',
    state: ['sum'], retractState: ['sum', 'count'],
    doc: 'Sum of the arguments that are not NULL. Integers wrap; a decimal that overflows is NULL.',
    examples: [['SUM(i)', '4'], ['SUM(d)', '3.0']],
  },
  {
    name: '$SUM0', arguments: ['numeric'], result: 'sum', neverNull: true,
    state: ['sum'], retractState: ['sum'],
    doc: 'SUM that is 0 over no rows. Made by the planner.',
    examples: [],
  },
  {
    name: 'AVG', arguments: ['numeric'], result: 'average',
    state: ['wide_sum', 'count'], retractState: ['wide_sum', 'count'],
    doc: 'Mean of the arguments that are not NULL, in the type of the argument: integers truncate.',
    examples: [['AVG(i)', '2'], ['AVG(d)', '1.500000']],
  },
  {
    name: 'MIN', arguments: ['comparable'], result: 'argument', ignoresDistinct: true,
    state: ['value'], retractState: ['value', 'size'],
    doc: 'Least argument that is not NULL.',
    examples: [['MIN(i)', '1'], ['MIN(s)', 'a']],
  },
  {
    name: 'MAX', arguments: ['comparable'], result: 'argument', ignoresDistinct: true,
    state: ['value'], retractState: ['value', 'size'],
    doc: 'Greatest argument that is not NULL.',
    examples: [['MAX(i)', '3'], ['MAX(s)', 'c']],
  },
  {
    name: 'FIRST_VALUE', arguments: ['value'], result: 'argument', ignoresDistinct: true,
    state: ['value'], retractState: [],
    onePhase: 'always',
    doc: 'The argument that arrived first, NULLs left out.',
    examples: [['FIRST_VALUE(i)', '1']],
  },
  {
    name: 'LAST_VALUE', arguments: ['value'], result: 'argument',
    state: ['value'], retractState: [],
    onePhase: 'always',
    doc: 'The argument that arrived last, NULLs left out.',
    examples: [['LAST_VALUE(i)', '3'], ['LAST_VALUE(ROW(i, s))', '(NULL, c)']],
  },
  {
    name: 'LISTAGG', arguments: ['string'], separator: true, result: 'argument',
    state: [], retractState: [],
    onePhase: 'retracting',
    doc: 'The texts that are not NULL, in the order of their arrival, with a separator (a comma) ' +
      'between them.',
    examples: [['LISTAGG(s)', 'a,b,c'], ["LISTAGG(s, ' + ')", 'a + b + c']],
  },
  {
    name: 'COLLECT', arguments: ['value'], result: 'multiset', neverNull: true,
    state: [], retractState: [],
    doc: 'The multiset of the arguments that are not NULL.',
    examples: [['COLLECT(i)', '{1=1, 3=1}'], ['COLLECT(DISTINCT s)', '{a=1, b=1, c=1}']],
  },
  {
    name: 'ARRAY_AGG', arguments: ['value'], result: 'array',
    state: [], retractState: [],
    onePhase: 'retracting',
    doc: 'The arguments in the order of their arrival, NULLs too unless IGNORE NULLS is written. ' +
      'NULL over no arguments.',
    examples: [['ARRAY_AGG(i)', '[1, 3, NULL]'], ['ARRAY_AGG(i) IGNORE NULLS', '[1, 3]']],
  },
  {
    name: 'JSON_ARRAYAGG', arguments: ['string'], result: 'json', neverNull: true,
    state: [], retractState: [],
    onePhase: 'always',
    doc: 'A JSON array of the arguments in the order of their arrival, with or, by default, ' +
      'without (ABSENT ON NULL) those that are NULL.',
    examples: [['JSON_ARRAYAGG(i)', '[1,3]'], ['JSON_ARRAYAGG(s NULL ON NULL)', '["a","b","c"]']],
  },
  {
    name: 'JSON_OBJECTAGG', arguments: ['string', 'string'], result: 'json', neverNull: true,
    state: [], retractState: [],
    onePhase: 'retracting',
    doc: 'A JSON object of keys and values, sorted by key. A key that comes twice or is NULL is ' +
      'an error.',
    examples: [
      ['JSON_OBJECTAGG(KEY s VALUE i)', '{"a":1,"b":3,"c":null}'],
      ['JSON_OBJECTAGG(KEY s VALUE i ABSENT ON NULL)', '{"a":1,"b":3}'],
    ],
  },
  {
    name: 'SINGLE_VALUE', arguments: ['value'], result: 'argument',
    state: [], retractState: [],
    onePhase: 'always',
    doc: 'The one argument there is, NULL too; a second one is an error. It stands for sub-queries ' +
      'that are values.',
    examples: [['SINGLE_VALUE(i) FILTER (WHERE i = 3)', '3']],
  },
  {
    name: 'PERCENTILE', arguments: ['numeric'], frequency: true, result: 'percentile',
    state: [], retractState: [],
    doc: 'The value below which the given share, a constant from 0 to 1, of the arguments lies, ' +
      'interpolated between the two next to it; an ARRAY of shares gives an ARRAY. A third ' +
      'argument says how often each value counts.',
    examples: [['PERCENTILE(i, 0.5)', '2.0'], ['PERCENTILE(i, ARRAY[0.25, 1])', '[1.5, 3.0]']],
  },
  {
    name: '$WELFORD_M2$1', arguments: ['numeric'], result: 'double',
    state: ['count', 'mean', 'm2'], retractState: ['count', 'mean', 'm2'],
    doc: 'Sum of the squares of the distances to the mean (Welford). Made by the planner.',
    examples: [],
  },
  {
    name: 'STDDEV_POP', arguments: ['numeric'], result: 'average', reduced: true,
    state: [], retractState: [],
    doc: 'Standard deviation of all arguments, in the type of AVG.',
    examples: [['STDDEV_POP(i)', '1']],
  },
  {
    name: 'STDDEV_SAMP', aliases: ['STDDEV'], arguments: ['numeric'], result: 'average',
    reduced: true, state: [], retractState: [],
    doc: 'Standard deviation of a sample; NULL over one row.',
    examples: [['STDDEV_SAMP(i)', '1']],
  },
  {
    name: 'VAR_POP', arguments: ['numeric'], result: 'average', reduced: true,
    state: [], retractState: [],
    doc: 'Variance of all arguments, in the type of AVG.',
    examples: [['VAR_POP(i)', '1'], ['VAR_POP(d)', '1.000000']],
  },
  {
    name: 'VAR_SAMP', aliases: ['VARIANCE'], arguments: ['numeric'], result: 'average',
    reduced: true, state: [], retractState: [],
    doc: 'Variance of a sample; NULL over one row.',
    examples: [['VAR_SAMP(i)', '2']],
  },
] as const satisfies readonly AggregateRow[];

export type AggregateName = (typeof AGGREGATES)[number]['name'];
