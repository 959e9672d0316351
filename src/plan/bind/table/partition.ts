/** Partitions of a table as ALTER TABLE and SHOW PARTITIONS name them. */
import { fail } from '../../../errors/index.js';
import type { CatalogTable, Partition } from '../../../catalog/table.js';
import type { Expression } from '../../../sql/ast/expression.js';
import type { PartitionSpecification } from '../../../sql/ast/table-definition.js';

/** All columns of PARTITIONED BY, in its order. MR2016 if one is missing or there is another. */
export function partitionOf(table: CatalogTable, syntax: PartitionSpecification): Partition {
  const values = partialPartition(syntax);
  const { position } = syntax;
  const stray = Object.keys(values).find((name) => !table.partitionedBy.includes(name));
  if (stray !== undefined) {
    fail('MR2016', { detail: `column ${stray} is no partition column` }, { position });
  }
  return Object.fromEntries(table.partitionedBy.map((name) => {
    const value = values[name];
    if (value === undefined) {
      return fail('MR2016', { detail: `partition column ${name} has no value` }, { position });
    }
    return [name, value] as const;
  }));
}

/** Those columns that have a value. */
export function partialPartition({ entries }: PartitionSpecification): Partition {
  return Object.fromEntries(entries.flatMap(({ column, value }) =>
    (value === undefined ? [] : [[column.name, literalText(value)] as const])));
}

export function samePartition(one: Partition, other: Partition): boolean {
  return Object.entries(other).every(([name, value]) => one[name] === value);
}

function literalText(value: Expression): string {
  switch (value.kind) {
    case 'string-literal': return value.value;
    case 'number-literal':
    case 'datetime-literal': return value.text;
    case 'boolean-literal': return String(value.value);
    default:
      return fail('MR2016', { detail: 'the value of a partition is a literal' },
        { position: value.position });
  }
}
