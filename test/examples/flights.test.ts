/** The demo's script over three million flights gives on both engines what Flink gave. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runScript } from '../support/run-script.js';
import { ROOT } from '../tidy/source-files.js';

interface Golden {
  readonly changes: number;
  readonly rows: number;
  readonly hash: string;
}

const golden = JSON.parse(
  readFileSync(join(import.meta.dirname, 'flights.json'), 'utf8')) as readonly Golden[];

describe.each(['native', 'fallback'] as const)('flights.sql on the %s engine', (engine) => {
  it('equals Flink', async () => {
    const script = readFileSync(join(ROOT, 'examples', 'flights.sql'), 'utf8');
    const outcomes = await runScript(
      script.replace('node_modules/', `${ROOT}/node_modules/`), engine);
    expect(outcomes.map((one) => one.error)).toEqual(outcomes.map(() => null));
    const queries = outcomes.filter((one) => one.kind === 'QUERY');
    expect(queries.map(({ rows, hash }) => ({ rows, hash })))
      .toEqual(golden.map(({ rows, hash }) => ({ rows, hash })));
  });
});
