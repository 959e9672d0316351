/** Files of JSON lines; native/formats/json-file-decoder.cpp is the same in C++. */
import type { Batch } from '../../batch/batch.js';
import { errorOf, type MillraceError } from '../../errors/index.js';
import type { DecoderSpec, FileDecoder, FilePosition, FileRange } from '../decoder.js';
import type { FileInput } from '../file-input.js';
import { LineReader } from '../line-reader.js';
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

  constructor(private readonly records: RecordDecoder) {}

  open(file: FileInput, range: FileRange, from: FilePosition): void {
    this.#path = file.path;
    this.#begin = range.begin;
    this.#line = from.row;
    this.#lines.open(file, range, from.offset);
    this.#useChunk();
  }

  /** A batch ends with its chunk, so that all its text lies in one heap. */
  decode(maxRows: number): Batch | 'end' {
    const { records } = this;
    const lines = this.#lines;
    let any = false;
    records.start(maxRows);
    while (records.rowCount < maxRows) {
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
      if (outcome === OUTCOME.ok) continue;
      if (!records.options.ignoreParseErrors) throw this.#fault(valid);
      this.badRecords++;
    }
    return any ? records.finish() : 'end';
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

  /** Lines can be counted only from the file's begin; elsewhere the offset tells the place. */
  #fault(isUtf8: boolean): MillraceError {
    const place = this.#begin === 0 ? `line ${this.#line}` : `offset ${this.#lineOffset}`;
    const reason = isUtf8 ? this.records.fault : 'invalid UTF-8';
    return errorOf('MR4004', { detail: `${this.#path}: ${place}: ${reason}` });
  }
}

/** Makes the decoder of a table in the format json. */
export function makeJsonFileDecoder(spec: DecoderSpec): FileDecoder {
  return new JsonFileDecoder(new RecordDecoder(parseDecoderOptions(spec.options), spec.columns));
}
