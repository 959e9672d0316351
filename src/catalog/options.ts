/**
 * Checks the options of a table against the rows of spec/connectors.ts and spec/formats.ts.
 */
import { CONNECTORS, type ConnectorRow, type OptionRow, type OptionType }
  from '../../spec/connectors.js';
import { FORMATS, type FormatRow } from '../../spec/formats.js';
import { fail, suggest, type Position } from '../errors/index.js';
import type { CatalogTable } from './table.js';

const ALL_CONNECTORS: readonly ConnectorRow[] = CONNECTORS;
const ALL_FORMATS: readonly FormatRow[] = FORMATS;

/** MR2009 without a connector, MR2014 for an unknown one, MR2004, MR2008, MR2009 for options. */
export function validateOptions(table: CatalogTable, position?: Position): void {
  const { options } = table;
  const name = options['connector'] ?? missingOption('connector', options, [], position);
  const connector = connectorRow(name, position);
  const format = formatRow(connector, options, position);
  const known: OptionRow[] = [...connector.options, ...formatOptions(format)];
  for (const row of known) {
    if (row.required === true && options[row.key] === undefined) {
      missingOption(row.key, options, known, position);
    }
  }
  for (const [key, value] of Object.entries(options)) {
    if (key === 'connector' || key === 'format') continue;
    const row = known.find((one) => one.key === key) ?? patternRow(connector, table, key);
    if (row === undefined) unknownOption(key, known, position);
    else checkOption(row, key, value, position);
  }
}

/**
 * Metadata columns against what the connector gives or takes: MR2016 for a key that it does not
 * know, and for columns that an INSERT would have to write where nothing takes them.
 */
export function validateMetadata(
  table: CatalogTable, direction: 'source' | 'sink', position?: Position,
): void {
  const connector = ALL_CONNECTORS.find((row) => row.name === table.options['connector']);
  const known = [
    ...(connector?.metadata ?? []), ...listedMetadata(table, 'readable-metadata'),
  ];
  const writable = listedMetadata(table, 'writable-metadata').map((one) => one.key);
  for (const column of table.columns) {
    if (column.kind !== 'metadata') continue;
    if (direction === 'source' && !known.some((one) => one.key === column.key)) {
      const keys = known.map((one) => one.key).join(', ');
      const hint = keys === '' ? 'the connector gives none' : `the connector gives ${keys}`;
      fail('MR2016', { detail: `unknown metadata key ${column.key} of column ${column.name}` },
        { position, hint });
    }
    if (direction === 'sink' && !column.virtual && !writable.includes(column.key)) {
      fail('MR2016', { detail: `metadata column ${column.name} cannot be written` },
        { position, hint: 'declare it VIRTUAL' });
    }
  }
}

/** A required option that is not there: MR2004 where one that nobody knows looks like it. */
function missingOption(
  name: string, options: CatalogTable['options'], known: readonly OptionRow[],
  position?: Position,
): never {
  const others = new Set(['connector', 'format', ...known.map((row) => row.key)]);
  const mistyped = Object.keys(options).find((key) =>
    !others.has(key) && suggest(key, [name]) !== undefined);
  if (mistyped === undefined) return fail('MR2009', { name }, { position });
  return fail('MR2004', { name: mistyped, suggestion: name }, { position });
}

/** The keys that an option of a table lists: `key:TYPE, other:DECIMAL(10, 2)`; sorted. */
export function listedMetadata(
  { options }: Pick<CatalogTable, 'options'>, option: 'readable-metadata' | 'writable-metadata',
): readonly { readonly key: string; readonly type: string }[] {
  const parts = (options[option] ?? '').split(/,(?![^(<]*[)>])/).filter((one) => one.trim() !== '');
  return parts.map((part) => {
    const [key = '', ...type] = part.split(':');
    return { key: key.trim(), type: type.join(':').trim() };
  }).sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Kinds of rows that a table gives when it is read: of I, UB, UA, D. */
export function changeKinds({ options }: Pick<CatalogTable, 'options'>): readonly string[] {
  const format = ALL_FORMATS.find((one) => one.name === options['format']);
  if (format?.changes === true) return ['I', 'UB', 'UA', 'D'];
  return (options['changelog-mode'] ?? 'I').split(',').map((kind) => kind.trim());
}

function connectorRow(name: string, position?: Position): ConnectorRow {
  const row = ALL_CONNECTORS.find((one) => one.name === name);
  if (row !== undefined) return row;
  const names = ALL_CONNECTORS.filter((one) => one.internal !== true).map((one) => one.name);
  const suggestion = suggest(name, names);
  const hint = suggestion === undefined ? `there are ${names.join(', ')}` : undefined;
  return fail('MR2014', { object: 'connector', name, suggestion }, { position, hint });
}

function formatRow(
  connector: ConnectorRow, options: CatalogTable['options'], position?: Position,
): FormatRow | null {
  if (!connector.format) return null;
  const name = options['format'] ??
    missingOption('format', options, connector.options, position);
  const row = ALL_FORMATS.find((one) => one.name === name);
  if (row !== undefined) return row;
  const names = ALL_FORMATS.map((one) => one.name);
  const suggestion = suggest(name, names);
  const hint = suggestion === undefined ? `there are ${names.join(', ')}` : undefined;
  return fail('MR2014', { object: 'format', name, suggestion }, { position, hint });
}

function formatOptions(format: FormatRow | null): readonly OptionRow[] {
  if (format === null) return [];
  return format.options.map((row) => ({ ...row, key: `${format.name}.${row.key}` }));
}

/** `fields.price.min` of the pattern `fields.#.min`, if the table has a column `price`. */
function patternRow(
  connector: ConnectorRow, table: CatalogTable, key: string,
): OptionRow | undefined {
  for (const pattern of connector.patterns ?? []) {
    const [before = '', after = ''] = pattern.key.split('#');
    if (!key.startsWith(before) || !key.endsWith(after)) continue;
    const column = key.slice(before.length, key.length - after.length);
    if (table.columns.some((one) => one.name === column.split('.')[0])) return pattern;
  }
  return undefined;
}

function unknownOption(key: string, known: readonly OptionRow[], position?: Position): never {
  const suggestion = suggest(key, known.map((row) => row.key));
  return fail('MR2004', { name: key, suggestion }, { position });
}

const FORMS: Readonly<Record<OptionType, { pattern: RegExp; expected: string }>> = {
  string: { pattern: /^/, expected: '' },
  integer: { pattern: /^-?\d+$/, expected: 'expected an integer' },
  double: { pattern: /^-?\d*\.?\d+(e-?\d+)?$/i, expected: 'expected a number' },
  boolean: { pattern: /^(true|false)$/i, expected: 'expected true or false' },
  duration: { pattern: /^\d+\s*[a-zµ]*$/i, expected: 'expected a duration such as 2 s' },
  memory: { pattern: /^\d+\s*[a-z]*$/i, expected: 'expected a size such as 128 mb' },
};

function checkOption(row: OptionRow, key: string, value: string, position?: Position): void {
  const { pattern, expected } = FORMS[row.type];
  if (!pattern.test(value)) fail('MR2008', { name: key, value, expected }, { position });
  if (row.values !== undefined && !row.values.includes(value)) {
    const choice = `expected one of ${row.values.join(', ')}`;
    fail('MR2008', { name: key, value, expected: choice }, { position });
  }
}
