/**
 * The lexer: text to tokens in one pass, without looking back. Rules as in Flink: Java-like names,
 * backticks around names, single quotes around strings, `--`, `//` and C comments.
 */
import { type ErrorCode, errorOf, type MillraceError, type Position }
  from '../../errors/index.js';
import { isDigit, isLetter, isSpace } from './characters.js';
import { keywordOf } from './keywords.js';
import { TokenKind, type TokenList } from './tokens.js';

/** Longest SQL text that is read, in UTF-16 code units. */
const maxSqlLength = 16 * 1024 * 1024;

/** Where in a text the lexer begins. */
type Start = Omit<Position, 'endOffset'>;

const BEGINNING: Start = { offset: 0, line: 1, column: 1 };

/**
 * Splits a text into tokens. Never throws: a fault becomes a token of kind `error`, which reaches
 * to the next semicolon, and there the tokens end. Names with line breaks stand in printed types
 * only; in SQL a backtick must be closed on its line.
 */
export function tokenize(source: string, lineBreaksInNames = false): TokenList {
  return tokensFrom(source, BEGINNING, lineBreaksInNames);
}

/** The tokens from a place on, such as the one where a fault ended those before. */
export function tokensFrom(
  source: string, start: Start, lineBreaksInNames = false,
): TokenList {
  const lexer = new Lexer(source, lineBreaksInNames, start);
  lexer.run();
  return lexer;
}

const symbolsByLength: readonly ReadonlySet<string>[] = [
  new Set('( ) { } [ ] ; . , = > < ? : + - * / % | ^ $'.split(' ')),
  new Set('<= >= <> != || => .. */'.split(' ')),
  new Set(['/*+']),
];

const exponent = /[eE][+-]?[0-9]+/y;
const charsetPrefix = /_[a-zA-Z0-9][a-zA-Z0-9:.\-_]*'/y;

class Lexer implements TokenList {
  readonly kinds: number[] = [];
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  readonly lines: number[] = [];
  readonly columns: number[] = [];
  readonly words: string[] = [];
  error?: MillraceError;
  private offset: number;
  private line: number;
  private lineStart: number;

  constructor(
    readonly source: string, private readonly lineBreaksInNames: boolean, start: Start,
  ) {
    this.offset = start.offset;
    this.line = start.line;
    this.lineStart = start.offset - start.column + 1;
  }

  run(): void {
    if (this.source.length > maxSqlLength) {
      this.fault('MR1009', 0, { length: this.source.length, limit: maxSqlLength });
    }
    while (this.error === undefined && this.skipBlanks()) this.token();
    this.push(TokenKind.end, this.offset, '');
  }

  /** Moves behind blanks and comments; false at the end. */
  private skipBlanks(): boolean {
    const { source } = this;
    for (;;) {
      const code = source.charCodeAt(this.offset);
      if (code === 0x0a) {
        this.offset++;
        this.newLine();
      } else if (isSpace(code)) {
        this.offset++;
      } else if (source.startsWith('--', this.offset) || source.startsWith('//', this.offset)) {
        this.skipLine();
      } else if (source.startsWith('/*', this.offset) && source[this.offset + 2] !== '+') {
        if (!this.skipComment()) return false;
      } else {
        return this.offset < source.length;
      }
    }
  }

  private newLine(): void {
    this.line++;
    this.lineStart = this.offset;
  }

  private skipLine(): void {
    const end = this.source.indexOf('\n', this.offset);
    this.offset = end < 0 ? this.source.length : end;
  }

  private skipComment(): boolean {
    const end = this.source.indexOf('*/', this.offset + 2);
    if (end < 0) {
      this.fault('MR1005', this.offset, {});
      return false;
    }
    this.moveTo(end + 2);
    return true;
  }

  /** Moves forward over text that may hold line breaks. */
  private moveTo(end: number): void {
    while (this.offset < end) {
      if (this.source.charCodeAt(this.offset++) === 0x0a) this.newLine();
    }
  }

  private token(): void {
    const code = this.source.charCodeAt(this.offset);
    if (code === 0x27) return this.string(TokenKind.string, 0);
    if (code === 0x60) return this.quotedIdentifier();
    if (isAsciiDigit(code) || (code === 0x2e && this.isDigitAt(this.offset + 1))) {
      return this.number();
    }
    if (!isLetter(code)) return this.symbol();
    if (this.prefixedString() === undefined) this.word();
  }

  private word(): void {
    const { source, offset } = this;
    let end = offset + 1;
    for (;;) {
      const code = source.charCodeAt(end);
      if (!isLetter(code) && !isDigit(code)) break;
      end++;
    }
    this.push(TokenKind.word, end, keywordOf(source.slice(offset, end)));
  }

  /** Reads N'', E'', X'', U&'' and _charset''; undefined if there is none. */
  private prefixedString(): true | undefined {
    const { source, offset } = this;
    const first = source[offset]?.toLowerCase() ?? '';
    if (source[offset + 1] === "'") {
      const kind = { n: TokenKind.prefixedString, e: TokenKind.escapeString,
        x: TokenKind.binaryString }[first];
      if (kind !== undefined) this.string(kind, 1);
      return kind === undefined ? undefined : true;
    }
    if (first === 'u' && source.startsWith("&'", offset + 1)) {
      this.string(TokenKind.unicodeString, 2);
      return true;
    }
    charsetPrefix.lastIndex = offset;
    if (first !== '_' || !charsetPrefix.test(source)) return undefined;
    this.string(TokenKind.prefixedString, charsetPrefix.lastIndex - 1 - offset);
    return true;
  }

  /** A string whose opening quote stands `prefixLength` behind here; '' inside is a quote. */
  private string(kind: number, prefixLength: number): void {
    const { source } = this;
    let end = this.offset + prefixLength + 1;
    for (;;) {
      const quote = kind === TokenKind.escapeString
        ? endOfEscaped(source, end) : source.indexOf("'", end);
      if (quote < 0 || quote >= source.length) return this.fault('MR1003', this.offset, {});
      if (source[quote + 1] !== "'") {
        end = quote + 1;
        break;
      }
      end = quote + 2;
    }
    this.push(kind, end, '');
  }

  private quotedIdentifier(): void {
    const { source } = this;
    let end = this.offset + 1;
    for (;; end++) {
      const character = source[end];
      const isBreak = character === '\n' || character === '\r';
      if (character === undefined || (isBreak && !this.lineBreaksInNames)) {
        return this.fault('MR1004', this.offset, {});
      }
      if (character !== '`') continue;
      if (source[end + 1] !== '`' || end === this.offset + 1) break;
      end++;
    }
    if (end === this.offset + 1) return this.fault('MR1013', this.offset, {});
    this.push(TokenKind.quotedIdentifier, end + 1, '');
  }

  private number(): void {
    const { source } = this;
    let end = this.digits(this.offset);
    let kind: number = TokenKind.integer;
    if (source[end] === '.') {
      kind = TokenKind.decimal;
      end = this.digits(end + 1);
    }
    exponent.lastIndex = end;
    if (exponent.test(source)) {
      kind = TokenKind.approximate;
      end = exponent.lastIndex;
    }
    this.push(kind, end, '');
  }

  private isDigitAt(offset: number): boolean {
    return isAsciiDigit(this.source.charCodeAt(offset));
  }

  private digits(from: number): number {
    let end = from;
    while (isAsciiDigit(this.source.charCodeAt(end))) end++;
    return end;
  }

  private symbol(): void {
    for (let length = 3; length > 0; length--) {
      const text = this.source.slice(this.offset, this.offset + length);
      if (symbolsByLength[length - 1]?.has(text) === true) {
        return this.push(TokenKind.symbol, this.offset + length, text);
      }
    }
    const character = String.fromCodePoint(this.source.codePointAt(this.offset) ?? 0);
    const hint = character === '"' ? { expected: 'write `name` or \'text\'' } : {};
    this.fault('MR1006', this.offset, { character: JSON.stringify(character), ...hint });
  }

  private push(kind: number, end: number, word: string): void {
    this.kinds.push(kind);
    this.starts.push(this.offset);
    this.ends.push(end);
    this.lines.push(this.line);
    this.columns.push(this.offset - this.lineStart + 1);
    this.words.push(word);
    this.moveTo(end);
  }

  private fault(code: ErrorCode, offset: number, values: Record<string, string | number>): void {
    const position = {
      line: this.line, column: offset - this.lineStart + 1, offset, endOffset: offset + 1,
    };
    // The values fit: each caller passes those of its code.
    this.error = errorOf(code as 'MR1016', values, { position, source: this.source });
    const semicolon = code === 'MR1009' ? -1 : this.source.indexOf(';', offset);
    this.push(TokenKind.error, semicolon < 0 ? this.source.length : semicolon, '');
  }
}

function isAsciiDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** Offset of the next quote in E'' text from here on, escapes skipped; -1 if there is none. */
function endOfEscaped(source: string, from: number): number {
  for (let offset = from; offset < source.length; offset++) {
    const code = source.charCodeAt(offset);
    if (code === 0x5c) offset++;
    else if (code === 0x27) return offset;
  }
  return -1;
}
