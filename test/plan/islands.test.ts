import { describe, expect, test } from 'vitest';
import { chooseEngines, islandsOf, type CapabilityTable }
  from '../../src/plan/physical/islands.js';
import type { PhysicalPlan } from '../../src/plan/physical/plan.js';
import { parseStatement } from '../../src/sql/index.js';
import { session } from './plan-text.js';

function planOf(sql: string): PhysicalPlan {
  return session().planner.plan(parseStatement(sql)).plan;
}

const SQL = 'SELECT a + 1 AS x, count(*) FROM p WHERE b IS NULL GROUP BY a + 1';
const WITHOUT_ADD: CapabilityTable = {
  native: { kernels: new Set(['is_null']) }, fallback: {},
};

describe('engines', () => {
  test('auto takes the native one wherever it can, and says why not', () => {
    const plan = planOf(SQL);
    const engines = chooseEngines(plan, 'auto', WITHOUT_ADD);
    expect(plan.nodes.map((node) => `${node.kind} ${engines[node.id]?.engine}`)).toEqual([
      'source native', 'calc fallback', 'exchange native', 'group-aggregate native',
      'sink native',
    ]);
    expect(engines[1]?.reason).toBe('not native: function add');
  });

  test('an engine asked for by name runs everything or is refused', () => {
    const plan = planOf(SQL);
    expect(() => chooseEngines(plan, 'native', WITHOUT_ADD)).toThrow(
      expect.objectContaining({ code: 'MR2104' }));
    expect(chooseEngines(plan, 'fallback', WITHOUT_ADD).every((one) => one.engine === 'fallback'))
      .toBe(true);
  });

  test('without the addon everything runs on the fallback, with the reason', () => {
    const engines = chooseEngines(planOf(SQL), 'auto',
      { native: { missing: 'no binary for this platform' }, fallback: {} });
    expect(new Set(engines.map((one) => one.reason))).toEqual(
      new Set(['not native: no binary for this platform']));
  });

  test('auto leaves to the fallback what the session wishes: kinds and numbers', () => {
    const plan = planOf(SQL);
    const every = { native: {}, fallback: {} };
    const engines = chooseEngines(plan, 'auto', every, new Set(['calc', '3']));
    expect(engines.map((one) => one.engine)).toEqual(
      ['native', 'fallback', 'fallback', 'fallback', 'fallback']);
    expect(engines.map((one) => one.reason)).toEqual([
      'native', 'fallback asked for', 'passes rows on between fallback operators',
      'fallback asked for', 'passes rows on between fallback operators',
    ]);
    expect(chooseEngines(plan, 'native', every, new Set(['calc']))
      .every((one) => one.engine === 'native')).toBe(true);
  });

  test('a wish that the fallback cannot fulfil is told, not an error', () => {
    const engines = chooseEngines(planOf(SQL), 'auto',
      { native: {}, fallback: { kernels: new Set(['is_null']) } }, new Set(['calc']));
    expect(engines[1]).toEqual(
      { node: 1, engine: 'native', reason: 'not on the fallback: function add' });
  });

  test('islands are cut at a keyed exchange and where the engine changes', () => {
    const plan = planOf(SQL);
    const native = chooseEngines(plan, 'auto', { native: {}, fallback: {} });
    expect(islandsOf(plan, native).map((one) => one.nodes)).toEqual([[0, 1], [2, 3, 4]]);
    const mixed = chooseEngines(plan, 'auto', WITHOUT_ADD);
    expect(islandsOf(plan, mixed).map((one) => one.nodes)).toEqual([[0], [1], [2, 3, 4]]);
  });
});
