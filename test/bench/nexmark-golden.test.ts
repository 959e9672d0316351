/**
 * Every Nexmark query over 20,000 events on both engines, against what Flink says of the same
 * bytes: `npm run bench -- nexmark --verify --events 20000 --variants plain --golden FILE`.
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

let input: PreparedInput;

beforeAll(async () => {
  input = await prepareInput('json', GOLDEN.events, GOLDEN.seed);
});

it('the stream is the one that Flink was asked about', () => {
  expect(input.description['sha256']).toBe(GOLDEN.input);
});

it('Flink was asked about every query that it runs', () => {
  const asked = QUERY_NAMES.filter((name) => nexmarkQuery(name, input.table).flinkRefuses !== true);
  expect(Object.keys(GOLDEN.queries)).toEqual(expect.arrayContaining(asked));
});

describe.each(['native', 'fallback'] as const)('the %s engine gives what Flink gives', (engine) => {
  it.each(QUERY_NAMES)('%s', async (name) => {
    const expected = GOLDEN.queries[name]!;
    for (const variant of [PLAIN!, SMALL!]) {
      const query = nexmarkQuery(name, input.table);
      const digest = await digestOf(query, engine, variant, GOLDEN.events);
      expect(difference(query, variant, expected, digest), variant.name).toBe('');
    }
  }, 60_000);
});
