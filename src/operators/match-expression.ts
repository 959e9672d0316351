/**
 * Conditions and measures of MATCH_RECOGNIZE, evaluated for many matches at once: what they read
 * of the rows of each match becomes columns, then the expression runs over those.
 */
import { Batch } from '../batch/batch.js';
import { allocateColumn, type Column } from '../batch/column.js';
import {
  compileExpression, type CompiledExpression, type EvaluationContext,
} from '../expr/evaluate.js';
import type {
  MatchAggregates, MatchExpression, MatchInput,
} from '../plan/physical/match-plan.js';
import { ANY_VARIABLE } from '../plan/physical/match-plan.js';
import type { RowField } from '../types/data-type.js';
import { AggregateSet } from './aggregates/aggregate-set.js';
import { type MatchPaths, NO_STEP } from './match-paths.js';
import { ABSENT, gatherOrNull } from './pair-buffer.js';
import type { RowStore } from './row-store.js';
import { writeWatermark } from './watermark-state.js';

/** Matches to evaluate for. */
export interface MatchCases {
  readonly count: number;
  /** Last step of each; NO_STEP: no row yet. */
  readonly steps: readonly number[];
  /** The row at hand of each condition; null in measures. */
  readonly rows: readonly number[] | null;
  /** Time of each match; null in conditions. */
  readonly times: readonly number[] | null;
}

type Pick = Extract<MatchInput, { source: 'pick' }>;

export class MatchEvaluator {
  private readonly expression: CompiledExpression;
  private readonly groups: readonly RowsOfVariable[];

  /** `own`: the variable of a condition; ANY_VARIABLE in measures. */
  constructor(
    private readonly spec: MatchExpression, private readonly own: number,
    input: readonly RowField[], private readonly store: RowStore,
    private readonly paths: MatchPaths,
  ) {
    this.expression = compileExpression(spec.expression);
    this.groups = spec.groups.map((one) => new RowsOfVariable(one, input, store));
  }

  evaluate(cases: MatchCases, context: EvaluationContext): Column {
    const results = this.groups.map((group) =>
      group.aggregate(cases, (place) => this.rowsOf(cases, place, group.variable), context));
    const columns = this.spec.inputs.map((input) => {
      switch (input.source) {
        case 'row':
          return this.gather(input.column, Int32Array.from(cases.rows!), input);
        case 'pick':
          return this.gather(input.column, this.picked(input, cases), input);
        case 'aggregate':
          return results[input.group]![input.index]!;
        case 'time':
          return timesOf(input, cases);
      }
    });
    return this.expression.evaluate(new Batch(cases.count, columns), null, cases.count, context);
  }

  private gather(column: number, ids: Int32Array, input: MatchInput): Column {
    return gatherOrNull(this.store, column, ids, { name: '', type: input.type });
  }

  private picked(pick: Pick, cases: MatchCases): Int32Array {
    const ids = new Int32Array(cases.count);
    for (let place = 0; place < cases.count; place++) {
      ids[place] = pick.first ? this.fromFirst(pick, cases, place)
        : this.fromLast(pick, cases, place);
    }
    return ids;
  }

  /** Whether the row at hand counts as the last of the variable. */
  private isOwn(variable: number, cases: MatchCases): boolean {
    return cases.rows !== null && (variable === ANY_VARIABLE || variable === this.own);
  }

  private fromLast({ variable, offset }: Pick, cases: MatchCases, place: number): number {
    let left = offset;
    if (this.isOwn(variable, cases) && left-- === 0) return cases.rows![place]!;
    return this.countBack(cases.steps[place]!, variable, left);
  }

  private fromFirst({ variable, offset }: Pick, cases: MatchCases, place: number): number {
    const { runs, beforeRuns } = this.paths;
    let count = 0;
    for (let step = cases.steps[place]!; step !== NO_STEP; step = beforeRuns[step]!) {
      if (this.isOf(step, variable)) count += runs[step]!;
    }
    if (offset < count) return this.countBack(cases.steps[place]!, variable, count - 1 - offset);
    return offset === count && this.isOwn(variable, cases) ? cases.rows![place]! : ABSENT;
  }

  private isOf(step: number, variable: number): boolean {
    return variable === ANY_VARIABLE || this.paths.variables[step] === variable;
  }

  private countBack(last: number, variable: number, offset: number): number {
    const { parents, rows, runs, beforeRuns } = this.paths;
    let left = offset;
    let step = last;
    while (step !== NO_STEP) {
      const counts = this.isOf(step, variable);
      if (counts && left < runs[step]!) break;
      if (counts) left -= runs[step]!;
      step = beforeRuns[step]!;
    }
    if (step === NO_STEP) return ABSENT;
    while (left-- > 0) step = parents[step]!;
    return rows[step]!;
  }

  /** All rows of a variable, from the first on. */
  private rowsOf(cases: MatchCases, place: number, variable: number): readonly number[] {
    const { parents, rows } = this.paths;
    const found: number[] = this.isOwn(variable, cases) ? [cases.rows![place]!] : [];
    for (let step = cases.steps[place]!; step !== NO_STEP; step = parents[step]!) {
      if (this.isOf(step, variable)) found.push(rows[step]!);
    }
    return found.reverse();
  }
}

function timesOf(input: MatchInput, cases: MatchCases): Column {
  const column = allocateColumn(input.type, cases.count);
  cases.times!.forEach((time, i) => writeWatermark(column.values as Int32Array, i, time));
  return column;
}

/** Aggregates over the rows of a variable, a group a match. */
class RowsOfVariable {
  readonly variable: number;
  private readonly values: readonly CompiledExpression[];
  private readonly aggregates: AggregateSet;
  private used = 0;

  constructor(
    spec: MatchAggregates, private readonly input: readonly RowField[],
    private readonly store: RowStore,
  ) {
    this.variable = spec.variable;
    this.values = spec.values.map(compileExpression);
    this.aggregates = new AggregateSet(spec.aggregates,
      spec.values.map((value, i) => ({ name: String(i), type: value.type })));
  }

  aggregate(
    { count }: MatchCases, rowsOf: (place: number) => readonly number[],
    context: EvaluationContext,
  ): readonly Column[] {
    const rows: number[] = [];
    const groups: number[] = [];
    for (let place = 0; place < count; place++) {
      for (const row of rowsOf(place)) {
        rows.push(row);
        groups.push(place);
      }
    }
    this.clear(count);
    if (rows.length > 0) this.update(Int32Array.from(rows), Int32Array.from(groups), context);
    return this.aggregates.values(Int32Array.from({ length: count }, (_, i) => i));
  }

  private update(ids: Int32Array, groups: Int32Array, context: EvaluationContext): void {
    const columns = this.input.map((_, i) => this.store.gather(i, ids));
    const batch = new Batch(ids.length, columns);
    const values = this.values.map((value) => value.evaluate(batch, null, ids.length, context));
    const rows = Int32Array.from(ids, (_, i) => i);
    this.aggregates.update(new Batch(ids.length, values),
      { count: ids.length, rows, groups, retract: null });
  }

  private clear(count: number): void {
    this.aggregates.keep(new Int32Array(0), new Int32Array(this.used).fill(-1));
    this.aggregates.resize(count);
    this.used = count;
  }
}
