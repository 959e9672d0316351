/** Flink's one-line text of MATCH_RECOGNIZE. */
import type { MatchOp, Rel } from './rel.js';

/** `order`: the text of its keys. The Execution Plan shows plain strings and no NOT NULL. */
export function matchText(
  op: MatchOp, rel: Rel, order: string, style: 'prefix' | 'infix',
): string {
  const { shown } = op;
  const input = rel.inputs[0]?.schema ?? [];
  const keys = op.partition.map((index) => input[index]?.name ?? `$${index}`).join(', ');
  const measures = shown.measures.map((one, i) => {
    const text = style === 'prefix' ? one
      : one.replaceAll("_UTF-16LE'", "'").replaceAll(' NOT NULL)', ')');
    return `${text} AS ${rel.schema[op.partition.length + i]?.name ?? i}`;
  });
  const subset = shown.subsets.length === 0 ? '' : `subset=[${shown.subsets.join(', ')}], `;
  return `Match(${keys === '' ? '' : `partitionBy=[${keys}], `}orderBy=[${order}], ` +
    `measures=[${measures.join(', ')}], rowsPerMatch=[ONE ROW PER MATCH], ` +
    `after=[${shown.after}], pattern=[${shown.pattern}], ${subset}` +
    `define=[{${shown.define.join(', ')}}])`;
}
