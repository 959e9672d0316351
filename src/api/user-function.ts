/**
 * Scalar functions written in TypeScript. An engine calls them once a batch over views of its
 * columns; the row form stands on top of that.
 */
import { Column } from '../batch/column.js';
import { columnOf, type Value } from '../batch/values.js';
import type { SessionFunction } from '../catalog/functions.js';
import { errorOf, MillraceError } from '../errors/index.js';
import { KernelError, type KernelFunction } from '../expr/kernel.js';
import { registerUserFunction } from '../expr/user-functions.js';
import { bindType } from '../plan/bind/data-type.js';
import { parseDataType } from '../sql/index.js';
import { typeToString, type DataType } from '../types/data-type.js';
import { rowValueAt, type RowValue } from './row.js';
import { toValue } from './rows-import.js';

/** The values of an argument in the form of a row's values; NULL is null. */
export interface ColumnView {
  at(row: number): RowValue;
  isNull(row: number): boolean;
}

/** Takes the values of the result, as a table of TypeScript rows takes them. */
export interface ResultView {
  set(row: number, value: unknown): void;
}

interface Signature {
  /** Types as SQL writes them: `['STRING', 'DECIMAL(10, 2)']`. */
  readonly parameters: readonly string[];
  readonly returns: string;
  /** Unless false, equal arguments give equal results. */
  readonly deterministic?: boolean;
}

/** Called for each row. What it throws ends the job with MR3031. */
export interface RowFunction extends Signature {
  evaluate(...values: RowValue[]): unknown;
}

/** Called once a batch; `rows` are the places to set, all others stay NULL. */
export interface ColumnFunction extends Signature {
  evaluateColumns(columns: readonly ColumnView[], rows: Int32Array, result: ResultView): void;
}

export type UserFunction = RowFunction | ColumnFunction;

/** The function as the session's catalog keeps it. MR2007 for a type that is none. */
export function sessionFunction(name: string, definition: UserFunction): SessionFunction {
  const resultType = typeOf(definition.returns);
  return {
    name, resultType, parameterTypes: definition.parameters.map(typeOf),
    isDeterministic: definition.deterministic ?? true,
    handle: registerUserFunction(codeOf(name, definition)),
  };
}

const typeOf = (text: string): DataType => bindType(parseDataType(text));

function codeOf(name: string, definition: UserFunction): KernelFunction {
  const run = 'evaluateColumns' in definition
    ? definition.evaluateColumns.bind(definition) : byRow(definition);
  return (columns, selection, count, out) => {
    const result = new ResultValues(name, out);
    const rows = selection?.subarray(0, count) ?? Int32Array.from({ length: count }, (_, i) => i);
    try {
      run(columns.map((column) => new View(column)), rows, result);
    } catch (error) {
      if (error instanceof MillraceError || error instanceof KernelError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new KernelError('MR3031', `${name}: ${reason}`, result.lastRow + 1);
    }
    result.finish();
  };
}

function byRow(definition: RowFunction): ColumnFunction['evaluateColumns'] {
  return (columns, rows, result) => {
    for (const row of rows) {
      result.set(row, definition.evaluate(...columns.map((column) => column.at(row))));
    }
  };
}

class View implements ColumnView {
  constructor(private readonly column: Column) {}

  at(row: number): RowValue {
    return rowValueAt(this.column, row);
  }

  isNull(row: number): boolean {
    return this.column.isNull(row);
  }
}

class ResultValues implements ResultView {
  private readonly values: Value[];
  /** The row set last; -1 before the first. */
  lastRow = -1;

  constructor(private readonly name: string, private readonly out: Column) {
    this.values = new Array<Value>(out.length).fill(null);
  }

  set(row: number, value: unknown): void {
    if (row < 0 || row >= this.values.length) throw new RangeError(`no row ${row} in the batch`);
    if (!this.out.type.nullable && (value === null || value === undefined)) {
      throw new KernelError('MR3031', `${this.name}: NULL for ${typeToString(this.out.type)}`, row);
    }
    try {
      this.values[row] = toValue(value, this.out.type, () => `result of ${this.name}`);
    } catch (error) {
      if (!(error instanceof MillraceError)) throw error;
      const [reason = ''] = error.message.split('\n');
      throw new KernelError('MR3031', `${this.name}: ${reason}`, row);
    }
    this.lastRow = row;
  }

  /** Moves the values into the column that the engine reads. */
  finish(): void {
    const { out } = this;
    const built = columnOf(out.type, this.values);
    out.values = built.values;
    out.validity = built.validity;
    out.starts = built.starts;
    out.lengths = built.lengths;
    out.heap = built.heap;
    out.children = built.children;
  }
}

/** MR2007 where the session has a function of that name. */
export function nameTaken(name: string): Error {
  return errorOf('MR2007', { detail: `a function of this name exists: ${name}` });
}
