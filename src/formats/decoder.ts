/**
 * What turns the bytes of a file into columns in the TypeScript engine; native/formats/decoder.h
 * states the same for the native one. A decoder serves one source task; it is given one file (or
 * a part of one) after the other and reads them by itself.
 *
 *     open(file, range, from)      the next part of a file
 *     decode(maxRows)*             until it says 'end'; position() between any two
 */
import type { Batch } from '../batch/batch.js';
import type { SourceColumn } from '../plan/physical/plan.js';
import type { RowField } from '../types/data-type.js';
import type { FileInput } from './file-input.js';

/** The records whose first byte lies in [begin, end); whole files where they cannot be cut. */
export interface FileRange {
  readonly begin: number;
  /** Infinity = to the end of the file. */
  readonly end: number;
}

/**
 * Where the next record starts. `row` counts the records since the range's begin (skipped ones
 * too); formats without byte offsets leave `offset` alone.
 */
export interface FilePosition {
  readonly offset: number;
  readonly row: number;
}

/** What a decoder is made from. */
export interface DecoderSpec {
  readonly format: string;
  readonly table: string;
  /** Options without the format's prefix: `ignore-parse-errors`. */
  readonly options: Readonly<Record<string, string>>;
  readonly tableSchema: readonly RowField[];
  readonly columns: readonly SourceColumn[];
  /** Session zone. */
  readonly zone: string;
}

export interface FileDecoder {
  /** Goes to the records of `range`; `from` is {range.begin, 0} or what position() once said. */
  open(file: FileInput, range: FileRange, from: FilePosition): void;
  /**
   * A batch of 0 to maxRows rows; 'end' when the range has ended; 'pending' while something
   * asynchronous runs: ask again in a later turn. Throws a MillraceError.
   */
  decode(maxRows: number): Batch | 'pending' | 'end';
  position(): FilePosition;
  /** Records skipped since the decoder was made. */
  readonly badRecords: number;
  /** Whether a file may be shared out among subtasks by byte ranges. */
  readonly splittable: boolean;
  /** Gives up what `open` opened; the file itself is closed by the source. */
  close(): void;
}
