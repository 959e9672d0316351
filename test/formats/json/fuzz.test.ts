/**
 * Seeded damage to JSON records: both decoders must read the same rows, count and report the same
 * faults, and never crash. MILLRACE_FUZZ_SEED and MILLRACE_FUZZ_ROUNDS change what is run.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  array, BIGINT, BOOLEAN, BYTES, DATE, decimal, DOUBLE, INT, map, row, STRING, time, timestamp,
  timestampLtz, type DataType,
} from '../../../src/types/data-type.js';
import { ENGINES } from '../../runtime/harness.js';
import { sourceRows, textsOf, type SourceSetup } from '../../connectors/source-runs.js';

const SEED = Number(process.env['MILLRACE_FUZZ_SEED'] ?? 1);
const ROUNDS = Number(process.env['MILLRACE_FUZZ_ROUNDS'] ?? 12);
const RECORDS_A_ROUND = 300;

const folder = mkdtempSync(join(tmpdir(), 'millrace-fuzz-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** mulberry32 */
class Random {
  constructor(private state: number) {}
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
  below(n: number): number {
    return Math.floor(this.next() * n);
  }
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }
}

const COLUMNS: Readonly<Record<string, DataType>> = {
  a: INT, b: BIGINT, c: DOUBLE, d: decimal(20, 4), e: STRING, f: BOOLEAN, g: timestamp(3),
  h: timestampLtz(6), i: DATE, j: time(3), k: BYTES, l: array(INT), m: map(STRING, BIGINT),
  n: row([{ name: 'a', type: INT }, { name: 'b', type: array(STRING) }]), 'o.p': STRING,
  'o.q.r': BIGINT,
};

const SCALARS = [
  'null', 'true', 'false', '0', '-0', '7', '-12', '2147483648', '1.5', '-1e3', '1E400',
  '123456789012345678901',
  '0.1', '""', '"x"', '"17"', '" 5 "', '"1.25"', '"true"', '"NaN"', '"2020-01-02"', '"03:04:05.6"',
  '"2020-01-02 03:04:05"', '"2020-01-02 03:04:05.123456Z"', '"2020-02-30 24:00:00"', '"AQI="',
  '"\\u00e9\\n\\ud83d\\ude00"', '"\\ud83d"', '"é日本😀"', '"\\\\\\""', '99999999999999999999999999.5',
];
const NAMES = [...'abcdefghijklmnopqr', 'zz', '\\u0061', ''];
const SPACES = ['', '', '', ' ', '\t', '  \r'];

function json(random: Random, depth: number): string {
  const kind = random.below(depth > 3 ? 6 : 10);
  const space = random.pick(SPACES);
  if (kind < 6) return space + random.pick(SCALARS) + random.pick(SPACES);
  const count = random.below(4);
  const items = Array.from({ length: count }, () =>
    kind < 8 ? json(random, depth + 1) : member(random, random.pick(NAMES), depth + 1));
  const text = items.join(',');
  return space + (kind < 8 ? `[${text}]` : `{${text}}`);
}

function member(random: Random, name: string, depth: number): string {
  return `${random.pick(SPACES)}"${name}"${random.pick(SPACES)}:${json(random, depth)}`;
}

function record(random: Random): string {
  const names = random.below(3) === 0
    ? Array.from({ length: random.below(8) }, () => random.pick(NAMES))
    : [...'abcdefghijklmno'].filter(() => random.below(3) > 0);
  return `{${names.map((name) => member(random, name, 1)).join(',')}}`;
}

const NOISE = Buffer.from(
  '"\\{}[]:,0123456789.eE+-ntf u\u0000\u0001\u001f/*é\ud83d\ude00');

/** Some records are left whole, the others lose, gain or swap bytes. */
function damaged(random: Random, text: string): Buffer {
  const bytes = [...Buffer.from(text)];
  for (let left = random.below(4); left > 0; left--) {
    const at = random.below(bytes.length + 1);
    const isHigh = random.below(20) === 0;
    const byte = isHigh ? 128 + random.below(128) : NOISE[random.below(NOISE.length)]!;
    bytes.splice(at, random.below(3), ...(random.below(2) === 0 ? [byte] : []));
  }
  return Buffer.from(bytes.filter((byte) => byte !== 10));
}

function setupOf(
  name: string, content: Buffer, options: Readonly<Record<string, string>>,
): SourceSetup {
  const path = join(folder, name);
  writeFileSync(path, content);
  return {
    connector: 'filesystem', options: { path }, format: { name: 'json', options },
    columns: Object.entries(COLUMNS).map(([path, type]) => ({ path: path.split('.'), type })),
  };
}

describe('damaged records', () => {
  it.each(Array.from({ length: ROUNDS }, (_, i) => SEED * 1000 + i))(
    'read the same on both engines: seed %i', async (seed) => {
      const random = new Random(seed);
      const records = Array.from({ length: RECORDS_A_ROUND }, () =>
        Buffer.concat([damaged(random, record(random)), Buffer.from('\n')]));
      const lenient = { 'ignore-parse-errors': 'true' };
      const setup = setupOf('lenient.json', Buffer.concat(records), lenient);
      const native = textsOf(setup, await sourceRows('native', setup));
      expect(native.length).toBeGreaterThan(RECORDS_A_ROUND / 10);
      expect(textsOf(setup, await sourceRows('fallback', setup))).toEqual(native);
      const small = await sourceRows('fallback', setup, { batchRows: 1 + random.below(40) });
      expect(textsOf(setup, small)).toEqual(native);
    });

  it('fail with the same words on both engines', async () => {
    const random = new Random(SEED);
    let failures = 0;
    for (let round = 0; round < ROUNDS * 5; round++) {
      const content = damaged(random, record(random));
      const setup = setupOf('strict.json', content, {});
      const [native, fallback] = await Promise.all(ENGINES.map((engine) =>
        sourceRows(engine, setup).then((rows) => textsOf(setup, rows).join('\n'), firstLine)));
      expect(fallback, content.toString('latin1')).toBe(native);
      if (native!.startsWith('MR4004')) failures++;
    }
    expect(failures).toBeGreaterThan(0);
  });
});

const firstLine = (error: unknown): string =>
  error instanceof Error ? error.message.split('\n')[0]!.replace(/ @\d+$/, '') : String(error);
