/**
 * Rows with kinds as records of change data capture; native/formats/json-change-encoder.cpp writes
 * the same bytes. As in Flink each row is a record of its own: what an update takes away is written
 * as a delete, what it brings as an insert.
 */
import { ROW_KIND, type Batch } from '../../batch/batch.js';
import { encodeText } from '../../batch/strings.js';
import type { RowField } from '../../types/data-type.js';
import type { TextBuffer } from '../text-buffer.js';
import { JsonEncoder, parseJsonEncoderOptions } from './encoder.js';
import { ENVELOPES } from './envelope.js';

/** What stands around the row in a record. */
interface Frame {
  readonly before: Uint8Array;
  readonly behind: Uint8Array;
}

export class ChangeEncoder {
  readonly #rows: JsonEncoder;
  readonly #insert: Frame;
  readonly #delete: Frame;

  constructor(
    format: string, schema: readonly RowField[], options: Readonly<Record<string, string>>,
  ) {
    const parsed = parseJsonEncoderOptions(options);
    this.#rows = new JsonEncoder(schema, parsed);
    this.#insert = frameOf(format, 'insert', parsed.ignoreNullFields);
    this.#delete = frameOf(format, 'delete', parsed.ignoreNullFields);
  }

  /** Appends one record, without a line end. */
  encode(rows: Batch, row: number, kind: number, out: TextBuffer): void {
    const isAdded = kind === ROW_KIND.INSERT || kind === ROW_KIND.UPDATE_AFTER;
    const frame = isAdded ? this.#insert : this.#delete;
    out.bytes(frame.before);
    this.#rows.encode(rows, row, out);
    out.bytes(frame.behind);
  }
}

function frameOf(format: string, verb: 'insert' | 'delete', ignoresNulls: boolean): Frame {
  const envelope = ENVELOPES[format]!;
  const last = `,"${envelope.verb}":"${envelope.written[verb]}"}`;
  if (envelope.deleted === 'data') {
    const [open, close] = envelope.isList ? ['[', ']'] : ['', ''];
    return {
      before: encodeText(`{"${envelope.data}":${open}`), behind: encodeText(close + last),
    };
  }
  const none = (member: string): string => (ignoresNulls ? '' : `"${member}":null,`);
  const isInsert = verb === 'insert';
  const before = isInsert ? `{${none(envelope.old)}"${envelope.data}":` : `{"${envelope.old}":`;
  const absent = none(envelope.data);
  const behind = isInsert || absent === '' ? last : `,${absent.slice(0, -1)}${last}`;
  return { before: encodeText(before), behind: encodeText(behind) };
}
