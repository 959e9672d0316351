/**
 * The text of an expression of a definition as DESCRIBE shows it: as it was written, with every
 * name of a column or field in backticks.
 */
import type { Identifier, SyntaxNode } from '../../sql/ast/node.js';

/** `source` is the text that the node's positions point into. */
export function definitionText(node: SyntaxNode, source: string): string {
  const names = columnNames(node).filter((name) => !name.quoted)
    .sort((a, b) => a.position.offset - b.position.offset);
  let text = '';
  let from = node.position.offset;
  for (const { name, position } of names) {
    text += `${source.slice(from, position.offset)}\`${name}\``;
    from = position.endOffset;
  }
  return text + source.slice(from, node.position.endOffset);
}

/** Identifiers that are no names of functions or types. */
function columnNames(node: SyntaxNode): readonly Identifier[] {
  if (isIdentifier(node)) return [node];
  return Object.entries(node).flatMap(([key, value]): readonly Identifier[] => {
    if ((node.kind === 'function-call' && key === 'name') || key === 'type') return [];
    const parts: readonly unknown[] = Array.isArray(value) ? value : [value];
    return parts.flatMap((part) => (isNode(part) ? columnNames(part) : []));
  });
}

const isNode = (value: unknown): value is SyntaxNode =>
  typeof value === 'object' && value !== null && 'kind' in value && 'position' in value;

const isIdentifier = (node: SyntaxNode): node is Identifier => node.kind === 'identifier';
