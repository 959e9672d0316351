/** Parses regular expressions in the syntax of java.util.regex. */
import {
  RegexpSyntaxError, RegexpUnsupportedError, type RegexpNode,
} from './node.js';
import {
  complement, ESCAPED_SETS, intersection, MAX_POINT, namedSet, type PointSet, setOf, union,
  withBothCases,
} from './point-set.js';

export interface ParsedRegexp {
  readonly root: RegexpNode;
  /** Capturing groups, the whole match (group 0) not counted. */
  readonly groupCount: number;
}

/** Largest count in {n,m}. */
const MAX_REPEAT = 1000;
/** How deep groups, sets and repetitions may stand in each other. */
const MAX_DEPTH = 200;

/** (?i), (?s), (?m). */
interface Flags {
  readonly ignoreCase: boolean;
  readonly dotAll: boolean;
  readonly multiline: boolean;
}

export function parseRegexp(pattern: string): ParsedRegexp {
  return new RegexpParser([...pattern]).parse();
}

const LINE_BREAKS: PointSet = [0x0a, 0x0a, 0x0d, 0x0d, 0x85, 0x85, 0x2028, 0x2029];
const CONTROL_ESCAPES: Readonly<Record<string, number>> = {
  t: 0x09, n: 0x0a, r: 0x0d, f: 0x0c, a: 0x07, e: 0x1b,
};

class RegexpParser {
  #at = 0;
  #groups = 0;
  #depth = 0;
  #flags: Flags = { ignoreCase: false, dotAll: false, multiline: false };
  readonly #names = new Map<string, number>();

  constructor(private readonly text: readonly string[]) {}

  parse(): ParsedRegexp {
    const root = this.#choice();
    if (this.#at < this.text.length) throw new RegexpSyntaxError('unmatched )');
    return { root, groupCount: this.#groups };
  }

  #peek(): string | undefined {
    return this.text[this.#at];
  }

  #take(): string {
    const next = this.text[this.#at++];
    if (next === undefined) throw new RegexpSyntaxError('pattern ends too early');
    return next;
  }

  #takeIf(text: string): boolean {
    const letters = [...text];
    if (!letters.every((letter, i) => this.text[this.#at + i] === letter)) return false;
    this.#at += letters.length;
    return true;
  }

  #choice(): RegexpNode {
    if (++this.#depth > MAX_DEPTH) throw new RegexpUnsupportedError('groups nested too deeply');
    const flags = this.#flags;
    const parts = [this.#sequence()];
    while (this.#takeIf('|')) parts.push(this.#sequence());
    this.#flags = flags;
    this.#depth--;
    return parts.length === 1 ? parts[0]! : { kind: 'choice', parts };
  }

  #sequence(): RegexpNode {
    const parts: RegexpNode[] = [];
    for (;;) {
      const next = this.#peek();
      if (next === undefined || next === '|' || next === ')') break;
      if (this.#takeIf('\\Q')) parts.push(...this.#quoted());
      else parts.push(this.#quantified(this.#atom()));
    }
    return parts.length === 1 ? parts[0]! : { kind: 'sequence', parts };
  }

  /** \Q...\E; the last character takes a quantifier behind \E. */
  #quoted(): readonly RegexpNode[] {
    const parts: RegexpNode[] = [];
    while (this.#at < this.text.length && !this.#takeIf('\\E')) {
      parts.push(this.#literal(this.#take().codePointAt(0)!));
    }
    const last = parts.pop();
    return last === undefined ? [] : [...parts, this.#quantified(last)];
  }

  #literal(point: number): RegexpNode {
    return this.#set([point, point]);
  }

  #set(set: PointSet): RegexpNode {
    return { kind: 'set', set: this.#flags.ignoreCase ? withBothCases(set) : set };
  }

  #atom(): RegexpNode {
    const next = this.#take();
    switch (next) {
      case '(': return this.#group();
      case '[': return this.#set(this.#setBody());
      case '.': return { kind: 'set', set: this.#flags.dotAll ? [0, MAX_POINT]
        : complement(LINE_BREAKS) };
      case '^': return { kind: 'assert', what: this.#flags.multiline ? 'lineStart' : 'start' };
      case '$': return { kind: 'assert', what: this.#flags.multiline ? 'lineEnd' : 'lastLineEnd' };
      case '\\': return this.#escape();
      case '*':
      case '+':
      case '?': throw new RegexpSyntaxError(`dangling ${next}`);
      default: return this.#literal(next.codePointAt(0)!);
    }
  }

  #quantified(inner: RegexpNode): RegexpNode {
    let node = inner;
    for (let depth = 0;; depth++) {
      const bounds = this.#bounds();
      if (bounds === null) return node;
      if (depth === MAX_DEPTH) throw new RegexpUnsupportedError('repetitions nested too deeply');
      const [least, most] = bounds;
      const lazy = this.#takeIf('?');
      const repeat: RegexpNode = { kind: 'repeat', inner: node, least, most, lazy };
      node = !lazy && this.#takeIf('+') ? { kind: 'atomic', inner: repeat } : repeat;
    }
  }

  #bounds(): readonly [least: number, most: number] | null {
    if (this.#takeIf('*')) return [0, Number.POSITIVE_INFINITY];
    if (this.#takeIf('+')) return [1, Number.POSITIVE_INFINITY];
    if (this.#takeIf('?')) return [0, 1];
    if (!this.#takeIf('{')) return null;
    const least = this.#number();
    let most = least;
    if (this.#takeIf(',')) most = this.#peek() === '}' ? Number.POSITIVE_INFINITY : this.#number();
    if (!this.#takeIf('}') || most < least) throw new RegexpSyntaxError('bad repetition');
    if (least > MAX_REPEAT || (most > MAX_REPEAT && most !== Number.POSITIVE_INFINITY)) {
      throw new RegexpUnsupportedError(`repetition of more than ${MAX_REPEAT}`);
    }
    return [least, most];
  }

  #number(): number {
    let digits = '';
    while (/^[0-9]$/.test(this.#peek() ?? '')) digits += this.#take();
    if (digits === '' || digits.length > 9) throw new RegexpSyntaxError('bad repetition');
    return Number(digits);
  }

  #group(): RegexpNode {
    if (!this.#takeIf('?')) return this.#capture();
    if (this.#takeIf(':')) return this.#closed(this.#choice());
    if (this.#takeIf('=')) return this.#look(false);
    if (this.#takeIf('!')) return this.#look(true);
    if (this.#takeIf('>')) return { kind: 'atomic', inner: this.#closed(this.#choice()) };
    if (this.#takeIf('<=') || this.#takeIf('<!')) throw new RegexpUnsupportedError('look-behind');
    if (this.#takeIf('<')) return this.#namedCapture();
    return this.#flagGroup();
  }

  #capture(): RegexpNode {
    const index = ++this.#groups;
    return { kind: 'group', index, inner: this.#closed(this.#choice()) };
  }

  #namedCapture(): RegexpNode {
    const name = this.#nameUntil('>');
    if (this.#names.has(name)) throw new RegexpSyntaxError(`group is there twice: ${name}`);
    this.#names.set(name, this.#groups + 1);
    return this.#capture();
  }

  #nameUntil(close: string): string {
    let name = '';
    while (this.#peek() !== close) name += this.#take();
    this.#at++;
    if (!/^[A-Za-z][A-Za-z0-9]*$/.test(name)) throw new RegexpSyntaxError('bad name of a group');
    return name;
  }

  #closed(node: RegexpNode): RegexpNode {
    if (!this.#takeIf(')')) throw new RegexpSyntaxError('unclosed group');
    return node;
  }

  #look(negated: boolean): RegexpNode {
    return { kind: 'look', negated, inner: this.#closed(this.#choice()) };
  }

  /** (?i) for the rest of the group around it, (?i:...) for its own. */
  #flagGroup(): RegexpNode {
    const before = this.#flags;
    let isOn = true;
    const flags = { ...before };
    for (;;) {
      const letter = this.#take();
      if (letter === ')') break;
      if (letter === ':') {
        this.#flags = flags;
        const inner = this.#closed(this.#choice());
        this.#flags = before;
        return inner;
      }
      if (letter === '-') isOn = false;
      else if (letter === 'i') flags.ignoreCase = isOn;
      else if (letter === 's') flags.dotAll = isOn;
      else if (letter === 'm') flags.multiline = isOn;
      else if ('udxU'.includes(letter)) throw new RegexpUnsupportedError(`flag ${letter}`);
      else throw new RegexpSyntaxError('unknown inline modifier');
    }
    this.#flags = flags;
    return { kind: 'empty' };
  }

  #escape(): RegexpNode {
    const next = this.#take();
    switch (next) {
      case 'b': return { kind: 'word-boundary', negated: false };
      case 'B': return { kind: 'word-boundary', negated: true };
      case 'A': return { kind: 'assert', what: 'start' };
      case 'z': return { kind: 'assert', what: 'end' };
      case 'Z': return { kind: 'assert', what: 'lastLineEnd' };
      case 'R': return { kind: 'choice', parts: [
        { kind: 'sequence', parts: [this.#literal(0x0d), this.#literal(0x0a)] },
        { kind: 'set', set: ESCAPED_SETS['v']! },
      ] };
      case 'k': {
        if (this.#take() !== '<') throw new RegexpSyntaxError('\\k without a name');
        return this.#reference(this.#names.get(this.#nameUntil('>')));
      }
      case 'G':
      case 'X':
      case 'N': throw new RegexpUnsupportedError(`\\${next}`);
      default: return /^[1-9]$/.test(next) ? this.#numbered(next)
        : this.#set(this.#escapedSet(next));
    }
  }

  /** \11 is group 11 where there are so many groups before it, else group 1 and a 1. */
  #numbered(first: string): RegexpNode {
    let index = Number(first);
    for (;;) {
      const next = this.#peek() ?? '';
      if (!/^[0-9]$/.test(next) || index * 10 + Number(next) > this.#groups) break;
      index = index * 10 + Number(this.#take());
    }
    return this.#reference(index <= this.#groups ? index : undefined);
  }

  #reference(index: number | undefined): RegexpNode {
    if (index === undefined) throw new RegexpUnsupportedError('a reference to no earlier group');
    if (this.#flags.ignoreCase) throw new RegexpUnsupportedError('references that ignore case');
    return { kind: 'reference', index };
  }

  /** The characters that an escape stands for; `next` is the letter behind the backslash. */
  #escapedSet(next: string): PointSet {
    const set = ESCAPED_SETS[next];
    if (set !== undefined) return set;
    const opposite = ESCAPED_SETS[next.toLowerCase()];
    if (opposite !== undefined) return complement(opposite);
    if (next === 'p' || next === 'P') return this.#property(next === 'P');
    const point = this.#escapedPoint(next);
    return [point, point];
  }

  #property(negated: boolean): PointSet {
    let name = this.#take();
    if (name === '{') {
      name = '';
      while (this.#peek() !== '}') name += this.#take();
      this.#at++;
    }
    const set = namedSet(name);
    if (set === undefined) throw new RegexpUnsupportedError(`\\p{${name}}`);
    return negated ? complement(set) : set;
  }

  #escapedPoint(next: string): number {
    const control = CONTROL_ESCAPES[next];
    if (control !== undefined) return control;
    switch (next) {
      case 'x': return this.#takeIf('{') ? this.#hexUntilBrace() : this.#hex(2);
      case 'u': return this.#hex(4);
      case 'c': return this.#take().codePointAt(0)! ^ 64;
      case '0': return this.#octal();
      default:
        if (/^[A-Za-z]$/.test(next)) throw new RegexpSyntaxError(`illegal escape \\${next}`);
        return next.codePointAt(0)!;
    }
  }

  #hex(count: number): number {
    let digits = '';
    for (let i = 0; i < count; i++) digits += this.#take();
    if (!/^[0-9a-fA-F]+$/.test(digits)) throw new RegexpSyntaxError('bad hexadecimal escape');
    return Number.parseInt(digits, 16);
  }

  #hexUntilBrace(): number {
    let digits = '';
    while (this.#peek() !== '}') digits += this.#take();
    this.#at++;
    const point = /^[0-9a-fA-F]{1,6}$/.test(digits) ? Number.parseInt(digits, 16) : MAX_POINT + 1;
    if (point > MAX_POINT) throw new RegexpSyntaxError('bad hexadecimal escape');
    return point;
  }

  #octal(): number {
    let digits = '';
    while (digits.length < 3 && /^[0-7]$/.test(this.#peek() ?? '')
      && Number.parseInt(digits + this.#peek()!, 8) <= 0o377) digits += this.#take();
    if (digits === '') throw new RegexpSyntaxError('bad octal escape');
    return Number.parseInt(digits, 8);
  }

  /** Behind `[`: ranges, escapes, nested sets, && for what is in both. */
  #setBody(): PointSet {
    if (++this.#depth > MAX_DEPTH) throw new RegexpUnsupportedError('sets nested too deeply');
    const negated = this.#takeIf('^');
    let whole: PointSet | null = null;
    let part: PointSet = [];
    for (let isFirst = true; isFirst || this.#peek() !== ']'; isFirst = false) {
      if (this.#takeIf('&&')) {
        whole = whole === null ? part : intersection(whole, part);
        part = [];
      } else if (this.#takeIf('[')) part = union(part, this.#setBody());
      else part = union(part, this.#setRange());
    }
    this.#at++;
    this.#depth--;
    const set = whole === null ? part : intersection(whole, part);
    return negated ? complement(this.#flags.ignoreCase ? withBothCases(set) : set) : set;
  }

  #setRange(): PointSet {
    const first = this.#setItem();
    const isRange = this.#peek() === '-' && this.text[this.#at + 1] !== ']'
      && this.text[this.#at + 1] !== '[' && first.length === 2 && first[0] === first[1];
    if (!isRange) return first;
    this.#at++;
    const last = this.#setItem();
    if (last.length !== 2 || last[0] !== last[1] || last[0]! < first[0]!) {
      throw new RegexpSyntaxError('illegal character range');
    }
    return setOf([first[0]!, last[0]!]);
  }

  #setItem(): PointSet {
    const next = this.#take();
    if (next === '\\') return this.#escapedSet(this.#take());
    const point = next.codePointAt(0)!;
    return [point, point];
  }
}
