/**
 * Rows into files of a folder, as JSON or CSV lines, a folder a partition. What a checkpoint
 * covers gets its final name when the checkpoint is complete, the rest at the end of the input.
 */
import { Batch, ROW_KIND } from '../../batch/batch.js';
import { ColumnBuilder } from '../../batch/builder.js';
import { type Column, readBigI64 } from '../../batch/column.js';
import { textAt } from '../../batch/strings.js';
import { fail } from '../../errors/index.js';
import { CsvEncoder } from '../../formats/csv/encoder.js';
import { parseCsvOptions } from '../../formats/csv/options.js';
import { ChangeEncoder } from '../../formats/json/change-encoder.js';
import { JsonEncoder, parseJsonEncoderOptions } from '../../formats/json/encoder.js';
import { ENVELOPES } from '../../formats/json/envelope.js';
import type { TextBuffer } from '../../formats/text-buffer.js';
import type { Operator, OperatorContext, Output, StateTable } from '../../operators/operator.js';
import type { FormatSpec, SinkNode } from '../../plan/physical/plan.js';
import { BIGINT, notNull, type RowField, STRING } from '../../types/data-type.js';
import { dateText } from '../../types/temporal-text.js';
import { FOLDER_TYPES, NULL_PART } from './file-columns.js';
import { PartFiles, type Rolling } from './part-files.js';
import { PartitionCommit } from './partition-commit.js';
import { localPath } from './source.js';

const PENDING: StateTable = {
  name: 'pending', fields: [{ name: 'path', type: notNull(STRING) }], keyCount: 0,
};
/** Partitions with rows that are not marked complete yet. */
const PARTITIONS: StateTable = {
  name: 'partitions',
  fields: [{ name: 'part', type: notNull(STRING) }, { name: 'since_ms', type: notNull(BIGINT) }],
  keyCount: 0,
};
const NEWLINE = 10;

type EncodeRow = (batch: Batch, row: number, kind: number, out: TextBuffer) => void;

interface PartitionColumn {
  readonly column: number;
  readonly name: string;
}

class FilesystemSink implements Operator {
  readonly stateTables: readonly StateTable[];
  #watermark = -Infinity;
  /** The watermark at the last barrier. */
  #sealedWatermark = -Infinity;

  constructor(
    private readonly files: PartFiles,
    private readonly partition: readonly PartitionColumn[],
    /** Columns in the files: all but the partition's. */
    private readonly written: readonly number[],
    private readonly encode: EncodeRow,
    private readonly nullPart: string,
    private readonly marks: PartitionCommit | null,
    private readonly nowMs: () => number,
  ) {
    this.stateTables = marks === null ? [PENDING] : [PENDING, PARTITIONS];
  }

  process(batch: Batch, _input: number, output: Output): void {
    const kinds = batch.rowKinds;
    const written = new Batch(batch.rowCount, this.written.map((i) => batch.columns[i]!));
    const count = batch.activeCount;
    for (let i = 0; i < count; i++) {
      const row = batch.selection === null ? i : batch.selection[i]!;
      const part = this.partOf(batch, row);
      const text = this.files.textOf(part);
      this.encode(written, row, kinds === null ? ROW_KIND.INSERT : kinds[row]!, text);
      text.byte(NEWLINE);
      this.files.appended(part);
    }
    const last = batch.watermarks.at(-1);
    if (last !== undefined) {
      this.#watermark = last.watermark;
      output.emit(new Batch(0, [], null, null, [{ row: 0, watermark: last.watermark }]));
    }
  }

  prepareBarrier(): void {
    this.files.seal();
    this.marks?.seal();
    this.#sealedWatermark = this.#watermark;
  }

  checkpointComplete(): void {
    this.files.commit();
    this.marks?.commit(this.nowMs(), this.#sealedWatermark);
  }

  finish(): void {
    this.files.seal();
    this.files.commit();
    this.marks?.seal();
    this.marks?.commit(this.nowMs(), Infinity);
  }

  deadlineMs(): number {
    return this.files.deadlineMs();
  }

  onClock(nowMs: number): void {
    this.files.rollAged(nowMs);
  }

  close(): void {
    this.files.abandon();
  }

  snapshot(table: StateTable): Batch {
    if (table.name === PARTITIONS.name) return partitionsBatch(this.marks!.awaited());
    const paths = new ColumnBuilder(notNull(STRING));
    for (const path of this.files.pending) paths.append(path);
    return new Batch(this.files.pending.length, [paths.finish()]);
  }

  restore(table: StateTable, content: Batch): void {
    for (let row = 0; row < content.rowCount; row++) {
      if (table.name === PARTITIONS.name) {
        const since = readBigI64(content.columns[1]!.values as Int32Array, row);
        this.marks?.restore(textAt(content.columns[0]!, row), Number(since));
        continue;
      }
      this.files.commitRestored(textAt(content.columns[0]!, row));
    }
  }

  /** col=value/ for each partition column. */
  private partOf(batch: Batch, row: number): string {
    let part = '';
    for (const { column, name } of this.partition) {
      const value = valueText(batch.columns[column]!, row);
      part += `${name}=${value === '' ? this.nullPart : escaped(value)}/`;
    }
    this.marks?.noticed(part, () => this.partition.map(({ column }) =>
      valueText(batch.columns[column]!, row) || this.nullPart), this.nowMs());
    return part;
  }
}

function partitionsBatch(awaited: ReturnType<PartitionCommit['awaited']>): Batch {
  const columns = PARTITIONS.fields.map(({ type }) => new ColumnBuilder(type));
  for (const [part, sinceMs] of awaited) {
    columns[0]!.append(part);
    columns[1]!.append(BigInt(sinceMs));
  }
  return new Batch(awaited.length, columns.map((column) => column.finish()));
}

function valueText(column: Column, row: number): string {
  if (column.isNull(row)) return '';
  const at = column.constant ? 0 : row;
  switch (column.physical) {
    case 'string':
      return textAt(column, at);
    case 'bool':
      return column.values[at] === 0 ? 'false' : 'true';
    case 'i64':
      return String(readBigI64(column.values as Int32Array, at));
    default: {
      const value = column.values[at]!;
      return column.type.root === 'DATE' ? dateText(value) : String(value);
    }
  }
}

/** Characters that Flink escapes in the name of a partition's folder. */
const ESCAPED = /[\x01-\x1f"#%'*/:=?\\\x7f{[\]^]/g;

function escaped(value: string): string {
  return value.replace(ESCAPED, (c) =>
    `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}

/** The options as the planner leaves them: ms and bytes. */
function rollingOf(options: Readonly<Record<string, string>>): Rolling {
  const minutes = (count: number): number => count * 60_000;
  const read = (name: string, absent: number): number =>
    Number(options[`sink.rolling-policy.${name}`] ?? absent);
  return {
    bytes: read('file-size', 128 * 1024 * 1024), ageMs: read('rollover-interval', minutes(30)),
    idleMs: read('inactivity-interval', minutes(30)), checkMs: read('check-interval', minutes(1)),
  };
}

function encoderOf(format: FormatSpec, schema: readonly RowField[]): EncodeRow {
  switch (format.name) {
    case 'json': {
      const encoder = new JsonEncoder(schema, parseJsonEncoderOptions(format.options));
      return (batch, row, _kind, out) => encoder.encode(batch, row, out);
    }
    case 'csv': {
      const encoder = new CsvEncoder(schema, parseCsvOptions(format.options));
      return (batch, row, _kind, out) => encoder.encode(batch.columns, row, out);
    }
    default: {
      if (!Object.hasOwn(ENVELOPES, format.name)) {
        fail('MR2100', { feature: `writing files of format ${format.name}` });
      }
      const encoder = new ChangeEncoder(format.name, schema, format.options);
      return (batch, row, kind, out) => encoder.encode(batch, row, kind, out);
    }
  }
}

/** The filesystem sink of a plan node. */
export function makeFilesystemSink(
  node: SinkNode, _inputs: readonly (readonly RowField[])[], context: OperatorContext,
): Operator {
  // The table's columns: the query may name its own otherwise.
  const { schema } = node;
  if (node.format === null) fail('MR2009', { name: 'format' });
  const partition = node.partition.map((column): PartitionColumn => {
    const { name, type } = schema[column]!;
    if (!FOLDER_TYPES.has(type.root)) {
      fail('MR2104', { engine: 'fallback', feature: `partition column ${name}` });
    }
    return { column, name: escaped(name) };
  });
  const written = schema.map((_, i) => i).filter((i) => !node.partition.includes(i));
  const encode = encoderOf(node.format, written.map((i) => schema[i]!));
  const path = localPath(node.options);
  const folder = path.endsWith('/') ? path : `${path}/`;
  const nowMs = (): number => context.nowMs();
  const files = new PartFiles(path, context.subtask, rollingOf(node.options), nowMs);
  const names = node.partition.map((column) => schema[column]!.name);
  const marks = PartitionCommit.of(node.options, folder, names, context.parallelism);
  const nullPart = node.options['partition.default-name'] ?? NULL_PART;
  return new FilesystemSink(files, partition, written, encode, nullPart, marks, nowMs);
}
