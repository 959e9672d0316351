/** Each operator has a bench, and each bench runs on both engines with equal results. */
import { beforeAll, describe, expect, it } from 'vitest';
import { faultsOf } from '../../bench/operators/command.js';
import { nameOf } from '../../bench/operators/row.js';
import { explained, inputsOf, runOperator } from '../../bench/operators/run.js';
import { OPERATOR_BENCHES, WITHOUT_BENCH } from '../../bench/operators/table.js';
import { OPERATORS } from '../../spec/operators.js';

const EVENTS = 2000;
let inputs: ReturnType<typeof inputsOf>;
beforeAll(() => {
  inputs = inputsOf(EVENTS);
});

it('every operator of both engines has a bench or a reason to have none', () => {
  const both = OPERATORS.filter(({ engines }) => engines.length === 2).map(({ kind }) => kind);
  const known = new Set<string>(OPERATOR_BENCHES.map(({ kind }) => kind));
  const without = Object.keys(WITHOUT_BENCH);
  expect(both.filter((kind) => !known.has(kind)).sort()).toEqual(without.sort());
});

it('names of benches differ', () => {
  const names = OPERATOR_BENCHES.map(nameOf);
  expect(new Set(names).size).toBe(names.length);
});

it('rank has a bench of each strategy', async () => {
  const ranks = OPERATOR_BENCHES.filter(({ kind }) => kind === 'rank');
  const plans = (await Promise.all(ranks.map((one) => explained(one, inputs)))).join();
  for (const strategy of ['AppendFast', 'UpdateFast', 'Retract']) {
    expect(plans).toContain(`strategy=[${strategy}Strategy`);
  }
});

it('a row says where native is slower and where results differ', () => {
  const hashes = { native: 'a', fallback: 'b' };
  const report = { name: 'x', kind: 'calc', events: 1, rows: 1, hashes };
  expect(faultsOf({ ...report, cpuMs: { native: 2, fallback: 1 } })).toEqual([
    'x: results differ: native a, fallback b',
    'x: native is slower than the fallback: 2 ms of CPU, fallback 1 ms',
  ]);
});

describe.each(OPERATOR_BENCHES.map((bench) => [nameOf(bench), bench] as const))(
  '%s', (_name, bench) => {
    it('has its operator in a plan of the native engine, and equal results', async () => {
      const plan = await explained(bench, inputs);
      expect(plan).toMatch(new RegExp(`^\\d+: ${bench.kind}: native`, 'm'));
      const { hashes, rows, cpuMs } = await runOperator(bench, inputs, 1);
      expect(hashes.native).toBe(hashes.fallback);
      expect(rows).toBeGreaterThan(0);
      expect(cpuMs.native).toBeGreaterThan(0);
    });
  });
