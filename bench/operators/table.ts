/** The benches of all operators, and the operators that have none. */
import { AGGREGATES } from './aggregates.js';
import { CHANGES } from './changes.js';
import { CORRELATES } from './correlate.js';
import { JOINS } from './join.js';
import { RANKS } from './ranks.js';
import type { OperatorBench, OperatorKind } from './row.js';
import { ROWS } from './rows.js';
import { TIMES } from './time.js';

export const OPERATOR_BENCHES: readonly OperatorBench[] = [
  ...ROWS, ...AGGREGATES, ...CORRELATES, ...JOINS, ...RANKS, ...TIMES, ...CHANGES,
];

/** Operators without a bench, and why. */
export const WITHOUT_BENCH: Readonly<Partial<Record<OperatorKind, string>>> = {
  exchange: 'at parallelism 1 it passes batches on; the bench of threads measures the others',
  values: 'its rows stand in the statement: what takes time is planning',
};
