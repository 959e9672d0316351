/** Who takes part in a benchmark: something that runs a statement after some set-up. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Measurement {
  readonly ms: number;
  /** CPU time of the whole process during the run. */
  readonly cpuMs: number;
  /** Peak resident memory of the process so far, MiB. */
  readonly rssMb: number;
}

export interface Outcome {
  readonly changes: number;
  /** Rows of the folded table. */
  readonly rows: number;
  /** Order-free hash of the folded table; '' from a participant that cannot tell. */
  readonly hash: string;
}

export interface Participant {
  readonly name: string;
  readonly version: string;
  /** Runs a query once and hashes its result; not timed. */
  verify(query: BenchQuery): Promise<Outcome>;
  /** Runs the query into a blackhole that demands every column. */
  time(query: BenchQuery): Promise<Measurement>;
  close(): Promise<void>;
}

export interface BenchQuery {
  readonly name: string;
  /** Statements before the query, without semicolons. */
  readonly setup: readonly string[];
  readonly sql: string;
  /** Columns of the result as DDL text, to declare the table it is written into. */
  readonly sinkColumns: string;
  /** What stands behind them, {folder} an empty folder; a blackhole unless set. */
  readonly sinkClauses?: string;
  /**
   * What engines agree on at parallelism 1: the changes in their order, the changes, or only the
   * table that they fold to, where the order between two inputs is free.
   */
  readonly equality: 'order' | 'changes' | 'table';
  /** Columns whose value an update of Flink replaces without taking the old row back. */
  readonly upsertKey?: readonly number[];
  /** The order of rows of one time decides. */
  readonly readsInOrder?: true;
  /** Which rows are late depends on how its inputs interleave, in Flink too. */
  readonly lateRowsVary?: true;
  /** Names of its own functions, in nexmark/functions.ts. */
  readonly functions?: readonly string[];
  /** Flink cannot plan it at all. */
  readonly flinkRefuses?: true;
  /** What Flink is asked instead of `sql`, for the same rows. */
  readonly flinkSql?: string;
  /** What is run for the hash instead of `sql`, where the rows depend on the clock. */
  readonly checkSql?: string;
  /** The input file; null where rows are generated. */
  readonly inputPath: string | null;
}

/** The timed statements, the last of which is the one measured. */
export function timedStatements(query: BenchQuery, sql = query.sql): string[] {
  const { sinkClauses = "WITH ('connector' = 'blackhole')" } = query;
  const clauses = sinkClauses.replace('{folder}', emptyFolder);
  return [
    ...query.setup,
    `CREATE TEMPORARY TABLE finished (${query.sinkColumns}) ${clauses}`,
    `INSERT INTO finished ${sql}`,
  ];
}

function emptyFolder(): string {
  return mkdtempSync(join(tmpdir(), 'millrace-bench-'));
}
