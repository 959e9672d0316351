/**
 * CREATE statements as SQL text.
 */
import type { CreateStatement, CreateTable, StartMode } from '../ast/index.js';
import { expressionText } from './expressions.js';
import {
  commentText, identifierText, nameText, optionalNames, optionListText, quote, stringText,
  withText,
} from './names.js';
import { queryText } from './queries.js';
import { distributionText, elementsText, likeText } from './table-elements.js';

/** Any CREATE. */
export function createText(statement: CreateStatement): string {
  switch (statement.kind) {
    case 'create-table': return createTableText(statement);
    case 'create-materialized-table': return materializedText(statement);
    case 'create-view': {
      const head = `${prefix(statement)}VIEW ${target(statement)}`;
      const columns = optionalNames(statement.columns);
      const body = `${commentText(statement.comment)} AS ${queryText(statement.query)}`;
      return head + columns + body;
    }
    case 'create-catalog': case 'create-database': {
      const object = statement.kind === 'create-catalog' ? 'CATALOG' : 'DATABASE';
      const tail = commentText(statement.comment) + withText(statement.options);
      return `CREATE ${object} ${target(statement)}${tail}`;
    }
    case 'create-connection': {
      const comment = commentText(statement.comment);
      const options = optionListText(statement.options);
      return `${prefix(statement)}CONNECTION ${target(statement)}${comment} WITH ${options}`;
    }
    case 'create-function': return functionText(statement);
    case 'create-model': return modelText(statement);
  }
}

interface Prefixed {
  readonly temporary: boolean;
  readonly system?: boolean;
  readonly orReplace?: boolean;
}

function prefix({ temporary, system, orReplace }: Prefixed): string {
  const replace = orReplace === true ? 'OR REPLACE ' : '';
  return `CREATE ${replace}${temporary ? 'TEMPORARY ' : ''}${system === true ? 'SYSTEM ' : ''}`;
}

function target({ name, ifNotExists }: Pick<CreateTable, 'name' | 'ifNotExists'>): string {
  return `${ifNotExists ? 'IF NOT EXISTS ' : ''}${nameText(name)}`;
}

type TableTail =
  Pick<CreateTable, 'elements' | 'comment' | 'distribution' | 'partitionedBy' | 'options'>;

function tableParts(table: TableTail): string {
  const distribution = table.distribution === undefined ? ''
    : ` DISTRIBUTED${distributionText(table.distribution)}`;
  const partitions = table.partitionedBy.length === 0 ? ''
    : ` PARTITIONED BY (${table.partitionedBy.map(identifierText).join(', ')})`;
  const head = elementsText(table.elements) + commentText(table.comment);
  return head + distribution + partitions + withText(table.options);
}

function createTableText(table: CreateTable): string {
  const words = table.replace === 'replace' ? 'REPLACE '
    : prefix({ temporary: table.temporary, orReplace: table.replace === 'create-or-replace' });
  const like = table.like === undefined ? '' : ` ${likeText(table.like)}`;
  const as = table.query === undefined ? '' : ` AS ${queryText(table.query)}`;
  return `${words}TABLE ${target(table)}${tableParts(table)}${like}${as}`;
}

function materializedText(
  table: Extract<CreateStatement, { kind: 'create-materialized-table' }>,
): string {
  const start = table.startMode === undefined ? '' : ` ${startModeText(table.startMode)}`;
  const freshness = table.freshness === undefined ? ''
    : ` FRESHNESS = ${expressionText(table.freshness)}`;
  const mode = table.refreshMode === undefined ? ''
    : ` REFRESH_MODE = ${table.refreshMode.toUpperCase()}`;
  const head = `CREATE ${table.orAlter ? 'OR ALTER ' : ''}MATERIALIZED TABLE`;
  const tail = `${start}${freshness}${mode} AS ${queryText(table.query)}`;
  return `${head} ${nameText(table.name)}${tableParts(table)}${tail}`;
}

function startModeText({ mode, value }: StartMode): string {
  const word = mode.toUpperCase().replaceAll('-', '_');
  return `START_MODE = ${word}${value === undefined ? '' : `(${expressionText(value)})`}`;
}

function functionText(
  definition: Extract<CreateStatement, { kind: 'create-function' }>,
): string {
  const head = `${prefix(definition)}FUNCTION ${target(definition)}`;
  const language = definition.language === undefined ? ''
    : ` LANGUAGE ${definition.language.toUpperCase()}`;
  const resources = definition.resources.map(({ type, path }) =>
    `${type.toUpperCase()} ${quote(path)}`).join(', ');
  const using = resources === '' ? '' : ` USING ${resources}`;
  const body = ` AS ${stringText(definition.implementation)}${language}${using}`;
  return head + body + withText(definition.options);
}

function modelText(model: Extract<CreateStatement, { kind: 'create-model' }>): string {
  const input = model.input.length === 0 ? '' : ` INPUT${elementsText(model.input)}`;
  const output = model.output.length === 0 ? '' : ` OUTPUT${elementsText(model.output)}`;
  const as = model.query === undefined ? '' : ` AS ${queryText(model.query)}`;
  const tail = commentText(model.comment) + withText(model.options) + as;
  return `${prefix(model)}MODEL ${target(model)}${input}${output}${tail}`;
}
