import { describe, expect, test } from 'vitest';
import { SessionConfig } from '../../src/plan/config.js';
import { parseDurationMs } from '../../src/plan/duration.js';

describe('session options', () => {
  test('a value is read by its type, the default where nothing was set', () => {
    const config = new SessionConfig({ 'table.exec.state.ttl': '2 min' });
    expect(config.durationMs('table.exec.state.ttl')).toBe(120_000);
    expect(config.integer('parallelism.default')).toBe(1);
    expect(config.boolean('table.exec.mini-batch.enabled')).toBe(false);
  });

  test('a slip in the name of an option is refused with the name meant', () => {
    const config = new SessionConfig();
    expect(() => config.set('table.exec.state.tll', '1 s')).toThrow(
      expect.objectContaining({ code: 'MR2004', hint: 'did you mean table.exec.state.ttl?' }));
    expect(() => config.set('nonsense', '1')).toThrow(expect.objectContaining({ code: 'MR2004' }));
  });

  test('an option that only Flink has is taken, and said to have no effect', () => {
    const config = new SessionConfig();
    expect(config.set('taskmanager.memory.process.size', '4g')).toEqual({ effect: false });
    expect(config.set('table.local-time-zone', 'UTC')).toEqual({ effect: true });
  });

  test.each([
    ['parallelism.default', 'many'], ['table.exec.state.ttl', 'soon'],
    ['table.exec.mini-batch.enabled', 'maybe'], ['table.local-time-zone', 'Mars/Olympus'],
    ['millrace.engine', 'steam'], ['parallelism.default', '0'], ['parallelism.default', '129'],
    ['pipeline.max-parallelism', '64'], ['millrace.batch-rows', '0'],
  ])('a value of the wrong type is refused: %s = %s', (key, value) => {
    expect(() => new SessionConfig({ [key]: value })).toThrow(
      expect.objectContaining({ code: 'MR2008' }));
  });

  test('reset goes back to the default', () => {
    const config = new SessionConfig({ 'table.local-time-zone': 'Asia/Tokyo' });
    config.reset('table.local-time-zone');
    expect(config.text('table.local-time-zone')).toBe('default');
  });
});

test.each([
  ['10', 10], ['2 s', 2000], ['500ms', 500], ['1 min', 60_000], ['3 days', 259_200_000],
  ['1 h', 3_600_000], ['x', undefined], ['5 parsecs', undefined],
])('duration %s', (text, ms) => {
  expect(parseDurationMs(text)).toBe(ms);
});
