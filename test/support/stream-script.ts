/**
 * Stream scripts: a query, what is pushed into its sources, and what comes out. A script:
 *
 *     # about: a sentence about the behaviour
 *     set table.exec.state.ttl 5 s
 *     source s (k STRING, v BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
 *     changes s                     rows of s may be updates and deletes
 *     option s changelog-mode UA,D  an option of the table s
 *     sink k STRING PRIMARY KEY NOT ENFORCED, v BIGINT    the query goes into a table sink_t
 *     sequential                    rows must stay in order across keys: parallelism 1 only
 *     query SELECT k, SUM(v) FROM s GROUP BY k
 *     push s                        rows: kind (+ - U- U+) and values, one row a line
 *       + a 3 1s
 *                                   (of a looked up table: what it is from the start)
 *     emit                          the changes since the last `emit`, in order
 *       + a 3
 *     emit sorted                   the same in any order
 *     view                          the table that all changes so far add up to, in any order
 *     advance 5s                    the task clock
 *     recover                       snapshot, end, and go on from the snapshot
 *     finish                        the sources end
 *     stats lateRows 1              summed over the operators, since the last recovery
 *     error MR2103 text             planning or running fails so; ends the script
 *
 * Values: `.` is NULL; text bare or in single quotes; times as 10s, 250ms (after the epoch) or
 * 2020-01-01T00:00:05. `//` starts a comment. A line that starts with two spaces more than a
 * header continues the header.
 */
import { readFileSync } from 'node:fs';
import { javaText } from '../../src/batch/format.js';
import type { Value } from '../../src/batch/values.js';
import type { DataType } from '../../src/types/data-type.js';

export const KIND_SIGNS = ['+', 'U-', 'U+', '-'] as const;

export interface ScriptRow {
  /** Row kind byte. */
  readonly kind: number;
  readonly values: readonly (string | null)[];
}

export interface ScriptSource {
  readonly name: string;
  /** What stands between the parentheses. */
  readonly columns: string;
  /** Of the connector `values`. */
  readonly options: Readonly<Record<string, string>>;
}

export type ScriptEvent =
  | { readonly kind: 'push'; readonly source: string; readonly rows: readonly ScriptRow[] }
  | {
      readonly kind: 'emit'; readonly sorted: boolean; readonly lines: readonly string[];
      readonly line: number;
    }
  | { readonly kind: 'view'; readonly lines: readonly string[]; readonly line: number }
  | { readonly kind: 'advance'; readonly ms: number }
  | { readonly kind: 'recover' }
  | { readonly kind: 'finish' }
  | { readonly kind: 'stats'; readonly name: string; readonly value: number }
  | { readonly kind: 'error'; readonly code: string; readonly text: string };

export interface StreamScript {
  readonly path: string;
  readonly about: string;
  readonly settings: readonly (readonly [key: string, value: string])[];
  readonly sources: readonly ScriptSource[];
  /** Columns of a table that the query is inserted into; null: the query is collected. */
  readonly sink: string | null;
  readonly query: string;
  readonly isSequential: boolean;
  readonly events: readonly ScriptEvent[];
}

interface Line {
  readonly text: string;
  readonly number: number;
  readonly isIndented: boolean;
}

export function readScript(path: string): StreamScript {
  return parseScript(readFileSync(path, 'utf8'), path);
}

export function parseScript(text: string, path: string): StreamScript {
  const about = /^# about: (.+)$/m.exec(text)?.[1];
  if (about === undefined) throw new Error(`${path}: no "# about:" line`);
  const blocks = blocksOf(text);
  const settings: (readonly [string, string])[] = [];
  const sources: ScriptSource[] = [];
  const events: ScriptEvent[] = [];
  let query = '';
  let sink: string | null = null;
  let isSequential = false;
  for (const [head, ...body] of blocks) {
    const [word = '', ...rest] = head!.text.split(/\s+/);
    const whole = [head!, ...body].map((line) => line.text.trim()).join(' ');
    const tail = whole.slice(word.length).trim();
    if (word === 'set') settings.push([rest[0]!, rest.slice(1).join(' ')]);
    else if (word === 'source') sources.push(parseSource(tail, path));
    else if (word === 'changes') setOption(sources, tail, 'changelog-mode', 'I,UA,UB,D');
    else if (word === 'option') setOption(sources, rest[0]!, rest[1]!, rest.slice(2).join(' '));
    else if (word === 'sink') sink = tail;
    else if (word === 'query') query = tail;
    else if (word === 'sequential') isSequential = true;
    else events.push(parseEvent(word, rest, body, head!, path));
  }
  return { path, about, settings, sources, sink, query, isSequential, events };
}

/** Lines grouped under the line that is not indented. */
function blocksOf(text: string): Line[][] {
  const blocks: Line[][] = [];
  text.split('\n').forEach((raw, i) => {
    const line = raw.replace(/(^|\s)\/\/ .*$/, '');
    if (line.trim() === '' || line.startsWith('#')) return;
    const isIndented = /^\s/.test(line);
    const entry = { text: line.trim(), number: i + 1, isIndented };
    if (isIndented && blocks.length > 0) blocks.at(-1)!.push(entry);
    else blocks.push([entry]);
  });
  return blocks;
}

function parseSource(text: string, path: string): ScriptSource {
  const match = /^(\w+)\s*\((.*)\)$/.exec(text);
  if (match === null) throw new Error(`${path}: source ${text}`);
  return { name: match[1]!, columns: match[2]!, options: {} };
}

function setOption(sources: ScriptSource[], name: string, key: string, value: string): void {
  const at = sources.findIndex((source) => source.name === name);
  const source = sources[at]!;
  sources[at] = { ...source, options: { ...source.options, [key]: value } };
}

function parseEvent(
  word: string, rest: readonly string[], body: readonly Line[], head: Line, path: string,
): ScriptEvent {
  const lines = body.map((line) => line.text.replace(/\s+/g, ' '));
  switch (word) {
    case 'push':
      return { kind: 'push', source: rest[0]!, rows: lines.map(parseRow) };
    case 'emit':
      return { kind: 'emit', sorted: rest[0] === 'sorted', lines, line: head.number };
    case 'view':
      return { kind: 'view', lines, line: head.number };
    case 'advance':
      return { kind: 'advance', ms: millisOf(rest[0]!) };
    case 'recover':
    case 'finish':
      return { kind: word };
    case 'stats':
      return { kind: 'stats', name: rest[0]!, value: Number(rest[1]) };
    case 'error':
      return { kind: 'error', code: rest[0]!, text: rest.slice(1).join(' ') };
    default:
      throw new Error(`${path}:${head.number}: ${head.text}`);
  }
}

function parseRow(text: string): ScriptRow {
  const [sign = '', ...tokens] = text.match(/'(?:[^']|'')*'|\S+/g) ?? [];
  const kind = KIND_SIGNS.indexOf(sign as (typeof KIND_SIGNS)[number]);
  if (kind < 0) throw new Error(`row kind of: ${text}`);
  return { kind, values: tokens.map(unquoted) };
}

function unquoted(token: string): string | null {
  if (token === '.') return null;
  return token.startsWith("'") ? token.slice(1, -1).replaceAll("''", "'") : token;
}

function millisOf(token: string): number {
  const match = /^(-?[\d.]+)(ms|s)$/.exec(token);
  if (match !== null) return Math.round(Number(match[1]) * (match[2] === 's' ? 1000 : 1));
  const ms = Date.parse(`${token}Z`);
  if (Number.isNaN(ms)) throw new Error(`not a time: ${token}`);
  return ms;
}

/** The value that a token stands for in a column. */
export function scriptValue(token: string | null, type: DataType): Value {
  if (token === null) return null;
  switch (type.root) {
    case 'BOOLEAN':
      return token === 'true';
    case 'BIGINT':
      return BigInt(token);
    case 'DECIMAL': {
      const [whole = '0', fraction = ''] = token.split('.');
      return BigInt(whole + fraction.padEnd(type.scale ?? 0, '0'));
    }
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return BigInt(millisOf(token));
    case 'CHAR':
    case 'VARCHAR':
      return token;
    case 'DATE':
      return Math.round(Date.parse(token) / 86_400_000);
    default:
      return Number(token);
  }
}

const DAY_MS = 86_400_000;

/** A value as it stands in a script: the inverse of scriptValue. */
export function scriptText(value: Value, type: DataType): string {
  if (value === null) return '.';
  if (type.root === 'TIMESTAMP' || type.root === 'TIMESTAMP_LTZ') {
    const ms = Number(value);
    if (Math.abs(ms) < DAY_MS) return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
    return new Date(ms).toISOString().replace(/(\.000)?Z$/, '');
  }
  const text = javaText(value, type);
  return type.root === 'VARCHAR' && /^$|[\s']|^\.$/.test(text)
    ? `'${text.replaceAll("'", "''")}'` : text;
}
