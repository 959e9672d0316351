/** The examples in the rows of spec/functions, on both engines. */
import { describe, expect, it } from 'vitest';
import { FUNCTIONS } from '../../spec/functions.js';
import { typeToString } from '../../src/types/data-type.js';
import { ENGINES, evaluatedText } from '../support/expression.js';

const NOW_MS = Date.UTC(2021, 2, 14, 13, 47, 59);

describe.each(ENGINES)('on %s', (engine) => {
  it.each(FUNCTIONS.map((row) => [row.name, row] as const))('examples of %s hold', (_, row) => {
    for (const [sql, type, text] of row.examples) {
      const answer = evaluatedText(sql, { nowMs: NOW_MS }, engine);
      expect([sql, typeToString(answer.type), answer.text]).toEqual([sql, type, text]);
    }
  });
});

it('every function row has an example', () => {
  expect(FUNCTIONS.filter((row) => row.examples.length === 0).map((row) => row.name)).toEqual([]);
});
