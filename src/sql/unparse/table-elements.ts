/**
 * Columns, watermarks, keys, distribution, LIKE and partitions as SQL text.
 */
import type {
  Distribution, LikeClause, PartitionSpecification, TableConstraint, TableElement,
} from '../ast/index.js';
import { dataTypeText } from './data-types.js';
import { expressionText } from './expressions.js';
import { commentText, identifierText, nameText, optionalNames, stringText } from './names.js';

/** One element of CREATE TABLE. */
export function elementText(element: TableElement): string {
  switch (element.kind) {
    case 'column-name': return identifierText(element.name);
    case 'watermark':
      return `WATERMARK FOR ${nameText(element.column)} AS ${expressionText(element.strategy)}`;
    case 'table-constraint': return constraintText(element, true);
    case 'computed-column': {
      const expression = expressionText(element.expression);
      return `${identifierText(element.name)} AS ${expression}${commentText(element.comment)}`;
    }
    case 'metadata-column': {
      const key = element.key === undefined ? '' : ` FROM ${stringText(element.key)}`;
      const virtual = element.virtual ? ' VIRTUAL' : '';
      const column = `${identifierText(element.name)} ${dataTypeText(element.type)} METADATA`;
      return `${column}${key}${virtual}${commentText(element.comment)}`;
    }
    case 'physical-column': {
      const constraint = element.constraint === undefined ? ''
        : ` ${constraintText(element.constraint, false)}`;
      const column = `${identifierText(element.name)} ${dataTypeText(element.type)}`;
      return `${column}${constraint}${commentText(element.comment)}`;
    }
  }
}

/** (elements) behind a blank, or nothing if empty. */
export function elementsText(elements: readonly TableElement[]): string {
  return elements.length === 0 ? '' : ` (${elements.map(elementText).join(', ')})`;
}

/** [CONSTRAINT name] PRIMARY KEY [(columns)] [NOT ENFORCED] */
function constraintText(constraint: TableConstraint, withColumns: boolean): string {
  const name = constraint.name === undefined ? ''
    : `CONSTRAINT ${identifierText(constraint.name)} `;
  const word = constraint.constraint === 'unique' ? 'UNIQUE' : 'PRIMARY KEY';
  const columns = withColumns ? optionalNames(constraint.columns) : '';
  const enforced = constraint.enforced === undefined ? ''
    : constraint.enforced ? ' ENFORCED' : ' NOT ENFORCED';
  return `${name}${word}${columns}${enforced}`;
}

/** BY HASH (a) INTO 4 BUCKETS, behind a blank */
export function distributionText({ method, columns, buckets }: Distribution): string {
  const word = method === undefined ? '' : ` ${method.toUpperCase()}`;
  const by = columns.length === 0 ? '' : ` BY${word}${optionalNames(columns)}`;
  return by + (buckets === undefined ? '' : ` INTO ${buckets} BUCKETS`);
}

/** LIKE table (options) */
export function likeText({ table, options }: LikeClause): string {
  const list = options.map(({ strategy, feature }) =>
    `${strategy.toUpperCase()} ${feature.toUpperCase()}`);
  return `LIKE ${nameText(table)}${list.length === 0 ? '' : ` (${list.join(' ')})`}`;
}

/** PARTITION (a = 1) */
export function partitionText({ entries }: PartitionSpecification): string {
  const list = entries.map(({ column, value }) => {
    const name = identifierText(column);
    return value === undefined ? name : `${name} = ${expressionText(value)}`;
  });
  return `PARTITION (${list.join(', ')})`;
}
