/**
 * JSON text as Jackson reads it: the first value of the text, floating numbers as exact decimals,
 * of equal keys the last. native/kernels/json-document.h is the same in C++.
 */

/** A number is kept as the text that java.math.BigDecimal or BigInteger prints. */
export type JsonNode =
  | { readonly kind: 'null' | 'true' | 'false' }
  | { readonly kind: 'integer' | 'decimal' | 'string'; readonly text: string }
  | { readonly kind: 'array'; readonly items: readonly JsonNode[] }
  | { readonly kind: 'object'; readonly members: ReadonlyMap<string, JsonNode> };

/** Values may be nested so deep, as in Jackson. */
const MAX_DEPTH = 1000;
/** Longest number. */
const MAX_NUMBER = 1000;
/** Largest exponent that a decimal may be written with. */
const MAX_EXPONENT = 1_000_000_000;

const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const NAME_PART = /[0-9A-Za-z_$\u0080-\uffff.]/;
const PLAIN_TEXT = /[^"\\\u0000-\u001f]*/y;
const UNIT = /[0-9a-fA-F]{4}/y;
const WORDS = { t: 'true', f: 'false', n: 'null' } as const;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t',
};

/** The first value of a text; undefined where it is no JSON. */
export function parseJson(text: string): JsonNode | undefined {
  return new Reader(text).value(0);
}

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  value(depth: number): JsonNode | undefined {
    this.skipBlanks();
    const first = this.text[this.at];
    if (first === undefined || depth > MAX_DEPTH) return undefined;
    switch (first) {
      case '{': return this.object(depth);
      case '[': return this.array(depth);
      case 't':
      case 'f':
      case 'n': return this.word(WORDS[first]);
      case '"': {
        const text = this.string();
        return text === undefined ? undefined : { kind: 'string', text };
      }
      default: return this.number(depth);
    }
  }

  private skipBlanks(): void {
    while (' \t\n\r'.includes(this.text[this.at] ?? 'x')) this.at++;
  }

  /** Steps over a sign; the sign there is, or undefined where it is none of these. */
  private take(...signs: readonly string[]): string | undefined {
    this.skipBlanks();
    const sign = this.text[this.at];
    if (sign === undefined || !signs.includes(sign)) return undefined;
    this.at++;
    return sign;
  }

  private object(depth: number): JsonNode | undefined {
    const members = new Map<string, JsonNode>();
    this.at++;
    if (this.take('}') !== undefined) return { kind: 'object', members };
    for (;;) {
      this.skipBlanks();
      const key = this.text[this.at] === '"' ? this.string() : undefined;
      if (key === undefined || this.take(':') === undefined) return undefined;
      const value = this.value(depth + 1);
      if (value === undefined) return undefined;
      members.delete(key);
      members.set(key, value);
      const sign = this.take(',', '}');
      if (sign === '}') return { kind: 'object', members };
      if (sign === undefined) return undefined;
    }
  }

  private array(depth: number): JsonNode | undefined {
    const items: JsonNode[] = [];
    this.at++;
    if (this.take(']') !== undefined) return { kind: 'array', items };
    for (;;) {
      const value = this.value(depth + 1);
      if (value === undefined) return undefined;
      items.push(value);
      const sign = this.take(',', ']');
      if (sign === ']') return { kind: 'array', items };
      if (sign === undefined) return undefined;
    }
  }

  private string(): string | undefined {
    let text = '';
    this.at++;
    for (;;) {
      PLAIN_TEXT.lastIndex = this.at;
      const plain = PLAIN_TEXT.exec(this.text)![0];
      text += plain;
      this.at += plain.length;
      const sign = this.text[this.at++];
      if (sign === '"') return text;
      if (sign !== '\\') return undefined;
      const character = this.escape();
      if (character === undefined) return undefined;
      text += character;
    }
  }

  private escape(): string | undefined {
    const letter = this.text[this.at++] ?? '';
    if (letter !== 'u') return ESCAPES[letter];
    UNIT.lastIndex = this.at;
    const unit = UNIT.exec(this.text)?.[0];
    if (unit === undefined) return undefined;
    this.at += 4;
    return String.fromCharCode(Number.parseInt(unit, 16));
  }

  private word(word: 'true' | 'false' | 'null'): JsonNode | undefined {
    if (!this.text.startsWith(word, this.at)) return undefined;
    this.at += word.length;
    const next = this.text[this.at];
    return next !== undefined && next !== '.' && NAME_PART.test(next) ? undefined : { kind: word };
  }

  /** A number that is the whole value ends at a blank, as Jackson has it. */
  private number(depth: number): JsonNode | undefined {
    NUMBER.lastIndex = this.at;
    const match = NUMBER.exec(this.text);
    if (match === null || match[0].length > MAX_NUMBER) return undefined;
    this.at += match[0].length;
    const next = this.text[this.at];
    if (next !== undefined && NAME_PART.test(next)) return undefined;
    if (next !== undefined && depth === 0 && !' \t\n\r'.includes(next)) return undefined;
    const exponent = Number(match[2]?.slice(1) ?? 0);
    if (Math.abs(exponent) >= MAX_EXPONENT) return undefined;
    const kind = match[1] === undefined && match[2] === undefined ? 'integer' : 'decimal';
    return { kind, text: decimalOf(match[0]) };
  }
}

/** A number of JSON or of Java as java.math.BigDecimal prints it: 1.10, 1E+5. */
export function decimalOf(number: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(number) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+(?=.)/, '') || '0';
  const minus = sign === '-' && digits !== '0' ? '-' : '';
  const scale = fraction.length - Number(exponent);
  const adjusted = digits.length - 1 - scale;
  if (scale === 0) return minus + digits;
  if (scale > 0 && adjusted >= -6) {
    const padded = digits.padStart(scale + 1, '0');
    return `${minus}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
  }
  const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
  if (adjusted === 0) return minus + mantissa;
  return `${minus}${mantissa}E${adjusted > 0 ? '+' : ''}${adjusted}`;
}

const CONTROL_NAMES: Readonly<Record<string, string>> = {
  '"': '\\"', '\\': '\\\\', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t',
};

/** A string in quotes, escaped as Jackson does. */
export function quoteJson(text: string): string {
  const escaped = text.replace(/["\\\u0000-\u001f]/g, (sign) => CONTROL_NAMES[sign] ??
    `\\u00${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
  return `"${escaped}"`;
}

/** Order of UTF-16 code units, as String.compareTo. */
export const byKey = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The value without blanks, members sorted by key. */
export function writeJson(node: JsonNode): string {
  switch (node.kind) {
    case 'string': return quoteJson(node.text);
    case 'integer':
    case 'decimal': return node.text;
    case 'array': return `[${node.items.map(writeJson).join(',')}]`;
    case 'object': {
      const members = [...node.members].sort(([a], [b]) => byKey(a, b))
        .map(([key, value]) => `${quoteJson(key)}:${writeJson(value)}`);
      return `{${members.join(',')}}`;
    }
    default: return node.kind;
  }
}
