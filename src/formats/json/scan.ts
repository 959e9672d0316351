/**
 * Walking over JSON text of one line, byte by byte, without a tree. Accepts what Jackson accepts
 * of Flink's json format: control characters inside strings are allowed.
 * native/formats/json-scan.cpp is the same in C++.
 */
import { encodeText } from '../../batch/strings.js';
import { floatText } from '../../types/number-text.js';

export const BYTE = {
  quote: 34, comma: 44, colon: 58, minus: 45, dot: 46, zero: 48, nine: 57, plus: 43,
  openBracket: 91, backslash: 92, closeBracket: 93, openBrace: 123, closeBrace: 125,
  f: 102, n: 110, t: 116, u: 117, space: 32,
} as const;

export const MAX_DEPTH = 1000;

const WORD_NULL = encodeText('null');
const WORD_TRUE = encodeText('true');
const WORD_FALSE = encodeText('false');

export function isSpace(code: number): boolean {
  return code === 32 || code === 9 || code === 10 || code === 13;
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const lower = code | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

/** A cursor over bytes[at, end). Methods that return false leave it at the fault. */
export class JsonScanner {
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;
  end = 0;
  /** The inside of the string scanned last, between its quotes. */
  textBegin = 0;
  textEnd = 0;
  textEscaped = false;
  /** Whether the number scanned last has neither fraction nor exponent. */
  integral = true;

  /** To the next byte that is no white space; 0 at the end. */
  nextByte(): number {
    const bytes = this.bytes;
    while (this.at < this.end) {
      const code = bytes[this.at]!;
      if (code > 32 || !isSpace(code)) return code;
      this.at++;
    }
    return 0;
  }

  /** From behind the opening quote to behind the closing one. */
  scanString(): boolean {
    const bytes = this.bytes;
    const end = this.end;
    let at = this.at;
    this.textBegin = at;
    this.textEscaped = false;
    while (at < end) {
      const code = bytes[at]!;
      if (code === 34) {
        this.textEnd = at;
        this.at = at + 1;
        return true;
      }
      if (code === 92) {
        this.textEscaped = true;
        const next = this.#skipEscape(at);
        if (next < 0) break;
        at = next;
      } else at++;
    }
    this.at = at;
    return false;
  }

  /** Past an escape whose backslash stands at `at`; -1 where it is malformed. */
  #skipEscape(at: number): number {
    if (this.end - at < 2) return -1;
    switch (this.bytes[at + 1]) {
      case 34: case 92: case 47: case 98: case 102: case 110: case 114: case 116:
        return at + 2;
      case BYTE.u:
        return this.escapedUnit(at, this.end) < 0 ? -1 : at + 6;
      default:
        return -1;
    }
  }

  /** The unit of \uXXXX whose backslash stands at `at`; -1 where it is none. */
  escapedUnit(at: number, end: number): number {
    const bytes = this.bytes;
    if (end - at < 6 || bytes[at] !== BYTE.backslash || bytes[at + 1] !== BYTE.u) return -1;
    let unit = 0;
    for (let i = at + 2; i < at + 6; i++) {
      const digit = hexDigit(bytes[i]!);
      if (digit < 0) return -1;
      unit = (unit << 4) | digit;
    }
    return unit;
  }

  /** What may follow a scalar. */
  #endsScalar(): boolean {
    if (this.at >= this.end) return true;
    const code = this.bytes[this.at]!;
    return code === BYTE.comma || code === BYTE.closeBrace || code === BYTE.closeBracket ||
      isSpace(code);
  }

  #scanDigits(): boolean {
    const begin = this.at;
    while (this.at < this.end) {
      const code = this.bytes[this.at]!;
      if (code < 48 || code > 57) break;
      this.at++;
    }
    return this.at > begin;
  }

  #take(code: number): boolean {
    if (this.at >= this.end || this.bytes[this.at] !== code) return false;
    this.at++;
    return true;
  }

  scanNumber(): boolean {
    this.integral = true;
    this.#take(BYTE.minus);
    if (!this.#take(BYTE.zero) && !this.#scanDigits()) return false;
    if (this.#take(BYTE.dot)) {
      this.integral = false;
      if (!this.#scanDigits()) return false;
    }
    if (this.at < this.end && (this.bytes[this.at]! | 32) === 101) {
      this.integral = false;
      this.at++;
      if (!this.#take(BYTE.plus)) this.#take(BYTE.minus);
      if (!this.#scanDigits()) return false;
    }
    return this.#endsScalar();
  }

  #scanWord(word: Uint8Array): boolean {
    const at = this.at;
    if (this.end - at < word.length) return false;
    for (let i = 0; i < word.length; i++) if (this.bytes[at + i] !== word[i]) return false;
    this.at = at + word.length;
    return this.#endsScalar();
  }

  scanNull(): boolean {
    return this.#scanWord(WORD_NULL);
  }

  /** Past any value. */
  skipValue(depth: number): boolean {
    switch (this.nextByte()) {
      case BYTE.quote:
        this.at++;
        return this.scanString();
      case BYTE.n:
        return this.#scanWord(WORD_NULL);
      case BYTE.t:
        return this.#scanWord(WORD_TRUE);
      case BYTE.f:
        return this.#scanWord(WORD_FALSE);
      case BYTE.openBrace:
        return this.#skipMembers(BYTE.closeBrace, depth);
      case BYTE.openBracket:
        return this.#skipMembers(BYTE.closeBracket, depth);
      default:
        return this.scanNumber();
    }
  }

  #skipMembers(close: number, depth: number): boolean {
    if (depth >= MAX_DEPTH) return false;
    this.at++;
    if (this.nextByte() === close) {
      this.at++;
      return true;
    }
    while (true) {
      if (close === BYTE.closeBrace && !this.skipName()) return false;
      if (!this.skipValue(depth + 1)) return false;
      const next = this.nextByte();
      if (next !== BYTE.comma && next !== close) return false;
      this.at++;
      if (next === close) return true;
    }
  }

  /** Past a member's name and its colon; the text of it is in textBegin and textEnd. */
  skipName(): boolean {
    if (this.nextByte() !== BYTE.quote) return false;
    this.at++;
    if (!this.scanString() || this.nextByte() !== BYTE.colon) return false;
    this.at++;
    return true;
  }

  /**
   * Resolves the escapes of bytes[begin, end) into `target` from `to` on, which may be the same
   * place: the result is never longer. A lone surrogate becomes '?'. Returns the end.
   */
  unescape(begin: number, end: number, target: Uint8Array, to: number): number {
    const bytes = this.bytes;
    let at = begin;
    let out = to;
    while (at < end) {
      const code = bytes[at]!;
      if (code !== BYTE.backslash) {
        target[out++] = code;
        at++;
        continue;
      }
      const kind = bytes[at + 1]!;
      if (kind !== BYTE.u) {
        target[out++] = plainEscape(kind);
        at += 2;
        continue;
      }
      const unit = this.escapedUnit(at, end);
      const low = unit >= 0xd800 && unit < 0xdc00 ? this.escapedUnit(at + 6, end) : -1;
      if (low >= 0xdc00 && low <= 0xdfff) {
        out = putCodePoint(target, out, 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00));
        at += 12;
      } else {
        const lone = unit >= 0xd800 && unit <= 0xdfff;
        out = putCodePoint(target, out, lone ? 63 : unit);
        at += 6;
      }
    }
    return out;
  }

  /**
   * A value as Jackson prints it from its tree: no white space, the last of equal names, doubles
   * in Java's spelling. Null: malformed.
   */
  compactValue(depth: number): string | null {
    if (depth >= MAX_DEPTH) return null;
    const first = this.nextByte();
    const begin = this.at;
    switch (first) {
      case BYTE.quote:
        return this.#compactString();
      case BYTE.openBrace:
        return this.#compactObject(depth);
      case BYTE.openBracket:
        return this.#compactArray(depth);
      case BYTE.n: case BYTE.t: case BYTE.f:
        return this.skipValue(depth) ? this.#slice(begin) : null;
      default:
        return this.#compactNumber(begin);
    }
  }

  #slice(begin: number): string {
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + begin, this.at - begin)
      .toString('latin1');
  }

  #compactString(): string | null {
    this.at++;
    if (!this.scanString()) return null;
    const plain = new Uint8Array(this.textEnd - this.textBegin);
    const length = this.unescape(this.textBegin, this.textEnd, plain, 0);
    return quoted(new TextDecoder('utf-8', { ignoreBOM: true }).decode(plain.subarray(0, length)));
  }

  #compactNumber(begin: number): string | null {
    if (!this.scanNumber()) return null;
    const text = this.#slice(begin);
    if (this.integral) return text === '-0' ? '0' : text;
    const value = Number(text);
    return Number.isFinite(value) ? floatText(value) : `"${floatText(value)}"`;
  }

  #compactArray(depth: number): string | null {
    this.at++;
    if (this.nextByte() === BYTE.closeBracket) {
      this.at++;
      return '[]';
    }
    const parts: string[] = [];
    while (true) {
      const value = this.compactValue(depth + 1);
      if (value === null) return null;
      parts.push(value);
      const next = this.nextByte();
      if (next !== BYTE.comma && next !== BYTE.closeBracket) return null;
      this.at++;
      if (next === BYTE.closeBracket) return `[${parts.join(',')}]`;
    }
  }

  #compactObject(depth: number): string | null {
    const members = new Map<string, string>();
    this.at++;
    if (this.nextByte() === BYTE.closeBrace) {
      this.at++;
      return '{}';
    }
    while (true) {
      if (this.nextByte() !== BYTE.quote) return null;
      const name = this.#compactString();
      if (name === null || this.nextByte() !== BYTE.colon) return null;
      this.at++;
      const value = this.compactValue(depth + 1);
      if (value === null) return null;
      members.set(name, value);
      const next = this.nextByte();
      if (next !== BYTE.comma && next !== BYTE.closeBrace) return null;
      this.at++;
      if (next === BYTE.closeBrace) break;
    }
    return `{${[...members].map(([name, value]) => `${name}:${value}`).join(',')}}`;
  }
}

function plainEscape(kind: number): number {
  switch (kind) {
    case 98:
      return 8;
    case 102:
      return 12;
    case 110:
      return 10;
    case 114:
      return 13;
    case 116:
      return 9;
    default:
      return kind;
  }
}

function putCodePoint(target: Uint8Array, at: number, code: number): number {
  let out = at;
  if (code < 0x80) target[out++] = code;
  else if (code < 0x800) {
    target[out++] = 0xc0 | (code >> 6);
    target[out++] = 0x80 | (code & 63);
  } else if (code < 0x10000) {
    target[out++] = 0xe0 | (code >> 12);
    target[out++] = 0x80 | ((code >> 6) & 63);
    target[out++] = 0x80 | (code & 63);
  } else {
    target[out++] = 0xf0 | (code >> 18);
    target[out++] = 0x80 | ((code >> 12) & 63);
    target[out++] = 0x80 | ((code >> 6) & 63);
    target[out++] = 0x80 | (code & 63);
  }
  return out;
}

/** Quotes text as Jackson's writer of characters does: supplementary characters as they are. */
function quoted(text: string): string {
  const escaped = text.replace(/["\\\u0000-\u001f]/g, (c) => {
    switch (c) {
      case '"': return '\\"';
      case '\\': return '\\\\';
      case '\b': return '\\b';
      case '\t': return '\\t';
      case '\n': return '\\n';
      case '\f': return '\\f';
      case '\r': return '\\r';
      default: return `\\u00${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
    }
  });
  return `"${escaped}"`;
}
