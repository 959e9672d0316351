/**
 * Statements as SQL text.
 */
import type {
  AnalyzeTable, CommandStatement, Delete, Drop, Explain, Insert, Show, Statement, Update,
} from '../ast/index.js';
import { alterText } from './alter.js';
import { callText } from './calls.js';
import { createText } from './create.js';
import { expressionText } from './expressions.js';
import { identifierText, nameText, quote, stringText, withText, words } from './names.js';
import { hintsText, queryText } from './queries.js';
import { partitionText } from './table-elements.js';

/** A statement on one line, without a semicolon. */
export function statementText(statement: Statement): string {
  switch (statement.kind) {
    case 'query-statement': return queryText(statement.query);
    case 'insert': return insertText(statement);
    case 'statement-set': return `EXECUTE ${setText(statement.inserts)}`;
    case 'begin-statement-set': return 'BEGIN STATEMENT SET';
    case 'end-statement-set': return 'END';
    case 'update': return updateText(statement);
    case 'delete': return deleteText(statement);
    case 'explain': return explainText(statement);
    case 'compile-plan': {
      const exists = statement.ifNotExists ? ' IF NOT EXISTS' : '';
      const path = stringText(statement.path);
      return `COMPILE PLAN ${path}${exists} FOR ${compiledText(statement.statement)}`;
    }
    case 'execute-plan': return `EXECUTE PLAN ${stringText(statement.path)}`;
    case 'compile-and-execute-plan': {
      const path = stringText(statement.path);
      return `COMPILE AND EXECUTE PLAN ${path} FOR ${compiledText(statement.statement)}`;
    }
    case 'create-table': case 'create-materialized-table': case 'create-view':
    case 'create-catalog': case 'create-database': case 'create-function': case 'create-model':
    case 'create-connection':
      return createText(statement);
    case 'alter-table': case 'alter-materialized-table': case 'alter-view': case 'alter-database':
    case 'alter-catalog': case 'alter-model': case 'alter-connection': case 'alter-function':
      return alterText(statement);
    default: return commandText(statement);
  }
}

function insertText(insert: Insert): string {
  const word = insert.upsert ? 'UPSERT INTO'
    : insert.overwrite ? 'INSERT OVERWRITE' : 'INSERT INTO';
  const parts = [word, nameText(insert.table)];
  if (insert.hints.length > 0) parts.push(hintsText(insert.hints));
  if (insert.partition !== undefined) parts.push(partitionText(insert.partition));
  if (insert.columns.length > 0) parts.push(`(${insert.columns.map(nameText).join(', ')})`);
  parts.push(queryText(insert.query));
  if (insert.onConflict !== undefined) parts.push(`ON CONFLICT DO ${words(insert.onConflict)}`);
  return parts.join(' ');
}

function setText(inserts: readonly Insert[]): string {
  const list = inserts.map((insert) => `${insertText(insert)}; `).join('');
  return `STATEMENT SET BEGIN ${list}END`;
}

function compiledText(statement: Insert | Extract<Statement, { kind: 'statement-set' }>): string {
  return statement.kind === 'insert' ? insertText(statement) : setText(statement.inserts);
}

function updateText({ table, hints, alias, assignments, where }: Update): string {
  const list = assignments.map(({ column, value }) =>
    `${identifierText(column)} = ${expressionText(value)}`).join(', ');
  const target = targetText({ table, hints, alias });
  return `UPDATE ${target} SET ${list}${whereText(where)}`;
}

function deleteText(statement: Delete): string {
  return `DELETE FROM ${targetText(statement)}${whereText(statement.where)}`;
}

type Target = Pick<Delete, 'table' | 'hints'> & { readonly alias?: Delete['alias'] | undefined };

function targetText({ table, hints, alias }: Target): string {
  const hinted = hints.length === 0 ? '' : ` ${hintsText(hints)}`;
  return `${nameText(table)}${hinted}${alias === undefined ? '' : ` AS ${identifierText(alias)}`}`;
}

function whereText(where: Delete['where']): string {
  return where === undefined ? '' : ` WHERE ${expressionText(where)}`;
}

function explainText({ details, planFor, statement }: Explain): string {
  const list = details.map((detail) => detail.toUpperCase().replaceAll('-', '_')).join(', ');
  const inner = statement.kind === 'statement-set' ? setText(statement.inserts)
    : statementText(statement);
  return `EXPLAIN ${planFor ? 'PLAN FOR ' : ''}${list === '' ? '' : `${list} `}${inner}`;
}

function commandText(statement: CommandStatement): string {
  switch (statement.kind) {
    case 'drop': return dropText(statement);
    case 'show': return showText(statement);
    case 'show-current': return `SHOW CURRENT ${words(statement.object)}`;
    case 'show-create': return `SHOW CREATE ${words(statement.object)} ${nameText(statement.name)}`;
    case 'show-partitions': {
      const part = statement.partition === undefined ? ''
        : ` ${partitionText(statement.partition)}`;
      return `SHOW PARTITIONS ${nameText(statement.table)}${part}`;
    }
    case 'describe': {
      const object = statement.object === 'table' ? '' : `${words(statement.object)} `;
      const extended = statement.extended ? 'EXTENDED ' : '';
      return `DESCRIBE ${object}${extended}${nameText(statement.name)}`;
    }
    case 'describe-job': return `DESCRIBE JOB ${stringText(statement.job)}`;
    case 'use-database': return `USE ${nameText(statement.name)}`;
    case 'use-catalog': return `USE CATALOG ${nameText(statement.name)}`;
    case 'use-modules': return `USE MODULES ${statement.modules.map(identifierText).join(', ')}`;
    case 'load-module':
      return `LOAD MODULE ${identifierText(statement.name)}${withText(statement.options)}`;
    case 'unload-module': return `UNLOAD MODULE ${identifierText(statement.name)}`;
    case 'call': return `CALL ${callText(statement.call)}`;
    case 'analyze-table': return analyzeText(statement);
    case 'truncate-table': return `TRUNCATE TABLE ${nameText(statement.name)}`;
    default: return clientText(statement);
  }
}

type ClientStatement =
  Extract<CommandStatement, { kind: 'set' | 'reset' | 'add-jar' | 'remove-jar' | 'stop-job' }>;

function clientText(statement: ClientStatement): string {
  switch (statement.kind) {
    case 'set':
      return statement.key === undefined ? 'SET'
        : `SET ${quote(statement.key)} = ${quote(statement.value ?? '')}`;
    case 'reset': return statement.key === undefined ? 'RESET' : `RESET ${quote(statement.key)}`;
    case 'add-jar': case 'remove-jar': return `${words(statement.kind)} ${quote(statement.path)}`;
    case 'stop-job': {
      const savepoint = statement.savepoint ? ' WITH SAVEPOINT' : '';
      const drain = statement.drain ? ' WITH DRAIN' : '';
      return `STOP JOB ${stringText(statement.job)}${savepoint}${drain}`;
    }
  }
}

function dropText({ object, name, ifExists, temporary, system, behavior }: Drop): string {
  const prefix = `${temporary ? 'TEMPORARY ' : ''}${system ? 'SYSTEM ' : ''}`;
  const suffix = behavior === undefined ? '' : ` ${behavior.toUpperCase()}`;
  const exists = ifExists ? 'IF EXISTS ' : '';
  return `DROP ${prefix}${words(object)} ${exists}${nameText(name)}${suffix}`;
}

function showText({ objects, modifier, scope, preposition, filter }: Show): string {
  const parts = ['SHOW'];
  if (modifier !== undefined) parts.push(modifier.toUpperCase());
  parts.push(words(objects));
  if (scope !== undefined) parts.push(words(preposition ?? 'from'), nameText(scope));
  if (filter !== undefined) {
    if (filter.negated) parts.push('NOT');
    parts.push(words(filter.operator), quote(filter.pattern));
  }
  return parts.join(' ');
}

function analyzeText({ name, partition, columns }: AnalyzeTable): string {
  const part = partition === undefined ? '' : ` ${partitionText(partition)}`;
  const list = columns === undefined ? ''
    : columns === 'all' ? ' FOR ALL COLUMNS'
      : ` FOR COLUMNS ${columns.map(identifierText).join(', ')}`;
  return `ANALYZE TABLE ${nameText(name)}${part} COMPUTE STATISTICS${list}`;
}
