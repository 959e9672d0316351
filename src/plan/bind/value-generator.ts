/**
 * Sub-queries that stand by themselves, keyed by the outer columns that they name, as Calcite
 * decorrelates them: where a filter says that an outer column equals an expression of its own,
 * that expression stands for it; else the filter's input is joined with the distinct values that
 * the outer columns have.
 *
 *     WHERE b.k < o.k   ->   Filter(b.k < v.k) over b x (SELECT DISTINCT k FROM o) AS v
 */
import { fail, type Position } from '../../errors/index.js';
import { aggregate, filter, join, project } from '../logical/build.js';
import {
  column, columnsIn, conjunction, conjuncts, type Expression, expressionsEqual, mapColumns,
  rewrite, TRUE,
} from '../logical/expression.js';
import {
  type Aggregate, type Filter, inputsOf, type Join, type LogicalNode, type Project,
} from '../logical/node.js';
import { anyOuter, hasOuter, outerIndex } from './correlate.js';
import { isNotNull } from './sub-query-value.js';

/** Rows of the sub-query for each combination of the outer columns' values. */
export interface Keyed {
  /** The columns of the sub-query, then those of the keys. */
  readonly node: LogicalNode;
  /** From columns of the outer node to those that stand for them. */
  readonly keys: ReadonlyMap<number, number>;
}

/** `outer`: what the names of the outer query are columns of. */
export function keyed(node: LogicalNode, outer: LogicalNode, position: Position): Keyed {
  return new Keying(outer, position).take(node);
}

const NO_KEYS: ReadonlyMap<number, number> = new Map();

class Keying {
  constructor(private readonly outer: LogicalNode, private readonly position: Position) {}

  take(node: LogicalNode): Keyed {
    if (!anyOuter(node)) return { node, keys: NO_KEYS };
    switch (node.kind) {
      case 'filter':
        return this.filter(node);
      case 'project':
        return this.project(node);
      case 'aggregate':
        return this.aggregate(node);
      case 'join':
        return this.join(node);
      default:
        return this.refuse(inputsOf(node).some(anyOuter) ? node.kind.toUpperCase() : 'UNNEST');
    }
  }

  private filter(node: Filter): Keyed {
    const below = this.take(node.input);
    const own = this.withEquals(below, node.condition) ??
      this.withValues(below, outerColumns([node.condition]));
    const parts = conjuncts(this.resolved(node.condition, own)).map(notNullOfItself)
      .filter((part) => part !== TRUE);
    const condition = conjunction(parts);
    return condition === null ? own : { ...own, node: filter(own.node, condition) };
  }

  /** Where every outer column of the condition equals an expression of the rows themselves. */
  private withEquals(below: Keyed, condition: Expression): Keyed | undefined {
    const keys = new Map(below.keys);
    const width = below.node.schema.length;
    const added: Expression[] = [];
    for (const index of outerColumns([condition])) {
      if (keys.has(index)) continue;
      const own = conjuncts(condition).map((part) => equalTo(part, index))
        .find((one) => one !== undefined);
      if (own === undefined) return undefined;
      keys.set(index, own.kind === 'column' ? own.index : width + added.push(own) - 1);
    }
    if (added.length === 0) return { node: below.node, keys };
    const all = [...columnsOf(below.node), ...added];
    return { node: project(below.node, all, namesOf(below.node, all)), keys };
  }

  /** All values that the outer columns have, beside each row. */
  private withValues(below: Keyed, indexes: readonly number[]): Keyed {
    const missing = indexes.filter((index) => !below.keys.has(index));
    if (missing.length === 0) return below;
    const fields = missing.map((index) => this.outer.schema[index]!);
    const values = project(this.outer,
      missing.map((index, i) => column(index, fields[i]!.type)), fields.map(({ name }) => name));
    const distinct = aggregate(values, missing.map((_, i) => i), []);
    const width = below.node.schema.length;
    const keys = new Map(below.keys);
    missing.forEach((index, i) => keys.set(index, width + i));
    return { node: join(below.node, distinct, 'inner', TRUE), keys };
  }

  /** The expression with outer references as columns. */
  private resolved(expression: Expression, { node, keys }: Keyed): Expression {
    return rewrite(expression, (part) => {
      const index = outerIndex(part);
      const key = index === undefined ? undefined : keys.get(index);
      return key === undefined ? undefined : column(key, node.schema[key]!.type);
    });
  }

  private project(node: Project): Keyed {
    const below = this.withValues(this.take(node.input), outerColumns(node.expressions));
    const expressions = node.expressions.map((one) => this.resolved(one, below));
    const names = node.schema.map((field) => field.name);
    const keys = new Map<number, number>();
    for (const [index, key] of below.keys) {
      const field = below.node.schema[key]!;
      names.push(field.name);
      keys.set(index, expressions.push(column(key, field.type)) - 1);
    }
    return { node: project(below.node, expressions, names), keys };
  }

  /** A group for each combination of values, which without rows is none. */
  private aggregate(node: Aggregate): Keyed {
    const below = this.take(node.input);
    const places = [...new Set(below.keys.values())];
    const grouped = aggregate(below.node, [...node.grouping, ...places], node.calls);
    const own = node.grouping.length;
    const order = [
      ...node.grouping.map((_, i) => i), ...node.calls.map((_, i) => own + places.length + i),
      ...places.map((_, i) => own + i),
    ];
    const ordered = project(grouped, order.map((i) => column(i, grouped.schema[i]!.type)),
      order.map((i) => grouped.schema[i]!.name));
    const width = node.schema.length;
    return {
      node: ordered,
      keys: new Map([...below.keys].map(([index, key]) => [index, width + places.indexOf(key)])),
    };
  }

  private join(node: Join): Keyed {
    if (hasOuter(node.condition)) return this.refuse('ON');
    if (node.asOf !== undefined) return this.refuse('a temporal join');
    const { joinType } = node;
    if (anyOuter(node.right) && (joinType !== 'inner' || anyOuter(node.left))) {
      return this.refuse('an outer join');
    }
    if (anyOuter(node.left) && (joinType === 'right' || joinType === 'full')) {
      return this.refuse('an outer join');
    }
    const left = this.take(node.left);
    const right = this.take(node.right);
    const oldLeft = node.left.schema.length;
    const newLeft = left.node.schema.length;
    const move = (index: number): number =>
      (index < oldLeft ? index : index - oldLeft + newLeft);
    const wide = join(left.node, right.node, joinType, mapColumns(node.condition, move));
    const keyPlaces = [...left.keys.values(), ...[...right.keys.values()].map((key) =>
      key + newLeft)];
    const order = [...node.schema.map((_, i) => move(i)), ...keyPlaces];
    const width = node.schema.length;
    return {
      node: project(wide, order.map((i) => column(i, wide.schema[i]!.type)),
        order.map((i) => wide.schema[i]!.name)),
      keys: new Map([...left.keys.keys(), ...right.keys.keys()].map((index, i) =>
        [index, width + i])),
    };
  }

  private refuse(where: string): never {
    return fail('MR2100',
      { feature: `correlated sub-query: names of the outer query in ${where}` },
      { position: this.position });
  }
}

const columnsOf = (node: LogicalNode): readonly Expression[] =>
  node.schema.map((field, i) => column(i, field.type));

const namesOf = (node: LogicalNode, all: readonly Expression[]): readonly string[] =>
  all.map((_, i) => node.schema[i]?.name ?? `$f${i}`);

/** Columns of the outer node that the expressions name. */
function outerColumns(expressions: readonly Expression[]): readonly number[] {
  const found = new Set<number>();
  for (const one of expressions) {
    rewrite(one, (part) => {
      const index = outerIndex(part);
      if (index !== undefined) found.add(index);
      return undefined;
    });
  }
  return [...found];
}

/** What the outer column equals, made of the rows' own columns alone. */
function equalTo(part: Expression, index: number): Expression | undefined {
  if (part.kind !== 'call' || part.name !== '=') return undefined;
  const [a, b] = part.arguments;
  const other = outerIndex(a!) === index ? b : outerIndex(b!) === index ? a : undefined;
  return other === undefined || hasOuter(other) || columnsIn(other).size === 0 ? undefined : other;
}

/** k = k holds where k is not NULL. */
function notNullOfItself(part: Expression): Expression {
  if (part.kind !== 'call' || part.name !== '=') return part;
  const [a, b] = part.arguments;
  if (a?.kind !== 'column' || b === undefined || !expressionsEqual(a, b)) return part;
  return a.type.nullable ? isNotNull(a) : TRUE;
}
