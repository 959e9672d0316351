/**
 * What a match may begin with, so that a search passes over the places where none can: read off
 * the program by following it from its start up to the first code point that it takes.
 */
import { CODE, type RegexpCode } from './compile.js';
import { ASSERTIONS } from './node.js';

/** Stands for every code point beyond ASCII. */
export const BEYOND_ASCII = 128;

/**
 * Code points below 128, and BEYOND_ASCII; null where a match may be empty, or nothing is known.
 * `isAtStart`: for matches at the start of the text.
 */
export function firstPoints(program: RegexpCode, isAtStart: boolean): readonly number[] | null {
  const found = new Set<number>();
  const seen = new Set<number>();
  const waiting = [0];
  for (let pc = waiting.pop(); pc !== undefined; pc = waiting.pop()) {
    if (seen.has(pc)) continue;
    seen.add(pc);
    const next = follow(program, pc, isAtStart, found);
    if (next === null) return null;
    waiting.push(...next);
  }
  return [...found].sort((a, b) => a - b);
}

/** Where the program may go on without taking a code point; null: it may have matched. */
function follow(
  { code, sets }: RegexpCode, pc: number, isAtStart: boolean, found: Set<number>,
): readonly number[] | null {
  const [first = 0, second = 0] = code.slice(pc + 1, pc + 3);
  switch (code[pc]) {
    case CODE.point:
      found.add(Math.min(first, BEYOND_ASCII));
      return [];
    case CODE.set:
      addSet(sets[first] ?? [], found);
      return [];
    case CODE.split: return [first, second];
    case CODE.jump: return [first];
    case CODE.save:
    case CODE.mark: return [pc + 2];
    case CODE.assert: return first === ASSERTIONS.start && !isAtStart ? [] : [pc + 2];
    case CODE.wordBoundary: return [pc + 3];
    case CODE.progress: return [pc + 3, second];
    case CODE.look: return [second];
    case CODE.atomic: return [pc + 2];
    default: return null;
  }
}

function addSet(ranges: readonly number[], found: Set<number>): void {
  for (let i = 0; i < ranges.length; i += 2) {
    const last = Math.min(ranges[i + 1] ?? 0, BEYOND_ASCII);
    for (let point = Math.min(ranges[i] ?? 0, BEYOND_ASCII); point <= last; point++) {
      found.add(point);
    }
  }
}
