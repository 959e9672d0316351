/** docs/coverage.md says what the engines do. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { coverageText, judgeAll, nameOf, refusedByFlink } from './coverage.js';

describe('the coverage table', async () => {
  const sections = await judgeAll();
  const all = [...sections.values()].flat();

  it('is what the probes give: npm run coverage', () => {
    const page = join(import.meta.dirname, '..', '..', 'docs', 'coverage.md');
    expect(readFileSync(page, 'utf8')).toBe(coverageText(sections));
  });

  it('has one name for each feature', () => {
    const names = all.map(({ row }) => nameOf(row));
    expect(names.length).toBe(new Set(names).size);
  });

  it('what Flink refuses is refused here as well, but for what divergences name', () => {
    const refused = refusedByFlink();
    const more = all.filter(({ row, native }) => refused.has(nameOf(row)) && native === null);
    expect(more.map(({ row }) => nameOf(row))).toMatchInlineSnapshot(`[]`);
  });
});
