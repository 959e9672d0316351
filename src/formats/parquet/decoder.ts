/**
 * Parquet files into columns: only the columns that the plan reads, row group after row group.
 * A column that the file lacks is NULL, as in Flink.
 */
import { Batch } from '../../batch/batch.js';
import { allocateColumn, Column, setNull } from '../../batch/column.js';
import { fail } from '../../errors/index.js';
import { compareBounds } from '../../plan/physical/column-bounds.js';
import type { ColumnBounds } from '../../plan/physical/plan.js';
import type { DataType } from '../../types/data-type.js';
import type { DecoderSpec, FileDecoder, FilePosition, FileRange } from '../decoder.js';
import type { FileInput } from '../file-input.js';
import { findConversion } from './conversion.js';
import { LeafReader } from './leaf-reader.js';
import { loadParquetLibrary, type ParquetLibrary } from './library.js';
import { MalformedParquet } from './malformed.js';
import {
  type ColumnChunk, type FileMetadata, readMetadata, type RowGroup, type SchemaNode,
} from './metadata.js';

const OPTIONS = new Set(['utc-timezone', 'batch-size']);
/** Rows dropped at a time on the way to a position. */
const SKIP_ROWS = 4096;

/** Throws MR2014 for an unknown option. */
export function makeParquetFileDecoder(spec: DecoderSpec): FileDecoder {
  for (const name of Object.keys(spec.options)) {
    if (!OPTIONS.has(name)) fail('MR2014', { object: 'option', name: `parquet.${name}` });
  }
  return new ParquetDecoder(spec);
}

class ParquetDecoder implements FileDecoder {
  readonly badRecords = 0;
  readonly splittable = false;
  private file: FileInput | null = null;
  private library: ParquetLibrary | null = null;
  private loadFailure: unknown = null;
  private metadata: FileMetadata | null = null;
  private columns: readonly TableColumn[] = [];
  private nextGroup = 0;
  private groupRowsLeft = 0;
  private row = 0;
  private target = 0;

  constructor(private readonly spec: DecoderSpec) {}

  open(file: FileInput, _range: FileRange, from: FilePosition): void {
    this.file = file;
    this.metadata = null;
    this.row = 0;
    this.target = from.row;
    this.nextGroup = 0;
    this.groupRowsLeft = 0;
    if (this.library !== null) return;
    loadParquetLibrary().then(
      (library) => { this.library = library; },
      (error: unknown) => { this.loadFailure = error; },
    );
  }

  decode(maxRows: number): Batch | 'pending' | 'end' {
    if (this.loadFailure !== null) throw this.loadFailure;
    if (this.library === null) return 'pending';
    if (this.metadata === null) this.start(this.library);
    return this.next(maxRows) ?? 'end';
  }

  position(): FilePosition {
    return { offset: 0, row: Math.max(this.row, this.target) };
  }

  close(): void {
    this.file = null;
    this.metadata = null;
    this.columns = [];
  }

  private start(library: ParquetLibrary): void {
    const file = this.file!;
    try {
      this.metadata = readMetadata(file, library);
    } catch (error) {
      if (!(error instanceof MalformedParquet) && !(error instanceof RangeError)) throw error;
      const reason = error instanceof MalformedParquet ? error.message : 'it is malformed';
      fail('MR4002', { path: file.path, reason });
    }
    const { root } = this.metadata;
    this.columns = this.spec.columns.map(({ path, type }) =>
      bind(library, file, find(root, path), type, path.join('.')));
    this.skip(this.metadata.rowGroups);
  }

  /** Whole row groups are passed over; the rest is read and dropped. */
  private skip(groups: readonly RowGroup[]): void {
    while (this.nextGroup < groups.length) {
      const { rowCount } = groups[this.nextGroup]!;
      if (this.row + rowCount > this.target) break;
      this.row += rowCount;
      this.nextGroup++;
    }
    while (this.row < this.target) {
      if (this.next(Math.min(this.target - this.row, SKIP_ROWS)) === null) break;
    }
  }

  /** Whether any row of it may be asked for, as far as its statistics say. */
  private isAsked(group: RowGroup): boolean {
    return this.spec.columns.every(({ path, bounds }) => {
      const node = bounds === undefined ? undefined : find(this.metadata!.root, path);
      if (bounds === undefined || node === undefined || node.leaf < 0) return true;
      const isWhole = WHOLE_NUMBERS.has(node.physical) && node.maxRepetition === 0 &&
        (node.logical === 'none' || node.logical === 'date');
      return !isWhole || !isOutside(group.columns[node.leaf]!, bounds);
    });
  }

  private next(maxRows: number): Batch | null {
    const groups = this.metadata!.rowGroups;
    while (this.groupRowsLeft === 0) {
      const group = groups[this.nextGroup];
      if (group === undefined) return null;
      this.nextGroup++;
      if (!this.isAsked(group)) {
        this.row += group.rowCount;
        continue;
      }
      this.groupRowsLeft = group.rowCount;
      if (group.rowCount > 0) for (const column of this.columns) column.open(group);
    }
    const count = Math.min(maxRows, this.groupRowsLeft);
    const columns = this.columns.map((column) => column.read(count));
    this.groupRowsLeft -= count;
    this.row += count;
    return new Batch(count, columns);
  }
}

const WHOLE_NUMBERS = new Set(['INT32', 'INT64']);

function isOutside({ least, most }: ColumnChunk, bounds: ColumnBounds): boolean {
  return (most !== null && bounds.least !== undefined && compareBounds(most, bounds.least) < 0) ||
    (least !== null && bounds.most !== undefined && compareBounds(least, bounds.most) > 0);
}

function find(root: SchemaNode, path: readonly string[]): SchemaNode | undefined {
  let node: SchemaNode | undefined = root;
  for (const step of path) node = node?.children.find((child) => child.name === step);
  return node;
}

/** One column of the table: a leaf of the file, a row of such, or missing from the file. */
interface TableColumn {
  open(group: RowGroup): void;
  read(count: number): Column;
  /** Definition levels of the rows read last, empty = all present; null = no leaf below. */
  levels(): Int32Array | null;
}

const UNREADABLE = new Set(['ARRAY', 'MAP', 'MULTISET']);

function bind(
  library: ParquetLibrary, file: FileInput, node: SchemaNode | undefined, type: DataType,
  name: string,
): TableColumn {
  if (node === undefined) return new MissingColumn(type);
  if (node.maxRepetition > 0 || UNREADABLE.has(type.root)) {
    fail('MR2100', { feature: `repeated Parquet column ${name} in ${file.path}` });
  }
  if (type.root === 'ROW' && node.leaf < 0) {
    const fields = type.fields ?? [];
    const children = fields.map((field) => {
      const child = node.children.find((candidate) => candidate.name === field.name);
      return bind(library, file, child, field.type, `${name}.${field.name}`);
    });
    const isMissing = children.every((child) => child instanceof MissingColumn);
    return isMissing ? new MissingColumn(type) : new RowColumn(type, children, node.maxDefinition);
  }
  const conversion = node.leaf < 0 ? null : findConversion(node, type);
  if (conversion === null) {
    const kind = node.leaf < 0 ? 'group' : node.physical;
    const reason = `column ${name}: Parquet ${kind} cannot be read as the table's type`;
    fail('MR4002', { path: file.path, reason });
  }
  return new LeafColumn(new LeafReader(library, file, node, type, conversion), node.leaf);
}

class LeafColumn implements TableColumn {
  constructor(private readonly reader: LeafReader, private readonly leaf: number) {}

  open(group: RowGroup): void {
    this.reader.open(group.columns[this.leaf]!, group.rowCount);
  }

  read(count: number): Column {
    return this.reader.read(count);
  }

  levels(): Int32Array {
    return this.reader.levels();
  }
}

class RowColumn implements TableColumn {
  constructor(
    private readonly type: DataType,
    private readonly children: readonly TableColumn[],
    private readonly definition: number,
  ) {}

  open(group: RowGroup): void {
    for (const child of this.children) child.open(group);
  }

  read(count: number): Column {
    const parts = this.children.map((child) => flat(child.read(count), count));
    const column = allocateColumn(this.type, 0);
    const out = new Column(
      this.type, count, column.values, null, column.starts, column.lengths, column.heap, parts,
    );
    const levels = this.levels();
    for (let row = 0; row < (levels?.length ?? 0); row++) {
      if (levels![row]! < this.definition) setNull(out, row);
    }
    return out;
  }

  levels(): Int32Array | null {
    for (const child of this.children) {
      const levels = child.levels();
      if (levels !== null) return levels;
    }
    return null;
  }
}

class MissingColumn implements TableColumn {
  constructor(private readonly type: DataType) {}

  open(): void {}

  read(): Column {
    const column = allocateColumn(this.type, 1);
    column.constant = true;
    setNull(column, 0);
    return column;
  }

  levels(): null {
    return null;
  }
}

/** A row's children are flat: a missing one is written out. */
function flat(column: Column, count: number): Column {
  if (!column.constant) return column;
  const all = allocateColumn(column.type, count);
  for (let row = 0; row < count; row++) setNull(all, row);
  return all;
}
