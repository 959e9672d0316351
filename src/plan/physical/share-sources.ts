/**
 * A table that a plan reads several times is read once, for all columns that anybody reads, as
 * Flink's source reuse has it. What stands right on such a source in the same form each time, a
 * projection without a filter and the watermark, is shared too: lower.ts then finds equal parts.
 *
 *     scan [a, b] - calc - watermark - filter 1        scan [a, b, c] - calc - watermark - filter 1
 *     scan [a, c] - calc - watermark - filter 2   ->                                   \- filter 2
 */
import { pathText } from '../../catalog/table.js';
import {
  column, expressionsEqual, isDeterministic, mapColumns, planValueText, type Expression,
} from '../logical/expression.js';
import type { RowField } from '../../types/data-type.js';
import { looser } from './column-bounds.js';
import type { SourceColumn } from './plan.js';
import type { CalcOp, Rel, SourceOp, WatermarkOp } from './rel.js';
import { calcTraits, sourceTraits } from './traits.js';

/** A rel in whose place another stands; `places[i]`: where its column i is there. */
interface Replacement {
  readonly rel: Rel;
  /** Null: where it was. */
  readonly places: readonly number[] | null;
}

type Replacements = ReadonlyMap<Rel, Replacement>;
type Merge = (alike: readonly Rel[]) => readonly Replacement[] | null;

export function shareSources(roots: readonly Rel[]): readonly Rel[] {
  const sources = replacementsOf(groupsOf(relsOf(roots), sourceKey), mergeSources);
  if (sources.size === 0) return roots;
  const shared = new Rewriter(sources).all(roots);
  const below = new Set([...relsOf(shared)].flatMap((rel) =>
    (rel.op.kind === 'watermark-assigner' ? rel.inputs : [])));
  const merged = [...new Set([...sources.values()].map(({ rel }) => rel))];
  const calcs = groupsOf(below, (rel) => calcKey(rel, merged));
  return new Rewriter(replacementsOf(calcs, mergeCalcs)).all(shared);
}

function groupsOf(
  rels: Iterable<Rel>, key: (rel: Rel) => string | undefined,
): readonly (readonly Rel[])[] {
  const groups = new Map<string, Rel[]>();
  for (const rel of rels) {
    const name = key(rel);
    if (name !== undefined) groups.set(name, [...groups.get(name) ?? [], rel]);
  }
  return [...groups.values()].filter((alike) => alike.length > 1);
}

function replacementsOf(groups: readonly (readonly Rel[])[], merge: Merge): Replacements {
  return new Map(groups.flatMap((alike) => {
    const instead = merge(alike) ?? [];
    return instead.map((one, i): [Rel, Replacement] => [alike[i]!, one]);
  }));
}

/** Each once, inputs first. */
function relsOf(roots: readonly Rel[], into: Set<Rel> = new Set()): ReadonlySet<Rel> {
  for (const root of roots) {
    if (into.has(root)) continue;
    relsOf(root.inputs, into);
    into.add(root);
  }
  return into;
}

/** Puts replacements into a tree; whoever reads one reads its columns where they are now. */
class Rewriter {
  private readonly done = new Map<Rel, Replacement>();

  constructor(private readonly replacements: Replacements) {}

  all(roots: readonly Rel[]): readonly Rel[] {
    return roots.map((root) => this.asItWas(root));
  }

  private asItWas(rel: Rel): Rel {
    const instead = this.rewritten(rel);
    return instead.places === null ? instead.rel : projected(rel, instead.rel, instead.places);
  }

  private rewritten(rel: Rel): Replacement {
    const known = this.done.get(rel) ?? this.replacements.get(rel);
    if (known !== undefined) return known;
    const result = this.rebuilt(rel);
    this.done.set(rel, result);
    return result;
  }

  private rebuilt(rel: Rel): Replacement {
    const { op } = rel;
    const [only] = rel.inputs;
    if (only !== undefined && (op.kind === 'calc' || op.kind === 'watermark-assigner')) {
      const { rel: input, places } = this.rewritten(only);
      if (places !== null) {
        return op.kind === 'calc' ? { rel: movedCalc(rel, op, input, places), places: null }
          : { rel: movedWatermark(rel, op, input, places), places };
      }
    }
    const inputs = rel.inputs.map((input) => this.asItWas(input));
    const isSame = inputs.every((input, i) => input === rel.inputs[i]);
    return { rel: isSame ? rel : { ...rel, inputs }, places: null };
  }
}

const moved = (expression: Expression, places: readonly number[]): Expression =>
  mapColumns(expression, (index) => places[index] ?? index);

function movedCalc(rel: Rel, op: CalcOp, input: Rel, places: readonly number[]): Rel {
  const projections = op.projections.map((one) => moved(one, places));
  const condition = op.condition === null ? null : moved(op.condition, places);
  return { ...rel, op: { ...op, projections, condition }, inputs: [input] };
}

function movedWatermark(rel: Rel, op: WatermarkOp, input: Rel, places: readonly number[]): Rel {
  const rowtime = places[op.rowtime] ?? op.rowtime;
  const schema = input.schema.map((field, i) =>
    (i === rowtime ? { ...field, type: rel.schema[op.rowtime]?.type ?? field.type } : field));
  return {
    op: { ...op, rowtime, watermark: moved(op.watermark, places) }, inputs: [input], schema,
    traits: input.traits,
  };
}

/** The columns of a rel, taken from what stands in its place. */
function projected({ schema, traits }: Rel, instead: Rel, places: readonly number[]): Rel {
  const projections = schema.map((field, i) => column(places[i] ?? i, field.type));
  return { op: { kind: 'calc', projections, condition: null }, inputs: [instead], schema, traits };
}

function sourceKey({ op, traits }: Rel): string | undefined {
  if (op.kind !== 'source' || traits.updates || traits.deletes) return undefined;
  return planValueText([
    op.connector, pathText(op.table.path), op.options, JSON.stringify(op.format),
  ]);
}

/** One source of all columns, in the table's order. */
function mergeSources(alike: readonly Rel[]): readonly Replacement[] | null {
  const ops = alike.map(({ op }) => op as SourceOp);
  const [first] = ops;
  if (first === undefined) return null;
  const columns: SourceColumn[] = [];
  for (const one of ops.flatMap((op) => op.columns)) {
    if (!columns.some(({ path }) => samePath(path, one.path))) columns.push(forAll(one, ops));
  }
  const rank = ({ path }: SourceColumn): number =>
    first.tableSchema.findIndex((field) => field.name === path[0]);
  columns.sort((a, b) => rank(a) - rank(b));
  const overlaps = columns.some((one) => columns.some((other) =>
    one !== other && one.path.every((part, i) => part === other.path[i])));
  if (overlaps) return null;
  const places = ops.map((op) => op.columns.map((one) =>
    columns.findIndex(({ path }) => samePath(path, one.path))));
  const schema = fieldsOf(alike, places);
  const rel: Rel = {
    op: { ...withoutLimit(first), ...limitOf(ops), columns }, inputs: [], schema,
    traits: sourceTraits(schema.length),
  };
  return places.map((one) => replacement(rel, one));
}

/** A reader that does not ask for the column asks for all its rows. */
function forAll({ bounds: _own, ...column }: SourceColumn, ops: readonly SourceOp[]): SourceColumn {
  const bounds = looser(ops.map((op) =>
    op.columns.find(({ path }) => samePath(path, column.path))?.bounds));
  return bounds === undefined ? column : { ...column, bounds };
}

function withoutLimit({ limit: _own, ...op }: SourceOp): SourceOp {
  return op;
}

function limitOf(ops: readonly SourceOp[]): Pick<SourceOp, 'limit'> {
  const limits = ops.flatMap(({ limit }) => (limit === undefined ? [] : [limit]));
  return limits.length === ops.length ? { limit: Math.max(...limits) } : {};
}

function replacement(rel: Rel, places: readonly number[]): Replacement {
  const isSame = places.length === rel.schema.length && places.every((place, i) => place === i);
  return { rel, places: isSame ? null : places };
}

const samePath = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((part, i) => part === b[i]);

/** The fields of the merged columns, from whichever has them. */
function fieldsOf(
  alike: readonly Rel[], places: readonly (readonly number[])[],
): readonly RowField[] {
  const fields: RowField[] = [];
  alike.forEach(({ schema }, i) => schema.forEach((field, at) => {
    fields[places[i]?.[at] ?? 0] ??= field;
  }));
  return fields;
}

/** Equal keys: projections of the same shared source. */
function calcKey({ op, inputs }: Rel, sources: readonly Rel[]): string | undefined {
  if (op.kind !== 'calc' || op.condition !== null) return undefined;
  const source = sources.indexOf(inputs[0]!);
  return source >= 0 && op.projections.every(isDeterministic) ? String(source) : undefined;
}

function mergeCalcs(alike: readonly Rel[]): readonly Replacement[] | null {
  const projections: Expression[] = [];
  const places = alike.map(({ op }) => (op as CalcOp).projections.map((one) => {
    const known = projections.findIndex((other) => expressionsEqual(one, other));
    return known >= 0 ? known : projections.push(one) - 1;
  }));
  const [input] = alike[0]?.inputs ?? [];
  if (input === undefined) return null;
  const rel: Rel = {
    op: { kind: 'calc', projections, condition: null }, inputs: [input],
    schema: fieldsOf(alike, places), traits: calcTraits(input.traits, projections),
  };
  return places.map((one) => replacement(rel, one));
}
