/**
 * `JOIN table FOR SYSTEM_TIME AS OF o.proctime`: each row looks its partners up in the table as it
 * is then. The table's connector must answer lookups.
 */
import { fail, type Position } from '../../errors/index.js';
import { CONNECTORS, type ConnectorRow } from '../../../spec/connectors.js';
import { correlate, filter } from '../logical/build.js';
import {
  type ColumnReference, columnsIn, conjunction, conjuncts, type Expression, mapColumns,
} from '../logical/expression.js';
import type { JoinType, LogicalNode, LookupKey, Scan } from '../logical/node.js';
import { coerce } from './cast.js';

interface LookupJoin {
  readonly left: LogicalNode;
  readonly right: LogicalNode;
  readonly joinType: JoinType;
  /** Over both sides. */
  readonly condition: Expression;
  readonly zone: string;
  readonly position: Position;
}

/** Output: the columns of both sides. */
export function lookupJoin(parts: LookupJoin): LogicalNode {
  const { left, joinType, position } = parts;
  const refuse = (feature: string): never => fail('MR2100', { feature }, { position });
  if (joinType !== 'inner' && joinType !== 'left') {
    return refuse(`${joinType.toUpperCase()} lookup join`);
  }
  const table = lookedUpTable(parts.right) ?? refuse('processing-time temporal join');
  const name = table.options['connector'] ?? '';
  const connector = CONNECTORS.find((one) => one.name === name) as ConnectorRow | undefined;
  if (connector?.lookup !== true) refuse(`lookup in a table of the connector ${name}`);
  const width = left.schema.length;
  const { keys, inside, across } = partedCondition(parts, table);
  if (keys.length === 0) refuse('lookup join without an equality on a column of the table');
  const seesInput = joinType === 'left' && across.length > 0;
  const node = correlate(left, {
    joinType, ...(seesInput ? { conditionSeesInput: true } : {}),
    condition: seesInput ? conjunction([...inside, ...across])
      : conjunction(inside.map((part) => mapColumns(part, (index) => index - width))),
    call: {
      function: 'lookup', fields: table.schema, arguments: keys.map((key) => key.value),
      lookup: { table, columns: keys.map((key) => key.column) },
    },
  });
  const rest = seesInput ? null : conjunction(across);
  return rest === null ? node : filter(node, rest);
}

/** The scan, where nothing is computed or renamed over it. */
function lookedUpTable(node: LogicalNode): Scan | undefined {
  if (node.kind === 'scan') return node;
  if (node.kind !== 'project') return undefined;
  const table = lookedUpTable(node.input);
  const isPlain = node.expressions.length === table?.schema.length &&
    node.expressions.every((one, i) => one.kind === 'column' && one.index === i);
  return isPlain ? Object.freeze({ ...table, schema: node.schema }) : undefined;
}

interface PartedCondition {
  readonly keys: readonly (LookupKey & { readonly value: Expression })[];
  /** About the table alone. */
  readonly inside: readonly Expression[];
  readonly across: readonly Expression[];
}

function partedCondition({ left, condition, zone }: LookupJoin, table: Scan): PartedCondition {
  const width = left.schema.length;
  const keys: (LookupKey & { readonly value: Expression })[] = [];
  const inside: Expression[] = [];
  const across: Expression[] = [];
  for (const part of conjuncts(condition)) {
    const key = keyOf(part, width);
    const used = [...columnsIn(part)];
    if (key !== undefined) {
      const column = key.column.index - width;
      const type = table.schema[column]!.type;
      keys.push({ column, value: coerce(key.value, { ...type, nullable: true }, zone) });
    } else if (used.length > 0 && used.every((index) => index >= width)) inside.push(part);
    else if (part.kind !== 'literal' || part.value !== true) across.push(part);
  }
  return { keys, inside, across };
}

/** A column of the table, equal to what the left row or a constant says. */
function keyOf(
  part: Expression, width: number,
): { readonly column: ColumnReference; readonly value: Expression } | undefined {
  if (part.kind !== 'call' || part.name !== '=') return undefined;
  const [a, b] = part.arguments;
  for (const [column, value] of [[a, b], [b, a]] as const) {
    if (column?.kind !== 'column' || column.index < width || value === undefined) continue;
    if ([...columnsIn(value)].every((index) => index < width)) return { column, value };
  }
  return undefined;
}
