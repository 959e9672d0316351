/**
 * Plans as text, so that COMPILE PLAN can keep one and EXECUTE PLAN run it without its SQL: JSON
 * with a node a line, the version of the plan's form and a checksum over what it says. What is
 * not whole, not ours or not of this version is refused by name before anything runs.
 */
import { createHash } from 'node:crypto';
import { OPERATORS } from '../../spec/operators.js';
import { TYPES } from '../../spec/types.js';
import type { SessionFunction } from '../catalog/functions.js';
import { errorOf, fail, MillraceError } from '../errors/index.js';
import { USER_KERNEL } from '../expr/user-functions.js';
import { childTypes, typesEqual, type DataType, type RowField } from '../types/data-type.js';
import { encodePlan } from './physical/encode.js';
import { rowOf } from './physical/operators/table.js';
import {
  PLAN_VERSION, type PhysicalNode, type PhysicalPlan, type PlanExpression, type PlanValue,
} from './physical/plan.js';

/** What stands first in such a file. */
const FORM = 'millrace plan';

/** Most nodes of a plan that is read. */
const MAX_NODES = 100_000;

/** A file with its text, and where its functions written in TypeScript are found. */
export interface PlanFile {
  /** For errors. */
  readonly path: string;
  readonly text: string;
  readonly functionOf: (name: string) => SessionFunction | undefined;
}

/** `writer`: the version of the package, for people. */
export function planText(plan: PhysicalPlan, writer: string): string {
  const kept = withHandles(plan as unknown as PlanValue, () => 0) as unknown as PhysicalPlan;
  const { nodes, version, ...rest } = kept;
  const head = { form: FORM, version, writer, checksum: checksumOf(kept), ...rest };
  const lines = nodes.map((node) => JSON.stringify(toJson(node as unknown as PlanValue)));
  return `${JSON.stringify(head, null, 1).slice(0, -2)},\n "nodes": [\n  ${
    lines.join(',\n  ')}\n ]\n}\n`;
}

/**
 * The plan of a file. MR5005: it is damaged; MR5006: it is no plan of millrace; MR5007: of another
 * version; MR2003, MR2007: a function written in TypeScript is not there, or is another.
 */
export function readPlan(file: PlanFile): PhysicalPlan {
  const content = headOf(file);
  const { form: _form, writer: _writer, checksum, ...plan } = content;
  if (plan['version'] !== PLAN_VERSION) {
    fail('MR5007', {
      path: file.path, version: String(plan['version']), expected: PLAN_VERSION,
    });
  }
  try {
    const value = fromJson(plan) as unknown as PhysicalPlan;
    if (checksumOf(value) !== checksum) damaged(file, 'its checksum is another');
    checkPlan(file, value);
    return withHandles(value as unknown as PlanValue, (call) =>
      handleOf(file, call)) as unknown as PhysicalPlan;
  } catch (error) {
    if (error instanceof MillraceError) throw error;
    return damaged(file, error instanceof Error ? error.message : String(error));
  }
}

type Json = { readonly [name: string]: unknown };

const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function headOf(file: PlanFile): Json {
  const { path, text } = file;
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    if (!text.includes(FORM)) throw errorOf('MR5006', { path, reason: 'no JSON' });
    damaged(file, error instanceof Error ? error.message : 'no JSON');
  }
  if (!isRecord(content)) return fail('MR5006', { path, reason: 'no JSON object' });
  if ('flinkVersion' in content) {
    const reason = `it was compiled by Apache Flink ${String(content['flinkVersion'])}`;
    fail('MR5006', { path, reason });
  }
  return content['form'] === FORM ? content : fail('MR5006', { path, reason: 'no plan' });
}

function damaged({ path }: PlanFile, reason: string): never {
  return fail('MR5005', { path, reason });
}

/** Over the binary form: how the text is laid out does not count. */
function checksumOf({ version, zone, nodes }: PhysicalPlan): string {
  return createHash('sha256').update(encodePlan({ version, zone, nodes })).digest('hex');
}

/**
 * What JSON cannot say stands as an object of one member: {"$integer": "9"} for a bigint,
 * {"$bytes": base64}, {"$double": "NaN"}, and {"$map": {...}} around a map that would look so.
 */
function toJson(value: PlanValue): unknown {
  if (typeof value === 'bigint') return { $integer: String(value) };
  if (typeof value === 'number') {
    const isPlain = Number.isFinite(value) && !Object.is(value, -0);
    return isPlain ? value : { $double: Object.is(value, -0) ? '-0' : String(value) };
  }
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return value.map(toJson);
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
    .map(([name, member]) => [name, toJson(member)] as const);
  const plain = Object.fromEntries(members);
  return members.length === 1 && members[0]![0].startsWith('$') ? { $map: plain } : plain;
}

function fromJson(value: unknown): PlanValue {
  if (Array.isArray(value)) return value.map(fromJson);
  if (!isRecord(value)) return value as PlanValue;
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only?.[0].startsWith('$') === true) return special(only[0], only[1]);
  return membersOf(value);
}

const membersOf = (value: Json): PlanValue =>
  Object.fromEntries(Object.entries(value).map(([name, member]) => [name, fromJson(member)]));

function special(name: string, value: unknown): PlanValue {
  if (name === '$map' && isRecord(value)) return membersOf(value);
  if (typeof value === 'string') {
    if (name === '$integer') return BigInt(value);
    if (name === '$double') return Number(value);
    if (name === '$bytes') return new Uint8Array(Buffer.from(value, 'base64'));
  }
  throw new Error(`unknown form of a value: ${name}`);
}

/** A call of a function written in TypeScript, as plans have it. */
interface UserCall {
  readonly arguments: readonly PlanExpression[];
  readonly type: DataType;
  readonly options: { readonly name: string };
}

/** The plan with other handles: they mean something in one process only. */
function withHandles(value: PlanValue, handle: (call: UserCall) => number): PlanValue {
  if (Array.isArray(value)) return value.map((one: PlanValue) => withHandles(one, handle));
  if (!isRecord(value) || value instanceof Uint8Array) return value;
  const members = Object.fromEntries(Object.entries(value).map(([name, member]) =>
    [name, withHandles(member as PlanValue, handle)]));
  if (value['kind'] !== 'call' || value['kernel'] !== USER_KERNEL) return members;
  const call = value as unknown as UserCall;
  return { ...members, options: { name: call.options.name, handle: handle(call) } };
}

/** The session's function of that name, if it has the same types. */
function handleOf({ functionOf }: PlanFile, call: UserCall): number {
  const { name } = call.options;
  const found = functionOf(name);
  if (found === undefined) return fail('MR2003', { name, suggestion: undefined });
  const types = call.arguments.map((one) => one.type);
  const isSame = typesEqual(found.resultType, call.type, true) &&
    types.length === found.parameterTypes.length &&
    types.every((type, i) => typesEqual(type, found.parameterTypes[i]!, true));
  if (isSame) return found.handle;
  return fail('MR2007', { detail: `function ${name} has other types than in the plan` });
}

/** Form alone: what a checksum cannot see in a file that was written by hand. */
function checkPlan(file: PlanFile, { nodes, zone }: PhysicalPlan): void {
  const isList = Array.isArray(nodes) && nodes.length > 0 && nodes.length <= MAX_NODES;
  if (!isList || typeof zone !== 'string') damaged(file, 'it has no nodes or no zone');
  const wrong = nodes.findIndex((node, id) => !isNode(node, id, nodes));
  if (wrong >= 0) damaged(file, `node ${wrong} is malformed`);
}

const KINDS: ReadonlySet<string> = new Set(OPERATORS.map((row) => row.kind));
const ROOTS: ReadonlySet<string> = new Set(TYPES.map((row) => row.root));

function isNode(node: PhysicalNode, id: number, all: readonly PhysicalNode[]): boolean {
  const { inputs, schema, changelog } = node;
  const areInputs = inputs.every((input) => Number.isInteger(input) && input >= 0 && input < id);
  const isNamed = typeof node.description === 'string' && typeof node.semanticId === 'string';
  const hasMode = [changelog.updateBefore, changelog.updateAfter, changelog.delete]
    .every((one) => typeof one === 'boolean');
  if (node.id !== id || !KINDS.has(node.kind) || !areInputs || !isNamed || !hasMode) return false;
  if (!schema.every(isField) || !hasTypes(node)) return false;
  const width = inputs.reduce((sum, input) => sum + all[input]!.schema.length, 0);
  const columns = node.kind === 'calc' && node.watermarkType !== undefined ? width + 1 : width;
  const isBound = node.kind === 'calc' || node.kind === 'expand';
  return (rowOf(node.kind).expressions?.(node as never) ?? [])
    .every((one) => isExpression(one, isBound ? columns : Infinity));
}

const TYPE_MEMBERS: ReadonlySet<string> = new Set(['type', 'timeType', 'watermarkType']);

/** Whether whatever should be a type is one; options are texts. */
function hasTypes(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([name, member]) => {
    if (name === 'options') return true;
    return TYPE_MEMBERS.has(name) && !Array.isArray(value) ? isType(member as DataType)
      : hasTypes(member);
  });
}

const isField = ({ name, type }: RowField): boolean => typeof name === 'string' && isType(type);

function isType(type: DataType): boolean {
  return ROOTS.has(type.root) && typeof type.nullable === 'boolean' &&
    childTypes(type).every(isType) && (type.fields ?? []).every(isField);
}

function isExpression(expression: PlanExpression, columns: number): boolean {
  if (!isType(expression.type)) return false;
  switch (expression.kind) {
    case 'column':
      return Number.isInteger(expression.index) && expression.index >= 0 &&
        expression.index < columns;
    case 'literal':
      return expression.value !== undefined;
    case 'call':
      return typeof expression.kernel === 'string' &&
        expression.arguments.every((one) => isExpression(one, columns));
    default:
      return false;
  }
}
