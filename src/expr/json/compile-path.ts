/**
 * JSON paths (`lax $.a[0].b`) compiled to the table that both engines interpret. The grammar is
 * that of Jayway's JsonPath, which Flink uses, without filters, functions and lists of names.
 */
import type { PlanValue } from '../../plan/physical/plan.js';

export type PathStep =
  | { readonly op: 'property'; readonly name: string }
  | { readonly op: 'index' | 'indexes'; readonly numbers: readonly number[] }
  | { readonly op: 'slice'; readonly from: number | null; readonly to: number | null }
  | { readonly op: 'wildcard' | 'scan' };

/** `steps` is null where the text is no path: using it fails for each row, as in Flink. */
export interface JsonPath {
  readonly mode: 'lax' | 'strict';
  /** Whether it leads to one value at most; otherwise what it finds is an array. */
  readonly definite: boolean;
  readonly steps: readonly PathStep[] | null;
}

/** A path that Flink takes and millrace does not. */
export class JsonPathUnsupportedError extends Error {}

class JsonPathSyntaxError extends Error {}

const MODE = /^\s*(strict|lax)\s+(.+)$/is;

/** Compiles a path. Without a mode it is strict. */
export function compileJsonPath(text: string): JsonPath {
  const [, mode = 'strict', path = text] = MODE.exec(text) ?? [];
  const chosen = mode.toLowerCase() === 'lax' ? 'lax' : 'strict';
  try {
    const steps = new PathReader(path.trim()).read();
    const definite = steps.every((step) => step.op === 'property' || step.op === 'index');
    return { mode: chosen, definite, steps };
  } catch (error) {
    if (!(error instanceof JsonPathSyntaxError)) throw error;
    return { mode: chosen, definite: true, steps: null };
  }
}

/** As an option of a call. */
export function pathOption(path: JsonPath): PlanValue {
  return { mode: path.mode, definite: path.definite,
    steps: path.steps?.map((step): PlanValue => ({ ...step })) ?? null };
}

const QUOTED = /\s*'((?:[^'\\]|\\.)*)'\s*|\s*"((?:[^"\\]|\\.)*)"\s*/y;
const INDEXES = /\s*-?\d+\s*(?:,\s*-?\d+\s*)*(?=\])/y;
const SLICE = /\s*(-?\d+)?\s*:\s*(-?\d+)?\s*(?=\])/y;
const NAME = /[^.[\]()\s]+/y;

class PathReader {
  private at = 0;
  private readonly steps: PathStep[] = [];

  constructor(private readonly text: string) {}

  read(): readonly PathStep[] {
    const first = this.text[0];
    if (first === undefined) throw new JsonPathSyntaxError('empty');
    if (first === '$' || first === '@') this.at = 1;
    else this.name();
    while (this.at < this.text.length) this.step();
    if (this.steps.at(-1)?.op === 'scan') throw new JsonPathSyntaxError('..');
    return this.steps;
  }

  private step(): void {
    if (this.text.startsWith('..', this.at)) {
      this.at += 2;
      this.steps.push({ op: 'scan' });
      if (this.text[this.at] !== '[') this.name();
    } else if (this.text[this.at] === '.') {
      this.at++;
      if (this.text[this.at] !== '[') this.name();
    } else if (this.text[this.at] === '[') this.bracket();
    else throw new JsonPathSyntaxError(this.text);
  }

  private name(): void {
    if (this.text[this.at] === '*') {
      this.at++;
      this.steps.push({ op: 'wildcard' });
      return;
    }
    const name = this.match(NAME)?.[0];
    if (name === undefined) throw new JsonPathSyntaxError(this.text);
    if (this.text[this.at] === '(') throw new JsonPathUnsupportedError(`function ${name}()`);
    this.steps.push({ op: 'property', name });
  }

  private bracket(): void {
    this.at++;
    if (/^\s*\?/.test(this.text.slice(this.at))) throw new JsonPathUnsupportedError('a filter');
    this.steps.push(this.inBrackets());
    if (this.text[this.at++] !== ']') throw new JsonPathSyntaxError(this.text);
  }

  private inBrackets(): PathStep {
    if (this.match(/\s*\*\s*(?=\])/y) !== null) return { op: 'wildcard' };
    const quoted = this.match(QUOTED);
    if (quoted !== null) {
      if (this.text[this.at] === ',') throw new JsonPathUnsupportedError('several names');
      return { op: 'property', name: (quoted[1] ?? quoted[2] ?? '').replace(/\\(.)/g, '$1') };
    }
    const indexes = this.match(INDEXES);
    if (indexes !== null) {
      const numbers = indexes[0].split(',').map(Number);
      return { op: numbers.length === 1 ? 'index' : 'indexes', numbers };
    }
    const slice = this.match(SLICE);
    if (slice === null) throw new JsonPathSyntaxError(this.text);
    const [, from, to] = slice;
    if (from === undefined && to === undefined) throw new JsonPathSyntaxError(this.text);
    return { op: 'slice', from: from === undefined ? null : Number(from),
      to: to === undefined ? null : Number(to) };
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (match !== null) this.at += match[0].length;
    return match;
  }
}
