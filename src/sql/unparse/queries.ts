/**
 * Queries as SQL text, on one line.
 */
import type {
  FrameBound, GroupBy, GroupingItem, Hint, NamedWindow, OrderItem, Query, QueryBody, Select,
  SelectItem, WindowSpecification,
} from '../ast/index.js';
import { expressionList, expressionText } from './expressions.js';
import { identifierText, isPlainName, nameText, optionalNames, quote, words } from './names.js';
import { tableText } from './tables.js';

/** A query without parentheses around it. */
export function queryText(query: Query): string {
  const parts: string[] = [];
  if (query.with.length > 0) {
    const tables = query.with.map(({ name, columns, query: inner }) =>
      `${identifierText(name)}${optionalNames(columns)} AS (${queryText(inner)})`);
    parts.push(`WITH ${query.recursive ? 'RECURSIVE ' : ''}${tables.join(', ')}`);
  }
  parts.push(bodyText(query.body));
  if (query.orderBy.length > 0) parts.push(orderText(query.orderBy));
  if (query.limit !== undefined) parts.push(`LIMIT ${expressionText(query.limit)}`);
  if (query.offset !== undefined) parts.push(`OFFSET ${expressionText(query.offset)} ROWS`);
  return parts.join(' ');
}

function bodyText(body: QueryBody): string {
  switch (body.kind) {
    case 'select': return selectText(body);
    case 'values':
      return `VALUES ${body.rows.map((row) => `(${expressionList(row)})`).join(', ')}`;
    case 'explicit-table': return `TABLE ${nameText(body.table)}`;
    case 'query': return `(${queryText(body)})`;
    case 'set-operation': {
      const operator = `${body.operator.toUpperCase()}${body.all ? ' ALL' : ''}`;
      return `${bodyText(body.left)} ${operator} ${bodyText(body.right)}`;
    }
  }
}

function selectText(select: Select): string {
  const parts = ['SELECT'];
  if (select.hints.length > 0) parts.push(hintsText(select.hints));
  if (select.stream) parts.push('STREAM');
  if (select.quantifier !== undefined) parts.push(words(select.quantifier));
  parts.push(select.items.map(itemText).join(', '));
  if (select.from !== undefined) parts.push(`FROM ${tableText(select.from)}`);
  if (select.where !== undefined) parts.push(`WHERE ${expressionText(select.where)}`);
  if (select.groupBy !== undefined) parts.push(groupByText(select.groupBy));
  if (select.having !== undefined) parts.push(`HAVING ${expressionText(select.having)}`);
  if (select.windows.length > 0) {
    parts.push(`WINDOW ${select.windows.map(namedWindowText).join(', ')}`);
  }
  if (select.qualify !== undefined) parts.push(`QUALIFY ${expressionText(select.qualify)}`);
  return parts.join(' ');
}

/** w AS (specification) */
export function namedWindowText({ name, window }: NamedWindow): string {
  return `${identifierText(name)} AS ${windowText(window)}`;
}

/** expression AS alias */
export function itemText({ expression, alias }: SelectItem): string {
  return expressionText(expression) + (alias === undefined ? '' : ` AS ${identifierText(alias)}`);
}

/** GROUP BY a, b */
export function groupByText({ quantifier, items }: GroupBy): string {
  const word = quantifier === undefined ? '' : `${words(quantifier)} `;
  return `GROUP BY ${word}${items.map(groupingText).join(', ')}`;
}

function groupingText(item: GroupingItem): string {
  if (item.kind !== 'grouping-set') {
    return `${words(item.kind)} (${item.items.map(groupingText).join(', ')})`;
  }
  const inner = expressionList(item.expressions);
  return item.expressions.length === 1 ? inner : `(${inner})`;
}

/** ORDER BY a, b */
export function orderText(items: readonly OrderItem[]): string {
  return `ORDER BY ${items.map(orderItemText).join(', ')}`;
}

/** a DESC NULLS LAST */
export function orderItemText({ expression, descending, nulls }: OrderItem): string {
  const order = nulls === undefined ? '' : ` NULLS ${nulls.toUpperCase()}`;
  return `${expressionText(expression)}${descending ? ' DESC' : ''}${order}`;
}

/** (base PARTITION BY .. ORDER BY .. frame) */
export function windowText(window: WindowSpecification): string {
  const parts: string[] = [];
  if (window.base !== undefined) parts.push(identifierText(window.base));
  if (window.partitionBy.length > 0) {
    parts.push(`PARTITION BY ${expressionList(window.partitionBy)}`);
  }
  if (window.orderBy.length > 0) parts.push(orderText(window.orderBy));
  if (window.frame !== undefined) {
    const { unit, start, end } = window.frame;
    const bounds = end === undefined ? boundText(start)
      : `BETWEEN ${boundText(start)} AND ${boundText(end)}`;
    parts.push(`${words(unit)} ${bounds}`);
  }
  if (window.allowPartial !== undefined) {
    parts.push(window.allowPartial ? 'ALLOW PARTIAL' : 'DISALLOW PARTIAL');
  }
  return `(${parts.join(' ')})`;
}

function boundText({ bound, value }: FrameBound): string {
  return value === undefined ? words(bound) : `${expressionText(value)} ${words(bound)}`;
}

/** The comment with a plus that holds hints. */
export function hintsText(hints: readonly Hint[]): string {
  return `/*+ ${hints.map(hintText).join(', ')} */`;
}

function hintText({ name, options, values }: Hint): string {
  const plain = values.every(isPlainName);
  const list = [
    ...options.map(({ key, value }) => `${quote(key)} = ${quote(value)}`),
    ...values.map((value) => plain || /^-?[0-9.]+$/.test(value) ? value : quote(value)),
  ];
  const hint = isPlainName(name) ? name : `\`${name.replaceAll('`', '``')}\``;
  return list.length === 0 ? hint : `${hint}(${list.join(', ')})`;
}
