/**
 * Reading only the needed fields of ROW columns: field accesses move below watermarks, and where
 * they reach the scan it reads their paths in place of the whole row.
 */
import { project, watermark } from '../logical/build.js';
import {
  childrenOf, column, type Expression, expressionsEqual, rewrite,
} from '../logical/expression.js';
import { transform, type Filter, type LogicalNode, type Project, type Scan, type Watermark }
  from '../logical/node.js';
import type { SourceColumn } from '../physical/plan.js';

/** Project/Filter over Watermark: fields of rows are taken out below the watermark. */
export function fieldsBelowWatermark(node: LogicalNode): LogicalNode {
  return transform(node, (one) => {
    const chain = calcOver(one);
    return chain === undefined || chain.below.kind !== 'watermark' ? one
      : pushBelow(chain, chain.below);
  });
}

/** Project/Filter over a scan: the scan reads paths. */
export function scanPaths(node: LogicalNode): LogicalNode {
  return transform(node, (one) => {
    const chain = calcOver(one);
    return chain === undefined || chain.below.kind !== 'scan' ? one
      : narrowScan(chain, chain.below);
  });
}

/** A projection, with or without a filter under it. */
interface CalcChain {
  readonly project: Project;
  readonly filter: Filter | null;
  readonly below: LogicalNode;
}

function calcOver(node: LogicalNode): CalcChain | undefined {
  if (node.kind !== 'project') return undefined;
  const filter = node.input.kind === 'filter' ? node.input : null;
  return { project: node, filter, below: filter === null ? node.input : filter.input };
}

function expressionsOf({ project: top, filter }: CalcChain): readonly Expression[] {
  return filter === null ? top.expressions : [...top.expressions, filter.condition];
}

/** Chains of field accesses on a column, longest first, and columns used as they are. */
interface Accesses {
  readonly chains: Expression[];
  readonly whole: Set<number>;
}

function accessesOf(expressions: readonly Expression[]): Accesses {
  const accesses: Accesses = { chains: [], whole: new Set() };
  const visit = (expression: Expression): void => {
    if (expression.kind === 'column') accesses.whole.add(expression.index);
    else if (chainRoot(expression) === undefined) childrenOf(expression).forEach(visit);
    else if (!accesses.chains.some((one) => expressionsEqual(one, expression))) {
      accesses.chains.push(expression);
    }
  };
  expressions.forEach(visit);
  return accesses;
}

/** The column under a chain of field accesses; undefined if it is none. */
function chainRoot(expression: Expression): number | undefined {
  let part = expression;
  while (part.kind === 'call' && part.kernel === 'field') {
    const [row] = part.arguments;
    if (row === undefined) return undefined;
    if (row.kind === 'column') return row.index;
    part = row;
  }
  return undefined;
}

/** The names along a chain: ['bid', 'auction']. */
function chainPath(chain: Expression, root: readonly string[]): readonly string[] {
  if (chain.kind !== 'call') return root;
  const [row] = chain.arguments;
  return row === undefined ? root : [...chainPath(row, root), chain.name];
}

/** Chains whose column is not read as a whole anyway. */
function separable({ chains, whole }: Accesses): readonly Expression[] {
  const usable = chains.filter((chain) => !whole.has(chainRoot(chain) ?? -1));
  return usable.filter((chain) => !usable.some((other) => isPartOf(other, chain)));
}

/** Whether `inner` lies on the way of `outer`, which is then taken from it. */
function isPartOf(inner: Expression, outer: Expression): boolean {
  if (outer.kind !== 'call' || inner === outer) return false;
  const [row] = outer.arguments;
  return row !== undefined && (expressionsEqual(inner, row) || isPartOf(inner, row));
}

function pushBelow(chain: CalcChain, node: Watermark): LogicalNode {
  const chains = separable(accessesOf(expressionsOf(chain)));
  if (chains.length === 0) return chain.project;
  const { input } = node;
  const width = input.schema.length;
  const expressions: Expression[] = input.schema.map((field, i) => column(i, field.type));
  const names = input.schema.map((field) => field.name);
  for (const one of chains) {
    expressions.push(one);
    names.push(chainPath(one, [input.schema[chainRoot(one) ?? 0]?.name ?? '']).join('.'));
  }
  const below = watermark(project(input, expressions, names), node.rowtime, node.expression);
  return rebuilt(chain, below, (expression) => {
    const index = chains.findIndex((one) => expressionsEqual(one, expression));
    return index < 0 ? undefined : column(width + index, expression.type);
  });
}

function rebuilt(
  chain: CalcChain, below: LogicalNode, replace: (part: Expression) => Expression | undefined,
): LogicalNode {
  const { project: top, filter } = chain;
  const input: LogicalNode = filter === null ? below
    : Object.freeze({
      ...filter, input: below, condition: rewrite(filter.condition, replace), schema: below.schema,
    });
  return project(input, top.expressions.map((one) => rewrite(one, replace)),
    top.schema.map((field) => field.name));
}

/** Columns of the scan anew: those used as they are, then one a chain. */
function narrowScan(chain: CalcChain, scan: Scan): LogicalNode {
  const accesses = accessesOf(expressionsOf(chain));
  const chains = separable(accesses);
  if (chains.length === 0) return chain.project;
  const taken = new Set(chains.map((one) => chainRoot(one)));
  const kept = scan.columns.flatMap((_, i) => (taken.has(i) ? [] : [i]));
  const columns: SourceColumn[] = kept.flatMap((i) => scan.columns[i] ?? []);
  for (const one of chains) {
    const root = scan.columns[chainRoot(one) ?? 0]?.path ?? [];
    columns.push({ path: chainPath(one, root), type: one.type });
  }
  const schema = columns.map((one) => ({ name: one.path.join('.'), type: one.type }));
  const below: Scan = Object.freeze({ ...scan, columns, schema });
  return rebuilt(chain, below, (expression) => {
    const index = chains.findIndex((one) => expressionsEqual(one, expression));
    if (index >= 0) return column(kept.length + index, expression.type);
    return expression.kind === 'column'
      ? column(kept.indexOf(expression.index), expression.type) : undefined;
  });
}
