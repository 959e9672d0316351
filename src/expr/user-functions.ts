/**
 * Scalar functions written by the user. A plan names one by a handle; their code is in this
 * process only, so that a calc which calls one runs on the TypeScript engine's main thread.
 */
import type { KernelFunction } from './kernel.js';
import { type Kernel, KernelError } from './kernel.js';

/** The kernel of every call of a user's function; option `handle` says which, `name` its name. */
export const USER_KERNEL = 'user_function';

const CODE = new Map<number, KernelFunction>();

/** Keeps the code for the life of the process; the handle to find it by. */
export function registerUserFunction(code: KernelFunction): number {
  const handle = CODE.size + 1;
  CODE.set(handle, code);
  return handle;
}

/** It sees nulls, and is called even where all arguments are constant. */
export const userKernel: Kernel = {
  nulls: 'own',
  volatile: true,
  compile: ({ options }) => {
    const code = CODE.get(Number(options['handle']));
    if (code !== undefined) return code;
    const name = String(options['name']);
    return () => {
      throw new KernelError('MR3031', `${name} is not in this process`, 0);
    };
  },
};
