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
import { notNull, type RowField, STRING } from '../../types/data-type.js';
import { dateText } from '../../types/temporal-text.js';
import { PartFiles } from './part-files.js';
import { localPath } from './source.js';

const PENDING: StateTable = {
  name: 'pending', fields: [{ name: 'path', type: notNull(STRING) }], keyCount: 0,
};
const NULL_PART = '__DEFAULT_PARTITION__';
const NEWLINE = 10;

type EncodeRow = (batch: Batch, row: number, kind: number, out: TextBuffer) => void;

interface PartitionColumn {
  readonly column: number;
  readonly name: string;
}

class FilesystemSink implements Operator {
  readonly stateTables = [PENDING];

  constructor(
    private readonly files: PartFiles,
    private readonly partition: readonly PartitionColumn[],
    /** Columns in the files: all but the partition's. */
    private readonly written: readonly number[],
    private readonly encode: EncodeRow,
  ) {}

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
      output.emit(new Batch(0, [], null, null, [{ row: 0, watermark: last.watermark }]));
    }
  }

  prepareBarrier(): void {
    this.files.closeAll();
  }

  checkpointComplete(): void {
    this.files.commit();
  }

  finish(): void {
    this.files.closeAll();
    this.files.commit();
  }

  close(): void {
    this.files.abandon();
  }

  snapshot(): Batch {
    const paths = new ColumnBuilder(notNull(STRING));
    for (const path of this.files.pending) paths.append(path);
    return new Batch(this.files.pending.length, [paths.finish()]);
  }

  restore(_table: StateTable, content: Batch): void {
    for (let row = 0; row < content.rowCount; row++) {
      this.files.commitRestored(textAt(content.columns[0]!, row));
    }
  }

  /** col=value/ for each partition column. */
  private partOf(batch: Batch, row: number): string {
    let part = '';
    for (const { column, name } of this.partition) {
      const value = valueText(batch.columns[column]!, row);
      part += `${name}=${value === '' ? NULL_PART : escaped(value)}/`;
    }
    return part;
  }
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

const FOLDER_TYPES = new Set([
  'CHAR', 'VARCHAR', 'BOOLEAN', 'TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'DATE',
]);

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
  const files = new PartFiles(localPath(node.options), context.subtask);
  return new FilesystemSink(files, partition, written, encode);
}
