/** Programs: sources and sinks on the connector `values`, and what the sinks received. */
import { rowTexts } from '../../src/batch/format.js';
import { valueAt } from '../../src/batch/values.js';
import { ROW_KIND_TEXT, type Batch } from '../../src/batch/batch.js';
import type { Session } from '../../src/api/session.js';
import {
  UnsupportedError, type EngineChoice, type RowKindText, type TableEnvironment,
} from '../../src/index.js';
import type {
  ChangeRow, ProgramCase, ProgramSink, ProgramSource, ProgramStep, ProgramTable,
} from './cases.js';
import { environment } from './expression-case.js';
import { canonical, toInput, toNotation } from './notation.js';
import { failed, firstLine, ofError, PASSED, unsupported, type Outcome } from './outcome.js';

/** Options of Flink's test connector that change how it works, never what comes out. */
const NEUTRAL = new Set([
  'connector', 'bounded', 'terminating', 'runtime-source', 'disable-lookup', 'async',
  'enable-watermark-push-down', 'scan.watermark.emit.strategy', 'enable-projection-push-down',
  'filterable-fields', 'partition-list',
]);
/** Options that our connector has too. */
const SHARED = new Set([
  'changelog-mode', 'sink-changelog-mode-enforced', 'source.produces-delete-by-key',
  'sink.supports-delete-by-key', 'readable-metadata', 'writable-metadata',
]);
/** Options that mean something on the other side only, and those that say `false`. */
const ONE_SIDED = {
  source: /^sink[.-]|^writable-metadata$/,
  sink: /^source\.|^changelog-mode$|^readable-metadata$/,
} as const;

class MissingOption extends Error {}

export async function runProgram(one: ProgramCase, engine: EngineChoice): Promise<Outcome> {
  let step: ProgramStep | null = null;
  try {
    const env = environment(engine, one.config);
    for (const source of one.sources) await createSource(env, source);
    for (const sink of one.sinks) await env.executeSql(createTable(sink, 'sink', {}));
    const only = one.sinks.length === 1 ? one.sinks[0]!.name : null;
    for (step of one.run) {
      await execute(env, step, only);
      if (step.error !== undefined) return failed('no error, expected one');
    }
    const session = await env.session();
    const outcomes = one.sinks.map((sink) => judge(session, sink));
    return outcomes.find(({ status }) => status !== 'passed') ?? PASSED;
  } catch (error) {
    if (error instanceof MissingOption) return unsupported(error.message);
    const isExpected = step?.error !== undefined && !(error instanceof UnsupportedError);
    return isExpected && !firstLine(error).startsWith('MR9') ? PASSED : ofError(error);
  }
}

async function createSource(env: TableEnvironment, source: ProgramSource): Promise<void> {
  const rows = [...(source.rows ?? []), ...(source.rowsAfterRestore ?? [])];
  const id = env.registerData(rows.map(([kind, fields]) =>
    ({ kind: kind as RowKindText, row: fields.map(toInput) })));
  await env.executeSql(createTable(source, 'source', { 'data-id': id }));
}

function createTable(
  table: ProgramTable, side: 'source' | 'sink', forced: Readonly<Record<string, string>>,
): string {
  const options: Record<string, string> = { connector: 'values', ...forced };
  for (const [key, value] of Object.entries(table.options ?? {})) {
    if (NEUTRAL.has(key) || ONE_SIDED[side].test(key) || value === 'false') continue;
    if (!SHARED.has(key)) throw new MissingOption(`option of the connector values: ${key}`);
    options[key] = value;
  }
  const pairs = Object.entries(options)
    .map(([key, value]) => `'${key}' = '${value.replaceAll("'", "''")}'`).join(', ');
  const keys = table.partitionKeys === undefined ? ''
    : ` PARTITIONED BY (${table.partitionKeys.map((key) => `\`${key}\``).join(', ')})`;
  return `CREATE TABLE \`${table.name}\` (${table.columns.join(',\n')})${keys} WITH (${pairs})`;
}

/** As the cases were asked: a bare SELECT goes into the only sink. */
async function execute(
  env: TableEnvironment, step: ProgramStep, sink: string | null,
): Promise<void> {
  if (step.statementSet !== undefined) {
    const set = `EXECUTE STATEMENT SET BEGIN ${step.statementSet.join(';\n')}; END`;
    await (await env.executeSql(set)).await();
    return;
  }
  const sql = step.sql ?? '';
  const isQuery = /^\s*SELECT/i.test(sql) && sink !== null;
  await (await env.executeSql(isQuery ? `INSERT INTO \`${sink}\` ${sql}` : sql)).await();
}

/** A change in the form of the expectation: printed, or in the notation. */
type Form = (batch: Batch) => Iterable<{ kind: RowKindText; row: string }>;

function* printed(batch: Batch): Generator<{ kind: RowKindText; row: string }> {
  for (const text of rowTexts(batch)) yield parts(text);
}

function* noted(batch: Batch): Generator<{ kind: RowKindText; row: string }> {
  for (let i = 0; i < batch.activeCount; i++) {
    const at = batch.selection === null ? i : batch.selection[i]!;
    const values = batch.columns.map((column) => toNotation(valueAt(column, at), column.type));
    yield {
      kind: ROW_KIND_TEXT[(batch.rowKinds?.[at] ?? 0) as 0], row: canonical(values),
    };
  }
}

const parts = (text: string): { kind: RowKindText; row: string } =>
  ({ kind: text.slice(0, 2) as RowKindText, row: text.slice(2) });

function judge(session: Session, sink: ProgramSink): Outcome {
  const isText = sink.expectText !== undefined || sink.expectAfterRestoreText !== undefined;
  const form: Form = isText ? printed : noted;
  const changes = session.collectedBatches(sink.name).flatMap((batch) => [...form(batch)]);
  const actual = sink.compare === 'materialized' ? fold(session, sink, changes) : changes;
  const expected = isText
    ? [...(sink.expectText ?? []), ...(sink.expectAfterRestoreText ?? [])].map(parts)
    : [...(sink.expect ?? []), ...(sink.expectAfterRestore ?? [])].map(expectedRow);
  const [left, right] = [actual, expected].map((rows) =>
    rows.map(({ kind, row }) => `${kind} ${row}`).sort()) as [string[], string[]];
  const at = right.findIndex((row, i) => row !== left[i]);
  if (at < 0 && left.length === right.length) return PASSED;
  const place = at < 0 ? right.length : at;
  return failed(`sink ${sink.name}: ${left[place] ?? 'no row'}, expected ` +
    `${right[place] ?? 'no row'} (${left.length} rows, expected ${right.length})`);
}

function expectedRow([kind, fields]: ChangeRow): { kind: RowKindText; row: string } {
  return { kind: kind as RowKindText, row: canonical(fields) };
}

/** The table that the changes leave behind: by its key where it has one. */
function fold(
  session: Session, sink: ProgramSink,
  changes: readonly { kind: RowKindText; row: string }[],
): { kind: RowKindText; row: string }[] {
  const keys = keyTexts(session, sink);
  const table = new Map<string, string[]>();
  changes.forEach(({ kind, row }, i) => {
    const key = keys?.[i] ?? row;
    const rows = keys === null ? table.get(key) ?? [] : [];
    if (kind === '+I' || kind === '+U') table.set(key, [...rows, row]);
    else table.set(key, rows.slice(1));
  });
  return [...table.values()].flat().map((row) => ({ kind: '+I', row }));
}

/** The primary key of each change; null for a table without one. */
function keyTexts(session: Session, sink: ProgramSink): string[] | null {
  const object = session.catalog.find(session.catalog.path([sink.name]));
  if (object?.kind !== 'table' || object.primaryKey.length === 0) return null;
  const names = object.columns.filter(({ kind }) => kind === 'physical').map(({ name }) => name);
  const at = object.primaryKey.map((name) => names.indexOf(name));
  return session.collectedBatches(sink.name).flatMap((batch) =>
    Array.from({ length: batch.activeCount }, (_, i) => {
      const row = batch.selection === null ? i : batch.selection[i]!;
      return at.map((c) => canonical(toNotation(valueAt(batch.columns[c]!, row),
        batch.columns[c]!.type))).join('\u0000');
    }));
}
