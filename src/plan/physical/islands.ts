/**
 * Which engine runs which operator, settled when the plan is made (never mid-stream), with the
 * reason that EXPLAIN prints; and the islands: the largest connected runs of one engine.
 */
import { OPERATORS } from '../../../spec/operators.js';
import { fail } from '../../errors/index.js';
import { USER_KERNEL } from '../../expr/user-functions.js';
import type { DataType } from '../../types/data-type.js';
import { matchExpressions } from './operators/functions.js';
import { rowOf } from './operators/table.js';
import type {
  AggregateCall, LookupJoinNode, PhysicalNode, PhysicalPlan, PlanExpression,
} from './plan.js';

export type EngineChoice = 'auto' | 'native' | 'fallback';
export type Engine = 'native' | 'fallback';

/** What an engine can run; a missing member means: everything of its kind. */
export interface EngineCapabilities {
  /** Why the engine as a whole cannot run; undefined if it can. */
  readonly missing?: string;
  /** Node kinds. */
  readonly operators?: ReadonlySet<string>;
  readonly kernels?: ReadonlySet<string>;
  readonly aggregates?: ReadonlySet<string>;
  /** Names of connectors of sources and of sinks. */
  readonly sources?: ReadonlySet<string>;
  readonly sinks?: ReadonlySet<string>;
  readonly formats?: ReadonlySet<string>;
  /** Formats of tables that lookups read. */
  readonly lookupFormats?: ReadonlySet<string>;
  /** Type roots of columns. */
  readonly types?: ReadonlySet<string>;
}

export type CapabilityTable = Readonly<Record<Engine, EngineCapabilities>>;

export interface NodeEngine {
  readonly node: number;
  readonly engine: Engine;
  readonly reason: string;
}

/** Special forms are part of every evaluator. */
const FORMS = new Set(['and', 'or', 'case', 'coalesce', 'field', 'cast', 'try_cast']);

/**
 * The engine of each node. auto: native where it can, save for `wishes`, node kinds or numbers
 * that are to run on the fallback; an engine asked for by name runs every operator, or MR2104
 * names the first one it lacks.
 */
export function chooseEngines(
  plan: PhysicalPlan, choice: EngineChoice, table: CapabilityTable,
  wishes: ReadonlySet<string> = new Set(),
): readonly NodeEngine[] {
  if (choice !== 'auto') return plan.nodes.map((node) => named(node, choice, table));
  const engines = plan.nodes.map((node): NodeEngine => {
    const isWished = wishes.has(node.kind) || wishes.has(String(node.id));
    const lack = lackOf(node, 'native', table.native);
    if (lack === undefined && !isWished) {
      return { node: node.id, engine: 'native', reason: 'native' };
    }
    const other = lackOf(node, 'fallback', table.fallback);
    if (other === undefined) {
      const reason = lack === undefined ? 'fallback asked for' : `not native: ${lack}`;
      return { node: node.id, engine: 'fallback', reason };
    }
    if (lack !== undefined) fail('MR2104', { engine: 'fallback', feature: other });
    return { node: node.id, engine: 'native', reason: `not on the fallback: ${other}` };
  });
  return withoutIdleIslands(plan, engines, table);
}

/**
 * A native island that only passes rows on, next to fallback operators, would cost two crossings
 * for nothing: it joins them.
 */
function withoutIdleIslands(
  plan: PhysicalPlan, engines: readonly NodeEngine[], table: CapabilityTable,
): readonly NodeEngine[] {
  if (engines.every((one) => one.engine === 'native')) return engines;
  const idle = new Set<number>();
  for (const island of connectedRuns(plan, engines, () => false)) {
    const nodes = plan.nodes.filter((node) => island.nodes.includes(node.id));
    const isIdle = island.engine === 'native' && nodes.every((node) =>
      passesOn(node) && lackOf(node, 'fallback', table.fallback) === undefined);
    if (isIdle) for (const id of island.nodes) idle.add(id);
  }
  return engines.map((one): NodeEngine => (!idle.has(one.node) ? one
    : { ...one, engine: 'fallback', reason: 'passes rows on between fallback operators' }));
}

/** Connectors whose rows TypeScript gives or takes. */
const HANDED_OVER = new Set(['external', 'values', 'collect', 'print', 'blackhole']);

function passesOn(node: PhysicalNode): boolean {
  switch (node.kind) {
    case 'source':
    case 'sink':
      return HANDED_OVER.has(node.connector);
    default:
      return node.kind === 'exchange' || node.kind === 'union' || node.kind === 'values';
  }
}

function named(node: PhysicalNode, engine: Engine, table: CapabilityTable): NodeEngine {
  const lack = lackOf(node, engine, table[engine]);
  if (lack !== undefined) fail('MR2104', { engine, feature: lack });
  return { node: node.id, engine, reason: `${engine} asked for` };
}

/** What the engine lacks for the node; undefined if nothing. */
function lackOf(
  node: PhysicalNode, engine: Engine, has: EngineCapabilities,
): string | undefined {
  if (has.missing !== undefined) return has.missing;
  const row = OPERATORS.find((one) => one.kind === node.kind);
  const engines: readonly string[] = row?.engines ?? [];
  if (!engines.includes(engine) || isLacking(has.operators, node.kind)) {
    return `operator ${node.kind}`;
  }
  return lackingConnector(node, has) ?? lackingKernel(node, has) ?? lackingType(node, has);
}

const isLacking = (set: ReadonlySet<string> | undefined, name: string): boolean =>
  set !== undefined && !set.has(name);

function lackingConnector(node: PhysicalNode, has: EngineCapabilities): string | undefined {
  if (node.kind === 'lookup-join') return lackingLookup(node, has);
  if (node.kind !== 'source' && node.kind !== 'sink') return undefined;
  const connectors = node.kind === 'source' ? has.sources : has.sinks;
  if (isLacking(connectors, node.connector)) return `connector ${node.connector}`;
  if (node.format !== null && isLacking(has.formats, node.format.name)) {
    return `format ${node.format.name}`;
  }
  return undefined;
}

function lackingLookup(
  { table }: LookupJoinNode, has: EngineCapabilities,
): string | undefined {
  if (isLacking(has.sources, table.connector)) return `connector ${table.connector}`;
  const format = table.format?.name ?? '';
  if (format === '') return undefined;
  if (isLacking(has.formats, format)) return `format ${format}`;
  return isLacking(has.lookupFormats, format) ? `lookup in a table of format ${format}`
    : undefined;
}

function lackingKernel(node: PhysicalNode, has: EngineCapabilities): string | undefined {
  for (const expression of expressionsOf(node)) {
    const kernel = firstKernel(expression, (name) => !FORMS.has(name) &&
      isLacking(has.kernels, name));
    if (kernel === USER_KERNEL) return 'function written in TypeScript';
    if (kernel !== undefined) return `function ${kernel}`;
  }
  const lacking = aggregatesOf(node).find((one) =>
    one.function !== 'LAG' && isLacking(has.aggregates, one.function));
  return lacking === undefined ? undefined : `aggregate ${lacking.function}`;
}

function aggregatesOf(node: PhysicalNode): readonly AggregateCall[] {
  if (node.kind !== 'match') return 'aggregates' in node ? node.aggregates : [];
  return matchExpressions(node).flatMap((one) => one.groups.flatMap((group) => group.aggregates));
}

/** Whether any expression of the plan calls it. */
export function callsKernel(plan: PhysicalPlan, kernel: string): boolean {
  return plan.nodes.some((node) => expressionsOf(node).some((expression) =>
    firstKernel(expression, (name) => name === kernel) !== undefined));
}

const expressionsOf = (node: PhysicalNode): readonly PlanExpression[] =>
  rowOf(node.kind).expressions?.(node) ?? [];

function firstKernel(
  expression: PlanExpression, test: (kernel: string) => boolean,
): string | undefined {
  if (expression.kind !== 'call') return undefined;
  if (test(expression.kernel)) return expression.kernel;
  for (const part of expression.arguments) {
    const found = firstKernel(part, test);
    if (found !== undefined) return found;
  }
  return undefined;
}

function lackingType(node: PhysicalNode, has: EngineCapabilities): string | undefined {
  const field = node.schema.find((one) => isLacking(has.types, rootOf(one.type)));
  return field === undefined ? undefined : `type ${rootOf(field.type)} of column ${field.name}`;
}

const rootOf = (type: DataType): string => type.root;

/** A connected run of operators of one engine. */
export interface Island {
  readonly engine: Engine;
  /** Node ids in plan order. */
  readonly nodes: readonly number[];
}

/** Islands are cut where the engine changes and at keyed exchanges, which begin a new one. */
export function islandsOf(plan: PhysicalPlan, engines: readonly NodeEngine[]): readonly Island[] {
  return connectedRuns(plan, engines,
    (node) => node.kind === 'exchange' && node.distribution !== 'single');
}

/** Connected nodes of one engine; a node that `begins` does not join those before it. */
function connectedRuns(
  plan: PhysicalPlan, engines: readonly NodeEngine[], begins: (node: PhysicalNode) => boolean,
): readonly Island[] {
  const engineOf = new Map(engines.map((one) => [one.node, one.engine]));
  const islandOf = new Map<number, number>();
  const islands: { engine: Engine; nodes: number[] }[] = [];
  for (const node of plan.nodes) {
    const engine = engineOf.get(node.id) ?? 'fallback';
    const joined = begins(node) ? [] : node.inputs.flatMap((id) => {
      const index = islandOf.get(id);
      return index !== undefined && islands[index]?.engine === engine ? [index] : [];
    });
    const [target = islands.push({ engine, nodes: [] }) - 1, ...others] = [...new Set(joined)];
    for (const other of others) moveNodes(islands, islandOf, other, target);
    islands[target]?.nodes.push(node.id);
    islandOf.set(node.id, target);
  }
  return islands.filter((one) => one.nodes.length > 0)
    .map((one) => ({ engine: one.engine, nodes: one.nodes.sort((a, b) => a - b) }));
}

/** A union joins the islands of its inputs. */
function moveNodes(
  islands: readonly { nodes: number[] }[], islandOf: Map<number, number>, from: number, to: number,
): void {
  const moved = islands[from]?.nodes.splice(0) ?? [];
  islands[to]?.nodes.push(...moved);
  for (const id of moved) islandOf.set(id, to);
}
