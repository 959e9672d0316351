/**
 * A Parquet file's footer: its schema, and where each row group's columns lie. Checked against
 * the file's size, so that what follows can trust it.
 */
import type { CompressionCodec, FileMetaData, ParquetType, SchemaElement } from 'hyparquet';
import type { FileInput } from '../file-input.js';
import type { ParquetLibrary } from './library.js';
import { malformed } from './malformed.js';

export type LogicalKind = 'none' | 'decimal' | 'date' | 'time' | 'timestamp' | 'unsigned' | 'other';

/** A node of the schema. */
export interface SchemaNode {
  readonly name: string;
  readonly children: readonly SchemaNode[];
  /** Number of the column; -1 for a group. */
  readonly leaf: number;
  readonly physical: ParquetType;
  /** Bytes of a FIXED_LEN_BYTE_ARRAY. */
  readonly typeLength: number;
  readonly logical: LogicalKind;
  readonly scale: number;
  readonly precision: number;
  /** TIME and TIMESTAMP. */
  readonly ticksPerSecond: number;
  /** Definition level of a value that is present. */
  readonly maxDefinition: number;
  readonly maxRepetition: number;
}

export interface ColumnChunk {
  readonly codec: CompressionCodec;
  readonly physical: ParquetType;
  /** Of the first page, dictionary included. */
  readonly start: number;
  readonly bytes: number;
  /** Of integers and dates (days), where the writer says it: no value lies outside. */
  readonly least: bigint | null;
  readonly most: bigint | null;
}

export interface RowGroup {
  /** By leaf number. */
  readonly columns: readonly ColumnChunk[];
  readonly rowCount: number;
}

export interface FileMetadata {
  readonly root: SchemaNode;
  readonly rowGroups: readonly RowGroup[];
}

const MAX_FOOTER_BYTES = 256 << 20;
const MAX_SCHEMA_DEPTH = 64;

export function readMetadata(file: FileInput, library: ParquetLibrary): FileMetadata {
  if (file.size < 12) malformed('not a Parquet file: too short');
  const tail = new Uint8Array(8);
  const got = file.readAt(file.size - 8, tail);
  if (got < 8 || String.fromCharCode(...tail.subarray(4)) !== 'PAR1') {
    malformed('not a Parquet file, or a truncated one: no PAR1 at its end');
  }
  const length = new DataView(tail.buffer).getUint32(0, true);
  if (length > file.size - 12 || length > MAX_FOOTER_BYTES) {
    malformed('Parquet footer is malformed: its length');
  }
  const footer = new Uint8Array(length + 8);
  if (file.readAt(file.size - 8 - length, footer) < footer.length) {
    malformed('Parquet file is truncated: in its footer');
  }
  return checked(parse(library, footer), file.size);
}

function parse(library: ParquetLibrary, footer: Uint8Array): FileMetaData {
  try {
    return library.parquetMetadata(footer, { geoparquet: false });
  } catch {
    return malformed('Parquet footer is malformed');
  }
}

function checked(metadata: FileMetaData, fileBytes: number): FileMetadata {
  const tree = new TreeBuilder(metadata.schema);
  const root = tree.build(0, 0, 0);
  if (tree.next !== metadata.schema.length) malformed('Parquet footer is malformed');
  const rowGroups = metadata.row_groups.map((group): RowGroup => {
    const rowCount = Number(group.num_rows);
    if (group.columns?.length !== tree.leafCount || !(rowCount >= 0)) {
      malformed('Parquet footer is malformed: a row group lacks columns');
    }
    const columns = group.columns.map((column) => chunkOf(column.meta_data, fileBytes));
    return { columns, rowCount };
  });
  return { root, rowGroups };
}

type ChunkMetaData = FileMetaData['row_groups'][number]['columns'][number]['meta_data'];

function chunkOf(meta: ChunkMetaData, fileBytes: number): ColumnChunk {
  if (meta === undefined) malformed('Parquet footer is malformed: a row group lacks columns');
  const dictionary = Number(meta.dictionary_page_offset ?? 0n);
  const data = Number(meta.data_page_offset ?? 0n);
  // Some writers leave the dictionary's offset 0 or out: the data page's then comes first.
  const start = dictionary > 0 && dictionary < data ? dictionary : data;
  const bytes = Number(meta.total_compressed_size ?? 0n);
  if (!(start >= 0 && bytes >= 0 && start <= fileBytes && bytes <= fileBytes - start)) {
    malformed('Parquet file is truncated: a column lies past its end');
  }
  const { statistics } = meta;
  return {
    codec: meta.codec, physical: meta.type, start, bytes,
    least: wholeNumber(statistics?.min_value ?? statistics?.min),
    most: wholeNumber(statistics?.max_value ?? statistics?.max),
  };
}

const MS_PER_DAY = 86_400_000;

function wholeNumber(value: unknown): bigint | null {
  const number = value instanceof Date ? value.getTime() / MS_PER_DAY : value;
  if (typeof number === 'bigint') return number;
  return typeof number === 'number' && Number.isSafeInteger(number) ? BigInt(number) : null;
}

/** Makes the tree of the flat list, in which a group stands before its children. */
class TreeBuilder {
  next = 0;
  leafCount = 0;

  constructor(private readonly elements: readonly SchemaElement[]) {}

  build(definition: number, repetition: number, depth: number): SchemaNode {
    const element = this.elements[this.next++];
    if (element === undefined || depth > MAX_SCHEMA_DEPTH) malformed('Parquet footer is malformed');
    const kind = depth === 0 ? undefined : element.repetition_type;
    const maxDefinition = definition + (kind === 'OPTIONAL' || kind === 'REPEATED' ? 1 : 0);
    const maxRepetition = repetition + (kind === 'REPEATED' ? 1 : 0);
    const childCount = element.num_children ?? 0;
    const leaf = childCount === 0 && depth > 0 ? this.leafCount++ : -1;
    const children: SchemaNode[] = [];
    for (let i = 0; i < childCount; i++) {
      children.push(this.build(maxDefinition, maxRepetition, depth + 1));
    }
    return {
      name: element.name,
      children,
      leaf,
      physical: element.type ?? 'BOOLEAN',
      typeLength: element.type_length ?? 0,
      ...logicalOf(element),
      scale: element.scale ?? 0,
      precision: element.precision ?? 0,
      maxDefinition,
      maxRepetition,
    };
  }
}

const UNIT_TICKS = { MILLIS: 1_000, MICROS: 1_000_000, NANOS: 1_000_000_000 } as const;

type Logical = Pick<SchemaNode, 'logical' | 'ticksPerSecond'>;

function logicalOf(element: SchemaElement): Logical {
  const type = element.logical_type;
  switch (type?.type) {
    case 'DECIMAL':
      return { logical: 'decimal', ticksPerSecond: 0 };
    case 'DATE':
      return { logical: 'date', ticksPerSecond: 0 };
    case 'TIME':
    case 'TIMESTAMP': {
      const logical = type.type === 'TIME' ? 'time' : 'timestamp';
      return { logical, ticksPerSecond: UNIT_TICKS[type.unit] };
    }
    case 'INTEGER':
      return { logical: type.isSigned ? 'none' : 'unsigned', ticksPerSecond: 0 };
    case 'FLOAT16':
      return { logical: 'other', ticksPerSecond: 0 };
    default:
      return convertedOf(element);
  }
}

function convertedOf(element: SchemaElement): Logical {
  switch (element.converted_type) {
    case 'DECIMAL':
      return { logical: 'decimal', ticksPerSecond: 0 };
    case 'DATE':
      return { logical: 'date', ticksPerSecond: 0 };
    case 'TIME_MILLIS':
      return { logical: 'time', ticksPerSecond: 1_000 };
    case 'TIME_MICROS':
      return { logical: 'time', ticksPerSecond: 1_000_000 };
    case 'TIMESTAMP_MILLIS':
      return { logical: 'timestamp', ticksPerSecond: 1_000 };
    case 'TIMESTAMP_MICROS':
      return { logical: 'timestamp', ticksPerSecond: 1_000_000 };
    case 'UINT_8':
    case 'UINT_16':
    case 'UINT_32':
    case 'UINT_64':
      return { logical: 'unsigned', ticksPerSecond: 0 };
    default:
      return { logical: 'none', ticksPerSecond: 0 };
  }
}
