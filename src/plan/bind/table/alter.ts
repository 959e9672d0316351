/** ALTER TABLE: the table's draft changed, then checked as a whole like a new one. */
import { fail, type Position } from '../../../errors/index.js';
import { pathText, type CatalogTable, type Partition } from '../../../catalog/table.js';
import type {
  AddPartitionsAction, AlterTableAction, ChangeSchemaAction, DropColumnsAction,
  DropPartitionsAction, PlacedColumn, RenameColumnAction,
} from '../../../sql/ast/alter.js';
import type { Identifier, QualifiedName } from '../../../sql/ast/node.js';
import type {
  PartitionSpecification, TableConstraint, WatermarkDefinition,
} from '../../../sql/ast/table-definition.js';
import {
  columnOf, draftDistribution, draftKey, draftOf, draftWatermark, optionsOf, primaryKeyOf,
  type DraftColumn, type TableDraft,
} from './draft.js';
import { refuseUsed } from './dependency.js';
import { partitionOf, samePartition } from './partition.js';

/** All actions but RENAME TO, which changes the catalog, not the table. */
export type TableChange = Exclude<AlterTableAction, { kind: 'rename-to' }>;

export function changeTable(table: CatalogTable, action: TableChange): TableDraft {
  const draft = draftOf(table);
  switch (action.kind) {
    case 'set-options':
      return { ...draft, options: { ...draft.options, ...optionsOf(action.options) } };
    case 'reset-options':
      return { ...draft, options: withoutOptions(draft.options, action.keys, action.position) };
    case 'add-schema':
      return addSchema(draft, action);
    case 'modify-schema':
      return modifySchema(draft, action);
    case 'rename-column':
      return renameColumn(draft, action);
    case 'drop-columns':
      return dropColumns(draft, action);
    case 'add-distribution':
    case 'modify-distribution':
      return { ...draft, distribution: draftDistribution(action.distribution) };
    case 'add-partitions':
    case 'drop-partitions':
      return { ...draft, partitions: changePartitions(table, action) };
    case 'drop-constraint':
      return dropConstraint(draft, action.name);
    case 'drop-distribution':
      if (draft.distribution === null) missing('distribution', action.position);
      return { ...draft, distribution: null };
    case 'drop-primary-key':
      if (draft.primaryKey === null) missing('primary key', action.position);
      return { ...draft, primaryKey: null };
    case 'drop-watermark':
      if (draft.watermark === null) missing('watermark', action.position);
      return { ...draft, watermark: null };
  }
}

const missing = (what: string, position: Position): never =>
  fail('MR2017', { detail: `the table has no ${what}` }, { position });

/** MR2017 for no keys, and for the connector itself. */
function withoutOptions(
  options: TableDraft['options'], keys: readonly string[], position: Position,
): TableDraft['options'] {
  if (keys.length === 0) fail('MR2017', { detail: 'RESET needs a key' }, { position });
  if (keys.includes('connector')) {
    fail('MR2017', { detail: "RESET cannot take 'connector' away" }, { position });
  }
  return Object.fromEntries(Object.entries(options).filter(([key]) => !keys.includes(key)));
}

/** The elements of ADD and MODIFY by kind. */
function elementsOf({ elements }: ChangeSchemaAction): {
  readonly columns: readonly PlacedColumn[];
  readonly watermark: WatermarkDefinition | undefined;
  readonly key: TableConstraint | undefined;
} {
  return {
    columns: elements.filter((one): one is PlacedColumn => one.kind === 'placed-column'),
    watermark: elements.find((one): one is WatermarkDefinition => one.kind === 'watermark'),
    key: elements.find((one): one is TableConstraint => one.kind === 'table-constraint'),
  };
}

function addSchema(draft: TableDraft, action: ChangeSchemaAction): TableDraft {
  const { columns, watermark, key } = elementsOf(action);
  if (watermark !== undefined && draft.watermark !== null) {
    const { position } = watermark;
    fail('MR2010', { name: 'watermark' }, { position, hint: 'write MODIFY WATERMARK' });
  }
  const inline = primaryKeyOf(columns.map((one) => one.column));
  const added = key === undefined ? inline : draftKey(key);
  if (added !== null && draft.primaryKey !== null) {
    const { position } = added;
    fail('MR2010', { name: 'primary key' }, { position, hint: 'write MODIFY PRIMARY KEY' });
  }
  return {
    ...draft,
    columns: columns.reduce(addColumn, draft.columns),
    watermark: watermark === undefined ? draft.watermark : draftWatermark(watermark),
    primaryKey: added ?? draft.primaryKey,
  };
}

function addColumn(
  columns: readonly DraftColumn[], placed: PlacedColumn,
): readonly DraftColumn[] {
  const column = columnOf(placed.column);
  if (columns.some((one) => one.name === column.name)) {
    fail('MR2010', { name: `column ${column.name}` }, { position: placed.column.name.position });
  }
  return insertColumn(columns, column, placed, columns.length);
}

/** FIRST, AFTER x, or where it is to stand otherwise. */
function insertColumn(
  columns: readonly DraftColumn[], column: DraftColumn, placed: PlacedColumn, otherwise: number,
): readonly DraftColumn[] {
  const { after, place } = placed;
  const index = place === 'first' ? 0
    : after === undefined ? otherwise : columnIndex(columns, after) + 1;
  return [...columns.slice(0, index), column, ...columns.slice(index)];
}

function columnIndex(columns: readonly DraftColumn[], name: QualifiedName): number {
  const [first, nested] = name.parts;
  const { position } = name;
  if (nested !== undefined) {
    fail('MR2100', { feature: 'ALTER TABLE of nested fields' }, { position });
  }
  const index = columns.findIndex((one) => one.name === first?.name);
  return index >= 0 ? index : fail('MR2002', { name: first?.name ?? '' }, { position });
}

function modifySchema(draft: TableDraft, action: ChangeSchemaAction): TableDraft {
  const { columns, watermark, key } = elementsOf(action);
  if (watermark !== undefined && draft.watermark === null) missing('watermark', action.position);
  if (key !== undefined && draft.primaryKey === null) missing('primary key', action.position);
  return {
    ...draft,
    columns: columns.reduce(modifyColumn, draft.columns),
    watermark: watermark === undefined ? draft.watermark : draftWatermark(watermark),
    primaryKey: key === undefined ? draft.primaryKey : draftKey(key),
  };
}

/** Without a comment of its own a column keeps the one it had. */
function modifyColumn(
  columns: readonly DraftColumn[], placed: PlacedColumn,
): readonly DraftColumn[] {
  const { name } = placed.column;
  const index = columns.findIndex((one) => one.name === name.name);
  const old = columns[index];
  if (old === undefined) return fail('MR2002', { name: name.name }, { position: name.position });
  const kept = old.comment === undefined ? {} : { comment: old.comment };
  const column: DraftColumn = { ...kept, ...columnOf(placed.column) };
  const others = columns.filter((one) => one !== old);
  return insertColumn(others, column, placed, index);
}

function renameColumn(draft: TableDraft, action: RenameColumnAction): TableDraft {
  const index = columnIndex(draft.columns, action.column);
  const from = draft.columns[index]?.name ?? '';
  const { name: to, position } = action.name;
  if (draft.columns.some((one) => one.name === to)) {
    fail('MR2010', { name: `column ${to}` }, { position });
  }
  refuseUsed(draft, [from], action.column.position, 'renamed');
  const { primaryKey } = draft;
  const columns = draft.columns.map((one) => (one.name === from ? renamedTo(one, to) : one));
  return {
    ...draft, columns,
    primaryKey: primaryKey === null ? null : {
      ...primaryKey,
      columns: primaryKey.columns.map((one) => (one.name === from ? { name: to } : one)),
    },
  };
}

/** A metadata column goes on reading the same key. */
const renamedTo = (column: DraftColumn, name: string): DraftColumn => ({ ...column, name });

function dropColumns(draft: TableDraft, action: DropColumnsAction): TableDraft {
  const names = action.columns.map((name) =>
    draft.columns[columnIndex(draft.columns, name)]?.name ?? '');
  const { position } = action;
  for (const [i, name] of names.entries()) {
    if (names.indexOf(name) < i) {
      fail('MR2016', { detail: `column ${name} is named twice` }, { position });
    }
  }
  refuseUsed(draft, names, position, 'dropped');
  return { ...draft, columns: draft.columns.filter((one) => !names.includes(one.name)) };
}

function dropConstraint(draft: TableDraft, { name, position }: Identifier): TableDraft {
  const key = draft.primaryKey;
  if (key === null) return missing('primary key', position);
  if (key.name !== name) {
    const hint = `there is ${key.name ?? 'none'}`;
    fail('MR2014', { object: 'constraint', name }, { position, hint });
  }
  return { ...draft, primaryKey: null };
}

function changePartitions(
  table: CatalogTable, action: AddPartitionsAction | DropPartitionsAction,
): readonly Partition[] {
  const { position } = action;
  if (table.partitionedBy.length === 0) {
    fail('MR2017', { detail: `table is not partitioned: ${pathText(table.path)}` }, { position });
  }
  const there = table.partitions ?? [];
  const named = (partition: PartitionSpecification): Partition => partitionOf(table, partition);
  if (action.kind === 'add-partitions') {
    return action.partitions.reduce((all, { partition }) =>
      addPartition(all, named(partition), action.ifNotExists, partition.position), there);
  }
  return action.partitions.reduce((all, partition) =>
    dropPartition(all, named(partition), action.ifExists, partition.position), there);
}

const textOf = (partition: Partition): string => `partition ${JSON.stringify(partition)}`;

function addPartition(
  all: readonly Partition[], added: Partition, ifNotExists: boolean, position: Position,
): readonly Partition[] {
  const isThere = all.some((one) => samePartition(one, added));
  if (isThere && !ifNotExists) fail('MR2010', { name: textOf(added) }, { position });
  return isThere ? all : [...all, added];
}

function dropPartition(
  all: readonly Partition[], dropped: Partition, ifExists: boolean, position: Position,
): readonly Partition[] {
  const left = all.filter((one) => !samePartition(one, dropped));
  if (left.length < all.length || ifExists) return left;
  const name = JSON.stringify(dropped);
  return fail('MR2014', { object: 'partition', name }, { position });
}
