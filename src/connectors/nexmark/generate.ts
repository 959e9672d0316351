/**
 * Nexmark events into a file, in the reference connector's columns: JSON, one object a line, or
 * CSV. Timestamps always have three digits of a second.
 */
import { open, type FileHandle } from 'node:fs/promises';
import type { Batch } from '../../batch/batch.js';
import { errorOf, fail } from '../../errors/index.js';
import { JsonEncoder, type JsonEncoderOptions } from '../../formats/json/encoder.js';
import { TextBuffer } from '../../formats/text-buffer.js';
import { CsvWriter } from './csv-writer.js';
import { NEXMARK_SCHEMA, planField } from './fields.js';
import { NexmarkGenerator } from './generator.js';
import { makeSplit, parseNexmarkOptions, type Split } from './model.js';

export interface GenerateNexmarkOptions {
  /** How many events. */
  readonly events: number;
  /** 0 unless set; the same seed gives the same bytes. */
  readonly seed?: number;
  /** json unless set. */
  readonly format?: 'json' | 'csv';
  /** A file, which is overwritten, or what takes the text piece by piece: whole lines. */
  readonly path: string | ((lines: Uint8Array) => Promise<void>);
  /** Options of the connector: first-event.rate, base-time, ... */
  readonly options?: Readonly<Record<string, string>>;
}

const EVENTS_A_BATCH = 4096;

const JSON_OPTIONS: JsonEncoderOptions = {
  isoTimestamps: false, plainDecimals: false, ignoreNullFields: false, fixedMillis: true,
  nullKey: 'fail', nullKeyLiteral: 'null',
};

/** Text of events, a piece a call: whole lines, valid until the next call; null at the end. */
export interface NexmarkLines {
  next(): Uint8Array | null;
}

/** Another maker of the same bytes: the native engine's. */
export type MakeNexmarkLines = (
  options: Readonly<Record<string, string>>, format: 'json' | 'csv',
) => NexmarkLines;

/** The same events the connector makes, as text. */
class NexmarkText implements NexmarkLines {
  readonly #generator: NexmarkGenerator;
  readonly #split: Split;
  readonly #text = new TextBuffer(2 * 1024 * 1024);
  readonly #encode: (batch: Batch, row: number, out: TextBuffer) => void;

  constructor(options: Readonly<Record<string, string>>, format: 'json' | 'csv') {
    const parsed = parseNexmarkOptions(options);
    const fields = NEXMARK_SCHEMA.map(({ name, type }) => planField({ path: [name], type }));
    this.#generator = new NexmarkGenerator(parsed, fields);
    this.#split = makeSplit(parsed, 0, 1);
    const encoder = format === 'json'
      ? new JsonEncoder(NEXMARK_SCHEMA, JSON_OPTIONS) : new CsvWriter();
    this.#encode = (batch, row, out) => encoder.encode(batch, row, out);
  }

  next(): Uint8Array | null {
    const left = this.#split.maxEvents - this.#split.emitted;
    if (left <= 0) return null;
    const batch = this.#generator.generate(this.#split, Math.min(left, EVENTS_A_BATCH));
    this.#text.end = 0;
    for (let row = 0; row < batch.rowCount; row++) {
      this.#encode(batch, row, this.#text);
      this.#text.byte(10);
    }
    return this.#text.content.subarray(0, this.#text.end);
  }
}

/**
 * Writes the events; MR2008 for an option out of range, MR4003 where the file cannot be written.
 * `makeLines` is what makes them: nativeNexmarkLines of src/native/ where there is a binary.
 */
export async function generateNexmark(
  options: GenerateNexmarkOptions,
  makeLines: MakeNexmarkLines = (all, format) => new NexmarkText(all, format),
): Promise<void> {
  const { events, seed = 0, format = 'json', path } = options;
  if (!Number.isSafeInteger(events) || events < 0) {
    fail('MR2008', { name: 'events.num', value: String(events) });
  }
  const text = makeLines(
    { ...options.options, 'events.num': String(events), seed: String(seed) }, format,
  );
  // events.num 0 means "without end" to the connector, and an empty file here.
  const next = (): Uint8Array | null => (events === 0 ? null : text.next());
  if (typeof path === 'string') await writeFile(path, next);
  else for (let lines = next(); lines !== null; lines = next()) await path(lines);
}

async function writeFile(path: string, next: () => Uint8Array | null): Promise<void> {
  let file: FileHandle | null = null;
  try {
    file = await open(path, 'w');
    for (let lines = next(); lines !== null; lines = next()) await file.writeFile(lines);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw errorOf('MR4003', { path, reason }, { cause: error });
  } finally {
    await file?.close();
  }
}
