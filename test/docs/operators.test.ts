/** docs/sql/operators.md names every operator, under Flink's name of its node, and no other. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { OPERATORS } from '../../spec/operators.js';

const page = readFileSync(
  join(import.meta.dirname, '..', '..', 'docs', 'sql', 'operators.md'), 'utf8');

it('every operator has its row under its node', () => {
  const rows = page.split('\n').filter((line) => line.startsWith('| ')).map((line) =>
    line.split('|').map((cell) => cell.trim()));
  const named = rows.flatMap(([, node = '', kinds = '']) =>
    [...kinds.matchAll(/`([a-z-]+)`/g)].map((match) => `${match[1]} ${node}`));
  const known = OPERATORS.map(({ kind, flinkName }) => `${kind} ${flinkName}`);
  expect(named.sort()).toEqual(known.sort());
});
