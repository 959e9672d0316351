/**
 * What a statement gives: nothing but success, a small table, or the changes of a running job.
 * A query's changes can be read once, as rows, as Arrow record batches, or as our own batches.
 */
import type * as arrow from 'apache-arrow';
import { loadArrow } from '../batch/arrow-types.js';
import { toRecordBatch } from '../batch/arrow-export.js';
import { Batch, ROW_KIND_TEXT } from '../batch/batch.js';
import { columnOf } from '../batch/values.js';
import { fail } from '../errors/index.js';
import { notNull, STRING, typeToString, type RowField } from '../types/data-type.js';
import type { ResultStyle } from './commands/command-result.js';
import { ResultHash, type ResultSummary } from './result-hash.js';
import { rowsOf, type Row } from './row.js';

/** SET, DDL: done at once. QUERY: has rows. INSERT: a job without rows. */
export type StatementKind = 'SET' | 'DDL' | 'QUERY' | 'INSERT';

/** A column as Flink prints it: `['n', 'BIGINT NOT NULL']`. */
export interface ResultColumn {
  readonly name: string;
  readonly type: string;
}

/** What a running job tells and takes; a table that is there already has none of it. */
export interface JobHandle {
  /** Engines that run it: native, fallback, or both. */
  readonly engines: readonly string[];
  /** Resolves when every input ended and everything was written; rejects with the job's error. */
  readonly done: Promise<void>;
  cancel(): Promise<void>;
  progress(): JobProgress;
}

export interface JobProgress {
  /** Rows that sources have read so far. */
  readonly rowsRead: number;
  /** Rows dropped behind the watermark, and records that could not be read and were skipped. */
  readonly lateRows: number;
  readonly badRecords: number;
  /** Lowest watermark of the sinks, ms since the epoch; -Infinity before the first. */
  readonly watermark: number;
}

export class TableResult {
  readonly columns: readonly ResultColumn[];
  #taken = false;

  constructor(
    readonly kind: StatementKind,
    private readonly fields: readonly RowField[],
    private readonly source: AsyncIterable<Batch> | null,
    /** The job behind a query or an insert; null where there is none. */
    readonly job: JobHandle | null,
    /** Whether no change ever takes a row back. */
    readonly insertOnly: boolean,
    /** How Flink's client prints the rows: in a table, or as the text they are. */
    readonly style: ResultStyle = 'table',
    /** What a person should know of a statement that did succeed; null: nothing. */
    readonly warning: string | null = null,
  ) {
    this.columns = fields.map(({ name, type }) => ({ name, type: printedType(type) }));
  }

  /** Every change with its row kind, once: MR4021 after. Leaving the loop early cancels the job. */
  async *collect(): AsyncGenerator<Row> {
    for await (const batch of this.changes()) yield* rowsOf(batch, this.fields);
  }

  /**
   * apache-arrow record batches; with a leading `op` column (`+I`, `-U`, `+U`, `-D`) where the
   * result is not insert-only.
   */
  async *batches(): AsyncGenerator<arrow.RecordBatch> {
    const library = await loadArrow();
    const fields = this.insertOnly ? this.fields : [OP_FIELD, ...this.fields];
    for await (const batch of this.changes()) {
      if (batch.activeCount === 0) continue;
      yield toRecordBatch(library, this.insertOnly ? batch : withOpColumn(batch), fields);
    }
  }

  /** The batches as the engine made them; for tools that print or hash. */
  async *changes(): AsyncGenerator<Batch> {
    if (this.source === null) return;
    if (this.#taken) fail('MR4021', {});
    this.#taken = true;
    try {
      yield* this.source;
      await this.job?.done;
    } finally {
      await this.job?.cancel();
    }
  }

  /** Waits for the end; a query's rows that nobody read are dropped. */
  async await(): Promise<void> {
    if (this.kind === 'QUERY' && !this.#taken) {
      for await (const _dropped of this.changes());
      return;
    }
    await this.job?.done;
  }

  async cancel(): Promise<void> {
    await this.job?.cancel();
  }
}

/** Counts and hashes the rest of a result. */
export async function resultHash(result: TableResult): Promise<ResultSummary> {
  const hash = new ResultHash();
  for await (const batch of result.changes()) hash.add(batch);
  return hash.finish();
}

const OP_FIELD: RowField = { name: 'op', type: notNull(STRING) };

function withOpColumn(batch: Batch): Batch {
  const kinds = Array.from({ length: batch.rowCount }, (_, row) =>
    ROW_KIND_TEXT[(batch.rowKinds?.[row] ?? 0) as 0]);
  const columns = [columnOf(OP_FIELD.type, kinds), ...batch.columns];
  return new Batch(batch.rowCount, columns, batch.selection);
}

/** Time attributes print as Flink's schema prints them. */
function printedType(type: RowField['type']): string {
  const text = typeToString(type);
  return type.timeAttribute === undefined ? text : `${text} *${type.timeAttribute.toUpperCase()}*`;
}
