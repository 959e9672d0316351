/**
 * CREATE statements, and REPLACE TABLE.
 */
import type {
  CreateCatalog, CreateConnection, CreateDatabase, CreateFunction, CreateMaterializedTable,
  CreateModel, CreateStatement, CreateTable, CreateView, Expression, FunctionLanguage,
  FunctionResource, QualifiedName, StartMode,
} from '../ast/index.js';
import { errorOf } from '../../errors/index.js';
import type { Cursor } from './cursor.js';
import { interval, dateTimeLiteral, stringLiteral } from './literals.js';
import {
  identifier, identifierList, ifNotExists, optionalComment, optionalIdentifierList, optionalWith,
  optionList, qualifiedName, stringValue,
} from './names.js';
import { query } from './queries.js';
import { distribution, likeClause, optionalTableElements } from './table-elements.js';

/** What stands between CREATE and the word for the object. */
interface Prefix {
  readonly start: number;
  readonly orReplace: boolean;
  readonly orAlter: boolean;
  readonly temporary: boolean;
  readonly system: boolean;
}

/** CREATE ... */
export function createStatement(cursor: Cursor): CreateStatement {
  const start = cursor.index;
  cursor.expect('CREATE');
  const orAlter = cursor.acceptAll('OR', 'ALTER');
  const orReplace = !orAlter && cursor.acceptAll('OR', 'REPLACE');
  const temporary = cursor.accept('TEMPORARY');
  const system = cursor.at('SYSTEM');
  const systemAt = cursor.index;
  cursor.accept('SYSTEM');
  const prefix = { start, orReplace, orAlter, temporary, system };
  const object = orAlter ? cursor.expectOneOf('MATERIALIZED') : objectWord(cursor, prefix);
  if (system && !temporary) refuse(cursor, systemAt, 'SYSTEM without TEMPORARY');
  switch (object) {
    case 'TABLE': return createTable(cursor, prefix);
    case 'MATERIALIZED': return createMaterializedTable(cursor, prefix);
    case 'VIEW': return createView(cursor, prefix);
    case 'CATALOG': return createCatalog(cursor, prefix);
    case 'DATABASE': return createDatabase(cursor, prefix);
    case 'FUNCTION': return createFunction(cursor, prefix);
    case 'MODEL': return createModel(cursor, prefix);
    default: return createConnection(cursor, prefix);
  }
}

/** The word for the object, among those that the prefix allows. */
function objectWord(cursor: Cursor, prefix: Prefix):
  'TABLE' | 'MATERIALIZED' | 'VIEW' | 'CATALOG' | 'DATABASE' | 'FUNCTION' | 'MODEL'
  | 'CONNECTION' {
  if (prefix.system) return cursor.expectOneOf('FUNCTION', 'CONNECTION');
  if (prefix.temporary) {
    return cursor.expectOneOf('TABLE', 'VIEW', 'FUNCTION', 'MODEL', 'CONNECTION');
  }
  return cursor.expectOneOf(
    'TABLE', 'VIEW', 'CATALOG', 'DATABASE', 'FUNCTION', 'MODEL', 'CONNECTION', 'MATERIALIZED');
}

/** REPLACE TABLE ... AS query. */
export function replaceTable(cursor: Cursor): CreateTable {
  const start = cursor.index;
  cursor.expect('REPLACE', 'TABLE');
  const prefix = { start, orReplace: true, orAlter: false, temporary: false, system: false };
  const statement = createTable(cursor, prefix);
  if (statement.query === undefined) cursor.unexpected('AS');
  return { ...statement, replace: 'replace' };
}

function createTable(cursor: Cursor, prefix: Prefix): CreateTable {
  const notExists = ifNotExists(cursor);
  const name = qualifiedName(cursor);
  const parts = tableParts(cursor);
  const like = cursor.accept('LIKE') ? likeClause(cursor) : undefined;
  const as = like === undefined && cursor.accept('AS') ? query(cursor) : undefined;
  const [first] = parts.elements;
  if (as === undefined && first?.kind === 'column-name') {
    const context = { source: cursor.tokens.source, position: first.position };
    throw errorOf('MR1023', { clause: 'column without a type' }, context);
  }
  return {
    kind: 'create-table', name, temporary: prefix.temporary, ifNotExists: notExists,
    replace: prefix.orReplace ? 'create-or-replace' : 'none', ...parts,
    position: cursor.from(prefix.start),
    ...(like === undefined ? {} : { like }),
    ...(as === undefined ? {} : { query: as }),
  };
}

type TableParts = Pick<
  CreateTable, 'elements' | 'comment' | 'distribution' | 'partitionedBy' | 'options'>;

/** [(elements)] [COMMENT] [DISTRIBUTED] [PARTITIONED BY] [WITH]. */
function tableParts(cursor: Cursor): TableParts {
  const elements = optionalTableElements(cursor);
  const comment = optionalComment(cursor);
  const distributed = cursor.accept('DISTRIBUTED') ? distribution(cursor) : undefined;
  const partitionedBy = cursor.acceptAll('PARTITIONED', 'BY') ? identifierList(cursor) : [];
  const options = optionalWith(cursor);
  return {
    elements, partitionedBy, options,
    ...(comment === undefined ? {} : { comment }),
    ...(distributed === undefined ? {} : { distribution: distributed }),
  };
}

function createMaterializedTable(cursor: Cursor, prefix: Prefix): CreateMaterializedTable {
  cursor.expect('TABLE');
  if (prefix.orReplace) refuse(cursor, prefix.start, 'OR REPLACE of a materialized table');
  const name = qualifiedName(cursor);
  const parts = tableParts(cursor);
  const start = startMode(cursor);
  const freshness = cursor.accept('FRESHNESS') ? freshnessValue(cursor) : undefined;
  const mode = cursor.accept('REFRESH_MODE') ? refreshMode(cursor) : undefined;
  cursor.expect('AS');
  const as = query(cursor);
  return {
    kind: 'create-materialized-table', name, orAlter: prefix.orAlter, ...parts, query: as,
    position: cursor.from(prefix.start),
    ...(start === undefined ? {} : { startMode: start }),
    ...(freshness === undefined ? {} : { freshness }),
    ...(mode === undefined ? {} : { refreshMode: mode }),
  };
}

/** = INTERVAL ..., behind FRESHNESS. */
export function freshnessValue(cursor: Cursor): Expression {
  cursor.expect('=');
  const at = cursor.index;
  const value = interval(cursor);
  if (value.kind !== 'interval-literal') refuse(cursor, at, 'FRESHNESS that is no literal');
  return value;
}

/** = FULL | CONTINUOUS, behind REFRESH_MODE. */
export function refreshMode(cursor: Cursor): 'full' | 'continuous' {
  cursor.expect('=');
  return cursor.expectOneOf('FULL', 'CONTINUOUS') === 'FULL' ? 'full' : 'continuous';
}

const startModes = {
  FROM_BEGINNING: 'from-beginning', FROM_NOW: 'from-now', FROM_TIMESTAMP: 'from-timestamp',
  RESUME_OR_FROM_BEGINNING: 'resume-or-from-beginning', RESUME_OR_FROM_NOW: 'resume-or-from-now',
  RESUME_OR_FROM_TIMESTAMP: 'resume-or-from-timestamp',
} as const;

function startMode(cursor: Cursor): StartMode | undefined {
  const start = cursor.index;
  if (!cursor.accept('START_MODE')) return undefined;
  cursor.expect('=');
  const word = cursor.expectOneOf(
    'FROM_BEGINNING', 'FROM_NOW', 'FROM_TIMESTAMP', 'RESUME_OR_FROM_BEGINNING',
    'RESUME_OR_FROM_NOW', 'RESUME_OR_FROM_TIMESTAMP');
  const mode = startModes[word];
  const value = startValue(cursor, word);
  return {
    kind: 'start-mode', mode, position: cursor.from(start),
    ...(value === undefined ? {} : { value }),
  };
}

function startValue(cursor: Cursor, word: keyof typeof startModes): Expression | undefined {
  if (word.endsWith('FROM_BEGINNING')) return undefined;
  if (word.endsWith('FROM_NOW') && !cursor.at('(')) return undefined;
  cursor.expect('(');
  const value = word.endsWith('FROM_NOW') ? interval(cursor) : dateTimeLiteral(cursor);
  if (value === undefined) cursor.unexpected('TIMESTAMP');
  cursor.expect(')');
  return value;
}

function createView(cursor: Cursor, prefix: Prefix): CreateView {
  const notExists = ifNotExists(cursor);
  const name = qualifiedName(cursor);
  const columns = optionalIdentifierList(cursor);
  const comment = optionalComment(cursor);
  cursor.expect('AS');
  const as = query(cursor);
  return {
    kind: 'create-view', name, orReplace: prefix.orReplace, temporary: prefix.temporary,
    ifNotExists: notExists, columns, query: as, position: cursor.from(prefix.start),
    ...(comment === undefined ? {} : { comment }),
  };
}

function createCatalog(cursor: Cursor, prefix: Prefix): CreateCatalog {
  const notExists = ifNotExists(cursor);
  const name = singleName(cursor);
  const comment = optionalComment(cursor);
  const options = optionalWith(cursor);
  return {
    kind: 'create-catalog', name, ifNotExists: notExists, options,
    position: cursor.from(prefix.start), ...(comment === undefined ? {} : { comment }),
  };
}

function createDatabase(cursor: Cursor, prefix: Prefix): CreateDatabase {
  const notExists = ifNotExists(cursor);
  const name = qualifiedName(cursor);
  const comment = optionalComment(cursor);
  const options = optionalWith(cursor);
  return {
    kind: 'create-database', name, ifNotExists: notExists, options,
    position: cursor.from(prefix.start), ...(comment === undefined ? {} : { comment }),
  };
}

function createFunction(cursor: Cursor, prefix: Prefix): CreateFunction {
  const notExists = ifNotExists(cursor);
  const name = prefix.system ? singleName(cursor) : qualifiedName(cursor);
  cursor.expect('AS');
  const implementation = stringLiteral(cursor);
  const language = functionLanguage(cursor);
  const at = cursor.index;
  const resources = cursor.accept('USING') ? cursor.list(functionResource) : [];
  if (resources.length > 0 && (language === 'python' || language === 'sql')) {
    refuse(cursor, at, `USING with language ${language}`);
  }
  const options = optionalWith(cursor);
  return {
    kind: 'create-function', name, orReplace: prefix.orReplace, temporary: prefix.temporary,
    system: prefix.system, ifNotExists: notExists, implementation, resources, options,
    position: cursor.from(prefix.start), ...(language === undefined ? {} : { language }),
  };
}

/** LANGUAGE JAVA | SCALA | SQL | PYTHON. */
export function functionLanguage(cursor: Cursor): FunctionLanguage | undefined {
  if (!cursor.accept('LANGUAGE')) return undefined;
  const word = cursor.expectOneOf('JAVA', 'SCALA', 'SQL', 'PYTHON');
  return word.toLowerCase() as Lowercase<typeof word>;
}

function functionResource(cursor: Cursor): FunctionResource {
  const start = cursor.index;
  const type = cursor.expectOneOf('JAR', 'ARTIFACT') === 'JAR' ? 'jar' : 'artifact';
  const path = stringValue(cursor);
  return { kind: 'function-resource', type, path, position: cursor.from(start) };
}

function createModel(cursor: Cursor, prefix: Prefix): CreateModel {
  const notExists = ifNotExists(cursor);
  const name = qualifiedName(cursor);
  const input = cursor.accept('INPUT') ? modelColumns(cursor) : [];
  const output = cursor.accept('OUTPUT') ? modelColumns(cursor) : [];
  const comment = optionalComment(cursor);
  const options = optionalWith(cursor);
  const as = cursor.accept('AS') ? query(cursor) : undefined;
  return {
    kind: 'create-model', name, temporary: prefix.temporary, ifNotExists: notExists,
    orReplace: prefix.orReplace, input, output, options, position: cursor.from(prefix.start),
    ...(comment === undefined ? {} : { comment }),
    ...(as === undefined ? {} : { query: as }),
  };
}

function modelColumns(cursor: Cursor): CreateModel['input'] {
  const columns = optionalTableElements(cursor);
  const [first] = columns;
  if (first?.kind !== 'column-name') return columns;
  const context = { source: cursor.tokens.source, position: first.position };
  throw errorOf('MR1023', { clause: 'column without a type' }, context);
}

function createConnection(cursor: Cursor, prefix: Prefix): CreateConnection {
  const notExists = ifNotExists(cursor);
  const name = prefix.system ? singleName(cursor) : qualifiedName(cursor);
  const comment = optionalComment(cursor);
  cursor.expect('WITH');
  const options = optionList(cursor);
  return {
    kind: 'create-connection', name, temporary: prefix.temporary, system: prefix.system,
    ifNotExists: notExists, options, position: cursor.from(prefix.start),
    ...(comment === undefined ? {} : { comment }),
  };
}

/** A name without dots, as a qualified name of one part. */
export function singleName(cursor: Cursor): QualifiedName {
  const part = identifier(cursor);
  return { kind: 'qualified-name', parts: [part], position: part.position };
}

function refuse(cursor: Cursor, at: number, clause: string): never {
  throw errorOf('MR1023', { clause }, cursor.context(at));
}
