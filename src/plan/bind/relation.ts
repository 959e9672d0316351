/**
 * A bound table expression: its plan and the names of its columns. The columns of a plan have
 * names of their own (`x`, `x0`); those of the text may repeat, and are then ambiguous.
 */
import { fail, type Position } from '../../errors/index.js';
import type { Identifier } from '../../sql/ast/node.js';
import type { RowField } from '../../types/data-type.js';
import type { LogicalNode } from '../logical/node.js';
import { scopeOf, type Scope } from './scope.js';

export interface Relation {
  readonly node: LogicalNode;
  readonly scope: Scope;
}

/** `written`: names of the columns in the text, where they may be others than those of the plan. */
export function relation(
  node: LogicalNode, name: readonly string[] = [],
  written: readonly RowField[] = node.schema,
): Relation {
  const fields = node.schema.map((field, i): RowField =>
    ({ name: written[i]?.name ?? field.name, type: field.type }));
  return { node, scope: scopeOf(name, fields) };
}

/** The columns as the text names them. */
export function writtenFields({ scope }: Relation): readonly RowField[] {
  return scope.relations.flatMap((one) => one.fields);
}

/** The first name that was there before. */
export function repeatedName(fields: readonly RowField[]): string | undefined {
  const names = fields.map((field) => field.name);
  return names.find((name, i) => names.indexOf(name) < i);
}

/** A column that is defined twice under one name. */
export function failRepeated(name: string, position: Position | undefined): never {
  return fail('MR2010', { name: `column ${name}` }, { position });
}

/** A list of names for columns holds none twice. */
export function refuseRepeated(names: readonly Identifier[]): void {
  const seen = new Set<string>();
  for (const { name, position } of names) {
    if (seen.has(name)) failRepeated(name, position);
    seen.add(name);
  }
}
