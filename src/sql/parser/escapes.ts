/**
 * Escapes inside U&'' and E'' strings.
 */

/** The text without escapes, or the escape that is wrong. */
export type Unescaped = { readonly value: string } | { readonly fault: string };

/**
 * Resolves \0041, with any escape character; a doubled one stands for itself. The six-digit form
 * \+01F600 of the standard is refused: Flink misreads it.
 */
export function unescapeUnicode(text: string, escape: string): Unescaped {
  if (escape.length !== 1 || /[0-9a-fA-F+"' \t\n\r\f]/.test(escape)) return { fault: escape };
  let value = '';
  for (let offset = 0; offset < text.length; offset++) {
    const character = text[offset] ?? '';
    if (character !== escape) {
      value += character;
    } else if (text[offset + 1] === escape) {
      value += escape;
      offset++;
    } else {
      const digits = text.slice(offset + 1, offset + 5);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) return { fault: text.slice(offset, offset + 5) };
      value += String.fromCharCode(Number.parseInt(digits, 16));
      offset += 4;
    }
  }
  return { value };
}

/** Resolves \n, \t, \', \\, octal \101, \x41, \u0041, \U00000041 and ''; \q stays as it is. */
export function unescapeC(text: string): Unescaped {
  let value = '';
  for (let offset = 0; offset < text.length; offset++) {
    const character = text[offset] ?? '';
    if (character === "'") offset++;
    if (character !== '\\') {
      value += character;
      continue;
    }
    const match = matchEscape(text, offset + 1);
    if (match === undefined) return { fault: text.slice(offset, offset + 10) };
    value += match.value;
    offset += match.length;
  }
  return { value };
}

const simpleEscapes: Readonly<Record<string, string>> = {
  b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', x: 'x', '\\': '\\', "'": "'",
};

function matchEscape(text: string, from: number): { value: string; length: number } | undefined {
  const first = text[from] ?? '';
  if (/[uU]/.test(first)) {
    const length = first === 'u' ? 4 : 8;
    const digits = text.slice(from + 1, from + 1 + length);
    const code = Number.parseInt(digits, 16);
    if (digits.length !== length || !/^[0-9a-fA-F]+$/.test(digits) || code > 0x10ffff) {
      return undefined;
    }
    return { value: String.fromCodePoint(code), length: length + 1 };
  }
  const hex = /^x([0-9a-fA-F]{1,2})/.exec(text.slice(from, from + 3));
  if (hex !== null) return codeUnit(Number.parseInt(hex[1] ?? '', 16), hex[0].length);
  const octal = /^[01][0-7]{0,2}/.exec(text.slice(from, from + 3));
  if (octal !== null) return codeUnit(Number.parseInt(octal[0], 8), octal[0].length);
  return { value: simpleEscapes[first] ?? `\\${first}`, length: 1 };
}

function codeUnit(code: number, length: number): { value: string; length: number } {
  return { value: String.fromCharCode(code & 0xff), length };
}
