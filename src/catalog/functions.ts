/** Scalar functions that a program has given its session, by name in any case. */
import type { DataType } from '../types/data-type.js';

export interface SessionFunction {
  readonly name: string;
  readonly parameterTypes: readonly DataType[];
  readonly resultType: DataType;
  /** Equal arguments give equal results. */
  readonly isDeterministic: boolean;
  /** Where the engine finds its code; see expr/user-functions.ts. */
  readonly handle: number;
}

export class SessionFunctions {
  readonly #functions = new Map<string, SessionFunction>();

  find(name: string): SessionFunction | undefined {
    return this.#functions.get(name.toUpperCase());
  }

  /** False where the name is taken. */
  add(entry: SessionFunction): boolean {
    const name = entry.name.toUpperCase();
    if (this.#functions.has(name)) return false;
    this.#functions.set(name, entry);
    return true;
  }

  /** False where there was none. */
  drop(name: string): boolean {
    return this.#functions.delete(name.toUpperCase());
  }
}
