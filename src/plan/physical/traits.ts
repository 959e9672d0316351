/**
 * How traits follow from operators: which kinds an edge carries, what names a row, which columns
 * only grow. After Flink's FlinkChangelogModeInferenceProgram, FlinkRelMdUpsertKeys and
 * FlinkRelMdModifiedMonotonicity.
 */
import { columnsIn, isDeterministic, type Expression } from '../logical/expression.js';
import type { LogicalAggregateCall } from '../logical/node.js';
import { APPEND, isInsertOnly, type Monotonicity, type Traits } from './rel.js';

type Keys = readonly (readonly number[])[];

/** Keys that still name a row where rows are spread, or sorted, by those columns. */
export function keysWith(keys: Keys, columns: readonly number[]): Keys {
  return keys.filter((key) => columns.every((index) => key.includes(index)));
}

/** Keys survive where all their columns are passed on, as they are or in a wider type. */
function keysThrough(keys: Keys, projections: readonly Expression[]): Keys {
  return keys.flatMap((key) => {
    const plain = key.map((index) => projections.findIndex((one) =>
      one.kind === 'column' && one.index === index));
    const wide = key.map((index, i) => {
      const found = projections.findIndex((one) => widened(one) === index);
      return found >= 0 ? found : plain[i]!;
    });
    const isSame = wide.every((index, i) => index === plain[i]);
    return (isSame ? [plain] : [plain, wide]).filter((one) => !one.includes(-1))
      .map((one) => one.sort((a, b) => a - b));
  });
}

const WIDTHS = ['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT'];

/** The column of a cast that keeps different integers different. */
function widened(one: Expression): number | undefined {
  const [from] = one.kind === 'call' && one.kernel === 'cast' ? one.arguments : [];
  if (from?.kind !== 'column') return undefined;
  const [before, after] = [from, one].map(({ type }) => WIDTHS.indexOf(type.root));
  return before !== undefined && before >= 0 && before <= after! ? from.index : undefined;
}

export function calcTraits(input: Traits, projections: readonly Expression[]): Traits {
  const monotonicity = input.monotonicity.length === 0 ? []
    : projections.map((one) => monotonicityOf(one, input.monotonicity));
  return { ...input, upsertKeys: keysThrough(input.upsertKeys, projections), monotonicity };
}

function monotonicityOf(one: Expression, below: readonly Monotonicity[]): Monotonicity {
  if (one.kind === 'column') return below[one.index] ?? 'none';
  const fixed = [...columnsIn(one)].every((index) => below[index] === 'constant');
  return fixed && isDeterministic(one) ? 'constant' : 'none';
}

/** +I and +U (even without calls, as Flink has it), -D where rows may be taken back. */
export function aggregateTraits(
  input: Traits, grouping: readonly number[], calls: readonly LogicalAggregateCall[],
): Traits {
  return {
    updates: true, deletes: !isInsertOnly(input),
    upsertKeys: [grouping.map((_, i) => i)],
    monotonicity: aggregateMonotonicity(input, grouping, calls),
  };
}

const GROWS: Readonly<Record<string, Monotonicity>> = {
  COUNT: 'increasing', MAX: 'increasing', MIN: 'decreasing',
};

/** Of calls over updated rows only COUNT, and MAX or MIN of a column that moves the same way. */
function aggregateMonotonicity(
  input: Traits, grouping: readonly number[], calls: readonly LogicalAggregateCall[],
): readonly Monotonicity[] {
  const below = input.monotonicity;
  if (below.length === 0 || grouping.some((key) => below[key] !== 'constant')) return [];
  const isUpdated = below.some((one) => one !== 'constant');
  return [
    ...grouping.map((): Monotonicity => 'constant'),
    ...calls.map((call): Monotonicity => {
      const own = GROWS[call.function] ?? 'none';
      const argument = call.arguments.length === 1 ? below[call.arguments[0] ?? -1] : 'none';
      if (!isUpdated || call.function === 'COUNT' || argument === 'constant') return own;
      return argument === own ? own : 'none';
    }),
  ];
}

/** A UNION passes on what any input carries; nothing names its rows. */
export function unionTraits(inputs: readonly Traits[]): Traits {
  return {
    ...APPEND,
    updates: inputs.some((one) => one.updates), deletes: inputs.some((one) => one.deletes),
  };
}

/** Nothing names the rows; they move where those moved that they are made of. */
export function expandTraits(
  { updates, deletes, monotonicity }: Traits, columnCount: number,
): Traits {
  const isFixed = monotonicity.length > 0 && monotonicity.every((one) => one === 'constant');
  const fixed = isFixed ? sourceTraits(columnCount).monotonicity : [];
  return { ...APPEND, updates, deletes, monotonicity: fixed };
}

/** Rows of a source are never changed. */
export function sourceTraits(columnCount: number): Traits {
  const monotonicity = Array.from({ length: columnCount }, (): Monotonicity => 'constant');
  return { ...APPEND, monotonicity };
}
