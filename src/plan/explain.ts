/**
 * EXPLAIN: Flink's three parts in Flink's layout, then which engine runs each operator and why.
 */
import type { ExplainDetail } from '../sql/ast/statement.js';
import { drawTree, type TextTree } from './explain-tree.js';
import { adviceFor, jsonSection, NO_COSTS } from './explain-details.js';
import { logicalText } from './logical/describe.js';
import { inputsOf, type LogicalNode } from './logical/node.js';
import type { ConvertContext } from './physical/context.js';
import { describe } from './physical/operators/table.js';
import type { TextStyle } from './physical/expression-text.js';
import { islandsOf, type NodeEngine } from './physical/islands.js';
import type { LoweredPlan } from './physical/lower.js';
import type { ChangelogMode, PhysicalPlan } from './physical/plan.js';
import type { Rel, Traits } from './physical/rel.js';
import type { PlanStages } from './planner.js';

/** What EXPLAIN is asked for beside the plans, and what advice depends on. */
export interface ExplainSettings {
  readonly details: readonly ExplainDetail[];
  readonly context: ConvertContext;
  readonly parallelism: number;
}

/** `shown` is the lowered plan without collect sinks, as Flink explains a bare query. */
export function explainText(
  stages: PlanStages, shown: LoweredPlan, engines: readonly NodeEngine[],
  { details, context, parallelism }: ExplainSettings,
): string {
  const logical = stages.logical.map((sink) =>
    logicalTree(sink.table === null ? sink.input : sink));
  const has = (detail: ExplainDetail): boolean => details.includes(detail);
  const advice = new Advice(context);
  const marks: Marks = {
    withChanges: has('changelog-mode'), advice: has('plan-advice') ? advice : null,
  };
  const physical = physicalTrees(shown, 'prefix', marks);
  const parts = [
    section('Abstract Syntax Tree', logical),
    has('plan-advice')
      ? `${section('Optimized Physical Plan With Advice', physical)}\n${advice.text()}`
      : section('Optimized Physical Plan', physical),
    section('Optimized Execution Plan', physicalTrees(shown, 'infix', NO_MARKS)),
    ...(has('estimated-cost') ? [NO_COSTS] : []),
    ...(has('json-execution-plan') ? [jsonSection(shown, parallelism)] : []),
    engineSection(stages.lowered.plan, engines),
  ];
  return parts.join('\n');
}

function section(title: string, trees: readonly TextTree[]): string {
  return `== ${title} ==\n${trees.map(drawTree).join('\n')}`;
}

function logicalTree(node: LogicalNode): TextTree {
  return { text: logicalText(node), inputs: visibleInputs(node).map(logicalTree) };
}

/** UNION without ALL is one node in Calcite, two here. */
function visibleInputs(node: LogicalNode): readonly LogicalNode[] {
  const inputs = inputsOf(node);
  const [input] = inputs;
  return node.kind === 'aggregate' && input?.kind === 'union' && node.calls.length === 0
    ? inputsOf(input) : inputs;
}

/** The pieces of advice, numbered from 1 in the order of the tree; equal ones are one. */
class Advice {
  readonly #texts: string[] = [];

  constructor(private readonly context: ConvertContext) {}

  /** The number of the advice for an operator. */
  of(rel: Rel): number | undefined {
    const text = adviceFor(rel, this.context);
    if (text === undefined) return undefined;
    if (!this.#texts.includes(text)) this.#texts.push(text);
    return this.#texts.indexOf(text) + 1;
  }

  text(): string {
    return this.#texts.length === 0 ? 'No available advice...\n'
      : this.#texts.map((text, i) => `advice[${i + 1}]: ${text}\n`).join('');
  }
}

/** What is put into the lines of operators. */
interface Marks {
  readonly withChanges: boolean;
  readonly advice: Advice | null;
}

const NO_MARKS: Marks = { withChanges: false, advice: null };

/** One tree a root: a node that no other node reads. */
function physicalTrees(
  { plan, operators }: LoweredPlan, style: TextStyle, { withChanges, advice }: Marks,
): readonly TextTree[] {
  const readers = new Map<number, number>();
  for (const id of plan.nodes.flatMap((node) => node.inputs)) {
    readers.set(id, (readers.get(id) ?? 0) + 1);
  }
  const reused = new Map<number, number>();
  const shown = (id: number): readonly number[] => (operators[id]?.isHidden === true
    ? (plan.nodes[id]?.inputs ?? []).flatMap(shown) : [id]);
  const tree = (id: number): TextTree => {
    const seen = reused.get(id);
    if (seen !== undefined) return { text: `Reused(reference_id=[${seen}])`, inputs: [] };
    const node = plan.nodes[id];
    const rel = operators[id];
    if (node === undefined || rel === undefined) return { text: `#${id}`, inputs: [] };
    const line = withAdvice(describe(rel, style), advice?.of(rel));
    const mode = node.kind === 'sink' ? 'NONE' : modeText(node.changelog, rel.traits);
    const text = withChanges ? withMode(line, mode) : line;
    if (style === 'prefix' || (readers.get(id) ?? 0) < 2) {
      return { text, inputs: node.inputs.flatMap(shown).map(tree) };
    }
    reused.set(id, reused.size + 1);
    const mark = `(reuse_id=[${reused.size}])`;
    return { text: `${text}${mark}`, inputs: node.inputs.flatMap(shown).map(tree) };
  };
  return plan.nodes.filter((node) => !readers.has(node.id)).map((node) => tree(node.id));
}

function withAdvice(line: string, number: number | undefined): string {
  return number === undefined ? line : line.replace('(', `(advice=[${number}], `);
}

function withMode(line: string, mode: string): string {
  return line.endsWith(')') ? `${line.slice(0, -1)}, changelogMode=[${mode}])`
    : `${line}(changelogMode=[${mode}])`;
}

function modeText(mode: ChangelogMode, { deletesByKey, noInserts }: Traits): string {
  const kinds = [
    ['I', noInserts !== true], ['UB', mode.updateBefore], ['UA', mode.updateAfter],
    [deletesByKey === true ? 'PD' : 'D', mode.delete],
  ] as const;
  return kinds.flatMap(([kind, isThere]) => (isThere ? [kind] : [])).join(',');
}

/** `3: calc: fallback, island 2 (not native: function f)`; islands count from 1. */
function engineSection(plan: PhysicalPlan, engines: readonly NodeEngine[]): string {
  const islands = islandsOf(plan, engines);
  const lines = engines.map(({ node, engine, reason }) => {
    const island = islands.findIndex((one) => one.nodes.includes(node)) + 1;
    const why = reason === engine ? '' : ` (${reason})`;
    return `${node}: ${plan.nodes[node]?.kind}: ${engine}, island ${island}${why}`;
  });
  return `== Engine ==\n${lines.join('\n')}\n`;
}
