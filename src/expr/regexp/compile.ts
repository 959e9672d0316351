/**
 * Regular expressions as programs of a backtracking machine, which both engines interpret:
 * src/expr/regexp/match.ts and native/kernels/regexp.cpp. A program is plain data of a plan.
 *
 *     0 match                          7 mark m: remember the position
 *     1 set s                          8 progress m out: to `out` if not moved since the mark
 *     2 split first second             9 reference g
 *     3 jump to                       10 look negated out: the code up to its match, then `out`
 *     4 save slot                     11 atomic out: the same, going on behind what matched
 *     5 assert a                      12 point p: one code point
 *     6 word-boundary negated s
 */
import { firstPoints } from './first-points.js';
import { ASSERTIONS, RegexpUnsupportedError, type RegexpNode } from './node.js';
import { parseRegexp } from './parse.js';
import { type PointSet, wordSet } from './point-set.js';

export const CODE = {
  match: 0, set: 1, split: 2, jump: 3, save: 4, assert: 5, wordBoundary: 6, mark: 7, progress: 8,
  reference: 9, look: 10, atomic: 11, point: 12,
} as const;

export type RegexpCode = {
  readonly code: readonly number[];
  /** Sorted ranges of code points: first, last, first, last, ... */
  readonly sets: readonly (readonly number[])[];
};

export type RegexpProgram = RegexpCode & {
  /** What a match may begin with at the start of the text, and behind it; see first-points.ts. */
  readonly firstAtStart: readonly number[] | null;
  readonly firstInside: readonly number[] | null;
  /** Capturing groups, the whole match not counted. */
  readonly groupCount: number;
  readonly markCount: number;
};

/** Most numbers in a program's code, and most nodes that are written into it. */
const MAX_CODE = 100_000;

/** Compiles a pattern of Java; throws RegexpSyntaxError or RegexpUnsupportedError. */
export function compileRegexp(pattern: string): RegexpProgram {
  const { root, groupCount } = parseRegexp(pattern);
  const emitter = new Emitter();
  emitter.emit({ kind: 'group', index: 0, inner: root });
  emitter.put(CODE.match);
  const { code, sets, markCount } = emitter;
  return {
    code, sets, groupCount, markCount,
    firstAtStart: firstPoints({ code, sets }, true),
    firstInside: firstPoints({ code, sets }, false),
  };
}

class Emitter {
  readonly code: number[] = [];
  readonly sets: PointSet[] = [];
  markCount = 0;
  #emitted = 0;
  readonly #setIndexes = new Map<string, number>();

  put(...numbers: number[]): void {
    this.code.push(...numbers);
    if (this.code.length > MAX_CODE) throw new RegexpUnsupportedError('an expression so large');
  }

  emit(node: RegexpNode): void {
    if (++this.#emitted > MAX_CODE) throw new RegexpUnsupportedError('an expression so large');
    switch (node.kind) {
      case 'empty': return;
      case 'set': return this.#emitSet(node.set);
      case 'sequence': return node.parts.forEach((part) => this.emit(part));
      case 'choice': return this.#emitChoice(node.parts);
      case 'group': return this.#emitGroup(node.index, node.inner);
      case 'repeat': return this.#emitRepeat(node);
      case 'assert': return this.put(CODE.assert, ASSERTIONS[node.what]);
      case 'word-boundary':
        return this.put(CODE.wordBoundary, Number(node.negated), this.#setIndex(wordSet()));
      case 'reference': return this.put(CODE.reference, node.index);
      case 'look': return this.#emitInner([CODE.look, Number(node.negated)], node.inner);
      case 'atomic': return this.#emitInner([CODE.atomic], node.inner);
    }
  }

  #emitSet(set: PointSet): void {
    if (set.length === 2 && set[0] === set[1]) this.put(CODE.point, set[0]!);
    else this.put(CODE.set, this.#setIndex(set));
  }

  #setIndex(set: PointSet): number {
    const key = set.join();
    const known = this.#setIndexes.get(key);
    if (known !== undefined) return known;
    this.#setIndexes.set(key, this.sets.length);
    return this.sets.push(set) - 1;
  }

  #emitChoice(parts: readonly RegexpNode[]): void {
    const ends: number[] = [];
    parts.forEach((part, i) => {
      const isLast = i === parts.length - 1;
      const split = this.code.length;
      if (!isLast) this.put(CODE.split, split + 3, 0);
      this.emit(part);
      if (isLast) return;
      ends.push(this.code.length + 1);
      this.put(CODE.jump, 0);
      this.code[split + 2] = this.code.length;
    });
    for (const end of ends) this.code[end] = this.code.length;
  }

  #emitGroup(index: number, inner: RegexpNode): void {
    this.put(CODE.save, 2 * index);
    this.emit(inner);
    this.put(CODE.save, 2 * index + 1);
  }

  #emitRepeat(node: Extract<RegexpNode, { kind: 'repeat' }>): void {
    for (let i = 0; i < node.least; i++) this.emit(node.inner);
    if (node.most === Number.POSITIVE_INFINITY) this.#emitLoop(node.inner, node.lazy);
    else this.#emitOptional(node.inner, node.most - node.least, node.lazy);
  }

  #emitLoop(inner: RegexpNode, lazy: boolean): void {
    const mark = this.markCount++;
    const top = this.#emitSplit();
    this.put(CODE.mark, mark);
    this.emit(inner);
    this.put(CODE.progress, mark, 0);
    const exit = this.code.length - 1;
    this.put(CODE.jump, top);
    this.code[exit] = this.code.length;
    this.#setSplit(top, lazy);
  }

  /** Up to `count` more, each only behind the one before. */
  #emitOptional(inner: RegexpNode, count: number, lazy: boolean): void {
    const splits: number[] = [];
    for (let i = 0; i < count; i++) {
      splits.push(this.#emitSplit());
      this.emit(inner);
    }
    for (const split of splits) this.#setSplit(split, lazy);
  }

  #emitSplit(): number {
    this.put(CODE.split, 0, 0);
    return this.code.length - 3;
  }

  /** Into the code behind the split first, or lazily past all of it first. */
  #setSplit(split: number, lazy: boolean): void {
    const [inside, behind] = [split + 3, this.code.length];
    this.code[split + 1] = lazy ? behind : inside;
    this.code[split + 2] = lazy ? inside : behind;
  }

  #emitInner(head: readonly number[], inner: RegexpNode): void {
    this.put(...head, 0);
    const out = this.code.length - 1;
    this.emit(inner);
    this.put(CODE.match);
    this.code[out] = this.code.length;
  }
}
