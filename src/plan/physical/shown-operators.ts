/**
 * Operators of Flink that EXPLAIN shows where nothing is to be done here: the assigners that send
 * the watermarks of mini-batches (here the task clock ends a bundle), and the local phases of
 * window aggregations (here a part of the operator behind the exchange).
 */
import type { ConvertContext } from './context.js';
import { localWindowText } from './operators/phases.js';
import type { Operator, Rel } from './rel.js';

/** What ends the bundles of what is below: nobody asks, the clock, or the row time. */
type Mode = 'none' | 'ProcTime' | 'RowTime';

/** The trees of a plan as Flink shows them. */
export function withShownOperators(roots: readonly Rel[], context: ConvertContext): readonly Rel[] {
  const showing = new Showing(context);
  return roots.map((root) => showing.of(root, context.miniBatch === null ? 'none' : 'ProcTime'));
}

class Showing {
  readonly #known = new Map<Rel, Map<Mode, Rel>>();

  constructor(private readonly context: ConvertContext) {}

  of(rel: Rel, mode: Mode): Rel {
    const known = this.#known.get(rel) ?? new Map<Mode, Rel>();
    this.#known.set(rel, known);
    const made = known.get(mode) ?? this.#make(rel, mode);
    known.set(mode, made);
    return made;
  }

  #make(rel: Rel, mode: Mode): Rel {
    const below = modeBelow(rel.op, mode);
    const inputs = rel.inputs.map((input) => this.#assigned(this.of(input, below), below));
    return withLocalPhase({ ...rel, inputs });
  }

  #assigned(input: Rel, mode: Mode): Rel {
    const isLeaf = input.op.kind === 'source' || input.op.kind === 'watermark-assigner';
    if (mode === 'none' || !isLeaf) return input;
    const interval = this.context.miniBatch?.latencyMs ?? 0;
    return shown(input, `MiniBatchAssigner(interval=[${interval}ms], mode=[${mode}])`);
  }
}

function modeBelow(op: Operator, mode: Mode): Mode {
  if (op.kind === 'watermark-assigner' || mode === 'none') return 'none';
  return needsWatermark(op) ? 'RowTime' : mode;
}

function needsWatermark(op: Operator): boolean {
  switch (op.kind) {
    case 'window-aggregate':
    case 'window-table-function':
    case 'session-window':
      return op.window.proctime === undefined;
    case 'over-aggregate':
      return op.mode === 'rowtime';
    case 'match':
      return op.rowtime !== null;
    case 'interval-join':
      return op.bounds.isRowTime;
    case 'window-rank':
    case 'window-deduplicate':
    case 'window-join':
    case 'temporal-join':
    case 'temporal-sort':
      return true;
    default:
      return false;
  }
}

/** The local phase stands below the exchange. */
function withLocalPhase(rel: Rel): Rel {
  const { op } = rel;
  const [exchange] = rel.inputs;
  const [input] = exchange?.inputs ?? [];
  if (op.kind !== 'window-aggregate' || !op.areTwoPhases) return rel;
  if (exchange?.op.kind !== 'exchange' || input === undefined) return rel;
  const local = shown(input, localWindowText(op, input));
  return { ...rel, inputs: [{ ...exchange, inputs: [local] }] };
}

function shown(input: Rel, text: string): Rel {
  return {
    op: { kind: 'shown', text }, inputs: [input], schema: input.schema, traits: input.traits,
  };
}
