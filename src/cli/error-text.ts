/** Errors for people. */
import { MillraceError, renderError, type Position } from '../errors/index.js';

/** Where a statement stands. */
export interface ScriptPlace {
  /** The file as the user named it; `-` is standard input. */
  readonly file: string;
  /** The whole text of the file. */
  readonly script: string;
  readonly statement: Position;
}

/**
 * The full text of one of our errors, behind the name of its file, with lines counted from the
 * start of the file; the stack of anything else, which is a bug.
 */
export function errorText(error: unknown, place?: ScriptPlace): string {
  if (!(error instanceof MillraceError)) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  if (place === undefined) return error.message;
  return inFile(place.file, messageInScript(error, place));
}

/** Text that does not come from the statement, such as a view's, keeps its own lines. */
function messageInScript(error: MillraceError, { script, statement }: ScriptPlace): string {
  const { code, text, detail, hint, expected, position, source } = error;
  const ownText = script.slice(statement.offset, statement.endOffset);
  if (position === undefined || source !== ownText) return error.message;
  const inFull = { source: script, position: inScript(position, statement) };
  return renderError({ code, text, detail, hint, expected, ...inFull });
}

/** Standard input has no name worth telling. */
export function inFile(file: string, message: string): string {
  return file === '-' ? message : `${file}: ${message}`;
}

function inScript(position: Position, statement: Position): Position {
  const isFirstLine = position.line === 1;
  return {
    line: statement.line + position.line - 1,
    column: isFirstLine ? statement.column + position.column - 1 : position.column,
    offset: statement.offset + position.offset,
    endOffset: statement.offset + position.endOffset,
  };
}
