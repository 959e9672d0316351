/**
 * ALTER statements as SQL text.
 */
import type { AlterFunction, AlterStatement, PlacedColumn } from '../ast/index.js';
import { expressionText } from './expressions.js';
import {
  identifierText, nameText, optionListText, quote, stringText, withText, words,
} from './names.js';
import { queryText } from './queries.js';
import { distributionText, elementText, partitionText } from './table-elements.js';

/** Any ALTER. */
export function alterText(statement: AlterStatement): string {
  if (statement.kind === 'alter-function') return alterFunctionText(statement);
  const exists = 'ifExists' in statement && statement.ifExists ? 'IF EXISTS ' : '';
  const object = words(statement.kind);
  return `${object} ${exists}${nameText(statement.name)} ${actionText(statement.action)}`;
}

function alterFunctionText(statement: AlterFunction): string {
  const system = statement.system ? 'SYSTEM ' : '';
  const prefix = `${statement.temporary ? 'TEMPORARY ' : ''}${system}`;
  const name = `${statement.ifExists ? 'IF EXISTS ' : ''}${nameText(statement.name)}`;
  const language = statement.language === undefined ? ''
    : ` LANGUAGE ${statement.language.toUpperCase()}`;
  const implementation = stringText(statement.implementation);
  return `ALTER ${prefix}FUNCTION ${name} AS ${implementation}${language}`;
}

type Action = Exclude<AlterStatement, AlterFunction>['action'];

function actionText(action: Action): string {
  switch (action.kind) {
    case 'rename-to': return `RENAME TO ${nameText(action.name)}`;
    case 'rename-column':
      return `RENAME ${nameText(action.column)} TO ${identifierText(action.name)}`;
    case 'set-options': return `SET ${optionListText(action.options)}`;
    case 'reset-options': return `RESET (${action.keys.map(quote).join(', ')})`;
    case 'set-comment': return `COMMENT ${stringText(action.comment)}`;
    case 'as-query': return `AS ${queryText(action.query)}`;
    case 'suspend': return 'SUSPEND';
    case 'resume': return `RESUME${withText(action.options)}`;
    case 'refresh':
      return action.partition === undefined ? 'REFRESH'
        : `REFRESH ${partitionText(action.partition)}`;
    case 'set-freshness': return `SET FRESHNESS = ${expressionText(action.freshness)}`;
    case 'set-refresh-mode': return `SET REFRESH_MODE = ${action.refreshMode.toUpperCase()}`;
    default: return schemaActionText(action);
  }
}

type SchemaAction = Extract<
  Action, { kind: `add-${string}` | `modify-${string}` | `drop-${string}` }>;

function schemaActionText(action: SchemaAction): string {
  switch (action.kind) {
    case 'add-schema': case 'modify-schema': {
      const word = action.kind === 'add-schema' ? 'ADD' : 'MODIFY';
      const elements = action.elements.map((element) => element.kind === 'placed-column'
        ? placedText(element) : elementText(element));
      return `${word} (${elements.join(', ')})`;
    }
    case 'add-distribution': case 'modify-distribution':
      return words(action.kind) + distributionText(action.distribution);
    case 'add-partitions': {
      const exists = action.ifNotExists ? 'IF NOT EXISTS ' : '';
      const partitions = action.partitions.map(({ partition, options }) =>
        partitionText(partition) + withText(options));
      return `ADD ${exists}${partitions.join(' ')}`;
    }
    case 'drop-partitions': {
      const exists = action.ifExists ? 'IF EXISTS ' : '';
      return `DROP ${exists}${action.partitions.map(partitionText).join(', ')}`;
    }
    case 'drop-columns': return `DROP (${action.columns.map(nameText).join(', ')})`;
    case 'drop-constraint': return `DROP CONSTRAINT ${identifierText(action.name)}`;
    case 'drop-distribution': case 'drop-primary-key': case 'drop-watermark':
      return words(action.kind);
  }
}

function placedText({ column, place, after }: PlacedColumn): string {
  const text = elementText(column);
  if (place === 'first') return `${text} FIRST`;
  return after === undefined ? text : `${text} AFTER ${nameText(after)}`;
}
