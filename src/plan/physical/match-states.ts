/**
 * Compiles a row pattern to the automaton that both engines run. States are made from the end of
 * the pattern to its begin, as Flink's NFACompiler makes them:
 *
 *     A       take A -> next
 *     A?      take A -> next, else go on to next
 *     A+      take A -> loop; loop: go on to next, or take A -> loop
 *     A{2,3}  take A -> take A -> next, or once more
 *
 * A greedy variable shuts what stands behind it to the rows that it takes itself.
 */
import type { PatternPart } from '../logical/node.js';
import { ANY_VARIABLE, type MatchAutomaton, type MatchCheck, type MatchState, type MatchStep }
  from './match-plan.js';

export function compilePattern(parts: readonly PatternPart[]): MatchAutomaton {
  const builder = new Builder();
  const end = builder.state(ANY_VARIABLE);
  let start = end;
  for (let variable = parts.length - 1; variable >= 0; variable--) {
    start = builder.part(parts[variable]!, variable, start);
  }
  return { states: builder.states, start, end };
}

class Builder {
  readonly states: (MatchState & { steps: MatchStep[] })[] = [];

  state(variable: number): number {
    return this.states.push({ variable, steps: [] }) - 1;
  }

  /** The first state of a variable; what follows begins at `next`. */
  part(part: PatternPart, variable: number, next: number): number {
    if (!part.loops) {
      if (part.greedy && part.from !== part.to) this.shut(next, variable);
      return this.times(part, variable, next, next);
    }
    const loop = this.state(variable);
    this.goOn(loop, next);
    if (part.greedy) this.shut(next, variable);
    this.take(loop, loop);
    return this.times({ ...part, to: part.from }, variable, loop, next);
  }

  private times(part: PatternPart, variable: number, sink: number, next: number): number {
    let target = sink;
    for (let i = part.from; i < part.to; i++) target = this.single(variable, target, next);
    for (let i = 1; i < part.from; i++) target = this.single(variable, target, null);
    return this.single(variable, target, part.optional ? next : null);
  }

  /** Takes a row on the way to `target`; `next`: where it goes on to without one. */
  private single(variable: number, target: number, next: number | null): number {
    const state = this.state(variable);
    this.take(state, target);
    if (next !== null) this.goOn(state, next);
    return state;
  }

  private take(state: number, target: number): void {
    const { variable, steps } = this.states[state]!;
    steps.push({ takes: true, target, when: [{ variable, negated: false }] });
  }

  private goOn(state: number, target: number): void {
    this.states[state]!.steps.push({ takes: false, target, when: [] });
  }

  private shut(state: number, variable: number): void {
    const check: MatchCheck = { variable, negated: true };
    const { steps } = this.states[state]!;
    steps.forEach((step, i) => { steps[i] = { ...step, when: [...step.when, check] }; });
  }
}
