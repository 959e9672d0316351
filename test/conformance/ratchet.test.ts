/** What passed once must pass for ever. `npm run conformance -- --update` adds what is new. */
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DEFAULT_FOLDER, readCases, SETS, type SetName } from './cases.js';
import { readRatchet } from './ratchet.js';
import { runCase } from './run-case.js';

const isThere = existsSync(DEFAULT_FOLDER);

async function lostIn(set: SetName, engine: 'native' | 'fallback'): Promise<string[]> {
  const wanted = new Set(readRatchet()[set] ?? []);
  const lost: string[] = [];
  for (const one of readCases(DEFAULT_FOLDER, set) ?? []) {
    if (!wanted.has(one.id)) continue;
    const { id, status, reason } = await runCase(set, one, engine);
    if (status !== 'passed') lost.push(`${id}: ${reason ?? status}`);
  }
  return lost;
}

describe.skipIf(!isThere)(`conformance${isThere ? '' : ` (no folder ${DEFAULT_FOLDER})`}`, () => {
  it('the ratchet names cases of every set', () => {
    const ratchet = readRatchet();
    expect(SETS.filter((set) => (ratchet[set] ?? []).length === 0)).toEqual([]);
  });

  describe.each(['native', 'fallback'] as const)('on the %s engine', (engine) => {
    it.each(SETS)('no case of %s is lost', async (set) => {
      expect(await lostIn(set, engine)).toEqual([]);
    });
  });
});
