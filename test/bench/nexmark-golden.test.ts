/**
 * Every query of every set over 20,000 events on both engines and from every input, against what
 * Flink says of the JSON lines:
 * `npm run bench -- nexmark --set SET --verify --events 20000 --variants plain --golden FILE`.
 */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { prepareInput, type PreparedInput } from '../../bench/nexmark/input.js';
import { nexmarkQuery, queriesOf, SET_NAMES } from '../../bench/nexmark/queries.js';
import { readGolden } from '../../bench/verify/golden.js';
import { digestOf } from '../../bench/verify/millrace.js';
import { variantsNamed } from '../../bench/verify/variants.js';
import { difference } from '../../bench/verify/verify.js';

const [PLAIN, SMALL] = variantsNamed(['plain', 'batch-7']);

const INPUTS = ['json', 'parquet', 'generator'] as const;
const ENGINES = ['native', 'fallback'] as const;

const runs = INPUTS.flatMap((kind) => ENGINES.map((engine) => ({ kind, engine })));

describe.each(SET_NAMES)('the queries of %s', (set) => {
  const golden = readGolden(join(import.meta.dirname, `${set}-golden.json`));
  const names = queriesOf(set);
  const inputs = new Map<string, PreparedInput>();

  beforeAll(async () => {
    for (const kind of INPUTS) {
      inputs.set(kind, await prepareInput(kind, golden.events, golden.seed));
    }
  }, 60_000);

  it('the stream is the one that Flink was asked about', () => {
    expect(inputs.get('json')?.description['sha256']).toBe(golden.input);
  });

  it('Flink was asked about every query that it runs', () => {
    const { table } = inputs.get('json')!;
    const asked = names.filter((name) => nexmarkQuery(name, table).flinkRefuses !== true);
    expect(Object.keys(golden.queries)).toEqual(expect.arrayContaining(asked));
  });

  describe.each(runs)('the $engine engine gives what Flink gives, from $kind',
    ({ kind, engine }) => {
      it.each(names)('%s', async (name) => {
        const expected = golden.queries[name];
        if (expected === undefined) return;
        for (const variant of kind === 'json' ? [PLAIN!, SMALL!] : [PLAIN!]) {
          const query = nexmarkQuery(name, inputs.get(kind)!.table);
          const digest = await digestOf(query, engine, variant, golden.events);
          expect(difference(query, variant, expected, digest), variant.name).toBe('');
        }
      }, 60_000);
    });
});
