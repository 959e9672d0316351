/**
 * The conditions of a pattern. One that reads nothing but the row at hand is decided once, for a
 * whole batch; the others for all partial matches that meet their next row at once. Where that
 * fails, each is asked only when it is needed: an error of a condition that nobody asks is none.
 */
import { Batch } from '../batch/batch.js';
import {
  compileExpression, type CompiledExpression, type EvaluationContext, KernelError, selectTrue,
} from '../expr/evaluate.js';
import type { MatchAutomaton, MatchExpression } from '../plan/physical/match-plan.js';
import type { MatchNode } from '../plan/physical/plan.js';
import type { RowField } from '../types/data-type.js';
import { MatchEvaluator } from './match-expression.js';
import type { MatchPaths } from './match-paths.js';
import type { RowStore } from './row-store.js';

/** A partial match and the row that it meets. */
export interface MatchCase {
  readonly state: number;
  readonly step: number;
  readonly row: number;
}

const UNKNOWN = 2;
/** Conditions decided beforehand are bits of a word. */
const MOST_DECIDED = 31;

type Condition =
  | { readonly form: 'always' }
  | { readonly form: 'decided'; readonly evaluator: MatchEvaluator; readonly ofRow: OfRow }
  | { readonly form: 'asked'; readonly evaluator: MatchEvaluator };

/** A condition over a row alone: its expression and the row's columns that it reads. */
interface OfRow {
  readonly expression: CompiledExpression;
  readonly columns: readonly number[];
}

export class MatchConditions {
  private readonly conditions: readonly Condition[];
  /** By state: the variables whose conditions are asked there. */
  private readonly needs: readonly (readonly number[])[];
  /** By row: bits of the decided conditions that hold, and of those that are known. */
  private truths = new Int32Array(64);
  private knowns = new Int32Array(64);
  private answers: Uint8Array[] = [];
  private cases: readonly MatchCase[] = [];
  private context: EvaluationContext = { nowMs: 0, zone: 'UTC' };

  constructor(
    node: MatchNode, input: readonly RowField[], store: RowStore, paths: MatchPaths,
  ) {
    this.conditions = node.conditions.map((one, variable): Condition => {
      if (one === null) return { form: 'always' };
      const evaluator = new MatchEvaluator(one, variable, input, store, paths);
      return one.ofRow && variable < MOST_DECIDED
        ? { form: 'decided', evaluator, ofRow: ofRow(one) } : { form: 'asked', evaluator };
    });
    this.needs = node.automaton.states.map((_, state) => this.neededIn(node.automaton, state));
  }

  private neededIn(automaton: MatchAutomaton, from: number): readonly number[] {
    const needed = new Set<number>();
    for (const state of reachable(automaton, from)) {
      for (const { when } of automaton.states[state]!.steps) {
        for (const { variable } of when) {
          if (this.conditions[variable]?.form === 'asked') needed.add(variable);
        }
      }
    }
    return [...needed];
  }

  /** Decides what it can about a batch's rows; `keep` puts it down for a row of the store. */
  decide(batch: Batch, context: EvaluationContext): (batchRow: number, row: number) => void {
    const truths = new Int32Array(batch.rowCount);
    let known = 0;
    this.conditions.forEach((condition, variable) => {
      if (condition.form !== 'decided') return;
      const { expression, columns } = condition.ofRow;
      const read = new Batch(batch.rowCount, columns.map((i) => batch.columns[i]!));
      try {
        const truth = expression.evaluate(read, batch.selection, batch.activeCount, context);
        const rows = selectTrue(truth, batch.selection, batch.activeCount);
        for (const row of rows) truths[row]! |= 1 << variable;
        known |= 1 << variable;
      } catch (error) {
        if (!(error instanceof KernelError)) throw error;
      }
    });
    return (batchRow, row) => {
      this.grow(row);
      this.truths[row] = truths[batchRow]!;
      this.knowns[row] = known;
    };
  }

  /** Of a row whose batch is gone. */
  forget(row: number): void {
    this.grow(row);
    this.knowns[row] = 0;
  }

  private grow(row: number): void {
    if (row < this.truths.length) return;
    const size = Math.max(row + 1, this.truths.length * 2);
    const truths = new Int32Array(size);
    truths.set(this.truths);
    this.truths = truths;
    const knowns = new Int32Array(size);
    knowns.set(this.knowns);
    this.knowns = knowns;
  }

  /** Asks for all cases what they may need; then `holds` answers by a case's place. */
  ask(cases: readonly MatchCase[], context: EvaluationContext): void {
    this.cases = cases;
    this.context = context;
    this.answers = this.conditions.map(() => NOTHING);
    this.conditions.forEach((condition, variable) => {
      if (condition.form !== 'asked') return;
      const places: number[] = [];
      cases.forEach((one, place) => {
        if (this.needs[one.state]!.includes(variable)) places.push(place);
      });
      if (places.length > 0) this.askAll(condition.evaluator, variable, places);
    });
  }

  private askAll(evaluator: MatchEvaluator, variable: number, places: readonly number[]): void {
    const answers = new Uint8Array(this.cases.length).fill(UNKNOWN);
    this.answers[variable] = answers;
    try {
      const truth = evaluator.evaluate({
        count: places.length, steps: places.map((place) => this.cases[place]!.step),
        rows: places.map((place) => this.cases[place]!.row), times: null,
      }, this.context);
      for (const place of places) answers[place] = 0;
      for (const i of selectTrue(truth, null, places.length)) answers[places[i]!] = 1;
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
    }
  }

  holds(place: number, variable: number): boolean {
    const condition = this.conditions[variable]!;
    if (condition.form === 'always') return true;
    const { row } = this.cases[place]!;
    if (condition.form === 'decided' && (this.knowns[row]! >> variable & 1) === 1) {
      return (this.truths[row]! >> variable & 1) === 1;
    }
    const answer = this.answers[variable]![place] ?? UNKNOWN;
    return answer === UNKNOWN ? this.askOne(condition.evaluator, place) : answer === 1;
  }

  private askOne(evaluator: MatchEvaluator, place: number): boolean {
    const { step, row } = this.cases[place]!;
    const truth = evaluator.evaluate({ count: 1, steps: [step], rows: [row], times: null },
      this.context);
    return selectTrue(truth, null, 1).length === 1;
  }
}

const NOTHING = new Uint8Array(0);

function ofRow(one: MatchExpression): OfRow {
  return {
    expression: compileExpression(one.expression),
    columns: one.inputs.map((input) => (input.source === 'row' ? input.column : 0)),
  };
}

/** States that a partial match may look at with its next row: its own, and what it goes on to. */
function reachable(automaton: MatchAutomaton, from: number): ReadonlySet<number> {
  const seen = new Set<number>();
  const visit = (state: number, isTaken: boolean): void => {
    if (seen.has(state)) return;
    seen.add(state);
    for (const step of automaton.states[state]!.steps) {
      if (!step.takes || !isTaken) visit(step.target, isTaken || step.takes);
    }
  };
  visit(from, false);
  return seen;
}
