/**
 * The error classes of millrace. All errors that reach a user are of these; the code says which
 * row of spec/errors.ts it is, the class whose fault.
 */
import type { ErrorClass, ErrorCode } from '../../spec/errors.js';
import type { Position } from './position.js';
import { renderError } from './render.js';

/** What an error carries beside its text. */
export interface ErrorContext {
  /** More about this case, on a line of its own. */
  readonly detail?: string | undefined;
  /** What to do about it; in place of the row's own hint. */
  readonly hint?: string | undefined;
  /** Where in the SQL text. */
  readonly position?: Position | undefined;
  /** The SQL text that `position` points into. */
  readonly source?: string | undefined;
  /** What would have been right there, most likely first. */
  readonly expected?: readonly string[] | undefined;
  readonly cause?: unknown;
}

/** Base of all errors; `message` is the full text with place, detail and hint. */
export class MillraceError extends Error {
  readonly code: ErrorCode;
  readonly class: ErrorClass;
  /** The first line without the code. */
  readonly text: string;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
  readonly expected: readonly string[];
  #position: Position | undefined;
  #source: string | undefined;

  constructor(code: ErrorCode, errorClass: ErrorClass, text: string, context: ErrorContext = {}) {
    super('', context.cause === undefined ? undefined : { cause: context.cause });
    this.name = new.target.name;
    this.code = code;
    this.class = errorClass;
    this.text = text;
    this.detail = context.detail;
    this.hint = context.hint;
    this.#position = context.position;
    this.expected = context.expected ?? [];
    this.#source = context.source;
    this.message = renderError(this);
  }

  /** Where in the SQL text, if known. */
  get position(): Position | undefined {
    return this.#position;
  }

  /** The SQL text that `position` points into, if known. */
  get source(): string | undefined {
    return this.#source;
  }

  /** Adds a place where none was known when the error was made; returns this. */
  withPosition(position: Position | undefined): this {
    if (this.#position === undefined && position !== undefined) {
      this.#position = position;
      this.message = renderError(this);
    }
    return this;
  }

  /**
   * The same error at another place: where the text that is wrong was named. `detail` says what
   * was being done there.
   */
  movedTo(position: Position, detail: string): MillraceError {
    const { code, text, hint, expected } = this;
    const whole = this.detail === undefined ? detail : `${this.detail} (${detail})`;
    const Kind = this.constructor as typeof MillraceError;
    return new Kind(code, this.class, text, {
      detail: whole, hint, position, expected, cause: this,
    });
  }

  /** Adds the SQL text where it was not known when the error was made; returns this. */
  withSource(source: string): this {
    if (this.#source === undefined && this.position !== undefined) {
      this.#source = source;
      this.message = renderError(this);
    }
    return this;
  }
}

/** MR1xxx: the text is not Flink SQL. */
export class ParseError extends MillraceError {}

/** MR2xxx: names, types, options, or a query that cannot be planned. */
export class ValidationError extends MillraceError {}

/** MR21xx: Flink has it, millrace has not. */
export class UnsupportedError extends ValidationError {}

/** MR3xxx: a value at run time. */
export class DataError extends MillraceError {}

/** MR4xxx: a connector, a format, a file. */
export class ConnectorError extends MillraceError {}

/** MR5xxx: state, checkpoints, savepoints. */
export class StateError extends MillraceError {}

/** MR9xxx: a fault of millrace itself. */
export class InternalError extends MillraceError {}
