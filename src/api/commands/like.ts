/** The LIKE and ILIKE of SHOW: % any text, _ one character, a backslash escapes. */
import type { ShowFilter } from '../../sql/ast/command.js';

export function showFilter(filter: ShowFilter | undefined): (name: string) => boolean {
  if (filter === undefined) return () => true;
  const pattern = [...filter.pattern.matchAll(/\\(.)|(%)|(_)|([^\\%_])/gsu)]
    .map(([, escaped, many, one, plain]) => {
      if (many !== undefined) return '.*';
      if (one !== undefined) return '.';
      return (escaped ?? plain ?? '').replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
    })
    .join('');
  const expression = new RegExp(`^${pattern}$`, filter.operator === 'ilike' ? 'isu' : 'su');
  return (name) => expression.test(name) !== filter.negated;
}
