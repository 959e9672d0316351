/**
 * Files of JSON lines, of rows or of changes; native/formats/json-file-decoder.cpp is the same in
 * C++.
 */
import type { Batch } from '../../batch/batch.js';
import { errorOf, type MillraceError } from '../../errors/index.js';
import type { DecoderSpec, FileDecoder, FilePosition, FileRange } from '../decoder.js';
import type { FileInput } from '../file-input.js';
import { LineReader } from '../line-reader.js';
import { ChangeRecords } from './changes.js';
import { OUTCOME, RecordDecoder } from './decoder.js';
import { parseDecoderOptions } from './plan.js';

class JsonFileDecoder implements FileDecoder {
  readonly splittable = true;
  badRecords = 0;
  readonly #lines = new LineReader();
  #path = '';
  #begin = 0;
  #line = 0;
  #lineOffset = 0;
  /** Of each record of the batch at hand, where there are changes: its place. */
  #places: number[] = [];

  constructor(
    private readonly records: RecordDecoder,
    /** Makes rows of records that tell of changes; null: a record is a row. */
    private readonly changes: ChangeRecords | null,
  ) {}

  open(file: FileInput, range: FileRange, from: FilePosition): void {
    this.#path = file.path;
    this.#begin = range.begin;
    this.#line = from.row;
    this.#lines.open(file, range, from.offset);
    this.#useChunk();
  }

  /** A batch ends with its chunk, so that all its text lies in one heap. */
  decode(maxRows: number): Batch | 'end' {
    const { records, changes } = this;
    const lines = this.#lines;
    let any = false;
    // An update is two rows.
    const most = changes === null ? maxRows : Math.max(1, maxRows >> 1);
    records.start(most);
    this.#places = [];
    while (records.rowCount < most) {
      this.#lineOffset = lines.offset;
      const next = lines.next();
      if (next === 'end') break;
      if (next === 'fill') {
        if (records.rowCount > 0) break;
        lines.fill();
        this.#useChunk();
        continue;
      }
      any = true;
      this.#line++;
      if (lines.begin === lines.end) continue;
      const valid = lines.isUtf8();
      const outcome = valid ? records.decode(lines.begin, lines.end) : OUTCOME.malformed;
      if (changes !== null) {
        while (this.#places.length < records.rowCount) this.#places.push(this.#place);
      }
      if (outcome === OUTCOME.ok) continue;
      if (!records.options.ignoreParseErrors) {
        this.#finished();
        throw this.#fault(valid);
      }
      this.badRecords++;
    }
    return any ? this.#finished() : 'end';
  }

  /** The batch; throws where a record before the end of it tells no change. */
  #finished(): Batch {
    const batch = this.records.finish();
    return this.changes === null ? batch : this.changes.unfold(batch, (record, reason) => {
      if (!this.records.options.ignoreParseErrors) {
        throw this.#faultAt(this.#places[record]!, reason);
      }
      this.badRecords++;
    });
  }

  position(): FilePosition {
    return { offset: this.#lines.offset, row: this.#line };
  }

  close(): void {
    this.#lines.close();
    this.#useChunk();
  }

  #useChunk(): void {
    this.records.bytes = this.#lines.chunk;
    this.records.chunkEnd = this.#lines.filled;
  }

  #fault(isUtf8: boolean): MillraceError {
    return this.#faultAt(this.#place, isUtf8 ? this.records.fault : 'invalid UTF-8');
  }

  #faultAt(place: number, reason: string): MillraceError {
    const unit = this.#begin === 0 ? 'line' : 'offset';
    return errorOf('MR4004', { detail: `${this.#path}: ${unit} ${place}: ${reason}` });
  }

  /** Lines can be counted only from the file's begin; elsewhere the offset tells the place. */
  get #place(): number {
    return this.#begin === 0 ? this.#line : this.#lineOffset;
  }
}

/** Makes the decoder of a table in the format json. */
export function makeJsonFileDecoder(spec: DecoderSpec): FileDecoder {
  const options = parseDecoderOptions(spec.options);
  return new JsonFileDecoder(new RecordDecoder(options, spec.columns), null);
}

/** Makes the decoder of a table in a format of change data capture. */
export function makeChangeFileDecoder(spec: DecoderSpec): FileDecoder {
  const changes = new ChangeRecords(spec.format, spec.options, spec.columns, spec.tableSchema);
  const { takesArrays } = changes;
  const options = { ...parseDecoderOptions(spec.options), takesArrays };
  return new JsonFileDecoder(new RecordDecoder(options, changes.recordColumns), changes);
}
