/**
 * The watermark of several inputs: the lowest of those that are active. An input that has ended
 * stands at MAX and so no longer holds the others back; one that is idle does not count. Where
 * all are idle, the highest of theirs holds, unless the last one was left out until then. The
 * common watermark never falls. native/columnar/watermark.h is the same.
 *
 *     inputs 5, 8           common 5
 *     the first is idle     common 8    the next `merge` tells it, at row 0
 *     it is active again    common 8    until it has passed 8 itself, where nothing is left out
 *                                       else as soon as the others have
 */
import { MAX_WATERMARK, MIN_WATERMARK, NO_RUNS, type WatermarkRun } from './batch.js';

/** What an input is to the common watermark. */
const COUNTS = 0;
const IDLE = 1;
/** Active again, but its watermark is below the common one. */
const LEFT_OUT = 2;

export class InputWatermarks {
  private readonly inputs: number[];
  private readonly roles: Uint8Array;
  private readonly ended: Uint8Array;
  /** Inputs that do not count. */
  private uncounted = 0;
  private idleCount = 0;
  private endedCount = 0;
  private common = MIN_WATERMARK;
  /** Whether status or an end has raised what `merge` is to tell. */
  private isRaised = false;

  /**
   * `leavesOut`: an input that is active again does not count before it has caught up with the
   * common watermark, as among the channels of a task in Flink; else it counts at once, as among
   * the inputs of a join.
   */
  constructor(inputCount: number, readonly leavesOut = false) {
    this.inputs = new Array<number>(inputCount).fill(MIN_WATERMARK);
    this.roles = new Uint8Array(inputCount);
    this.ended = new Uint8Array(inputCount);
  }

  get count(): number {
    return this.inputs.length;
  }

  /** The common watermark that `merge` and `raise` have told. */
  get current(): number {
    return this.common;
  }

  /** Whether no input is active. */
  get isIdle(): boolean {
    return this.idleCount === this.inputs.length;
  }

  /** Whether an input is idle. */
  isIdleAt(input: number): boolean {
    return this.roles[input] === IDLE;
  }

  /**
   * What a snapshot keeps of each input. Status is no state: inputs are active after a restore,
   * so that none may stand behind the common watermark.
   */
  get kept(): readonly number[] {
    return this.inputs.map((watermark, input) =>
      (this.ended[input] === 1 ? MAX_WATERMARK : Math.max(watermark, this.common)));
  }

  /** Raises one input; true where that raised the common watermark. Of an idle one: nothing. */
  raise(input: number, watermark: number): boolean {
    const before = this.inputs[input]!;
    if (watermark <= before || this.roles[input] === IDLE) return false;
    this.inputs[input] = watermark;
    if (this.roles[input] === LEFT_OUT && watermark >= this.common) this.assign(input, COUNTS);
    if (this.uncounted === 0 && before > this.common) return false;
    return this.settle();
  }

  /** Marks one input; true where the next `merge` will tell a higher watermark. */
  setIdle(input: number, isIdle: boolean): boolean {
    if ((this.roles[input] === IDLE) === isIdle) return false;
    this.idleCount += isIdle ? 1 : -1;
    const isBehind = this.leavesOut && this.inputs[input]! < this.common;
    this.assign(input, isIdle ? IDLE : isBehind ? LEFT_OUT : COUNTS);
    if (!isIdle) return false;
    const holdsBack = this.inputs[input] === this.common;
    return (!this.leavesOut || holdsBack) && this.look();
  }

  /**
   * The end of one input; true where the next `merge` will tell a higher watermark. An active one
   * stands at MAX from then on; one that ends while idle never had anything and stays so.
   */
  end(input: number): boolean {
    this.endedCount += 1 - this.ended[input]!;
    this.ended[input] = 1;
    if (this.roles[input] !== IDLE) {
      this.inputs[input] = MAX_WATERMARK;
      this.assign(input, COUNTS);
    }
    return this.look();
  }

  /** The runs of the common watermark that the runs of a batch of `input` make. */
  merge(input: number, runs: readonly WatermarkRun[]): readonly WatermarkRun[] {
    if (runs.length === 0 && !this.isRaised) return NO_RUNS;
    const merged: WatermarkRun[] = [];
    if (this.isRaised && this.settle()) merged.push({ row: 0, watermark: this.common });
    for (const run of runs) {
      if (!this.raise(input, run.watermark)) continue;
      if (merged.at(-1)?.row === run.row) merged.pop();
      merged.push({ row: run.row, watermark: this.common });
    }
    return merged;
  }

  private assign(input: number, role: number): void {
    this.uncounted += Number(role !== COUNTS) - Number(this.roles[input] !== COUNTS);
    this.roles[input] = role;
  }

  private look(): boolean {
    this.isRaised = this.lowest() > this.common;
    return this.isRaised;
  }

  private settle(): boolean {
    this.isRaised = false;
    const lowest = this.lowest();
    if (lowest <= this.common) return false;
    this.common = lowest;
    return true;
  }

  /** What the common watermark is to be, if it is higher than now. */
  private lowest(): number {
    if (this.endedCount === this.inputs.length) return MAX_WATERMARK;
    if (this.isIdle) return Math.max(...this.inputs);
    let lowest = MAX_WATERMARK;
    let any = false;
    for (let input = 0; input < this.inputs.length; input++) {
      if (this.roles[input] !== COUNTS) continue;
      any = true;
      lowest = Math.min(lowest, this.inputs[input]!);
    }
    return any ? lowest : MIN_WATERMARK;
  }
}
