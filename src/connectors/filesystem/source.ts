/** The filesystem connector: the splits of this subtask, one after the other. */
import { Batch } from '../../batch/batch.js';
import { ColumnBuilder } from '../../batch/builder.js';
import { readI64 } from '../../batch/column.js';
import { textAt } from '../../batch/strings.js';
import { fail } from '../../errors/index.js';
import type { FileDecoder } from '../../formats/decoder.js';
import { makeFileDecoder } from '../../formats/file-decoders.js';
import { FileInput } from '../../formats/file-input.js';
import type { StateTable } from '../../operators/operator.js';
import type { SourceNode } from '../../plan/physical/plan.js';
import { BIGINT, notNull, STRING } from '../../types/data-type.js';
import type { Source, SourceContext, SourceStats } from '../source.js';
import { FileColumns, NULL_PART } from './file-columns.js';
import { listFiles, makeFileSplits, type FileSplit } from './splits.js';

/** What is still to be read. `end` is -1 for the end of the file. */
const SPLITS: StateTable = Object.freeze({
  name: 'splits',
  fields: [
    { name: 'path', type: notNull(STRING) },
    ...['sequence', 'begin', 'end', 'offset', 'row'].map((name) => ({
      name, type: notNull(BIGINT),
    })),
  ],
  keyCount: 0,
});

class FilesystemSource implements Source {
  readonly stateTables = [SPLITS];
  #file: FileInput | null = null;
  #restored = false;

  constructor(
    private readonly decoder: FileDecoder,
    private readonly fileColumns: FileColumns,
    /** The first may be open. */
    private splits: FileSplit[],
    private readonly context: SourceContext,
  ) {}

  poll(): Batch | 'idle' | 'end' {
    while (this.splits.length > 0) {
      const split = this.splits[0]!;
      if (this.#file === null) {
        if (!this.fileColumns.open(split.path)) {
          this.splits.shift();
          continue;
        }
        this.#file = FileInput.open(split.path);
        this.decoder.open(this.#file, split.range, split.position);
      }
      const decoded = this.decoder.decode(this.context.batchRows);
      if (decoded === 'pending') return 'idle';
      if (decoded !== 'end') return this.fileColumns.complete(decoded);
      this.#closeFile();
      this.splits.shift();
    }
    return 'end';
  }

  snapshot(table: StateTable): Batch {
    if (this.#file !== null) this.splits[0]!.position = this.decoder.position();
    const columns = table.fields.map((field) => new ColumnBuilder(field.type));
    for (const { path, sequence, range, position } of this.splits) {
      const end = range.end === Infinity ? -1 : range.end;
      const numbers = [sequence, range.begin, end, position.offset, position.row];
      columns[0]!.append(path);
      numbers.forEach((value, i) => columns[i + 1]!.append(BigInt(value)));
    }
    return new Batch(this.splits.length, columns.map((column) => column.finish()));
  }

  restore(table: StateTable, content: Batch): void {
    if (content.columns.length !== table.fields.length) {
      fail('MR5002', { detail: 'filesystem splits' });
    }
    if (!this.#restored) this.splits = [];
    this.#restored = true;
    for (let i = 0; i < content.activeCount; i++) {
      const row = content.selection === null ? i : content.selection[i]!;
      const [sequence, begin, end, offset, lineRow] = content.columns.slice(1).map((column) =>
        readI64(column.values as Int32Array, column.constant ? 0 : row)) as
        [number, number, number, number, number];
      if (sequence % this.context.parallelism !== this.context.subtask) continue;
      this.splits.push({
        sequence,
        path: textAt(content.columns[0]!, row),
        range: { begin, end: end < 0 ? Infinity : end },
        position: { offset, row: lineRow },
      });
    }
  }

  stats(): SourceStats {
    return { badRecords: this.decoder.badRecords };
  }

  close(): void {
    this.#closeFile();
    this.splits = [];
  }

  #closeFile(): void {
    if (this.#file === null) return;
    this.decoder.close();
    this.#file.close();
    this.#file = null;
  }
}

/** A plain path, or one behind file: or file://. */
export function localPath(options: Readonly<Record<string, string>>): string {
  const { path } = options;
  if (path === undefined) return fail('MR2009', { name: 'path' });
  for (const scheme of ['file://', 'file:']) {
    if (path.startsWith(scheme)) return path.slice(scheme.length);
  }
  const scheme = path.indexOf('://');
  return scheme < 0 ? path : fail('MR2100', { feature: `file system ${path.slice(0, scheme)}` });
}

/** Makes the source of a filesystem table. */
export function makeFilesystemSource(node: SourceNode, context: SourceContext): Source {
  if (node.format === null) fail('MR2009', { name: 'format' });
  if (node.options['source.monitor-interval'] !== undefined) {
    fail('MR2100', { feature: 'source.monitor-interval' });
  }
  const path = localPath(node.options);
  const nullPart = node.options['partition.default-name'] ?? NULL_PART;
  const fileColumns = new FileColumns(node.columns, nullPart);
  const decoder = makeFileDecoder({
    format: node.format.name,
    table: node.table,
    options: node.format.options,
    tableSchema: node.tableSchema,
    columns: fileColumns.decoded,
    zone: context.zone,
  });
  const { subtask, parallelism } = context;
  const splits = makeFileSplits(listFiles(path), decoder.splittable, subtask, parallelism);
  return new FilesystemSource(decoder, fileColumns, splits, context);
}
