/** What planning asks of a physical operator. */
import { toPlanExpression } from '../../logical/plan-expression.js';
import { columnsIn, type Expression } from '../../logical/expression.js';
import type { ConvertContext } from '../context.js';
import type { TextStyle } from '../expression-text.js';
import type { PhysicalNode, PlanExpression } from '../plan.js';
import { isInsertOnly, type Operator, type Rel } from '../rel.js';

type OpOf<Kind extends Operator['kind']> = Extract<Operator, { readonly kind: Kind }>;
type NodeOf<Kind extends Operator['kind']> = Extract<PhysicalNode, { readonly kind: Kind }>;

type BaseKey = 'id' | 'inputs' | 'schema' | 'changelog' | 'description' | 'semanticId';
/** What a node carries beside what all nodes have. */
type Payload<Node> = Node extends PhysicalNode ? Omit<Node, BaseKey> : never;

/** One input of an operator. */
export interface Edge {
  readonly rel: Rel;
  readonly index: number;
  readonly input: Rel;
  /** What the reader of the operator asks for: old rows of updates. */
  readonly oldRow: boolean;
  /** What it asks for: all columns of deleted rows, not only their key. */
  readonly fullDelete: boolean;
  /** Whether all operators up to here can do without the old rows of updates. */
  readonly canDropOldRows: (rel: Rel) => boolean;
}

/** What a node is made with. */
export interface Making {
  readonly rel: Rel;
  /** It puts out the old rows of updates. */
  readonly oldRow: boolean;
  readonly context: ConvertContext;
  /** Whether the input with this number puts out old rows for it. */
  readonly takesOldRow: (index: number) => boolean;
  /** The number of the next sink that hands its batches to TypeScript. */
  readonly nextOutput: () => number;
}

/** `Op` and `Node`: the operator and the plan node of one kind. */
export interface OperatorRow<Op, Node> {
  /** Flink's text of one line; prefix for the Optimized Physical Plan, infix for the other. */
  readonly describe: (op: Op, rel: Rel, style: TextStyle) => string;
  readonly payload: (op: Op, making: Making) => Payload<Node>;
  /**
   * What it computes; names of columns and options of connectors do not count. Missing: all that
   * the operator says.
   */
  readonly signature?: (op: Op) => unknown;
  /** Whether an updating input must put out old rows. Missing: its inputs are insert-only. */
  readonly takesOldRow?: (op: Op, edge: Edge) => boolean;
  /** Whether it puts old rows out though its reader does not ask. Missing: it does not. */
  readonly needsOldRow?: (op: Op, rel: Rel) => boolean;
  /**
   * Whether it and all below can do without old rows where it updates. If one cannot, every one
   * below the reader puts them out, as FlinkChangelogModeInferenceProgram has it. Missing: it can,
   * whatever is below.
   */
  readonly canDropOldRows?: (
    op: Op, rel: Rel, below: (input: Rel) => boolean,
  ) => boolean;
  /** Whether an input must give all columns of rows it deletes. Missing: it must. */
  readonly takesFullDelete?: (op: Op, edge: Edge) => boolean;
  /** Which an engine must be able to compute. Missing: none. */
  readonly expressions?: (node: Node) => readonly PlanExpression[];
}

export type OperatorRows = {
  readonly [Kind in Operator['kind']]: OperatorRow<OpOf<Kind>, NodeOf<Kind>>;
};

/** A part of the table: the rows of one family. */
export type RowsOf<Kind extends Operator['kind']> = Pick<OperatorRows, Kind>;

/** The node carries what the operator says. */
export const asItIs = <Op>(op: Op): Op => op;

export const always = (): boolean => true;
export const never = (): boolean => false;
/** As the reader asks. */
export const passesOldRow = (_op: unknown, edge: Edge): boolean => edge.oldRow;
export const passesFullDelete = (_op: unknown, edge: Edge): boolean => edge.fullDelete;
/** It changes nothing about rows: what is below decides. */
export const asBelow = (
  _op: unknown, rel: Rel, below: (input: Rel) => boolean,
): boolean => rel.inputs.every(below);

export const isUpdating = (rel: Rel | undefined): boolean =>
  rel !== undefined && !isInsertOnly(rel.traits);

export const orNull = (condition: Expression | null): PlanExpression | null =>
  (condition === null ? null : toPlanExpression(condition));

/** A condition as the only expression. */
export const conditionOf = (
  node: { readonly condition: PlanExpression | null },
): readonly PlanExpression[] => (node.condition === null ? [] : [node.condition]);

/** Whether one of the keys that name the input's rows has all the columns that are looked at. */
export function looksAtKeyOnly(condition: Expression | null, input: Rel | undefined): boolean {
  const used = condition === null ? [] : [...columnsIn(condition)];
  const keys = input?.traits.upsertKeys ?? [];
  return keys.some((key) => used.every((index) => key.includes(index)));
}

/** Whether a key that names the input's rows lies within the primary key. */
export function keyFits(rel: Rel, primaryKey: readonly number[]): boolean {
  const keys = rel.inputs[0]?.traits.upsertKeys ?? [];
  return keys.some((key) => key.every((index) => primaryKey.includes(index)));
}
