/** The examples in the rows of spec/aggregates, on both engines. */
import { describe, expect, it } from 'vitest';
import { AGGREGATES, type AggregateRow } from '../../spec/aggregates.js';
import { ENGINES } from '../support/expression.js';
import { runScript } from '../support/run-script.js';

const ROWS = "(VALUES (1, 'a', 2.5), (3, 'b', CAST(NULL AS DECIMAL(2, 1))), (NULL, 'c', 0.5))";

const EXAMPLES = (AGGREGATES as readonly AggregateRow[]).flatMap((row) => row.examples);

describe.each(ENGINES)('on %s', (engine) => {
  it.each(EXAMPLES)('%s is %s', async (sql, value) => {
    const query = `SELECT CAST(${sql} AS STRING) FROM ${ROWS} AS t (i, s, d);`;
    const outcome = (await runScript(query, engine)).at(-1)!;
    expect(outcome.error).toBeNull();
    expect(outcome.changes.at(-1)?.slice(3)).toBe(JSON.stringify([value]));
  });
});
