/**
 * A table's options split as the plan carries them: connector, its options, the format and the
 * format's options without their prefix.
 */
import { CONNECTORS, type ConnectorRow } from '../../../spec/connectors.js';
import { FORMATS, type FormatRow } from '../../../spec/formats.js';
import { fail } from '../../errors/index.js';
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

/** Whether the records of the format tell of changes. */
export function tellsChanges(format: FormatSpec | null): boolean {
  const formats: readonly FormatRow[] = FORMATS;
  return formats.find((row) => row.name === format?.name)?.changes === true;
}

/** MR2018 if the connector or format of a table cannot be read (or written). */
export function checkDirection(
  table: string, parts: ConnectorParts, direction: 'source' | 'sink',
): void {
  const connectors: readonly ConnectorRow[] = CONNECTORS;
  const formats: readonly FormatRow[] = FORMATS;
  const connector = connectors.find((row) => row.name === parts.connector);
  const format = formats.find((row) => row.name === parts.format?.name);
  const verb = direction === 'source' ? 'read' : 'written';
  if (connector?.[direction] === null) {
    fail('MR2018', { detail: `connector ${connector.name} cannot be ${verb}: ${table}` });
  }
  if (format?.[direction] === false) {
    fail('MR2018', { detail: `format ${format.name} cannot be ${verb}: ${table}` });
  }
}
