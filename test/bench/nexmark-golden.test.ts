/**
 * Every Nexmark query over 20,000 events on both engines and from every input, against what Flink
 * says of the JSON lines:
 * `npm run bench -- nexmark --verify --events 20000 --variants plain --golden FILE`.
 */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { prepareInput, type PreparedInput } from '../../bench/nexmark/input.js';
import { nexmarkQuery, QUERY_NAMES } from '../../bench/nexmark/queries.js';
import { readGolden } from '../../bench/verify/golden.js';
import { digestOf } from '../../bench/verify/millrace.js';
import { variantsNamed } from '../../bench/verify/variants.js';
import { difference } from '../../bench/verify/verify.js';

const GOLDEN = readGolden(join(import.meta.dirname, 'nexmark-golden.json'));
const [PLAIN, SMALL] = variantsNamed(['plain', 'batch-7']);

const INPUTS = ['json', 'parquet', 'generator'] as const;
const ENGINES = ['native', 'fallback'] as const;

const inputs = new Map<string, PreparedInput>();

beforeAll(async () => {
  for (const kind of INPUTS) {
    inputs.set(kind, await prepareInput(kind, GOLDEN.events, GOLDEN.seed));
  }
}, 60_000);

it('the stream is the one that Flink was asked about', () => {
  expect(inputs.get('json')?.description['sha256']).toBe(GOLDEN.input);
});

it('Flink was asked about every query that it runs', () => {
  const { table } = inputs.get('json')!;
  const asked = QUERY_NAMES.filter((name) => nexmarkQuery(name, table).flinkRefuses !== true);
  expect(Object.keys(GOLDEN.queries)).toEqual(expect.arrayContaining(asked));
});

const runs = INPUTS.flatMap((kind) => ENGINES.map((engine) => ({ kind, engine })));

describe.each(runs)('the $engine engine gives what Flink gives, from $kind', ({ kind, engine }) => {
  it.each(QUERY_NAMES)('%s', async (name) => {
    const expected = GOLDEN.queries[name];
    if (expected === undefined) return;
    for (const variant of kind === 'json' ? [PLAIN!, SMALL!] : [PLAIN!]) {
      const query = nexmarkQuery(name, inputs.get(kind)!.table);
      const digest = await digestOf(query, engine, variant, GOLDEN.events);
      expect(difference(query, variant, expected, digest), variant.name).toBe('');
    }
  }, 60_000);
});
