/** IS JSON, JSON_EXISTS, JSON_VALUE, JSON_QUERY. */
import { type Column, setNull } from '../../batch/column.js';
import { HeapBuilder, textAt } from '../../batch/strings.js';
import { columnOf, type Value } from '../../batch/values.js';
import type { JsonPath } from '../json/compile-path.js';
import { type JsonNode, parseJson, writeJson } from '../json/document.js';
import { runPath } from '../json/path.js';
import {
  type CallSite, compiled, type KernelFamily, KernelError, type KernelFunction, ownNulls,
  stringOption,
} from '../kernel.js';
import { indexIn } from '../loop.js';

const SCALARS: ReadonlySet<string> = new Set([
  'null', 'true', 'false', 'integer', 'decimal', 'string',
]);

/** What a path led to: one value, or the array of all that was found. */
type Lookup =
  | { readonly outcome: 'failed' }
  | { readonly outcome: 'nothing' }
  | { readonly outcome: 'found'; readonly value: JsonNode };

function pathOf(site: CallSite): JsonPath {
  return site.options['path'] as unknown as JsonPath;
}

function lookUp(path: JsonPath, text: string): Lookup {
  const root = parseJson(text);
  if (root === undefined) return { outcome: path.mode === 'lax' ? 'nothing' : 'failed' };
  const found = runPath(path, root);
  if (found === undefined) return { outcome: 'failed' };
  if (!path.definite) return { outcome: 'found', value: { kind: 'array', items: found } };
  const [value] = found;
  return value === undefined || value.kind === 'null' ? { outcome: 'nothing' }
    : { outcome: 'found', value };
}

function isJson(holds: (node: JsonNode) => boolean): KernelFunction {
  return ([texts], selection, count, out) => {
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      const node = texts!.isNull(row) ? undefined : parseJson(textAt(texts!, row));
      out.values[row] = node !== undefined && holds(node) ? 1 : 0;
    }
  };
}

function compileExists(site: CallSite): KernelFunction {
  const path = pathOf(site);
  const onError = stringOption(site, 'on_error');
  return ([texts], selection, count, out) => {
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      const { outcome } = lookUp(path, textAt(texts!, row));
      if (outcome !== 'failed') out.values[row] = outcome === 'found' ? 1 : 0;
      else if (onError === 'error') {
        throw new KernelError('MR3006', 'JSON_EXISTS: no JSON, or nothing at the path', row);
      } else if (onError === 'unknown') setNull(out, row);
      else out.values[row] = onError === 'true' ? 1 : 0;
    }
  };
}

/** Puts one value in a row of the result. */
class ValueSink {
  private readonly heap = new HeapBuilder();

  constructor(private readonly out: Column) {}

  /** Whether the scalar is of the result's type. */
  putScalar(node: JsonNode, row: number): boolean {
    const { out } = this;
    switch (out.physical) {
      case 'string':
        this.putText('text' in node ? node.text : node.kind, row);
        return true;
      case 'bool':
        out.values[row] = node.kind === 'true' ? 1 : 0;
        return node.kind === 'true' || node.kind === 'false';
      case 'i32':
        if (node.kind !== 'integer') return false;
        out.values[row] = Number(node.text);
        return (Number(node.text) | 0) === Number(node.text);
      default:
        if (node.kind !== 'decimal') return false;
        out.values[row] = Number(node.text);
        return true;
    }
  }

  /** The default of a row, or NULL. */
  putDefault(from: Column, row: number): void {
    if (from.isNull(row)) setNull(this.out, row);
    else if (this.out.physical === 'string') this.putText(textAt(from, row), row);
    else this.out.values[row] = from.values[indexIn(from, row)]!;
  }

  private putText(text: string, row: number): void {
    this.out.starts[row] = this.heap.appendText(text);
    this.out.lengths[row] = this.heap.end - this.out.starts[row]!;
  }

  finish(): void {
    this.out.heap = this.heap.finish();
  }
}

/** JSON_VALUE(json, default on empty, default on error): NULL where there is no default. */
function compileValue(site: CallSite): KernelFunction {
  const path = pathOf(site);
  const isLax = path.mode === 'lax';
  const [onEmpty, onError] = [stringOption(site, 'on_empty'), stringOption(site, 'on_error')];
  const fail = (why: string, row: number): never => {
    throw new KernelError('MR3006', `JSON_VALUE: ${why}`, row);
  };
  return (columns, selection, count, out) => {
    const [texts, emptyDefault, errorDefault] = columns as readonly [Column, Column, Column];
    const sink = new ValueSink(out);
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      if (texts.isNull(row)) {
        setNull(out, row);
        continue;
      }
      const lookup = lookUp(path, textAt(texts, row));
      if (lookup.outcome === 'found' && SCALARS.has(lookup.value.kind)) {
        if (!sink.putScalar(lookup.value, row)) fail('the value is of another type', row);
      } else if (lookup.outcome !== 'failed' && isLax) {
        if (onEmpty === 'error') fail('no value at the path', row);
        sink.putDefault(emptyDefault, row);
      } else {
        if (onError === 'error') fail('no JSON, or no single value at the path', row);
        sink.putDefault(errorDefault, row);
      }
    }
    sink.finish();
  };
}

type Queried = { readonly value: JsonNode } | { readonly missing: 'empty' | 'error' };

function compileQuery(site: CallSite): (text: string) => Queried {
  const path = pathOf(site);
  const wrapper = stringOption(site, 'wrapper');
  const unusable: Queried = { missing: path.mode === 'lax' ? 'empty' : 'error' };
  return (text) => {
    const lookup = lookUp(path, text);
    if (lookup.outcome === 'failed') return { missing: 'error' };
    if (lookup.outcome === 'nothing') return unusable;
    const value: JsonNode = lookup.value;
    const wraps = wrapper === 'unconditional' ||
      (wrapper === 'conditional' && value.kind !== 'array');
    if (wraps) return { value: { kind: 'array', items: [value] } };
    return SCALARS.has(value.kind) ? unusable : { value };
  };
}

const FIXED: Readonly<Record<string, string>> = { 'empty-array': '[]', 'empty-object': '{}' };

/** Values by row from what `convert` makes of a query's result or of a behavior. */
function queryLoop(
  site: CallSite, convert: (value: JsonNode) => Value | undefined,
  otherwise: (behavior: string) => Value,
): KernelFunction {
  const query = compileQuery(site);
  const behaviors = {
    empty: stringOption(site, 'on_empty'), error: stringOption(site, 'on_error'),
  };
  return ([texts], selection, count, out) => {
    const values: Value[] = new Array<Value>(out.length).fill(null);
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      const queried = query(textAt(texts!, row));
      const value = 'value' in queried ? convert(queried.value) : undefined;
      if (value !== undefined) {
        values[row] = value;
        continue;
      }
      const behavior = behaviors['missing' in queried ? queried.missing : 'error'];
      if (behavior === 'error') {
        const detail = 'JSON_QUERY: no JSON, or no array or object at the path';
        throw new KernelError('MR3006', detail, row);
      }
      values[row] = otherwise(behavior);
    }
    assignValues(out, values);
  };
}

/** Takes over texts or lists of texts; rows that are NULL already stay so. */
function assignValues(out: Column, values: readonly Value[]): void {
  const made = columnOf(out.type, values);
  out.starts = made.starts;
  out.lengths = made.lengths;
  out.heap = made.heap;
  out.children = made.children;
  for (let row = 0; row < out.length; row++) if (made.isNull(row)) setNull(out, row);
}

/** An element of a JSON array as text, strings without quotes. */
function itemText(node: JsonNode): string | null {
  if (node.kind === 'null') return null;
  return node.kind === 'string' ? node.text : writeJson(node);
}

export const jsonKernels: KernelFamily = {
  is_json_value: ownNulls(() => isJson(() => true)),
  is_json_object: ownNulls(() => isJson((node) => node.kind === 'object')),
  is_json_array: ownNulls(() => isJson((node) => node.kind === 'array')),
  is_json_scalar: ownNulls(() => isJson((node) => SCALARS.has(node.kind))),
  json_exists: compiled(compileExists),
  json_value: ownNulls(compileValue),
  json_query: compiled((site) =>
    queryLoop(site, writeJson, (behavior) => FIXED[behavior] ?? null)),
  json_query_array: compiled((site) => queryLoop(
    site, (value) => (value.kind === 'array' ? value.items.map(itemText) : undefined),
    (behavior) => (behavior === 'empty-array' ? [] : null))),
};

