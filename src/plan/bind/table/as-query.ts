/**
 * CREATE TABLE ... AS: the columns that the statement names and those of the query. A column of
 * both takes the statement's type; names alone only order the query's columns.
 */
import { fail } from '../../../errors/index.js';
import type { CreateTable } from '../../../sql/ast/create.js';
import type { QualifiedName } from '../../../sql/ast/node.js';
import type { Query } from '../../../sql/ast/query.js';
import type { Insert } from '../../../sql/ast/statement.js';
import type { ColumnName, TableElement } from '../../../sql/ast/table-definition.js';
import { canCastImplicitly } from '../../../types/castable.js';
import { typeToString, type RowField } from '../../../types/data-type.js';
import { uniqueNames } from '../../logical/unique-names.js';
import type { DraftColumn, TableDraft } from './draft.js';

export function tableAsQuery(
  own: TableDraft, elements: readonly TableElement[], query: readonly RowField[],
): TableDraft {
  const names = elements.filter((one): one is ColumnName => one.kind === 'column-name');
  const fields = plainFields(query);
  if (names.length > 0) return { ...own, columns: ordered(names, fields) };
  const declared = new Map(own.columns.map((one) => [one.name, one]));
  const isOfQuery = new Set(fields.map((field) => field.name));
  return {
    ...own,
    columns: [
      ...own.columns.filter((one) => !isOfQuery.has(one.name)),
      ...fields.map((field) => columnFor(field, declared.get(field.name))),
    ],
  };
}

/** The query's columns as the table has them: repeated names numbered, no time attributes. */
function plainFields(fields: readonly RowField[]): readonly RowField[] {
  const names = uniqueNames(fields.map((field) => field.name));
  return fields.map(({ name, type: { timeAttribute: _attribute, ...type } }, i) =>
    ({ name: names[i] ?? name, type }));
}

function ordered(
  names: readonly ColumnName[], fields: readonly RowField[],
): readonly DraftColumn[] {
  const [first] = names;
  if (names.length !== fields.length) {
    const detail = `${names.length} names for ${fields.length} columns of the query`;
    fail('MR2013', { detail }, { position: first?.position });
  }
  return names.map(({ name: { name, position } }) => {
    const field = fields.find((one) => one.name === name);
    if (field === undefined) return fail('MR2002', { name }, { position });
    return { kind: 'physical', name, type: field.type, position };
  });
}

function columnFor({ name, type }: RowField, declared: DraftColumn | undefined): DraftColumn {
  if (declared === undefined) return { kind: 'physical', name, type };
  const { position } = declared;
  if (declared.kind === 'computed') {
    return fail('MR2016', { detail: `computed column ${name} is a column of the query` },
      { position });
  }
  if (!canCastImplicitly(type, declared.type)) {
    const [from, to] = [typeToString(type), typeToString(declared.type)];
    const detail = `column ${name} of the query is ${from}, not ${to}`;
    fail('MR2007', { detail }, { position });
  }
  return declared;
}

/** The INSERT that fills the table: each column of the query goes to the one of its name. */
export function insertOf(
  { name, position }: CreateTable, query: Query, fields: readonly RowField[],
): Insert {
  const columns = plainFields(fields).map((field): QualifiedName => {
    const part = { kind: 'identifier', name: field.name, quoted: true, position } as const;
    return { kind: 'qualified-name', parts: [part], position };
  });
  return {
    kind: 'insert', table: name, hints: [], overwrite: false, upsert: false, columns, query,
    position,
  };
}
