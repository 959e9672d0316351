/** The physical operators by kind. */
import type { TextStyle } from '../expression-text.js';
import type { PhysicalNode } from '../plan.js';
import type { Operator, Rel } from '../rel.js';
import { AGGREGATES } from './aggregates.js';
import { CALCS } from './calc.js';
import { FUNCTIONS } from './functions.js';
import { JOINS } from './joins.js';
import { RANKS } from './ranks.js';
import { PHASES } from './phases.js';
import type { OperatorRow, OperatorRows } from './row.js';
import { SINKS } from './sinks.js';
import { SOURCES } from './sources.js';

const ROWS: OperatorRows = {
  ...SOURCES, ...CALCS, ...FUNCTIONS, ...AGGREGATES, ...PHASES, ...RANKS, ...JOINS, ...SINKS,
};

/** A row is only handed operators and nodes of its kind. */
export const rowOf = (kind: Operator['kind']): OperatorRow<Operator, PhysicalNode> =>
  ROWS[kind] as unknown as OperatorRow<Operator, PhysicalNode>;

/** Flink's text of one line; prefix for the Optimized Physical Plan, infix for the other. */
export const describe = (rel: Rel, style: TextStyle): string =>
  rowOf(rel.op.kind).describe(rel.op, rel, style);
