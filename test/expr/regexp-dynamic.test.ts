/**
 * Patterns that come with the rows: each engine compiles them by itself, and both find the same.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Value } from '../../src/batch/values.js';
import type { PlanExpression } from '../../src/plan/physical/plan.js';
import { array, BOOLEAN, INT, STRING, type DataType } from '../../src/types/data-type.js';
import { evaluateFallback, evaluateNative, makeBatch, type Outcome } from './both-engines.js';

const column = (index: number): PlanExpression => ({ kind: 'column', index, type: STRING });

function call(kernel: string, type: DataType, count: number): PlanExpression {
  return {
    kind: 'call', kernel, arguments: Array.from({ length: count }, (_, i) => column(i)),
    type,
  } as unknown as PlanExpression;
}

const CALLS: readonly PlanExpression[] = [
  call('regexp_dynamic', BOOLEAN, 2),
  call('regexp_extract_dynamic', STRING, 2),
  call('regexp_count_dynamic', INT, 2),
  call('regexp_instr_dynamic', INT, 2),
  call('regexp_replace_dynamic', STRING, 3),
  call('regexp_extract_all_dynamic', array(STRING), 2),
  call('similar_dynamic', BOOLEAN, 2),
  call('similar_dynamic', BOOLEAN, 3),
];

function outcomes(rows: readonly (readonly Value[])[]): readonly (readonly [Outcome, Outcome])[] {
  const batch = makeBatch([STRING, STRING, STRING], rows);
  return CALLS.map((one) => [evaluateNative(one, batch), evaluateFallback(one, batch)] as const);
}

const PIECES = [
  'a', 'b', 'é', '😀', '.', '*', '+', '?', '{2}', '{1,3}', '{2,}', '{0}', '{', '}', '(', ')', '(?:',
  '(?i)', '(?i:', '(?s)', '(?-m)', '(?m)', '(?=', '(?!', '(?<=', '(?>', '(?<n>', '\\k<n>', '[', ']',
  '[^', '-', '&&', '|', '^', '$', '\\d', '\\D', '\\w', '\\W', '\\s', '\\b', '\\B', '\\A', '\\z',
  '\\Z', '\\R', '\\h', '\\v', '\\1', '\\2', '\\12', '\\x41', '\\x{1F600}', '\\u00e9', '\\012',
  '\\cA', '\\Q', '\\E', '\\p{L}', '\\P{Lu}', '\\pL', '\\p{Alpha}', '\\p{IsAlphabetic}', '\\p{Zz}',
  '\\p{gc=Nd}', '\\G', '\\', '\\y', '_', '%', '[:alpha:]', '[:DIGIT:]', '[:Digit:]', '1', ',', ' ',
  '\t', '\r\n', '\u2028',
];
const pattern = fc.array(fc.constantFrom(...PIECES), { maxLength: 8 })
  .map((parts) => parts.join(''));
const text = fc.array(fc.constantFrom('a', 'b', 'A', 'é', 'É', '😀', '1', '_', '-', ' ', '\r\n',
  '\n', '\u2028', '[', '%'), { maxLength: 12 }).map((parts) => parts.join(''));

describe('patterns of rows', () => {
  it('are compiled alike by both engines', () => {
    const row = fc.tuple(text, pattern, fc.constantFrom('\\', '!', 'é', '', 'ab', '%'));
    fc.assert(fc.property(row, (one) => {
      for (const [native, fallback] of outcomes([one])) expect(native).toEqual(fallback);
    }), { numRuns: Number(process.env['MILLRACE_REGEXP_RUNS'] ?? 2000) });
  });

  it('come and go beyond the number that is kept', () => {
    const rows = Array.from({ length: 300 }, (_, i) =>
      ['x'.repeat(i % 90), `x{${i % 90}}$`, '-'] as const);
    for (const [native, fallback] of outcomes(rows)) expect(native).toEqual(fallback);
    const batch = makeBatch([STRING, STRING, STRING], rows);
    const found = evaluateNative(CALLS[0]!, batch) as { readonly values: readonly Value[] };
    expect(found.values.every((one) => one === true)).toBe(true);
  });

  it.each([
    ['a', `a${'{1}'.repeat(300)}`, 'repetitions nested too deeply'],
    ['a', '(?:(?:(?:){1000}){1000}){1000}', 'an expression so large'],
    ['a', `${'('.repeat(300)}a${')'.repeat(300)}`, 'groups nested too deeply'],
    ['a', 'a{1001}', 'repetition of more than 1000'],
  ])('are bounded: %s %s', (one, wanted, detail) => {
    const batch = makeBatch([STRING, STRING, STRING], [[one, wanted, '']]);
    const expected = { code: 'MR2100', detail: `regular expression with ${detail}`, row: 0 };
    expect(evaluateFallback(CALLS[0]!, batch)).toEqual(expected);
    expect(evaluateNative(CALLS[0]!, batch)).toMatchObject({ code: 'MR2100', row: 0 });
  });
});
