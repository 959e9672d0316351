/**
 * What the binder learns about a call from the tables in spec/: which kernel or aggregate it is,
 * which types its arguments are cast to, and what it returns.
 */
import type { DataType } from '../../types/data-type.js';
import type { LiteralValue, PlanValue } from '../physical/plan.js';

export interface BoundArgument {
  readonly type: DataType;
  /** The value, where the argument is a constant; undefined where it is not. */
  readonly literal?: LiteralValue | undefined;
}

export interface ResolvedFunction {
  /** Kernel name of spec/functions.ts, or a special form of PlanExpression. */
  readonly kernel: string;
  /** One an argument: the binder casts an argument whose type differs (nullability aside). */
  readonly parameterTypes: readonly DataType[];
  readonly resultType: DataType;
  readonly options?: { readonly [name: string]: PlanValue };
  /** False for RAND, UUID, CURRENT_TIMESTAMP and kin: never folded. */
  readonly deterministic: boolean;
}

export interface ResolvedAggregate {
  /** Row of spec/aggregates.ts. */
  readonly function: string;
  readonly parameterTypes: readonly DataType[];
  readonly resultType: DataType;
  readonly options?: { readonly [name: string]: PlanValue };
}
