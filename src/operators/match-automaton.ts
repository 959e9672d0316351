/**
 * Runs the automaton of a row pattern over the rows of one key, as Flink's CEP does: each row moves
 * every partial match on, by every way that is open; a match waits while an earlier partial match
 * may still become one; what a match skips is dropped.
 */
import { fail } from '../errors/index.js';
import type { MatchAutomaton, MatchSkip, MatchStep } from '../plan/physical/match-plan.js';
import { MatchHeap, type PartialMatch } from './match-heap.js';
import { type MatchPaths, NO_STEP } from './match-paths.js';

/** What is known of one key. */
export class KeyMatches {
  partials = new MatchHeap();
  readonly completed = new MatchHeap();
  nextSequence = 0;

  /** Nothing but the wait for a first row. */
  get isIdle(): boolean {
    return this.partials.size === 1 && this.completed.size === 0;
  }
}

/** Whether a row meets the condition of a variable behind the partial match at a place. */
export type Holds = (place: number, variable: number) => boolean;

/** A match: its last step, which the receiver holds from now on. */
export type EmitMatch = (step: number, time: number) => void;

export class MatchRunner {
  constructor(
    private readonly automaton: MatchAutomaton, private readonly skip: MatchSkip,
    private readonly withinMs: number, private readonly variables: readonly string[],
    private readonly paths: MatchPaths,
  ) {}

  open(): KeyMatches {
    const key = new KeyMatches();
    key.partials.add({
      state: this.automaton.start, step: NO_STEP, startTime: 0, startSequence: Infinity,
    });
    return key;
  }

  /** When the oldest partial match is too old; Infinity: never. */
  deadline(key: KeyMatches): number {
    const { first } = key.partials;
    if (this.withinMs === 0 || first === undefined || first.step === NO_STEP) return Infinity;
    return first.startTime + this.withinMs;
  }

  /** Drops what is too old at `time`. */
  advance(key: KeyMatches, time: number, emit: EmitMatch): void {
    const deadline = this.deadline(key);
    if (deadline === Infinity || deadline > time) return;
    const kept = new MatchHeap();
    for (const one of key.partials.items) {
      if (one.step === NO_STEP || time - one.startTime < this.withinMs) kept.add(one);
      else this.paths.release(one.step);
    }
    key.partials = kept;
    this.settle(key, time, emit);
  }

  /** Returns whether a partial match began with the row. */
  take(key: KeyMatches, row: number, time: number, holds: Holds, emit: EmitMatch): boolean {
    const next = new MatchHeap();
    const found = new MatchHeap();
    let isBegun = false;
    key.partials.items.forEach((one, place) => {
      const edges = this.openEdges(one.state, place, holds);
      for (const { step, variable } of edges) {
        const made = this.follow(key, one, row, time, variable, step.target);
        this.keep(made, next, found);
        if (this.reachesEnd(step.target, place, holds)) {
          this.keep({ ...made, state: this.automaton.end }, next, found);
        }
        isBegun ||= one.step === NO_STEP;
      }
      if (one.step === NO_STEP) next.add(one);
      else this.paths.release(one.step);
    });
    key.partials = next;
    for (const one of found.items) key.completed.add(one);
    this.settle(key, time, emit);
    return isBegun;
  }

  private keep(made: PartialMatch, next: MatchHeap, found: MatchHeap): void {
    this.paths.hold(made.step);
    (made.state === this.automaton.end ? found : next).add(made);
  }

  private follow(
    key: KeyMatches, one: PartialMatch, row: number, time: number, variable: number, state: number,
  ): PartialMatch {
    const { sequences } = this.paths;
    if (sequences[row]! < 0) sequences[row] = key.nextSequence++;
    const step = this.paths.add(one.step, row, variable);
    const isFirst = one.step === NO_STEP;
    return {
      state, step, startTime: isFirst ? time : one.startTime,
      startSequence: isFirst ? sequences[row]! : one.startSequence,
    };
  }

  /** The ways that take the row, from this state and those it may go on to. */
  private openEdges(
    from: number, place: number, holds: Holds,
  ): readonly { readonly step: MatchStep; readonly variable: number }[] {
    const edges: { step: MatchStep; variable: number }[] = [];
    const stack = [from];
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      const { variable, steps } = this.automaton.states[at]!;
      for (const step of steps) {
        if (!isOpen(step, place, holds)) continue;
        if (step.takes) edges.push({ step, variable });
        else stack.push(step.target);
      }
    }
    return edges;
  }

  private reachesEnd(from: number, place: number, holds: Holds): boolean {
    const stack = [from];
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      for (const step of this.automaton.states[at]!.steps) {
        if (step.takes || !isOpen(step, place, holds)) continue;
        if (step.target === this.automaton.end) return true;
        stack.push(step.target);
      }
    }
    return false;
  }

  /** Sends the matches that no earlier partial match holds back. */
  private settle(key: KeyMatches, time: number, emit: EmitMatch): void {
    const { completed, partials } = key;
    for (let match = completed.first; match !== undefined; match = completed.first) {
      if (partials.first !== undefined &&
        match.startSequence > partials.first.startSequence) break;
      completed.poll();
      const isSkipped = this.skipTest(match);
      for (const heap of [partials, completed]) {
        heap.removeWhere((one) => {
          const isGone = one.step !== NO_STEP && isSkipped(one.startSequence);
          if (isGone) this.paths.release(one.step);
          return isGone;
        });
      }
      emit(match.step, time);
    }
  }

  private skipTest(match: PartialMatch): (start: number) => boolean {
    const { rows, sequences } = this.paths;
    switch (this.skip.to) {
      case 'past-last-row': {
        const last = sequences[rows[match.step]!]!;
        return (start) => start <= last;
      }
      case 'next-row':
        return (start) => start <= match.startSequence;
      default: {
        const target = this.skipTarget(match);
        return (start) => start < target;
      }
    }
  }

  /** Number of the row that SKIP TO names. */
  private skipTarget(match: PartialMatch): number {
    const { rows, parents, variables, sequences } = this.paths;
    const { variable, to } = this.skip;
    let target = -1;
    for (let step = match.step; step !== NO_STEP; step = parents[step]!) {
      if (variables[step] !== variable || (to === 'last' && target >= 0)) continue;
      target = sequences[rows[step]!]!;
    }
    const name = this.variables[variable] ?? '';
    if (target < 0) fail('MR3006', { detail: `no row of ${name} in the match to skip to` });
    if (target === match.startSequence) {
      fail('MR3006', { detail: `skip to ${name}, the first row of the match` });
    }
    return target;
  }
}

function isOpen(step: MatchStep, place: number, holds: Holds): boolean {
  return step.when.every((check) => holds(place, check.variable) !== check.negated);
}
