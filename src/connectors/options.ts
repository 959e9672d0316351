/** Options of connectors, read and checked. */
import { fail } from '../errors/index.js';

/** An integer option in [least, most]; MR2008 otherwise. */
export function integerOption(
  from: Readonly<Record<string, string>>,
  name: string, fallback: number, least: number, most: number,
): number {
  const text = from[name];
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!/^-?[0-9]+$/.test(text) || !(value >= least && value <= most)) {
    fail('MR2008', { name, value: text });
  }
  return value;
}

/** true or false in any case; MR2008 otherwise. */
export function flagOption(
  from: Readonly<Record<string, string>>, name: string, fallback: boolean,
): boolean {
  const text = from[name];
  if (text === undefined) return fallback;
  const lower = text.toLowerCase();
  if (lower !== 'true' && lower !== 'false') fail('MR2008', { name, value: text });
  return lower === 'true';
}
