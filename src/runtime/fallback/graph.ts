/**
 * The plan as tasks: its nodes grouped into fragments, and the links between fragments.
 * native/pipeline/graph.h describes it, and what borders are, and cuts plans in the same way.
 */
import { fail } from '../../errors/index.js';
import type { PhysicalNode, PhysicalPlan } from '../../plan/physical/plan.js';
import type { RowField } from '../../types/data-type.js';

export type Distribution = 'forward' | 'hash' | 'single' | 'rebalance';

export interface EdgeTarget {
  readonly node: number;
  readonly input: number;
}

/** Batches that go from a node of one fragment to a node of another. Nodes by position. */
export interface Link {
  readonly producer: number;
  readonly consumer: EdgeTarget;
  readonly distribution: Distribution;
  readonly keys: readonly number[];
}

export interface GraphNode {
  readonly plan: PhysicalNode;
  /** Positions of the inputs; exchanges that vanish are left out. */
  readonly inputs: number[];
  readonly inputSchemas: readonly (readonly RowField[])[];
  fragment: number;
  readonly local: EdgeTarget[];
  readonly links: number[];
  /** Pipeline output of a sink, pipeline input of an external source; -1 otherwise. */
  readonly output: number;
  readonly external: number;
  /**
   * Of a border to the other engine: how many ports it takes from that number on, one a subtask
   * of the producer. 0: no border, one port.
   */
  readonly lanes: number;
}

export interface Fragment {
  readonly nodes: number[];
  readonly inputLinks: number[];
  parallelism: number;
}

export interface Graph {
  readonly plan: PhysicalPlan;
  readonly nodes: readonly GraphNode[];
  readonly links: readonly Link[];
  readonly fragments: readonly Fragment[];
  readonly inputCount: number;
  readonly outputCount: number;
}

/** Cuts a plan into fragments. MR9001 for a plan that is not one. */
export function makeGraph(plan: PhysicalPlan, parallelism: number): Graph {
  const graph = makeFragments(plan, parallelism);
  const { nodes } = graph;
  checkLanes(nodes, graph.fragments);
  const inputCount = portCount(nodes.map((node) => portsFrom(node.external, node)));
  const outputCount = portCount(nodes.map((node) => portsFrom(node.output, node)));
  return { ...graph, inputCount, outputCount };
}

/** How many subtasks each node of a plan has, by id; exchanges have none. */
export function subtasksOf(plan: PhysicalPlan, parallelism: number): ReadonlyMap<number, number> {
  const { nodes, fragments } = makeFragments(plan, parallelism);
  return new Map(nodes.flatMap(({ plan: { id }, fragment }) =>
    (fragment < 0 ? [] : [[id, fragments[fragment]!.parallelism] as const])));
}

type Fragments = Omit<Graph, 'inputCount' | 'outputCount'>;

function makeFragments(plan: PhysicalPlan, parallelism: number): Fragments {
  const nodes = decodeNodes(plan);
  removeVanishing(nodes, parallelism);
  const depths = findDepths(nodes);
  const fragments = group(nodes, depths);
  const links = findLinks(nodes, fragments);
  for (const fragment of fragments) {
    const isSingle = fragment.inputLinks.some((link) => links[link]!.distribution === 'single') ||
      fragment.nodes.some((position) => isToldSingle(nodes[position]!));
    fragment.parallelism = isSingle ? 1 : parallelism;
  }
  return { plan, nodes, links, fragments };
}

function bad(detail: string): never {
  return fail('MR9001', { detail: `plan: ${detail}` });
}

function decodeNodes(plan: PhysicalPlan): GraphNode[] {
  const positions = new Map<number, number>();
  return plan.nodes.map((node, position) => {
    const inputs = node.inputs.map((id) =>
      positions.get(id) ?? bad('input does not come before its node'));
    if (positions.has(node.id)) bad('node id is not unique');
    positions.set(node.id, position);
    return {
      plan: node, inputs, fragment: -1, local: [], links: [],
      inputSchemas: inputs.map((input) => plan.nodes[input]!.schema),
      output: node.kind === 'sink' ? port(node.options['output']) : -1,
      external: node.kind === 'source' && node.connector === 'external'
        ? port(node.options['input'] ?? bad('external source without a number')) : -1,
      lanes: Math.max(0, optionOf(node, 'lanes')),
    };
  });
}

/** A number among the options of a source or a sink; -1 where it is not there. */
function optionOf(node: PhysicalNode, name: string): number {
  return node.kind === 'source' || node.kind === 'sink' ? port(node.options[name]) : -1;
}

/** Whether a border, or a table that one subtask reads, says that its fragment has one. */
function isToldSingle({ plan, external }: GraphNode): boolean {
  if (external >= 0) return optionOf(plan, 'subtasks') === 1;
  return plan.kind === 'source' && plan.options['scan.parallelism'] === '1';
}

/** A sink at a border has a lane for each of its subtasks. */
function checkLanes(nodes: readonly GraphNode[], fragments: readonly Fragment[]): void {
  for (const { output, lanes, fragment } of nodes) {
    if (output < 0 || lanes === 0) continue;
    if (lanes !== fragments[fragment]!.parallelism) {
      bad('a border has other lanes than subtasks');
    }
  }
}

/** The port numbers of a node whose first one is given. */
function portsFrom(first: number, { lanes }: GraphNode): readonly number[] {
  if (first < 0) return [];
  return Array.from({ length: Math.max(1, lanes) }, (_, lane) => first + lane);
}

function port(text: string | undefined): number {
  if (text === undefined || text === '') return -1;
  const number = Number(text);
  return Number.isInteger(number) && number >= 0 && number < 1024 ? number
    : bad('port number is wrong');
}

/** Numbers are dense and each is used once. */
function portCount(numbers: readonly (readonly number[])[]): number {
  const used = numbers.flat().sort((a, b) => a - b);
  if (used.some((number, i) => number !== i)) bad('port numbers have gaps or double');
  return used.length;
}

/** At parallelism 1 an exchange that is no hash exchange is taken out of the graph. */
function removeVanishing(nodes: readonly GraphNode[], parallelism: number): void {
  if (parallelism > 1) return;
  for (const node of nodes) {
    node.inputs.forEach((_, i) => {
      let from = nodes[node.inputs[i]!]!;
      while (from.plan.kind === 'exchange' && from.plan.distribution !== 'hash') {
        node.inputs[i] = from.inputs[0]!;
        from = nodes[node.inputs[i]]!;
      }
    });
  }
}

function isExchange(node: GraphNode): boolean {
  return node.plan.kind === 'exchange';
}

function findDepths(nodes: readonly GraphNode[]): readonly number[] {
  const depths: number[] = [];
  for (const node of nodes) {
    const depth = node.inputs.map((input) => depths[input]! + (isExchange(nodes[input]!) ? 1 : 0));
    depths.push(Math.max(0, node.external < 0 ? 0 : optionOf(node.plan, 'depth'), ...depth));
  }
  return depths;
}

/** Nodes of one depth that are connected form a fragment. */
function group(nodes: readonly GraphNode[], depths: readonly number[]): Fragment[] {
  const parents = nodes.map((_, position) => position);
  const root = (node: number): number => {
    let at = node;
    while (parents[at] !== at) at = parents[at]!;
    return at;
  };
  nodes.forEach((node, position) => {
    if (isExchange(node)) return;
    for (const input of node.inputs) {
      const isSame = !isExchange(nodes[input]!) && depths[input] === depths[position];
      if (isSame) parents[root(input)] = root(position);
    }
  });
  const fragments: Fragment[] = [];
  const fragmentOf = new Map<number, number>();
  nodes.forEach((node, position) => {
    if (isExchange(node)) return;
    const key = root(position);
    if (!fragmentOf.has(key)) {
      fragmentOf.set(key, fragments.length);
      fragments.push({ nodes: [], inputLinks: [], parallelism: 1 });
    }
    node.fragment = fragmentOf.get(key)!;
    fragments[node.fragment]!.nodes.push(position);
  });
  return fragments;
}

function findLinks(nodes: readonly GraphNode[], fragments: readonly Fragment[]): Link[] {
  const links: Link[] = [];
  nodes.forEach((node, position) => {
    if (isExchange(node)) return;
    node.inputs.forEach((from, input) => {
      const target = { node: position, input };
      const producer = nodes[from]!;
      if (!isExchange(producer) && producer.fragment === node.fragment) {
        producer.local.push(target);
        return;
      }
      const link = makeLink(nodes, from, target);
      nodes[link.producer]!.links.push(links.length);
      fragments[node.fragment]!.inputLinks.push(links.length);
      links.push(link);
    });
  });
  return links;
}

function makeLink(nodes: readonly GraphNode[], from: number, consumer: EdgeTarget): Link {
  const { plan, inputs } = nodes[from]!;
  if (plan.kind !== 'exchange') {
    return { producer: from, consumer, distribution: 'forward', keys: [] };
  }
  const producer = inputs[0]!;
  if (isExchange(nodes[producer]!)) bad('exchange of an exchange');
  return { producer, consumer, distribution: plan.distribution, keys: plan.keys };
}
