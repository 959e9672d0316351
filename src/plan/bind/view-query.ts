/**
 * A view's query with every name full and every star written out, as Flink stores it: a view shows
 * the same columns of the same tables whatever is defined later, and in whatever scope it is read.
 */
import type { QualifiedName, Identifier } from '../../sql/ast/node.js';
import type { Expression } from '../../sql/ast/expression.js';
import type { Query, QueryBody, Select, SelectItem } from '../../sql/ast/query.js';
import type { AliasedTable, JoinTable, TableExpression } from '../../sql/ast/table.js';
import type { RowField } from '../../types/data-type.js';
import { printedForm, quoted, type Printer } from './definition-text.js';
import { bindFrom, bindTableName } from './from.js';
import { withCommonTables } from './query.js';
import { writtenFields } from './relation.js';
import type { BindSession } from './session.js';

/** A table of FROM as names may refer to it. */
interface Source {
  readonly alias: Identifier;
  readonly fields: readonly RowField[];
}

type Sources = readonly Source[];

/** `outer`: the tables around a sub-query, innermost first. */
export function expandQuery(session: BindSession, query: Query, outer: Sources = []): Query {
  const inner = withCommonTables(session, query);
  const tables = query.with.map((one) => ({
    ...one, name: quoted(one.name), columns: one.columns.map(quoted),
    query: expandQuery(inner, one.query),
  }));
  const body = expandBody(inner, query.body, outer);
  const orderBy = query.body.kind === 'select'
    ? expandOrder(inner, query, query.body, outer) : query.orderBy;
  return { ...query, with: tables, body, orderBy };
}

function expandBody(session: BindSession, body: QueryBody, outer: Sources): QueryBody {
  switch (body.kind) {
    case 'select':
      return expandSelect(session, body, outer);
    case 'query':
      return expandQuery(session, body, outer);
    case 'set-operation':
      return {
        ...body, left: expandBody(session, body.left, outer),
        right: expandBody(session, body.right, outer),
      };
    case 'values': {
      const print = printer(session, outer);
      return { ...body, rows: body.rows.map((row) => row.map((one) => printedForm(one, print))) };
    }
    case 'explicit-table':
      return { ...body, table: fullName(session, body.table) };
  }
}

function expandSelect(session: BindSession, select: Select, outer: Sources): Select {
  const sources = select.from === undefined ? [] : sourcesOf(session, select.from);
  const print = printer(session, [...sources, ...outer]);
  const { from, items, ...rest } = select;
  const printed = printedForm({ ...rest, items: [] }, print) as Select;
  return {
    ...printed, items: items.flatMap((item) => expandItem(item, sources, print)),
    ...(from === undefined ? {} : { from: expandFrom(session, from, print) }),
  };
}

function expandItem(
  item: SelectItem, sources: Sources, print: Printer,
): readonly SelectItem[] {
  const { expression, position } = item;
  if (expression.kind !== 'star') return [printedForm(item, print)];
  const [qualifier] = expression.qualifier.slice(-1);
  const shown = sources.filter((one) =>
    qualifier === undefined || one.alias.name === qualifier.name);
  if (shown.length === 0) return [printedForm(item, print)];
  return shown.flatMap(({ alias, fields }) => fields.map(({ name }): SelectItem => {
    const column: Identifier = { kind: 'identifier', name, quoted: true, position };
    return {
      kind: 'select-item', position,
      expression: { kind: 'name-reference', parts: [quoted(alias), column], position },
    };
  }));
}

/** Names of ORDER BY are first those of the select list. */
function expandOrder(
  session: BindSession, query: Query, select: Select, outer: Sources,
): Query['orderBy'] {
  const aliases = new Set(select.items.map((item) => item.alias?.name));
  const sources = select.from === undefined ? [] : sourcesOf(session, select.from);
  const print = printer(session, [...sources, ...outer]);
  const column: Printer['column'] = (parts) =>
    (parts.length === 1 && aliases.has(parts[0]?.name) ? parts.map(quoted) : print.column(parts));
  return query.orderBy.map((one) => printedForm(one, { ...print, column }));
}

function printer(session: BindSession, sources: Sources): Printer {
  return {
    column: (parts) => fullColumn(parts, sources),
    query: (query) => expandQuery(session, query, sources),
  };
}

/** A column gets its table in front; what starts with a table stays as it is. */
function fullColumn(parts: readonly Identifier[], sources: Sources): readonly Identifier[] {
  const [first] = parts;
  const names = parts.map(quoted);
  if (first === undefined) return names;
  if (parts.length > 1 && sources.some((one) => one.alias.name === first.name)) return names;
  const owner = sources.find((one) => one.fields.some((field) => field.name === first.name));
  return owner === undefined ? names : [quoted(owner.alias), ...names];
}

/** Tables of FROM that names can be qualified with. */
function sourcesOf(session: BindSession, from: TableExpression): Sources {
  switch (from.kind) {
    case 'named-table': {
      const alias = from.name.parts.at(-1);
      const { schema } = bindTableName(session, from.name).node;
      return alias === undefined ? [] : [{ alias, fields: schema }];
    }
    case 'aliased-table':
      return [{ alias: from.alias, fields: aliasedFields(session, from) }];
    case 'join':
      return joinSources(session, from);
    case 'table-as-of':
    case 'sampled-table':
      return sourcesOf(session, from.input);
    default:
      return [];
  }
}

/** Columns that a join has folded belong to neither side: nothing is qualified there. */
function joinSources(session: BindSession, join: JoinTable): Sources {
  if (join.natural || join.using.length > 0) return [];
  return [...sourcesOf(session, join.left), ...sourcesOf(session, join.right)];
}

function aliasedFields(session: BindSession, from: AliasedTable): readonly RowField[] {
  const { input } = from;
  const lateral = (input.kind === 'derived-table' || input.kind === 'unnest' ||
    input.kind === 'table-function') && input.lateral;
  if (lateral || input.kind === 'unnest') {
    return from.columns.map(({ name }) => ({ name, type: UNKNOWN }));
  }
  return writtenFields(bindFrom(session, from));
}

/** Only names count here. */
const UNKNOWN: RowField['type'] = { root: 'NULL', nullable: true };

function expandFrom(
  session: BindSession, from: TableExpression, print: Printer,
): TableExpression {
  switch (from.kind) {
    case 'named-table': {
      const alias = from.name.parts.at(-1);
      const named = { ...from, name: fullName(session, from.name) };
      if (alias === undefined) return named;
      const { position } = from;
      return { kind: 'aliased-table', input: named, alias: quoted(alias), columns: [], position };
    }
    case 'aliased-table': {
      const inner = expandFrom(session, from.input, print);
      const input = inner.kind === 'aliased-table' ? inner.input : inner;
      return {
        ...from, input, alias: quoted(from.alias), columns: from.columns.map(quoted),
      };
    }
    case 'join':
      return {
        ...from, left: expandFrom(session, from.left, print),
        right: expandFrom(session, from.right, print), using: from.using.map(quoted),
        ...(from.condition === undefined ? {}
          : { condition: printedForm(from.condition, print) }),
      };
    case 'derived-table':
      return { ...from, query: expandQuery(session, from.query) };
    case 'table-function':
      return { ...from, call: withFullTables(session, from.call, print) };
    case 'table-as-of':
      return {
        ...from, input: expandFrom(session, from.input, print),
        time: printedForm(from.time, print),
      };
    default:
      return withFullTables(session, from, print);
  }
}

/** Tables named anywhere inside get their full names; columns stay as they are. */
function withFullTables<Node extends TableExpression | Expression>(
  session: BindSession, node: Node, print: Printer,
): Node {
  const column: Printer['column'] = (parts) => parts.map(quoted);
  const table: Printer['table'] = (name) => fullName(session, name);
  return printedForm(node, { ...print, column, table });
}

/** Names of common tables are full as they are. */
function fullName(session: BindSession, name: QualifiedName): QualifiedName {
  const [first, second] = name.parts;
  if (first === undefined) return name;
  if (second === undefined && session.commonTables.has(first.name)) {
    return { ...name, parts: [quoted(first)] };
  }
  const parts = name.parts.map((part) => part.name);
  const { catalog, database, name: last } = session.catalog.path(parts, session.names);
  const { position } = name;
  return {
    ...name,
    parts: [catalog, database, last].map((part): Identifier =>
      ({ kind: 'identifier', name: part, quoted: true, position })),
  };
}
