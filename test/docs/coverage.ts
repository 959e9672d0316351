/**
 * Which features of Flink each engine has: the probes of spec/coverage are run, and
 * docs/coverage.md is written from what came out.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COVERAGE } from '../../spec/coverage/index.js';
import type { CoverageRow, Probe } from '../../spec/coverage/row.js';
import { MillraceError, parseScript, TableEnvironment } from '../../src/index.js';
import type { Flink } from '../support/flink.js';

type Engine = 'native' | 'fallback';

/** Why a probe fails; null = it runs. */
type Reason = string | null;

export interface Judged {
  readonly row: CoverageRow;
  readonly native: Reason;
  readonly fallback: Reason;
}

const ROOT = join(import.meta.dirname, '..', '..');
const TABLES = readFileSync(join(ROOT, 'spec', 'coverage', 'tables.sql'), 'utf8');
const FLINK_FILE = join(import.meta.dirname, 'coverage-flink.json');

function statementsOf(probe: Probe): readonly string[] {
  return typeof probe === 'string' ? [probe] : probe;
}

/** Runs a statement to its end: its rows, or those that its sink takes, are none. */
async function run(env: TableEnvironment, sql: string): Promise<void> {
  const result = await env.executeSql(sql);
  for await (const _ of result.collect()) break;
}

async function environment(engine: Engine, file: string): Promise<TableEnvironment> {
  const env = TableEnvironment.create({ engine });
  for (const { text } of await parseScript(TABLES.replaceAll('{file}', file))) {
    try {
      await env.executeSql(text);
    } catch (error) {
      if (!(error instanceof MillraceError)) throw error;
    }
  }
  return env;
}

async function reasonOf(row: CoverageRow, engine: Engine, file: string): Promise<Reason> {
  const env = await environment(engine, file);
  try {
    for (const probe of row.probes) {
      for (const sql of statementsOf(probe)) await run(env, sql.replaceAll('{file}', file));
    }
    return null;
  } catch (error) {
    if (error instanceof MillraceError) return `${error.code} ${error.text}`.split('\n')[0]!;
    throw new Error(`${row.id} ${row.feature} on ${engine}`, { cause: error });
  }
}

/** Every row of spec/coverage on both engines. */
export async function judgeAll(): Promise<ReadonlyMap<string, readonly Judged[]>> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-coverage-'));
  const file = join(folder, 'empty.json');
  writeFileSync(file, '');
  const sections = new Map<string, readonly Judged[]>();
  try {
    for (const { title, rows } of COVERAGE) {
      const judged: Judged[] = [];
      for (const row of rows) {
        judged.push({
          row, native: await reasonOf(row, 'native', file),
          fallback: await reasonOf(row, 'fallback', file),
        });
      }
      sections.set(title, judged);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return sections;
}

/** Statements that Flink refuses in a streaming session too: test/arbiter/catalog/commands.sql. */
const REFUSED_STATEMENTS = ['S-017 UPDATE / DELETE / TRUNCATE TABLE', 'S-020 DESCRIBE DATABASE',
  'S-021 SHOW PROCEDURES', 'S-021 SHOW JOBS', 'S-026 STOP JOB', 'S-027 CALL',
  'S-028 ANALYZE TABLE'];

/** Features, as `id feature`, of which the real Flink 2.3 refuses a probe in streaming mode. */
export function refusedByFlink(): ReadonlySet<string> {
  const asked = JSON.parse(readFileSync(FLINK_FILE, 'utf8')) as string[];
  return new Set([...asked, ...REFUSED_STATEMENTS]);
}

export function nameOf(row: CoverageRow): string {
  return `${row.id} ${row.feature}`;
}

/**
 * Asks Flink to plan every probe and keeps the names of what it refuses. Statements are not asked:
 * half of them are the SQL client's own.
 */
export async function askFlink(flink: Flink): Promise<void> {
  const refused: string[] = [];
  const tables = TABLES.replaceAll('{file}', '/tmp/none.json');
  const asked = COVERAGE.filter(({ title }) => title !== 'Statements');
  for (const row of asked.flatMap((section) => section.rows)) {
    for (const probe of row.probes) {
      const statements = statementsOf(probe).map((sql) => sql.replaceAll('{file}', '/tmp/none'));
      const questions = statements.map((sql) =>
        (/^(SELECT|WITH|VALUES|INSERT)/.test(sql) ? `EXPLAIN ${sql}` : sql));
      const lines = await flink.ask({ script: `${tables}\n${questions.join(';\n')};` });
      const error = lines.find((line) => line['error'] !== undefined);
      if (error === undefined) continue;
      refused.push(nameOf(row));
      console.error(`${nameOf(row)}: ${String(error['error']).split('\n')[0]!.slice(0, 160)}`);
      break;
    }
  }
  writeFileSync(FLINK_FILE, `${JSON.stringify(refused, null, 1)}\n`);
}

const isThere = (judged: Judged, engine: Engine): boolean =>
  judged[engine] === null && judged.row.withoutEffect === undefined;

function line(judged: Judged, isRefused: boolean): string {
  const { row, native, fallback } = judged;
  const reason = native ?? fallback ?? '';
  const note = isRefused && reason !== '' ? `refused by Flink too: ${reason}`
    : reason === '' && row.withoutEffect !== undefined ? `accepted: ${row.withoutEffect}` : reason;
  const cell = (engine: Engine): string => (isThere(judged, engine) ? 'yes' : 'no');
  const cells = [row.id, row.feature, cell('native'), cell('fallback'), note];
  return `| ${cells.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** The text of docs/coverage.md. */
export function coverageText(sections: ReadonlyMap<string, readonly Judged[]>): string {
  const refused = refusedByFlink();
  const all = [...sections.values()].flat();
  const wanted = all.filter(({ row }) => !refused.has(nameOf(row)));
  const have = (engine: Engine): number => wanted.filter((one) => isThere(one, engine)).length;
  const text = [
    '# What of Flink is here', '',
    'Written by `npm run coverage`, which runs the SQL that stands for each feature',
    '([spec/coverage](../spec/coverage)) on both engines; a test fails where this page is stale.',
    `Of ${wanted.length} features that Flink 2.3 has in streaming mode, the native engine has`,
    `${have('native')} and the fallback ${have('fallback')}. The last column is what a user reads`,
    'where one is missing.', '',
  ];
  for (const [title, judged] of sections) {
    text.push(`## ${title}`, '', '| id | feature | native | fallback | otherwise |',
      '|---|---|---|---|---|',
      ...judged.map((one) => line(one, refused.has(nameOf(one.row)))), '');
  }
  return `${text.join('\n').trimEnd()}\n`;
}
