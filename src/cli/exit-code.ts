/** The exit code of each class of errors. */
import { MillraceError } from '../errors/index.js';

/** 0 fine; 1 the user's statement; 2 data or the world; 3 our own fault. */
export const EXIT_CODE = { ok: 0, user: 1, data: 2, internal: 3 } as const;

export function exitCodeOf(error: unknown): number {
  if (!(error instanceof MillraceError)) return EXIT_CODE.internal;
  switch (error.class) {
    case 'user': return EXIT_CODE.user;
    case 'data':
    case 'io': return EXIT_CODE.data;
    case 'internal': return EXIT_CODE.internal;
  }
}
