import { describe, expect, it } from 'vitest';
import {
  errorOf, errorRows, fail, InternalError, MillraceError, ParseError, suggest, UnsupportedError,
  ValidationError,
} from '../../src/errors/index.js';

const position = { line: 2, column: 8, offset: 17, endOffset: 20 };

describe('errors', () => {
  it('a row gives code, class, text and its hint', () => {
    const error = errorOf('MR2001', { name: 'bidd', suggestion: 'bid' });
    expect(error).toBeInstanceOf(ValidationError);
    expect(error).toMatchObject({ code: 'MR2001', class: 'user', name: 'ValidationError' });
    expect(error.message).toBe('MR2001 unknown table: bidd\n  hint: did you mean bid?');
  });

  it('a hint without its value is left out', () => {
    expect(errorOf('MR2001', { name: 'bidd' }).message).toBe('MR2001 unknown table: bidd');
  });

  it('the quoted line appears once the source is known, and only once', () => {
    const error = errorOf('MR1001', { token: "'FRM'" }, { position, expected: ['FROM'] });
    expect(error.message).not.toContain('^');
    error.withSource('SELECT *\nSELECT a FRM t').withSource('another');
    expect(error.message).toBe([
      "MR1001 unexpected token: 'FRM'",
      'at line 2, column 8', 'SELECT a FRM t', '        ^^^', 'expected: FROM',
    ].join('\n  '));
  });

  it('long lines are cut around the caret', () => {
    const source = `${'x'.repeat(500)} oops ${'y'.repeat(500)}`;
    const at = { line: 1, column: 502, offset: 501, endOffset: 505 };
    const error = errorOf('MR1001', { token: 'oops' }, { position: at, source });
    const lines = error.message.split('\n');
    expect(lines[2]).toContain('oops');
    expect(lines[2]?.length).toBeLessThan(120);
    expect(lines[3]?.indexOf('^')).toBe(lines[2]?.indexOf('oops'));
  });

  it('each range of codes has its class', () => {
    expect(errorOf('MR1002', {})).toBeInstanceOf(ParseError);
    expect(errorOf('MR2100', { feature: 'x' })).toBeInstanceOf(UnsupportedError);
    expect(() => fail('MR9001', { detail: 'x' })).toThrow(InternalError);
    expect(errorOf('MR3002', {}).class).toBe('data');
  });

  it('a cause is kept', () => {
    const cause = new Error('below');
    expect(errorOf('MR9001', { detail: 'x' }, { cause }).cause).toBe(cause);
    expect(errorOf('MR9001', { detail: 'x' })).toBeInstanceOf(MillraceError);
  });

  it('rows keep the rules of style', () => {
    for (const [code, row] of Object.entries(errorRows)) {
      expect(code).toMatch(/^MR[123459]\d{3}$/);
      expect(row.text, code).not.toMatch(/\.$/);
      expect(row.text, code).toMatch(/^([a-z{]|[A-Z]{2,} )/);
    }
  });
});

describe('suggest', () => {
  it.each([
    ['FORM', 'FROM'], ['slect', 'SELECT'], ['GRUOP', 'GROUP'], ['xyzzy', undefined],
    ['', undefined],
  ])('%s means %s', (name, meant) => {
    expect(suggest(name, ['SELECT', 'FROM', 'GROUP', 'WHERE'])).toBe(meant);
  });
});
