/**
 * REGEXP, REGEXP_EXTRACT, REGEXP_REPLACE and kin, SIMILAR TO. A constant pattern comes compiled in
 * the option `program` (null where it is no pattern); another is compiled here, the last ones
 * kept. A text that is no pattern gives NULL, REGEXP gives FALSE.
 */
import { type Column, setNull } from '../../batch/column.js';
import { HeapBuilder, textAt } from '../../batch/strings.js';
import { compileRegexp, type RegexpProgram } from '../regexp/compile.js';
import { RegexpMatcher, StepLimitError } from '../regexp/match.js';
import { RegexpSyntaxError, RegexpUnsupportedError } from '../regexp/node.js';
import { similarToRegexp } from '../regexp/similar.js';
import {
  type CallSite, compiled, type KernelFamily, KernelError, type KernelFunction,
} from '../kernel.js';

/** Patterns of a call that are kept compiled. */
const MAX_KEPT = 64;

/** The matcher of a row's pattern; null where the text is none. */
export class Matchers {
  readonly #kept = new Map<string, RegexpMatcher | null>();
  readonly #fixed: RegexpMatcher | null | undefined;

  constructor(site: CallSite, private readonly isSimilar = false) {
    const program = site.options['program'];
    if (program === undefined) this.#fixed = undefined;
    else this.#fixed = program === null ? null : new RegexpMatcher(program as RegexpProgram);
  }

  at(columns: readonly Column[], row: number): RegexpMatcher | null {
    if (this.#fixed !== undefined) return this.#fixed;
    const pattern = textAt(columns[1]!, row);
    const escape = this.isSimilar && columns[2] !== undefined ? textAt(columns[2], row) : null;
    const key = `${escape ?? ''}\0${pattern}`;
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const made = this.#compile(pattern, escape, row);
    if (this.#kept.size >= MAX_KEPT) this.#kept.clear();
    this.#kept.set(key, made);
    return made;
  }

  #compile(pattern: string, escape: string | null, row: number): RegexpMatcher | null {
    try {
      const text = this.isSimilar ? similarToRegexp(pattern, escape) : pattern;
      return new RegexpMatcher(compileRegexp(text));
    } catch (error) {
      if (error instanceof RegexpUnsupportedError) {
        throw new KernelError('MR2100', `regular expression with ${error.message}`, row);
      }
      if (!(error instanceof RegexpSyntaxError)) throw error;
      if (this.isSimilar) throw new KernelError('MR3006', 'pattern of SIMILAR TO', row);
      return null;
    }
  }
}

/** Runs a search; one that takes too long is an error of the row. */
export function bounded<T>(row: number, search: () => T): T {
  try {
    return search();
  } catch (error) {
    if (!(error instanceof StepLimitError)) throw error;
    throw new KernelError('MR3007', 'too many steps', row);
  }
}

/** Makes the matcher look at the text of a row. */
export function aim(matcher: RegexpMatcher, source: Column, row: number): number {
  const at = source.constant ? 0 : row;
  const start = source.starts[at]!;
  matcher.reset(source.heap, start, start + source.lengths[at]!);
  return start;
}

/** REGEXP(text, pattern): whether it is found; an empty pattern is not. */
function contains(site: CallSite): KernelFunction {
  const matchers = new Matchers(site);
  return (columns, selection, count, out) => {
    const pattern = columns[1]!;
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      const matcher = matchers.at(columns, row);
      const isEmpty = pattern.lengths[pattern.constant ? 0 : row] === 0;
      const isFound = matcher !== null && !isEmpty
        && bounded(row, () => matcher.find(aim(matcher, columns[0]!, row)));
      out.values[row] = isFound ? 1 : 0;
    }
  };
}

/** text SIMILAR TO pattern [ESCAPE e]. */
function similar(site: CallSite): KernelFunction {
  const matchers = new Matchers(site, true);
  return (columns, selection, count, out) => {
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      const matcher = matchers.at(columns, row);
      if (matcher === null) {
        throw new KernelError('MR3006', 'pattern of SIMILAR TO', row);
      }
      aim(matcher, columns[0]!, row);
      out.values[row] = bounded(row, () => matcher.matchesAll()) ? 1 : 0;
    }
  };
}

/** REGEXP_EXTRACT(text, pattern [, group]), REGEXP_SUBSTR: shares the text's heap. */
function extract(site: CallSite): KernelFunction {
  const matchers = new Matchers(site);
  return (columns, selection, count, out) => {
    const [source, , group] = columns;
    out.heap = source!.heap;
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      const matcher = matchers.at(columns, row);
      const index = group === undefined ? 0 : group.values[group.constant ? 0 : row]!;
      const isFound = matcher !== null && index >= 0 && index <= matcher.program.groupCount
        && bounded(row, () => matcher.find(aim(matcher, source!, row)));
      const start = isFound ? matcher.slots[2 * index]! : -1;
      if (!isFound || start < 0) {
        setNull(out, row);
        continue;
      }
      out.starts[row] = start;
      out.lengths[row] = matcher.slots[2 * index + 1]! - start;
    }
  };
}

/** REGEXP_REPLACE(text, pattern, replacement): the replacement is taken as it stands. */
function replace(site: CallSite): KernelFunction {
  const matchers = new Matchers(site);
  return (columns, selection, count, out) => {
    const heap = new HeapBuilder(count * 16);
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      const matcher = matchers.at(columns, row);
      if (matcher === null) {
        setNull(out, row);
        continue;
      }
      out.starts[row] = heap.end;
      bounded(row, () => appendReplaced(matcher, columns, row, heap));
      out.lengths[row] = heap.end - out.starts[row]!;
    }
    out.heap = heap.finish();
  };
}

function appendReplaced(
  matcher: RegexpMatcher, columns: readonly Column[], row: number, heap: HeapBuilder,
): void {
  const [source, , replacement] = columns as readonly [Column, Column, Column];
  const by = replacement.constant ? 0 : row;
  const start = aim(matcher, source, row);
  const end = start + source.lengths[source.constant ? 0 : row]!;
  let copied = start;
  for (let at = start; at <= end && matcher.find(at);) {
    const [first, last] = [matcher.slots[0]!, matcher.slots[1]!];
    heap.append(source.heap, copied, first - copied);
    heap.append(replacement.heap, replacement.starts[by]!, replacement.lengths[by]!);
    copied = last;
    at = last > first ? last : matcher.behind(last);
  }
  heap.append(source.heap, copied, end - copied);
}

/** REGEXP_COUNT(text, pattern). */
function countMatches(site: CallSite): KernelFunction {
  const matchers = new Matchers(site);
  return (columns, selection, count, out) => {
    const source = columns[0]!;
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      const matcher = matchers.at(columns, row);
      if (matcher === null) setNull(out, row);
      else out.values[row] = bounded(row, () => countIn(matcher, source, row));
    }
  };
}

function countIn(matcher: RegexpMatcher, source: Column, row: number): number {
  const start = aim(matcher, source, row);
  const end = start + source.lengths[source.constant ? 0 : row]!;
  let found = 0;
  for (let at = start; at <= end && matcher.find(at); found++) {
    const last = matcher.slots[1]!;
    at = last > matcher.slots[0]! ? last : matcher.behind(last);
  }
  return found;
}

/** REGEXP_INSTR(text, pattern): counted from 1 in UTF-16 units; 0 where it is not found. */
function indexOfMatch(site: CallSite): KernelFunction {
  const matchers = new Matchers(site);
  return (columns, selection, count, out) => {
    const source = columns[0]!;
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      const matcher = matchers.at(columns, row);
      if (matcher === null) {
        setNull(out, row);
        continue;
      }
      const start = aim(matcher, source, row);
      const isFound = bounded(row, () => matcher.find(start));
      out.values[row] = isFound ? unitsBetween(source.heap, start, matcher.slots[0]!) + 1 : 0;
    }
  };
}

function unitsBetween(heap: Uint8Array, start: number, end: number): number {
  let units = 0;
  for (let i = start; i < end; i++) {
    const byte = heap[i]!;
    if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1;
  }
  return units;
}

const KERNELS: KernelFamily = {
  regexp: compiled(contains),
  regexp_extract: compiled(extract),
  regexp_replace: compiled(replace),
  regexp_count: compiled(countMatches),
  regexp_instr: compiled(indexOfMatch),
  similar: compiled(similar),
};

/** Each also as `..._dynamic`: with patterns that come with the rows. */
export const regexpKernels: KernelFamily = {
  ...KERNELS,
  ...Object.fromEntries(Object.entries(KERNELS).map(([name, kernel]) =>
    [`${name}_dynamic`, kernel])),
};
