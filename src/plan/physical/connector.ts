/**
 * A table's options split as the plan carries them: connector, its options, the format and the
 * format's options without their prefix.
 */
import type { FormatSpec } from './plan.js';

export interface ConnectorParts {
  readonly connector: string;
  readonly options: Readonly<Record<string, string>>;
  readonly format: FormatSpec | null;
}

/** `{connector: 'filesystem', format: 'json', 'json.ignore-parse-errors': 'true', path: 'x'}`. */
export function splitOptions(all: Readonly<Record<string, string>>): ConnectorParts {
  const { connector = '', format, ...rest } = all;
  if (format === undefined) return { connector, options: rest, format: null };
  const prefix = `${format}.`;
  const own: Record<string, string> = {};
  const options: Record<string, string> = {};
  for (const [key, value] of Object.entries(rest)) {
    if (key.startsWith(prefix)) own[key.slice(prefix.length)] = value;
    else options[key] = value;
  }
  return { connector, options, format: { name: format, options: own } };
}
