/** Benches run with small parameters, so that they never rot, and compare results by hash. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runMicro } from '../../bench/micro/kernels.js';
import { queriesOf } from '../../bench/nexmark/queries.js';
import type { Report } from '../../bench/report/report.js';
import { ROOT } from '../tidy/source-files.js';

const TSX = join(ROOT, 'node_modules', '.bin', 'tsx');

interface Case {
  readonly set: string;
  readonly input: string;
  /** All of the set unless given. */
  readonly queries?: readonly string[];
}

/** All of them from JSON lines; every query from every input stands in nexmark-golden.test.ts. */
const CASES: readonly Case[] = [
  { set: 'nexmark', input: 'json' },
  { set: 'nexmark', input: 'parquet', queries: ['q0', 'q5', 'q17'] },
  { set: 'nexmark', input: 'generator', queries: ['q0', 'q5', 'q17'] },
  { set: 'held-out', input: 'json' },
];

describe.each(CASES)('npm run bench -- nexmark --set $set --input $input', (given) => {
  const { set, input, queries } = given;

  it('gives equal hashes on both engines and figures for every query', () => {
    const out = join(mkdtempSync(join(tmpdir(), 'millrace-bench-')), 'report.json');
    execFileSync(TSX, [
      'bench/main.ts', 'nexmark', '--events', '50000', '--rounds', '1', '--input', input,
      '--engines', 'native,fallback', '--set', set, '--json', out,
      ...(queries === undefined ? [] : ['--queries', queries.join()]),
    ], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    const report = JSON.parse(readFileSync(out, 'utf8')) as Report;
    expect(Object.keys(report.queries)).toEqual(queries ?? queriesOf(set));
    for (const [name, engines] of Object.entries(report.queries)) {
      expect(engines['native']?.hash, name).toBe(engines['fallback']?.hash);
      expect(engines['native']?.rows, name).toBeGreaterThan(0);
    }
  }, 300_000);
});

it('micro benches run and compute', () => {
  const lines = runMicro(0.01);
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) expect(line).toMatch(/M rows\/s$/);
});
