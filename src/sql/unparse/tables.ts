/**
 * What stands in FROM, as SQL text.
 */
import type {
  AfterMatch, JoinTable, MatchRecognizeTable, Pattern, PivotItem, PivotTable, SampledTable,
  TableExpression, UnpivotTable,
} from '../ast/index.js';
import { callText } from './calls.js';
import { expressionList, expressionText } from './expressions.js';
import { identifierText, nameOrList, nameText, optionalNames, words } from './names.js';
import { hintsText, orderText, queryText } from './queries.js';

/** A table expression. */
export function tableText(table: TableExpression): string {
  switch (table.kind) {
    case 'named-table': {
      const hints = table.hints.length === 0 ? '' : ` ${hintsText(table.hints)}`;
      return nameText(table.name) + hints;
    }
    case 'derived-table': return `${lateral(table)}(${queryText(table.query)})`;
    case 'unnest': {
      const ordinality = table.ordinality ? ' WITH ORDINALITY' : '';
      return `${lateral(table)}UNNEST(${expressionList(table.operands)})${ordinality}`;
    }
    case 'table-function': {
      const call = callText(table.call);
      return `${lateral(table)}${table.tableKeyword ? `TABLE(${call})` : call}`;
    }
    case 'aliased-table': {
      const alias = identifierText(table.alias);
      return `${tableText(table.input)} AS ${alias}${optionalNames(table.columns)}`;
    }
    case 'table-as-of':
      return `${tableText(table.input)} FOR SYSTEM_TIME AS OF ${expressionText(table.time)}`;
    case 'sampled-table': return sampleText(table);
    case 'join': return joinText(table);
    case 'match-recognize': return matchText(table);
    case 'pivot': return pivotText(table);
    case 'unpivot': return unpivotText(table);
  }
}

function lateral(table: { readonly lateral: boolean }): string {
  return table.lateral ? 'LATERAL ' : '';
}

function sampleText({ input, method, argument, seed }: SampledTable): string {
  const repeatable = seed === undefined ? '' : ` REPEATABLE (${expressionText(seed)})`;
  const inner = `${words(method)} (${expressionText(argument)})`;
  return `${tableText(input)} TABLESAMPLE ${inner}${repeatable}`;
}

function joinText({ type, natural, left, right, condition, using }: JoinTable): string {
  const rightText = right.kind === 'join' && (type !== 'comma' || right.type === 'comma')
    ? `(${tableText(right)})` : tableText(right);
  if (type === 'comma') return `${tableText(left)}, ${rightText}`;
  const on = condition === undefined ? '' : ` ON ${expressionText(condition)}`;
  const columns = using.length === 0 ? '' : ` USING${optionalNames(using)}`;
  const word = `${natural ? 'NATURAL ' : ''}${words(type)} JOIN`;
  return `${tableText(left)} ${word} ${rightText}${on}${columns}`;
}

function matchText(match: MatchRecognizeTable): string {
  const parts: string[] = [];
  if (match.partitionBy.length > 0) parts.push(`PARTITION BY ${expressionList(match.partitionBy)}`);
  if (match.orderBy.length > 0) parts.push(orderText(match.orderBy));
  if (match.measures.length > 0) {
    const measures = match.measures.map(({ expression, name }) =>
      `${expressionText(expression)} AS ${identifierText(name)}`);
    parts.push(`MEASURES ${measures.join(', ')}`);
  }
  if (match.rowsPerMatch !== undefined) {
    parts.push(match.rowsPerMatch === 'one' ? 'ONE ROW PER MATCH' : 'ALL ROWS PER MATCH');
  }
  if (match.afterMatch !== undefined) parts.push(afterText(match.afterMatch));
  const start = match.anchorStart ? '^ ' : '';
  parts.push(`PATTERN (${start}${patternText(match.pattern)}${match.anchorEnd ? ' $' : ''})`);
  if (match.within !== undefined) parts.push(`WITHIN ${expressionText(match.within)}`);
  if (match.subsets.length > 0) {
    const subsets = match.subsets.map(({ name, variables }) =>
      `${identifierText(name)} =${optionalNames(variables)}`);
    parts.push(`SUBSET ${subsets.join(', ')}`);
  }
  const definitions = match.define.map(({ variable, condition }) =>
    `${identifierText(variable)} AS ${expressionText(condition)}`);
  parts.push(`DEFINE ${definitions.join(', ')}`);
  return `${tableText(match.input)} MATCH_RECOGNIZE (${parts.join(' ')})`;
}

function afterText({ skip, variable }: AfterMatch): string {
  switch (skip) {
    case 'past-last-row': return 'AFTER MATCH SKIP PAST LAST ROW';
    case 'next-row': return 'AFTER MATCH SKIP TO NEXT ROW';
    default: {
      const name = variable === undefined ? '' : identifierText(variable);
      return `AFTER MATCH SKIP ${words(skip)} ${name}`;
    }
  }
}

function patternText(pattern: Pattern): string {
  switch (pattern.kind) {
    case 'pattern-variable': return identifierText(pattern.variable);
    case 'pattern-quantifier': {
      const compound = pattern.item.kind === 'pattern-sequence'
        || pattern.item.kind === 'pattern-alternation'
        || pattern.item.kind === 'pattern-quantifier';
      const item = patternText(pattern.item);
      return `${compound ? `(${item})` : item}${quantifierText(pattern)}`;
    }
    case 'pattern-permute': return `PERMUTE(${pattern.items.map(patternText).join(', ')})`;
    case 'pattern-exclusion': return `{- ${pattern.items.map(patternText).join(' ')} -}`;
    case 'pattern-alternation':
      return pattern.items.map((item) => item.kind === 'pattern-alternation'
        ? `(${patternText(item)})` : patternText(item)).join(' | ');
    case 'pattern-sequence':
      return pattern.items.map((item) =>
        item.kind === 'pattern-alternation' || item.kind === 'pattern-sequence'
          ? `(${patternText(item)})` : patternText(item)).join(' ');
  }
}

function quantifierText(
  { low, high, reluctant }: Extract<Pattern, { kind: 'pattern-quantifier' }>,
): string {
  const bounds = high === undefined
    ? low === 0 ? '*' : low === 1 ? '+' : `{${low},}`
    : low === 0 && high === 1 ? '?' : low === high ? `{${low}}` : `{${low},${high}}`;
  return reluctant ? `${bounds}?` : bounds;
}

function pivotText({ input, aggregates, axes, values }: PivotTable): string {
  const list = (items: readonly PivotItem[]): string => items.map(pivotItemText).join(', ');
  const inside = `${list(aggregates)} FOR ${nameOrList(axes)} IN (${list(values)})`;
  return `${tableText(input)} PIVOT (${inside})`;
}

function pivotItemText({ expressions, alias }: PivotItem): string {
  const inner = expressionList(expressions);
  const text = expressions.length === 1 ? inner : `(${inner})`;
  return text + (alias === undefined ? '' : ` AS ${identifierText(alias)}`);
}

function unpivotText(table: UnpivotTable): string {
  const { input, includeNulls, measures, axes, columns } = table;
  const nulls = includeNulls === undefined ? ''
    : includeNulls ? ' INCLUDE NULLS' : ' EXCLUDE NULLS';
  const items = columns.map(({ columns: names, values }) => {
    if (values.length === 0) return nameOrList(names);
    const inner = expressionList(values);
    return `${nameOrList(names)} AS ${values.length === 1 ? inner : `(${inner})`}`;
  });
  const inside = `${nameOrList(measures)} FOR ${nameOrList(axes)} IN (${items.join(', ')})`;
  return `${tableText(input)} UNPIVOT${nulls} (${inside})`;
}
