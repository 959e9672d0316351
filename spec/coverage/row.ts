/**
 * One row of the coverage table: a feature of Flink 2.3 by its stable id, and SQL that uses it.
 * What the table says is found by running the probes, never written by hand.
 */
export interface CoverageRow {
  readonly id: string;
  readonly feature: string;
  /** All of them must run for a yes. */
  readonly probes: readonly Probe[];
  /** The probes run, but the feature is not there: what happens instead. */
  readonly withoutEffect?: string;
}

/** One statement, or several of which the last is the question. */
export type Probe = string | readonly string[];

/** Rows with the same id, each a name and its probes. */
export function rows(
  id: string, features: Readonly<Record<string, Probe | readonly Probe[]>>,
): readonly CoverageRow[] {
  return Object.entries(features).map(([feature, probes]) =>
    ({ id, feature, probes: typeof probes === 'string' ? [probes] : probes }));
}

/** A feature that is accepted, because results are the same without it; `instead` says what is. */
export function withoutEffect(
  id: string, feature: string, probe: readonly string[], instead: string,
): readonly CoverageRow[] {
  return [{ id, feature, probes: [probe], withoutEffect: instead }];
}

/** Scalar functions: each expression is its own name and, over the row of table `f`, its probe. */
export function expressions(id: string, list: readonly string[]): readonly CoverageRow[] {
  return list.map((sql) => ({ id, feature: `\`${sql}\``, probes: [`SELECT ${sql} FROM f`] }));
}
