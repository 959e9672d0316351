/**
 * Making errors from rows of spec/errors.ts.
 */
import { type ErrorCode, type ErrorRow, errorRows } from '../../spec/errors.js';
import {
  ConnectorError, DataError, type ErrorContext, InternalError, MillraceError, ParseError,
  StateError, UnsupportedError, ValidationError,
} from './error.js';

/** The `{names}` in a text. */
type Placeholders<Text extends string> =
  Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Placeholders<Rest> : never;

/** A value that fills a place in a text. */
export type ErrorValue = string | number | bigint | boolean;

/** The values that the text of a row needs, and those its hint can use. */
export type ErrorValues<Code extends ErrorCode> =
  { readonly [Name in Placeholders<(typeof errorRows)[Code]['text']>]: ErrorValue }
  & { readonly [name: string]: ErrorValue | undefined };

/** Longest value that is put into a text; the rest is cut. */
const maxValueLength = 200;

/**
 * Throws the error of a row: `fail('MR2001', { name: 't', suggestion: 'tt' }, { position })`.
 * Values of the text are required; a hint whose values are not all given is left out.
 */
export function fail<Code extends ErrorCode>(
  code: Code, values: ErrorValues<Code>, context: ErrorContext = {},
): never {
  throw errorOf(code, values, context);
}

/** Like fail, but returns the error. */
export function errorOf<Code extends ErrorCode>(
  code: Code, values: ErrorValues<Code>, context: ErrorContext = {},
): MillraceError {
  const row: ErrorRow = errorRows[code];
  const text = fill(row.text, values) ?? row.text;
  const hint = context.hint ?? (row.hint === undefined ? undefined : fill(row.hint, values));
  return new (constructorOf(code, row))(code, row.class, text, { ...context, hint });
}

/** Puts values into a text; undefined if one is missing. */
function fill(
  text: string, values: { readonly [name: string]: ErrorValue | undefined },
): string | undefined {
  let complete = true;
  const filled = text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) complete = false;
    return cut(String(value));
  });
  return complete ? filled : undefined;
}

function cut(value: string): string {
  return value.length > maxValueLength ? `${value.slice(0, maxValueLength)}...` : value;
}

function constructorOf(code: ErrorCode, row: ErrorRow): typeof MillraceError {
  if (row.unsupported === true) return UnsupportedError;
  switch (code[2]) {
    case '1': return ParseError;
    case '2': return ValidationError;
    case '3': return DataError;
    case '4': return ConnectorError;
    case '5': return StateError;
    default: return InternalError;
  }
}
