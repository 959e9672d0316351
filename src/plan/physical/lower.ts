/**
 * From operators to plan nodes: top-down it is decided edge by edge who needs the old row of an
 * update (E-041), then nodes are numbered, inputs first.
 */
import { fail } from '../../errors/index.js';
import { isDeterministic, planValueText } from '../logical/expression.js';
import { plainType } from '../logical/plan-expression.js';
import type { ConvertContext } from './context.js';
import { belowNormalize, isNormalize } from './normalize.js';
import type { Edge } from './operators/row.js';
import { describe, rowOf } from './operators/table.js';
import {
  INSERT_ONLY, PLAN_VERSION, type ChangelogMode, type PhysicalNode, type PhysicalPlan,
} from './plan.js';
import { isInsertOnly, type ChangelogNormalizeOp, type Rel } from './rel.js';
import { repeatedId, semanticIdOf } from './semantic-id.js';

/** A plan and, for EXPLAIN, the operators that its nodes were made from. */
export interface LoweredPlan {
  readonly plan: PhysicalPlan;
  /** By node id. */
  readonly operators: readonly Rel[];
}

/** `roots`: the sinks. */
export function lower(roots: readonly Rel[], context: ConvertContext): LoweredPlan {
  const lowering = new Lowering(context);
  for (const root of roots) lowering.emit(root, rootDemand(root));
  return {
    plan: { version: PLAN_VERSION, nodes: lowering.nodes, zone: context.zone },
    operators: lowering.operators,
  };
}

/** What the reader of an edge asks for. */
interface Demand {
  /** Old rows of updates. */
  readonly oldRow: boolean;
  /** All columns of deleted rows, not only their key. */
  readonly fullDelete: boolean;
}

/** A query that is only explained has no sink: Flink leaves its old rows out where it can. */
const rootDemand = (root: Rel): Demand =>
  ({ oldRow: !canDropOldRows(root), fullDelete: true });

class Lowering {
  readonly nodes: PhysicalNode[] = [];
  readonly operators: Rel[] = [];
  readonly #context: ConvertContext;
  /** Nodes by what they compute, for plans that read the same part twice. */
  readonly #shared = new Map<string, number>();
  /** How often each id was given. */
  readonly #used = new Map<string, number>();
  #outputs = 0;

  constructor(context: ConvertContext) {
    this.#context = context;
  }

  /** Emits the inputs and the node; returns the node's id. */
  emit(rel: Rel, demand: Demand): number {
    if (isNeedless(rel, demand)) return this.emit(belowNormalize(rel), demand);
    const wanted = rel.traits.updates && oldRowNeeded(rel, demand.oldRow);
    if (rel.op.kind === 'source' && rel.op.hasUpdateBefore && rel.traits.updates && !wanted) {
      return this.emit(withoutOldRows(rel), demand);
    }
    const own: Demand = { ...demand, oldRow: wanted };
    const inputs = rel.inputs.map((input, i) => this.emit(input, {
      oldRow: takesOldRow(rel, i, own), fullDelete: takesFullDelete(rel, i, own),
    }));
    const before = inputs.map((id) => this.nodes[id]);
    const semanticId = semanticIdOf(rel, before.map((node) => node?.semanticId ?? ''));
    const key = this.#context.reusesPlans ? sharingKey(rel, inputs, wanted, semanticId) : undefined;
    const shared = key === undefined ? undefined : this.#shared.get(key);
    if (shared !== undefined) return shared;
    const id = this.nodes.length;
    if (key !== undefined) this.#shared.set(key, id);
    const base = {
      id, inputs, semanticId: this.#ownId(semanticId),
      schema: rel.schema.map((field) => ({ name: field.name, type: plainType(field.type) })),
      changelog: changelogOf(rel, wanted),
      description: describe(rel, 'infix'),
    };
    const payload = rowOf(rel.op.kind).payload(rel.op, {
      rel, oldRow: wanted, context: this.#context,
      takesOldRow: (index) => takesOldRow(rel, index, own),
      nextOutput: () => this.#outputs++,
    });
    this.nodes.push(Object.freeze({ ...base, ...payload }));
    this.operators.push(rel);
    return id;
  }

  /** Equal operators that are not one node keep their state apart. */
  #ownId(semanticId: string): string {
    const times = (this.#used.get(semanticId) ?? 0) + 1;
    this.#used.set(semanticId, times);
    return times === 1 ? semanticId : repeatedId(semanticId, times);
  }
}

/**
 * Equal keys, equal rows: such a part of the plan runs once for all that read it, as in Flink. A
 * sink is never shared.
 */
function sharingKey(
  rel: Rel, inputs: readonly number[], oldRow: boolean, semanticId: string,
): string | undefined {
  const { op } = rel;
  if (op.kind === 'sink') return undefined;
  if (op.kind === 'calc' && !op.projections.every(isDeterministic)) return undefined;
  const names = rel.schema.map((field) => field.name);
  const read = op.kind !== 'source' ? null
    : [op.options, op.limit ?? null, op.columns.map((one) => ({ ...one.bounds }))];
  return planValueText([semanticId, inputs, oldRow, names, read]);
}

function changelogOf(rel: Rel, oldRow: boolean): ChangelogMode {
  if (rel.op.kind === 'sink' || isInsertOnly(rel.traits)) return INSERT_ONLY;
  const { updates, deletes } = rel.traits;
  return Object.freeze({ updateBefore: oldRow, updateAfter: updates, delete: deletes });
}

/** Whether the node itself must put out old rows. */
const oldRowNeeded = (rel: Rel, isOldRowWanted: boolean): boolean =>
  isOldRowWanted || rowOf(rel.op.kind).needsOldRow?.(rel.op, rel) === true;

function edgeOf(rel: Rel, index: number, demand: Demand): Edge | undefined {
  const input = rel.inputs[index];
  return input === undefined ? undefined : { rel, index, input, ...demand, canDropOldRows };
}

/** Whether the input must put out old rows for this node. */
function takesOldRow(rel: Rel, index: number, demand: Demand): boolean {
  const edge = edgeOf(rel, index, demand);
  if (edge === undefined || !edge.input.traits.updates) return false;
  const takes = rowOf(rel.op.kind).takesOldRow;
  if (takes === undefined) fail('MR9001', { detail: `updates before ${rel.op.kind}` });
  return takes(rel.op, edge);
}

/** Whether the input must give all columns of the rows that it deletes. */
function takesFullDelete(rel: Rel, index: number, demand: Demand): boolean {
  const edge = edgeOf(rel, index, demand);
  return edge === undefined || (rowOf(rel.op.kind).takesFullDelete?.(rel.op, edge) ?? true);
}

function canDropOldRows(rel: Rel): boolean {
  if (!rel.traits.updates) return true;
  if (oldRowNeeded(rel, false)) return false;
  return rowOf(rel.op.kind).canDropOldRows?.(rel.op, rel, canDropOldRows) ?? true;
}

/** What the normalization would add is not asked for. */
function isNeedless(
  rel: Rel, demand: Demand,
): rel is Rel & { readonly op: ChangelogNormalizeOp } {
  if (!isNormalize(rel) || rel.op.condition !== null || rel.op.dropsDuplicates) return false;
  const { deletesByKey } = belowNormalize(rel).traits;
  return !demand.oldRow && !(demand.fullDelete && deletesByKey === true);
}

function withoutOldRows(source: Rel): Rel {
  return {
    op: { kind: 'drop-update-before' }, inputs: [source], schema: source.schema,
    traits: source.traits,
  };
}
