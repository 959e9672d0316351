/**
 * Result lines of a script (from Flink or from `millrace run --format json`) brought to a form in
 * which equal results are equal: without times, causes and error texts; changes sorted where
 * their order is free.
 */
export type Line = Readonly<Record<string, unknown>>;

export interface StatementOutcome {
  readonly statement: string;
  /** SET, DDL, QUERY, INSERT, or `error`. */
  readonly kind: string;
  readonly schema: unknown;
  /** `+I [1,"a"]`, in order of arrival. */
  readonly changes: readonly string[];
  readonly rows: number;
  readonly hash: string;
  /** Our own or Flink's text; never compared. */
  readonly error: string | null;
}

export function outcomesOf(lines: readonly Line[]): StatementOutcome[] {
  const outcomes: StatementOutcome[] = [];
  let changes: string[] = [];
  let schema: unknown = null;
  for (const line of lines) {
    if ('schema' in line) schema = line['schema'];
    else if ('op' in line) changes.push(`${String(line['op'])} ${JSON.stringify(line['row'])}`);
    else if ('hash' in line) {
      const last = outcomes.pop();
      if (last !== undefined) {
        const { rows, hash } = line as { rows: number; hash: string };
        outcomes.push({ ...last, schema, changes, rows, hash });
      }
    } else if ('statement' in line) {
      changes = [];
      schema = null;
      const failed = 'error' in line;
      if (failed && isOpen(outcomes.at(-1), line)) outcomes.pop();
      outcomes.push({
        statement: String(line['statement']), kind: failed ? 'error' : String(line['kind']),
        schema: null, changes: [], rows: 0, hash: '',
        error: failed ? String(line['error']) : null,
      });
    }
  }
  return outcomes;
}

/** A query that had begun before it failed. */
function isOpen(last: StatementOutcome | undefined, line: Line): boolean {
  return last?.kind === 'QUERY' && last.hash === '' && last.statement === line['statement'];
}

/** The changes in a fixed order; the entries of a MAP or MULTISET have none of their own. */
function ordered({ changes, schema }: StatementOutcome): readonly string[] {
  const types = ((schema ?? []) as readonly (readonly [string, string])[]).map(([, type]) => type);
  if (!types.some((type) => /^(MAP|MULTISET)</.test(type))) return [...changes].sort();
  return changes.map((change) => {
    const row = JSON.parse(change.slice(3)) as readonly unknown[];
    const sorted = row.map((value, i) => (Array.isArray(value) && /^(MAP|MULTISET)</.test(types[i]!)
      ? value.map((entry) => JSON.stringify(entry)).sort() : value));
    return `${change.slice(0, 3)}${JSON.stringify(sorted)}`;
  }).sort();
}

/** Null where two outcomes are the same table with the same number of changes. */
export function difference(a: StatementOutcome, b: StatementOutcome): string | null {
  if (a.kind !== b.kind) return `${a.kind} ${a.error ?? ''} against ${b.kind} ${b.error ?? ''}`;
  if (JSON.stringify(a.schema) !== JSON.stringify(b.schema)) {
    return `schema ${JSON.stringify(a.schema)} against ${JSON.stringify(b.schema)}`;
  }
  const [left, right] = [ordered(a), ordered(b)];
  const at = left.findIndex((change, i) => change !== right[i]);
  if (at >= 0 || left.length !== right.length) {
    const place = at < 0 ? left.length : at;
    return `change ${left[place] ?? 'none'} against ${right[place] ?? 'none'} ` +
      `(${left.length} against ${right.length} changes)`;
  }
  return a.hash === b.hash ? null : `hash ${a.hash} against ${b.hash}`;
}
