/**
 * What names in an expression stand for: the columns of the relations in FROM, side by side.
 */
import { fail, suggest, type Position } from '../../errors/index.js';
import type { Identifier } from '../../sql/ast/node.js';
import type { DataType, RowField } from '../../types/data-type.js';
import { withNullable } from '../../types/data-type.js';
import { call, column, type Expression } from '../logical/expression.js';

/** One relation of FROM. */
export interface ScopeRelation {
  /** Its alias, or the parts of the table's name; empty for a sub-query without alias. */
  readonly name: readonly string[];
  readonly fields: readonly RowField[];
  /** Index of its first column in the input. */
  readonly offset: number;
}

/** A column of USING or NATURAL JOIN: its name alone means both sides. */
export interface MergedColumn {
  readonly name: string;
  readonly expression: Expression;
  /** Columns of the input that its name alone no longer means. */
  readonly hides: readonly number[];
}

export interface Scope {
  readonly relations: readonly ScopeRelation[];
  /** Newest join first. */
  readonly merged?: readonly MergedColumn[];
}

export const EMPTY_SCOPE: Scope = { relations: [] };

export function scopeOf(name: readonly string[], fields: readonly RowField[]): Scope {
  return { relations: [{ name, fields, offset: 0 }] };
}

/** A name of the text resolved to a column or a field nested in one; undefined if there is none. */
export function findName(scope: Scope, parts: readonly Identifier[]): Expression | undefined {
  return findQualified(scope, parts) ?? findColumn(scope.relations, parts, 0, scope.merged);
}

/** A name that begins with the name of a relation; such count before fields of columns. */
export function findQualified(
  scope: Scope, parts: readonly Identifier[],
): Expression | undefined {
  const names = parts.map((part) => part.name);
  for (let qualifiers = Math.min(names.length - 1, 3); qualifiers > 0; qualifiers--) {
    const relations = scope.relations.filter((relation) =>
      endsWith(relation.name, names.slice(0, qualifiers)));
    const found = findColumn(relations, parts, qualifiers);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Like findName, but fails with MR2002 or MR2005. */
export function resolveName(
  scope: Scope, parts: readonly Identifier[], position: Position,
): Expression {
  const found = findName(scope, parts);
  if (found !== undefined) return found;
  const name = parts.map((part) => part.name).join('.');
  const last = parts.at(-1)?.name ?? name;
  const known = scope.relations.flatMap((relation) => relation.fields.map((field) => field.name));
  return fail('MR2002', { name, suggestion: suggest(last, known) }, { position });
}

function endsWith(name: readonly string[], suffix: readonly string[]): boolean {
  const tail = name.slice(name.length - suffix.length);
  return tail.length === suffix.length && tail.every((part, i) => part === suffix[i]);
}

function findColumn(
  relations: readonly ScopeRelation[], parts: readonly Identifier[], at: number,
  merged: readonly MergedColumn[] = [],
): Expression | undefined {
  const wanted = parts[at];
  if (wanted === undefined) return undefined;
  const both = merged.filter((one) => one.name === wanted.name);
  const hidden = new Set(both.flatMap((one) => one.hides));
  const found = [
    ...both.map((one) => one.expression),
    ...relations.flatMap((relation) => matches(relation, wanted.name))
      .filter((one) => one.kind !== 'column' || !hidden.has(one.index)),
  ];
  if (found.length > 1) fail('MR2005', { name: wanted.name }, { position: wanted.position });
  const [first] = found;
  if (first === undefined) return undefined;
  return parts.slice(at + 1).reduce<Expression>(
    (row, part) => fieldAccess(row, part.name, part.position), first);
}

function matches(relation: ScopeRelation, name: string): readonly Expression[] {
  return relation.fields.flatMap((field, i) =>
    field.name === name ? [column(relation.offset + i, field.type)] : []);
}

/** A field of a ROW; NULL where the row is NULL. */
export function fieldAccess(row: Expression, name: string, position: Position): Expression {
  const fields = row.type.fields;
  if (fields === undefined) {
    fail('MR2002', { name, suggestion: undefined },
      { position, detail: `what stands before .${name} is no ROW` });
  }
  const index = fields.findIndex((field) => field.name === name);
  const field = fields[index];
  if (field === undefined) {
    const suggestion = suggest(name, fields.map((other) => other.name));
    return fail('MR2002', { name, suggestion }, { position });
  }
  const type: DataType = withNullable(field.type, field.type.nullable || row.type.nullable);
  return call({ kernel: 'field', name: field.name, arguments: [row], type, options: { index } });
}
