/**
 * Loops over the rows of a batch, made from one statement a kernel. A loop is a function of its
 * own for each statement and kind of operands, so that the engine's compiler sees one kind of
 * typed array at each access; a loop shared by all kernels would call a closure a row.
 *
 * Statements come from the kernels in this folder alone, never from a user.
 */
import type { Column } from '../batch/column.js';
import { physicalOf, type DataType, type PhysicalName } from '../types/data-type.js';
import type { CallSite, KernelFunction } from './kernel.js';

/**
 * How a loop sees values: in the typed array of their physical form, or ('int64') an i64 through a
 * BigInt64Array over the same bytes. Compiled code computes on those without an object; see
 * docs/performance.md. Statements on words suit code that rarely gets hot, and casts.
 */
export type LoopForm = PhysicalName | 'int64';

/** Elements a row takes in the array that a loop sees. */
function elementsOf(form: LoopForm): 1 | 2 | 4 {
  if (form === 'i64') return 2;
  return form === 'i128' ? 4 : 1;
}

/** A BigInt64Array over the words; over a copy where they do not start at a multiple of 8. */
function int64View(words: Int32Array): BigInt64Array {
  const source = words.byteOffset % 8 === 0 ? words : words.slice();
  return new BigInt64Array(source.buffer, source.byteOffset, source.length >> 1);
}

const LOOPS = new Map<string, KernelFunction>();

/**
 * A loop that runs `statement` for each row. It sees `x` and `y`, the values of the first two
 * arguments, at the indexes `i` and `j`, and `o`, the result's values, at the index `k`.
 */
export function rowLoop(
  statement: string, operands: readonly LoopForm[], result: LoopForm,
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
  statement: string, operands: readonly LoopForm[], result: LoopForm,
): KernelFunction {
  const declarations: string[] = [];
  const indexes: string[] = [];
  for (const [n, form] of operands.slice(0, 2).entries()) {
    const [values, index] = n === 0 ? ['x', 'i'] : ['y', 'j'];
    declarations.push(
      `const ${values} = ${valuesOf(`columns[${n}]`, form)};`,
      `const ${values}Step = columns[${n}].constant ? 0 : ${elementsOf(form)};`,
    );
    indexes.push(`const ${index} = row * ${values}Step;`);
  }
  indexes.push(`const k = row * ${elementsOf(result)};`);
  const body = `${indexes.join(' ')} ${statement}`;
  const source = `'use strict';
    ${declarations.join('\n')}
    const o = ${valuesOf('out', result)};
    if (selection === null) {
      for (let row = 0; row < count; row++) { ${body} }
    } else {
      for (let n = 0; n < count; n++) { const row = selection[n]; ${body} }
    }`;
  const loop = new Function('int64View', 'columns', 'selection', 'count', 'out', source) as (
    view: typeof int64View, ...rest: Parameters<KernelFunction>
  ) => void;
  return (columns, selection, count, out, context) => {
    loop(int64View, columns, selection, count, out, context);
  };
}

function valuesOf(column: string, form: LoopForm): string {
  return form === 'int64' ? `int64View(${column}.values)` : `${column}.values`;
}

/** The form of a type in statements of arithmetic: i64 through BigInt64Array. */
function arithmeticForm(type: DataType): LoopForm {
  const physical = physicalOf(type);
  return physical === 'i64' ? 'int64' : physical;
}

/** The loop of a call site: operands and result as the site has them, i64 as pairs of words. */
export function siteLoop(site: CallSite, statement: string): KernelFunction {
  return rowLoop(statement, site.argumentTypes.map(physicalOf), physicalOf(site.resultType));
}

/** Like siteLoop, with i64 as bigints. */
export function arithmeticLoop(site: CallSite, statement: string): KernelFunction {
  const operands = site.argumentTypes.map(arithmeticForm);
  return rowLoop(statement, operands, arithmeticForm(site.resultType));
}

/** Index of a batch row's value in a column. */
export function indexIn(column: Column, row: number): number {
  return column.constant ? 0 : row;
}
