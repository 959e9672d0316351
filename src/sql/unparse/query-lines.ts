/**
 * Queries as Flink prints those of views: each clause on a line of its own. Inside expressions
 * they stay on one line.
 */
import type { Query, QueryBody, Select, TableExpression } from '../ast/index.js';
import { expressionList, expressionText } from './expressions.js';
import { identifierText, nameText, optionalNames, words } from './names.js';
import { groupByText, hintsText, itemText, namedWindowText, orderText } from './queries.js';
import { tableText } from './tables.js';

/** A query without parentheses around it, without a line break at its end. */
export function queryLines(query: Query): string {
  const lines = [bodyLines(query.body)];
  if (query.orderBy.length > 0) lines.push(orderText(query.orderBy));
  if (query.offset !== undefined) lines.push(`OFFSET ${expressionText(query.offset)} ROWS`);
  if (query.limit !== undefined) {
    lines.push(`FETCH NEXT ${expressionText(query.limit)} ROWS ONLY`);
  }
  return withText(query) + lines.join('\n');
}

function withText({ with: tables, recursive }: Query): string {
  if (tables.length === 0) return '';
  const texts = tables.map(({ name, columns, query }) =>
    `${identifierText(name)}${optionalNames(columns)} AS (${queryLines(query)})`);
  return `WITH ${recursive ? 'RECURSIVE ' : ''}${texts.join(', ')} `;
}

function bodyLines(body: QueryBody): string {
  switch (body.kind) {
    case 'select': return selectLines(body);
    case 'values':
      return `VALUES ${body.rows.map((row) => `ROW(${expressionList(row)})`).join(',\n')}`;
    case 'explicit-table': return `TABLE ${nameText(body.table)}`;
    case 'query': return `(${queryLines(body)})`;
    case 'set-operation': {
      const operator = `${body.operator.toUpperCase()}${body.all ? ' ALL' : ''}`;
      return `${bodyLines(body.left)}\n${operator}\n${bodyLines(body.right)}`;
    }
  }
}

function selectLines(select: Select): string {
  const hints = select.hints.length === 0 ? '' : `${hintsText(select.hints)} `;
  const quantifier = select.quantifier === undefined ? '' : `${words(select.quantifier)} `;
  const lines = [`SELECT ${hints}${quantifier}${select.items.map(itemText).join(', ')}`];
  if (select.from !== undefined) lines.push(`FROM ${tableLines(select.from)}`);
  if (select.where !== undefined) lines.push(`WHERE ${expressionText(select.where)}`);
  if (select.groupBy !== undefined) lines.push(groupByText(select.groupBy));
  if (select.having !== undefined) lines.push(`HAVING ${expressionText(select.having)}`);
  if (select.windows.length > 0) {
    lines.push(`WINDOW ${select.windows.map(namedWindowText).join(', ')}`);
  }
  if (select.qualify !== undefined) lines.push(`QUALIFY ${expressionText(select.qualify)}`);
  return lines.join('\n');
}

function tableLines(table: TableExpression): string {
  switch (table.kind) {
    case 'derived-table':
      return `${table.lateral ? 'LATERAL ' : ''}(${queryLines(table.query)})`;
    case 'aliased-table': {
      const alias = identifierText(table.alias);
      return `${tableLines(table.input)} AS ${alias}${optionalNames(table.columns)}`;
    }
    case 'join': {
      const { type, natural, left, right, condition, using } = table;
      if (type === 'comma') return `${tableLines(left)},\n${tableLines(right)}`;
      const word = `${natural ? 'NATURAL ' : ''}${words(type)} JOIN`;
      const nested = right.kind === 'join' ? `(${tableLines(right)})` : tableLines(right);
      const on = condition === undefined ? '' : ` ON ${expressionText(condition)}`;
      const columns = using.length === 0 ? '' : ` USING${optionalNames(using)}`;
      return `${tableLines(left)}\n${word} ${nested}${on}${columns}`;
    }
    default: return tableText(table);
  }
}
