/**
 * The rows of partial matches as paths: a step is a row, the variable that took it and the step
 * before. Matches share the steps they have in common; what nobody holds is given up.
 * Steps of one variable behind each other are a run, which is passed over at once.
 *
 *     A  B  B  B      the last B: run 3, before its run: A
 */
import type { RowStore } from './row-store.js';

export const NO_STEP = -1;

export class MatchPaths {
  /** By step. */
  rows = new Int32Array(64);
  parents = new Int32Array(64);
  variables = new Int32Array(64);
  /** Steps of the run of this step's variable that ends here, and the step before the run. */
  runs = new Int32Array(64);
  beforeRuns = new Int32Array(64);
  /** By row: its number among the rows taken of its key; -1 before it is taken. */
  sequences = new Float64Array(64);
  private holders = new Int32Array(64);
  private rowHolders = new Int32Array(64);
  private readonly free: number[] = [];
  private end = 0;

  constructor(private readonly store: RowStore) {}

  get byteSize(): number {
    return this.rows.length * 24 + this.sequences.length * 12;
  }

  /** A new row of the store, held once. */
  openRow(row: number): void {
    if (row >= this.sequences.length) {
      const size = Math.max(row + 1, this.sequences.length * 2);
      const sequences = new Float64Array(size);
      sequences.set(this.sequences);
      this.sequences = sequences;
      this.rowHolders = widened(this.rowHolders, size);
    }
    this.sequences[row] = -1;
    this.rowHolders[row] = 1;
  }

  releaseRow(row: number): void {
    if (--this.rowHolders[row]! === 0) this.store.release(row);
  }

  /** A step behind `parent`, held by nobody yet. */
  add(parent: number, row: number, variable: number): number {
    const step = this.free.pop() ?? this.end++;
    if (step >= this.rows.length) this.grow();
    this.rows[step] = row;
    this.parents[step] = parent;
    this.variables[step] = variable;
    this.holders[step] = 0;
    const goesOn = parent !== NO_STEP && this.variables[parent] === variable;
    this.runs[step] = goesOn ? this.runs[parent]! + 1 : 1;
    this.beforeRuns[step] = goesOn ? this.beforeRuns[parent]! : parent;
    this.rowHolders[row]!++;
    if (parent !== NO_STEP) this.holders[parent]!++;
    return step;
  }

  hold(step: number): void {
    if (step !== NO_STEP) this.holders[step]!++;
  }

  release(step: number): void {
    let at = step;
    while (at !== NO_STEP && --this.holders[at]! === 0) {
      this.releaseRow(this.rows[at]!);
      this.free.push(at);
      at = this.parents[at]!;
    }
  }

  private grow(): void {
    const size = this.rows.length * 2;
    this.rows = widened(this.rows, size);
    this.parents = widened(this.parents, size);
    this.variables = widened(this.variables, size);
    this.runs = widened(this.runs, size);
    this.beforeRuns = widened(this.beforeRuns, size);
    this.holders = widened(this.holders, size);
  }
}

function widened(values: Int32Array, size: number): Int32Array<ArrayBuffer> {
  const wider = new Int32Array(size);
  wider.set(values);
  return wider;
}
