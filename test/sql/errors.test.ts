/**
 * The text of parse errors: the headline, the place, the caret, what was expected, the hint.
 */
import { describe, expect, it } from 'vitest';
import { ParseError } from '../../src/errors/index.js';
import { parseExpression, parseScript, parseStatement } from '../../src/sql/index.js';

function messageOf(run: () => unknown): readonly string[] {
  try {
    run();
  } catch (error) {
    if (error instanceof ParseError) return error.message.split('\n').map((line) => line.trim());
    throw error;
  }
  throw new Error('no error');
}

describe('parse errors', () => {
  it('a mistyped FROM is found although it reads as an alias', () => {
    expect(messageOf(() => parseStatement('SELECT *\n  , price\n  FORM bid'))).toEqual([
      "MR1001 unexpected token: 'FORM'",
      'at line 3, column 3', 'FORM bid', '^^^^', 'hint: did you mean FROM?',
    ]);
  });

  it('a mistyped first word is found', () => {
    const lines = messageOf(() => parseStatement('SELCT 1'));
    expect(lines[0]).toBe("MR1001 unexpected token: 'SELCT'");
    expect(lines.at(-1)).toBe('hint: did you mean SELECT?');
    expect(lines.find((line) => line.startsWith('expected: '))).toContain('INSERT');
  });

  it('what was expected is listed', () => {
    expect(messageOf(() => parseStatement('CREATE VIEW v SELECT 1'))).toEqual([
      "MR1001 unexpected token: 'SELECT'",
      'at line 1, column 15', 'CREATE VIEW v SELECT 1', '^^^^^^',
      "expected: '.', '(', COMMENT, AS",
    ]);
  });

  it('the end of the text is named as such', () => {
    const lines = messageOf(() => parseStatement('SELECT a FROM t WHERE'));
    expect(lines.slice(0, 2)).toEqual([
      'MR1002 unexpected end of statement', 'at line 1, column 22']);
  });

  it.each([
    ['SELECT a == 1 FROM t', 'write ='],
    ['SELECT a::INT FROM t', 'write CAST(value AS type)'],
    ['SELECT a FROM t LIMIT -1', 'a number of rows is not negative'],
    ['SELECT STRING_AGG(a) FROM t', 'did you mean LISTAGG?'],
    ['COMMIT', 'there are no transactions: a statement runs until it ends'],
    ['CREATE STREAM s AS SELECT 1', 'did you mean CREATE TABLE?'],
    ['SELECT merge a', 'merge is a reserved word: quote it with backticks to use it as a name'],
  ])('what other databases write comes with a hint: %s', (sql, hint) => {
    expect(messageOf(() => parseStatement(sql)).at(-1)).toBe(`hint: ${hint}`);
  });

  it('a reserved word as a name comes with the hint to quote it', () => {
    expect(messageOf(() => parseStatement('CREATE TABLE t (a INT, value INT)'))).toEqual([
      'MR1012 reserved word used as a name: value',
      'at line 1, column 24', 'CREATE TABLE t (a INT, value INT)', '^^^^^',
      'hint: quote it with backticks: `value`',
    ]);
    expect(messageOf(() => parseExpression('timestamp + 1')).at(-1))
      .toBe('hint: timestamp is a reserved word: quote it with backticks to use it as a name');
  });

  it.each([
    ["SELECT 'abc", 'MR1003 string literal is not closed'],
    ['SELECT `abc', 'MR1004 quoted identifier is not closed'],
    ['SELECT 1 /* x', 'MR1005 comment is not closed'],
    ['SELECT a # b', 'MR1006 illegal character: "#"'],
    ["SELECT U&'\\zz'", 'MR1007 invalid escape in string literal: \\zz'],
    ["SELECT X'ABC'", "MR1010 binary literal needs an even number of hex digits: X'ABC'"],
    [`SELECT ${'x'.repeat(300)}`, 'MR1011 identifier is too long: 300 characters, at most 256'],
    ['SELECT ``', 'MR1013 empty quoted identifier'],
    ['CREATE TABLE t (WATERMARK FOR a AS a, WATERMARK FOR b AS b)',
      'MR1014 a table can have only one watermark'],
    [' -- nothing', 'MR1016 statement is empty'],
    ['SELECT 1; SELECT 2', 'MR1017 only one statement is expected here'],
    ['CREATE TABLE t (a AS (SELECT 1))', 'MR1019 a query is not allowed here'],
    ['CREATE TABLE t (a VARCHAR(9999999999))', 'MR1021 number is out of range: 9999999999'],
    ["SELECT INTERVAL '1' DAY TO MONTH", 'MR1022 invalid interval qualifier: DAY TO MONTH'],
    ['SELECT 1 LIMIT 1, 2', 'MR1023 clause is not allowed here: LIMIT start, count'],
    ['CREATE SYSTEM FUNCTION f AS \'c\'',
      'MR1023 clause is not allowed here: SYSTEM without TEMPORARY'],
  ])('%s', (sql, headline) => {
    expect(messageOf(() => parseStatement(sql))[0]).toBe(headline);
  });

  it('an earlier fault of grammar wins over a later one of the lexer', () => {
    expect(messageOf(() => parseScript("SELECT FROM t; SELECT 'x"))[0])
      .toBe("MR1001 unexpected token: 'FROM'");
  });

  it('!= and double quotes come with what to write', () => {
    expect(messageOf(() => parseExpression('a != b')).at(-1)).toBe('hint: write <>');
    const quoted = messageOf(() => parseExpression('"a"'));
    expect(quoted[0]).toBe('MR1006 illegal character: "\\""');
    expect(quoted.at(-1)).toBe("hint: write `name` or 'text'");
  });

  it('positions in a later statement of a script count from its start', () => {
    expect(messageOf(() => parseScript('SELECT 1;\nSELECT 2;\nSELECT , 3'))[1])
      .toBe('at line 3, column 8');
  });
});
