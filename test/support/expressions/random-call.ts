/**
 * Random well-typed expressions over all functions and all types, from a seed, as trees: each node
 * knows its text, its type here (null where the binder refuses it) and its parts.
 */
import type { ArgumentFamily } from '../../../spec/functions.js';
import { parameterType } from '../../../src/plan/bind/argument-family.js';
import { bindType } from '../../../src/plan/bind/data-type.js';
import { parseDataType } from '../../../src/sql/index.js';
import { INT, type DataType, type RowField, type TypeRoot } from '../../../src/types/data-type.js';
import { pick, type Random } from '../../expr/random-expression.js';
import { boundExpression } from '../expression.js';
import { CALL_FORMS, type CallForm } from './call-forms.js';
import { SAMPLE_COLUMNS } from './sample-table.js';
import { LITERALS } from './words.js';

export interface Tree {
  readonly sql: string;
  readonly name: string;
  readonly type: DataType | null;
  readonly parts: readonly Tree[];
}

const FIELDS: readonly RowField[] = SAMPLE_COLUMNS.map(([name, type]) =>
  ({ name, type: bindType(parseDataType(type)) }));

function typeOf(sql: string): DataType | null {
  try {
    return boundExpression(sql, { fields: FIELDS }).type;
  } catch {
    return null;
  }
}

const leaf = (sql: string, type: DataType | null): Tree => ({ sql, name: 'leaf', type, parts: [] });

const COLUMNS: readonly Tree[] = FIELDS.map(({ name, type }) => leaf(name, type));
const CONSTANTS: readonly Tree[] = Object.values(LITERALS).flat()
  .map((sql) => leaf(sql, typeOf(sql)));

/** Forms by the root of what they give, learned by trying each some times. */
type FormsByRoot = ReadonlyMap<TypeRoot, readonly CallForm[]>;

export class RandomCalls {
  private readonly byRoot: FormsByRoot;

  constructor(private readonly random: Random, private readonly forms = CALL_FORMS) {
    this.byRoot = this.learned();
  }

  /** A call of at most this depth. One in twenty may be refused by the binder. */
  expression(depth: number): Tree {
    for (;;) {
      const tree = this.call(pick(this.random, this.forms), depth);
      if (tree.type !== null || this.random() < 0.02) return tree;
    }
  }

  private learned(): FormsByRoot {
    const found = new Map<TypeRoot, CallForm[]>();
    for (const form of this.forms) {
      const roots = Array.from({ length: 12 }, () => this.call(form, 1).type?.root);
      for (const root of new Set(roots)) {
        if (root !== undefined) found.set(root, [...found.get(root) ?? [], form]);
      }
    }
    return found;
  }

  private call(form: CallForm, depth: number): Tree {
    const families = this.families(form);
    const parts: Tree[] = [];
    for (const [index, family] of families.entries()) {
      const words = form.words?.[index];
      parts.push(words !== undefined ? leaf(pick(this.random, words), null)
        : this.argument(this.alike(form, family, parts, index), parts[0]?.type ?? null, depth - 1));
    }
    const sql = form.write(parts.map((part) => inParentheses(part)));
    return {
      sql, name: form.name, type: typeOf(sql),
      parts: parts.filter(({ name, type }) => name !== 'leaf' || type !== null),
    };
  }

  private families(form: CallForm): readonly ArgumentFamily[] {
    const families = [...form.families];
    for (let i = this.below((form.optional ?? 0) + 1); i > 0; i--) families.pop();
    if (form.rest === undefined) return families;
    const more = this.below(3) * (form.restStep ?? 1) + (form.name === 'CASE' ? 1 : 0);
    const isCase = form.name === 'CASE';
    return [...families, ...Array.from({ length: more }, (_, i): ArgumentFamily =>
      (isCase && i % 2 === 0 && i < more - 1 ? 'BOOLEAN' : form.rest!))];
  }

  /** Where arguments belong together, usually a type near that of an argument before. */
  private alike(
    form: CallForm, family: ArgumentFamily, parts: readonly Tree[], index: number,
  ): ArgumentFamily | TypeRoot {
    if (form.alike !== true || this.random() < 0.1) return family;
    const isPaired = index >= 2 && /^(CASE|MAP)/.test(form.name);
    const before = parts[isPaired ? index - 2 : index - 1];
    return before?.type?.root !== undefined && family !== 'BOOLEAN' ? before.type.root : family;
  }

  private argument(
    family: ArgumentFamily | TypeRoot, first: DataType | null, depth: number,
  ): Tree {
    const fits = (type: DataType | null): boolean => type !== null && fitting(family, type, first);
    if (depth > 0 && this.random() < 0.6) {
      for (let attempt = 0; attempt < 12; attempt++) {
        const tree = this.call(pick(this.random, this.formsFor(fits)), depth);
        if (fits(tree.type)) return tree;
      }
    }
    const from = this.random() < 0.6 ? COLUMNS : CONSTANTS;
    const leaves = from.filter(({ type }) => fits(type));
    const others = leaves.length > 0 ? leaves : [...COLUMNS, ...CONSTANTS]
      .filter(({ type }) => fits(type));
    return others.length > 0 ? pick(this.random, others) : leaf('NULL', INT);
  }

  private formsFor(fits: (type: DataType) => boolean): readonly CallForm[] {
    const roots = new Set(COLUMNS.concat(CONSTANTS)
      .flatMap(({ type }) => (type !== null && fits(type) ? [type.root] : [])));
    const forms = [...roots].flatMap((root) => this.byRoot?.get(root) ?? []);
    return forms.length > 0 ? forms : this.forms;
  }

  private below(bound: number): number {
    return Math.floor(this.random() * bound);
  }
}

function fitting(
  family: ArgumentFamily | TypeRoot, type: DataType, first: DataType | null,
): boolean {
  if (family === type.root) return true;
  if (CONSTANTS.some((one) => one.type?.root === family) && !isFamily(family)) return false;
  return parameterType(family as ArgumentFamily, type, first ?? type) !== null;
}

const SHARED_NAMES: readonly string[] = ['ARRAY', 'MAP', 'ROW', 'BOOLEAN', 'DATE', 'TIME',
  'TIMESTAMP', 'TIMESTAMP_LTZ', 'DECIMAL', 'INTERVAL_DAY_TIME', 'INTERVAL_YEAR_MONTH'];

const isFamily = (name: string): boolean => SHARED_NAMES.includes(name);

function inParentheses({ sql, name, parts }: Tree): string {
  if (name === 'leaf' && parts.length === 0 && !/^(-|INTERVAL)/.test(sql)) return sql;
  return /^\w+\([^()]*\)$/.test(sql) ? sql : `(${sql})`;
}
