/**
 * From operators to plan nodes: top-down it is decided edge by edge who needs the old row of an
 * update (E-041), then nodes are numbered, inputs first.
 */
import { fail } from '../../errors/index.js';
import {
  columnsIn, type Expression, isDeterministic, planValueText,
} from '../logical/expression.js';
import { plainType, toPlanExpression } from '../logical/plan-expression.js';
import type { ConvertContext } from './context.js';
import { describe } from './describe.js';
import {
  INSERT_ONLY, PLAN_VERSION, type ChangelogMode, type JoinInput, type PhysicalNode,
  type PhysicalPlan, type PlanExpression,
} from './plan.js';
import { belowNormalize, isNormalize } from './normalize.js';
import {
  isInsertOnly, type CalcOp, type ChangelogNormalizeOp, type CorrelateOp, type LookupJoinOp,
  type IntervalJoinOp, type JoinOp, type MatchOp, type Rel, type SinkOp, type SourceOp,
  type TemporalJoinOp, type UniqueSpec, type WindowJoinOp,
} from './rel.js';
import { semanticIdOf } from './semantic-id.js';
import { pathText } from '../../catalog/table.js';
import type { RowField } from '../../types/data-type.js';

/** A plan and, for EXPLAIN, the operators that its nodes were made from. */
export interface LoweredPlan {
  readonly plan: PhysicalPlan;
  /** By node id. */
  readonly operators: readonly Rel[];
}

/** `roots`: the sinks. */
export function lower(roots: readonly Rel[], context: ConvertContext): LoweredPlan {
  const lowering = new Lowering(context);
  for (const root of roots) lowering.emit(root, ROOT_DEMAND);
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

const ROOT_DEMAND: Demand = { oldRow: false, fullDelete: true };

class Lowering {
  readonly nodes: PhysicalNode[] = [];
  readonly operators: Rel[] = [];
  readonly #context: ConvertContext;
  /** Nodes by what they compute, for plans that read the same part twice. */
  readonly #shared = new Map<string, number>();
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
    const inputs = rel.inputs.map((input, i) => this.emit(input, {
      oldRow: inputWants(rel, i, wanted), fullDelete: inputWantsFullDelete(rel, i, demand),
    }));
    const before = inputs.map((id) => this.nodes[id]);
    const semanticId = semanticIdOf(rel, before.map((node) => node?.semanticId ?? ''));
    const key = sharingKey(rel, inputs, wanted, semanticId);
    const shared = key === undefined ? undefined : this.#shared.get(key);
    if (shared !== undefined) return shared;
    const id = this.nodes.length;
    if (key !== undefined) this.#shared.set(key, id);
    const base = {
      id, inputs, semanticId,
      schema: rel.schema.map((field) => ({ name: field.name, type: plainType(field.type) })),
      changelog: changelogOf(rel, wanted),
      description: describe(rel, 'infix'),
    };
    this.nodes.push(Object.freeze({ ...base, ...this.#payload(rel, wanted) }));
    this.operators.push(rel);
    return id;
  }

  #payload(rel: Rel, wanted: boolean): NodePayload {
    const { op } = rel;
    const input = rel.inputs[0];
    switch (op.kind) {
      case 'source':
        return sourcePayload(op);
      case 'calc':
        return calcPayload(op);
      case 'expand':
        return { kind: op.kind, projects: op.projects.map((one) => one.map(toPlanExpression)) };
      case 'correlate':
        return correlatePayload(op);
      case 'lookup-join':
        return lookupJoinPayload(op);
      case 'changelog-normalize':
        return normalizePayload(op, wanted);
      case 'watermark-assigner':
        return { ...op, watermark: toPlanExpression(op.watermark) };
      case 'group-aggregate': {
        const { calls: _calls, ...rest } = op;
        return {
          ...rest, generateUpdateBefore: wanted, needRetraction: isUpdating(input),
          miniBatch: this.#context.miniBatch, stateTtlMs: this.#context.stateTtlMs,
        };
      }
      case 'window-aggregate': {
        const { calls: _calls, ...rest } = op;
        return { ...rest, needRetraction: isUpdating(input) };
      }
      case 'over-aggregate': {
        const { calls: _calls, ...rest } = op;
        return { ...rest, generateUpdateBefore: wanted };
      }
      case 'rank': {
        const { shownAs: _shown, ...rest } = op;
        return { ...rest, generateUpdateBefore: wanted };
      }
      case 'match':
        return matchPayload(op);
      case 'window-rank':
      case 'window-deduplicate': {
        const { window, ...rest } = op;
        return { ...rest, zone: window.zone };
      }
      case 'deduplicate': {
        const { timeColumn: _shown, ...rest } = op;
        return { ...rest, generateUpdateBefore: wanted };
      }
      case 'sink-upsert-materialize':
        return { ...op, stateTtlMs: this.#context.stateTtlMs };
      case 'to-changelog':
      case 'from-changelog': {
        const { shownAs: _shown, ...rest } = op;
        return rest;
      }
      case 'join':
        return joinPayload(op, rel, wanted, this.#context.stateTtlMs);
      case 'window-join':
        return windowJoinPayload(op);
      case 'interval-join':
        return intervalJoinPayload(op);
      case 'temporal-join':
        return temporalJoinPayload(op);
      case 'sink':
        return sinkPayload(op, this.#sinkOptions(op.connector, op.options));
      default:
        return op;
    }
  }

  /** Sinks that hand their batches to TypeScript are numbered. */
  #sinkOptions(
    connector: string, options: Readonly<Record<string, string>>,
  ): Readonly<Record<string, string>> {
    if (connector !== 'collect' && connector !== 'print') return options;
    return { ...options, output: String(this.#outputs++) };
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
  const options = op.kind === 'source' ? op.options : {};
  return planValueText([semanticId, inputs, oldRow, names, options]);
}

type BaseKey = 'id' | 'inputs' | 'schema' | 'changelog' | 'description' | 'semanticId';
type Payload<Node> = Node extends PhysicalNode ? Omit<Node, BaseKey> : never;
type NodePayload = Payload<PhysicalNode>;

function sourcePayload({ hasUpdateBefore: _kinds, ...op }: SourceOp): NodePayload {
  return {
    ...op, table: pathText(op.table.path),
    columns: op.columns.map((one) => ({ path: one.path, type: plainType(one.type) })),
    tableSchema: op.tableSchema.map((field) => ({ name: field.name, type: plainType(field.type) })),
  };
}

const orNull = (condition: Expression | null): PlanExpression | null =>
  (condition === null ? null : toPlanExpression(condition));

function lookupJoinPayload(
  { kind, joinType, source, fields, keys, arguments: values, condition }: LookupJoinOp,
): NodePayload {
  const { connector, options, format } = source;
  const plain = ({ name, type }: RowField): RowField => ({ name, type: plainType(type) });
  return {
    kind, joinType, keys, arguments: values.map(toPlanExpression), condition: orNull(condition),
    table: {
      connector, options, format, table: pathText(source.table.path), schema: fields.map(plain),
      columns: source.columns.map((one) => ({ path: one.path, type: plainType(one.type) })),
      tableSchema: source.tableSchema.map(plain),
    },
  };
}

function normalizePayload(
  { kind, keys, condition }: ChangelogNormalizeOp, wanted: boolean,
): NodePayload {
  return { kind, keys, generateUpdateBefore: wanted, condition: orNull(condition) };
}

function correlatePayload({ kind, joinType, call, condition }: CorrelateOp): NodePayload {
  return {
    kind, function: call.function, joinType,
    arguments: call.arguments.map(toPlanExpression), condition: orNull(condition),
  };
}

function calcPayload(op: CalcOp): NodePayload {
  return {
    kind: 'calc', projections: op.projections.map(toPlanExpression),
    condition: orNull(op.condition),
  };
}

function matchPayload({ timeColumn: _time, shown: _shown, ...rest }: MatchOp): NodePayload {
  return rest;
}

function windowJoinPayload(op: WindowJoinOp): NodePayload {
  return {
    kind: 'window-join', joinType: op.joinType, filterNulls: op.filterNulls,
    left: { keys: op.leftKeys, windowEnd: op.leftWindow.windowEnd ?? 0 },
    right: { keys: op.rightKeys, windowEnd: op.rightWindow.windowEnd ?? 0 },
    condition: op.condition === null ? null : toPlanExpression(op.condition),
    zone: op.leftWindow.zone,
  };
}

function sinkPayload(op: SinkOp, options: SinkOp['options']): NodePayload {
  const {
    acceptsUpdates: _accepts, wantsUpdateBefore: _wants, acceptsDeletesByKey: _byKey,
    shownAs: _shown, ...rest
  } = op;
  return { ...rest, options };
}

function joinPayload(op: JoinOp, rel: Rel, wanted: boolean, stateTtlMs: number): NodePayload {
  const inputOf = (index: number, keys: readonly number[], state: UniqueSpec): JoinInput => ({
    keys, uniqueness: state.kind, uniqueKey: state.key,
    takesUpdateBefore: inputWants(rel, index, wanted),
    insertOnly: !isUpdating(rel.inputs[index]),
  });
  return {
    kind: 'join', joinType: op.joinType, filterNulls: op.filterNulls, stateTtlMs,
    left: inputOf(0, op.leftKeys, op.leftState), right: inputOf(1, op.rightKeys, op.rightState),
    condition: op.condition === null ? null : toPlanExpression(op.condition),
  };
}

function temporalJoinPayload(op: TemporalJoinOp): NodePayload {
  return {
    kind: 'temporal-join', joinType: op.joinType === 'left' ? 'left' : 'inner',
    left: { keys: op.leftKeys, time: op.leftTime },
    right: { keys: op.rightKeys, time: op.rightTime },
    condition: op.condition === null ? null : toPlanExpression(op.condition),
  };
}

function intervalJoinPayload({ bounds, ...op }: IntervalJoinOp): NodePayload {
  if (op.joinType === 'semi' || op.joinType === 'anti') {
    return fail('MR9001', { detail: `interval join of type ${op.joinType}` });
  }
  return {
    kind: 'interval-join', joinType: op.joinType, filterNulls: op.filterNulls,
    left: { keys: op.leftKeys, time: bounds.leftTime },
    right: { keys: op.rightKeys, time: bounds.rightTime },
    condition: op.condition === null ? null : toPlanExpression(op.condition),
    isRowTime: bounds.isRowTime, lowerMs: bounds.lowerMs, upperMs: bounds.upperMs,
    minCleanupMs: op.minCleanupMs,
  };
}

const isUpdating = (rel: Rel | undefined): boolean =>
  rel !== undefined && !isInsertOnly(rel.traits);

function changelogOf(rel: Rel, oldRow: boolean): ChangelogMode {
  if (rel.op.kind === 'sink' || isInsertOnly(rel.traits)) return INSERT_ONLY;
  const { updates, deletes } = rel.traits;
  return Object.freeze({ updateBefore: oldRow, updateAfter: updates, delete: deletes });
}

/** Whether the node itself must put out old rows; a filter may split a pair. */
function oldRowNeeded(rel: Rel, isOldRowWanted: boolean): boolean {
  if (isOldRowWanted || rel.op.kind !== 'calc' || rel.op.condition === null) return isOldRowWanted;
  const used = [...columnsIn(rel.op.condition)];
  const keys = rel.inputs[0]?.traits.upsertKeys ?? [];
  return !keys.some((key) => used.every((index) => key.includes(index)));
}

/** Whether the input must put out old rows for this node. */
function inputWants(rel: Rel, index: number, oldRow: boolean): boolean {
  const { op } = rel;
  const input = rel.inputs[index];
  if (input === undefined || !input.traits.updates) return false;
  switch (op.kind) {
    case 'calc':
    case 'exchange':
    case 'union':
    case 'watermark-assigner':
    case 'window-table-function':
    case 'correlate':
    case 'lookup-join':
      return oldRow;
    case 'session-window':
    case 'expand':
      return true;
    case 'changelog-normalize':
      return false;
    case 'drop-update-before':
    case 'to-changelog':
      return true;
    case 'rank':
      return op.strategy === 'retract';
    case 'join':
      return oldRow || !joinsByKey(op, rel, index);
    case 'temporal-join':
      return index === 0 && oldRow;
    case 'sink':
      return op.wantsUpdateBefore || !canDropOldRows(input) ||
        (op.primaryKey.length > 0 && !keyFits(rel, op.primaryKey));
    case 'sink-upsert-materialize':
    case 'sink-conflict':
      return !canDropOldRows(input) || !keyFits(rel, op.primaryKey);
    case 'group-aggregate':
    case 'window-aggregate':
    case 'over-aggregate':
    case 'limit':
      return true;
    case 'source':
    case 'values':
    case 'from-changelog':
    case 'window-rank':
    case 'window-deduplicate':
    case 'window-join':
    case 'interval-join':
    case 'deduplicate':
    case 'temporal-sort':
    case 'match':
      return fail('MR9001', { detail: `updates before ${op.kind}` });
  }
}

/** Whether a new row finds what it replaces under the same join key. */
function joinsByKey(op: JoinOp, rel: Rel, index: number): boolean {
  const joinKeys = index === 0 ? op.leftKeys : op.rightKeys;
  const keys = (rel.inputs[index]?.inputs[0] ?? rel.inputs[index])?.traits.upsertKeys ?? [];
  return keys.some((key) => joinKeys.every((one) => key.includes(one)));
}

/**
 * Whether all operators up to here can do without the old rows of updates. If one cannot, every
 * one below the reader puts them out, as FlinkChangelogModeInferenceProgram has it.
 */
function canDropOldRows(rel: Rel): boolean {
  const { op } = rel;
  if (!rel.traits.updates) return true;
  switch (op.kind) {
    case 'calc':
    case 'correlate':
    case 'lookup-join':
    case 'exchange':
    case 'union':
    case 'watermark-assigner':
      return !oldRowNeeded(rel, false) && rel.inputs.every(canDropOldRows);
    case 'join':
      return rel.inputs.every((input, i) => !input.traits.updates ||
        (joinsByKey(op, rel, i) && canDropOldRows(input)));
    case 'temporal-join':
      return rel.inputs.slice(0, 1).every(canDropOldRows);
    case 'from-changelog':
      return false;
    default:
      return true;
  }
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

/** Whether the inputs must give all columns of the rows that they delete. */
function inputWantsFullDelete(rel: Rel, index: number, demand: Demand): boolean {
  const { op } = rel;
  const keys = rel.inputs[0]?.traits.upsertKeys ?? [];
  switch (op.kind) {
    case 'sink':
      return !(op.acceptsDeletesByKey && keyFits(rel, op.primaryKey));
    case 'calc': {
      const used = op.condition === null ? [] : [...columnsIn(op.condition)];
      const looksAtKeyOnly = keys.some((key) => used.every((index) => key.includes(index)));
      return demand.fullDelete || !looksAtKeyOnly || rel.traits.upsertKeys.length === 0;
    }
    case 'exchange':
    case 'watermark-assigner':
    case 'drop-update-before':
      return demand.fullDelete;
    case 'changelog-normalize':
      return false;
    case 'join':
      return demand.fullDelete || !joinsByKey(op, rel, index);
    default:
      return true;
  }
}

function keyFits(rel: Rel, primaryKey: readonly number[]): boolean {
  const keys = rel.inputs[0]?.traits.upsertKeys ?? [];
  return keys.some((key) => key.every((index) => primaryKey.includes(index)));
}
