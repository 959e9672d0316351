/**
 * GROUPING SETS, ROLLUP and CUBE: the sets of keys by which a query groups, and its input with a
 * copy of each row for every set, in which the keys outside the set are NULL.
 */
import { fail } from '../../errors/index.js';
import type { GroupingItem } from '../../sql/ast/query.js';
import type { Expression as Syntax } from '../../sql/ast/expression.js';
import { BIGINT, notNull, withNullable } from '../../types/data-type.js';
import { expand } from '../logical/build.js';
import { column, constant } from '../logical/expression.js';
import type { LogicalNode } from '../logical/node.js';

/** Most sets of one query: CUBE doubles them with each key. */
const MOST_SETS = 64;

type Sets = readonly (readonly Syntax[])[];

/** Several items of GROUP BY: every set of one with every set of the others. */
export function groupingSets(items: readonly GroupingItem[]): Sets {
  return items.reduce<Sets>((sets, item) => {
    const more = setsOf(item);
    if (sets.length * more.length > MOST_SETS) {
      fail('MR2100', { feature: `more than ${MOST_SETS} grouping sets` },
        { position: item.position });
    }
    return sets.flatMap((set) => more.map((other) => [...set, ...other]));
  }, [[]]);
}

function setsOf(item: GroupingItem): Sets {
  switch (item.kind) {
    case 'grouping-set':
      return [item.expressions];
    case 'grouping-sets':
      return item.items.flatMap(setsOf);
    case 'rollup':
      return Array.from({ length: item.items.length + 1 }, (_, i) =>
        item.items.slice(0, item.items.length - i).flatMap(expressionsOf));
    case 'cube':
      return item.items.reduceRight<Sets>(
        (sets, one) => [...sets.map((set) => [...expressionsOf(one), ...set]), ...sets], [[]]);
  }
}

function expressionsOf(item: GroupingItem): readonly Syntax[] {
  return item.kind === 'grouping-set' ? item.expressions
    : fail('MR2100', { feature: 'nested grouping sets' }, { position: item.position });
}

/**
 * `sets`: the keys of each, as numbers of the input's first columns. Output: the input's columns,
 * then the number of the set.
 */
export function expanded(
  input: LogicalNode, keyCount: number, sets: readonly (readonly number[])[],
  numbers: readonly bigint[],
): LogicalNode {
  const isMissed = (key: number): boolean =>
    key < keyCount && sets.some((set) => !set.includes(key));
  const schema = [
    ...input.schema.map((field, i) =>
      (isMissed(i) ? { ...field, type: withNullable(field.type, true) } : field)),
    { name: '$e', type: notNull(BIGINT) },
  ];
  const projects = sets.map((set, at) => [
    ...input.schema.map((field, i) => (i >= keyCount || set.includes(i) ? column(i, field.type)
      : constant(null, withNullable(field.type, true)))),
    constant(numbers[at]!, notNull(BIGINT)),
  ]);
  return expand(input, projects, schema);
}
