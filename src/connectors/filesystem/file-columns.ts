/**
 * Columns that stand in no record but say something of its file: metadata, and the values of
 * partitions, which are the names of folders. One value for all rows of a batch.
 */
import { statSync } from 'node:fs';
import { Batch } from '../../batch/batch.js';
import { ColumnBuilder } from '../../batch/builder.js';
import type { Column } from '../../batch/column.js';
import type { Value } from '../../batch/values.js';
import { fail } from '../../errors/index.js';
import { parseDate, parseInteger } from '../../formats/text-parse.js';
import { isWithinBounds } from '../../plan/physical/column-bounds.js';
import type { LiteralValue, SourceColumn } from '../../plan/physical/plan.js';
import { ticksPerSecond, type DataType } from '../../types/data-type.js';

/** Folder of rows whose partition column is NULL, unless the table names another. */
export const NULL_PART = '__DEFAULT_PARTITION__';

/** What partition columns may be: types whose values are names of folders. */
export const FOLDER_TYPES: ReadonlySet<DataType['root']> = new Set([
  'CHAR', 'VARCHAR', 'BOOLEAN', 'TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'DATE',
]);

export class FileColumns {
  /** What a decoder reads. */
  readonly decoded: readonly SourceColumn[];
  #constants: readonly (Column | null)[] = [];

  constructor(
    private readonly columns: readonly SourceColumn[], private readonly nullPart: string,
  ) {
    this.decoded = columns.filter(({ from }) => from === undefined);
    for (const { path, type, from } of columns) {
      if (from !== 'partition' || FOLDER_TYPES.has(type.root)) continue;
      fail('MR2100', { feature: `reading partition column ${path[0]} of type ${type.root}` });
    }
  }

  /** The batches to come are of this file; false: none of its rows are asked for. */
  open(path: string): boolean {
    if (this.decoded.length === this.columns.length) return true;
    let isAsked = true;
    this.#constants = this.columns.map((column) => {
      if (column.from === undefined) return null;
      const value = this.#valueOf(column, path);
      if (column.bounds !== undefined) {
        isAsked &&= isWithinBounds(value as LiteralValue, column.bounds);
      }
      return constantOf(column.type, value);
    });
    return isAsked;
  }

  /** The decoder's columns with those of the file between them. */
  complete(batch: Batch): Batch {
    if (this.decoded.length === this.columns.length) return batch;
    let next = 0;
    const columns = this.#constants.map((constant) => constant ?? batch.columns[next++]!);
    return new Batch(batch.rowCount, columns, batch.selection, batch.rowKinds, batch.watermarks);
  }

  #valueOf({ path: [name = ''], type, from }: SourceColumn, path: string): Value {
    switch (from) {
      case 'file.path':
        return path;
      case 'file.name':
        return path.slice(path.lastIndexOf('/') + 1);
      case 'file.size':
        return BigInt(statSync(path).size);
      case 'file.modification-time':
        return BigInt(Math.floor(statSync(path).mtimeMs)) *
          BigInt(ticksPerSecond(type.precision ?? 3) / 1000);
      default:
        return this.#partitionValue(path, name, type);
    }
  }

  #partitionValue(path: string, name: string, type: DataType): Value {
    const steps = path.split('/').slice(0, -1).map(unescaped);
    const step = steps.findLast((one) => one.startsWith(`${name}=`));
    const text = step?.slice(name.length + 1);
    if (text === undefined) {
      return fail('MR4002', { path, reason: `it lies in no folder ${name}=` });
    }
    if (text === this.nullPart) return null;
    const value = parsed(text, type);
    return value === undefined
      ? fail('MR4002', { path, reason: `no value of ${name}: ${text}` }) : value;
  }
}

function constantOf(type: DataType, value: Value): Column {
  const builder = new ColumnBuilder(type, 1);
  builder.append(value);
  const column = builder.finish();
  column.constant = true;
  return column;
}

const INTEGER_BITS: Readonly<Partial<Record<DataType['root'], number>>> = {
  TINYINT: 8, SMALLINT: 16, INTEGER: 32, BIGINT: 64,
};

/** Undefined: the text is no value of the type. */
function parsed(text: string, type: DataType): Value | undefined {
  const bits = INTEGER_BITS[type.root];
  if (bits !== undefined) {
    const most = (1n << BigInt(bits - 1)) - 1n;
    return parseInteger(text, -most - 1n, most) ?? undefined;
  }
  if (type.root === 'DATE') return parseDate(text) ?? undefined;
  if (type.root !== 'BOOLEAN') return text;
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

/** The name of a folder without the escapes that a sink puts into it. */
export function unescaped(name: string): string {
  return name.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)));
}
