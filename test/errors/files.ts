/** The damaged, odd and huge files that the scripts of bad-input.jsonl read. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PARQUET = join(import.meta.dirname, '../fixtures/parquet/plain-v1.parquet');
const bytes = (...parts: readonly (string | number)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string'
    ? Buffer.from(part) : Buffer.from([part]))));
const MEGABYTES = 10_000_000;

const FILES: Readonly<Record<string, () => string | Buffer>> = {
  'malformed.json': () => '{"a":1,"b":"x"}\n{"a":2,"b":\n{"a":3,"b":"z"}\n',
  'type.json': () => '{"a":1,"b":"x"}\n{"a":"no","b":"y"}\n{"a":3,"b":"z"}\n',
  'cut.json': () => '{"a":1,"b":"x"}\n{"a":2,"b":"y',
  'empty.json': () => '',
  'utf8.json': () => bytes('{"a":1,"b":"x', 0xff, 0xfe, 'y"}\n{"a":2,"b":"ok"}\n'),
  'bom.json': () => '\uFEFF{"a":1,"b":"x"}\r\n{"a":2,"b":"y"}\r\n',
  'blank.json': () => '{"a":1,"b":"x"}\n\n\n{"a":2,"b":"y"}\n',
  'scalar.json': () => '1\n[1]\n"x"\nnull\n{"a":2,"b":"y"}\n',
  'huge.json': () => `{"a":1,"b":"${'x'.repeat(MEGABYTES)}"}\n{"a":2,"b":"y"}\n`,
  'deep.json': () => `{"a":1,"b":"q","c":${'['.repeat(99_999)}${']'.repeat(99_999)}}\n{"a":2}\n`,
  'type.csv': () => '1,x\nno,y\n3,z\n',
  'columns.csv': () => '1,x\n2\n3,z,9\n4,w\n',
  'quote.csv': () => '1,x\n2,"y\n3,z\n',
  'empty.csv': () => '',
  'utf8.csv': () => bytes('1,x', 0xff, 0xfe, 'y\n2,ok\n'),
  'bom.csv': () => '\uFEFF1,x\r\n2,y\r\n',
  'huge.csv': () => `1,${'x'.repeat(MEGABYTES)}\n2,y\n`,
  'cut.csv': () => '1,x\n2,"y',
  'cut.parquet': () => readFileSync(PARQUET).subarray(0, 2000),
  'no.parquet': () => 'this is no Parquet file\n',
  'empty.parquet': () => '',
};

/** Writes the files into a new folder, and `locked`, which nobody but root may read. */
export function writeFiles(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bad-input-'));
  for (const [name, content] of Object.entries(FILES)) writeFileSync(join(folder, name), content());
  mkdirSync(join(folder, 'locked'));
  writeFileSync(join(folder, 'locked', 'ok.json'), '{"a":1,"b":"x"}\n');
  chmodSync(join(folder, 'locked'), 0o000);
  mkdirSync(join(folder, 'nothing'));
  return folder;
}
