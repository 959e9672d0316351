/**
 * Bounds of the parser: nesting, length, and time that grows no faster than the text.
 */
import { describe, expect, it } from 'vitest';
import { ParseError } from '../../src/errors/index.js';
import { parseExpression, parseScript, parseStatement, unparse } from '../../src/sql/index.js';

function codeOf(run: () => unknown): string {
  try {
    run();
    return 'ok';
  } catch (error) {
    return error instanceof ParseError ? error.code : `crashed: ${String(error)}`;
  }
}

const deep = 100_000;

describe('nesting', () => {
  it.each([
    ['parentheses', `${'('.repeat(deep)}1${')'.repeat(deep)}`],
    ['open parentheses', '('.repeat(deep)],
    ['NOT', `${'NOT '.repeat(deep)}a`],
    ['signs', `${'- '.repeat(deep)}1`],
    ['calls', `${'f('.repeat(deep)}1`],
    ['CASE', 'CASE WHEN '.repeat(deep)],
    ['arrays', 'ARRAY['.repeat(deep)],
    ['types', `CAST(a AS ${'ARRAY<'.repeat(deep)}`],
    ['queries', '(SELECT '.repeat(deep)],
    ['sums', `1${' + 1'.repeat(deep)}`],
    ['element accesses', `a${'[1]'.repeat(deep)}`],
    ['fields', `a[1]${'.b'.repeat(deep)}`],
    ['chains in parentheses',
      `${'('.repeat(100)}1${`${' + 1'.repeat(100)})`.repeat(100)}`],
    ['braces', '{fn '.repeat(deep)],
    ['LIKE', `a${' LIKE a'.repeat(deep)}`],
    ['BETWEEN', 'a BETWEEN '.repeat(deep)],
    ['collections', `CAST(a AS INT${' ARRAY'.repeat(deep)}`],
  ])('too many %s are an error that names the limit', (_, text) => {
    expect(codeOf(() => parseExpression(text))).toBe('MR1008');
  });

  it.each([
    ['sub-queries in FROM', 'SELECT * FROM ('.repeat(deep)],
    ['tables in parentheses', `SELECT * FROM ${'('.repeat(deep)}`],
    ['WITH', 'WITH a AS ('.repeat(deep)],
    ['UNION', `SELECT 1${' UNION ALL SELECT 1'.repeat(deep)}`],
    ['joins', `SELECT * FROM t${' CROSS JOIN t'.repeat(deep)}`],
    ['grouping sets', `SELECT 1 FROM t GROUP BY ${'GROUPING SETS ('.repeat(deep)}`],
    ['patterns', `SELECT * FROM t MATCH_RECOGNIZE (PATTERN (${'('.repeat(deep)}`],
    ['row types', `CREATE TABLE t (a ${'ROW<a '.repeat(deep)}`],
    ['EXPLAIN', 'EXPLAIN '.repeat(deep)],
  ])('too many %s are an error', (_, text) => {
    expect(codeOf(() => parseStatement(text))).toMatch(/^MR100[18]$/);
  });

  it('what people write by hand and generators write is within the limits', () => {
    const parentheses = 50;
    expect(codeOf(() => parseExpression(
      `${'('.repeat(parentheses)}1${')'.repeat(parentheses)}`))).toBe('ok');
    const queries = 20;
    expect(codeOf(() => parseStatement(
      `${'SELECT * FROM ('.repeat(queries)}SELECT 1${')'.repeat(queries)}`))).toBe('ok');
    expect(codeOf(() => parseExpression(`1${' + 1'.repeat(900)}`))).toBe('ok');
  });
});

describe('length', () => {
  it('20,000 conditions with OR parse, unparse and parse again', () => {
    const condition = Array.from({ length: 20_000 }, (_, index) => `a = ${index}`).join(' OR ');
    const statement = parseStatement(`SELECT a FROM t WHERE ${condition}`);
    const text = unparse(statement);
    expect(codeOf(() => parseStatement(text))).toBe('ok');
  });

  it.each([
    ['a list', (size: number) => `SELECT * FROM t WHERE a IN (${'1, '.repeat(size)}1)`],
    ['strings on one line', (size: number) => `SELECT ${"'x', ".repeat(size)}1`],
    ['lines', (size: number) => `SELECT ${'a,\n'.repeat(size)}1`],
    ['comments', (size: number) => `SELECT ${'/* x */ '.repeat(size)}1`],
    ['dots', (size: number) => `SELECT ${'a.'.repeat(size)}a`],
    ['VALUES', (size: number) => `VALUES ${'(1, 2), '.repeat(size)}(1, 2)`],
  ])('%s: time grows with the length, not with its square', (_, build) => {
    const small = timeOf(build(10_000));
    const large = timeOf(build(80_000));
    // Eight times the text; a square would take 64 times as long.
    expect(large).toBeLessThan(Math.max(small, 5) * 32);
  });

  it('a statement that fails at its end fails as fast', () => {
    const sql = `SELECT * FROM t WHERE a IN (${'1, '.repeat(300_000)}FROM`;
    expect(sql.length).toBeGreaterThan(900_000);
    expect(codeOf(() => parseStatement(sql))).toBe('MR1001');
  });

  it('text beyond the limit is refused by name', () => {
    expect(codeOf(() => parseScript(' '.repeat(17 * 1024 * 1024)))).toBe('MR1009');
  });
});

/** Best of three runs, in milliseconds. */
function timeOf(sql: string): number {
  const times = [1, 2, 3].map(() => {
    const start = performance.now();
    expect(codeOf(() => parseStatement(sql))).toBe('ok');
    return performance.now() - start;
  });
  return Math.min(...times);
}
