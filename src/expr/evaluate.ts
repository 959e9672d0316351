/**
 * The TypeScript evaluator of plan expressions; native/kernels/expression.h is its twin.
 */
import { Batch } from '../batch/batch.js';
import { allocateColumn, Column, setNull } from '../batch/column.js';
import { HeapFullError } from '../batch/strings.js';
import { constantColumn, literalAt } from '../batch/values.js';
import { fail } from '../errors/index.js';
import type { LiteralValue, PlanExpression } from '../plan/physical/plan.js';
import { physicalOf, type DataType } from '../types/data-type.js';
import type { CompiledExpression } from './expression.js';
import { type EvaluationContext, type Kernel, KernelError, type KernelFunction } from './kernel.js';
import { findKernel } from './registry.js';
import { Case, Coalesce, Connective, FieldAccess } from './special-forms.js';

export type { CompiledExpression } from './expression.js';
export { type EvaluationContext, KernelError } from './kernel.js';
export { selectTrue } from './selection.js';

type Call = Extract<PlanExpression, { kind: 'call' }>;

/** Binds an expression to its kernels. A kernel that is not there is an MR9001. */
export function compileExpression(expression: PlanExpression): CompiledExpression {
  return new LowestFailure(compileNode(expression));
}

/** The value of an expression without columns, for constant folding. Errors as `evaluate`. */
export function evaluateConstant(
  expression: PlanExpression, context: EvaluationContext = { nowMs: 0, zone: 'UTC' },
): LiteralValue {
  const column = compileExpression(expression).evaluate(new Batch(1, []), null, 1, context);
  return literalAt(column, 0);
}

function compileNode(expression: PlanExpression): CompiledExpression {
  switch (expression.kind) {
    case 'column':
      return new ColumnReference(expression.index, expression.type);
    case 'literal':
      return new Literal(expression.type, expression.value);
    case 'call':
      return compileCall(expression);
  }
}

function compileCall(call: Call): CompiledExpression {
  const parts = call.arguments.map(compileNode);
  switch (call.kernel) {
    case 'and':
      return new Connective(call.type, parts, 0);
    case 'or':
      return new Connective(call.type, parts, 1);
    case 'case':
      return new Case(call.type, parts);
    case 'coalesce':
      return new Coalesce(call.type, parts);
    case 'field':
      return new FieldAccess(call.type, parts[0]!, Number(call.options?.['index']));
    default:
      return compileKernelCall(call, parts);
  }
}

function compileKernelCall(call: Call, parts: readonly CompiledExpression[]): CompiledExpression {
  const kernel = findKernel(call.kernel);
  if (kernel === undefined) fail('MR9002', { call: call.kernel });
  const run = kernel.compile({
    options: call.options ?? {},
    resultType: call.type,
    argumentTypes: call.arguments.map((argument) => argument.type),
  });
  return new KernelCall(call.type, kernel, run, parts);
}

/**
 * Sub-expressions run one after the other over all rows, so the first failure met need not be
 * that of the lowest row: what lies below it is evaluated again until nothing fails.
 */
class LowestFailure implements CompiledExpression {
  readonly type: DataType;

  constructor(private readonly inner: CompiledExpression) {
    this.type = inner.type;
  }

  evaluate(
    batch: Batch, selection: Int32Array | null, count: number, context: EvaluationContext,
  ): Column {
    try {
      return this.inner.evaluate(batch, selection, count, context);
    } catch (error) {
      const failure = asKernelError(error, selection);
      const below = rowsBelow(selection, count, failure.row);
      if (below > 0) {
        this.evaluate(batch, selection === null ? null : selection.subarray(0, below), below,
          context);
      }
      throw failure;
    }
  }
}

function asKernelError(error: unknown, selection: Int32Array | null): KernelError {
  if (error instanceof KernelError) return error;
  if (error instanceof HeapFullError) {
    return new KernelError('MR3005', error.message, selection === null ? 0 : selection[0] ?? 0);
  }
  throw error;
}

/** How many of the selected rows lie before `row`. */
function rowsBelow(selection: Int32Array | null, count: number, row: number): number {
  if (selection === null) return Math.min(count, row);
  let below = 0;
  while (below < count && selection[below]! < row) below++;
  return below;
}

class ColumnReference implements CompiledExpression {
  constructor(private readonly index: number, readonly type: DataType) {}

  evaluate(batch: Batch): Column {
    const column = batch.columns[this.index];
    if (column === undefined) fail('MR9001', { detail: `no column ${this.index} in the batch` });
    return column;
  }
}

class Literal implements CompiledExpression {
  private readonly column: Column;

  constructor(readonly type: DataType, value: LiteralValue) {
    this.column = constantColumn(type, value);
  }

  evaluate(): Column {
    return this.column;
  }
}

class KernelCall implements CompiledExpression {
  /** Whether the kernel runs over rows with a null argument too. */
  private readonly ignoresNulls: boolean;

  constructor(
    readonly type: DataType,
    private readonly kernel: Kernel,
    private readonly run: KernelFunction,
    private readonly parts: readonly CompiledExpression[],
  ) {
    const isFixed = [type, ...parts.map((part) => part.type)].every(isFixedWidth);
    this.ignoresNulls = kernel.nulls === 'skip' && isFixed;
  }

  evaluate(
    batch: Batch, selection: Int32Array | null, count: number, context: EvaluationContext,
  ): Column {
    const columns = this.parts.map((part) => part.evaluate(batch, selection, count, context));
    if (count > 0 && this.kernel.volatile !== true && columns.every((c) => c.constant)) {
      return this.evaluateConstant(columns, selection, context);
    }
    const out = allocateColumn(this.type, batch.rowCount);
    this.fill(columns, selection, count, out, context);
    return out;
  }

  private evaluateConstant(
    columns: readonly Column[], selection: Int32Array | null, context: EvaluationContext,
  ): Column {
    const out = allocateColumn(this.type, 1);
    try {
      this.fill(columns, null, 1, out, context);
    } catch (error) {
      const failure = asKernelError(error, null);
      throw new KernelError(failure.code, failure.detail, selection === null ? 0 : selection[0]!);
    }
    out.constant = true;
    return out;
  }

  private fill(
    columns: readonly Column[], selection: Int32Array | null, count: number, out: Column,
    context: EvaluationContext,
  ): void {
    if (this.kernel.nulls === 'own') {
      this.run(columns, selection, count, out, context);
      return;
    }
    const present = markNulls(columns, selection, count, out);
    if (present === null || this.ignoresNulls) {
      this.run(columns, selection, count, out, context);
    } else if (present.length > 0) {
      this.run(columns, present, present.length, out, context);
    }
  }
}

function isFixedWidth(type: DataType): boolean {
  return !['string', 'bytes', 'row', 'array', 'map', 'null'].includes(physicalOf(type));
}

/**
 * Marks the rows with a null argument in `out` and returns the others; null where there is no
 * null argument.
 */
function markNulls(
  columns: readonly Column[], selection: Int32Array | null, count: number, out: Column,
): Int32Array | null {
  const nullable = columns.filter((c) => c.validity !== null || c.physical === 'null');
  if (nullable.length === 0) return null;
  const present = new Int32Array(count);
  let found = 0;
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    let isNull = false;
    for (let k = 0; k < nullable.length; k++) isNull ||= nullable[k]!.isNull(row);
    if (isNull) setNull(out, row);
    else present[found++] = row;
  }
  return found === count ? null : present.subarray(0, found);
}
