/** Patterns of SIMILAR TO as regular expressions of Java, translated as Calcite does. */
import { RegexpSyntaxError } from './node.js';

const SPECIALS = '[]()|^-+*_%?{}';
const JAVA_SPECIALS = '[]()|^-+*?{}$\\.';

const CLASSES: Readonly<Record<string, string>> = {
  alpha: '\\p{Alpha}', upper: '\\p{Upper}', lower: '\\p{Lower}', digit: '\\d', space: ' ',
  whitespace: '\\s', alnum: '\\p{Alnum}',
};

/** A regular expression that the whole text must match. `escape` is one character or null. */
export function similarToRegexp(pattern: string, escape: string | null): string {
  if (escape !== null && escape.length !== 1) throw new RegexpSyntaxError('escape of SIMILAR TO');
  let result = '';
  for (let i = 0; i < pattern.length; i++) {
    const letter = pattern[i]!;
    if (letter === escape) result += escaped(pattern[++i], escape);
    else if (letter === '_') result += '.';
    else if (letter === '%') result += '(?s:.*)';
    else if (letter === '[') {
      const end = setEnd(pattern, i, escape);
      result += `[${setBody(pattern.slice(i + 1, end), escape)}]`;
      i = end;
    } else if (letter === ']') throw new RegexpSyntaxError('] without [');
    else result += letter === '\\' || letter === '$' ? `\\${letter}` : letter;
  }
  return `(?:${result})\\z`;
}

function escaped(letter: string | undefined, escape: string): string {
  if (letter === undefined || (letter !== escape && !SPECIALS.includes(letter))) {
    throw new RegexpSyntaxError('escape sequence of SIMILAR TO');
  }
  return letter !== escape && JAVA_SPECIALS.includes(letter) ? `\\${letter}` : letter;
}

/** Where the set that starts at `start` is closed; [:alpha:] has brackets of its own. */
function setEnd(pattern: string, start: number, escape: string | null): number {
  for (let i = start + 1; i < pattern.length; i++) {
    if (pattern[i] === escape) i++;
    else if (pattern.startsWith('[:', i)) i = pattern.indexOf(':]', i) + 1 || pattern.length;
    else if (pattern[i] === ']') return i;
  }
  throw new RegexpSyntaxError('set is not closed');
}

function setBody(body: string, escape: string | null): string {
  let result = '';
  for (let i = 0; i < body.length; i++) {
    const letter = body[i]!;
    const named = /^\[:([A-Za-z]+):\]/.exec(body.slice(i));
    if (letter === escape) result += escaped(body[++i], escape);
    else if (named !== null) {
      const name = named[1]!;
      const isOneCase = name === name.toLowerCase() || name === name.toUpperCase();
      const known = isOneCase ? CLASSES[name.toLowerCase()] : undefined;
      if (known === undefined) throw new RegexpSyntaxError('named set of SIMILAR TO');
      result += known;
      i += named[0].length - 1;
    } else if (letter === '-' || letter === '^') result += letter;
    else if (SPECIALS.includes(letter)) throw new RegexpSyntaxError('set of SIMILAR TO');
    else result += letter;
  }
  return result;
}
