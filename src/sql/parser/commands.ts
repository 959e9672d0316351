/**
 * Short commands: DROP, SHOW, DESCRIBE, USE, SET, jars, jobs, modules, CALL, ANALYZE, TRUNCATE.
 */
import type {
  AnalyzeTable, CallProcedure, CommandStatement, Describe, DescribeJob, Drop, ResetStatement,
  SetStatement, Show, ShowFilter, StopJob,
} from '../ast/index.js';
import { errorOf } from '../../errors/index.js';
import { routineCall } from './calls.js';
import { singleName } from './create.js';
import type { Cursor } from './cursor.js';
import { atString, stringLiteral } from './literals.js';
import { identifier, ifExists, optionalWith, qualifiedName, stringValue } from './names.js';
import { optionalPartition } from './table-elements.js';

/** DROP ... */
export function drop(cursor: Cursor): Drop {
  const start = cursor.index;
  cursor.expect('DROP');
  const temporary = cursor.accept('TEMPORARY');
  const system = cursor.accept('SYSTEM');
  const object = droppedObject(cursor, temporary, system);
  const exists = ifExists(cursor);
  const name = qualifiedName(cursor);
  const behavior = object === 'database' ? cursor.acceptOneOf('RESTRICT', 'CASCADE') : undefined;
  return {
    kind: 'drop', object, name, ifExists: exists, temporary, system, position: cursor.from(start),
    ...(behavior === undefined ? {}
      : { behavior: behavior === 'CASCADE' ? 'cascade' : 'restrict' }),
  };
}

function droppedObject(cursor: Cursor, temporary: boolean, system: boolean): Drop['object'] {
  const word = system ? cursor.expectOneOf('FUNCTION', 'CONNECTION')
    : temporary ? cursor.expectOneOf('TABLE', 'VIEW', 'FUNCTION', 'MODEL', 'CONNECTION')
      : cursor.expectOneOf('TABLE', 'VIEW', 'DATABASE', 'CATALOG', 'FUNCTION', 'MODEL',
        'CONNECTION', 'MATERIALIZED');
  if (word !== 'MATERIALIZED') return word.toLowerCase() as Lowercase<typeof word>;
  cursor.expect('TABLE');
  return 'materialized-table';
}

/** What SHOW lists: the words, and what may follow them. */
const showRules: readonly {
  readonly words: readonly string[];
  readonly objects: Show['objects'];
  readonly modifier?: Show['modifier'];
  readonly scope?: 'optional' | 'required';
  readonly filter?: readonly ('LIKE' | 'ILIKE')[];
}[] = [
  { words: ['CATALOGS'], objects: 'catalogs', filter: ['LIKE', 'ILIKE'] },
  { words: ['DATABASES'], objects: 'databases', scope: 'optional', filter: ['LIKE', 'ILIKE'] },
  { words: ['TABLES'], objects: 'tables', scope: 'optional', filter: ['LIKE'] },
  { words: ['VIEWS'], objects: 'views', scope: 'optional', filter: ['LIKE'] },
  { words: ['MATERIALIZED', 'TABLES'], objects: 'materialized-tables', scope: 'optional',
    filter: ['LIKE'] },
  { words: ['COLUMNS'], objects: 'columns', scope: 'required', filter: ['LIKE'] },
  { words: ['FUNCTIONS'], objects: 'functions', scope: 'optional', filter: ['LIKE', 'ILIKE'] },
  { words: ['USER', 'FUNCTIONS'], objects: 'functions', modifier: 'user', scope: 'optional',
    filter: ['LIKE', 'ILIKE'] },
  { words: ['PROCEDURES'], objects: 'procedures', scope: 'optional', filter: ['LIKE', 'ILIKE'] },
  { words: ['MODELS'], objects: 'models', scope: 'optional', filter: ['LIKE', 'ILIKE'] },
  { words: ['CONNECTIONS'], objects: 'connections', scope: 'optional',
    filter: ['LIKE', 'ILIKE'] },
  { words: ['MODULES'], objects: 'modules' },
  { words: ['FULL', 'MODULES'], objects: 'modules', modifier: 'full' },
  { words: ['JARS'], objects: 'jars' },
  { words: ['JOBS'], objects: 'jobs' },
];

/** SHOW ... */
export function show(cursor: Cursor): CommandStatement {
  const start = cursor.index;
  cursor.expect('SHOW');
  if (cursor.accept('CREATE')) return showCreate(cursor, start);
  if (cursor.accept('CURRENT')) {
    const object = cursor.expectOneOf('CATALOG', 'DATABASE') === 'CATALOG' ? 'catalog' : 'database';
    return { kind: 'show-current', object, position: cursor.from(start) };
  }
  if (cursor.accept('PARTITIONS')) {
    const table = qualifiedName(cursor);
    const part = optionalPartition(cursor);
    return {
      kind: 'show-partitions', table, position: cursor.from(start),
      ...(part === undefined ? {} : { partition: part }),
    };
  }
  return showObjects(cursor, start);
}

function showObjects(cursor: Cursor, start: number): Show {
  const rule = showRules.find(({ words }) => cursor.acceptAll(...words));
  if (rule === undefined) cursor.unexpected();
  const preposition = rule.scope === 'required' ? cursor.expectOneOf('FROM', 'IN')
    : rule.scope === 'optional' ? cursor.acceptOneOf('FROM', 'IN') : undefined;
  const catalog = rule.objects === 'databases';
  const scope = preposition === undefined ? undefined
    : catalog ? singleName(cursor) : qualifiedName(cursor);
  const filter = rule.filter === undefined ? undefined : showFilter(cursor, rule.filter);
  return {
    kind: 'show', objects: rule.objects, position: cursor.from(start),
    ...(rule.modifier === undefined ? {} : { modifier: rule.modifier }),
    ...(preposition === undefined ? {} : { preposition: preposition === 'IN' ? 'in' : 'from' }),
    ...(scope === undefined ? {} : { scope }),
    ...(filter === undefined ? {} : { filter }),
  };
}

function showFilter(
  cursor: Cursor, allowed: readonly ('LIKE' | 'ILIKE')[],
): ShowFilter | undefined {
  const start = cursor.index;
  const negated = cursor.accept('NOT');
  const word = negated ? cursor.expectOneOf(...allowed) : cursor.acceptOneOf(...allowed);
  if (word === undefined) return undefined;
  const operator = word === 'LIKE' ? 'like' : 'ilike';
  const pattern = stringValue(cursor);
  return { kind: 'show-filter', operator, negated, pattern, position: cursor.from(start) };
}

function showCreate(cursor: Cursor, start: number): CommandStatement {
  const word = cursor.expectOneOf(
    'TABLE', 'VIEW', 'CATALOG', 'MODEL', 'CONNECTION', 'MATERIALIZED');
  if (word === 'MATERIALIZED') cursor.expect('TABLE');
  const object = word === 'MATERIALIZED' ? 'materialized-table'
    : word.toLowerCase() as Lowercase<typeof word>;
  const name = qualifiedName(cursor);
  return { kind: 'show-create', object, name, position: cursor.from(start) };
}

/** DESCRIBE ..., DESC ... */
export function describe(cursor: Cursor): Describe | DescribeJob {
  const start = cursor.index;
  cursor.expectOneOf('DESCRIBE', 'DESC');
  if (cursor.accept('JOB')) {
    return { kind: 'describe-job', job: stringLiteral(cursor), position: cursor.from(start) };
  }
  const object = describedObject(cursor);
  const extended = cursor.tokens.words[cursor.index - 1] !== 'TABLE'
    && cursor.accept('EXTENDED');
  const name = object === 'catalog' ? singleName(cursor) : qualifiedName(cursor);
  return { kind: 'describe', object, extended, name, position: cursor.from(start) };
}

function describedObject(cursor: Cursor): Describe['object'] {
  const word = cursor.acceptOneOf(
    'CATALOG', 'DATABASE', 'FUNCTION', 'MODEL', 'CONNECTION', 'TABLE');
  return word === undefined ? 'table' : word.toLowerCase() as Lowercase<typeof word>;
}

/** USE ... */
export function use(cursor: Cursor): CommandStatement {
  const start = cursor.index;
  cursor.expect('USE');
  if (cursor.accept('MODULES')) {
    const modules = cursor.list(identifier);
    return { kind: 'use-modules', modules, position: cursor.from(start) };
  }
  const catalog = cursor.accept('CATALOG');
  const name = catalog ? singleName(cursor) : qualifiedName(cursor);
  const kind = catalog ? 'use-catalog' : 'use-database';
  return { kind, name, position: cursor.from(start) };
}

/** LOAD MODULE, UNLOAD MODULE. */
export function moduleStatement(cursor: Cursor): CommandStatement {
  const start = cursor.index;
  const load = cursor.expectOneOf('LOAD', 'UNLOAD') === 'LOAD';
  cursor.expect('MODULE');
  const name = identifier(cursor);
  if (!load) return { kind: 'unload-module', name, position: cursor.from(start) };
  const options = optionalWith(cursor);
  return { kind: 'load-module', name, options, position: cursor.from(start) };
}

/** SET ['key' = 'value'], or without quotes as the client of Flink takes it. */
export function set(cursor: Cursor): SetStatement {
  const start = cursor.index;
  cursor.expect('SET');
  if (!atString(cursor)) {
    const [key, quoted, plain] = unquoted(cursor, /([^'\s;]+)\s*=\s*(?:'([^']*)'|([^;\s]+))/y);
    const value = quoted ?? plain;
    const position = endOfSetting(cursor, start);
    return key === undefined || value === undefined ? { kind: 'set', position }
      : { kind: 'set', key, value, position };
  }
  const key = stringValue(cursor);
  cursor.expect('=');
  const value = stringValue(cursor);
  return { kind: 'set', key, value, position: cursor.from(start) };
}

/** RESET ['key']. */
export function reset(cursor: Cursor): ResetStatement {
  const start = cursor.index;
  cursor.expect('RESET');
  if (!atString(cursor)) {
    const [key] = unquoted(cursor, /([^'\s;]+)/y);
    const position = endOfSetting(cursor, start);
    return key === undefined ? { kind: 'reset', position } : { kind: 'reset', key, position };
  }
  const key = stringValue(cursor);
  return { kind: 'reset', key, position: cursor.from(start) };
}

/** Matches the text from the next token on and moves behind it; empty if it does not match. */
function unquoted(cursor: Cursor, pattern: RegExp): readonly (string | undefined)[] {
  const { source, starts, kinds } = cursor.tokens;
  pattern.lastIndex = starts[cursor.index] ?? source.length;
  const match = pattern.exec(source);
  if (match === null) return [];
  while ((starts[cursor.index] ?? 0) < pattern.lastIndex && kinds[cursor.index] !== 0) {
    cursor.index++;
  }
  return match.slice(1);
}

/** What is neither quoted nor of the form key = value gets a hint. */
function endOfSetting(cursor: Cursor, start: number): SetStatement['position'] {
  if (cursor.kind() === 0 || cursor.at(';')) return cursor.from(start);
  const context = cursor.context(cursor.index);
  const hint = "put key and value into quotes: SET 'key' = 'value'";
  throw errorOf('MR1001', { token: `'${cursor.text()}'` }, { ...context, hint });
}

/** ADD JAR 'path', REMOVE JAR 'path'. */
export function jar(cursor: Cursor): CommandStatement {
  const start = cursor.index;
  const kind = cursor.expectOneOf('ADD', 'REMOVE') === 'ADD' ? 'add-jar' : 'remove-jar';
  cursor.expect('JAR');
  return { kind, path: stringValue(cursor), position: cursor.from(start) };
}

/** STOP JOB 'id' [WITH SAVEPOINT [WITH DRAIN]]. */
export function stopJob(cursor: Cursor): StopJob {
  const start = cursor.index;
  cursor.expect('STOP', 'JOB');
  const job = stringLiteral(cursor);
  const savepoint = cursor.acceptAll('WITH', 'SAVEPOINT');
  const drain = savepoint && cursor.acceptAll('WITH', 'DRAIN');
  return { kind: 'stop-job', job, savepoint, drain, position: cursor.from(start) };
}

/** CALL procedure(arguments). */
export function callProcedure(cursor: Cursor): CallProcedure {
  const start = cursor.index;
  cursor.expect('CALL');
  return { kind: 'call', call: routineCall(cursor), position: cursor.from(start) };
}

/** ANALYZE TABLE ... COMPUTE STATISTICS. */
export function analyzeTable(cursor: Cursor): AnalyzeTable {
  const start = cursor.index;
  cursor.expect('ANALYZE', 'TABLE');
  const name = qualifiedName(cursor);
  const part = optionalPartition(cursor, true);
  cursor.expect('COMPUTE', 'STATISTICS');
  let columns: AnalyzeTable['columns'];
  if (cursor.accept('FOR')) {
    if (cursor.acceptAll('ALL', 'COLUMNS')) columns = 'all';
    else {
      cursor.expect('COLUMNS');
      columns = cursor.list(identifier);
    }
  }
  return {
    kind: 'analyze-table', name, position: cursor.from(start),
    ...(part === undefined ? {} : { partition: part }),
    ...(columns === undefined ? {} : { columns }),
  };
}

/** TRUNCATE TABLE name. */
export function truncateTable(cursor: Cursor): CommandStatement {
  const start = cursor.index;
  cursor.expect('TRUNCATE', 'TABLE');
  return { kind: 'truncate-table', name: qualifiedName(cursor), position: cursor.from(start) };
}
