/**
 * Functions whose arguments are parted by words in place of commas. Written with commas
 * (SUBSTRING(a, 1, 2)), the same functions are plain function calls.
 */
import type { DataType } from './data-type.js';
import type { Expression, TimeUnit } from './expression.js';
import type { OrderItem, WindowSpecification } from './query.js';
import type { SyntaxNode } from './node.js';

/** EXTRACT(unit FROM operand). */
export interface ExtractCall extends SyntaxNode {
  readonly kind: 'extract';
  /** A time unit, or another word as written (time frame names). */
  readonly unit: TimeUnit | string;
  readonly operand: Expression;
}

/** FLOOR(operand TO unit), CEIL(operand TO unit). */
export interface RoundTimeCall extends SyntaxNode {
  readonly kind: 'floor-to' | 'ceil-to';
  readonly operand: Expression;
  readonly unit: TimeUnit | string;
}

/** TIMESTAMPADD(unit, count, operand), TIMESTAMPDIFF(unit, start, end), *_TRUNC(operand, unit). */
export interface TimestampArithmeticCall extends SyntaxNode {
  readonly kind: 'timestamp-arithmetic';
  readonly function: 'TIMESTAMPADD' | 'TIMESTAMPDIFF' | 'DATE_DIFF' | 'DATETIME_DIFF'
    | 'TIMESTAMP_DIFF' | 'TIME_DIFF' | 'DATE_TRUNC' | 'TIMESTAMP_TRUNC' | 'TIME_TRUNC'
    | 'DATETIME_TRUNC' | 'DATE_PART';
  readonly unit: TimeUnit | string;
  readonly arguments: readonly Expression[];
}

/** TRIM([LEADING | TRAILING | BOTH] [characters] FROM operand). */
export interface TrimCall extends SyntaxNode {
  readonly kind: 'trim';
  readonly side: 'both' | 'leading' | 'trailing';
  readonly characters?: Expression;
  readonly operand: Expression;
}

/** POSITION(needle IN operand [FROM start]). */
export interface PositionCall extends SyntaxNode {
  readonly kind: 'position-call';
  readonly needle: Expression;
  readonly operand: Expression;
  readonly start?: Expression;
}

/** OVERLAY(operand PLACING replacement FROM start [FOR length]). */
export interface OverlayCall extends SyntaxNode {
  readonly kind: 'overlay';
  readonly operand: Expression;
  readonly replacement: Expression;
  readonly start: Expression;
  readonly length?: Expression;
}

/** SUBSTRING(operand FROM start [FOR length]). */
export interface SubstringCall extends SyntaxNode {
  readonly kind: 'substring';
  readonly operand: Expression;
  readonly start: Expression;
  readonly length?: Expression;
}

/** TRANSLATE(operand USING charset), CONVERT(operand USING charset). */
export interface TranscodeCall extends SyntaxNode {
  readonly kind: 'transcode';
  readonly function: 'TRANSLATE' | 'CONVERT';
  readonly operand: Expression;
  readonly charset: string;
}

/** ERROR, NULL, DEFAULT v ... of ON EMPTY and ON ERROR, and EMPTY ARRAY, EMPTY OBJECT. */
export interface JsonBehavior extends SyntaxNode {
  readonly kind: 'json-behavior';
  readonly behavior: 'error' | 'null' | 'default' | 'empty-array' | 'empty-object' | 'true'
    | 'false' | 'unknown';
  /** The value of DEFAULT. */
  readonly value?: Expression;
}

/** What JSON_VALUE, JSON_QUERY and JSON_EXISTS have in common: the document and the path. */
interface JsonPathCall extends SyntaxNode {
  readonly operand: Expression;
  readonly path: Expression;
  /** PASSING value AS name; empty if absent. */
  readonly passing: readonly { readonly value: Expression; readonly name: string }[];
}

/** JSON_VALUE(operand, path [RETURNING t] [.. ON EMPTY] [.. ON ERROR]). */
export interface JsonValueCall extends JsonPathCall {
  readonly kind: 'json-value';
  readonly returning?: DataType;
  readonly onEmpty?: JsonBehavior;
  readonly onError?: JsonBehavior;
}

/** JSON_QUERY(operand, path [RETURNING t] [wrapper] [.. ON EMPTY] [.. ON ERROR]). */
export interface JsonQueryCall extends JsonPathCall {
  readonly kind: 'json-query';
  readonly returning?: DataType;
  readonly wrapper?: 'without' | 'conditional' | 'unconditional';
  readonly onEmpty?: JsonBehavior;
  readonly onError?: JsonBehavior;
}

/** JSON_EXISTS(operand, path [.. ON ERROR]). */
export interface JsonExistsCall extends JsonPathCall {
  readonly kind: 'json-exists';
  readonly onError?: JsonBehavior;
}

/** NULL ON NULL or ABSENT ON NULL. */
export type JsonNullClause = 'null-on-null' | 'absent-on-null';

/** One KEY k VALUE v, k VALUE v or k : v of JSON_OBJECT. */
export interface JsonMember extends SyntaxNode {
  readonly kind: 'json-member';
  readonly key: Expression;
  readonly value: Expression;
}

/** JSON_OBJECT(k VALUE v, ... [NULL ON NULL]). */
export interface JsonObjectCall extends SyntaxNode {
  readonly kind: 'json-object';
  readonly members: readonly JsonMember[];
  readonly onNull?: JsonNullClause;
}

/** JSON_ARRAY(a, b, ... [ABSENT ON NULL]). */
export interface JsonArrayCall extends SyntaxNode {
  readonly kind: 'json-array';
  readonly elements: readonly Expression[];
  readonly onNull?: JsonNullClause;
}

/** JSON_OBJECTAGG(k VALUE v [NULL ON NULL]) [FILTER] [OVER]. */
export interface JsonObjectAggregateCall extends SyntaxNode {
  readonly kind: 'json-objectagg';
  readonly member: JsonMember;
  readonly onNull?: JsonNullClause;
  readonly filter?: Expression;
  readonly over?: WindowSpecification;
}

/** JSON_ARRAYAGG(v [ORDER BY ..] [NULL ON NULL]) [WITHIN GROUP] [FILTER] [OVER]. */
export interface JsonArrayAggregateCall extends SyntaxNode {
  readonly kind: 'json-arrayagg';
  readonly operand: Expression;
  /** ORDER BY inside the parentheses or in WITHIN GROUP; empty if absent. */
  readonly orderBy: readonly OrderItem[];
  readonly onNull?: JsonNullClause;
  readonly filter?: Expression;
  readonly over?: WindowSpecification;
}

/** Any call with clauses of its own. */
export type SpecialCall =
  | ExtractCall | RoundTimeCall | TimestampArithmeticCall | TrimCall | PositionCall
  | OverlayCall | SubstringCall | TranscodeCall
  | JsonValueCall | JsonQueryCall | JsonExistsCall | JsonObjectCall | JsonArrayCall
  | JsonObjectAggregateCall | JsonArrayAggregateCall;
