/** A stream script as a program of Flink's test connector, and its answer as script lines. */
import { typeToString } from '../../src/types/data-type.js';
import type { FlinkLine } from './flink.js';
import { planOf } from './stream-run.js';
import { KIND_SIGNS, type ScriptRow, type StreamScript } from './stream-script.js';

const FLINK_KINDS = ['+I', '-U', '+U', '-D'] as const;

/** The request: all rows at once, a watermark after each. */
export function flinkProgram(script: StreamScript): Readonly<Record<string, unknown>> {
  const schema = planOf(script).nodes.at(-1)!.schema;
  const settings = new Map(script.settings);
  return {
    // Window aggregations in two phases show it in floating sums alone.
    config: {
      ...(settings.has('table.exec.mini-batch.enabled') ? {}
        : { 'table.optimizer.agg-phase-strategy': 'ONE_PHASE' }),
      ...Object.fromEntries(settings),
    },
    sources: script.sources.map((source) => ({
      name: source.name,
      columns: splitColumns(source.columns),
      options: source.options,
      rows: rowsOf(script, source.name, columnTypes(source.columns)),
    })),
    sinks: [{
      name: 'sink_t',
      columns: script.sink === null
        ? schema.map((field, i) => `c${i} ${typeToString(field.type)}`)
        : splitColumns(script.sink),
    }],
    run: [{ sql: `INSERT INTO sink_t ${script.query}` }],
  };
}

function splitColumns(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i <= text.length; i++) {
    if (text[i] === '(') depth++;
    if (text[i] === ')') depth--;
    if (i === text.length || (text[i] === ',' && depth === 0)) {
      parts.push(text.slice(start, i).trim());
      start = i + 1;
    }
  }
  return parts;
}

function columnTypes(text: string): string[] {
  return splitColumns(text).filter((part) => !/^(WATERMARK|PRIMARY)/.test(part))
    .map((part) => part.slice(part.indexOf(' ') + 1));
}

function rowsOf(script: StreamScript, source: string, types: readonly string[]) {
  const rows = script.events.flatMap((event): readonly ScriptRow[] =>
    event.kind === 'push' && event.source === source ? event.rows : []);
  return rows.map((row) => [
    FLINK_KINDS[row.kind], row.values.map((token, i) => flinkValue(token, types[i]!)),
  ]);
}

function flinkValue(token: string | null, type: string): unknown {
  if (token === null) return null;
  if (/^(TINYINT|SMALLINT|INT|FLOAT|DOUBLE)/.test(type)) {
    return Number.isFinite(Number(token)) && !Object.is(Number(token), -0) ? Number(token) : token;
  }
  if (type.startsWith('BIGINT')) {
    return Number.isSafeInteger(Number(token)) ? Number(token) : token;
  }
  if (type.startsWith('BOOLEAN')) return token === 'true';
  if (/^TIMESTAMP_LTZ/.test(type) && /^\d{4}-/.test(token)) return `${token}Z`;
  const time = /^(-?[\d.]+)(ms|s)$/.exec(token);
  if (type.startsWith('TIMESTAMP') && time !== null) {
    const ms = Number(time[1]) * (time[2] === 's' ? 1000 : 1);
    return new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
  }
  return token;
}

/** The changelog of the answer as lines of a script. */
export function flinkLines(answer: readonly FlinkLine[]): string[] {
  const line = answer.find((one) => 'sinks' in one || 'error' in one);
  if (line === undefined || 'error' in line) throw new Error(JSON.stringify(line));
  const [sink] = line['sinks'] as readonly { readonly changelog: readonly string[] }[];
  return sink!.changelog.map(scriptLine);
}

/** `+I[a, null, 1970-01-01T00:00:10]` as `+ a . 10s`. */
function scriptLine(text: string): string {
  const kind = KIND_SIGNS[FLINK_KINDS.indexOf(text.slice(0, 2) as '+I')]!;
  const values = text.slice(3, -1).split(', ').map(tokenOf);
  return [kind, ...values].join(' ');
}

function tokenOf(value: string): string {
  if (value === 'null') return '.';
  if (/^\d{4}-\d\d-\d\dT/.test(value)) {
    const ms = Date.parse(value.endsWith('Z') ? value : `${value}Z`);
    if (Math.abs(ms) < 86_400_000) return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
    return new Date(ms).toISOString().replace(/(\.000)?Z$/, '');
  }
  return /[\s']/.test(value) ? `'${value}'` : value;
}

