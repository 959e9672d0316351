/**
 * Loops over the rows of a batch, made from one statement a kernel. A loop is a function of its
 * own for each statement and kind of operands, so that the engine's compiler sees one kind of
 * typed array at each access; a loop shared by all kernels would call a closure a row.
 *
 * Statements come from the kernels in this folder alone, never from a user.
 */
import type { Column } from '../batch/column.js';
import { physicalOf, type PhysicalName } from '../types/data-type.js';
import type { CallSite, KernelFunction } from './kernel.js';

/** Values a row in the typed array of a physical form. */
export function wordsOf(physical: PhysicalName): 1 | 2 | 4 {
  if (physical === 'i64') return 2;
  return physical === 'i128' ? 4 : 1;
}

const LOOPS = new Map<string, KernelFunction>();

/**
 * A loop that runs `statement` for each row. It sees `x` and `y`, the values of the first two
 * arguments, at the indexes `i` and `j`, and `o`, the result's values, at the index `k`.
 */
export function rowLoop(
  statement: string, operands: readonly PhysicalName[], result: PhysicalName,
): KernelFunction {
  const key = `${operands.join()}:${result}:${statement}`;
  let loop = LOOPS.get(key);
  if (loop === undefined) {
    loop = makeLoop(statement, operands, result);
    LOOPS.set(key, loop);
  }
  return loop;
}

function makeLoop(
  statement: string, operands: readonly PhysicalName[], result: PhysicalName,
): KernelFunction {
  const declarations: string[] = [];
  const indexes: string[] = [];
  for (const [n, physical] of operands.slice(0, 2).entries()) {
    const [values, index] = n === 0 ? ['x', 'i'] : ['y', 'j'];
    declarations.push(
      `const ${values} = columns[${n}].values;`,
      `const ${values}Step = columns[${n}].constant ? 0 : ${wordsOf(physical)};`,
    );
    indexes.push(`const ${index} = row * ${values}Step;`);
  }
  indexes.push(`const k = row * ${wordsOf(result)};`);
  const body = `${indexes.join(' ')} ${statement}`;
  const source = `'use strict';
    ${declarations.join('\n')}
    const o = out.values;
    if (selection === null) {
      for (let row = 0; row < count; row++) { ${body} }
    } else {
      for (let n = 0; n < count; n++) { const row = selection[n]; ${body} }
    }`;
  return new Function('columns', 'selection', 'count', 'out', source) as KernelFunction;
}

/** The loop of a call site: operands and result as the site has them. */
export function siteLoop(site: CallSite, statement: string): KernelFunction {
  return rowLoop(statement, site.argumentTypes.map(physicalOf), physicalOf(site.resultType));
}

/** Index of a batch row's value in a column. */
export function indexIn(column: Column, row: number): number {
  return column.constant ? 0 : row;
}
