/** The syntax tree of a regular expression. */
import type { PointSet } from './point-set.js';

export type RegexpNode =
  | { readonly kind: 'empty' }
  | { readonly kind: 'set'; readonly set: PointSet }
  | { readonly kind: 'sequence'; readonly parts: readonly RegexpNode[] }
  | { readonly kind: 'choice'; readonly parts: readonly RegexpNode[] }
  | { readonly kind: 'group'; readonly index: number; readonly inner: RegexpNode }
  | {
      readonly kind: 'repeat';
      readonly inner: RegexpNode;
      readonly least: number;
      /** Infinity for no bound. */
      readonly most: number;
      readonly lazy: boolean;
    }
  | { readonly kind: 'assert'; readonly what: Assertion }
  | { readonly kind: 'word-boundary'; readonly negated: boolean }
  | { readonly kind: 'reference'; readonly index: number }
  | { readonly kind: 'look'; readonly negated: boolean; readonly inner: RegexpNode }
  | { readonly kind: 'atomic'; readonly inner: RegexpNode };

/** Numbers of the assertions in programs: shared with native/kernels/regexp.h. */
export const ASSERTIONS = {
  start: 0, lineStart: 1, end: 2, lineEnd: 3, lastLineEnd: 4,
} as const;
export type Assertion = keyof typeof ASSERTIONS;

/** The text is no regular expression of Java: functions give NULL or FALSE for it. */
export class RegexpSyntaxError extends Error {}

/** It is one, but uses what is not supported here. */
export class RegexpUnsupportedError extends Error {}
