/**
 * The row pattern of MATCH_RECOGNIZE: variables one after the other, each with its quantifier.
 * What Flink's CEP has no way for is refused here, by name.
 */
import { fail, type Position } from '../../errors/index.js';
import type { Pattern, PatternQuantifier, PatternVariable } from '../../sql/ast/table.js';
import type { PatternPart } from '../logical/node.js';

/** Most states a pattern may be compiled to: {n,m} makes one for each repetition. */
const MAX_PATTERN_STATES = 10_000;

/** The pattern from left to right. */
export function bindPattern(pattern: Pattern): readonly PatternPart[] {
  const parts: PatternPart[] = [];
  for (const [variable, quantifier] of sequence(pattern)) {
    const { name } = variable.variable;
    if (parts.some((one) => one.name === name)) {
      fail('MR2100', { feature: `pattern variable ${name} used twice` },
        { position: variable.position });
    }
    const part = quantified(name, quantifier);
    if (part.optional && isGreedy(parts.at(-1)) && isWrittenOptional(quantifier)) {
      refuse('an optional pattern variable behind a greedy one', pattern.position);
    }
    parts.push(part);
  }
  checkWhole(parts, pattern.position);
  return parts;
}

type Quantified = readonly [variable: PatternVariable, quantifier: PatternQuantifier | undefined];

function sequence(pattern: Pattern): readonly Quantified[] {
  switch (pattern.kind) {
    case 'pattern-variable':
      return [[pattern, undefined]];
    case 'pattern-sequence':
      return pattern.items.flatMap(sequence);
    case 'pattern-quantifier':
      if (pattern.item.kind === 'pattern-variable') return [[pattern.item, pattern]];
      return refuse('a quantifier behind a group of pattern variables', pattern.position);
    case 'pattern-alternation':
      return refuse('alternation (|) in PATTERN', pattern.position);
    case 'pattern-permute':
      return refuse('PERMUTE in PATTERN', pattern.position);
    case 'pattern-exclusion':
      return refuse('exclusion ({- -}) in PATTERN', pattern.position);
  }
}

function refuse(feature: string, position: Position): never {
  return fail('MR2100', { feature }, { position });
}

const ONCE = { loops: false, from: 1, to: 1, optional: false, greedy: false };

function quantified(name: string, quantifier: PatternQuantifier | undefined): PatternPart {
  if (quantifier === undefined) return { name, ...ONCE };
  const { low, high, reluctant, position } = quantifier;
  if (low === 0 && high === 1) {
    return reluctant ? refuse('a reluctant optional pattern variable', position)
      : { name, ...ONCE, optional: true };
  }
  const from = Math.max(low, 1);
  const to = high ?? from;
  if (to < from) {
    const detail = `a quantifier ends below its begin: {${low},${high}}`;
    fail('MR2022', { detail }, { position });
  }
  if (to > MAX_PATTERN_STATES) refuse(`more than ${MAX_PATTERN_STATES} repetitions`, position);
  const greedy = !reluctant && low !== high;
  return { name, loops: high === undefined, from, to, optional: low === 0, greedy };
}

const isGreedy = (part: PatternPart | undefined): boolean => part?.greedy === true;

/** `*` and `?`; {0,n} passes, as in Flink. */
function isWrittenOptional(quantifier: PatternQuantifier | undefined): boolean {
  return quantifier?.high === undefined || quantifier.high === 1;
}

function checkWhole(parts: readonly PatternPart[], position: Position): void {
  const states = parts.reduce((sum, part) => sum + part.to + 1, 1);
  if (states > MAX_PATTERN_STATES) refuse(`a pattern of ${states} states`, position);
  if (parts.every((part) => part.optional)) refuse('a pattern that may match no row', position);
  if (isGreedy(parts.at(-1))) {
    refuse('a greedy quantifier at the end of PATTERN', position);
  }
}
