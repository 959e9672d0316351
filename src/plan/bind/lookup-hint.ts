/**
 * LOOKUP('table' = 'd', ...): how a lookup join asks. Its table is in memory when the first row
 * comes, so that nothing waits and nothing is retried: as Flink does for a function that answers at
 * once, the options are checked, and those about waiting mean nothing.
 */
import { fail } from '../../errors/index.js';
import type { Hint } from '../../sql/ast/index.js';
import { parseDurationMs } from '../duration.js';

/** What a value must be like. */
interface ValueRule {
  readonly test: RegExp | 'duration';
  readonly expected: string;
}

/** Unknown keys are passed over, as in Flink. */
const OPTIONS: Readonly<Record<string, ValueRule>> = {
  'async': { test: /^(true|false)$/i, expected: 'true or false' },
  'output-mode': { test: /^(ordered|allow_unordered)$/i, expected: 'ordered or allow_unordered' },
  'capacity': { test: /^[+-]?\d+$/, expected: 'a number' },
  'timeout': { test: 'duration', expected: 'a duration' },
  'shuffle': { test: /^(true|false)$/i, expected: 'true or false' },
  'retry-predicate': { test: /^lookup_miss$/i, expected: 'lookup_miss' },
  'retry-strategy': { test: /^fixed_delay$/i, expected: 'fixed_delay' },
  'fixed-delay': { test: 'duration', expected: 'a duration' },
  'max-attempts': { test: /^\+?0*[1-9]\d*$/, expected: 'a positive number' },
};

const RETRY = ['retry-predicate', 'retry-strategy', 'fixed-delay', 'max-attempts'];

/** The name of its table. MR2006 for what is missing, MR2008 for a value. */
export function checkLookupHint({ name, options, values, position }: Hint): string {
  const given = new Map(options.map(({ key, value }) => [key, value]));
  const table = given.get('table');
  const retries = RETRY.filter((key) => given.has(key)).length;
  if (values.length > 0 || table === undefined) {
    fail('MR2006', { call: `hint ${name}`, signatures: "'table' = 'name', ..." }, { position });
  }
  for (const [key, value] of given) {
    const option = OPTIONS[key];
    if (option === undefined) continue;
    const isValid = option.test === 'duration' ? parseDurationMs(value) !== undefined
      : option.test.test(value);
    if (!isValid) {
      fail('MR2008', { name: `${key} of hint ${name}`, value, expected: option.expected },
        { position });
    }
  }
  if (retries > 0 && retries < RETRY.length) {
    fail('MR2006', { call: `hint ${name}`, signatures: `all or none of ${RETRY.join(', ')}` },
      { position });
  }
  return table;
}
