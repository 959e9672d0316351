/**
 * A table while it is defined or changed: what was written, not yet checked as a whole. CREATE
 * makes a draft from its elements, LIKE and AS from another table or a query, ALTER from the table
 * that is there; `resolveTable` makes a table of it.
 */
import { fail, type Position } from '../../../errors/index.js';
import type {
  CatalogTable, ComputedColumn, MetadataColumn, ObjectPath, Partition, PhysicalColumn,
  WatermarkDefinition,
} from '../../../catalog/table.js';
import type { Identifier, OptionEntry } from '../../../sql/ast/node.js';
import type {
  ColumnDefinition, Distribution, TableConstraint, TableElement, WatermarkDefinition as Watermark,
} from '../../../sql/ast/table-definition.js';
import { bindType } from '../data-type.js';
import { definitionText } from '../definition-text.js';

/** A name with its place in the statement's text, if it stands there. */
export interface DraftName {
  readonly name: string;
  readonly position?: Position;
}

/** A column; the type of a computed one follows from its expression. */
export type DraftColumn = (PhysicalColumn | MetadataColumn | Omit<ComputedColumn, 'type'>) & {
  readonly position?: Position;
};

export interface DraftKey {
  /** Absent: named after the columns. */
  readonly name?: string;
  readonly columns: readonly DraftName[];
  readonly position?: Position;
}

export interface DraftDistribution {
  readonly method?: 'hash' | 'range';
  readonly columns: readonly DraftName[];
  readonly buckets?: number;
}

export interface TableDraft {
  readonly path: ObjectPath;
  readonly temporary: boolean;
  readonly columns: readonly DraftColumn[];
  readonly watermark: (WatermarkDefinition & { readonly position?: Position }) | null;
  readonly primaryKey: DraftKey | null;
  readonly partitionedBy: readonly DraftName[];
  readonly distribution: DraftDistribution | null;
  readonly partitions: readonly Partition[];
  readonly options: Readonly<Record<string, string>>;
  readonly comment?: string;
}

/** The draft that resolves to the same table. */
export function draftOf(table: CatalogTable): TableDraft {
  const { primaryKey, primaryKeyName, distribution, partitions = [] } = table;
  const named = (names: readonly string[]): readonly DraftName[] =>
    names.map((name) => ({ name }));
  return {
    path: table.path, temporary: table.temporary, columns: table.columns,
    watermark: table.watermark, options: table.options, partitions,
    partitionedBy: named(table.partitionedBy),
    primaryKey: primaryKey.length === 0 ? null : {
      columns: named(primaryKey),
      ...(primaryKeyName === undefined ? {} : { name: primaryKeyName }),
    },
    distribution: distribution === undefined ? null
      : { ...distribution, columns: named(distribution.columns) },
    ...(table.comment === undefined ? {} : { comment: table.comment }),
  };
}

export function optionsOf(entries: readonly OptionEntry[]): Readonly<Record<string, string>> {
  return Object.freeze(Object.fromEntries(entries.map((entry) => [entry.key, entry.value])));
}

export const nameOf = ({ name, position }: Identifier): DraftName => ({ name, position });

/** The columns among the elements. */
export function columnsOf(elements: readonly TableElement[]): readonly DraftColumn[] {
  return elements.flatMap((one): readonly DraftColumn[] =>
    one.kind === 'watermark' || one.kind === 'table-constraint' || one.kind === 'column-name'
      ? [] : [columnOf(one)]);
}

export function columnOf(one: ColumnDefinition): DraftColumn {
  const name = one.name.name;
  const { position } = one.name;
  const comment = one.comment === undefined ? {} : { comment: one.comment.value };
  switch (one.kind) {
    case 'physical-column':
      return { kind: 'physical', name, type: bindType(one.type), position, ...comment };
    case 'metadata-column':
      return {
        kind: 'metadata', name, type: bindType(one.type), key: one.key?.value ?? name,
        virtual: one.virtual, position, ...comment,
      };
    case 'computed-column': {
      const { expression } = one;
      const text = definitionText(expression);
      return { kind: 'computed', name, expression, text, position, ...comment };
    }
  }
}

export function watermarkOf(elements: readonly TableElement[]): TableDraft['watermark'] {
  const found = elements.filter((one): one is Watermark => one.kind === 'watermark');
  const [syntax, second] = found;
  if (second !== undefined) fail('MR1014', {}, { position: second.position });
  return syntax === undefined ? null : draftWatermark(syntax);
}

/** Flink's grammar takes nested fields, its planner none. */
export function draftWatermark({ column, strategy }: Watermark): TableDraft['watermark'] {
  const [name, ...nested] = column.parts;
  if (name === undefined || nested.length > 0) {
    const detail = 'the row time must be a column, not a field in one';
    return fail('MR2016', { detail }, { position: column.position });
  }
  const text = definitionText(strategy);
  return { column: name.name, expression: strategy, text, position: name.position };
}

/** The key among the elements: a constraint, or written at its column. */
export function primaryKeyOf(elements: readonly TableElement[]): DraftKey | null {
  const constraints = elements.flatMap((one): readonly TableConstraint[] => {
    if (one.kind === 'table-constraint') return [one];
    const own = one.kind === 'physical-column' || one.kind === 'metadata-column'
      ? one.constraint : undefined;
    return own === undefined ? [] : [own];
  });
  const [key, second] = constraints;
  if (second !== undefined) fail('MR1015', {}, { position: second.position });
  return key === undefined ? null : draftKey(key);
}

export function draftKey(key: TableConstraint): DraftKey {
  const { position } = key;
  if (key.constraint === 'unique') fail('MR2100', { feature: 'UNIQUE constraints' }, { position });
  if (key.enforced !== false) {
    const hint = 'write PRIMARY KEY ... NOT ENFORCED';
    fail('MR2016', { detail: 'a primary key cannot be enforced' }, { position, hint });
  }
  const columns = key.columns.map(nameOf);
  return { columns, position, ...(key.name === undefined ? {} : { name: key.name.name }) };
}

export function draftDistribution(
  distribution: Distribution | undefined,
): DraftDistribution | null {
  if (distribution === undefined) return null;
  const { method, columns, buckets } = distribution;
  return {
    columns: columns.map(nameOf),
    ...(method === undefined ? {} : { method }), ...(buckets === undefined ? {} : { buckets }),
  };
}
