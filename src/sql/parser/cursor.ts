/**
 * The parser's place in the tokens, with what all grammar rules share: looking ahead, taking words,
 * positions of nodes, the nesting limit, and errors with what was expected.
 */
import { FOREIGN_STATEMENTS, FOREIGN_SYNTAX } from '../../../spec/foreign-names.js';
import { errorOf, type MillraceError, type Position, suggest } from '../../errors/index.js';
import { reservedWords } from '../lexer/keywords.js';
import { TokenKind, type TokenList } from '../lexer/tokens.js';

/** Deepest nesting of expressions, queries, types and tables in one statement. */
const maxNesting = 200;

/**
 * Deepest syntax tree. Chains such as a + b + c nest to the left and count with their length; long
 * chains of AND and OR are balanced and do not.
 */
const maxTreeDepth = 1000;

/** Reads tokens one by one; every rule of the grammar is a function of a cursor. */
export class Cursor {
  /** Number of the next token. */
  index = 0;
  /** Number of the parameters `?` seen so far. */
  parameterCount = 0;
  /** Whether a query may stand inside the expression that is being read. */
  queriesAllowed = true;
  /** Whether types may be read that Flink prints but does not take in DDL, such as INTERVAL. */
  printedTypes = false;
  private nesting = 0;
  /** Depth of the tree read so far at this level of nesting. */
  private depth = 0;
  /** Words looked for in vain at token `expectedAt`; collected only when explaining an error. */
  private expected: string[] | undefined;
  private expectedAt = 0;
  /** Token that became an alias without AS: perhaps a mistyped word. */
  private aliasAt = -1;

  constructor(readonly tokens: TokenList) {}

  /** A cursor at the same text that remembers what it looked for: for the second run. */
  static explaining(tokens: TokenList, index: number): Cursor {
    const cursor = new Cursor(tokens);
    cursor.index = index;
    cursor.expected = [];
    return cursor;
  }

  /** Word or symbol of the token `ahead` behind the next one; '' for names and literals. */
  word(ahead = 0): string {
    return this.tokens.words[this.index + ahead] ?? '';
  }

  /** Kind of the token `ahead` behind the next one. */
  kind(ahead = 0): number {
    return this.tokens.kinds[this.index + ahead] ?? TokenKind.end;
  }

  /** Text of the token `ahead` behind the next one. */
  text(ahead = 0): string {
    const { source, starts, ends } = this.tokens;
    const index = this.index + ahead;
    return source.slice(starts[index] ?? source.length, ends[index] ?? source.length);
  }

  /** Whether the next token is this word or symbol. */
  at(word: string): boolean {
    if (this.tokens.words[this.index] === word) return true;
    if (this.expected !== undefined) this.note(word);
    return false;
  }

  /** Whether the next tokens are these words. */
  atAll(...words: readonly string[]): boolean {
    return words.every((word, ahead) => this.word(ahead) === word)
      || (this.note(words[0] ?? ''), false);
  }

  /** Takes the next token if it is this word. */
  accept(word: string): boolean {
    if (!this.at(word)) return false;
    this.index++;
    return true;
  }

  /** Takes the next tokens if they are these words, all or none. */
  acceptAll(...words: readonly string[]): boolean {
    if (!this.atAll(...words)) return false;
    this.index += words.length;
    return true;
  }

  /** Takes these words or fails. */
  expect(...words: readonly string[]): void {
    for (const word of words) {
      if (!this.accept(word)) this.unexpected(word);
    }
  }

  /** Takes the first of the words that is next; undefined if none is. */
  acceptOneOf<Word extends string>(...words: readonly Word[]): Word | undefined {
    for (const word of words) {
      if (this.accept(word)) return word;
    }
    return undefined;
  }

  /** Takes one of the words or fails. */
  expectOneOf<Word extends string>(...words: readonly Word[]): Word {
    return this.acceptOneOf(...words) ?? this.unexpected();
  }

  /** Remembers something that would have been right here, for the error. */
  note(expectation: string): void {
    if (this.expected === undefined) return;
    if (this.expectedAt !== this.index) {
      this.expected = [];
      this.expectedAt = this.index;
    }
    this.expected.push(expectation);
  }

  /** Remembers that the token just read became an alias without AS. */
  noteAlias(): void {
    this.aliasAt = this.index - 1;
  }

  /** Reads item, item, ... */
  list<Item>(item: (cursor: Cursor) => Item): Item[] {
    const items = [item(this)];
    while (this.accept(',')) items.push(item(this));
    return items;
  }

  /** Reads (item, item, ...). */
  parenthesized<Item>(item: (cursor: Cursor) => Item): Item[] {
    this.expect('(');
    const items = this.list(item);
    this.expect(')');
    return items;
  }

  /** Runs a rule one level deeper, within the limit. */
  nested<Result>(rule: () => Result): Result {
    if (++this.nesting > maxNesting) this.tooDeep(maxNesting);
    const before = this.depth;
    this.depth = 0;
    const result = rule();
    this.depth = Math.max(before, this.depth + 1);
    this.nesting--;
    return result;
  }

  /** Counts that the tree at this level became deeper: what was read is an operand now. */
  deepen(levels = 1): void {
    this.depth += levels;
    if (this.depth > maxTreeDepth) this.tooDeep(maxTreeDepth);
  }

  /** Runs a rule in which queries are or are not allowed. */
  allowingQueries<Result>(allowed: boolean, rule: () => Result): Result {
    const before = this.queriesAllowed;
    this.queriesAllowed = allowed;
    const result = rule();
    this.queriesAllowed = before;
    return result;
  }

  /** Fails because something is nested deeper than the limit. */
  private tooDeep(limit: number): never {
    throw errorOf('MR1008', { limit }, this.context(this.index));
  }

  /** Position from token `start` to the last token taken. */
  from(start: number): Position {
    const { tokens } = this;
    return {
      line: tokens.lines[start] ?? 1,
      column: tokens.columns[start] ?? 1,
      offset: tokens.starts[start] ?? 0,
      endOffset: tokens.ends[Math.max(start, this.index - 1)] ?? 0,
    };
  }

  /** Position from where a node stands to the last token taken. */
  since(node: { readonly position: Position }): Position {
    return { ...node.position, endOffset: this.tokens.ends[this.index - 1] ?? 0 };
  }

  /** Source and position of a token, for an error. */
  context(start: number): { position: Position; source: string } {
    const { tokens } = this;
    const position = {
      line: tokens.lines[start] ?? 1,
      column: tokens.columns[start] ?? 1,
      offset: tokens.starts[start] ?? 0,
      endOffset: tokens.ends[start] ?? 0,
    };
    return { position, source: tokens.source };
  }

  /** Fails at the next token, which is not what the grammar wants. */
  unexpected(expectation?: string): never {
    if (expectation !== undefined) this.note(expectation);
    throw this.unexpectedError();
  }

  private unexpectedError(): MillraceError {
    if (this.kind() === TokenKind.error && this.tokens.error !== undefined) {
      return this.tokens.error;
    }
    const mistyped = this.mistypedAlias();
    const at = mistyped === undefined ? this.index : this.aliasAt;
    const expected = mistyped === undefined ? this.expectedHere() : [];
    const context = { ...this.context(at), expected, hint: mistyped ?? this.hint(expected) };
    if (this.tokens.kinds[at] === TokenKind.end) return errorOf('MR1002', {}, context);
    const { source, starts, ends } = this.tokens;
    return errorOf('MR1001', { token: `'${source.slice(starts[at], ends[at])}'` }, context);
  }

  private expectedHere(): string[] {
    if (this.expected === undefined || this.expectedAt !== this.index) return [];
    return [...new Set(this.expected)].map((word) => /^\W+$/.test(word) ? `'${word}'` : word);
  }

  /** `SELECT a FORM t`: FORM is read as an alias, and the error shows only at t. */
  private mistypedAlias(): string | undefined {
    if (this.aliasAt < 0 || this.aliasAt !== this.index - 1) return undefined;
    const alias = this.text(-1);
    const meant = alias.length < 3 ? undefined : suggest(alias, wordsBehindAliases);
    return meant === undefined ? undefined : `did you mean ${meant}?`;
  }

  /** What another database's way of writing is called here. */
  private foreignHint(): string | undefined {
    const word = this.word();
    const before = this.index === 0 ? ';' : this.word(-1);
    if (before === ';' && FOREIGN_STATEMENTS[word] !== undefined) return FOREIGN_STATEMENTS[word];
    const pairs = [`${before}${word}`, `${word}${this.word(1)}`, `${before} ${word}`, word];
    return pairs.map((pair) => FOREIGN_SYNTAX[pair]).find((hint) => hint !== undefined);
  }

  private hint(expected: readonly string[]): string | undefined {
    const token = this.text();
    if (token === '!=') return 'write <>';
    const foreign = this.foreignHint();
    if (foreign !== undefined || this.kind() !== TokenKind.word) return foreign;
    const meant = suggest(token, expected);
    if (meant !== undefined && this.word() !== meant) return `did you mean ${meant}?`;
    if (!reservedWords.has(this.word()) || structuralWords.has(this.word())) return undefined;
    return `${token} is a reserved word: quote it with backticks to use it as a name`;
  }
}

/** Words that follow where an alias may stand. */
const wordsBehindAliases: readonly string[] = [
  'FROM', 'WHERE', 'GROUP', 'HAVING', 'ORDER', 'LIMIT', 'UNION', 'JOIN', 'INNER', 'LEFT',
  'RIGHT', 'FULL', 'CROSS', 'NATURAL', 'WINDOW', 'QUALIFY', 'OFFSET', 'FETCH', 'INTERSECT',
  'EXCEPT', 'LATERAL', 'MATCH_RECOGNIZE', 'USING',
];

/** Reserved words that nobody means as a name: no hint to quote them. */
const structuralWords: ReadonlySet<string> = new Set([
  'SELECT', 'FROM', 'WHERE', 'GROUP', 'BY', 'HAVING', 'ORDER', 'LIMIT', 'UNION', 'JOIN', 'ON',
  'AND', 'OR', 'NOT', 'AS', 'IN', 'IS', 'WITH', 'INTO', 'INSERT', 'CREATE', 'TABLE', 'CASE',
  'WHEN', 'THEN', 'ELSE', 'END', 'SET', 'DISTINCT', 'ALL', 'USING', 'FOR', 'LIKE', 'BETWEEN',
  'OVER', 'PARTITION', 'EXCEPT', 'INTERSECT', 'FETCH', 'OFFSET', 'DROP', 'ALTER', 'VALUES',
]);
