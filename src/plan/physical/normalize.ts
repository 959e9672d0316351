/**
 * ChangelogNormalize and what passes it on the way down: conditions on the key and watermarks go
 * below, any other condition goes into it.
 */
import {
  column, columnsIn, conjunction, conjuncts, type Expression, isDeterministic,
} from '../logical/expression.js';
import type { RowField } from '../../types/data-type.js';
import { exchangeBefore } from './exchange.js';
import type { ChangelogNormalizeOp, Rel, Traits, WatermarkOp } from './rel.js';

type NormalizeRel = Rel & { readonly op: ChangelogNormalizeOp };

export const isNormalize = (rel: Rel): rel is NormalizeRel =>
  rel.op.kind === 'changelog-normalize';

/** One row a key, over an exchange by the key. */
export function normalized(
  input: Rel, keys: readonly number[], dropsDuplicates: boolean,
  condition: Expression | null = null,
): Rel {
  const exchanged = exchangeBefore(input, keys);
  return {
    op: { kind: 'changelog-normalize', keys, condition, dropsDuplicates },
    inputs: [exchanged], schema: input.schema, traits: fullTraits(input.traits),
  };
}

/** Behind it deletes are whole, and new rows are inserts. */
function fullTraits({ deletesByKey: _d, noInserts: _i, ...traits }: Traits): Traits {
  return { ...traits, updates: true, deletes: true };
}

/** What is normalized, below the exchange. */
export function belowNormalize(rel: NormalizeRel): Rel {
  const input = rel.inputs[0]?.inputs[0];
  if (input === undefined) throw new Error('a normalization stands over an exchange');
  return input;
}

/** Takes a filter in; null where it must stay above. */
export function filterIntoNormalize(rel: NormalizeRel, condition: Expression): Rel | null {
  if (!isDeterministic(condition)) return null;
  const { keys, dropsDuplicates } = rel.op;
  const onKeys = (part: Expression): boolean =>
    [...columnsIn(part)].every((index) => keys.includes(index));
  const parts = conjuncts(condition);
  const moved = conjunction(parts.filter(onKeys));
  const kept = conjunction([
    ...(rel.op.condition === null ? [] : [rel.op.condition]),
    ...parts.filter((part) => !onKeys(part)),
  ]);
  const below = belowNormalize(rel);
  const input = moved === null ? below : filtered(below, moved);
  return normalized(input, keys, dropsDuplicates, kept);
}

function filtered(input: Rel, condition: Expression): Rel {
  const { op } = input;
  const isFilter = op.kind === 'calc' && op.projections.every((one, i) =>
    one.kind === 'column' && one.index === i) && op.projections.length === input.schema.length;
  const earlier = isFilter && op.condition !== null ? [op.condition] : [];
  const target = isFilter ? input.inputs[0] ?? input : input;
  return {
    op: {
      kind: 'calc', condition: conjunction([...earlier, condition]),
      projections: target.schema.map((field, i) => column(i, field.type)),
    },
    inputs: [target], schema: input.schema, traits: input.traits,
  };
}

/** Watermarks are raised before rows are normalized, as in Flink. */
export function watermarkBelowNormalize(
  rel: NormalizeRel, op: WatermarkOp, schema: readonly RowField[],
): Rel {
  const below = belowNormalize(rel);
  const { keys, condition, dropsDuplicates } = rel.op;
  const input: Rel = { op, inputs: [below], schema, traits: below.traits };
  return normalized(input, keys, dropsDuplicates, condition);
}
