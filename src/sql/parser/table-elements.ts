/**
 * The parts of CREATE and ALTER TABLE: columns, watermarks, keys, distribution, LIKE, partitions.
 */
import type {
  ColumnDefinition, Distribution, Expression, LikeClause, LikeOption, PartitionEntry,
  PartitionSpecification, TableConstraint, TableElement, WatermarkDefinition,
} from '../ast/index.js';
import { errorOf } from '../../errors/index.js';
import type { Cursor } from './cursor.js';
import { nullableType } from './data-types.js';
import { expressionWithoutQuery } from './expressions.js';
import { stringLiteral } from './literals.js';
import {
  identifier, identifierList, optionalComment, qualifiedName, unsignedInteger,
} from './names.js';
import { primary } from './primaries.js';

/** (columns, watermark, constraints), or nothing: then empty. */
export function optionalTableElements(cursor: Cursor): readonly TableElement[] {
  const start = cursor.index;
  if (!cursor.at('(')) return [];
  const elements = cursor.parenthesized(tableElement);
  checkOneWatermark(cursor, elements);
  const names = elements.filter((element) => element.kind === 'column-name');
  if (names.length > 0 && names.length < elements.length) {
    const context = { ...cursor.context(start), position: names[0]?.position };
    throw errorOf('MR1023', { clause: 'column without a type' }, context);
  }
  return elements;
}

/** A table has at most one watermark. */
export function checkOneWatermark(
  cursor: Cursor, elements: readonly { readonly kind: string }[],
): void {
  const [, second] = elements.filter((element) => element.kind === 'watermark');
  if (second === undefined) return;
  const { position } = second as WatermarkDefinition;
  throw errorOf('MR1014', {}, { source: cursor.tokens.source, position });
}

function tableElement(cursor: Cursor): TableElement {
  if (cursor.at('WATERMARK')) return watermark(cursor);
  if (atConstraint(cursor)) return tableConstraint(cursor);
  const start = cursor.index;
  const next = cursor.word(1);
  if (next === ',' || next === ')') {
    const name = identifier(cursor);
    return { kind: 'column-name', name, position: cursor.from(start) };
  }
  return columnDefinition(cursor);
}

/** Whether PRIMARY KEY, UNIQUE or CONSTRAINT is next. */
export function atConstraint(cursor: Cursor): boolean {
  return cursor.at('PRIMARY') || cursor.at('UNIQUE') || cursor.at('CONSTRAINT');
}

/** A physical, metadata or computed column. */
export function columnDefinition(cursor: Cursor): ColumnDefinition {
  const start = cursor.index;
  const name = identifier(cursor);
  if (cursor.accept('AS')) {
    const expression = expressionWithoutQuery(cursor);
    const comment = optionalComment(cursor);
    return {
      kind: 'computed-column', name, expression, position: cursor.from(start),
      ...(comment === undefined ? {} : { comment }),
    };
  }
  const type = nullableType(cursor);
  if (cursor.accept('METADATA')) {
    const key = cursor.accept('FROM') ? stringLiteral(cursor) : undefined;
    const virtual = cursor.accept('VIRTUAL');
    const comment = optionalComment(cursor);
    return {
      kind: 'metadata-column', name, type, virtual, position: cursor.from(start),
      ...(key === undefined ? {} : { key }),
      ...(comment === undefined ? {} : { comment }),
    };
  }
  const constraint = atConstraint(cursor) ? columnConstraint(cursor, [name]) : undefined;
  const comment = optionalComment(cursor);
  return {
    kind: 'physical-column', name, type, position: cursor.from(start),
    ...(constraint === undefined ? {} : { constraint }),
    ...(comment === undefined ? {} : { comment }),
  };
}

/** WATERMARK FOR column AS expression. */
export function watermark(cursor: Cursor): WatermarkDefinition {
  const start = cursor.index;
  cursor.expect('WATERMARK', 'FOR');
  const column = qualifiedName(cursor);
  cursor.expect('AS');
  const strategy = expressionWithoutQuery(cursor);
  return { kind: 'watermark', column, strategy, position: cursor.from(start) };
}

/** [CONSTRAINT name] PRIMARY KEY | UNIQUE (columns) [[NOT] ENFORCED]. */
export function tableConstraint(cursor: Cursor): TableConstraint {
  return columnConstraint(cursor, undefined);
}

/** A constraint on the given columns, or on those that follow in parentheses. */
function columnConstraint(
  cursor: Cursor, given: TableConstraint['columns'] | undefined,
): TableConstraint {
  const start = cursor.index;
  const name = cursor.accept('CONSTRAINT') ? identifier(cursor) : undefined;
  const constraint = cursor.expectOneOf('PRIMARY', 'UNIQUE') === 'UNIQUE'
    ? 'unique' : 'primary-key';
  if (constraint === 'primary-key') cursor.expect('KEY');
  const columns = given ?? identifierList(cursor);
  const enforced = enforcement(cursor);
  return {
    kind: 'table-constraint', constraint, columns, position: cursor.from(start),
    ...(name === undefined ? {} : { name }),
    ...(enforced === undefined ? {} : { enforced }),
  };
}

function enforcement(cursor: Cursor): boolean | undefined {
  if (cursor.accept('ENFORCED')) return true;
  return cursor.acceptAll('NOT', 'ENFORCED') ? false : undefined;
}

/** [BY [HASH | RANGE] (columns)] [INTO n BUCKETS], behind DISTRIBUTED or DISTRIBUTION. */
export function distribution(cursor: Cursor): Distribution {
  const start = cursor.index - 1;
  let method: 'HASH' | 'RANGE' | undefined;
  let columns: Distribution['columns'] = [];
  const by = cursor.accept('BY');
  if (by) {
    method = cursor.acceptOneOf('HASH', 'RANGE');
    columns = identifierList(cursor);
  }
  let buckets: number | undefined;
  if (by ? cursor.accept('INTO') : (cursor.expect('INTO'), true)) {
    buckets = unsignedInteger(cursor);
    cursor.expect('BUCKETS');
  }
  return {
    kind: 'distribution', columns, position: cursor.from(start),
    ...(method === undefined ? {} : { method: method === 'HASH' ? 'hash' : 'range' }),
    ...(buckets === undefined ? {} : { buckets }),
  };
}

/** LIKE table [(options)]; LIKE has been read. */
export function likeClause(cursor: Cursor): LikeClause {
  const start = cursor.index - 1;
  const table = qualifiedName(cursor);
  const options: LikeOption[] = [];
  if (cursor.accept('(')) {
    do options.push(likeOption(cursor)); while (!cursor.at(')'));
    cursor.expect(')');
  }
  return { kind: 'like-clause', table, options, position: cursor.from(start) };
}

function likeOption(cursor: Cursor): LikeOption {
  const start = cursor.index;
  const strategy = cursor.expectOneOf('INCLUDING', 'EXCLUDING', 'OVERWRITING');
  const feature = cursor.expectOneOf(
    'ALL', 'CONSTRAINTS', 'DISTRIBUTION', 'GENERATED', 'METADATA', 'OPTIONS', 'PARTITIONS',
    'WATERMARKS');
  return {
    kind: 'like-option', position: cursor.from(start),
    strategy: strategy.toLowerCase() as Lowercase<typeof strategy>,
    feature: feature.toLowerCase() as Lowercase<typeof feature>,
  };
}

/** (a = 1, b = 'x'); with `optionalValues` also a alone. PARTITION has been read. */
export function partition(cursor: Cursor, optionalValues = false): PartitionSpecification {
  const start = cursor.index - 1;
  const entries = cursor.parenthesized((inner) => partitionEntry(inner, optionalValues));
  return { kind: 'partition', entries, position: cursor.from(start) };
}

/** PARTITION (a = 1), or nothing. */
export function optionalPartition(
  cursor: Cursor, optionalValues = false,
): PartitionSpecification | undefined {
  return cursor.accept('PARTITION') ? partition(cursor, optionalValues) : undefined;
}

function partitionEntry(cursor: Cursor, optionalValue: boolean): PartitionEntry {
  const start = cursor.index;
  const column = identifier(cursor);
  if (optionalValue && !cursor.at('=')) {
    return { kind: 'partition-entry', column, position: cursor.from(start) };
  }
  cursor.expect('=');
  const value = partitionValue(cursor);
  return { kind: 'partition-entry', column, value, position: cursor.from(start) };
}

const literalKinds: ReadonlySet<string> = new Set([
  'null-literal', 'boolean-literal', 'number-literal', 'string-literal', 'binary-literal',
  'datetime-literal', 'interval-literal',
]);

/** A literal, with a sign if it is a number. */
function partitionValue(cursor: Cursor): Expression {
  const start = cursor.index;
  const operator = cursor.acceptOneOf('-', '+');
  const operand = primary(cursor);
  if (!literalKinds.has(operand.kind)) {
    cursor.index = start;
    cursor.unexpected('a literal');
  }
  return operator === undefined ? operand
    : { kind: 'unary-operation', operator, operand, position: cursor.from(start) };
}
