/**
 * Cuts a plan whose nodes have different engines into two plans, one an engine, and says how
 * their ports belong together. Where an edge leads from one engine to the other, the producer's
 * half gets a sink and the consumer's half an external source in its place:
 *
 *     native    source - watermark-assigner - sink |       | source - exchange - aggregate
 *     fallback                                     | source - calc - sink |
 *
 * A half holds all islands of its engine. Tasks never feed each other in a circle, although the
 * halves do: a border adds one to the depth of what lies behind it, and nodes of different depth
 * are different tasks (native/pipeline/graph.h).
 */
import { fail } from '../../errors/index.js';
import type { Engine, NodeEngine } from '../../plan/physical/islands.js';
import type {
  PhysicalNode, PhysicalPlan, SinkNode, SourceNode,
} from '../../plan/physical/plan.js';
import { subtasksOf } from '../fallback/graph.js';

/** A port of one of the two pipelines. */
export interface Port {
  readonly engine: Engine;
  readonly number: number;
}

/** One lane of a border: what comes out of `output` goes into `input` of the other engine. */
export interface Lane {
  readonly from: Engine;
  readonly output: number;
  readonly to: Engine;
  readonly input: number;
}

export interface CutPlan {
  readonly halves: Readonly<Record<Engine, PhysicalPlan>>;
  readonly lanes: readonly Lane[];
  /** Where the plan's own inputs and outputs have gone, by number. */
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /** Nodes that stand at borders, and the node of the plan whose rows they pass on. */
  readonly standIns: ReadonlyMap<number, number>;
}

/** An edge between engines; several consumers of one half share it. */
interface Border {
  readonly producer: PhysicalNode;
  readonly from: Engine;
  readonly to: Engine;
  /** Subtasks of what lies behind it: all, or one. */
  readonly isSingle: boolean;
  readonly sinkId: number;
  readonly sourceId: number;
}

/** Cuts a plan. Costs O(nodes). MR9001 for a plan that is none. */
export function cutPlan(
  plan: PhysicalPlan, engines: readonly NodeEngine[], parallelism: number,
): CutPlan {
  return new Cutter(plan, engines, parallelism).cut();
}

class Cutter {
  private readonly engineOf: ReadonlyMap<number, Engine>;
  private readonly nodes: ReadonlyMap<number, PhysicalNode>;
  private readonly subtasks: ReadonlyMap<number, number>;
  private readonly depths = new Map<number, number>();
  private readonly borders = new Map<string, Border>();
  private nextId: number;

  constructor(
    private readonly plan: PhysicalPlan, engines: readonly NodeEngine[],
    private readonly parallelism: number,
  ) {
    this.engineOf = new Map(engines.map((one) => [one.node, one.engine]));
    this.nodes = new Map(plan.nodes.map((node) => [node.id, node]));
    this.subtasks = subtasksOf(plan, parallelism);
    this.nextId = Math.max(-1, ...plan.nodes.map((node) => node.id)) + 1;
  }

  cut(): CutPlan {
    for (const node of this.plan.nodes) this.findDepth(node);
    const halves = { native: this.half('native'), fallback: this.half('fallback') };
    const borders = [...this.borders.values()];
    const sinks = { native: this.withSinks(halves.native, 'native'),
      fallback: this.withSinks(halves.fallback, 'fallback') };
    const counts = new Map([
      ...subtasksOf(sinks.native, this.parallelism),
      ...subtasksOf(sinks.fallback, this.parallelism),
    ]);
    const lanes = new Map(borders.flatMap(({ sinkId, sourceId }) => {
      const count = counts.get(sinkId)!;
      return [[sinkId, count], [sourceId, count]] as const;
    }));
    const ports = new PortNumbers(lanes);
    return {
      halves: {
        native: ports.number(sinks.native, 'native'),
        fallback: ports.number(sinks.fallback, 'fallback'),
      },
      lanes: borders.flatMap((border) => ports.lanesOf(border)),
      inputs: ports.inputs, outputs: ports.outputs,
      standIns: new Map(borders.flatMap(({ producer, sinkId, sourceId }) =>
        [[sinkId, producer.id], [sourceId, producer.id]] as const)),
    };
  }

  private engine(node: number): Engine {
    return this.engineOf.get(node) ?? fail('MR9001', { detail: `no engine for node ${node}` });
  }

  private findDepth(node: PhysicalNode): void {
    const depths = node.inputs.map((id) => {
      const isStep = this.nodes.get(id)?.kind === 'exchange' ||
        this.engine(id) !== this.engine(node.id);
      return (this.depths.get(id) ?? 0) + (isStep ? 1 : 0);
    });
    this.depths.set(node.id, Math.max(0, ...depths));
  }

  /** The nodes of one engine, with sources where rows come from the other. */
  private half(engine: Engine): PhysicalPlan {
    const half: PhysicalNode[] = [];
    const placed = new Set<number>();
    for (const node of this.plan.nodes) {
      if (this.engine(node.id) !== engine) continue;
      const inputs = node.inputs.map((id) => {
        if (this.engine(id) === engine) return id;
        const border = this.border(id, node);
        if (!placed.has(border.sourceId)) half.push(this.sourceAt(border));
        placed.add(border.sourceId);
        return border.sourceId;
      });
      half.push({ ...node, inputs });
    }
    return { ...this.plan, nodes: half };
  }

  private border(producerId: number, consumer: PhysicalNode): Border {
    // Rows get to an exchange in the subtasks of its input.
    const placed = consumer.kind === 'exchange' ? producerId : consumer.id;
    const isSingle = this.subtasks.get(placed) === 1;
    const key = `${producerId}/${isSingle}`;
    const known = this.borders.get(key);
    if (known !== undefined) return known;
    const border = {
      producer: this.nodes.get(producerId)!, from: this.engine(producerId),
      to: this.engine(consumer.id), isSingle, sinkId: this.nextId++, sourceId: this.nextId++,
    };
    this.borders.set(key, border);
    return border;
  }

  private sourceAt({ producer, isSingle, sourceId }: Border): SourceNode {
    const depth = (this.depths.get(producer.id) ?? 0) + 1;
    return {
      ...standIn(producer, sourceId), kind: 'source', connector: 'external', inputs: [],
      options: { input: '0', depth: String(depth), ...(isSingle ? { subtasks: '1' } : {}) },
      tableSchema: producer.schema,
      columns: producer.schema.map((field) => ({ path: [field.name], type: field.type })),
    };
  }

  private withSinks(half: PhysicalPlan, engine: Engine): PhysicalPlan {
    const sinks = [...this.borders.values()].filter((border) => border.from === engine)
      .map(({ producer, sinkId }): SinkNode => ({
        ...standIn(producer, sinkId), kind: 'sink', connector: 'collect', inputs: [producer.id],
        options: { watermarks: 'exact' }, primaryKey: [], partition: [],
      }));
    return { ...half, nodes: [...half.nodes, ...sinks] };
  }
}

/** What stand-ins have of the node whose rows they pass on. They have no state. */
function standIn({ schema, changelog, description }: PhysicalNode, id: number): {
  readonly id: number; readonly schema: PhysicalNode['schema'];
  readonly changelog: PhysicalNode['changelog']; readonly description: string;
  readonly semanticId: string; readonly table: string; readonly format: null;
} {
  return {
    id, schema, changelog, description, semanticId: `border ${id}`, table: 'border', format: null,
  };
}

/** Numbers the ports of both halves. */
class PortNumbers {
  readonly inputs: Port[] = [];
  readonly outputs: Port[] = [];
  private readonly used = { native: { in: 0, out: 0 }, fallback: { in: 0, out: 0 } };
  private readonly first = new Map<number, number>();

  /** How many lanes the stand-ins have, by id. */
  constructor(private readonly laneCounts: ReadonlyMap<number, number>) {}

  number(half: PhysicalPlan, engine: Engine): PhysicalPlan {
    const nodes = half.nodes.map((node): PhysicalNode => {
      if (node.kind === 'source' && node.connector === 'external') {
        return { ...node, options: this.options(node, engine, 'input', this.inputs) };
      }
      const isOutput = node.kind === 'sink' &&
        (this.laneCounts.has(node.id) || node.options['output'] !== undefined);
      return !isOutput ? node
        : { ...node, options: this.options(node, engine, 'output', this.outputs) };
    });
    return { ...half, nodes };
  }

  lanesOf({ from, to, sinkId, sourceId }: Border): readonly Lane[] {
    return Array.from({ length: this.laneCounts.get(sinkId)! }, (_, lane): Lane => ({
      from, output: this.first.get(sinkId)! + lane, to, input: this.first.get(sourceId)! + lane,
    }));
  }

  private options(
    node: SourceNode | SinkNode, engine: Engine, name: 'input' | 'output', own: Port[],
  ): Readonly<Record<string, string>> {
    const lanes = this.laneCounts.get(node.id);
    const side = name === 'input' ? 'in' : 'out';
    const number = this.used[engine][side];
    this.used[engine][side] += lanes ?? 1;
    if (lanes === undefined) {
      own[Number(node.options[name])] = { engine, number };
      return { ...node.options, [name]: String(number) };
    }
    this.first.set(node.id, number);
    return { ...node.options, [name]: String(number), lanes: String(lanes) };
  }
}
