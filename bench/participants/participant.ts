/** Who takes part in a benchmark: something that runs a statement after some set-up. */
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
  /** Columns of the result as DDL text, to declare the blackhole. */
  readonly sinkColumns: string;
  /** The input file; null where rows are generated. */
  readonly inputPath: string | null;
}

/** The timed statements, the last of which is the one measured. */
export function timedStatements(query: BenchQuery): string[] {
  return [
    ...query.setup,
    `CREATE TEMPORARY TABLE finished (${query.sinkColumns}) WITH ('connector' = 'blackhole')`,
    `INSERT INTO finished ${query.sql}`,
  ];
}
