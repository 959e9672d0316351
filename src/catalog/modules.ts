/**
 * Modules: named sets of built-in functions. There is one, `core`; a query finds its functions
 * whether it is loaded or not, as in Flink.
 */
import { fail, suggest, type Position } from '../errors/index.js';

const CORE_MODULE = 'core';

export class Modules {
  #loaded: readonly string[] = [CORE_MODULE];
  #used: readonly string[] = [CORE_MODULE];

  /** Those in use first, in their order, then the others that are loaded. */
  list(): readonly { readonly name: string; readonly used: boolean }[] {
    const others = this.#loaded.filter((name) => !this.#used.includes(name));
    return [
      ...this.#used.map((name) => ({ name, used: true })),
      ...others.map((name) => ({ name, used: false })),
    ];
  }

  /** MR2010 if it is there, MR2014 if nobody has a module of that name. */
  load(name: string, position?: Position): void {
    if (this.#loaded.includes(name)) fail('MR2010', { name: `module ${name}` }, { position });
    if (name !== CORE_MODULE) unknown(name, [CORE_MODULE], position);
    this.#loaded = [...this.#loaded, name];
    this.#used = [...this.#used, name];
  }

  unload(name: string, position?: Position): void {
    if (!this.#loaded.includes(name)) unknown(name, this.#loaded, position);
    this.#loaded = this.#loaded.filter((one) => one !== name);
    this.#used = this.#used.filter((one) => one !== name);
  }

  /** The modules in use, in this order; the others stay loaded. */
  use(names: readonly string[], position?: Position): void {
    for (const [i, name] of names.entries()) {
      if (!this.#loaded.includes(name)) unknown(name, this.#loaded, position);
      if (names.indexOf(name) < i) {
        fail('MR2016', { detail: `module ${name} is named twice` }, { position });
      }
    }
    this.#used = names;
  }
}

function unknown(name: string, known: readonly string[], position?: Position): never {
  const suggestion = suggest(name, known);
  return fail('MR2014', { object: 'module', name, suggestion }, { position });
}
