/**
 * ALTER statements.
 */
import type {
  AddedPartition, AlterCatalog, AlterFunction, AlterMaterializedTableAction, AlterStatement,
  AlterTableAction, AlterView, ChangeDistributionAction, ChangeSchemaAction, DropColumnsAction,
  DropConstraintAction, DropFeatureAction, PlacedColumn, RenameAction, ResetOptionsAction,
  SetOptionsAction,
} from '../ast/index.js';
import { freshnessValue, functionLanguage, refreshMode, singleName } from './create.js';
import type { Cursor } from './cursor.js';
import { stringLiteral } from './literals.js';
import {
  identifier, ifExists, ifNotExists, optionalWith, optionKeyList, optionList, qualifiedName,
} from './names.js';
import { query } from './queries.js';
import {
  atConstraint, checkOneWatermark, columnDefinition, distribution, optionalPartition, partition,
  tableConstraint, watermark,
} from './table-elements.js';

/** ALTER ... */
export function alterStatement(cursor: Cursor): AlterStatement {
  const start = cursor.index;
  cursor.expect('ALTER');
  if (cursor.at('TEMPORARY') || cursor.at('FUNCTION')) return alterFunction(cursor, start);
  const object = cursor.expectOneOf(
    'TABLE', 'MATERIALIZED', 'VIEW', 'DATABASE', 'CATALOG', 'MODEL', 'CONNECTION');
  switch (object) {
    case 'TABLE': {
      const exists = ifExists(cursor);
      const name = qualifiedName(cursor);
      const action = tableAction(cursor);
      const position = cursor.from(start);
      return { kind: 'alter-table', name, ifExists: exists, action, position };
    }
    case 'MATERIALIZED': {
      cursor.expect('TABLE');
      const name = qualifiedName(cursor);
      const action = materializedTableAction(cursor);
      return { kind: 'alter-materialized-table', name, action, position: cursor.from(start) };
    }
    case 'MODEL': case 'CONNECTION':
      return alterNamed(cursor, start, object === 'MODEL' ? 'alter-model' : 'alter-connection');
    default:
      return alterOther(cursor, start, object);
  }
}

function alterNamed(
  cursor: Cursor, start: number, kind: 'alter-model' | 'alter-connection',
): AlterStatement {
  const exists = ifExists(cursor);
  const name = qualifiedName(cursor);
  const action = cursor.at('RENAME') ? rename(cursor) : optionsAction(cursor);
  return { kind, name, ifExists: exists, action, position: cursor.from(start) };
}

function alterOther(
  cursor: Cursor, start: number, object: 'VIEW' | 'DATABASE' | 'CATALOG',
): AlterStatement {
  const name = object === 'CATALOG' ? singleName(cursor) : qualifiedName(cursor);
  if (object === 'VIEW') {
    const action = viewAction(cursor);
    return { kind: 'alter-view', name, action, position: cursor.from(start) };
  }
  if (object === 'DATABASE') {
    const action = setOptions(cursor);
    return { kind: 'alter-database', name, action, position: cursor.from(start) };
  }
  const action = catalogAction(cursor);
  return { kind: 'alter-catalog', name, action, position: cursor.from(start) };
}

function viewAction(cursor: Cursor): AlterView['action'] {
  const start = cursor.index;
  if (cursor.at('RENAME')) return rename(cursor);
  cursor.expect('AS');
  return { kind: 'as-query', query: query(cursor), position: cursor.from(start) };
}

function catalogAction(cursor: Cursor): AlterCatalog['action'] {
  const start = cursor.index;
  if (!cursor.accept('COMMENT')) return optionsAction(cursor);
  const comment = stringLiteral(cursor);
  return { kind: 'set-comment', comment, position: cursor.from(start) };
}

function alterFunction(cursor: Cursor, start: number): AlterFunction {
  const temporary = cursor.accept('TEMPORARY');
  const system = temporary && cursor.accept('SYSTEM');
  cursor.expect('FUNCTION');
  const exists = ifExists(cursor);
  const name = qualifiedName(cursor);
  cursor.expect('AS');
  const implementation = stringLiteral(cursor);
  const language = functionLanguage(cursor);
  return {
    kind: 'alter-function', name, temporary, system, ifExists: exists, implementation,
    position: cursor.from(start), ...(language === undefined ? {} : { language }),
  };
}

/** RENAME TO name. */
function rename(cursor: Cursor): RenameAction {
  const start = cursor.index;
  cursor.expect('RENAME', 'TO');
  return { kind: 'rename-to', name: qualifiedName(cursor), position: cursor.from(start) };
}

function setOptions(cursor: Cursor): SetOptionsAction {
  const start = cursor.index;
  cursor.expect('SET');
  return { kind: 'set-options', options: optionList(cursor), position: cursor.from(start) };
}

/** SET (..) or RESET (..). */
function optionsAction(cursor: Cursor): SetOptionsAction | ResetOptionsAction {
  const start = cursor.index;
  if (cursor.at('SET')) return setOptions(cursor);
  cursor.expect('RESET');
  return { kind: 'reset-options', keys: optionKeyList(cursor), position: cursor.from(start) };
}

function tableAction(cursor: Cursor): AlterTableAction {
  const start = cursor.index;
  if (cursor.at('RENAME')) return renameTableOrColumn(cursor);
  if (cursor.at('SET') || cursor.at('RESET')) return optionsAction(cursor);
  if (cursor.at('MODIFY')) return changeSchema(cursor);
  if (cursor.accept('ADD')) {
    if (cursor.at('PARTITION') || cursor.at('IF')) return addPartitions(cursor, start);
    cursor.index = start;
    return changeSchema(cursor);
  }
  cursor.expect('DROP');
  return cursor.at('PARTITION') || cursor.atAll('IF', 'EXISTS')
    ? dropPartitions(cursor, start) : dropFromTable(cursor, start);
}

function renameTableOrColumn(cursor: Cursor): AlterTableAction {
  const start = cursor.index;
  if (cursor.word(1) === 'TO') return rename(cursor);
  cursor.expect('RENAME');
  const column = qualifiedName(cursor);
  cursor.expect('TO');
  const name = identifier(cursor);
  return { kind: 'rename-column', column, name, position: cursor.from(start) };
}

type ChangeAction = ChangeSchemaAction | ChangeDistributionAction;

/** ADD | MODIFY column, (columns ...), DISTRIBUTION. */
function changeSchema(cursor: Cursor): ChangeAction {
  const start = cursor.index;
  const add = cursor.expectOneOf('ADD', 'MODIFY') === 'ADD';
  if (cursor.accept('DISTRIBUTION')) {
    const kind = add ? 'add-distribution' : 'modify-distribution';
    return { kind, distribution: distribution(cursor), position: cursor.from(start) };
  }
  const elements = cursor.at('(') ? cursor.parenthesized(schemaElement) : [schemaElement(cursor)];
  checkOneWatermark(cursor, elements);
  const kind = add ? 'add-schema' : 'modify-schema';
  return { kind, elements, position: cursor.from(start) };
}

function schemaElement(cursor: Cursor): ChangeSchemaAction['elements'][number] {
  if (cursor.at('WATERMARK')) return watermark(cursor);
  return atConstraint(cursor) ? tableConstraint(cursor) : placedColumn(cursor);
}

function placedColumn(cursor: Cursor): PlacedColumn {
  const start = cursor.index;
  const column = columnDefinition(cursor);
  if (cursor.accept('FIRST')) {
    return { kind: 'placed-column', column, place: 'first', position: cursor.from(start) };
  }
  if (!cursor.accept('AFTER')) {
    return { kind: 'placed-column', column, position: cursor.from(start) };
  }
  const after = qualifiedName(cursor);
  return { kind: 'placed-column', column, place: 'after', after, position: cursor.from(start) };
}

function addPartitions(cursor: Cursor, start: number): AlterTableAction {
  const notExists = ifNotExists(cursor);
  const partitions = [addedPartition(cursor)];
  while (cursor.at('PARTITION')) partitions.push(addedPartition(cursor));
  const position = cursor.from(start);
  return { kind: 'add-partitions', ifNotExists: notExists, partitions, position };
}

function addedPartition(cursor: Cursor): AddedPartition {
  const start = cursor.index;
  cursor.expect('PARTITION');
  const added = partition(cursor);
  const options = optionalWith(cursor);
  return { kind: 'added-partition', partition: added, options, position: cursor.from(start) };
}

function dropPartitions(cursor: Cursor, start: number): AlterTableAction {
  const exists = ifExists(cursor);
  const partitions = cursor.list((inner) => {
    inner.expect('PARTITION');
    return partition(inner);
  });
  return { kind: 'drop-partitions', ifExists: exists, partitions, position: cursor.from(start) };
}

type DropAction = DropColumnsAction | DropConstraintAction | DropFeatureAction;

/** What follows DROP, partitions aside. */
function dropFromTable(cursor: Cursor, start: number): DropAction {
  if (cursor.accept('PRIMARY')) {
    cursor.expect('KEY');
    return { kind: 'drop-primary-key', position: cursor.from(start) };
  }
  if (cursor.accept('WATERMARK')) return { kind: 'drop-watermark', position: cursor.from(start) };
  if (cursor.accept('DISTRIBUTION')) {
    return { kind: 'drop-distribution', position: cursor.from(start) };
  }
  if (cursor.accept('CONSTRAINT')) {
    const name = identifier(cursor);
    return { kind: 'drop-constraint', name, position: cursor.from(start) };
  }
  const columns = cursor.at('(') ? cursor.parenthesized(qualifiedName) : [qualifiedName(cursor)];
  return { kind: 'drop-columns', columns, position: cursor.from(start) };
}

function materializedTableAction(cursor: Cursor): AlterMaterializedTableAction {
  const start = cursor.index;
  const word = cursor.acceptOneOf('SUSPEND', 'RESUME', 'REFRESH', 'AS', 'DROP');
  switch (word) {
    case 'SUSPEND': return { kind: 'suspend', position: cursor.from(start) };
    case 'RESUME':
      return { kind: 'resume', options: optionalWith(cursor), position: cursor.from(start) };
    case 'REFRESH': {
      const part = optionalPartition(cursor);
      return {
        kind: 'refresh', position: cursor.from(start),
        ...(part === undefined ? {} : { partition: part }),
      };
    }
    case 'AS': return { kind: 'as-query', query: query(cursor), position: cursor.from(start) };
    case 'DROP': return dropFromTable(cursor, start);
    default:
      if (cursor.at('ADD') || cursor.at('MODIFY')) return changeSchema(cursor);
      return materializedTableOption(cursor);
  }
}

function materializedTableOption(cursor: Cursor): AlterMaterializedTableAction {
  const start = cursor.index;
  if (cursor.acceptAll('SET', 'FRESHNESS')) {
    const freshness = freshnessValue(cursor);
    return { kind: 'set-freshness', freshness, position: cursor.from(start) };
  }
  if (cursor.acceptAll('SET', 'REFRESH_MODE')) {
    const mode = refreshMode(cursor);
    return { kind: 'set-refresh-mode', refreshMode: mode, position: cursor.from(start) };
  }
  return optionsAction(cursor);
}
