/**
 * What is Flink SQL and what is not. accepted.txt and refused.txt hold one statement a line, each
 * judged by the parser of Flink 2.3.0.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ParseError } from '../../src/errors/index.js';
import {
  parseDataType, parseExpression, parseScript, parseStatement, unparse,
} from '../../src/sql/index.js';
import { withoutPositions } from './comparable.js';

function linesOf(name: string): readonly string[] {
  const text = readFileSync(join(import.meta.dirname, name), 'utf8');
  return text.split('\n').filter((line) => line !== '');
}

function outcome(sql: string): string {
  try {
    parseStatement(sql);
    return 'accepted';
  } catch (error) {
    return error instanceof ParseError ? 'refused' : `crashed: ${String(error)}`;
  }
}

describe('statements', () => {
  it('statements that Flink accepts are accepted', () => {
    const lines = linesOf('accepted.txt');
    expect(lines.length).toBeGreaterThan(400);
    expect(lines.filter((sql) => outcome(sql) !== 'accepted')).toEqual([]);
  });

  it('statements that Flink refuses are refused with a ParseError', () => {
    const lines = linesOf('refused.txt');
    expect(lines.length).toBeGreaterThan(300);
    expect(lines.filter((sql) => outcome(sql) !== 'refused')).toEqual([]);
  });

  it('a script of 41 statements of every kind parses, statement sets whole', () => {
    const text = linesOf('statements.sql').join('\n');
    const statements = parseScript(text);
    expect(statements).toHaveLength(41);
    expect(statements.map(({ statement }) => statement.kind)
      .filter((kind) => kind === 'statement-set')).toHaveLength(2);
  });

  it('unparsed statements parse to equal trees', () => {
    const script = parseScript(linesOf('statements.sql').join('\n'));
    const statements = [...linesOf('accepted.txt').map(parseStatement),
      ...script.map(({ statement }) => statement)];
    for (const statement of statements) {
      const text = unparse(statement);
      expect(withoutPositions(parseStatement(text)), text).toEqual(withoutPositions(statement));
    }
  });
});

describe('precedence', () => {
  // Right sides as Flink's parser prints the left ones with all parentheses.
  it.each([
    ['a < b = c < d', '((a < b) = c) < d'],
    ['a + b || c + d', '(a + (b || c)) + d'],
    ['a - b + c || d', '(a - b) + (c || d)'],
    ['a || b + c * d', '(a || b) + (c * d)'],
    ['a % b * c', '(a % b) * c'],
    ['- a * b', '(- a) * b'],
    ['a * - b * c', '(a * (- b)) * c'],
    ['-a[1]', '-(a[1])'],
    ['NOT a = b AND c OR d', '((NOT (a = b)) AND c) OR d'],
    ['a = NOT b = c', 'a = (NOT (b = c))'],
    ['a + NOT b AND c', '(a + (NOT b)) AND c'],
    ['NOT a IS NULL', 'NOT (a IS NULL)'],
    ['a = b IS NULL', '(a = b) IS NULL'],
    ['a IS NULL = b', '(a IS NULL) = b'],
    ['a = b IS TRUE = c', '((a = b) IS TRUE) = c'],
    ['a AND b IS NULL', 'a AND (b IS NULL)'],
    ['a IN (1) = b', '(a IN (1)) = b'],
    ['a = b IN (1)', 'a = (b IN (1))'],
    ['a + b IN (1)', '(a + b) IN (1)'],
    ['a <> b IN (1) IS NULL', '(a <> (b IN (1))) IS NULL'],
    ['a LIKE b = c', '(a LIKE b) = c'],
    ['a = b LIKE c', 'a = (b LIKE c)'],
    ['a LIKE b LIKE c', 'a LIKE (b LIKE c)'],
    ['a LIKE b IN (1)', 'a LIKE (b IN (1))'],
    ['a BETWEEN 1 AND 2 LIKE b', 'a BETWEEN 1 AND (2 LIKE b)'],
    ['a LIKE b || c', 'a LIKE (b || c)'],
    ['a LIKE b IS NULL', '(a LIKE b) IS NULL'],
    ["a LIKE b OR c LIKE d ESCAPE 'x'", "(a LIKE b) OR (c LIKE d ESCAPE 'x')"],
    ['a BETWEEN b AND c AND d', '(a BETWEEN b AND c) AND d'],
    ['a BETWEEN b + 1 AND c = d', '(a BETWEEN (b + 1) AND c) = d'],
    ['a BETWEEN b OR c AND d', 'a BETWEEN (b OR c) AND d'],
    ['a BETWEEN b AND c BETWEEN d AND e', '(a BETWEEN b AND c) BETWEEN d AND e'],
    ['NOT a BETWEEN 1 AND 2', 'NOT (a BETWEEN 1 AND 2)'],
    ['a IS DISTINCT FROM b AND c', '(a IS DISTINCT FROM b) AND c'],
    ['a MEMBER OF b IS NULL', '(a MEMBER OF b) IS NULL'],
    ['a MULTISET UNION b MULTISET INTERSECT c', 'a MULTISET UNION (b MULTISET INTERSECT c)'],
    ['a MULTISET UNION b AND c', 'a MULTISET UNION (b AND c)'],
    ['a OVERLAPS b AND c', '(a OVERLAPS b) AND c'],
    ['a = SOME (1) = b', '(a = SOME (1)) = b'],
    ['EXISTS (SELECT 1) = TRUE', '(EXISTS (SELECT 1)) = TRUE'],
  ])('%s is %s', (text, meaning) => {
    expect(withoutPositions(parseExpression(text)))
      .toEqual(withoutPositions(parseExpression(meaning)));
  });

  it('INTERSECT binds tighter than UNION and EXCEPT', () => {
    const statement = parseStatement('SELECT 1 UNION SELECT 2 INTERSECT SELECT 3 EXCEPT SELECT 4');
    expect(withoutPositions(statement)).toMatchObject({
      query: { body: {
        operator: 'except', left: { operator: 'union', right: { operator: 'intersect' } },
      } },
    });
  });
});

describe('literals', () => {
  it.each([
    ["'it''s'", "it's"],
    ["'a' \n 'b'", 'ab'],
    ["U&'\\0041\\00e9'", 'Aé'],
    ["U&'#0041' UESCAPE '#'", 'A'],
    ["E'\\x41\\101\\u0041\\q\\'\\n\\\\'", "AAA\\q'\n\\"],
    ["E'\\777\\7'", '\\777\\7'],
    ["N'x'", 'x'],
  ])('%s is a string', (text, value) => {
    expect(parseExpression(text)).toMatchObject({ kind: 'string-literal', value });
  });

  it.each([
    ['12', 'integer'], ['1.', 'decimal'], ['.5', 'decimal'], ["DECIMAL '-1'", 'decimal'],
    ['1e3', 'approximate'], ['1.5E-3', 'approximate'],
  ])('%s is an %s number', (text, form) => {
    expect(parseExpression(text)).toMatchObject({ kind: 'number-literal', form });
  });

  it('an interval keeps its sign, text and qualifier', () => {
    expect(parseExpression("INTERVAL -'1 2:3' DAY(3) TO MINUTES")).toMatchObject({
      kind: 'interval-literal', negative: true, text: '1 2:3',
      qualifier: { start: 'DAY', end: 'MINUTE', precision: 3 },
    });
  });
});

describe('data types', () => {
  it.each([
    ['INT NOT NULL', { kind: 'scalar-type', name: 'INT', nullability: 'not-null' }],
    ['character varying(3)', { name: 'VARCHAR', precision: 3 }],
    ['NUMERIC(5, 2)', { name: 'DECIMAL', precision: 5, scale: 2 }],
    ['TIMESTAMP(3) WITH LOCAL TIME ZONE', { name: 'TIMESTAMP_LTZ', precision: 3 }],
    ['INTERVAL DAY TO SECOND(3)', { kind: 'interval-type' }],
    ['ROW<`a b` INT NOT NULL \'c\', d ARRAY<STRING>>', { kind: 'row-type' }],
    ['MAP<INT, MULTISET<ROW<a INT>>>', { kind: 'map-type' }],
    ["RAW('c', 's')", { kind: 'raw-type' }],
    ["STRUCTURED<'c', a INT>", { kind: 'structured-type' }],
    ['a.b', { kind: 'named-type' }],
  ])('%s', (text, shape) => {
    expect(parseDataType(text)).toMatchObject(shape);
  });
});

describe('positions', () => {
  it('nodes know their line, column and offsets', () => {
    const sql = 'SELECT a,\n  f(b) AS c\nFROM t';
    const [parsed] = parseScript(`;;${sql};`);
    expect(parsed).toMatchObject({ text: sql, position: { line: 1, column: 3, offset: 2 } });
    const call = { line: 2, column: 3, offset: 14, endOffset: 18 };
    expect(parsed?.statement).toMatchObject({
      query: { body: { items: [{}, { expression: { position: call } }] } },
    });
    expect(`;;${sql}`.slice(call.offset, call.endOffset)).toBe('f(b)');
  });

  it('parentheses belong to the operation around them', () => {
    const expression = parseExpression('(a + b) * c');
    expect(expression.position).toMatchObject({ offset: 0, endOffset: 11 });
  });
});

describe('scripts', () => {
  it('semicolons in strings, names and comments part nothing', () => {
    const script = "SELECT ';' -- ;\n; SELECT `;` FROM t /* ; */; SELECT 1";
    expect(parseScript(script).map(({ text }) => text))
      .toEqual(["SELECT ';'", 'SELECT `;` FROM t', 'SELECT 1']);
  });

  it('a statement set is one statement', () => {
    const set = 'BEGIN STATEMENT SET; INSERT INTO a SELECT 1; INSERT INTO b SELECT 2; END';
    const [parsed, next] = parseScript(`${set}; SELECT 1;`);
    expect(parsed).toMatchObject({ text: set, statement: { inserts: [{}, {}] } });
    expect(next?.text).toBe('SELECT 1');
  });

  it('SET takes keys and values without quotes', () => {
    expect(parseStatement('SET a.b-c = 1 ;')).toMatchObject({ key: 'a.b-c', value: '1' });
    expect(parseStatement("set a.b = 'x y'")).toMatchObject({ key: 'a.b', value: 'x y' });
    expect(parseStatement('RESET a.b')).toMatchObject({ kind: 'reset', key: 'a.b' });
  });
});
