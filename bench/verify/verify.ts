/**
 * `npm run bench -- nexmark --verify`: every query on Flink and on both engines over the same
 * file, and again in each variant that must not show in the result.
 */
import { UnsupportedError, ValidationError } from '../../src/index.js';
import type { BenchQuery } from '../participants/participant.js';
import type { Digest } from './change-digest.js';
import { FlinkDigests } from './flink.js';
import { digestOf, type Engine } from './millrace.js';
import type { Variant } from './variants.js';

const ENGINES: readonly Engine[] = ['native', 'fallback'];

/** One engine in one variant; `trouble` says what is wrong, '' = equal to what it must equal. */
export interface Finding extends Digest {
  readonly query: string;
  readonly variant: string;
  readonly engine: string;
  readonly comparedWith: string;
  readonly trouble: string;
  /** How Flink's own runs of the same bytes differ; absent where they do not. */
  readonly flinkVaries?: string;
}

export interface Unsupported {
  readonly query: string;
  readonly reason: string;
}

export interface Verification {
  readonly findings: readonly Finding[];
  readonly unsupported: readonly Unsupported[];
}

export interface VerifyRequest {
  readonly events: number;
  readonly variants: readonly Variant[];
  readonly queries: readonly string[];
  /** `scanParallelism`: subtasks that read, unless as many as there are. */
  readonly queryFor: (name: string, variant: Variant, scanParallelism?: number) => BenchQuery;
  /** How often Flink runs each query; 0: not at all. */
  readonly flinkRuns: number;
  readonly progress: (line: string) => void;
}

export async function verify(request: VerifyRequest): Promise<Verification> {
  const flink = request.flinkRuns > 0 ? FlinkDigests.start() : null;
  if (flink === null) request.progress('Flink does not take part');
  const findings: Finding[] = [];
  const unsupported: Unsupported[] = [];
  try {
    for (const name of request.queries) {
      try {
        const found = await new QueryVerifier(name, request, flink).run();
        findings.push(...found);
        request.progress(lineOf(name, found));
      } catch (error) {
        if (!isRefusal(error)) throw error;
        const [reason = ''] = error.message.split('\n');
        unsupported.push({ query: name, reason });
        request.progress(`${name}: does not run: ${reason}`);
      }
    }
  } finally {
    await flink?.close();
  }
  return { findings, unsupported };
}

function lineOf(name: string, findings: readonly Finding[]): string {
  const troubles = findings.filter((one) => one.trouble !== '');
  const first = findings[0];
  const head = troubles.length > 0 ? `${name}: ${troubles.length} of ${findings.length} runs differ`
    : `${name}: equal in ${findings.length} runs, ${first?.rows} rows, ${first?.table}`;
  const varied = findings.filter((one) => one.flinkVaries !== undefined);
  return [
    head,
    ...troubles.map((one) => `  ${one.variant} ${one.engine}: ${one.trouble}`),
    ...varied.map((one) => `  ${one.variant}: Flink's own runs differ: ${one.flinkVaries}`),
  ].join('\n');
}

/** What a result must be equal to: each of Flink's runs has its own where they differ. */
interface Expected {
  readonly by: string;
  readonly digests: readonly Digest[];
}

class QueryVerifier {
  private readonly findings: Finding[] = [];
  /** What a variant is compared with: Flink's digest of its input, else the native engine's. */
  private readonly expected = new Map<string, Expected>();

  constructor(
    private readonly name: string,
    private readonly request: VerifyRequest,
    private readonly flink: FlinkDigests | null,
  ) {}

  async run(): Promise<readonly Finding[]> {
    for (const variant of this.request.variants) {
      const query = this.request.queryFor(this.name, variant);
      if (variant.hasLateRows === true && query.lateRowsVary === true) continue;
      await this.askFlink(query, variant);
      const readsInOrder = variant.readsInOrder === true || query.readsInOrder === true;
      const own = readsInOrder ? this.request.queryFor(this.name, variant, 1) : query;
      for (const engine of ENGINES) await this.check(own, engine, variant);
    }
    return this.findings;
  }

  private async askFlink(query: BenchQuery, variant: Variant): Promise<void> {
    const key = inputKey(variant);
    if (this.flink === null || query.flinkRefuses === true || this.expected.has(key)) return;
    const digests: Digest[] = [];
    for (let run = 0; run < this.request.flinkRuns; run++) {
      digests.push(await this.flink.digestOf(query));
    }
    this.expected.set(key, { by: 'flink', digests });
    const [first = NOTHING, ...others] = digests;
    const varies = others.map((other) => changedBetween(first, other)).find((told) => told !== '');
    this.note(variant, 'flink', first, '', '', varies);
  }

  private async check(query: BenchQuery, engine: Engine, variant: Variant): Promise<void> {
    const key = inputKey(variant);
    const expected = this.expected.get(key);
    try {
      const digest = await digestOf(query, engine, variant, this.request.events);
      if (expected === undefined) this.expected.set(key, { by: engine, digests: [digest] });
      const troubles = (expected?.digests ?? []).map((one) =>
        difference(query, variant, one, digest));
      const trouble = troubles.includes('') ? '' : troubles[0] ?? '';
      this.note(variant, engine, digest, expected?.by ?? '', trouble);
    } catch (error) {
      if (isRefusal(error)) throw error;
      const told = error instanceof Error ? error.message : String(error);
      this.note(variant, engine, NOTHING, expected?.by ?? '', told);
    }
  }

  private note(
    variant: Variant, engine: string, digest: Digest, comparedWith: string, trouble: string,
    flinkVaries?: string,
  ): void {
    const { name: query } = this;
    this.findings.push({
      query, variant: variant.name, engine, ...digest, comparedWith, trouble,
      ...(flinkVaries === undefined ? {} : { flinkVaries }),
    });
  }
}

const isRefusal = (error: unknown): error is UnsupportedError | ValidationError =>
  error instanceof UnsupportedError || error instanceof ValidationError;

const NOTHING: Digest = { changes: 0, rows: 0, table: '', order: '' };

/** Variants over the same rows have the same result. */
const inputKey = (variant: Variant): string => `${variant.input} ${variant.delay}`;

/** How two runs of one engine over the same rows differ; '' = in nothing. */
function changedBetween(one: Digest, other: Digest): string {
  if (one.table !== other.table) {
    return `${one.rows} rows ${one.table}, ${other.rows} rows ${other.table}`;
  }
  if (one.changes !== other.changes) return `${one.changes} changes, ${other.changes} changes`;
  return one.order === other.order ? '' : 'the order of the changes';
}

/** What is wrong with a result that must equal another; '' = nothing. */
export function difference(
  query: BenchQuery, variant: Variant, expected: Digest, actual: Digest,
): string {
  if (expected.table !== actual.table) {
    return `${actual.rows} rows ${actual.table}, not ${expected.rows} rows ${expected.table}`;
  }
  const areChangesFixed = variant.equality === 'changes' && query.equality !== 'table';
  if (areChangesFixed && expected.changes !== actual.changes) {
    return `${actual.changes} changes, not ${expected.changes}`;
  }
  if (areChangesFixed && query.equality === 'order' && expected.order !== actual.order) {
    return 'the same changes in another order';
  }
  return '';
}
