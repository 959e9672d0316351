/**
 * The cases that Flink's own authors wrote, read from the *.jsonl files of a folder. A case's set
 * follows from its form, whatever its file is called.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const SETS = ['expressions', 'functions', 'programs', 'scripts'] as const;
export type SetName = (typeof SETS)[number];

/** Where the cases lie unless told otherwise: beside the project. */
export const DEFAULT_FOLDER = join(import.meta.dirname, '../../../shared/conformance');

export type Config = Readonly<Record<string, string>>;

export interface ExpectedError {
  readonly when: 'plan' | 'run';
}

/** An expression alone and the text of its value. */
export interface ExpressionCase {
  readonly id: string;
  readonly config?: Config;
  readonly sql: string;
  readonly text: string | null;
}

/** An expression over one row: its type and value, or an error. */
export interface FunctionCase {
  readonly id: string;
  readonly config?: Config;
  readonly input: readonly (readonly [name: string, type: string, value: unknown])[];
  readonly sql: string;
  readonly type?: string;
  readonly value?: unknown;
  readonly error?: ExpectedError;
}

export type ChangeRow = readonly [kind: string, fields: readonly unknown[]];

export interface ProgramTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly options?: Config;
  readonly partitionKeys?: readonly string[];
}

export interface ProgramSource extends ProgramTable {
  readonly rows?: readonly ChangeRow[];
  readonly rowsAfterRestore?: readonly ChangeRow[];
}

export interface ProgramSink extends ProgramTable {
  readonly compare: 'changelog' | 'materialized';
  readonly expect?: readonly ChangeRow[];
  readonly expectText?: readonly string[];
  readonly expectAfterRestore?: readonly ChangeRow[];
  readonly expectAfterRestoreText?: readonly string[];
  readonly deduplicateBy?: readonly number[];
}

export interface ProgramStep {
  readonly sql?: string;
  readonly statementSet?: readonly string[];
  readonly error?: unknown;
}

/** A whole SQL program over `values` tables. */
export interface ProgramCase {
  readonly id: string;
  readonly config?: Config;
  readonly sources: readonly ProgramSource[];
  readonly sinks: readonly ProgramSink[];
  readonly run: readonly ProgramStep[];
}

/** A statement of a client's script: it must parse where Flink took it. */
export interface ScriptCase {
  readonly id: string;
  readonly sql: string;
}

export interface CaseOf {
  readonly expressions: ExpressionCase;
  readonly functions: FunctionCase;
  readonly programs: ProgramCase;
  readonly scripts: ScriptCase;
}

type RawCase = Readonly<Record<string, unknown>> & { readonly id: string };

/** The folder's cases of one set; null where there is no such folder. */
export function readCases<Set extends SetName>(
  folder: string, set: Set,
): readonly CaseOf[Set][] | null {
  if (!existsSync(folder)) return null;
  const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl')).sort();
  const all = files.flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n')
    .filter((line) => line.trim() !== '').map((line) => JSON.parse(line) as RawCase));
  const ofSet = all.filter((one) => setOf(one) === set);
  const cases: unknown = set === 'scripts' ? ofSet.flatMap(statementsOf) : ofSet;
  return cases as readonly CaseOf[Set][];
}

function setOf(one: RawCase): SetName | undefined {
  if ('statements' in one) return 'scripts';
  if ('run' in one) return 'programs';
  if ('input' in one) return 'functions';
  return 'text' in one ? 'expressions' : undefined;
}

/** Words of the command line client, and lines at which its prompt waits for more. */
const NOT_STATEMENTS = /^\s*(quit|exit|clear|help|source)\b|^SELECT (';|\/\*;|--;)$/i;

function statementsOf(script: RawCase): ScriptCase[] {
  const statements = script['statements'] as { line: number; sql: string; status: string }[];
  return statements
    .filter(({ sql, status }) => status !== 'error' && !NOT_STATEMENTS.test(sql.trim()))
    .map(({ sql, line }, i) => ({ id: `${script.id}:${line}#${i}`, sql }));
}
