/** Why a random program is answered otherwise than by Flink: docs/divergences/random-plans.md. */
import type { StatementOutcome } from '../result-lines.js';
import type { View } from './random-plan.js';

interface Case {
  readonly flink: StatementOutcome;
  readonly here: StatementOutcome;
  /** Whether only the changes differ that lead to the table. */
  readonly sameTable: boolean;
}

interface Reason {
  readonly text: string;
  readonly holds: (views: readonly View[], one: Case) => boolean;
}

const kindsOf = (views: readonly View[]): readonly string[] => views.map(({ kind }) => kind);

/** Its planner breaks on them: none of these texts tells what is wrong with the program. */
const FLINK_FAILS = new RegExp('unexpected correlate variable|Error while applying rule|' +
  'This function does not support retraction|equivalence\\.get|^Index: \\d+, Size: \\d+');

/** The views that may be above others of these kinds, directly or over filters and projections. */
function stands(views: readonly View[], above: string, below: readonly string[]): boolean {
  const kinds = kindsOf(views);
  return kinds.some((kind, i) => kind === above &&
    kinds.slice(0, i).some((other) => below.includes(other)));
}

const UNIQUE_ROWS = ['group', 'group all', 'distinct', 'grouping sets', 'top-n', 'deduplicate'];

const REASONS: readonly Reason[] = [
  {
    text: 'Flink cannot plan or run it',
    holds: (_views, { flink }) => FLINK_FAILS.test(flink.error ?? ''),
  },
  {
    text: 'DISTINCT of rows that are unique already is left out by Flink',
    holds: (views, { sameTable }) => sameTable &&
      (stands(views, 'distinct', UNIQUE_ROWS) || stands(views, 'group', UNIQUE_ROWS)),
  },
  {
    text: 'a Top-N of a Top-N sends fewer changes',
    holds: (views, { sameTable }) => sameTable &&
      stands(views, 'top-n', ['top-n', 'deduplicate']),
  },
  {
    text: 'windows that end together fire in an order of their own',
    holds: (views, { sameTable }) => sameTable && kindsOf(views).includes('window'),
  },
  {
    text: 'Flink loses rows of EXCEPT ALL where what stands above takes them for keyed',
    holds: (views) => kindsOf(views).slice(0, -1).includes('set all'),
  },
  {
    text: 'a bounded RANGE forgets and is late by its own clock',
    holds: (views) => views.some(({ kind, sql }) =>
      kind === 'over' && sql.includes("RANGE BETWEEN INTERVAL '4' SECOND PRECEDING")),
  },
];

/** The first reason that holds; null where there is none. */
export function explanation(views: readonly View[], one: Case): string | null {
  return REASONS.find(({ holds }) => holds(views, one))?.text ?? null;
}
