/**
 * The first phase of a group aggregation, before the exchange: a row of accumulators a key and
 * bundle. It keeps nothing from one bundle to the next, so it has no state.
 */
import type { Batch } from '../batch/batch.js';
import { allocateColumn, writeI64 } from '../batch/column.js';
import type { LocalGroupAggregateNode } from '../plan/physical/plan.js';
import { KeyLayout } from '../state/key-layout.js';
import { KeyedGroups, ResolvedRows, takesBack } from '../state/keyed-groups.js';
import type { RowField } from '../types/data-type.js';
import { writeAccumulators } from './aggregates/accumulators.js';
import { AggregateSet } from './aggregates/aggregate-set.js';
import { BundledOperator, type BundleRows } from './bundled-operator.js';
import type { Operator, OperatorContext, OperatorStats } from './operator.js';

class LocalGroupAggregate extends BundledOperator {
  readonly stateTables = [];
  private readonly layout: KeyLayout;
  private groups: KeyedGroups;
  private aggregates: AggregateSet;
  private readonly resolved = new ResolvedRows();

  constructor(
    private readonly node: LocalGroupAggregateNode, input: readonly RowField[],
    context: OperatorContext,
  ) {
    super(node.schema, node.miniBatch, context);
    this.layout = new KeyLayout(node.grouping.map((column) => input[column]!.type));
    this.groups = new KeyedGroups(this.layout);
    this.aggregates = new AggregateSet(node.aggregates, input);
  }

  protected fold(batch: Batch, rows: Int32Array): void {
    const { groups, aggregates, resolved } = this;
    groups.encode(this.node.grouping.map((column) => batch.columns[column]!), rows, rows.length);
    groups.resolveAdded(rows, rows.length, resolved);
    aggregates.resize(groups.size);
    aggregates.update(batch, {
      count: resolved.count, rows: resolved.rows, groups: resolved.groups,
      retract: this.node.needRetraction ? this.countRows(batch.rowKinds) : null,
    });
  }

  /** Rows that came less those taken back, by group; returns which are taken back. */
  private countRows(kinds: Uint8Array | null): Uint8Array {
    const { resolved } = this;
    const { rowCounts } = this.groups;
    for (let i = 0; i < resolved.count; i++) {
      const back = kinds !== null && takesBack(kinds[resolved.rows[i]!]!);
      resolved.retract[i] = back ? 1 : 0;
      rowCounts[resolved.groups[i]!]! += back ? -1 : 1;
    }
    return resolved.retract;
  }

  protected endBundle(): BundleRows {
    const { groups, aggregates, node } = this;
    const { schema } = node;
    const rowCount = groups.size;
    const ids = Int32Array.from({ length: rowCount }, (_, group) => group);
    const columns = schema.slice(0, node.grouping.length).map((field, i) => {
      const column = allocateColumn(field.type, rowCount);
      groups.decode(i, ids, column);
      return column;
    });
    if (node.needRetraction) {
      const counts = allocateColumn(schema[columns.length]!.type, rowCount);
      for (const group of ids) {
        writeI64(counts.values as Int32Array, group, groups.rowCounts[group]!);
      }
      columns.push(counts);
    }
    columns.push(...writeAccumulators(aggregates, rowCount, schema.slice(columns.length)));
    this.groups = new KeyedGroups(this.layout);
    this.aggregates = aggregates.emptyLike();
    return { rowCount, columns, kinds: null };
  }

  stats(): OperatorStats {
    return {
      lateRows: 0, stateRows: 0, stateBytes: this.groups.byteSize + this.aggregates.byteSize,
    };
  }
}

/** The local phase of a plan node. */
export function makeLocalGroupAggregate(
  node: LocalGroupAggregateNode, inputs: readonly (readonly RowField[])[],
  context: OperatorContext,
): Operator {
  return new LocalGroupAggregate(node, inputs[0]!, context);
}
