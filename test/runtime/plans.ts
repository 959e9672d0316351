/** Small physical plans, built node by node. */
import type {
  ChangelogMode, PhysicalNode, PhysicalPlan, PlanExpression,
} from '../../src/plan/physical/plan.js';
import { INSERT_ONLY } from '../../src/plan/physical/plan.js';
import {
  BIGINT, BOOLEAN, type DataType, type RowField, STRING, timestamp,
} from '../../src/types/data-type.js';

export const field = (name: string, type: DataType): RowField => ({ name, type });

/** id, name, row time. */
export const EVENTS: readonly RowField[] = [
  field('id', BIGINT), field('name', STRING), field('ts', timestamp(3)),
];

export const column = (index: number, type: DataType): PlanExpression =>
  ({ kind: 'column', index, type });
export const literal = (value: bigint, type: DataType): PlanExpression =>
  ({ kind: 'literal', value, type });
export const call = (
  kernel: string, type: DataType, ...args: readonly PlanExpression[]
): PlanExpression => ({ kind: 'call', kernel, arguments: args, type });

type NodeParts<Node> = Node extends PhysicalNode
  ? Omit<Node, 'id' | 'inputs' | 'schema' | 'changelog' | 'description' | 'semanticId'> : never;

/** Collects nodes; each call returns the new node's id. */
export class PlanBuilder {
  readonly nodes: PhysicalNode[] = [];

  add(
    parts: NodeParts<PhysicalNode>, schema: readonly RowField[], ...inputs: readonly number[]
  ): number {
    const id = this.nodes.length;
    const changelog: ChangelogMode = INSERT_ONLY;
    const base = { id, inputs, schema, changelog, description: parts.kind };
    this.nodes.push({ ...base, semanticId: `s${id}`, ...parts } as PhysicalNode);
    return id;
  }

  external(schema: readonly RowField[], input = 0): number {
    return this.add({
      kind: 'source', connector: 'external', table: 't', options: { input: String(input) },
      format: null, tableSchema: schema,
      columns: schema.map((row) => ({ path: [row.name], type: row.type })),
    }, schema);
  }

  calc(
    input: number, projections: readonly PlanExpression[], condition: PlanExpression | null = null,
  ): number {
    const schema = projections.map((projection, i) => field(`c${i}`, projection.type));
    return this.add({ kind: 'calc', projections, condition }, schema, input);
  }

  /** The row time is the watermark. */
  watermark(input: number, rowtime: number, idleTimeoutMs = 0): number {
    const { schema } = this.nodes[input]!;
    const watermark = column(rowtime, schema[rowtime]!.type);
    return this.add(
      { kind: 'watermark-assigner', rowtime, watermark, idleTimeoutMs }, schema, input,
    );
  }

  union(...inputs: readonly number[]): number {
    return this.add({ kind: 'union' }, this.nodes[inputs[0]!]!.schema, ...inputs);
  }

  exchange(input: number, keys: readonly number[]): number {
    const distribution = keys.length === 0 ? 'single' : 'hash';
    const { schema } = this.nodes[input]!;
    return this.add({ kind: 'exchange', distribution, keys }, schema, input);
  }

  limit(input: number, offset: number, count: number): number {
    return this.add({ kind: 'limit', offset, count }, this.nodes[input]!.schema, input);
  }

  /** A collect sink that keeps every watermark run. */
  collect(input: number, output = 0): number {
    return this.add({
      kind: 'sink', connector: 'collect', table: 'out',
      options: { output: String(output), watermarks: 'exact' },
      format: null, primaryKey: [], partition: [],
    }, this.nodes[input]!.schema, input);
  }

  blackhole(input: number): number {
    return this.add({
      kind: 'sink', connector: 'blackhole', table: 'out', options: {}, format: null,
      primaryKey: [], partition: [],
    }, this.nodes[input]!.schema, input);
  }

  plan(): PhysicalPlan {
    return { version: 1, nodes: this.nodes, zone: 'UTC' };
  }
}

/** id > limit, as a condition over EVENTS. */
export const idAbove = (limit: number): PlanExpression =>
  call('greater', BOOLEAN, column(0, BIGINT), literal(BigInt(limit), BIGINT));
