/**
 * Finding an aggregate function by name and arguments. All knowledge about aggregates is in the
 * rows of spec/aggregates.ts; this reads them.
 */
import { AGGREGATES, type AggregateArgument, type AggregateRow } from '../../../spec/aggregates.js';
import type { ErrorContext } from '../../errors/error.js';
import { fail } from '../../errors/fail.js';
import { suggest } from '../../errors/suggest.js';
import {
  array, BIGINT, decimal, DOUBLE, multiset, notNull, typeToString, varchar,
  withNullable, withTimeAttribute, type DataType,
} from '../../types/data-type.js';
import { isCharacter, isDecimal, isNumeric, isTimestamp } from '../../types/merging.js';
import type { BoundArgument, ResolvedAggregate } from './signature.js';

/** Where the call stands; decides whether its result may be NULL. */
export interface AggregateCallSite {
  readonly distinct?: boolean;
  /** Whether there is a grouping key (or a window): every group has a row then. Default true. */
  readonly grouped?: boolean;
  /** Whether the call has a FILTER clause. */
  readonly filtered?: boolean;
}

/** What JSON_ARRAYAGG and JSON_OBJECTAGG return; no text is cut. */
const JSON_TEXT = notNull(varchar(2000));

const BY_NAME = new Map<string, AggregateRow>();
for (const row of AGGREGATES as readonly AggregateRow[]) {
  for (const name of [row.name, ...(row.aliases ?? [])]) BY_NAME.set(name, row);
}

/** Aggregates that Flink has and millrace has not yet. */
const UNSUPPORTED = new Set(['APPROX_COUNT_DISTINCT']);

/** Whether an aggregate of this name (any case) exists, in Flink if not here. */
export function isAggregate(name: string): boolean {
  return BY_NAME.has(name.toUpperCase()) || UNSUPPORTED.has(name.toUpperCase());
}

/**
 * Parameter and result types of an aggregate call; COUNT(*) has no arguments. Fails with MR2003
 * for an unknown name, MR2102 for one that is not supported, MR2006 for wrong arguments.
 */
export function resolveAggregate(
  name: string, args: readonly BoundArgument[], site: AggregateCallSite = {},
  context: ErrorContext = {},
): ResolvedAggregate {
  const upper = name.toUpperCase();
  const row = BY_NAME.get(upper);
  if (row === undefined) {
    if (UNSUPPORTED.has(upper)) fail('MR2102', { name: upper }, context);
    return fail('MR2003', { name, suggestion: suggest(name, BY_NAME.keys()) }, context);
  }
  const isCountStar = row.name === 'COUNT' && args.length === 0;
  const types = args.map((argument) => withTimeAttribute(argument.type));
  if (!isCountStar && !argumentsFit(row, types)) failArguments(row, types, context);
  const isDistinct = site.distinct === true && row.ignoresDistinct !== true;
  if (isDistinct && types.length > 0 && !isKeyable(types[0]!)) {
    fail('MR2102', { name: `${row.name}(DISTINCT ${typeToString(types[0]!)})` }, context);
  }
  const separator = row.separator === true ? args[row.arguments.length] : undefined;
  if (separator !== undefined && typeof separator.literal !== 'string') {
    failArguments(row, types, context);
  }
  return {
    function: row.name,
    parameterTypes: row.frequency === true ? types.map(countedType) : types,
    resultType: resultType(row, types, site),
    ...(separator === undefined ? {} : { options: { separator: separator.literal! } }),
  };
}

function argumentsFit(row: AggregateRow, types: readonly DataType[]): boolean {
  const extra = types.length - row.arguments.length;
  const { separator, frequency } = row;
  const isExtra = extra === 1 && (separator === true || frequency === true);
  if (extra !== 0 && !isExtra) return false;
  const last = frequency === true ? 'numeric' : 'string';
  return types.every((type, i) => fits(row.arguments[i] ?? last, type));
}

/** Values are counted as DOUBLE, their frequency is a BIGINT. */
function countedType(type: DataType, index: number): DataType {
  return withNullable(index === 0 ? DOUBLE : BIGINT, type.nullable);
}

function fits(argument: AggregateArgument, type: DataType): boolean {
  if (type.root === 'NULL') return argument === 'any';
  switch (argument) {
    case 'none':
      return false;
    case 'any':
    case 'value':
      return true;
    case 'numeric':
      return isNumeric(type);
    case 'string':
      return isCharacter(type);
    case 'comparable':
      return isComparable(type);
  }
}

function isComparable(type: DataType): boolean {
  if (isNumeric(type) || isCharacter(type) || isTimestamp(type)) return true;
  return type.root === 'BOOLEAN' || type.root === 'DATE' || type.root === 'TIME';
}

/** Types that may be a grouping key or a DISTINCT argument. */
function isKeyable(type: DataType): boolean {
  if (isComparable(type)) return true;
  return type.root.startsWith('INTERVAL') || type.root.endsWith('BINARY');
}

function resultType(
  row: AggregateRow, types: readonly DataType[], site: AggregateCallSite,
): DataType {
  if (row.result === 'count') return notNull(BIGINT);
  if (row.result === 'json') return JSON_TEXT;
  if (row.result === 'percentile') return withNullable(DOUBLE, true);
  const argument = types[0]!;
  if (row.result === 'multiset') return notNull(multiset(argument));
  // Not NULL in Flink even where no argument counts: such a NULL fails at a sink.
  if (row.result === 'array') return withNullable(array(argument), argument.nullable);
  const mayBeEmpty = site.grouped === false || site.filtered === true;
  const nullable = row.neverNull !== true && (argument.nullable || mayBeEmpty);
  if (row.result === 'double') return withNullable(DOUBLE, nullable);
  if (row.result === 'argument' || !isDecimal(argument)) return withNullable(argument, nullable);
  const scale = argument.scale ?? 0;
  return withNullable(decimal(38, row.result === 'sum' ? scale : Math.max(6, scale)), nullable);
}

function failArguments(
  row: AggregateRow, types: readonly DataType[], context: ErrorContext,
): never {
  const call = `${row.name}(${types.map((type) => `<${typeToString(type)}>`).join(', ')})`;
  const family = row.arguments.map((argument) => `<${argument.toUpperCase()}>`).join(', ') +
    (row.separator === true ? ' [, <TEXT CONSTANT>]' : '');
  return fail('MR2006', { call, signatures: `${row.name}(${family})` }, context);
}
