/** The machine for JSON paths; native/kernels/json-path.h is the same in C++. */
import type { JsonPath, PathStep } from './compile-path.js';
import type { JsonNode } from './document.js';

/** What a path leads to; undefined where it fails (in lax mode it then finds nothing). */
export function runPath(path: JsonPath, root: JsonNode): readonly JsonNode[] | undefined {
  if (path.steps === null) return undefined;
  const run = new PathRun(path.steps);
  const isLax = path.mode === 'lax';
  if (!run.step(0, root, true)) return isLax ? [] : undefined;
  return isLax || !path.definite || run.found.length > 0 ? run.found : undefined;
}

class PathRun {
  readonly found: JsonNode[] = [];

  constructor(private readonly steps: readonly PathStep[]) {}

  /** False where a path that is definite up to here leads nowhere. */
  step(at: number, node: JsonNode, isDefinite: boolean): boolean {
    const step = this.steps[at];
    if (step === undefined) {
      this.found.push(node);
      return true;
    }
    switch (step.op) {
      case 'property':
        return this.property(at, step.name, node, isDefinite);
      case 'wildcard':
        for (const child of childrenOf(node)) this.step(at + 1, child, false);
        return true;
      case 'scan':
        this.scan(at + 1, node);
        return true;
      case 'slice':
        return this.slice(at, step, node, isDefinite);
      default:
        return this.elements(at, step, node, isDefinite);
    }
  }

  private property(at: number, name: string, node: JsonNode, isDefinite: boolean): boolean {
    if (node.kind !== 'object') return !isDefinite;
    const member = node.members.get(name);
    if (member === undefined) return !isDefinite || at + 1 === this.steps.length;
    return this.step(at + 1, member, isDefinite);
  }

  private elements(
    at: number, step: Extract<PathStep, { op: 'index' | 'indexes' }>, node: JsonNode,
    isDefinite: boolean,
  ): boolean {
    if (node.kind !== 'array') return !isDefinite;
    let isWell = true;
    for (const index of step.numbers) {
      isWell = this.element(at, node.items, index, isDefinite && step.op === 'index') && isWell;
    }
    return isWell;
  }

  private slice(
    at: number, step: Extract<PathStep, { op: 'slice' }>, node: JsonNode, isDefinite: boolean,
  ): boolean {
    if (node.kind !== 'array') return !isDefinite;
    const { length } = node.items;
    let from = step.from ?? 0;
    let to = step.to ?? length;
    if (step.to === null && from < 0) from += length;
    if (step.from === null && to < 0) to += length;
    if (step.to === null || step.from === null) from = Math.max(from, 0);
    to = Math.min(to, length);
    for (let i = Math.max(from, -length); i < to; i++) this.element(at, node.items, i, false);
    return true;
  }

  private element(
    at: number, items: readonly JsonNode[], index: number, isDefinite: boolean,
  ): boolean {
    const item = items[index < 0 ? index + items.length : index];
    return item === undefined || this.step(at + 1, item, isDefinite);
  }

  private scan(at: number, node: JsonNode): void {
    if (this.takes(at, node)) this.step(at, node, false);
    for (const child of childrenOf(node)) this.scan(at, child);
  }

  /** Whether a scan stops at the node for the step behind it. */
  private takes(at: number, node: JsonNode): boolean {
    const step = this.steps[at];
    if (step?.op === 'property') return node.kind === 'object' && node.members.has(step.name);
    return step?.op === 'wildcard' || node.kind === 'array';
  }
}

function childrenOf(node: JsonNode): Iterable<JsonNode> {
  if (node.kind === 'array') return node.items;
  return node.kind === 'object' ? node.members.values() : [];
}
