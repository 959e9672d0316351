/** The parts of EXPLAIN that are asked for by name: advice, and the job as JSON. */
import type { ConvertContext } from './physical/context.js';
import { canMerge } from './physical/convert-aggregate.js';
import { describe } from './physical/operators/table.js';
import type { LoweredPlan } from './physical/lower.js';
import type { Rel } from './physical/rel.js';

/** Shown where costs are asked for: Flink prints its estimates behind each operator. */
export const NO_COSTS = '== Estimated Cost ==\n' +
  'not estimated: no plan depends on costs, joins stand in the order of the text\n';

/** What Flink advises for each operator that it names; only where something can be gained. */
export function adviceFor(
  { op }: Rel, { miniBatch, phases }: Pick<ConvertContext, 'miniBatch' | 'phases'>,
): string | undefined {
  if (op.kind !== 'group-aggregate' || !op.aggregates.every(canMerge)) return undefined;
  const options = [
    ...(phases.areTwo ? [] : ['\'table.optimizer.agg-phase-strategy\' to \'AUTO\'']),
    ...(miniBatch === null ? [
      '\'table.exec.mini-batch.enabled\' to \'true\'',
      '\'table.exec.mini-batch.allow-latency\' to a positive long value',
      '\'table.exec.mini-batch.size\' to a positive long value',
    ] : []),
  ];
  return options.length === 0 ? undefined
    : '[ADVICE] You might want to enable local-global two-phase optimization by configuring ' +
      `(${options.join(', ')}).`;
}

const SHIP: Readonly<Record<string, string>> = {
  hash: 'HASH', single: 'GLOBAL', rebalance: 'REBALANCE',
};

interface Predecessor {
  readonly id: number;
  readonly ship_strategy: string;
  readonly side: 'second';
}

/** The operators as Flink's stream graph in JSON; an exchange is how rows are shipped. */
export function jsonSection({ plan, operators }: LoweredPlan, parallelism: number): string {
  const predecessor = (id: number): readonly Predecessor[] => {
    const { op } = operators[id]!;
    if (op.kind === 'exchange') {
      return plan.nodes[id]!.inputs.map((input) =>
        ({ id: input + 1, ship_strategy: SHIP[op.distribution] ?? '', side: 'second' }));
    }
    return [{ id: id + 1, ship_strategy: 'FORWARD', side: 'second' }];
  };
  const nodes = plan.nodes.flatMap((node) => {
    const rel = operators[node.id]!;
    if (rel.op.kind === 'exchange') return [];
    const predecessors = node.inputs.flatMap(predecessor);
    return [{
      id: node.id + 1, type: `${nameOf(rel)}[${node.id + 1}]`, pact: pactOf(rel),
      contents: `[${node.id + 1}]:${describe(rel, 'infix')}`, parallelism,
      ...(predecessors.length === 0 ? {} : { predecessors }),
    }];
  });
  return `== Physical Execution Plan ==\n${jacksonText({ nodes })}\n`;
}

function nameOf(rel: Rel): string {
  const { op } = rel;
  if (op.kind === 'source') return `Source: ${op.table.path.name}`;
  if (op.kind === 'sink') return `Sink: ${op.table.slice(op.table.lastIndexOf('.') + 1)}`;
  return /^\w+/.exec(describe(rel, 'infix'))?.[0] ?? op.kind;
}

function pactOf({ op }: Rel): string {
  if (op.kind === 'source' || op.kind === 'values') return 'Data Source';
  return op.kind === 'sink' ? 'Data Sink' : 'Operator';
}

/** As Jackson lays it out: `"id" : 1`, and the braces of a list's objects beside its brackets. */
function jacksonText(value: unknown, indent = ''): string {
  if (Array.isArray(value)) {
    return `[ ${value.map((one) => jacksonText(one, indent)).join(', ')} ]`;
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  const members = Object.entries(value).map(([name, member]) =>
    `${inner}${JSON.stringify(name)} : ${jacksonText(member, inner)}`);
  return `{\n${members.join(',\n')}\n${indent}}`;
}
