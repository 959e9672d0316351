/** The common watermark of several inputs against Flink's two rules. */
import { describe, expect, it } from 'vitest';
import { MAX_WATERMARK } from '../../src/batch/batch.js';
import { InputWatermarks } from '../../src/batch/watermark.js';
import {
  Combined, randomFrom, type Rule, type Said, Valve,
} from '../support/watermark-rules.js';

/** What a task does with InputWatermarks. */
class Ours implements Rule {
  readonly said: Said[] = [];
  private wasIdle = false;

  constructor(readonly inputs: InputWatermarks) {}

  watermark(input: number, watermark: number): void {
    this.tell(this.inputs.merge(input, [{ row: 3, watermark }]));
  }

  status(input: number, isIdle: boolean): void {
    if (this.inputs.setIdle(input, isIdle)) this.tell(this.inputs.merge(input, []));
    if (this.inputs.isIdle !== this.wasIdle) this.said.push(isIdle ? 'idle' : 'active');
    this.wasIdle = this.inputs.isIdle;
  }

  end(input: number): void {
    if (this.inputs.end(input)) this.tell(this.inputs.merge(input, []));
  }

  private tell(runs: readonly { readonly watermark: number }[]): void {
    this.said.push(...runs.map((run) => run.watermark));
  }
}

describe.each([
  ['channels of a task', true, (count: number): Rule => new Valve(count)],
  ['inputs of an operator', false, (count: number): Rule => new Combined(count)],
] as const)('%s', (_, leavesOut, rule) => {
  it.each([1, 2, 3, 5])('say what Flink says, %i of them', (count) => {
    for (let seed = 0; seed < 300; seed++) {
      const draw = randomFrom(seed * 7 + count);
      const expected = rule(count);
      const ours = new Ours(new InputWatermarks(count, leavesOut));
      for (let step = 0; step < 60; step++) {
        const input = draw(count);
        if (draw(3) === 0) {
          const isIdle = draw(2) === 0;
          for (const one of [expected, ours]) one.status(input, isIdle);
        } else {
          const watermark = draw(30) + step;
          for (const one of [expected, ours]) one.watermark(input, watermark);
        }
      }
      expect(ours.said, `seed ${seed}`).toEqual(expected.said);
      expect(ours.inputs.kept.every((one) => one >= ours.inputs.current)).toBe(true);
    }
  });
});

describe('the end of an input', () => {
  it('of an active one stands at MAX and counts, so that idle others hold nothing back', () => {
    const ours = new Ours(new InputWatermarks(2));
    ours.watermark(0, 5);
    ours.watermark(1, 8);
    ours.end(0);
    expect(ours.said).toEqual([5, 8]);
    ours.status(1, true);
    expect(ours.said).toEqual([5, 8, MAX_WATERMARK]);
  });

  it('of an idle one changes nothing until all have ended', () => {
    const ours = new Ours(new InputWatermarks(2));
    ours.status(0, true);
    ours.end(0);
    ours.watermark(1, 8);
    ours.status(1, true);
    ours.status(1, false);
    ours.watermark(1, 9);
    expect(ours.said).toEqual([8, 'idle', 'active', 9]);
    ours.end(1);
    expect(ours.said.at(-1)).toBe(MAX_WATERMARK);
    expect(ours.inputs.kept).toEqual([MAX_WATERMARK, MAX_WATERMARK]);
  });

  it('of all while idle is the end of time', () => {
    const ours = new Ours(new InputWatermarks(2, true));
    for (const input of [0, 1]) ours.status(input, true);
    for (const input of [0, 1]) ours.end(input);
    expect(ours.said).toEqual(['idle', MAX_WATERMARK]);
  });
});
