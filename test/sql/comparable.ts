/**
 * Syntax trees without their positions, to compare what was parsed from different texts.
 */

/** A deep copy without `position`. */
export function withoutPositions(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutPositions);
  if (node === null || typeof node !== 'object') return node;
  return Object.fromEntries(Object.entries(node)
    .filter(([key]) => key !== 'position')
    .map(([key, value]) => [key, withoutPositions(value)]));
}
