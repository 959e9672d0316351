/**
 * Records of Flink's json format straight into columns; native/formats/json-decoder.h states the
 * rules and does the same in C++. Text is a view into the chunk that the record is in: escapes
 * are resolved in place, and text that is made is appended behind the chunk's content.
 */
import { Batch } from '../../batch/batch.js';
import { writeBigI64 } from '../../batch/column.js';
import { writeI128 } from '../../batch/int128.js';
import { decodeText, encodeText, equalBytes } from '../../batch/strings.js';
import type { SourceColumn } from '../../plan/physical/plan.js';
import type { DecodedColumn } from '../decoded-column.js';
import {
  javaTrim, parseBase64, parseDate, parseDecimal, parseInteger, parseReal, parseTime,
  parseTimestamp, TOO_LONG,
} from '../text-parse.js';
import {
  compileRecord, readsTwice, type DecoderOptions, type Member, type ObjectPlan, type ValuePlan,
} from './plan.js';
import { BYTE, JsonScanner, MAX_DEPTH } from './scan.js';

/** kBadField never comes under ignore-parse-errors. */
export const OUTCOME = { ok: 0, badField: 1, malformed: 2 } as const;
export type Outcome = (typeof OUTCOME)[keyof typeof OUTCOME];

const OK = OUTCOME.ok;
const MIN_I64 = -(1n << 63n);
const MAX_I64 = (1n << 63n) - 1n;
const MS_A_DAY = 86_400_000;
const TWO_32 = 4294967296;

export class RecordDecoder extends JsonScanner {
  /** What was wrong with the record decoded last. */
  fault = '';
  rowCount = 0;
  /** Bytes of the chunk in use; text is appended behind them. */
  chunkEnd = 0;
  readonly #root: ObjectPlan;
  readonly #columns: readonly DecodedColumn[];
  readonly #inPlace: boolean;
  #record = 0;

  constructor(readonly options: DecoderOptions, columns: readonly SourceColumn[]) {
    super();
    const plan = compileRecord(columns);
    this.#root = plan.root;
    this.#columns = plan.columns;
    this.#inPlace = !readsTwice(plan.root);
  }

  /** Starts a batch of about `maxRows` rows, whose records lie in `bytes`. */
  start(maxRows: number): void {
    this.rowCount = 0;
    for (const column of this.#columns) column.start(maxRows);
  }

  /** The batch; its text lies in the chunk. */
  finish(): Batch {
    const columns = this.#columns.map((column) => column.finish(this.rowCount, this.bytes));
    return new Batch(this.rowCount, columns);
  }

  /** Decodes bytes[begin, end), which must be valid UTF-8; complete rows of it are kept. */
  decode(begin: number, end: number): Outcome {
    const bytes = this.bytes;
    this.#record = begin;
    this.at = begin;
    this.end = end;
    const hasMark = end - begin >= 3 && bytes[begin] === 0xef && bytes[begin + 1] === 0xbb &&
      bytes[begin + 2] === 0xbf;
    if (hasMark) this.at += 3;
    const first = this.nextByte();
    if (first === BYTE.openBrace) return this.#decodeRow();
    return first === BYTE.openBracket && this.options.takesArrays ? this.#decodeArray()
      : this.#malformed();
  }

  #malformed(): Outcome {
    this.fault = `malformed JSON at byte ${this.at - this.#record + 1}`;
    return OUTCOME.malformed;
  }

  #badField(plan: ValuePlan, row: number): Outcome {
    plan.column?.clear(row);
    if (this.options.ignoreParseErrors) return OK;
    this.fault = `field ${plan.path} cannot be read`;
    return OUTCOME.badField;
  }

  #decodeRow(): Outcome {
    const row = this.rowCount;
    for (const column of this.#columns) column.ensure(row);
    this.at++;
    const outcome = this.#object(this.#root, row, 1, '');
    if (outcome === OK) this.rowCount++;
    else for (const column of this.#columns) column.clear(row);
    return outcome;
  }

  #decodeArray(): Outcome {
    this.at++;
    if (this.nextByte() === BYTE.closeBracket) return OK;
    while (true) {
      if (this.nextByte() !== BYTE.openBrace) return this.#malformed();
      const outcome = this.#decodeRow();
      if (outcome !== OK) return outcome;
      const next = this.nextByte();
      if (next === BYTE.closeBracket) return OK;
      if (next !== BYTE.comma) return this.#malformed();
      this.at++;
    }
  }

  /** The member whose name was scanned last. */
  #findMember(plan: ObjectPlan): Member | null {
    const members = plan.members;
    const count = members.length;
    let bytes = this.bytes;
    let begin = this.textBegin;
    let length = this.textEnd - begin;
    if (this.textEscaped) {
      bytes = new Uint8Array(length);
      length = this.unescape(begin, this.textEnd, bytes, 0);
      begin = 0;
    }
    let at = plan.hint;
    for (let tried = 0; tried < count; tried++, at++) {
      if (at >= count) at = 0;
      const member = members[at]!;
      const name = member.name;
      if (name.length !== length) continue;
      let same = 0;
      while (same < length && name[same] === bytes[begin + same]) same++;
      if (same !== length) continue;
      plan.hint = at + 1;
      return member;
    }
    return null;
  }

  /** The member that is expected next, if the cursor stands before its name. */
  #expectedMember(plan: ObjectPlan): Member | null {
    const member = plan.members[plan.hint];
    if (member === undefined) return null;
    const quoted = member.quoted;
    const length = quoted.length;
    const bytes = this.bytes;
    const at = this.at;
    for (let i = 0; i < length; i++) if (bytes[at + i] !== quoted[i]) return null;
    if (length === 0) return null;
    this.at = at + length;
    plan.hint++;
    return member;
  }

  /** The cursor stands behind the opening brace. */
  #object(plan: ObjectPlan, row: number, depth: number, path: string): Outcome {
    const wanted = plan.members.length;
    let read = 0;
    plan.hint = 0;
    if (depth > MAX_DEPTH) return this.#malformed();
    if (this.nextByte() === BYTE.closeBrace) this.at++;
    else {
      while (true) {
        if (this.nextByte() !== BYTE.quote) return this.#malformed();
        let member = read < wanted ? this.#expectedMember(plan) : null;
        if (member === null) {
          if (!this.skipName()) return this.#malformed();
          if (read < wanted) member = this.#findMember(plan);
        }
        if (member === null) {
          if (!this.skipValue(depth)) return this.#malformed();
        } else {
          read++;
          const outcome = this.#value(member.value, row, depth);
          if (outcome !== OK) return outcome;
        }
        const next = this.nextByte();
        if (next !== BYTE.comma && next !== BYTE.closeBrace) return this.#malformed();
        this.at++;
        if (next === BYTE.closeBrace) break;
      }
    }
    if (read >= wanted || !this.options.failOnMissingField) return OK;
    this.fault = `a field is missing${path === '' ? '' : ` in ${path}`}`;
    return OUTCOME.badField;
  }

  #value(plan: ValuePlan, row: number, depth: number): Outcome {
    if (this.nextByte() === BYTE.n) {
      if (!this.scanNull()) return this.#malformed();
      setNull(plan, row);
      return OK;
    }
    if (plan.again !== null) {
      const at = this.at;
      const outcome = this.#value(plan.again, row, depth);
      if (outcome !== OK) return outcome;
      this.at = at;
    }
    switch (plan.kind) {
      case 'bigint':
      case 'integer':
        return this.#digits(plan, row, depth);
      case 'string':
        return this.#text(plan, row, depth);
      case 'timestamp':
        return this.#timestamp(plan, row, depth);
      case 'row':
        return this.#row(plan, row, depth);
      case 'array':
        return this.#array(plan, row, depth);
      case 'map':
        return this.#map(plan, row, depth);
      default:
        return this.#scalar(plan, row, depth);
    }
  }

  #row(plan: ValuePlan, row: number, depth: number): Outcome {
    if (this.bytes[this.at] !== BYTE.openBrace) {
      return this.skipValue(depth) ? this.#badField(plan, row) : this.#malformed();
    }
    this.at++;
    plan.column?.clear(row);
    plan.column?.mark(row);
    return this.#object(plan.object!, row, depth + 1, plan.path);
  }

  /** INT of up to 9 and BIGINT of up to 15 digits at once, everything else the long way. */
  #digits(plan: ValuePlan, row: number, depth: number): Outcome {
    const bytes = this.bytes;
    let at = this.at;
    const negative = bytes[at] === BYTE.minus;
    if (negative) at++;
    const begin = at;
    const isLong = plan.kind === 'bigint';
    const most = Math.min(this.end, begin + (isLong ? 15 : 9));
    let magnitude = 0;
    let digit = bytes[at]! - 48;
    while (digit >= 0 && digit <= 9 && at < most) {
      magnitude = magnitude * 10 + digit;
      digit = bytes[++at]! - 48;
    }
    const next = bytes[at];
    const simple = at > begin && at < this.end &&
      (next === BYTE.comma || next === BYTE.closeBrace) &&
      (bytes[begin] !== BYTE.zero || at - begin === 1);
    if (!simple) return this.#scalar(plan, row, depth);
    this.at = at;
    const column = plan.column!;
    const value = negative ? -magnitude : magnitude;
    const values = column.values as Int32Array;
    if (isLong) {
      values[2 * row] = value | 0;
      values[2 * row + 1] = Math.floor(value / TWO_32);
    } else values[row] = value;
    column.mark(row);
    return OK;
  }

  /** STRING: the text itself, other values as JSON text. */
  #text(plan: ValuePlan, row: number, depth: number): Outcome {
    const first = this.bytes[this.at];
    const column = plan.column!;
    if (first === BYTE.quote) {
      this.at++;
      if (!this.scanString()) return this.#malformed();
      if (this.textEscaped) this.#unescapeText();
      column.setRange(row, this.textBegin, this.textEnd - this.textBegin);
      return OK;
    }
    if (first === BYTE.openBrace || first === BYTE.openBracket) {
      const text = this.compactValue(depth);
      if (text === null) return this.#malformed();
      const bytes = encodeText(text);
      column.setRange(row, this.#append(bytes), bytes.length);
      return OK;
    }
    const begin = this.at;
    if (!this.skipValue(depth)) return this.#malformed();
    column.setRange(row, begin, this.at - begin);
    return OK;
  }

  /** Resolves the escapes of the text scanned last; textBegin and textEnd tell where it is. */
  #unescapeText(): void {
    if (this.#inPlace) {
      this.textEnd = this.unescape(this.textBegin, this.textEnd, this.bytes, this.textBegin);
      return;
    }
    const plain = new Uint8Array(this.textEnd - this.textBegin);
    const length = this.unescape(this.textBegin, this.textEnd, plain, 0);
    this.textBegin = this.#append(plain.subarray(0, length));
    this.textEnd = this.textBegin + length;
  }

  /** Puts text behind the chunk's content; returns where. */
  #append(text: Uint8Array): number {
    const at = this.chunkEnd;
    if (at + text.length > this.bytes.length) {
      const larger = new Uint8Array(Math.max(this.bytes.length * 2, at + text.length));
      larger.set(this.bytes);
      this.bytes = larger;
    }
    this.bytes.set(text, at);
    this.chunkEnd = at + text.length;
    return at;
  }

  #scalar(plan: ValuePlan, row: number, depth: number): Outcome {
    const first = this.bytes[this.at]!;
    const isText = first === BYTE.quote;
    if (isText) {
      this.at++;
      if (!this.scanString()) return this.#malformed();
      if (this.textEscaped) this.#unescapeText();
    } else {
      this.textBegin = this.at;
      if (!this.skipValue(depth)) return this.#malformed();
      // Scanning inside the value moved the marks of the text.
      this.textEnd = this.at;
    }
    return this.#convert(plan, first, row) ? OK : this.#badField(plan, row);
  }

  #token(begin: number): string {
    return decodeText(this.bytes, begin, this.textEnd - begin);
  }

  /** `first` is the value's first byte: a quote for text, whose escapes are resolved. */
  #convert(plan: ValuePlan, first: number, row: number): boolean {
    const isText = first === BYTE.quote;
    const isNumber = first === BYTE.minus || (first >= BYTE.zero && first <= BYTE.nine);
    const column = plan.column!;
    switch (plan.kind) {
      case 'boolean': {
        const word = first === BYTE.openBrace || first === BYTE.openBracket || isNumber
          ? '' : this.#token(this.textBegin);
        column.values[row] = javaTrim(word).toLowerCase() === 'true' ? 1 : 0;
        break;
      }
      case 'small':
      case 'integer':
      case 'bigint':
        return (isText || isNumber) && this.#convertInteger(plan, isText, row);
      case 'float':
      case 'decimal':
        return (isText || isNumber) && this.#convertNumber(plan, isText, row);
      case 'date':
      case 'time': {
        if (!isText) return false;
        const text = this.#token(this.textBegin);
        const value = plan.kind === 'date' ? parseDate(text) : parseTime(text);
        if (value === null) return false;
        column.values[row] = value;
        break;
      }
      case 'timestamp':
        return isText && this.#convertTimestamp(plan, row);
      case 'bytes':
        return isText && this.#convertBytes(column, row);
      default:
        return false;
    }
    column.mark(row);
    return true;
  }

  #convertBytes(column: DecodedColumn, row: number): boolean {
    const copy = this.bytes.slice(this.textBegin, this.textEnd);
    const length = parseBase64(copy, 0, copy.length);
    if (length < 0) return false;
    column.setRange(row, this.#append(copy.subarray(0, length)), length);
    return true;
  }

  /** Numbers with a fraction are cut for INT and BIGINT and refused for the smaller ones. */
  #convertInteger(plan: ValuePlan, isText: boolean, row: number): boolean {
    const root = plan.type.root;
    const most = root === 'TINYINT' ? 127n : root === 'SMALLINT' ? 32_767n
      : root === 'INTEGER' ? 2_147_483_647n : MAX_I64;
    const least = root === 'BIGINT' ? MIN_I64 : -most - 1n;
    const token = this.#token(this.textBegin);
    let value = parseInteger(isText ? javaTrim(token) : token, least, most);
    if (value === null) {
      const isCut = !isText && plan.kind !== 'small' && /[.eE]/.test(token);
      const real = isCut ? Number(token) : NaN;
      if (!(real >= Number(least) && real <= Number(most))) return false;
      value = real >= 9223372036854775808 ? MAX_I64 : BigInt(Math.trunc(real));
    }
    const column = plan.column!;
    if (plan.kind === 'bigint') writeBigI64(column.values as Int32Array, row, value);
    else column.values[row] = Number(value);
    column.mark(row);
    return true;
  }

  /** A decimal that has too many digits is NULL, in Flink too. */
  #convertNumber(plan: ValuePlan, isText: boolean, row: number): boolean {
    const column = plan.column!;
    const token = this.#token(this.textBegin);
    if (plan.kind === 'float') {
      const value = parseReal(token);
      if (value === null) return false;
      column.values[row] = value;
    } else {
      const { precision = 10, scale = 0 } = plan.type;
      const value = parseDecimal(isText ? javaTrim(token) : token, precision, scale);
      if (value === null) return false;
      if (value === TOO_LONG) {
        column.clear(row);
        return true;
      }
      writeI128(column.values as Int32Array, row, value);
    }
    column.mark(row);
    return true;
  }

  /** The common form of a date seen before at once, everything else the long way. */
  #timestamp(plan: ValuePlan, row: number, depth: number): Outcome {
    if (this.bytes[this.at] !== BYTE.quote) return this.#scalar(plan, row, depth);
    this.at++;
    if (!this.scanString()) return this.#malformed();
    if (this.textEscaped) this.#unescapeText();
    const length = this.textEnd - this.textBegin - (plan.zulu ? 1 : 0);
    if (length >= 19 && length <= 23 && this.#isKnownDate(plan)) {
      const millis = this.#millisOfDay(this.textBegin + 11, length - 11);
      if (millis >= 0) {
        this.#setTimestamp(plan, row, plan.dateMs + millis);
        return OK;
      }
    }
    return this.#convertTimestamp(plan, row) ? OK : this.#badField(plan, row);
  }

  #setTimestamp(plan: ValuePlan, row: number, millis: number): void {
    const column = plan.column!;
    const values = column.values as Int32Array;
    if (plan.ticksPerMs === 1) {
      values[2 * row] = millis | 0;
      values[2 * row + 1] = Math.floor(millis / TWO_32);
    } else writeBigI64(values, row, BigInt(millis) * BigInt(plan.ticksPerMs));
    column.mark(row);
  }

  /** Whether the text has the date of the value before, the separator, and the Z. */
  #isKnownDate(plan: ValuePlan): boolean {
    const begin = this.textBegin;
    const bytes = this.bytes;
    if (bytes[begin + 10] !== (this.options.isoTimestamps ? 84 : 32)) return false;
    if (plan.zulu && bytes[this.textEnd - 1] !== 90) return false;
    return word(bytes, begin) === plan.dateHigh && word(bytes, begin + 4) === plan.dateLow &&
      word(bytes, begin + 6) === plan.dateTail;
  }

  /** HH:mm:ss and .f to .fff; -1 where it is something else. */
  #millisOfDay(at: number, length: number): number {
    const bytes = this.bytes;
    const hour = twoDigits(bytes, at);
    const minute = twoDigits(bytes, at + 3);
    const second = twoDigits(bytes, at + 6);
    const valid = hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 &&
      second <= 59 && bytes[at + 2] === BYTE.colon && bytes[at + 5] === BYTE.colon;
    if (!valid) return -1;
    let millis = ((hour * 60 + minute) * 60 + second) * 1000;
    if (length === 8) return millis;
    if (bytes[at + 8] !== BYTE.dot) return -1;
    let unit = 100;
    for (let i = at + 9; i < at + length; i++) {
      const digit = bytes[i]! - 48;
      if (digit < 0 || digit > 9) return -1;
      millis += digit * unit;
      unit /= 10;
    }
    return millis;
  }

  #convertTimestamp(plan: ValuePlan, row: number): boolean {
    const text = this.#token(this.textBegin);
    const perSecond = plan.ticksPerMs * 1000;
    const ticks = parseTimestamp(text, this.options.isoTimestamps, plan.zulu, perSecond);
    if (ticks === null) return false;
    writeBigI64(plan.column!.values as Int32Array, row, ticks);
    plan.column!.mark(row);
    if (/^[0-9]/.test(text) && text.slice(11, 13) !== '24') {
      const day = Math.floor(Number(ticks / BigInt(plan.ticksPerMs)) / MS_A_DAY);
      const isExact = ticks >= 0n || plan.ticksPerMs === 1;
      if (!isExact) return true;
      plan.dateMs = day * MS_A_DAY;
      plan.dateHigh = word(this.bytes, this.textBegin);
      plan.dateLow = word(this.bytes, this.textBegin + 4);
      plan.dateTail = word(this.bytes, this.textBegin + 6);
    }
    return true;
  }

  #array(plan: ValuePlan, row: number, depth: number): Outcome {
    if (this.bytes[this.at] !== BYTE.openBracket) {
      return this.skipValue(depth) ? this.#badField(plan, row) : this.#malformed();
    }
    if (depth >= MAX_DEPTH) return this.#malformed();
    this.at++;
    const elements = plan.column!.children[0]!;
    const first = elements.used;
    if (this.nextByte() === BYTE.closeBracket) this.at++;
    else {
      while (true) {
        const outcome = this.#value(plan.element!, elements.append(), depth + 1);
        if (outcome !== OK) return outcome;
        const next = this.nextByte();
        if (next !== BYTE.comma && next !== BYTE.closeBracket) return this.#malformed();
        this.at++;
        if (next === BYTE.closeBracket) break;
      }
    }
    plan.column!.setRange(row, first, elements.used - first);
    return OK;
  }

  #map(plan: ValuePlan, row: number, depth: number): Outcome {
    if (this.bytes[this.at] !== BYTE.openBrace) {
      return this.skipValue(depth) ? this.#badField(plan, row) : this.#malformed();
    }
    if (depth >= MAX_DEPTH) return this.#malformed();
    this.at++;
    const keys = plan.column!.children[0]!;
    const first = keys.used;
    if (this.nextByte() === BYTE.closeBrace) this.at++;
    else {
      while (true) {
        const outcome = this.#mapEntry(plan, first, depth);
        if (outcome !== OK) return outcome;
        const next = this.nextByte();
        if (next !== BYTE.comma && next !== BYTE.closeBrace) return this.#malformed();
        this.at++;
        if (next === BYTE.closeBrace) break;
      }
    }
    plan.column!.setRange(row, first, keys.used - first);
    return OK;
  }

  /** The last of equal keys counts, at the place of the first. */
  #mapEntry(plan: ValuePlan, first: number, depth: number): Outcome {
    const [keys, values] = plan.column!.children as [DecodedColumn, DecodedColumn];
    if (!this.skipName()) return this.#malformed();
    if (this.textEscaped) this.#unescapeText();
    const begin = this.textBegin;
    const length = this.textEnd - begin;
    for (let at = first; at < keys.used; at++) {
      const start = keys.starts[at]!;
      if (equalBytes(this.bytes, start, keys.lengths[at]!, this.bytes, begin, length)) {
        return this.#value(plan.element!, at, depth + 1);
      }
    }
    const at = keys.append();
    keys.setRange(at, begin, length);
    values.append();
    return this.#value(plan.element!, at, depth + 1);
  }
}

function setNull(plan: ValuePlan, row: number): void {
  if (plan.column !== null) plan.column.clear(row);
  else for (const member of plan.object!.members) setNull(member.value, row);
  if (plan.again !== null) setNull(plan.again, row);
}

/** Four bytes as one number. */
function word(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24));
}

function twoDigits(bytes: Uint8Array, at: number): number {
  const high = bytes[at]! - 48;
  const low = bytes[at + 1]! - 48;
  return high >= 0 && high <= 9 && low >= 0 && low <= 9 ? high * 10 + low : -1;
}
