/**
 * SPLIT, STR_TO_MAP, REGEXP_EXTRACT_ALL: texts taken to pieces, which share the text's heap.
 */
import { Column, setNull } from '../../batch/column.js';
import { textAt } from '../../batch/strings.js';
import { columnOf } from '../../batch/values.js';
import { childTypes } from '../../types/data-type.js';
import type { RegexpProgram } from '../regexp/compile.js';
import { RegexpMatcher } from '../regexp/match.js';
import {
  type CallSite, compiled, type KernelFamily, type KernelFunction, propagating,
} from '../kernel.js';
import { indexIn } from '../loop.js';
import { aim, bounded, Matchers } from './regexp.js';

/** Texts by range in a heap, some of them NULL, that become the child of a list. */
class Pieces {
  private readonly starts: number[] = [];
  private readonly lengths: number[] = [];

  get count(): number {
    return this.starts.length;
  }

  /** A piece; `end` below `start` is NULL. Returns its index. */
  add(start: number, end: number): number {
    this.lengths.push(end - start);
    return this.starts.push(start) - 1;
  }

  set(at: number, start: number, end: number): void {
    this.starts[at] = start;
    this.lengths[at] = end - start;
  }

  isEqual(at: number, heap: Uint8Array, start: number, end: number): boolean {
    if (this.lengths[at] !== end - start) return false;
    for (let i = start; i < end; i++) {
      if (heap[i] !== heap[this.starts[at]! + i - start]) return false;
    }
    return true;
  }

  finish(out: Column, child: number, heap: Uint8Array): Column {
    const column = new Column(childTypes(out.type)[child]!, this.count, new Uint8Array(0), null,
      Int32Array.from(this.starts), Int32Array.from(this.lengths), heap);
    for (let i = 0; i < this.count; i++) {
      if (this.lengths[i]! < 0) {
        column.lengths[i] = 0;
        setNull(column, i);
      }
    }
    return column;
  }
}

/** One UTF-16 unit each: halves of a pair cannot be written and become question marks. */
function unitsOf(text: string): readonly string[] {
  return text.split('').map((unit) => (/[\ud800-\udfff]/.test(unit) ? '?' : unit));
}

const split: KernelFunction = ([texts, separators], selection, count, out) => {
  const pieces: string[] = [];
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    const text = textAt(texts!, row);
    const separator = textAt(separators!, row);
    const found = text === '' ? [] : separator === '' ? unitsOf(text) : text.split(separator);
    out.starts[row] = pieces.length;
    out.lengths[row] = found.length;
    for (const piece of found) pieces.push(piece);
  }
  out.children = [columnOf(childTypes(out.type)[0]!, pieces)];
};

const NULL_PIECE = [0, -1] as const;

/** Keys and values of a STR_TO_MAP over the heap of its texts. */
class PairReader {
  readonly keys = new Pieces();
  readonly values = new Pieces();

  constructor(
    private readonly heap: Uint8Array,
    private readonly list: RegexpMatcher,
    private readonly pair: RegexpMatcher,
  ) {}

  /** java.lang.String.split: empty pieces at the end are left out. */
  read(from: number, end: number): void {
    const first = this.keys.count;
    const cuts: (readonly [number, number])[] = [];
    this.list.reset(this.heap, from, end);
    let piece = from;
    for (let at = from; at <= end && this.list.find(at);) {
      const [start, last] = [this.list.slots[0]!, this.list.slots[1]!];
      if (last > from && start < end) {
        cuts.push([piece, start]);
        piece = last;
      }
      at = last > start ? last : this.list.behind(last);
    }
    cuts.push([piece, end]);
    while (cuts.length > 1 && cuts.at(-1)![0] === cuts.at(-1)![1]) cuts.pop();
    for (const [start, last] of cuts) this.put(first, start, last);
  }

  /** An equal key behind `first` takes the new value. */
  private put(first: number, from: number, end: number): void {
    const { pair, keys, values } = this;
    pair.reset(this.heap, from, end);
    let isFound = pair.find(from);
    if (isFound && pair.slots[1] === from) { // an empty match at the start parts nothing
      const next = pair.behind(from);
      isFound = next <= end && pair.find(next);
    }
    const keyEnd = isFound ? pair.slots[0]! : end;
    const value = isFound ? [pair.slots[1]!, end] as const : NULL_PIECE;
    for (let at = first; at < keys.count; at++) {
      if (keys.isEqual(at, this.heap, from, keyEnd)) {
        values.set(at, ...value);
        return;
      }
    }
    keys.add(from, keyEnd);
    values.add(...value);
  }
}

function compileStrToMap(site: CallSite): KernelFunction {
  const list = new RegexpMatcher(site.options['list_program'] as unknown as RegexpProgram);
  const pair = new RegexpMatcher(site.options['pair_program'] as unknown as RegexpProgram);
  return ([texts], selection, count, out) => {
    const reader = new PairReader(texts!.heap, list, pair);
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      const at = indexIn(texts!, row);
      const start = texts!.starts[at]!;
      const length = texts!.lengths[at]!;
      out.starts[row] = reader.keys.count;
      if (length > 0) bounded(row, () => reader.read(start, start + length));
      out.lengths[row] = reader.keys.count - out.starts[row]!;
    }
    out.children = [reader.keys.finish(out, 0, texts!.heap),
      reader.values.finish(out, 1, texts!.heap)];
  };
}

/** REGEXP_EXTRACT_ALL(text, pattern [, group]): the group, 1 by default, of every match. */
function compileExtractAll(site: CallSite): KernelFunction {
  const matchers = new Matchers(site);
  return (columns, selection, count, out) => {
    const [texts, , groups] = columns as readonly [Column, Column, Column?];
    const pieces = new Pieces();
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      const matcher = matchers.at(columns, row);
      const group = groups === undefined ? 1 : groups.values[indexIn(groups, row)]!;
      if (matcher === null || group < 0 || group > matcher.program.groupCount) {
        setNull(out, row);
        continue;
      }
      out.starts[row] = pieces.count;
      bounded(row, () => addMatches(matcher, texts, row, group, pieces));
      out.lengths[row] = pieces.count - out.starts[row]!;
    }
    out.children = [pieces.finish(out, 0, texts.heap)];
  };
}

function addMatches(
  matcher: RegexpMatcher, texts: Column, row: number, group: number, pieces: Pieces,
): void {
  const start = aim(matcher, texts, row);
  const end = start + texts.lengths[indexIn(texts, row)]!;
  for (let at = start; at <= end && matcher.find(at);) {
    const from = matcher.slots[2 * group]!;
    if (from < 0) pieces.add(...NULL_PIECE);
    else pieces.add(from, matcher.slots[2 * group + 1]!);
    const [first, last] = [matcher.slots[0]!, matcher.slots[1]!];
    at = last > first ? last : matcher.behind(last);
  }
}

export const splitKernels: KernelFamily = {
  split: propagating(split),
  str_to_map: compiled(compileStrToMap),
  regexp_extract_all: compiled(compileExtractAll),
  regexp_extract_all_dynamic: compiled(compileExtractAll),
};
