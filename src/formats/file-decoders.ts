/** The formats a file can be read in, by name. */
import { fail } from '../errors/index.js';
import { makeCsvFileDecoder } from './csv/file-decoder.js';
import type { DecoderSpec, FileDecoder } from './decoder.js';
import { ENVELOPES } from './json/envelope.js';
import { makeChangeFileDecoder, makeJsonFileDecoder } from './json/file-decoder.js';
import { makeParquetFileDecoder } from './parquet/decoder.js';

const DECODERS: Readonly<Record<string, (spec: DecoderSpec) => FileDecoder>> = {
  csv: makeCsvFileDecoder,
  json: makeJsonFileDecoder,
  parquet: makeParquetFileDecoder,
  ...Object.fromEntries(Object.keys(ENVELOPES).map((name) => [name, makeChangeFileDecoder])),
};

/** MR2014 where there is no format of that name. */
export function makeFileDecoder(spec: DecoderSpec): FileDecoder {
  const { format } = spec;
  const make = Object.hasOwn(DECODERS, format) ? DECODERS[format] : undefined;
  if (make === undefined) fail('MR2014', { object: 'format', name: format });
  return make(spec);
}
