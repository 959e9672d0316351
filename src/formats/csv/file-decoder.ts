/**
 * Files of comma-separated values, as Flink's csv format reads them. Quoted fields may hold line
 * ends, so a file is read whole, by one subtask. native/formats/csv-file-decoder.cpp is the same.
 */
import { isUtf8 } from 'node:buffer';
import { Batch } from '../../batch/batch.js';
import { decodeText, HeapBuilder } from '../../batch/strings.js';
import { errorOf, fail } from '../../errors/index.js';
import type { DataType } from '../../types/data-type.js';
import { DecodedColumn } from '../decoded-column.js';
import type { DecoderSpec, FileDecoder, FilePosition, FileRange } from '../decoder.js';
import type { FileInput } from '../file-input.js';
import { type CsvOptions, parseCsvOptions } from './options.js';
import { CsvScanner } from './scanner.js';
import { checkValueType, setValue } from './value.js';

interface Target {
  /** Position in the record. */
  readonly field: number;
  readonly name: string;
  readonly type: DataType;
  readonly column: DecodedColumn;
  readonly isText: boolean;
}

const INVALID_UTF8 = 'invalid UTF-8';

class CsvFileDecoder implements FileDecoder {
  readonly splittable = false;
  badRecords = 0;
  private readonly scanner: CsvScanner;
  private path = '';
  private row = 0;
  private heap = new HeapBuilder(1024);

  constructor(
    private readonly options: CsvOptions,
    private readonly fieldCount: number,
    private readonly targets: readonly Target[],
  ) {
    this.scanner = new CsvScanner(options);
  }

  open(file: FileInput, _range: FileRange, from: FilePosition): void {
    this.path = file.path;
    this.row = from.row;
    this.scanner.open(file, from.offset);
  }

  decode(maxRows: number): Batch | 'end' {
    this.heap = new HeapBuilder(4096);
    for (const { column } of this.targets) column.start(maxRows);
    let count = 0;
    let any = false;
    while (count < maxRows) {
      const scanned = this.scanner.next();
      if (scanned === 'end') break;
      if (scanned === 'fill') {
        this.scanner.fill();
        continue;
      }
      any = true;
      this.row++;
      if (scanned === 'malformed') this.reject(this.scanner.reason);
      else if (this.takeRecord(count)) count++;
    }
    if (!any) return 'end';
    const heap = this.heap.finish();
    return new Batch(count, this.targets.map(({ column }) => column.finish(count, heap)));
  }

  position(): FilePosition {
    return { offset: this.scanner.offset, row: this.row };
  }

  close(): void {
    this.scanner.close();
  }

  private takeRecord(row: number): boolean {
    const { scanner, options } = this;
    const given = scanner.fieldCount;
    if (given > this.fieldCount) return this.reject('more fields than columns');
    if (given < this.fieldCount && !options.ignoreParseErrors) {
      this.fault(`${given} fields where ${this.fieldCount} are expected`);
    }
    for (const target of this.targets) {
      target.column.ensure(row);
      target.column.clear(row);
      if (target.field >= given) continue;
      const reason = this.setField(target, row);
      if (reason === null) continue;
      target.column.clear(row);
      if (options.ignoreParseErrors && reason !== INVALID_UTF8) continue;
      this.fault(`column ${target.name}: ${reason}`);
    }
    return true;
  }

  /** Text goes from the chunk to the heap without becoming a string. */
  private setField({ field, type, column, isText }: Target, row: number): string | null {
    const { scanner } = this;
    const start = scanner.starts[field]!;
    const length = scanner.lengths[field]!;
    const bytes = start < 0 ? scanner.extra.bytes : scanner.chunk;
    const from = start < 0 ? -1 - start : start;
    if (isText && this.options.nullLiteral === null) {
      if (!isAscii(bytes, from, length) && !isUtf8(bytes.subarray(from, from + length))) {
        return INVALID_UTF8;
      }
      column.setRange(row, this.heap.append(bytes, from, length), length);
      return null;
    }
    if (isText && !isUtf8(bytes.subarray(from, from + length))) return INVALID_UTF8;
    return setValue(this.options, type, decodeText(bytes, from, length), column, row, this.heap);
  }

  private reject(reason: string): false {
    if (!this.options.ignoreParseErrors) this.fault(reason);
    this.badRecords++;
    return false;
  }

  private fault(reason: string): never {
    throw errorOf('MR4004', { detail: `${this.path}: record ${this.row}: ${reason}` });
  }
}

function isAscii(bytes: Uint8Array, start: number, length: number): boolean {
  for (let i = start; i < start + length; i++) if (bytes[i]! >= 128) return false;
  return true;
}

/** Makes the decoder of a table in the format csv. */
export function makeCsvFileDecoder(spec: DecoderSpec): FileDecoder {
  const targets = spec.columns.map(({ path, type }): Target => {
    const name = path[0]!;
    const field = spec.tableSchema.findIndex((one) => one.name === name);
    if (path.length > 1 || field < 0) {
      fail('MR2100', { feature: `part of column ${name} in the format csv` });
    }
    checkValueType(name, type);
    const isText = type.root === 'CHAR' || type.root === 'VARCHAR';
    return { field, name, type, column: new DecodedColumn(type), isText };
  });
  return new CsvFileDecoder(parseCsvOptions(spec.options), spec.tableSchema.length, targets);
}
