/** The first parse of a script, beside what the machine takes for a process that does nothing. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bareNodeMs, coldParseMs, SCRIPT_OF_100_LINES } from '../../bench/startup.js';
import { median } from '../../bench/run-query.js';
import { bundleCommand, BUNDLE } from '../cli/run-command.js';

describe('the first parse of a hundred lines', () => {
  it('takes less than a quarter of what a bare process takes', async () => {
    expect(SCRIPT_OF_100_LINES.split('\n')).toHaveLength(100);
    await bundleCommand();
    const ratios = Array.from({ length: 7 }, () => {
      const bare = bareNodeMs();
      return coldParseMs(join(BUNDLE, 'src')) / bare;
    });
    expect(median(ratios)).toBeLessThan(0.25);
  });
});
