/** A search passes over places where no match can start; it must find what it found without. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRegexp, type RegexpProgram } from '../../src/expr/regexp/compile.js';
import { RegexpMatcher } from '../../src/expr/regexp/match.js';

function slotsOf(program: RegexpProgram, text: string): readonly number[] {
  const matcher = new RegexpMatcher(program);
  const bytes = Buffer.from(`ab${text}cd`);
  matcher.reset(bytes, 2, bytes.length - 2);
  return matcher.find(2) ? [...matcher.slots] : [];
}

const PATTERNS = [
  '(&|^)channel_id=([^&]*)', '^a', 'a$', '$', '', 'x*', '[^a]b', 'é+', '[à-ü]b?', '\\bb', '(?=b).',
  '(?!a)[ab]', '(?>a|ab)c', '(a)?\\1b', '(?:^|é)a', '.', '\\Aab|b', '(?m)^b', '\uFFFD', '[^b]\\z',
];

describe('searching', () => {
  it.each(PATTERNS)('%s is found where it was found without first points', (pattern) => {
    const program = compileRegexp(pattern);
    const plain = { ...program, firstAtStart: null, firstInside: null };
    const text = fc.array(fc.constantFrom(
      'a', 'b', 'c', '&', 'é', 'ü', '\n', '😀', '\uFFFD', 'channel_id=',
    )).map((parts) => parts.join(''));
    fc.assert(fc.property(text, (one) => {
      expect(slotsOf(program, one)).toEqual(slotsOf(plain, one));
    }));
  });

  it('knows what a match begins with, at the start of the text and behind it', () => {
    const { firstAtStart, firstInside } = compileRegexp('(&|^)channel_id=([^&]*)');
    expect(firstAtStart).toEqual(['&', 'c'].map((one) => one.charCodeAt(0)));
    expect(firstInside).toEqual(['&'].map((one) => one.charCodeAt(0)));
  });
});
