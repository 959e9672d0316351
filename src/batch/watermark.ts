/**
 * The watermark of several inputs: the lowest of theirs. An input that has ended stands at MAX
 * and so no longer holds the others back. native/columnar/watermark.h is the same.
 */
import { MIN_WATERMARK, NO_RUNS, type WatermarkRun } from './batch.js';

export class InputWatermarks {
  private readonly inputs: number[];
  private lowest = MIN_WATERMARK;

  constructor(inputCount: number) {
    this.inputs = new Array<number>(inputCount).fill(MIN_WATERMARK);
  }

  get current(): number {
    return this.lowest;
  }

  /** The watermark of each input. */
  get perInput(): readonly number[] {
    return this.inputs;
  }

  /** Raises one input; true where that raised the lowest. */
  raise(input: number, watermark: number): boolean {
    const before = this.inputs[input]!;
    if (watermark <= before) return false;
    this.inputs[input] = watermark;
    if (before !== this.lowest) return false;
    const lowest = Math.min(...this.inputs);
    if (lowest <= this.lowest) return false;
    this.lowest = lowest;
    return true;
  }

  /** The runs of the common watermark that the runs of a batch of `input` make. */
  merge(input: number, runs: readonly WatermarkRun[]): readonly WatermarkRun[] {
    if (runs.length === 0) return NO_RUNS;
    const merged: WatermarkRun[] = [];
    for (const run of runs) {
      if (!this.raise(input, run.watermark)) continue;
      if (merged.at(-1)?.row === run.row) merged.pop();
      merged.push({ row: run.row, watermark: this.lowest });
    }
    return merged;
  }
}
