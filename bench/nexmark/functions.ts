/** Functions of the queries, written in TypeScript as a user would. */
import type { UserFunction } from '../../src/index.js';

const FUNCTIONS: Readonly<Record<string, UserFunction>> = {
  /** How often a letter stands in a text. */
  count_char: {
    parameters: ['STRING', 'STRING'],
    returns: 'INT',
    evaluate: (text, letter) =>
      (typeof text === 'string' && typeof letter === 'string' ? text.split(letter).length - 1 : 0),
  },
};

export function functionNamed(name: string): UserFunction {
  const found = FUNCTIONS[name];
  if (found === undefined) throw new Error(`unknown function: ${name}`);
  return found;
}
