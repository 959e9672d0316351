/**
 * CREATE TABLE and CREATE VIEW turned into what the catalog holds. Everything that reading or
 * writing the table would find wrong is found here.
 */
import { fail, suggest } from '../../errors/index.js';
import { validateOptions } from '../../catalog/options.js';
import type {
  CatalogTable, CatalogView, ObjectPath, TableColumn, WatermarkDefinition,
} from '../../catalog/table.js';
import type { CreateTable, CreateView } from '../../sql/ast/create.js';
import type { Identifier, OptionEntry, SyntaxNode } from '../../sql/ast/node.js';
import type {
  ColumnDefinition, TableConstraint, TableElement, WatermarkDefinition as WatermarkSyntax,
} from '../../sql/ast/table-definition.js';
import type { RowField } from '../../types/data-type.js';
import { bindType } from './data-type.js';
import { definitionText } from './definition-text.js';
import { ExpressionBinder } from './expression-binder.js';
import { bindQuery } from './query.js';
import { scopeOf } from './scope.js';
import type { BindSession } from './session.js';
import { scanTable } from './table-scan.js';

/** `source` is the text that the statement's positions point into. */
export function bindCreateTable(
  session: BindSession, statement: CreateTable, source: string,
): CatalogTable {
  refuseForms(statement);
  const path = pathOf(session, statement.name.parts);
  const columns = bindColumns(session, statement.elements, path, source);
  const options = optionsOf(statement.options);
  const table: CatalogTable = {
    kind: 'table', path, temporary: statement.temporary, columns, options,
    primaryKey: primaryKeyOf(statement, columns),
    partitionedBy: statement.partitionedBy.map((name) => columnName(columns, name)),
    watermark: bindWatermark(statement.elements, columns, source),
    ...(statement.comment === undefined ? {} : { comment: statement.comment.value }),
  };
  validateOptions(table, statement.position);
  checkWatermark(session, table, statement);
  return table;
}

function refuseForms(statement: CreateTable): void {
  const refuse = (feature: string, present: boolean): void => {
    if (present) fail('MR2100', { feature }, { position: statement.position });
  };
  refuse('CREATE TABLE ... AS', statement.query !== undefined);
  refuse('REPLACE TABLE', statement.replace !== 'none');
  refuse('CREATE TABLE ... LIKE', statement.like !== undefined);
  refuse('DISTRIBUTED BY', statement.distribution !== undefined);
}

function pathOf(session: BindSession, parts: readonly Identifier[]): ObjectPath {
  return session.catalog.path(parts.map((part) => part.name), session.names);
}

export function optionsOf(entries: readonly OptionEntry[]): Readonly<Record<string, string>> {
  return Object.freeze(Object.fromEntries(entries.map((entry) => [entry.key, entry.value])));
}

/** Computed columns see the physical and metadata columns, wherever those stand. */
function bindColumns(
  session: BindSession, elements: readonly TableElement[], path: ObjectPath, source: string,
): readonly TableColumn[] {
  const definitions = elements.flatMap((one): readonly ColumnDefinition[] =>
    one.kind === 'watermark' || one.kind === 'table-constraint' || one.kind === 'column-name'
      ? [] : [one]);
  checkUnique(definitions);
  const stored = definitions.flatMap((one): readonly RowField[] =>
    one.kind === 'computed-column' ? [] : [{ name: one.name.name, type: bindType(one.type) }]);
  const binder = new ExpressionBinder(session, scopeOf([path.name], stored),
    { clause: 'a computed column', aggregates: false, over: false });
  return definitions.map((one) => bindColumn(binder, one, source));
}

function checkUnique(definitions: readonly ColumnDefinition[]): void {
  const names = new Set<string>();
  for (const { name } of definitions) {
    if (names.has(name.name)) {
      fail('MR2010', { name: `column ${name.name}` }, { position: name.position });
    }
    names.add(name.name);
  }
}

function bindColumn(
  binder: ExpressionBinder, one: ColumnDefinition, source: string,
): TableColumn {
  const comment = one.comment === undefined ? {} : { comment: one.comment.value };
  const name = one.name.name;
  switch (one.kind) {
    case 'physical-column':
      return { kind: 'physical', name, type: bindType(one.type), ...comment };
    case 'metadata-column':
      return {
        kind: 'metadata', name, type: bindType(one.type), key: one.key?.value ?? name,
        virtual: one.virtual, ...comment,
      };
    case 'computed-column': {
      const { type } = binder.bind(one.expression);
      const text = definitionText(one.expression, source);
      return { kind: 'computed', name, expression: one.expression, text, type, ...comment };
    }
  }
}

function textOf(node: SyntaxNode, source: string): string {
  return source.slice(node.position.offset, node.position.endOffset);
}

function columnName(columns: readonly TableColumn[], name: Identifier): string {
  if (columns.some((one) => one.name === name.name)) return name.name;
  const suggestion = suggest(name.name, columns.map((one) => one.name));
  return fail('MR2002', { name: name.name, suggestion }, { position: name.position });
}

function primaryKeyOf(
  statement: CreateTable, columns: readonly TableColumn[],
): readonly string[] {
  const constraints = statement.elements.flatMap((one): readonly TableConstraint[] => {
    if (one.kind === 'table-constraint') return [one];
    const own = one.kind === 'physical-column' || one.kind === 'metadata-column'
      ? one.constraint : undefined;
    return own === undefined ? [] : [own];
  });
  const [key, second] = constraints;
  if (second !== undefined) fail('MR1015', {}, { position: second.position });
  if (key === undefined) return [];
  if (key.constraint === 'unique') {
    fail('MR2100', { feature: 'UNIQUE constraints' }, { position: key.position });
  }
  if (key.enforced !== false) {
    fail('MR2007', { detail: 'a primary key cannot be enforced by Flink' },
      { position: key.position, hint: 'write PRIMARY KEY ... NOT ENFORCED' });
  }
  return key.columns.map((name) => columnName(columns, name));
}

function bindWatermark(
  elements: readonly TableElement[], columns: readonly TableColumn[], source: string,
): WatermarkDefinition | null {
  const syntax = elements.find((one): one is WatermarkSyntax => one.kind === 'watermark');
  if (syntax === undefined) return null;
  const [name, ...nested] = syntax.column.parts;
  if (name === undefined || nested.length > 0) {
    return fail('MR2100', { feature: 'WATERMARK FOR a nested field' },
      { position: syntax.position });
  }
  const column = columns.find((one) => one.name === columnName(columns, name));
  const root = column?.type.root;
  const precision = column?.type.precision ?? 0;
  if ((root !== 'TIMESTAMP' && root !== 'TIMESTAMP_LTZ') || precision > 3) {
    const detail = `the row time must be TIMESTAMP(p) or TIMESTAMP_LTZ(p) with p up to 3: ` +
      name.name;
    fail('MR2007', { detail }, { position: name.position });
  }
  const text = definitionText(syntax.strategy, source);
  return { column: name.name, expression: syntax.strategy, text };
}

/** Binds the table once, so that a wrong watermark is an error of CREATE TABLE. */
function checkWatermark(session: BindSession, table: CatalogTable, statement: CreateTable): void {
  if (table.watermark === null) return;
  const node = scanTable(session, table);
  if (node.kind !== 'watermark') return;
  const { root } = node.expression.type;
  if (root === 'TIMESTAMP' || root === 'TIMESTAMP_LTZ') return;
  fail('MR2007', { detail: `a watermark must be a timestamp, not ${root}` },
    { position: statement.position });
}

/** The query is bound once: a view that cannot be read is not created. */
export function bindCreateView(
  session: BindSession, statement: CreateView, source: string,
): CatalogView {
  const path = pathOf(session, statement.name.parts);
  const { node } = bindQuery(session, statement.query);
  const columns = statement.columns.map((name) => name.name);
  if (columns.length > 0 && columns.length !== node.schema.length) {
    const detail = `${columns.length} names for ${node.schema.length} columns`;
    fail('MR2013', { detail }, { position: statement.position });
  }
  return {
    kind: 'view', path, temporary: statement.temporary, query: statement.query,
    text: textOf(statement.query, source), columns, scope: session.names,
    ...(statement.comment === undefined ? {} : { comment: statement.comment.value }),
  };
}

/** Columns of a table or view with the types a query sees. */
export function columnsOf(session: BindSession, parts: readonly string[]): readonly RowField[] {
  const object = session.catalog.resolve(parts, session.names);
  if (object.kind === 'table') return scanTable(session, object).schema;
  const inner = { ...session, names: object.scope, commonTables: new Map() };
  return bindQuery(inner, object.query).node.schema.map((field, i) =>
    ({ name: object.columns[i] ?? field.name, type: field.type }));
}
