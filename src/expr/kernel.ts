/**
 * What a scalar function's TypeScript kernel is; native/kernels/kernel.h states the same for the
 * native engine.
 *
 * A kernel computes `out` for the selected rows and touches no other. Argument columns are flat or
 * constant (read index: `column.constant ? 0 : row`); `out` is flat, of the call's result type,
 * all present, and keeps the rows' positions: out[row] for each selected row. A kernel may mark
 * rows null with setNull(out, row). On failure it throws a KernelError of the lowest failing row.
 */
import type { Column } from '../batch/column.js';
import { DataError, type ErrorCode, errorRows } from '../errors/index.js';
import type { PlanValue } from '../plan/physical/plan.js';
import type { DataType } from '../types/data-type.js';

/** What is known about a call before any row. */
export interface CallSite {
  readonly options: { readonly [name: string]: PlanValue };
  readonly resultType: DataType;
  readonly argumentTypes: readonly DataType[];
}

/** What a kernel may ask of its surroundings. */
export interface EvaluationContext {
  /** The task clock, sampled once a batch: ms since the epoch. */
  readonly nowMs: number;
  /** Session zone. */
  readonly zone: string;
}

/** The loop over one batch. `count` rows: those of `selection`, or 0 .. count-1 where null. */
export type KernelFunction = (
  columns: readonly Column[], selection: Int32Array | null, count: number, out: Column,
  context: EvaluationContext,
) => void;

export interface Kernel {
  /**
   * propagate: the evaluator takes rows with a null argument out and marks them null.
   * skip: as propagate, but where arguments and result are of fixed width the kernel runs over
   * those rows too, since it cannot fail on them.
   * own: the kernel sees nulls and decides.
   */
  readonly nulls: 'propagate' | 'skip' | 'own';
  /** True where equal arguments may give another result on the next row (RAND, UUID). */
  readonly volatile?: boolean;
  /** Makes the loop for a call site: picks it by type, compiles patterns, keeps scratch memory. */
  readonly compile: (site: CallSite) => KernelFunction;
}

/** Kernels of one family, by their name in spec/functions.ts. */
export type KernelFamily = { readonly [name: string]: Kernel };

/** A kernel whose rows with a null argument are null. */
export function propagating(run: KernelFunction): Kernel {
  return { nulls: 'propagate', compile: () => run };
}

/** Like `propagating`, made for each call site. */
export function compiled(compile: (site: CallSite) => KernelFunction): Kernel {
  return { nulls: 'propagate', compile };
}

/** A kernel that sees nulls, made for each call site. */
export function ownNulls(compile: (site: CallSite) => KernelFunction): Kernel {
  return { nulls: 'own', compile };
}

/** A fault of the data at one row: a code of spec/errors.ts and what fills its text. */
export class KernelError extends Error {
  constructor(readonly code: ErrorCode, readonly detail: string, readonly row: number) {
    super(`${code} ${detail}`);
  }

  /** The error as users see it: the static words of the code's text, then the detail. */
  toDataError(): DataError {
    const row = errorRows[this.code];
    const words = row.text.split('{', 1)[0] ?? row.text;
    const hint = 'hint' in row && !row.hint.includes('{') ? row.hint : undefined;
    return new DataError(this.code, row.class, `${words}${this.detail}`.trim(), { hint });
  }
}

/** An option that must be a string. A plan without it is our bug. */
export function stringOption(site: CallSite, name: string): string {
  const value = site.options[name];
  if (typeof value !== 'string') throw new Error(`option ${name} is missing`);
  return value;
}
